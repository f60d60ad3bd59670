"""The sentence that is quoted beside a figure: whole, and no more than one."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_scripts.pages import Handbook, load_handbook

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def handbook() -> Handbook:
    return load_handbook(ROOT / "docs")


@pytest.mark.parametrize(
    ("policy", "figure", "quote"),
    [
        (
            "online-store-service",
            "shifts[1]",
            (
                "上班时间正常白班 8:00-12:00 14:00-18:00 客服值班 <mark>12:30-14:00 18:30-21:30</mark>"
                "（工作日在正常白班以外要值班的时间）周末值班 8:00-21:30"
                "（到下班点还有客户咨询的，接待工作自动顺延"
            ),
        ),
        (
            "call-centre",
            "manned[0]",
            "周一到周五每天<mark>9：30—11：30</mark>和13：00—17：00，坐席上的人必须守在岗位，回答客户的咨询",
        ),
        ("rd-grades", "bands[1]", " <mark>3~9级</mark>"),
    ],
)
def test_a_quote_ends_with_its_sentence_and_not_inside_a_time_of_day(
    handbook: Handbook, policy: str, figure: str, quote: str
) -> None:
    (found,) = [each for each in handbook.traces if (each.policy, each.figure) == (policy, figure)]
    assert handbook.quote(found) == quote


def test_what_stands_beside_an_answer_is_not_what_it_was_computed_from(handbook: Handbook) -> None:
    for calculator in handbook.calculators:
        assert not set(calculator.figures) & set(calculator.facts)
    (shift,) = [each for each in handbook.traces if each.figure == "shifts[0]"]
    assert [each.id for each in handbook.calculators_using(shift)] == ["conduct-fine"]
