"""Whole lists, days and texts that are not known, against the outcomes of many that they may be.

What each input is drawn from holds the ends of its range and both sides of every threshold, so that
what is said to be exact is reached by one of those that are tried.
"""

# ruff: noqa: S311 - chance, not secrets

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from policy_core import InputErrors, calculator, explain
from policy_core._inputs import Field
from policy_core._varied import keys_of, replaced, value_at
from tests.amounts import amount
from tests.policy_core.brute import flat, outcome, summed_up

type Pool = Sequence[object]
type Drawing = Callable[[Random], list[dict[str, object]]]
type Point = tuple[tuple[object, ...], dict[str, Any]]

UNKNOWN = {"unknown": True}
LARGEST = 10**6
SPECIAL = 0.7
# Of these what is drawn reaches all that is possible; elsewhere ties, rests and sums lie between.
REACHED = ("service-eligibility", "candidate-score", "transfer-timeline")
CASES = amount(5, proof=60)
POINTS = amount(60, proof=400)
EVERYTHING = amount(1500, proof=40_000)

RANKS = (1, 2, 3, 4, LARGEST)
MONTHS = (0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 30)
MARKS = (0, 0.01, 33.34, 60, 100)
GRADES = "ABCD"


def rank_lists() -> Iterator[list[int]]:
    """Ranks all alike, two kinds in turns, one kind and then another, and any."""
    random = Random(1)
    for months in MONTHS:
        yield from ([rank] * months for rank in RANKS)
        for one, other in ((1, 4), (4, 1), (3, LARGEST)):
            yield [one if each % 2 else other for each in range(months)]
            yield from ([one] * (months - late) + [other] * late for late in (1, 3) if months > 3)
        yield from (random.choices(RANKS, k=months) for _ in range(3))


def grade_lists() -> Iterator[list[str]]:
    """Every list of up to three quarters, and longer ones."""
    random = Random(2)
    for quarters in range(4):
        yield from map(list, product(GRADES, repeat=quarters))
    for quarters in (4, 5, 7):
        yield from ([grade] * quarters for grade in GRADES)
        yield from (
            [*"AAA"[:late], *random.choices(GRADES, k=quarters - late)] for late in range(4)
        )
        yield from (
            [*random.choices(GRADES, k=quarters - late), *"AAA"[:late]] for late in range(4)
        )


def mark_lists() -> Iterator[list[float]]:
    """One mark alone, and a few together."""
    random = Random(3)
    yield from ([mark] for mark in MARKS)
    yield from (random.choices(MARKS, k=raters) for raters in (2, 3, 7) for _ in range(4))


def career(random: Random) -> list[dict[str, object]]:
    """Half-years in a row, in any order."""
    first, count = random.randrange(4000, 4004), random.randint(1, 4)
    drawn = [
        {"year": half // 2, "half": half % 2 + 1, "points": random.choice(HALF_YEARS["points"])}
        for half in range(first, first + count)
    ]
    random.shuffle(drawn)
    return drawn


def event(random: Random) -> dict[str, object]:
    """One event with what belongs to its kind; whether it keeps to the table is for the check to say."""
    kind = random.choice(EVENT["kind"])
    drawn: dict[str, object] = {}
    for each in fields_of("contribution-points", "events"):
        if each.name != "kind" and kind in each.when.get("kind", (kind,)):
            drawn[each.name] = random.choice(EVENT[each.name])
    return {"kind": kind, **drawn}


def candidate(random: Random) -> dict[str, object]:
    """One candidate for a ranking."""
    return {name: random.choice(pool) for name, pool in CANDIDATE.items()}


@cache
def fields_of(calculator_id: str, records: str = "") -> tuple[Field, ...]:
    """Give the declared inputs of a calculator, or of the entries of one."""
    fields = calculator(calculator_id).fields
    found = next((each for each in fields if each.name == records), None)
    return found.item.fields if found and found.item else fields


CANDIDATE: Mapping[str, Pool] = {
    "name": ("甲", "乙", "丙"),
    "regular_employee": (True, False),
    "ability": MARKS,
    "interview": tuple(mark_lists()),
    "manager": MARKS,
    "peers": tuple(mark_lists()),
    "fifth": (None, *MARKS),
}
HALF_YEARS: Mapping[str, Pool] = {
    "year": (1999, 2000, 2001, 2002),
    "half": (1, 2),
    "points": (-LARGEST, -3, 0, 5, 5.01, 9.99, 10, 10.01, 20, 29.99, 30, 45, 120),
}
EVENT: Mapping[str, Pool] = {
    "kind": next(each.choices for each in fields_of("contribution-points", "events")),
    "points": (0, 0.01, 1, 2, 3, 5, 10, LARGEST),
    "base": (0, 0.01, 7, LARGEST),
    "adjust_percent": (-20, 0, 20),
    "progress_percent": (0, 50, 100),
    "prepaid": (0, 3, LARGEST),
    "note": (None, "样机"),
}
MANY: Mapping[str, Mapping[str, Pool]] = {
    "service-eligibility": {
        "level": ("trial", "junior", "intermediate", "senior", "reserve-supervisor"),
        "probation_exam_passed": (True, False),
        "violations": (True, False),
        "tenure_months": (0, 2, 3, 5, 6, 11, 12, LARGEST),
        "monthly_ranks": tuple(rank_lists()),
        "quarter_grades": tuple(grade_lists()),
        "excellent_titles": (0, 1, 2, 3, LARGEST),
        "months_since_promotion": (None, 0, 1, 2, 3, 5, 6, 8, 9, 12, 40, LARGEST),
        "consecutive_failed_months": (None, 0, 2, 3, LARGEST),
    },
    "candidate-score": {name: pool for name, pool in CANDIDATE.items() if name != "name"},
    "transfer-timeline": {
        "start": ("0001-01-01", "2023-12-31", "2024-01-31", "2024-02-29", "9998-12-31"),
        "months": (1, 2, 3),
    },
    "candidate-ranking": {"candidates": ()},
    "points-history": {
        "grade": (0, 1, 2, 3, 9, 10, 19, 20, 24, 25, LARGEST),
        "carried": (0, 0.01, 14.99, 15, 19.99, 20, LARGEST),
        "levels_since_raise": (0, 1),
        "history": (),
    },
    "contribution-points": {"events": ()},
}
ENTRIES: Mapping[str, tuple[Drawing, Mapping[str, Pool]]] = {
    "candidates": (
        lambda random: [candidate(random) for _ in range(random.randint(1, 3))],
        CANDIDATE,
    ),
    "events": (lambda random: [event(random) for _ in range(random.randint(1, 3))], EVENT),
    "history": (career, HALF_YEARS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vague:
    """A form with holes, and what may stand in each."""

    calculator: str
    inputs: Mapping[str, object]
    holes: Mapping[str, Pool]

    def asked(self) -> dict[str, Any]:
        """Ask about it as it is."""
        inputs = self.inputs
        for path in self.holes:
            inputs = replaced(inputs, keys_of(path), UNKNOWN)
        return explain(self.calculator, inputs)

    def filled(self, values: Sequence[object]) -> Mapping[str, object]:
        """Fill the holes."""
        inputs = self.inputs
        for path, value in zip(self.holes, values, strict=True):
            inputs = replaced(inputs, keys_of(path), value)
        return inputs

    def outcome(self, values: Sequence[object]) -> dict[str, Any] | None:
        """Give the outcome; None where the values do not go together."""
        try:
            return outcome(calculator(self.calculator), self.filled(values))
        except InputErrors:
            return None

    @property
    def size(self) -> int:
        """Count the ways to fill the holes."""
        count = 1
        for pool in self.holes.values():
            count *= len(pool)
        return count


def vague(calculator_id: str, random: Random) -> Vague:
    """Fill a form by chance, and make one hole or more, most often for a list, a day or a text."""
    case = guessed(calculator_id, random)
    while case.outcome([value_at(case.inputs, keys_of(path)) for path in case.holes]) is None:
        case = guessed(calculator_id, random)
    return case


def guessed(calculator_id: str, random: Random) -> Vague:
    """Fill a form by chance; what stands there may not go together."""
    pools = MANY[calculator_id]
    inputs: dict[str, object] = {}
    holes: dict[str, Pool] = {}
    for name, pool in pools.items():
        if name not in ENTRIES:
            inputs[name] = random.choice(pool)
            holes[name] = pool
            continue
        draw, pools_inside = ENTRIES[name]
        entries = draw(random)
        inputs[name] = entries
        holes[name] = [draw(random) for _ in range(40)]
        for place, entry in enumerate(entries):
            for inner in entry:
                holes[f"{name}[{place}].{inner}"] = pools_inside[inner]
    special = [
        path
        for path, pool in holes.items()
        if path in ENTRIES or path.endswith(("start", "name", "note")) or isinstance(pool[0], list)
    ]
    chosen = {random.choice(special if random.random() < SPECIAL else list(holes))}
    chosen |= set(random.sample(list(holes), random.choice((0, 0, 1, 2))))
    whole = {path for path in chosen if path in ENTRIES}
    kept = [
        path for path in holes if path in chosen and path.partition("[")[0] not in whole - {path}
    ]
    return Vague(
        calculator=calculator_id, inputs=inputs, holes={path: holes[path] for path in kept}
    )


def some(case: Vague, random: Random) -> list[Point]:
    """Try every way to fill the holes, or some of far too many."""
    pools = list(case.holes.values())
    ways = (
        product(*pools)
        if case.size <= EVERYTHING
        else [tuple(random.choice(pool) for pool in pools) for _ in range(POINTS)]
    )
    return [(way, found) for way in ways if (found := case.outcome(way)) is not None]


CHANCES = [(name, number) for name in MANY for number in range(CASES)]


@pytest.mark.parametrize(("calculator_id", "number"), CHANCES, ids=str)
def test_nothing_is_claimed_that_is_not_so(calculator_id: str, number: int) -> None:
    random = Random(f"{calculator_id} {number}")
    case = vague(calculator_id, random)
    tried = some(case, random)
    asked = case.asked()
    decides = {each["field"]: set(each["decides"]) for each in asked["needed"]}
    told = bool(asked["outcome"] or asked["possible"])
    for _, real in tried:
        assert told or not asked["complete"]
        assert agrees(asked["outcome"], real), real
        laid = flat(real)
        for path, value in laid.items():
            if path in asked["possible"]:
                assert held(asked["possible"][path], value), (path, value)
            else:
                known = flat(asked["outcome"])
                assert path in known or not asked["complete"], path
    for way, real in random.sample(tried, min(len(tried), 12)):
        place = random.randrange(len(way))
        other = (*way[:place], random.choice(list(case.holes.values())[place]), *way[place + 1 :])
        there = case.outcome(other)
        changed = {
            name
            for name in real.keys() | (there or {}).keys()
            if there is not None and real.get(name, case) != there.get(name, case)
        }
        path = list(case.holes)[place]
        inner = set().union(*(by for name, by in decides.items() if name.startswith(path)))
        assert not changed or (inner >= changed if told else path in decides), (path, way, other)
    for way, _ in random.sample(tried, min(len(tried), 2)):
        there = {each["id"]: each for each in explain(calculator_id, case.filled(way))["unmet"]}
        for each in asked["unmet"]:
            assert each["clause"] == there[each["id"]]["clause"]
            for key in ("have", "need", "missing"):
                value = there[each["id"]][key]
                assert each[key] == value or held(each[key], value), (each, there[each["id"]])
    if asked["complete"] and calculator_id in REACHED and case.size <= EVERYTHING:
        certain, possible = summed_up([flat(real) for _, real in tried])
        assert asked["possible"] == possible
        assert flat(asked["outcome"]) == certain


def agrees(part: Any, whole: Any) -> bool:  # noqa: ANN401
    """Tell whether a part of an outcome is a part of another one."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and agrees(each, whole[key]) for key, each in part.items()
        )
    if isinstance(part, list):
        return (
            isinstance(whole, list)
            and len(part) == len(whole)
            and all(agrees(one, other) for one, other in zip(part, whole, strict=True))
        )
    return bool(part == whole and type(part) is type(whole)) or (
        isinstance(part, int | float) and part == whole
    )


def held(possible: Any, value: Any) -> bool:  # noqa: ANN401
    """Tell whether a value is among what is possible."""
    if isinstance(possible, list):
        return any(agrees(each, value) for each in possible)
    if not isinstance(possible, dict):
        return False
    if isinstance(value, dict):
        return bool(possible["min"] <= value["min"] <= value["max"] <= possible["max"])
    if isinstance(value, int | float) and not isinstance(value, bool) and "min" in possible:
        return bool(possible["min"] <= value <= possible["max"])
    return held(possible.get("or", []), value)
