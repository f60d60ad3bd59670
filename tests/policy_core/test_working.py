"""What a step prints: brackets where a reader needs them, and every value as it is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from policy_core._versions import parse_policy
from policy_core._working import Traced, Working, to_json

EMPTY = parse_policy("x", "[[version]]\neffective = 2024-01-01\n")


def working(*, trace: bool) -> Working:
    return Working(EMPTY, EMPTY.versions[0], {}, trace=trace)


def number(printed: str) -> Any:  # noqa: ANN401 - typed as the number it stands for
    return working(trace=True).number(Fraction(printed))


TWO, THREE, HALF, LESS = number("2"), number("3"), number("0.5"), number("-4")
ALIKE = number("3")


@pytest.mark.parametrize(
    ("make", "text", "value"),
    [
        (lambda: 2 + THREE, "2 + 3", 5),
        (lambda: 2 - THREE, "2 − 3", -1),
        (lambda: 2 * THREE, "2 × 3", 6),
        (lambda: 1 / HALF, "1 ÷ 0.5", 2),
        (lambda: 7 // THREE, "取整(7 ÷ 3)", 2),
        (lambda: THREE + LESS, "3 − 4", -1),
        (lambda: THREE - LESS, "3 − (−4)", 7),
        (lambda: LESS + THREE, "−4 + 3", -1),
        (lambda: THREE * LESS, "3 × (−4)", -12),
        (lambda: LESS * THREE, "(−4) × 3", -12),
        (lambda: THREE * number("0"), "3 × 0", 0),
        (lambda: LESS / TWO, "(−4) ÷ 2", -2),
        (lambda: TWO / LESS, "2 ÷ (−4)", Fraction(-1, 2)),
        (lambda: LESS // THREE, "取整((−4) ÷ 3)", -2),
        (lambda: THREE - (HALF + 1), "3 − (0.5 + 1)", Fraction(3, 2)),
        (lambda: THREE - (HALF - 1), "3 − (0.5 − 1)", Fraction(7, 2)),
        (lambda: THREE - TWO * HALF, "3 − 2 × 0.5", 2),
        (lambda: THREE + HALF + 1, "3 + 0.5 + 1", Fraction(9, 2)),
        (lambda: (THREE + HALF) * 2, "(3 + 0.5) × 2", 7),
        (lambda: 2 * (THREE + HALF), "2 × (3 + 0.5)", 7),
        (lambda: TWO * THREE * HALF, "2 × 3 × 0.5", 3),
        (lambda: TWO * (THREE * HALF), "2 × (3 × 0.5)", 3),
        (lambda: TWO / (THREE * HALF), "2 ÷ (3 × 0.5)", Fraction(4, 3)),
        (lambda: TWO * (THREE / HALF), "2 × (3 ÷ 0.5)", 12),
        (lambda: TWO / (THREE / HALF), "2 ÷ (3 ÷ 0.5)", Fraction(1, 3)),
        (lambda: (TWO + THREE) / (HALF + 1), "(2 + 3) ÷ (0.5 + 1)", Fraction(10, 3)),
        (lambda: TWO * THREE // (HALF + 1), "取整(2 × 3 ÷ (0.5 + 1))", 4),
        (lambda: (TWO + THREE) // HALF, "取整((2 + 3) ÷ 0.5)", 10),
        (lambda: THREE // TWO * 2, "取整(3 ÷ 2) × 2", 2),
        (lambda: sum([THREE, HALF]), "3 + 0.5", Fraction(7, 2)),
        (lambda: 0 + THREE, "3", 3),
        (lambda: number("0.005"), "0.005", Fraction(1, 200)),
        (lambda: number("-0.005") * TWO, "(−0.005) × 2", Fraction(-1, 100)),
        (lambda: number("12.3456"), "12.3456", Fraction("12.3456")),
        (lambda: number("0.25"), "0.25", Fraction(1, 4)),
        (lambda: working(trace=True).percent(number("40")) * THREE, "40% × 3", Fraction(6, 5)),
        (lambda: working(trace=True).percent(THREE + TWO), "(3 + 2)%", Fraction(1, 20)),
    ],
)
def test_an_expression_is_printed_as_a_person_writes_it(
    make: Callable[[], Any], text: str, value: Fraction
) -> None:
    made = make()
    assert (made.text, made.value) == (text, value)


@pytest.mark.parametrize(
    ("make", "text", "holds"),
    [
        (lambda: THREE > HALF, "3 > 0.5", True),
        (lambda: THREE > ALIKE, "3 > 3", False),
        (lambda: THREE >= 3, "3 ≥ 3", True),
        (lambda: TWO >= THREE, "2 ≥ 3", False),
        (lambda: HALF < THREE, "0.5 < 3", True),
        (lambda: THREE < 3, "3 < 3", False),
        (lambda: THREE <= ALIKE, "3 ≤ 3", True),
        (lambda: THREE + HALF <= TWO, "3 + 0.5 ≤ 2", False),
    ],
)
def test_a_comparison_says_what_it_compares(
    make: Callable[[], Any], text: str, holds: bool
) -> None:
    made = make()
    assert (made.text, bool(made), to_json(made)) == (text, holds, holds)


def test_a_traced_number_is_the_number_that_it_is() -> None:
    assert Traced(Fraction(3), "1 + 2") == THREE
    assert THREE != TWO
    assert hash(THREE) == hash(Fraction(3))
    assert len({THREE, ALIKE, TWO}) == 2


def test_a_rule_gives_only_what_json_has() -> None:
    made = {"a": None, "b": [True, "c", 4], 5: (Fraction(2, 3), THREE / 8), "d": THREE > TWO}
    assert to_json(made) == {"a": None, "b": [True, "c", 4], "5": [0.67, 0.38], "d": True}
    with pytest.raises(TypeError, match=r"^a rule gave a object$"):
        to_json(object())


def test_entries_are_listed_only_where_the_working_is_printed() -> None:
    entries = [THREE, "A", Fraction(7, 3)]
    assert working(trace=True).listed(entries) == "3、A、2.33"
    assert working(trace=True).listed([]) == "没有"
    assert working(trace=False).listed(entries) == ""


def test_entries_are_counted_in_all_and_in_a_row() -> None:
    count = working(trace=False).how_often
    marks = ["A", "B", "A", "A", "B"]
    assert (count(marks, "A".__eq__), count(marks, "A".__eq__, running=True)) == (3, 2)
    assert (count(marks, "C".__eq__), count(marks, "C".__eq__, running=True)) == (0, 0)
    assert count([], "A".__eq__, running=True) == 0


@pytest.mark.parametrize(
    ("count", "kept"), [(0, []), (1, [9]), (2, [8, 9]), (3, [7, 8, 9]), (4, [7, 8, 9])]
)
def test_the_latest_entries_are_the_last_ones(count: int, kept: list[int]) -> None:
    assert working(trace=False).latest([7, 8, 9], Fraction(count)) == kept


def test_a_step_that_two_places_hold_goes_on_as_its_value() -> None:
    its = working(trace=True)
    its.about("王芳")
    half: Any = its.step("一半", THREE / TWO, "分", "1")
    third: Any = its.step("三分之一", TWO / THREE, "分", "1.2")
    # 0.3 is held too, though no binary fraction is 0.3.
    tenths: Any = its.step("三成", THREE / 10, "分", "1.3")
    assert (half.text, third.text, tenths.text) == ("1.5", "2 ÷ 3", "0.3")
    assert [each.to_json() for each in its.steps] == [
        {"label": "王芳，一半", "expression": "3 ÷ 2", "value": 1.5, "unit": "分", "clause": "x:1"},
        {
            "label": "王芳，三分之一",
            "expression": "2 ÷ 3",
            "value": 0.67,
            "unit": "分",
            "clause": "x:1.2",
        },
        {
            "label": "王芳，三成",
            "expression": "3 ÷ 10",
            "value": 0.3,
            "unit": "分",
            "clause": "x:1.3",
        },
    ]


@pytest.mark.parametrize("number", [7, Fraction(7)])
@pytest.mark.parametrize("by", [3, Fraction(3)])
def test_whole_numbers_are_divided_exactly_too(number: Any, by: Any) -> None:  # noqa: ANN401
    assert working(trace=False).divided(number, by) == Fraction(7, 3)


def test_a_number_alone_has_no_expression_any_more() -> None:
    its: Any = working(trace=True)
    assert its.alone(THREE * TWO).text == "6"
