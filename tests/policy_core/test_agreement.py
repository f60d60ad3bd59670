"""Every calculator against a second implementation, through the real command: JSON Lines in, JSON Lines out.

The second implementations are written from the domain's page alone. `make proof` asks 1,500 questions a
calculator.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_core import calculate, calculators
from policy_core._browser import answer
from tests.amounts import amount
from tests.policy_core.engineers import careers, events
from tests.policy_core.test_call_centre import expected as seats_kept
from tests.policy_core.test_officer_training import expected as hours_shared
from tests.policy_core.test_online_store_service import errors, fine_outcome, order_outcome
from tests.policy_core.test_properties import settlement
from tests.policy_core.test_rd_grades import (
    as_shown,
    brought,
    titled,
    value_of,
    worked_out,
    worked_out_once,
)
from tests.policy_core.test_service_ladder import about, agents
from tests.policy_core.test_service_ladder import expected as stepped
from tests.policy_core.test_team_leader import contests, exact_mean, percent_of
from tests.policy_core.test_team_leader import expected as ranked
from tests.policy_core.test_transfers import expected as timed
from tests.policy_core.test_transfers import starts

pytestmark = pytest.mark.brute

ROOT = Path(__file__).resolve().parents[2]

type Inputs = dict[str, Any]
type Second = Callable[[Inputs], Any]


def scored(person: Inputs) -> Inputs:
    """Weigh the marks (team-leader 3.1, 3.2)."""
    weights = {"ability": 40, "interview": 30, "manager": 10, "peers": 10}
    if person.get("fifth") is not None:
        weights["fifth"] = 10
    parts: list[Inputs] = []
    for name, weight in weights.items():
        given_marks = person[name] if isinstance(person[name], list) else [person[name]]
        mean = exact_mean(given_marks)
        points = mean * weight / 100
        parts.append({"id": name, "mean": mean, "weight": weight, "points": points})
    run: Inputs = {"eligible": True}
    if not person["regular_employee"]:
        run = {"eligible": False, "reason": "只有转正员工可以参加竞聘；得分仅供参考"}
    return run | {
        "components": parts,
        "total": sum((each["points"] for each in parts), Fraction(0)),
        "out_of": sum(weights.values()),
        "percent": percent_of(person),
    }


def settled(case: Inputs) -> Inputs:
    """Settle one half-year (rd-grades 4.1.1, 5.1, 8, 9.1)."""
    low = case["half"] == 1 and not case.get("first_year") and case["previous_year_points"] <= 10
    carried, points = Fraction(case["carried"]), Fraction(case["points"])
    since = case["levels_since_raise"]
    return worked_out_once(case["grade"], carried, since, points, raised=low)


def added(case: Inputs) -> Inputs:
    """Add up what events bring (rd-grades 7)."""
    clauses = {
        "project": "7.1.1", "project-early": "7.1.3.1", "project-quality": "7.1.3.2",
        "project-late": "7.1.3.3", "project-failed": "7.1.3.4", "trial-first-pass": "7.1.3.5",
        "trial-third-pass": "7.1.3.6", "project-advance": "7.1.4", "project-cancelled": "7.1.5",
        "design-patent": "7.2.1", "utility-patent": "7.2.2", "invention-patent": "7.2.3",
        "software-copyright-or-certificate": "7.2.4", "article": "7.3", "quality": "7.4.1",
        "innovation": "7.4.2", "employee-of-the-month": "7.5.1", "employee-of-the-year": "7.5.2",
        "criticism": "7.5.3", "warning": "7.5.4", "special": "7.6",
    }  # fmt: skip
    lines = [
        {
            "kind": one["kind"],
            "points": value_of(one),
            "clause": f"rd-grades:{clauses[one['kind']]}",
        }
        for one in case["events"]
    ]
    return {"total": sum((each["points"] for each in lines), Fraction(0)), "lines": lines}


def first_grade(case: Inputs) -> Inputs:
    """Add up education, experience and skill (rd-grades 6.2)."""
    education = ["college", "bachelor", "master", "doctor"].index(case["education"])
    years = int(case["years"])
    experience = 0 if years < 2 else 1 if years < 4 else 2 if years < 8 else 3
    grade = education + experience + case["skill"]
    parts = {"education": education, "experience": experience, "skill": case["skill"]}
    return {"grade": grade, "title": titled(grade, lower=False), "parts": parts}


def person_of(contest: list[Inputs]) -> Inputs:
    return {name: value for name, value in contest[0].items() if name != "name"}


def on_duty(seats: tuple[bool, int, int]) -> Inputs:
    market_open, one, other = seats
    on, away = max(one, other), min(one, other)
    return {"market_open": market_open, "seats_on_duty": on, "seats_away": away}


few = st.integers(0, 9) | st.integers(0, 10**6)
years = st.integers(0, 12) | st.decimals(0, 60, places=2)
newcomers = st.fixed_dictionaries(
    {
        "education": st.sampled_from(["college", "bachelor", "master", "doctor"]),
        "years": years,
        "skill": st.integers(0, 30),
    }
)
plans = st.decimals("0.01", 10**6, places=2) | st.integers(1, 10**6)

SECOND: dict[str, tuple[st.SearchStrategy[Any], Second]] = {
    "candidate-score": (contests.map(person_of), scored),
    "candidate-ranking": (
        contests.map(lambda found: {"candidates": found}),
        lambda case: {"ranking": ranked(case["candidates"])},
    ),
    "service-eligibility": (agents, stepped),
    "training-hours": (
        plans.map(lambda total: {"total_hours": total}),
        lambda case: hours_shared(case, {}),
    ),
    "grade-from-points": (settlement, settled),
    "points-history": (careers(), worked_out),
    "contribution-points": (
        st.lists(events(), min_size=1, max_size=12).map(lambda found: {"events": found}),
        added,
    ),
    "initial-grade": (newcomers, first_grade),
    "grade-benefits": (
        (st.integers(0, 40) | st.integers(0, 10**6)).map(lambda grade: {"grade": grade}),
        lambda case: brought(case["grade"]),
    ),
    "conduct-fine": (
        st.integers(0, 2000).map(lambda offences: {"offences": offences}),
        lambda case: fine_outcome(case, {}),
    ),
    "order-error": (errors, lambda case: order_outcome(case, {})),
    "seat-check": (
        st.tuples(st.booleans(), few, few).map(on_duty),
        lambda case: seats_kept(case, {}),
    ),
    "transfer-timeline": (
        st.tuples(starts, st.integers(1, 3)).map(
            lambda found: {"start": found[0].isoformat(), "months": found[1]}
        ),
        lambda case: timed(case, {}),
    ),
}


def drawn(strategy: st.SearchStrategy[Inputs]) -> list[Inputs]:
    """Draw as many inputs as are asked for, or all where there are fewer; the test only keeps them."""
    found: list[Inputs] = []

    @settings(max_examples=amount(40, proof=1500), deadline=None, database=None)
    @given(strategy)
    def keep(inputs: Inputs) -> None:
        found.append(inputs)

    keep()
    return found


def test_every_calculator_has_a_second_implementation() -> None:
    assert [each.id for each in calculators()] == list(SECOND)


@pytest.mark.parametrize("calculator", SECOND)
def test_the_command_agrees_with_a_second_implementation(calculator: str) -> None:
    strategy, second = SECOND[calculator]
    cases = drawn(strategy)
    lines = "".join(f"{json.dumps(each, default=float)}\n" for each in cases)
    done = subprocess.run(
        [sys.executable, "-m", "build_scripts", "batch", calculator, "-"],
        cwd=ROOT, input=lines, capture_output=True, text=True, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases) > 0
    for case, found in zip(cases, answers, strict=True):
        assert compared(calculator, found["outcome"]) == as_shown(second(case)), case


def compared(calculator: str, outcome: Inputs) -> Inputs:
    """Give of an outcome what the second implementation gives."""
    return about(outcome) if calculator == "service-eligibility" else outcome


@pytest.mark.parametrize("calculator", SECOND)
def test_there_and_back_through_json(calculator: str) -> None:
    strategy, second = SECOND[calculator]
    for case in drawn(strategy):
        request = {"call": "calculate", "calculator": calculator, "inputs": case}
        found = json.loads(answer(json.dumps(request, default=float)))
        assert compared(calculator, found["outcome"]) == as_shown(second(case)), case
        assert found == calculate(calculator, case).to_json(), case
        again = json.loads(json.dumps(case, default=float), parse_float=Decimal)
        assert calculate(calculator, again).to_json() == found, case
