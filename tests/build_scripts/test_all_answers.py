"""The table of all answers: complete, true at both ends of each row, and only where there are few."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

import policy_core
from build_scripts.all_answers import MOST_ROWS, all_answers, few
from build_scripts.pages import ClauseLink
from policy_core import Calculator, calculate
from policy_core._exact import exact

FAR = 1_000_000
FEW = [each for each in policy_core.calculators() if few(each)]


def link(clause_id: str, /, *, since: str = "") -> ClauseLink:
    return ClauseLink(label=clause_id, href=f"policies/{clause_id}/{since}", words="")


@pytest.mark.parametrize("calculator", FEW, ids=[each.id for each in FEW])
def test_each_row_tells_the_answer_at_both_ends_and_no_value_is_left_out(
    calculator: Calculator,
) -> None:
    (number,) = (each.name for each in calculator.fields if each.kind == "integer")
    after = 0
    for each in few(calculator):
        start, end = each["inputs"][number]
        assert start == after
        for value in (start, min(end, start + 1), end):
            inputs = {**each["inputs"], number: value}
            assert calculate(calculator.id, inputs).outcome == each["outcome"]
        after = end + 1
    assert after == FAR + 1


def test_the_grades_stand_in_the_readers_words() -> None:
    found = all_answers(policy_core.calculator("grade-benefits"), link)
    assert found is not None
    assert found.heads == ("级别", "结果", "福利比照", "独立开发项目", "每年的培训补贴")
    assert found.rows[3] == ("10–14 级", "中级工程师", "公司主管级", "可以", "1000–2000 元")
    assert found.rows[-1][:2] == ("25 级及以上", "技术专家")


@pytest.mark.parametrize("calculator", ["conduct-fine", "seat-check", "service-eligibility"])
def test_where_not_every_value_has_a_row_there_is_no_table(calculator: str) -> None:
    assert all_answers(policy_core.calculator(calculator), link) is None


def test_choices_alone_have_a_row_for_each_combination_that_goes_together() -> None:
    order = policy_core.calculator("order-error")
    chosen = tuple(each for each in order.fields if each.kind == "choice")
    rows = few(replace(order, fields=chosen))
    assert len(rows) == 2 * 4 <= MOST_ROWS
    for each in rows:
        assert calculate("order-error", each["inputs"]).outcome == each["outcome"]


def test_a_number_with_steps_between_two_bounds_ends_at_its_bound() -> None:
    grade = policy_core.calculator("grade-benefits")
    bounded = replace(grade, fields=(replace(grade.fields[0], maximum=Fraction(11)),))
    rows = few(bounded)
    assert [each["inputs"]["grade"] for each in rows][-1] == [10, exact(11)]
    assert not rows[-1]["open"]
