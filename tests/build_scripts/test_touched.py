"""The examples of the doubts: readings that do differ, nothing that could be smaller, shares recounted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import policy_core
from build_scripts.pages import load_handbook
from build_scripts.touched import Asked, Touched, all_touched, examples, plain_grid, size
from policy_core import InputErrors, calculate

ROOT = Path(__file__).resolve().parent.parent.parent
TOUCHED = all_touched()
# Readings that the contract makes no outcome of: both read the same input.
SAME_EITHER_WAY = {("service-ladder", "pass-or-fail")}


def others(calculator: str, finding: str, inputs: Mapping[str, Any]) -> list[Mapping[str, object]]:
    """Give the outcomes under the readings that change this answer."""
    try:
        used = calculate(calculator, inputs).findings
    except InputErrors:
        return []
    return [outcome for each in used if each.finding.id == finding for _, outcome in each.others]


def test_every_doubt_with_readings_has_an_example_or_is_known_to_change_nothing() -> None:
    found = {
        (policy_core.calculator(each.calculator).policy, each.finding)
        for each in TOUCHED if each.outcomes
    }  # fmt: skip
    wanted = {
        (policy.id, finding.id)
        for policy in policy_core.policies() for finding in policy.findings if finding.readings
    }  # fmt: skip
    assert wanted - found == SAME_EITHER_WAY


@pytest.mark.parametrize(
    "each", [each for each in TOUCHED if each.outcomes], ids=lambda each: each.finding
)
def test_the_readings_differ_and_no_single_number_can_be_smaller(each: Touched) -> None:
    asked = Asked(policy_core.calculator(each.calculator))
    own = calculate(each.calculator, each.inputs).outcome
    assert each.outcomes[0] == own
    assert others(each.calculator, each.finding, each.inputs)
    assert any(outcome != own for outcome in each.outcomes[1:])
    for name, value in each.inputs.items():
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            smaller = {**each.inputs, name: value - 1}
            assert each.finding not in (asked.differing(smaller) or {})


def test_the_share_is_that_of_the_grid() -> None:
    calculator = policy_core.calculator("initial-grade")
    share = next(
        each.share
        for each in TOUCHED
        if each.calculator == calculator.id and each.finding == "experience-overlap"
    )
    answers = list(plain_grid(calculator.fields))
    eight = [each for each in answers if each["years"] == 8]
    assert share == round(100 * len(eight) / len(answers), 1)


def test_the_sizes_go_by_how_much_is_said_then_by_the_numbers() -> None:
    ordered: list[Any] = [{}, {"a": 1}, {"a": 2}, {"a": -3}, {"a": 0, "b": 0}, {"a": [1, 2, 3]}]
    assert sorted(ordered, key=size) == ordered


def test_the_examples_are_said_in_the_reader_s_words() -> None:
    handbook = load_handbook(ROOT / "docs")
    found = examples(lambda clause, since="": handbook.link(clause, "../", since))
    example = found["rd-grades", "experience-overlap"]
    assert example.inputs == "学历 本科，工作经验 8 年，技能水平 0 级"
    assert example.outcomes == ("定 4 级 工程师，工作经验 3 级", "定 3 级 工程师，工作经验 2 级")
    assert example.fragment == "education=bachelor&years=8&skill=0"
    assert all("undefined" not in text and text for each in found.values() for text in texts(each))


def texts(example: Any) -> Iterator[str]:  # noqa: ANN401
    yield example.inputs
    yield from example.outcomes
