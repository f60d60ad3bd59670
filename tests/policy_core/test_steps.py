"""Every printed expression, evaluated by a small parser of its own, gives the printed value.

`make proof` tries 10,000 random inputs a calculator.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import calculate
from policy_core._exact import rounded
from tests.amounts import tried
from tests.cases import Case, load_cases
from tests.policy_core.engineers import careers, events

TOKEN = re.compile(r"\s*(?:(取整)|(\d+(?:\.\d+)?%?)|(.))")
COMPARISONS = {"≤": "__le__", "≥": "__ge__", "<": "__lt__", ">": "__gt__", "=": "__eq__"}


DAYS = re.compile(r"(\d{4}-\d\d-\d\d) \+ (\d+) 个月")


def counted(start: date, months: int) -> str:
    """Count months from a day on a calendar, to the last day of a month that is too short."""
    years, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(start.day, last)).isoformat()


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


def running(holds: list[bool]) -> int:
    return max(map(len, "".join("x" if each else "." for each in holds).split(".")), default=0)


# What is counted in a list of ranks or grades, by the label of the step.
COUNTS: dict[str, Callable[[list[str]], int]] = {
    "最近的季度获 A": lambda grades: grades.count("A"),
    "连续不在前三名": lambda ranks: running([int(each) > 3 for each in ranks]),
    "不在前三名": lambda ranks: len([each for each in ranks if int(each) > 3]),
    "连续获 B": lambda grades: running([each == "B" for each in grades]),
    "获 B": lambda grades: grades.count("B"),
    "获 B 以下": lambda grades: grades.count("C") + grades.count("D"),
}


def check_steps(calculator: str, inputs: dict[str, object]) -> None:
    for step in calculate(calculator, inputs).to_json()["steps"]:
        assert "+ −" not in step["expression"], step  # a negative number is taken away
        if step["label"] in COUNTS:
            listed = [] if step["expression"] == "没有" else step["expression"].split("、")
            assert COUNTS[step["label"]](listed) == step["value"], step
        elif days := DAYS.fullmatch(step["expression"]):
            assert counted(date.fromisoformat(days[1]), int(days[2])) == step["value"], step
        elif re.search(r"[\d]", step["expression"]):
            found = Reader(step["expression"]).comparison()
            if isinstance(found, bool) and not isinstance(step["value"], bool):
                assert found is True, step  # a table's line was chosen by this comparison
            else:
                assert (found if isinstance(found, bool) else rounded(found)) == step["value"], step


@pytest.mark.parametrize("case", [each for each in load_cases() if not each.errors], ids=str)
def test_steps_of_the_cases(case: Case) -> None:
    check_steps(case.calculator, dict(case.input))


points = st.decimals(-200, 400, places=2) | st.integers(-50, 700)


@tried(300, proof=10_000)
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


@tried(100, proof=10_000)
@given(careers())
def test_steps_of_any_history(career: dict[str, object]) -> None:
    check_steps("points-history", career)


@tried(200, proof=10_000)
@given(st.lists(events(), min_size=1, max_size=6))
def test_steps_of_any_events(found: list[dict[str, object]]) -> None:
    check_steps("contribution-points", {"events": found})


@tried(60, proof=10_000)
@given(st.integers(0, 10**6))
def test_steps_of_any_benefits(grade: int) -> None:
    check_steps("grade-benefits", {"grade": grade})


@tried(60, proof=10_000)
@given(
    st.sampled_from(["college", "bachelor", "master", "doctor"]),
    st.decimals(0, 60, places=2) | st.integers(0, 12),
    st.integers(0, 10**4),
)
def test_steps_of_any_first_grade(education: str, years: object, skill: int) -> None:
    check_steps("initial-grade", {"education": education, "years": years, "skill": skill})


marks = st.decimals(0, 100, places=1) | st.integers(0, 100)


@tried(100, proof=10_000)
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


@tried(300, proof=10_000)
@given(
    st.sampled_from(["junior", "intermediate", "senior"]),
    st.lists(st.integers(1, 6), max_size=18),
    st.text("ABCD", max_size=7).map(list),
    st.none() | st.integers(0, 20),
)
def test_steps_of_any_step_up_or_down(
    level: str, ranks: list[int], grades: list[str], months: object
) -> None:
    check_steps(
        "service-eligibility",
        {
            "level": level,
            "tenure_months": 7,
            "monthly_ranks": ranks,
            "quarter_grades": grades,
            "excellent_titles": 1,
            "months_since_promotion": months,
            "consecutive_failed_months": months,
        },
    )


person: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["王芳", "李强", "A1"]),
        "regular_employee": st.booleans(),
        "ability": marks,
        "interview": st.lists(marks, min_size=1, max_size=3),
        "manager": marks,
        "peers": st.lists(marks, min_size=1, max_size=3),
    }
)


@tried(100, proof=10_000)
@given(st.lists(person, min_size=1, max_size=4), st.booleans())
def test_steps_of_any_ranking(candidates: list[dict[str, Any]], fifth: bool) -> None:
    given_marks = [each | ({"fifth": each["ability"]} if fifth else {}) for each in candidates]
    check_steps("candidate-ranking", {"candidates": given_marks})


money = st.decimals(0, 3000, places=2) | st.integers(0, 10**6)


@tried(150, proof=10_000)
@given(
    st.sampled_from(["return", "reship-missing", "reship-wrong-model", "compensation"]),
    money,
    money,
    money,
)
def test_steps_of_any_order(choice: str, commission: object, back: object, again: object) -> None:
    check_steps(
        "order-error",
        {
            "cause": "service",
            "choice": choice,
            "commission": commission,
            "return_freight": back,
            "reship_cost": again,
        },
    )


@tried(50, proof=10_000)
@given(st.integers(0, 10**6))
def test_steps_of_any_misconduct(offences: int) -> None:
    check_steps("conduct-fine", {"offences": offences})


@tried(100, proof=10_000)
@given(st.booleans(), st.integers(0, 9), st.integers(0, 9))
def test_steps_of_any_seats(market_open: bool, present: int, away: int) -> None:
    check_steps(
        "seat-check",
        {"market_open": market_open, "seats_on_duty": present + away, "seats_away": away},
    )


@tried(100, proof=10_000)
@given(st.decimals("0.001", 10**6, places=3) | st.integers(1, 10**6))
def test_steps_of_any_plan(total_hours: object) -> None:
    check_steps("training-hours", {"total_hours": total_hours})


@tried(150, proof=10_000)
@given(st.dates(date(1, 1, 1), date(9998, 12, 31)), st.integers(1, 3))
def test_steps_of_any_transfer(start: date, months: int) -> None:
    check_steps("transfer-timeline", {"start": start.isoformat(), "months": months})
