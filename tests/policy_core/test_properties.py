"""What holds for every input, and what bad input of any shape must lead to."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate, calculators, json_schema
from policy_core._browser import answer
from policy_core._exact import exact, rounded
from tests.amounts import tried

points = st.decimals(-300, 600, places=2)
settlement = st.fixed_dictionaries(
    {
        "grade": st.integers(0, 60),
        "carried": st.decimals(0, 50, places=2),
        "points": points,
        "half": st.sampled_from([1, 2]),
        "previous_year_points": points,
        "levels_since_raise": st.integers(0, 1),
    }
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@tried(200)
@given(settlement, st.decimals(0, 100, places=2))
def test_more_points_never_give_a_lower_grade(case: dict[str, Any], more: Decimal) -> None:
    less = calculate("grade-from-points", case).outcome
    better = calculate("grade-from-points", {**case, "points": case["points"] + more}).outcome
    assert better["new_grade"] >= less["new_grade"]  # type: ignore[operator]


@tried(200)
@given(settlement)
def test_every_reading_differs_or_is_silent(case: dict[str, Any]) -> None:
    given_answer = calculate("grade-from-points", case)
    for used in given_answer.findings:
        assert all(outcome != given_answer.outcome for _, outcome in used.others)


@tried(200)
@given(st.sampled_from([each.id for each in calculators()]), json_values)
def test_junk_raises_input_errors_and_nothing_else(calculator: str, junk: object) -> None:
    try:
        calculate(calculator, junk)  # type: ignore[arg-type]
    except InputErrors as errors:
        assert errors.problems


@tried(200)
@given(st.text(max_size=200))
def test_the_door_never_raises(request: str) -> None:
    assert "errors" in json.loads(answer(request))


@pytest.mark.parametrize(
    "printed",
    [
        "1e999999999",
        "-1e999999999",
        "1e-999999999",
        "9" * 5000,
        "NaN",
        "Infinity",
        "-Infinity",
        "1000000.01",
    ],
)
def test_numbers_of_absurd_size_are_input_errors(printed: str) -> None:
    inputs = f'{{"grade": 1, "carried": 0, "points": {printed}, "half": 2}}'
    request = f'{{"call": "calculate", "calculator": "grade-from-points", "inputs": {inputs}}}'
    assert json.loads(answer(request))["errors"]


@pytest.mark.parametrize(
    ("request_text", "field"),
    [
        ("[" * 100_000, "json"),
        ("{", "json"),
        ("[]", "request"),
        ("{}", "call"),
        ('{"call": "calculate", "call": "mark"}', "call"),
        ('{"call": "calculate", "calculator": "grade"}', "calculator"),
        ('{"call": "calculate", "calculator": ["grade"]}', "calculator"),
        ('{"call": "calculate", "calculator": "initial-grade", "as_of": "1.1.2024"}', "as_of"),
        ('{"call": "mark", "bank": "x"}', "bank"),
        ('{"call": "mark", "bank": "eJyLBgAAXQBd"}', "bank"),
    ],
)
def test_a_broken_request_says_where(request_text: str, field: str) -> None:
    assert json.loads(answer(request_text))["errors"][0]["field"] == field


def test_a_day_before_the_first_version_is_an_input_error_beside_the_others() -> None:
    request = {
        "call": "calculate",
        "calculator": "initial-grade",
        "as_of": "2000-01-01",
        "inputs": {},
    }
    fields = [each["field"] for each in json.loads(answer(json.dumps(request)))["errors"]]
    assert fields == ["education", "years", "skill", "as_of"]


def test_lists_hold_a_thousand_entries_at_most() -> None:
    base = {"regular_employee": True, "ability": 1, "manager": 1, "peers": [1]}
    assert calculate("candidate-score", {**base, "interview": [1] * 1000})
    with pytest.raises(InputErrors, match="1001"):
        calculate("candidate-score", {**base, "interview": [1] * 1001})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(1, 200), 0.01),
        (Fraction(-1, 200), -0.01),
        (Fraction(1, 3), 0.33),
        (Fraction(2), 2),
        (Fraction(5, 2), 2.5),
    ],
)
def test_rounding_is_half_away_from_zero(value: Fraction, shown: float) -> None:
    assert rounded(value) == shown


@given(st.decimals(-(10**6), 10**6, places=4))
def test_decimals_are_taken_as_printed(value: Decimal) -> None:
    assume(abs(value) < 10**6)
    assert exact(float(value)) == exact(value) == Fraction(str(value))


@pytest.mark.parametrize("calculator", [each.id for each in calculators()])
def test_the_schema_names_every_field(calculator: str) -> None:
    schema = json_schema(calculator)
    fields = next(each for each in calculators() if each.id == calculator).fields
    assert list(schema["properties"]) == [each.name for each in fields]
    assert set(schema["required"]) <= set(schema["properties"])
    json.dumps(schema)
