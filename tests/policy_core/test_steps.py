"""Every printed expression, evaluated by a small parser of its own, gives the printed value."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_core import calculate
from policy_core._exact import rounded
from tests.cases import Case, load_cases
from tests.policy_core.engineers import careers, events

TOKEN = re.compile(r"\s*(?:(取整)|(\d+(?:\.\d+)?%?)|(.))")
COMPARISONS = {"≤": "__le__", "≥": "__ge__", "<": "__lt__", ">": "__gt__", "=": "__eq__"}


class Reader:
    """A recursive-descent reader of the expressions that steps print."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            next(part for part in found.groups() if part)
            for found in TOKEN.finditer(text)
            if found[0].strip()
        ]

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def comparison(self) -> Fraction | bool:
        left, verdict = self.sum(), None
        while sign := self.take(*COMPARISONS):
            right = self.sum()
            verdict = (verdict is not False) and bool(getattr(left, COMPARISONS[sign])(right))
            left = right
        assert not self.tokens
        return left if verdict is None else verdict

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.take("+", "−"):
            value = value + self.product() if sign == "+" else value - self.product()
        return value

    def product(self) -> Fraction:
        value = self.atom()
        while sign := self.take("×", "÷"):
            value = value * self.atom() if sign == "×" else value / self.atom()
        return value

    def atom(self) -> Fraction:
        if self.take("−"):
            return -self.atom()
        if self.take("取整"):
            return Fraction(self.atom().__floor__())
        if self.take("("):
            value = self.sum()
            assert self.take(")")
            return value / 100 if self.take("%") else value
        printed = self.tokens.pop(0)
        return Fraction(printed.rstrip("%")) / (100 if printed.endswith("%") else 1)


def check_steps(calculator: str, inputs: dict[str, object]) -> None:
    for step in calculate(calculator, inputs).to_json()["steps"]:
        if re.search(r"[\d]", step["expression"]):
            found = Reader(step["expression"]).comparison()
            if isinstance(found, bool) and not isinstance(step["value"], bool):
                assert found is True, step  # a table's line was chosen by this comparison
            else:
                assert (found if isinstance(found, bool) else rounded(found)) == step["value"], step


@pytest.mark.parametrize("case", [each for each in load_cases() if not each.errors], ids=str)
def test_steps_of_the_cases(case: Case) -> None:
    check_steps(case.calculator, dict(case.input))


points = st.decimals(-200, 400, places=2) | st.integers(-50, 700)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 40),
    st.decimals(0, 60, places=2),
    points,
    points,
    st.sampled_from([1, 2]),
    st.integers(0, 1),
)
def test_steps_of_any_settlement(
    grade: int, carried: object, half_points: object, year: object, half: int, since: int
) -> None:
    check_steps(
        "grade-from-points",
        {
            "grade": grade,
            "carried": carried,
            "points": half_points,
            "half": half,
            "previous_year_points": year,
            "levels_since_raise": since,
        },
    )


@settings(max_examples=100, deadline=None)
@given(careers())
def test_steps_of_any_history(career: dict[str, object]) -> None:
    check_steps("points-history", career)


@settings(max_examples=200, deadline=None)
@given(st.lists(events(), min_size=1, max_size=6))
def test_steps_of_any_events(found: list[dict[str, object]]) -> None:
    check_steps("contribution-points", {"events": found})


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_steps_of_any_benefits(grade: int) -> None:
    check_steps("grade-benefits", {"grade": grade})


marks = st.decimals(0, 100, places=1) | st.integers(0, 100)


@settings(max_examples=100, deadline=None)
@given(
    marks,
    st.lists(marks, min_size=1, max_size=7),
    marks,
    st.lists(marks, min_size=1, max_size=7),
    st.none() | marks,
)
def test_steps_of_any_score(
    ability: object, interview: object, manager: object, peers: object, fifth: object
) -> None:
    check_steps(
        "candidate-score",
        {
            "regular_employee": True,
            "ability": ability,
            "interview": interview,
            "manager": manager,
            "peers": peers,
            "fifth": fifth,
        },
    )
