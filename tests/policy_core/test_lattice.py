"""Whole points under linear bounds, against trying every point."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_core import _lattice
from policy_core._lattice import Region, TooHardError

type Weights = dict[int, int]
type Bounded = tuple[Weights, int | None, int | None]

DIRECTION = st.dictionaries(st.integers(0, 2), st.sampled_from((-3, -2, -1, 1, 2, 5)), min_size=1)
END = st.none() | st.integers(-8, 8)
BOX = st.tuples(st.integers(-5, 3), st.integers(0, 7))


def primitive(weights: Weights) -> Weights:
    common = gcd(*weights.values()) * (1 if weights[min(weights)] > 0 else -1)
    return {name: weights[name] // common for name in sorted(weights)}


def points(boxes: list[tuple[int, int]], bounds: list[Bounded]) -> Iterator[tuple[int, ...]]:
    for point in product(*(range(low, low + width + 1) for low, width in boxes)):
        if all(within(weights, low, high, point) for weights, low, high in bounds):
            yield point


def within(weights: Weights, low: int | None, high: int | None, point: tuple[int, ...]) -> bool:
    value = sum(weight * point[name] for name, weight in weights.items())
    return (low is None or value >= low) and (high is None or value <= high)


def made(boxes: list[tuple[int, int]], bounds: list[Bounded]) -> Region:
    region = Region()
    for name, box in enumerate(boxes):
        region.variable(name, *box)
    for place, (weights, *ends) in enumerate(bounds):
        name = min(weights) if len(weights) == 1 else 10 + place
        region.bound(name, tuple(weights.items()), *ends)
    return region


@pytest.mark.parametrize(
    ("boxes", "bounds", "goal", "best"),
    [
        ([(0, 5)] * 2, [({0: 2, 1: 3}, None, 12)], {0: 1, 1: 1}, 5),
        ([(0, 10)] * 2, [({0: 2, 1: 2}, 5, 5)], {0: 1}, None),  # even is never 5
        # x is above y, so that x + 2y <= 0 leaves y below nothing.
        ([(-5, 5)] * 2, [({0: 1, 1: -1}, 1, None), ({0: 1, 1: 2}, None, 0)], {1: 1}, -1),
        ([(-5, 5)] * 2, [({0: 1, 1: -1}, 1, None), ({0: 1, 1: 2}, None, 0)], {1: -1}, 5),
        # 3x = 2y + 1 at (1, 1), (3, 4) and (5, 7).
        ([(0, 9)] * 2, [({0: 3, 1: -2}, 1, 1)], {0: 1}, 5),
        ([(0, 9)] * 2, [({0: 3, 1: -2}, 1, 1)], {0: -1, 1: 1}, 2),
        # x <= y < z, four together: 0 1 3 or 1 1 2.
        (
            [(0, 3)] * 3,
            [({0: 1, 1: 1, 2: 1}, 4, 4), ({0: 1, 1: -1}, None, 0), ({1: 1, 2: -1}, None, -1)],
            {0: 1},
            1,
        ),
        ([(0, 9)], [({0: 1}, 3, None), ({0: 1}, None, 2)], {0: 1}, None),
    ],
)
def test_the_greatest_whole_value_is_found(
    boxes: list[tuple[int, int]], bounds: list[Bounded], goal: Weights, best: int | None
) -> None:
    assert made(boxes, bounds).greatest(goal) == best


@settings(max_examples=600, deadline=None)
@given(
    st.lists(BOX, min_size=3, max_size=3),
    st.lists(st.tuples(DIRECTION, END, END), max_size=4),
    DIRECTION,
    st.booleans(),
)
def test_points_and_extremes_are_those_of_every_point(
    boxes: list[tuple[int, int]],
    raw: list[tuple[Weights, int | None, int | None]],
    goal: Weights,
    looked_before: bool,
) -> None:
    bounds = [(primitive(weights), low, high) for weights, low, high in raw]
    region = made([(low, low + width) for low, width in boxes], [])
    for place, (weights, least, most) in enumerate(bounds):
        alone = len(weights) == 1
        region.bound(min(weights) if alone else 10 + place, tuple(weights.items()), least, most)
        if looked_before:
            region = region.copy()
            region.point()
    tried = list(points(boxes, bounds))
    found = region.point()
    assert (found is None) == (not tried)
    assert found is None or tuple(found[name] for name in range(3)) in tried
    best = max(
        (sum(weight * point[name] for name, weight in goal.items()) for point in tried),
        default=None,
    )
    assert region.greatest(goal) == best
    if best is not None:
        assert region.greatest(goal, best) is None
        assert region.greatest(goal, best - 1) == best


@pytest.mark.parametrize(("moves", "enough"), [(0, False), (1, True), (2, True)])
def test_every_look_at_a_region_is_a_move_and_its_copies_share_them(
    moves: int, *, enough: bool
) -> None:
    region = Region(moves)
    region.variable(0, 2, 5)
    if enough:
        assert region.copy().point() == {0: 2}
        moves -= 1
    for _ in range(moves):
        assert region.point() == {0: 2}
    with pytest.raises(TooHardError):
        region.point()


def test_a_region_has_twenty_thousand_moves() -> None:
    region = made([(2, 5)], [])
    for _ in range(20_000):
        assert region.point() == {0: 2}
    with pytest.raises(TooHardError):
        region.point()


def test_a_region_is_cut_two_hundred_times() -> None:
    assert made([(0, 10**6)] * 3, [({0: 59, 1: 44, 2: 55}, 1216, 1216)]).point()
    with pytest.raises(TooHardError):  # the next look would find 4 * 198 + 29 * 3
        made([(0, 10**6)] * 3, [({0: 20, 1: 4, 2: 29}, 879, 879)]).point()


@pytest.mark.parametrize(("decisive", "x", "y"), [(3, 0, 1), (1, 2, 3)])
def test_a_region_is_cut_at_its_last_variable_or_else_at_its_first(
    decisive: int, x: int, y: int
) -> None:
    boxes = [(0, 10**6)] * 4
    # Of 2x - 2y = 1 no end of cuts is the last one, but ten times a whole number is never 1 to 9.
    with pytest.raises(TooHardError):
        made(boxes, [({x: 2, y: -2}, 1, 1)]).point()
    region = made(boxes, [({x: 2, y: -2}, 1, 1)])
    region.bound(20, ((decisive, 10),), 1, 9)
    assert region.point() is None
    assert region.greatest({decisive: 1}) is None


def test_what_takes_too_long_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_lattice, "MOST_CUTS", 3)
    region = Region()
    for name in range(3):
        region.variable(name, 0, 10**6)
    # 6x + 10y + 15z = 1 has points over all whole numbers, but none over those from 0 on.
    region.bound(9, ((0, 6), (1, 10), (2, 15)), 29, 29)
    with pytest.raises(TooHardError):
        region.point()
    with pytest.raises(TooHardError):
        region.greatest({0: 1})
