"""What cannot be told apart from trying everything: unknown inputs, the least change, and each jump."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from policy_core import explain
from policy_core._registry import CALCULATORS
from tests.policy_core.brute import NARROW, everything, flat, narrowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Partial:
    """A calculator narrowed to few values, and a form that is filled in part."""

    calculator: str
    bounds: Mapping[str, tuple[int, int]]
    known: Mapping[str, object] = field(default_factory=dict)
    unknown: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.calculator}: {', '.join(self.unknown)}"


POINTS = {"grade": (0, 30), "carried": (14, 21), "points": (-3, 70), "previous_year_points": (9, 11)}
PARTIAL = [
    Partial(calculator="grade-from-points", bounds=POINTS, known={"grade": 4, "carried": 3, "half": 2}, unknown=("points",)),
    Partial(calculator="grade-from-points", bounds=POINTS, known={"grade": 2, "carried": 15}, unknown=("points", "half", "previous_year_points")),
    Partial(calculator="grade-from-points", bounds=POINTS, known={"grade": 19}, unknown=("carried", "points", "half", "previous_year_points", "levels_since_raise")),
    Partial(calculator="grade-from-points", bounds=POINTS, known={"points": 40, "half": 1, "first_year": True}, unknown=("grade", "carried")),
    Partial(calculator="grade-from-points", bounds=POINTS | {"points": (4, 41), "carried": (0, 1), "grade": (0, 26)}, unknown=("grade", "carried", "points", "half", "previous_year_points")),
    Partial(calculator="grade-from-points", bounds=POINTS | {"points": (600, 660)}, known={"carried": 0, "half": 2}, unknown=("grade", "points")),
    Partial(calculator="initial-grade", bounds={"years": (0, 12), "skill": (0, 26)}, unknown=("education", "years", "skill")),
    Partial(calculator="grade-benefits", bounds={"grade": (0, 40)}, unknown=("grade",)),
]


@pytest.fixture
def registry() -> Iterator[None]:
    yield
    CALCULATORS.pop(NARROW, None)


@pytest.mark.usefixtures("registry")
@pytest.mark.parametrize("case", PARTIAL, ids=str)
def test_what_is_not_known_is_the_union_of_everything(case: Partial) -> None:
    chosen = narrowed(case.calculator, case.bounds)
    asked = explain(NARROW, {**case.known, **{name: {"unknown": True} for name in case.unknown}})
    assert asked["complete"] is True
    tried = list(everything(chosen, case.known, case.unknown))
    paths = list(dict.fromkeys(path for _, found in tried for path in found))
    certain, possible = {}, {}
    for path in paths:
        values = [found[path] for _, found in tried if path in found]
        if len(values) == len(tried) and all(value == values[0] for value in values):
            certain[path] = values[0]
        else:
            possible[path] = union(values)
    assert flat(asked["outcome"]) == certain
    assert asked["possible"] == possible
    decides = {each["field"]: set(each["decides"]) for each in asked["needed"]}  # type: ignore[attr-defined]
    depends = dependent(case.unknown, tried)
    assert decides.keys() == depends.keys()
    assert all(decides[name] >= fields for name, fields in depends.items())


def union(values: list[Any]) -> object:
    """Give the two ends of numbers and ranges, and the values of everything else."""
    ends = [value for value in values if isinstance(value, dict)]
    numbers = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
    others = [value for value in values if value is None or isinstance(value, bool | str | list)]
    listed = sorted({repr(value): value for value in others}.values(), key=lambda value: (value is not None, repr(value)))
    if not ends and not numbers:
        return listed
    low = min([each["min"] for each in ends] + numbers)
    high = max([each["max"] for each in ends] + numbers)
    return {"min": low, "max": high} | ({"or": listed} if listed else {})


def dependent(unknown: tuple[str, ...], tried: list[tuple[tuple[object, ...], dict[str, Any]]]) -> dict[str, set[str]]:
    """Say which field of the outcome changes where one input alone is changed."""
    found: dict[str, set[str]] = {}
    for place, name in enumerate(unknown):
        first: dict[tuple[object, ...], dict[str, Any]] = {}
        for combination, outcome in tried:
            others = combination[:place] + combination[place + 1 :]
            before = first.setdefault(others, outcome)
            for path in before.keys() | outcome.keys():
                if before.get(path, NARROW) != outcome.get(path, NARROW):
                    found.setdefault(name, set()).add(path.partition(".")[0].partition("[")[0])
    return found
