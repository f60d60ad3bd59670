"""客服部晋升制度 once more, written from the contract alone, and what must always hold."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import calculate
from policy_core._exact import rounded
from tests.amounts import tried

LADDER = ["trial", "junior", "intermediate", "senior", "reserve-supervisor"]
PAY = dict(zip(LADDER, [1800, 2200, 2500, 3000, 4000], strict=True))
# level held: months of tenure and of ranks, quarters looked at, A's among them, titles (None: not asked)
NEEDS: dict[str, tuple[int, int, int, int | None]] = {
    "junior": (3, 1, 1, None),
    "intermediate": (6, 2, 2, 1),
    "senior": (12, 4, 3, 3),
}

agents = st.fixed_dictionaries(
    {
        "level": st.sampled_from(LADDER),
        "tenure_months": st.integers(0, 15),
        "monthly_ranks": st.lists(st.integers(1, 5), max_size=18),
        "quarter_grades": st.text("AAABCD", max_size=7).map(list),
        "excellent_titles": st.integers(0, 4),
        "probation_exam_passed": st.booleans(),
        "violations": st.booleans(),
        "months_since_promotion": st.none() | st.integers(0, 20),
        "consecutive_failed_months": st.none() | st.integers(0, 5),
    }
)


def expected(
    agent: dict[str, Any], *, average: str = "mean", window: str = "latest", below: str = "CD"
) -> dict[str, Any]:
    """Answer from the contract, under one reading of each doubt."""
    level = agent["level"]
    above = LADDER[LADDER.index(level) + 1] if level != LADDER[-1] else None
    met = conditions(agent, average, window)
    failed = agent["consecutive_failed_months"]
    return {
        "next_level": above,
        "met": met,
        "eligible": above is not None and set(met.values()) == {True},
        "demotion": demotion(agent, below),
        "dismissal_possible": failed >= 3 if level == "junior" and failed is not None else None,
        "pay": {"now": PAY[level], "next": PAY[above] if above else None},
    }


def conditions(agent: dict[str, Any], average: str, window: str) -> dict[str, bool | None]:
    if agent["level"] == "trial":
        return {
            "probation-exam": agent["probation_exam_passed"],
            "no-violations": not agent["violations"],
        }
    if agent["level"] == "reserve-supervisor":
        return {}
    months, quarters, wanted, titles = NEEDS[agent["level"]]
    ranks, grades = agent["monthly_ranks"][-months:], "".join(agent["quarter_grades"])
    enough = grades[-quarters:].count("A") >= wanted
    if window == "anywhere":
        enough = "AA" in grades if agent["level"] == "intermediate" else grades.count("A") >= wanted
    top = sum(ranks) <= 3 * months if average == "mean" else set(ranks) <= {1, 2, 3}
    found = {
        "tenure": agent["tenure_months"] >= months,
        "monthly-ranks": top if len(ranks) == months else None,
        "quarter-grades": enough or (False if len(grades) >= quarters else None),
    }
    return (
        found
        if titles is None
        else found | {"excellent-titles": agent["excellent_titles"] >= titles}
    )


def demotion(agent: dict[str, Any], below: str) -> dict[str, Any] | None:
    ranks = "".join("x" if rank > 3 else "." for rank in agent["monthly_ranks"])
    grades = "".join(agent["quarter_grades"])
    months = agent["months_since_promotion"]
    if months is not None:
        ranks = ranks[-months:] if months else ""
        grades = grades[-(months // 3) :] if months // 3 else ""
    if agent["level"] == "intermediate":
        limbs, clause = ["xxx" in ranks, "BB" in grades], "service-ladder:4.2.H"
    elif agent["level"] == "senior":
        ranks, grades = ranks[:12], grades[:4]
        limbs, clause = [ranks.count("x") >= 3, grades.count("B") >= 2], "service-ladder:4.3.G"
    else:
        return None
    limbs.append(bool(re.search(f"[{below}]", grades)))
    names = ("ranks-beyond", "quarters-at-b", "quarter-below-b")
    because = [
        {"id": name, "clause": clause} for name, holds in zip(names, limbs, strict=True) if holds
    ]
    return {"to": LADDER[LADDER.index(agent["level"]) - 1], "because": because} if because else None


def about(outcome: dict[str, Any]) -> dict[str, Any]:
    """Bring an outcome into the form of `expected`."""
    rest = {name: value for name, value in outcome.items() if name != "conditions"}
    return rest | {"met": {each["id"]: each["met"] for each in outcome["conditions"]}}


READINGS: dict[tuple[str, str], dict[str, str]] = {
    ("monthly-average", "every"): {"average": "every"},
    ("quarter-window", "anywhere"): {"window": "anywhere"},
    ("below-b", "inclusive"): {"below": "BCD"},
}


@tried(500, proof=1500)
@given(agents)
def test_the_answer_agrees_with_an_independent_one_under_every_reading(
    agent: dict[str, Any],
) -> None:
    given_answer = calculate("service-eligibility", agent).to_json()
    own = expected(agent)
    assert about(given_answer["outcome"]) == own
    shown = {
        (each["id"], other["reading"]): about(other["outcome"])
        for each in given_answer["findings"]
        for other in each["others"]
    }
    wanted = {key: expected(agent, **reading) for key, reading in READINGS.items()}
    assert shown == {key: other for key, other in wanted.items() if other != own}


@tried(300)
@given(agents)
def test_have_is_what_lies_in_the_window(agent: dict[str, Any]) -> None:
    outcome = calculate("service-eligibility", agent).to_json()["outcome"]
    if agent["level"] not in NEEDS:
        return
    months, quarters, wanted, titles = NEEDS[agent["level"]]
    latest = agent["monthly_ranks"][-months:]
    mean = rounded(Fraction(sum(latest), len(latest))) if latest else None
    numbers = [
        (agent["tenure_months"], months),
        (mean, 3),
        (agent["quarter_grades"][-quarters:].count("A"), wanted),
        *([] if titles is None else [(agent["excellent_titles"], titles)]),
    ]
    assert [(each["have"], each["need"]) for each in outcome["conditions"]] == numbers


@tried(300)
@given(agents, st.integers(0, 12), st.integers(0, 4))
def test_more_months_and_titles_never_stand_in_the_way(
    agent: dict[str, Any], months: int, titles: int
) -> None:
    better = {
        **agent,
        "tenure_months": agent["tenure_months"] + months,
        "excellent_titles": agent["excellent_titles"] + titles,
    }
    before = calculate("service-eligibility", agent).outcome
    after = calculate("service-eligibility", better).outcome
    assert after["eligible"] >= before["eligible"]  # type: ignore[operator]


@tried(300)
@given(agents, st.data())
def test_a_better_rank_never_stands_in_the_way_nor_leads_down(
    agent: dict[str, Any], data: st.DataObject
) -> None:
    ranks = [data.draw(st.integers(1, rank)) for rank in agent["monthly_ranks"]]
    before = calculate("service-eligibility", agent).outcome
    after = calculate("service-eligibility", {**agent, "monthly_ranks": ranks}).outcome
    assert after["eligible"] >= before["eligible"]  # type: ignore[operator]
    assert before["demotion"] or not after["demotion"]


@pytest.mark.parametrize(
    ("level", "ignored"),
    [
        ("trial", ["tenure_months", "monthly_ranks", "quarter_grades", "excellent_titles"]),
        ("junior", ["probation_exam_passed", "violations", "excellent_titles"]),
        ("junior", ["months_since_promotion"]),
        ("intermediate", ["probation_exam_passed", "violations", "consecutive_failed_months"]),
        ("reserve-supervisor", ["tenure_months", "monthly_ranks", "quarter_grades"]),
    ],
)
def test_what_does_not_matter_is_ignored_whatever_it_is(level: str, ignored: list[str]) -> None:
    agent = {
        "level": level, "tenure_months": 3, "monthly_ranks": [1, 1, 1], "quarter_grades": ["A"],
        "excellent_titles": 0, "probation_exam_passed": True, "violations": False,
    }  # fmt: skip
    without = {name: value for name, value in agent.items() if name not in ignored}
    junk = agent | dict.fromkeys(ignored, "junk")
    assert calculate("service-eligibility", junk) == calculate("service-eligibility", without)


def test_a_reserve_supervisor_is_asked_nothing_more() -> None:
    outcome = calculate("service-eligibility", {"level": "reserve-supervisor"}).outcome
    assert (outcome["next_level"], outcome["conditions"], outcome["eligible"]) == (None, [], False)


@pytest.mark.parametrize(
    ("agent", "doubts"),
    [
        ({"level": "trial"}, "probation-name pass-mark"),
        ({"level": "reserve-supervisor"}, "reserve-demotion"),
        ({"level": "junior"}, "skip-vs-step ranking-pool quarter-window"),
        (
            {"level": "junior", "consecutive_failed_months": 3},
            "skip-vs-step ranking-pool quarter-window pass-or-fail pass-mark",
        ),
        (
            {"level": "intermediate", "monthly_ranks": [1] * 6, "quarter_grades": ["C"]},
            """senior-route ranking-pool monthly-average quarter-window excellent-title grade-scale
            after-demotion""",
        ),
        (
            {"level": "senior", "quarter_grades": ["B"]},
            "ranking-pool quarter-window excellent-title below-b",
        ),
    ],
)
def test_an_answer_carries_the_doubts_that_it_rests_on(agent: dict[str, Any], doubts: str) -> None:
    blank = {
        "probation_exam_passed": True, "violations": True, "tenure_months": 1,
        "monthly_ranks": [], "quarter_grades": [], "excellent_titles": 0,
    }  # fmt: skip
    found = calculate("service-eligibility", blank | agent).to_json()["findings"]
    assert {each["id"] for each in found} == {*doubts.split(), "pay-basis"}
