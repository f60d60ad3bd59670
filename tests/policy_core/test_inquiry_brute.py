"""What cannot be told apart from trying everything: unknown inputs, the least change, and each jump."""

# ruff: noqa: S311 - chance, not secrets

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

import pytest

from policy_core import InputErrors, calculator, explain, jumps, seek
from policy_core._exact import exact
from policy_core._registry import CALCULATORS
from tests.amounts import amount
from tests.policy_core.brute import (
    NARROW,
    dependent,
    domain,
    everything,
    flat,
    narrow,
    narrowed,
    outcome,
    summed_up,
)

pytestmark = pytest.mark.brute


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """A calculator narrowed to few values, and a form that is filled in part."""

    calculator: str
    bounds: Mapping[str, tuple[int, int]]
    known: Mapping[str, object] = field(default_factory=dict)
    unknown: tuple[str, ...]
    by_chance: bool = False

    def __str__(self) -> str:
        return f"{self.calculator}: {', '.join(self.unknown)}"


POINTS = {"grade": (0, 30), "carried": (0, 25), "points": (-3, 70), "previous_year_points": (9, 11)}
RANKS = [5, 1, 2, 4, 3, 2, 1, 4, 5, 2, 3, 1, 2, 3]
PARTIAL = [
    Partial(
        calculator="grade-from-points",
        bounds=POINTS,
        known={"grade": 4, "carried": 3, "half": 2},
        unknown=("points",),
    ),
    Partial(
        calculator="grade-from-points",
        bounds=POINTS,
        known={"grade": 2, "carried": 15},
        unknown=("points", "half", "previous_year_points"),
    ),
    Partial(
        calculator="grade-from-points",
        bounds=POINTS | {"carried": (14, 21)},
        known={"grade": 19},
        unknown=("carried", "points", "half", "previous_year_points", "levels_since_raise"),
    ),
    Partial(
        calculator="grade-from-points",
        bounds=POINTS,
        known={"points": 40, "half": 1, "first_year": True},
        unknown=("grade", "carried"),
    ),
    Partial(
        calculator="grade-from-points",
        bounds=POINTS | {"points": (4, 41), "carried": (0, 1), "grade": (0, 26)},
        unknown=("grade", "carried", "points", "half", "previous_year_points"),
    ),
    Partial(
        calculator="grade-from-points",
        bounds=POINTS | {"points": (600, 660)},
        known={"carried": 0, "half": 2},
        unknown=("grade", "points"),
    ),
    Partial(
        calculator="initial-grade",
        bounds={"years": (0, 12), "skill": (0, 26)},
        unknown=("education", "years", "skill"),
    ),
    Partial(calculator="grade-benefits", bounds={"grade": (0, 40)}, unknown=("grade",)),
    Partial(
        calculator="seat-check",
        bounds={"seats_on_duty": (0, 9), "seats_away": (0, 9)},
        unknown=("market_open", "seats_on_duty", "seats_away"),
    ),
    Partial(
        calculator="seat-check",
        bounds={"seats_on_duty": (0, 9), "seats_away": (0, 9)},
        known={"market_open": True, "seats_away": 3},
        unknown=("seats_on_duty",),
    ),
    Partial(
        calculator="order-error",
        bounds={"commission": (0, 5), "return_freight": (0, 5), "reship_cost": (0, 3)},
        unknown=("cause", "choice", "commission", "return_freight", "reship_cost"),
    ),
    Partial(calculator="conduct-fine", bounds={"offences": (0, 9)}, unknown=("offences",)),
    Partial(calculator="training-hours", bounds={"total_hours": (1, 90)}, unknown=("total_hours",)),
    Partial(
        calculator="transfer-timeline",
        bounds={},
        known={"start": "2024-01-31"},
        unknown=("months",),
    ),
    Partial(
        calculator="candidate-score",
        bounds={"ability": (60, 70), "manager": (0, 9), "fifth": (50, 55)},
        known={"interview": [70, 81], "peers": [90]},
        unknown=("regular_employee", "ability", "manager", "fifth"),
    ),
    Partial(
        calculator="service-eligibility",
        bounds={
            "tenure_months": (5, 6),
            "excellent_titles": (0, 1),
            "months_since_promotion": (2, 7),
            "consecutive_failed_months": (2, 3),
        },
        known={"monthly_ranks": RANKS, "quarter_grades": ["A", "B", "A", "B"]},
        unknown=(
            "level",
            "probation_exam_passed",
            "violations",
            "tenure_months",
            "excellent_titles",
            "months_since_promotion",
            "consecutive_failed_months",
        ),
    ),
]


# Where the bounds of a number are drawn, and how many values lie between them.
WIDE: Mapping[str, Mapping[str, tuple[int, int, int]]] = {
    "grade-from-points": {
        "grade": (0, 40, 6),
        "carried": (0, 45, 7),
        "points": (-12, 130, 30),
        "previous_year_points": (5, 15, 4),
    },
    "initial-grade": {"years": (0, 14, 9), "skill": (0, 30, 12)},
    "grade-benefits": {"grade": (0, 40, 30)},
    "seat-check": {"seats_on_duty": (0, 9, 7), "seats_away": (0, 5, 5)},
    "order-error": {"commission": (0, 9, 4), "return_freight": (0, 9, 4), "reship_cost": (0, 9, 4)},
    "conduct-fine": {"offences": (0, 30, 12)},
    "training-hours": {"total_hours": (1, 300, 40)},
    "candidate-score": {"ability": (0, 100, 7), "manager": (0, 100, 7), "fifth": (0, 100, 5)},
    "service-eligibility": {
        "tenure_months": (0, 14, 5),
        "excellent_titles": (0, 4, 3),
        "months_since_promotion": (0, 16, 6),
        "consecutive_failed_months": (0, 5, 3),
    },
}
MOST = amount(400, proof=4000)


def by_chance(calculator_id: str, number: int) -> Partial:
    """Draw bounds, what is known and what is not."""
    random = Random(f"{calculator_id} {number}")
    bounds = {}
    for name, (low, high, width) in WIDE[calculator_id].items():
        least = random.randrange(low, high)
        bounds[name] = least, min(least + random.randint(1, width), high)
    known: dict[str, object] = {}
    pools: dict[str, Sequence[object]] = {}
    for each in (narrow(each, bounds) for each in calculator(calculator_id).fields):
        if each.kind == "list":
            entries = each.item.choices if each.item and each.item.choices else range(1, 6)
            known[each.name] = random.choices(entries, k=random.randrange(1, 14))
        else:
            pools[each.name] = domain(each)
            known[each.name] = random.choice(pools[each.name])
    unknown: list[str] = []
    for name in random.sample(list(pools), random.randint(1, len(pools))):
        if prod(len(pools[each]) for each in (*unknown, name)) <= MOST:
            unknown.append(name)
    return Partial(
        calculator=calculator_id,
        bounds=bounds,
        known={name: value for name, value in known.items() if name not in unknown},
        unknown=tuple(unknown),
        by_chance=True,
    )


PARTIAL += [by_chance(name, number) for name in WIDE for number in range(amount(3, proof=40))]


@pytest.fixture
def registry() -> Iterator[None]:
    yield
    CALCULATORS.pop(NARROW, None)


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("case", PARTIAL, ids=str)
def test_what_is_not_known_is_the_union_of_everything(case: Partial) -> None:
    chosen = narrowed(case.calculator, case.bounds)
    holes = {name: {"unknown": True} for name in case.unknown}
    tried = list(everything(chosen, case.known, case.unknown))
    if not tried:
        with pytest.raises(InputErrors):
            explain(NARROW, {**case.known, **holes})
        return
    asked = explain(NARROW, {**case.known, **holes})
    assert asked["complete"] is True
    certain, possible = summed_up([found for _, found in tried])
    assert flat(asked["outcome"]) == certain
    assert asked["possible"] == possible
    decides = {each["field"]: set(each["decides"]) for each in asked["needed"]}
    depends = dependent(case.unknown, tried)
    assert decides.keys() >= depends.keys()
    assert all(decides[name] >= fields for name, fields in depends.items())
    # A field may be named whose ways differ in the rule alone; of the cases written by hand none is.
    assert case.by_chance or decides.keys() == depends.keys()


# ---- one varied input: every value of a range, in hundredths or whole ---------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """One input over a range, tried value by value."""

    calculator: str
    known: Mapping[str, object]
    vary: str
    first: int
    last: int
    step: Fraction = Fraction(1, 100)

    def __str__(self) -> str:
        return f"{self.calculator}: {self.vary} from {self.first} to {self.last}"

    def tried(self) -> list[tuple[Fraction, dict[str, Any]]]:
        """Give every value with its outcome; tried once for all tests."""
        if str(self) not in TRIED:
            chosen = calculator(self.calculator)
            places = range(int(self.first / self.step), int(self.last / self.step) + 1)
            TRIED[str(self)] = [
                (value, flat(outcome(chosen, {**self.known, self.vary: value})))
                for value in (place * self.step for place in places)
            ]
        return TRIED[str(self)]


TRIED: dict[str, list[tuple[Fraction, dict[str, Any]]]] = {}


HALF_YEAR = {"grade": 4, "carried": 3, "points": 40, "half": 2}
MARKS = {"regular_employee": True, "interview": [80, 71, 90.5], "manager": 66, "peers": [75, 85]}
SEATS = {"market_open": True, "seats_on_duty": 5, "seats_away": 1}
RANGES = [
    Range(calculator="grade-from-points", known=HALF_YEAR, vary="points", first=-15, last=150),
    Range(
        calculator="grade-from-points",
        known={
            "grade": 17,
            "carried": 7.5,
            "half": 1,
            "previous_year_points": 10,
            "levels_since_raise": 1,
        },
        vary="points",
        first=-5,
        last=150,
    ),
    Range(
        calculator="grade-from-points",
        known={"grade": 2, "points": 6, "half": 1, "first_year": True},
        vary="carried",
        first=0,
        last=100,
    ),
    Range(
        calculator="grade-from-points",
        known={"carried": 19, "points": 95, "half": 2},
        vary="grade",
        first=0,
        last=40,
        step=Fraction(1),
    ),
    Range(
        calculator="grade-from-points",
        known={"grade": 1, "carried": 0, "points": 31, "half": 1},
        vary="previous_year_points",
        first=-20,
        last=30,
    ),
    Range(
        calculator="initial-grade",
        known={"education": "bachelor", "skill": 0},
        vary="years",
        first=0,
        last=90,
    ),
    Range(
        calculator="initial-grade",
        known={"education": "doctor", "years": 5},
        vary="skill",
        first=0,
        last=40,
        step=Fraction(1),
    ),
    Range(calculator="grade-benefits", known={}, vary="grade", first=0, last=60, step=Fraction(1)),
    Range(calculator="training-hours", known={}, vary="total_hours", first=1, last=160),
    Range(
        calculator="conduct-fine", known={}, vary="offences", first=0, last=100, step=Fraction(1)
    ),
    Range(
        calculator="order-error",
        known={"cause": "service", "choice": "return", "commission": 12.3},
        vary="return_freight",
        first=0,
        last=180,
    ),
    Range(calculator="candidate-score", known=MARKS, vary="ability", first=0, last=100),
    Range(
        calculator="seat-check",
        known=SEATS,
        vary="seats_on_duty",
        first=1,
        last=60,
        step=Fraction(1),
    ),
    Range(
        calculator="seat-check", known=SEATS, vary="seats_away", first=0, last=5, step=Fraction(1)
    ),
]
WISHES: Mapping[str, list[tuple[str, Callable[[dict[str, Any]], bool]]]] = {
    "grade-from-points": [
        ("levels >= 2", lambda found: found["levels"] >= 2),
        ("new_grade == 20", lambda found: found["new_grade"] == 20),
        ("remainder > 19.5", lambda found: found["remainder"] > 19.5),
        (
            "remainder < 0.5 and levels > 0",
            lambda found: found["remainder"] < 0.5 and found["levels"] > 0,
        ),
        ("points_to_next <= 1", lambda found: found["points_to_next"] <= 1),
        (
            "counted == 0 or title != '工程师'",
            lambda found: found["counted"] == 0 or found["title"] != "工程师",
        ),
        ("salary_steps.max >= 4", lambda found: found["salary_steps"]["max"] >= 4),
        (
            "benefits.training_allowance != null",
            lambda found: found["benefits.training_allowance"] is not None,
        ),
        (
            "bonus.min >= 12000 and levels_since_raise == 1",
            lambda found: found["bonus"]["min"] >= 12000 and found["levels_since_raise"] == 1,
        ),
    ],
    "initial-grade": [
        ("grade >= 4", lambda found: found["grade"] >= 4),
        ("parts.experience == 1", lambda found: found["parts.experience"] == 1),
        ("title == '技术专家'", lambda found: found["title"] == "技术专家"),
    ],
    "grade-benefits": [
        ("independent_projects == true", lambda found: found["independent_projects"] is True),
        ("benefit_level == 'director'", lambda found: found["benefit_level"] == "director"),
    ],
    "training-hours": [
        ("politics.max >= 7.77", lambda found: found["politics"]["max"] >= 7.77),
        ("basic == 3.7", lambda found: found["basic"] == 3.7),
        ("specialist < 1", lambda found: found["specialist"] < 1),
    ],
    "candidate-score": [
        ("percent >= 80", lambda found: found["percent"] >= 80),
        ("percent == 77.77", lambda found: found["percent"] == 77.77),
        ("total > 77.5 and components[1].mean > 80.4", lambda found: found["total"] > 77.5),
        ("components[0].points < 7.8", lambda found: found["components[0].points"] < 7.8),
    ],
    "conduct-fine": [
        ("fine > 100", lambda found: found["fine"] > 100),
        ("warnings == 0", lambda found: found["warnings"] == 0),
    ],
    "order-error": [
        ("total >= 30", lambda found: found["total"] >= 30),
        ("total != 12.3", lambda found: found["total"] != 12.3),
    ],
    "seat-check": [
        ("compliant == true", lambda found: found["compliant"]),
        ("compliant == false", lambda found: not found["compliant"]),
        ("present > 3 and present < 5", lambda found: found["present"] == 4),
    ],
}


@pytest.mark.parametrize("case", RANGES, ids=str)
def test_the_jumps_are_those_of_every_value(case: Range) -> None:
    tried = case.tried()
    found = jumps(case.calculator, case.known, case.vary, case.first, case.last)["pieces"]
    at = {value: place for place, (value, _) in enumerate(tried)}
    starts = {at[exact(each["from"])]: each for each in found}
    assert sorted(starts) == list(starts)
    assert [at[exact(each["to"])] for each in found] == [
        *(start - 1 for start in list(starts)[1:]),
        len(tried) - 1,
    ]
    for start, piece in starts.items():
        assert flat(piece["outcome"]) == tried[start][1]
        assert (piece["clause"] is None) == (start == 0)
        # What comes out as another word has its clause, itself or what it is part of.
        before, here = tried[max(start - 1, 0)][1], tried[start][1]
        other = [path for path in here if worded(here[path]) and before.get(path) != here[path]]
        assert [path for path in other if not any(map(path.startswith, piece["clauses"]))] == []
        assert None not in piece["clauses"].values()
        assert bool(piece["clauses"]) == (start > 0)
    # Where a piece starts the law before it ends, and within a piece nothing breaks it.
    ends = [*list(starts)[1:], len(tried)]
    for start, end in zip(starts, ends, strict=True):
        outcomes = [outcome for _, outcome in tried[start:end]]
        assert lawful(outcomes)
        if end < len(tried) and end - start > 1:
            assert not lawful([*outcomes, tried[end][1]])


def worded(value: object) -> bool:
    """Tell whether a value is no number: words, yes or no, nothing, a list."""
    return isinstance(value, str | bool | list | None)


def lawful(outcomes: list[dict[str, Any]]) -> bool:
    """Tell whether words stay the same and numbers grow evenly, but for what rounding hides."""
    for path in outcomes[0]:
        if any(path not in outcome for outcome in outcomes):
            return False
        column = [outcome[path] for outcome in outcomes]
        for values in (
            ([each[end] for each in column] for end in ("min", "max"))
            if isinstance(column[0], dict) and all(isinstance(each, dict) for each in column)
            else [column]
        ):
            numbers = [
                value
                for value in values
                if isinstance(value, int | float) and not isinstance(value, bool)
            ]
            if len(numbers) < len(values):
                if any(value != values[0] for value in values):
                    return False
            elif len(values) > 1:
                slope = (values[-1] - values[0]) / (len(values) - 1)
                even = (values[1] - values[0]) if len(values) == 3 else slope
                if any(
                    abs(value - values[0] - place * even) > 0.0101
                    for place, value in enumerate(values)
                ):
                    return False
    return len({tuple(outcome) for outcome in outcomes}) == 1


@pytest.mark.parametrize("case", RANGES, ids=str)
def test_the_least_change_is_the_nearest_of_every_value(case: Range) -> None:
    tried = case.tried()
    for present in (case.first, case.first + (case.last - case.first) // 3, case.last):
        for until, holds in WISHES[case.calculator]:
            reached = [value for value, found in tried if holds(found)]
            near = min(
                reached, key=lambda value: (abs(value - present), value < present), default=None
            )
            found = seek(case.calculator, {**case.known, case.vary: present}, case.vary, until)
            if not found["reachable"]:
                assert near is None, until
                continue
            value = exact(found["value"])
            assert exact(found["change"]) == value - present
            assert holds(flat(found["answer"]["outcome"])), until
            if case.first <= value <= case.last:
                assert value == near, until
            else:
                # What lies beyond the range that was tried must be nearer than anything within.
                assert near is None or abs(value - present) < abs(near - present), until


def test_enough_was_tried() -> None:
    assert sum(int((case.last - case.first) / case.step) + 1 for case in RANGES) >= 100_000
