"""Every threshold: one below, at it, one above; and the bounds of every number that a calculator takes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policy_core import Field, InputErrors, calculate, calculators
from policy_core import calculator as calculator_of
from tests.cases import load_cases, nulled
from tests.policy_core.engineers import FIXED, JUDGED

TABLE = tomllib.loads(
    (Path(__file__).parent / "boundaries.toml").read_text(encoding="utf-8"), parse_float=Decimal
)["boundary"]


def at(value: Any, path: str) -> Any:  # noqa: ANN401 - JSON
    """Look a value up by its path, such as `conditions.2.met`; what is under nothing is nothing."""
    for name in path.split("."):
        if value is None:
            return None
        value = value[int(name)] if name.isdigit() else value[name]
    return value


def known(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Take numbers as JSON prints them."""
    if isinstance(value, dict):
        return {name: known(each) for name, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize(
    ("row", "value", "gives"),
    [
        (row, value, gives)
        for row in TABLE
        for value, gives in zip(row["values"], row["gives"], strict=True)
    ],
    ids=lambda each: (
        f"{each['calculator']} {each['clause']}" if "vary" in str(each) else str(each)[:60]
    ),
)
def test_a_threshold_one_below_at_it_and_one_above(
    row: Mapping[str, Any], value: object, gives: object
) -> None:
    inputs = {**row["input"], row["vary"]: value}
    if gives == "error":
        with pytest.raises(InputErrors) as caught:
            calculate(row["calculator"], inputs)
        (problem,) = caught.value.problems
        assert problem.field.startswith(row["vary"])
        assert str(problem.clause).endswith(f":{row['clause']}")
        return
    outcome = calculate(row["calculator"], inputs).to_json()["outcome"]
    assert at(outcome, row["outcome"]) == known(nulled(gives))


def test_every_calculator_with_a_threshold_is_in_the_table() -> None:
    without = {
        "candidate-score",
        "candidate-ranking",
        "order-error",
    }  # weights and cases, no threshold
    assert {row["calculator"] for row in TABLE} == {each.id for each in calculators()} - without


@pytest.mark.parametrize("kind", sorted(JUDGED))
def test_judged_points_at_both_ends_of_their_range(kind: str) -> None:
    sign, low, high = JUDGED[kind]
    least = low if high is not None else Decimal("0.01")
    ends = [least] if high is None else [least, high]
    for points in ends:
        outcome = calculate("contribution-points", {"events": [{"kind": kind, "points": points}]})
        assert outcome.outcome["total"] == sign * float(points)
    for points in [least - Decimal("0.01"), *([] if high is None else [high + Decimal("0.01")])]:
        with pytest.raises(InputErrors) as caught:
            calculate("contribution-points", {"events": [{"kind": kind, "points": points}]})
        (problem,) = caught.value.problems
        assert problem.field == "events[0].points"


@pytest.mark.parametrize("kind", sorted(FIXED))
def test_fixed_points_are_those_of_the_contract(kind: str) -> None:
    found = calculate("contribution-points", {"events": [{"kind": kind}]}).outcome["total"]
    assert found == float(FIXED[kind])


def bounds(fields: tuple[Field, ...]) -> Iterator[tuple[Field, Any, bool]]:
    """Give each number at its ends and just beyond them, with whether it is taken."""
    for each in fields:
        if each.kind in {"number", "integer"}:
            step = 1 if each.kind == "integer" else Decimal("0.01")
            low = -(10**6) if each.minimum is None else int(each.minimum)
            high = 10**6 if each.maximum is None else int(each.maximum)
            yield from (
                (each, low, not each.exclusive), (each, low + step, True), (each, low - step, False),
                (each, high, True), (each, high - step, True), (each, high + step, False),
            )  # fmt: skip


def asked(each: Field, inputs: Mapping[str, Any]) -> bool:
    """Tell whether a field matters beside these inputs."""
    return all(inputs.get(name, False) in wanted for name, wanted in each.when.items())


@pytest.mark.parametrize("calculator", [each.id for each in calculators()])
def test_a_number_is_taken_up_to_its_bounds_and_not_beyond(calculator: str) -> None:
    bases = [
        dict(case.input)
        for case in load_cases()
        if case.calculator == calculator and not case.errors
    ]
    for each, value, taken in bounds(calculator_of(calculator).fields):
        base = next(
            (one for one in bases if one.get(each.name) is not None and asked(each, one)), None
        )
        if base is None:
            continue
        try:
            calculate(calculator, {**base, each.name: value}, outcome_only=True)
        except InputErrors as errors:
            told = {problem.field: problem.clause for problem in errors.problems}
        else:
            told = {}
        if taken:
            # Other inputs may not go with it, but then it is they that are said, or how many.
            assert each.name not in told or each.name == "seats_away", (each.name, value, told)
        else:
            policy = calculator_of(calculator).policy
            assert told[each.name] == f"{policy}:{each.clause}", (each.name, value)
