"""Numbers as texts print them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.numerals import find_numbers, parse_numeral


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("三百零五", 305), ("一千二百五十九", 1259),
        ("一万二千", 12000), ("两千二百", 2200), ("二〇二四", 2024), ("壹拾贰", 12), ("廿三", 23), ("零", 0),
        ("12", 12), ("１２", 12), ("IV", 4), ("xii", 12), ("Ⅳ", 4), ("ⅸ", 9), ("①", 1), ("⑳", 20), ("⑴", 1),
        ("㈩", 10), ("㊂", 3),
        ("", None), ("甲", None), ("十百", None), ("一十二三", None), ("IIII", None), ("VX", None),
        ("1.5", None), ("万", None), ("1" * 30, None),
    ],
)  # fmt: skip
def test_numerals_of_lists(printed: str, number: int | None) -> None:
    assert parse_numeral(printed) == number


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("占40%左右", [("40", 40)]),
        ("百分之四十", [("百分之四十", 40)]),
        ("三分之一", [("三分之一", Fraction(1, 3))]),
        ("2200元，600-1000元", [("2200", 2200), ("600", 600), ("1000", 1000)]),
        ("１５秒", [("１５", 15)]),
        ("0.5点、1.5倍", [("0.5", Fraction(1, 2)), ("1.5", Fraction(3, 2))]),
        ("连续三次，二周，十二个月", [("三", 3), ("二", 2), ("十二", 12)]),
        ("1,000元和5万元", [("1,000", 1000), ("5万", 50000)]),
        ("一点五倍", [("一点五", Fraction(3, 2))]),
        ("十点三十分", [("十", 10), ("三十", 30)]),
        ("第十条之一", [("十", 10), ("一", 1)]),
        ("没有数", []),
    ],
)
def test_numbers_in_words(text: str, found: list[tuple[str, int | Fraction]]) -> None:
    assert [(number.printed, number.value) for number in find_numbers(text)] == found


@settings(deadline=None)
@given(st.text(alphabet="0123456789０.．,%一二十百千万亿分之点零两廿 甲", max_size=200))
def test_numbers_stand_where_they_say(text: str) -> None:
    end = 0
    for number in find_numbers(text):
        assert text[number.start : number.end] == number.printed
        assert number.start >= end
        assert number.value >= 0
        end = number.end


def test_endless_digits_are_no_error() -> None:
    assert find_numbers("1" * 10_000)
    assert find_numbers("一" * 10_000 + "点" + "一" * 10_000) is not None
