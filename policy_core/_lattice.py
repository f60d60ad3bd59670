"""Whole points under linear bounds: is there one, and which lies furthest? Exact, in integers alone.

A `Region` is a small integer program. Its rows are directions (a sum of variables with whole weights), each
between two bounds; its points are whole. The simplex method walks over the rational points, and where
a corner is not whole the region is cut in two beside it.
"""

# ruff: noqa: SLF001 - a region looks into its own copies

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd, lcm

MOST_CUTS = 200
MOST_MOVES = 20_000

type Direction = tuple[tuple[int, int], ...]
type Row = tuple[int, dict[int, int]]


class TooHardError(Exception):
    """The region was cut too often; whether it holds a point is not known."""


class Region:
    """Whole variables, the bounds of their directions, and the corner at which the last walk ended.

    A row says `size * basic = sum of weight * free`; the free variables stand at whole values.
    `moves` are those that a region and all its copies have left together.
    """

    __slots__ = ("_at", "_high", "_low", "_moves", "_rows", "_whole")

    def __init__(self, moves: int = MOST_MOVES) -> None:
        self._moves = [moves]
        self._low: dict[int, int] = {}
        self._high: dict[int, int] = {}
        self._at: dict[int, int] = {}
        self._rows: dict[int, Row] = {}
        self._whole: list[int] = []

    def copy(self) -> Region:
        """Give a region that can be cut without touching this one."""
        made = Region()
        made._moves = self._moves
        made._low, made._high = self._low.copy(), self._high.copy()
        made._at, made._rows, made._whole = self._at.copy(), self._rows.copy(), self._whole.copy()
        return made

    def variable(self, name: int, low: int, high: int) -> None:
        """Add a whole variable between two bounds."""
        self._low[name], self._high[name] = low, high
        self._at[name] = min(max(0, low), high)
        self._whole.append(name)

    def bounds(self, name: int) -> tuple[int, int]:
        """Give the bounds of a variable or of a direction that has a name."""
        return self._low[name], self._high[name]

    def named(self, name: int) -> bool:
        """Tell whether a direction was bounded here before."""
        return name in self._low

    def span(self, weights: Mapping[int, int]) -> tuple[int, int]:
        """Bound a direction by the bounds of its variables alone: quick, and never too narrow."""
        low = high = 0
        for name, weight in weights.items():
            ends = self._low[name] * weight, self._high[name] * weight
            low, high = low + min(ends), high + max(ends)
        return low, high

    def bound(self, name: int, direction: Direction, low: int | None, high: int | None) -> None:
        """Bound a direction from below, from above or both; `name` is the variable's own where it is one."""
        if name not in self._low:
            weights = dict(direction)
            self._low[name], self._high[name] = self.span(weights)
            self._rows[name] = self._freed(weights)
        if low is not None:
            self._low[name] = max(low, self._low[name])
        if high is not None:
            self._high[name] = min(high, self._high[name])
        if name in self._at:
            self._at[name] = max(min(self._at[name], self._high[name]), self._low[name])

    def _freed(self, weights: Mapping[int, int]) -> Row:
        """Write a direction in the free variables alone."""
        size = lcm(*(self._rows[each][0] for each in weights if each in self._rows))
        found: dict[int, int] = {}
        for name, weight in weights.items():
            if name in self._rows:
                own, inner = self._rows[name]
                for free, amount in inner.items():
                    found[free] = found.get(free, 0) + weight * amount * size // own
            else:
                found[name] = found.get(name, 0) + weight * size
        return reduced(size, found)

    def _value(self, name: int) -> tuple[int, int]:
        """Give where a basic variable stands, as a numerator over its row's size."""
        size, weights = self._rows[name]
        return sum(weight * self._at[free] for free, weight in weights.items()), size

    def _pivot(self, leaving: int, entering: int, stop: int) -> None:
        """Let a basic variable stop at a bound, and a free one move in its place."""
        size, weights = self._rows.pop(leaving)
        lead = abs(weights[entering])
        sign = 1 if weights[entering] > 0 else -1
        # Rows are shared with copies of this region: they are replaced, never changed.
        solved = {free: -weight * sign for free, weight in weights.items() if free != entering}
        solved[leaving] = size * sign
        for name, (own, row) in self._rows.items():
            amount = row.get(entering)
            if amount:
                mixed = {free: each * lead for free, each in row.items() if free != entering}
                for free, each in solved.items():
                    mixed[free] = mixed.get(free, 0) + each * amount
                self._rows[name] = reduced(own * lead, mixed)
        self._rows[entering] = reduced(lead, solved)
        del self._at[entering]
        self._at[leaving] = stop

    def _move(self) -> None:
        self._moves[0] -= 1
        if self._moves[0] < 0:
            raise TooHardError

    def _settle(self) -> bool:
        """Walk to a rational point within all bounds, if there is one (Bland's rule: it ends)."""
        if any(self._low[name] > self._high[name] for name in self._low):
            return False
        while True:
            self._move()
            for name in sorted(self._rows):
                value, size = self._value(name)
                if value < self._low[name] * size:
                    up, stop = 1, self._low[name]
                    break
                if value > self._high[name] * size:
                    up, stop = -1, self._high[name]
                    break
            else:
                return True
            entering = self._movable(self._rows[name][1], up)
            if entering is None:
                return False
            self._pivot(name, entering, stop)

    def _movable(self, weights: Mapping[int, int], up: int) -> int | None:
        """Find the first free variable that can still move a row in the wanted sense."""
        for free in sorted(weights):
            if self._room(free, weights[free] * up):
                return free
        return None

    def _climb(self, weights: Mapping[int, int]) -> int:
        """Walk to the corner where a direction is greatest; give its value there, rounded down."""
        while True:
            self._move()
            size, goal = self._freed(weights)
            entering = self._movable(goal, 1)
            if entering is None:
                return sum(weight * self._at[free] for free, weight in goal.items()) // size
            up = 1 if goal[entering] > 0 else -1
            # How far may it move? As a fraction: the room of the tightest bound on the way.
            room, per, leaving, stop = self._room(entering, up), 1, None, 0
            for name in sorted(self._rows):
                own, row = self._rows[name]
                sense = row.get(entering, 0) * up
                if not sense:
                    continue
                end = self._high[name] if sense > 0 else self._low[name]
                left = abs(end * own - self._value(name)[0])
                if left * per < room * abs(sense):
                    room, per, leaving, stop = left, abs(sense), name, end
            if leaving is None:
                self._at[entering] += up * room
            else:
                self._pivot(leaving, entering, stop)

    def _room(self, free: int, up: int) -> int:
        """Tell how far a free variable may move before its own bound."""
        return self._high[free] - self._at[free] if up > 0 else self._at[free] - self._low[free]

    def _broken(self, order: int) -> tuple[int, int] | None:
        """Find a variable that does not stand at a whole value, and the whole value below it."""
        for name in self._whole[::order]:
            if name in self._rows:
                value, size = self._value(name)
                if value % size:
                    return name, value // size
        return None

    def _halves(self, name: int, below: int) -> tuple[Region, Region]:
        """Cut beside a value that is not whole."""
        left, right = self.copy(), self.copy()
        left._high[name], right._low[name] = below, below + 1
        return left, right

    def point(self) -> dict[int, int] | None:
        """Find a whole point, or None where there is none.

        Raises:
            TooHardError: it would take too long to know.

        """
        return either(self._point)

    def _point(self, order: int) -> dict[int, int] | None:
        waiting = [self]
        for _ in range(MOST_CUTS):
            if not waiting:
                return None
            region = waiting.pop()
            if not region._settle():
                continue
            broken = region._broken(order)
            if broken is None:
                return {name: region._whole_value(name) for name in region._whole}
            waiting += region._halves(*broken)
        raise TooHardError

    def _whole_value(self, name: int) -> int:
        if name in self._at:
            return self._at[name]
        value, size = self._value(name)
        return value // size

    def greatest(self, weights: Mapping[int, int], least: int | None = None) -> int | None:
        """Give the greatest whole value of a direction, or None where none lies above `least`.

        Raises:
            TooHardError: it would take too long to know.

        """
        return either(lambda order: self._greatest(weights, least, order))

    def _greatest(self, weights: Mapping[int, int], least: int | None, order: int) -> int | None:
        waiting, best = [self.copy()], least
        for _ in range(MOST_CUTS):
            if not waiting:
                return best if best != least else None
            region = waiting.pop()
            if not region._settle():
                continue
            top = region._climb(weights)
            if best is not None and top <= best:
                continue
            broken = region._broken(order)
            if broken is None:
                best = top
            else:
                waiting += region._halves(*broken)
        raise TooHardError


def either[Found](search: Callable[[int], Found]) -> Found:
    """Search by cutting at the last variable, which says most about the others; else at the first."""
    try:
        return search(-1)
    except TooHardError:
        return search(1)


def reduced(size: int, weights: dict[int, int]) -> Row:
    """Keep the numbers of a row small, and leave out what weighs nothing."""
    common = gcd(size, *weights.values())
    if common == 1:
        return size, {name: weight for name, weight in weights.items() if weight}
    return size // common, {name: weight // common for name, weight in weights.items() if weight}
