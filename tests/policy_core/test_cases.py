"""The tables of cases, in CPython: through the function, and through the door for JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policy_core import InputErrors, calculate
from policy_core._browser import answer
from tests.cases import Case, load_cases

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_answer_is_the_table_s(case: Case) -> None:
    if case.errors:
        with pytest.raises(InputErrors) as caught:
            calculate(case.calculator, case.input)
        lines = [
            f"{each.field}｜{each.message}｜{each.clause or ''}" for each in caught.value.problems
        ]
        assert lines == list(case.told)
        return
    given = calculate(case.calculator, case.input).to_json()
    assert part_of(given["outcome"], case.outcome) == case.outcome
    shown = {
        each["id"]: {other["reading"]: other["outcome"] for other in each["others"]}
        for each in given["findings"]
    }
    for finding, readings in case.findings.items():
        assert part_of(shown.get(finding, {}), readings) == readings
    silent = {finding for finding, others in shown.items() if others} - set(case.findings)
    assert not case.findings or not silent, f"readings that the case does not name: {silent}"


@pytest.mark.parametrize("case", [each for each in CASES if each.steps], ids=str)
def test_the_working_is_told_line_by_line(case: Case) -> None:
    steps = calculate(case.calculator, case.input).to_json()["steps"]
    lines = [
        f"{each['label']}｜{each['expression']}｜{printed(each['value'])}{each['unit']}｜{each['clause']}"
        for each in steps
    ]
    assert lines == list(case.steps)


def printed(value: object) -> str:
    """Print a step's value as the tables do: words as they are, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def part_of(whole: Any, wanted: Any) -> Any:  # noqa: ANN401
    """Keep of an outcome what the case is about."""
    if isinstance(wanted, dict) and isinstance(whole, dict):
        return {key: part_of(whole.get(key), value) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(whole, list) and len(wanted) == len(whole):
        return [part_of(*each) for each in zip(whole, wanted, strict=True)]
    return whole


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_door_for_json_gives_the_same(case: Case) -> None:
    request = {"call": "calculate", "calculator": case.calculator, "inputs": case.input}
    given = json.loads(answer(json.dumps(request)))
    try:
        wanted = calculate(case.calculator, case.input).to_json()
    except InputErrors as errors:
        wanted = dict(errors.to_json())
    assert given == wanted


@pytest.mark.parametrize("case", [each for each in CASES if not each.errors], ids=str)
def test_the_outcome_alone_is_the_same(case: Case) -> None:
    alone = calculate(case.calculator, case.input, outcome_only=True)
    assert alone.outcome == calculate(case.calculator, case.input).outcome
    assert (alone.steps, alone.findings) == ((), ())
