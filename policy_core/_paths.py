"""Every way through a rule that some values of the unknown inputs take, each found by running the rule again.

A run asks how comparisons come out. Where both verdicts are possible the run goes on with one, and
the other is kept for a run of its own: the same verdicts up to there, then the other one. A run that
has ended is a `Leaf`: on its region of inputs every number of the outcome is one linear form.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import cast

from policy_core._lattice import Direction, Region, TooHardError
from policy_core._symbolic import (
    DeadEndError,
    Stepped,
    Symbolic,
    UnknowableError,
    up,
)

MOST_ASKED = 20_000
MOST_VALUES = 200

type Point = dict[int, int]


@dataclass(frozen=True, slots=True)
class Fork:
    """A place where a rule can go several ways; `asks` are the inputs that decide which."""

    key: Hashable
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Leaf[Result]:
    """One way through the rule: what came out, where it holds, and the forks on the way there."""

    result: Result | None
    region: Region
    point: Point
    turns: tuple[tuple[Fork, object], ...]
    unknowable: str


@dataclass(slots=True)
class Branch:
    """A run to come: its verdicts, and what is known where they end."""

    script: list[object]
    region: Region
    point: Point
    known: dict[int, tuple[int, int]]
    turns: list[tuple[Fork, object]]


class Paths:
    """Explores a rule depth first.

    `complete` says whether every way was seen, `exact` whether all that is said of them is true.
    """

    def __init__(self) -> None:
        self.complete = True
        self.exact = True
        self.steps: dict[str, Stepped] = {}
        self.asks: dict[int, frozenset[str]] = {}
        self._names: dict[Hashable, int] = {}
        # Every run begins with setting these.
        self._waiting: list[Branch]
        self._now: Branch
        self._place: int

    def explore[Result](self, run: Callable[[], Result]) -> Iterator[Leaf[Result]]:
        """Run again and again until every way was taken, or too many."""
        self._waiting = [Branch([], Region(), {}, {}, [])]
        asked = 0
        while self._waiting:
            if asked > MOST_ASKED:
                self.complete = False
                return
            self._now, self._place = self._waiting.pop(), 0
            result, unknowable = None, ""
            try:
                result = run()
            except DeadEndError:
                asked += len(self._now.script) + 1
                continue
            except UnknowableError as error:
                self.complete, unknowable = False, error.path
            now = self._now
            asked += len(now.script) + 1
            yield Leaf(result, now.region, now.point, tuple(now.turns), unknowable)

    # ---- what a run asks --------------------------------------------------------------------------

    def variable(
        self, path: str, low: int, high: int, parts: int, also: frozenset[str] = frozenset()
    ) -> Symbolic:
        """Give an unknown number: a whole variable that counts its parts; "#" opens a part of an input.

        `also` are further inputs that have a say in it.
        """
        name = self._name(("input", path))
        self.asks[name] = also | {path.partition("#")[0]}
        if self._fresh(name):
            self._now.region.variable(name, low, high)
            self._now.point[name] = min(max(0, low), high)
        return Symbolic(self, 0, {name: 1}, parts)

    def choose(self, name: str, options: tuple[object, ...], path: str = "") -> object:
        """Take one of the values of an unknown choice; the others are taken by other runs.

        `path` is the input that decides; without one it is no input.
        """
        now = self._now
        if self._place == len(now.script):
            fork = Fork(name, frozenset((path,) if path else ()))
            for each in reversed(options[1:]):
                self._keep(fork, each, now.region.copy(), now.point.copy())
            self._turn(fork, options[0])
        return self._next()

    def at_most(self, form: Symbolic, place: int, clause: str) -> bool:  # noqa: ARG002 - for the walk
        """Tell whether a form is so many of its parts or less."""
        if not form.terms:
            return form.constant <= place
        along, scale = form.along
        if scale > 0:
            return self._below(along, (place - form.constant) // scale)
        return not self._below(along, up(form.constant - place, -scale) - 1)

    def is_at(self, form: Symbolic, place: int, clause: str) -> bool:  # noqa: ARG002 - for the walk
        """Tell whether a form is so many of its parts."""
        if not form.terms:
            return form.constant == place
        along, scale = form.along
        there, rest = divmod(place - form.constant, scale)
        return not rest and self._below(along, there) and not self._below(along, there - 1)

    def floor(self, form: Symbolic, clause: str) -> Symbolic:  # noqa: ARG002 - for the walk
        """Give the whole part of a form: a fresh whole variable, bound to it from both sides."""
        if form.parts == 1:
            return form
        if not form.terms:
            return Symbolic(self, form.constant // form.parts)
        name = self._name(("floor", form.law))
        found = Symbolic(self, 0, {name: 1})
        self.asks[name] = self._asked(form.terms)
        if self._fresh(name):
            now, parts = self._now, form.parts
            low, high = self._span(form)
            now.region.variable(name, low // parts, high // parts)
            now.point[name] = self._at(form) // parts
            # What is left of the form is 0 parts or more, and less than all of them.
            rest = form - found
            along, scale = rest.along
            least, most = -rest.constant, parts - 1 - rest.constant
            if scale < 0:
                scale, least, most = -scale, -most, -least
            now.region.bound(self._direction(along), along, up(least, scale), most // scale)
        return found

    def fix(self, form: Symbolic) -> Fraction:
        """Fix a form to one of its values; the others are taken by other runs.

        Raises:
            UnknowableError: there are too many.

        """
        if not form.terms:
            return form.value
        if self._place == len(self._now.script):
            self._split(form)
        return cast("Fraction", self._next())

    def product(self, left: Symbolic, right: Symbolic) -> Symbolic:
        """Bound a product of two unknown numbers; it is no linear form, so no more is known of it."""
        self.exact = False
        parts = left.parts * right.parts
        name = self._name(("product", left.law, right.law))
        self.asks[name] = self._asked(left.terms) | self._asked(right.terms)
        if self._fresh(name):
            ends = [one * other for one in self._span(left) for other in self._span(right)]
            self._now.region.variable(name, min(ends), max(ends))
            self._now.point[name] = self._at(left) * self._at(right)
        return Symbolic(self, 0, {name: 1}, parts)

    # ---- what is known of a form ------------------------------------------------------------------

    def extreme(
        self, leaf: Leaf[object], form: Symbolic, sense: int, beyond: tuple[int, int]
    ) -> int | None:
        """Give the greatest (sense 1) or least (-1) number of parts on a leaf.

        It is None where none lies beyond a ratio, and perhaps too far out where it is too hard to find.
        """
        along, scale = form.along
        sign, size = (sense, scale) if scale > 0 else (-sense, -scale)
        number, parts = beyond
        least = (number * form.parts - form.constant * parts) * sense // (parts * size)
        try:
            found = leaf.region.greatest({name: weight * sign for name, weight in along}, least)
        except TooHardError:
            self.exact = False
            return self.outer(leaf, form)[max(sense, 0)]
        return None if found is None else form.constant + found * sense * size

    def closest(
        self, leaf: Leaf[object], path: str, place: Fraction, sense: int, bounds: tuple[int, int]
    ) -> int | None:
        """Give the place of an unknown number on a leaf that is next to another, above (1) or below (-1)."""
        name = self._name(("input", path))
        if not leaf.region.named(name):
            # The leaf did not ask for it: any place is as good.
            return min(max(floor(place), bounds[0]), bounds[1])
        region = leaf.region.copy()
        region.bound(name, (), *((ceil(place), None) if sense > 0 else (None, floor(place))))
        found = region.greatest({name: -sense})
        return None if found is None else -sense * found

    def outer(self, leaf: Leaf[object], form: Symbolic) -> tuple[int, int]:
        """Bound the parts of a form on a leaf quickly: perhaps too wide, never too narrow."""
        along, scale = form.along
        name, region = self._direction(along), leaf.region
        low, high = region.bounds(name) if region.named(name) else region.span(dict(along))
        ends = form.constant + scale * low, form.constant + scale * high
        return min(ends), max(ends)

    def asked_by(self, form: Symbolic) -> frozenset[str]:
        """Give the unknown inputs that a form depends on."""
        return self._asked(form.terms)

    # ---- the machinery ----------------------------------------------------------------------------

    def _name(self, key: Hashable) -> int:
        return self._names.setdefault(key, len(self._names))

    def _direction(self, along: Direction) -> int:
        return along[0][0] if len(along) == 1 else self._name(along)

    def _asked(self, names: object) -> frozenset[str]:
        return frozenset[str]().union(*(self.asks[each] for each in names))  # type: ignore[attr-defined]

    def _fresh(self, name: int) -> bool:
        return self._place == len(self._now.script) and not self._now.region.named(name)

    def _next(self) -> object:
        self._place += 1
        return self._now.script[self._place - 1]

    def _turn(self, fork: Fork, option: object) -> None:
        self._now.script.append(option)
        self._now.turns.append((fork, option))

    def _keep(self, fork: Fork, option: object, region: Region, point: Point) -> None:
        now = self._now
        self._waiting.append(
            Branch(
                [*now.script, option], region, point, now.known.copy(), [*now.turns, (fork, option)]
            )
        )

    def _span(self, form: Symbolic) -> tuple[int, int]:
        low, high = self._now.region.span(form.terms)
        return form.constant + low, form.constant + high

    def _at(self, form: Symbolic) -> int:
        return at(form, self._now.point)

    def _below(self, along: Direction, limit: int) -> bool:
        """Tell whether a direction is at most `limit`; the other verdict is kept where it is possible."""
        now = self._now
        if self._place == len(now.script):
            now.script.append(self._verdict(along, limit))
        return bool(self._next())

    def _verdict(self, along: Direction, limit: int) -> bool:
        now, name = self._now, self._direction(along)
        region = now.region
        # What is known of a direction is as narrow as its bounds, or narrower.
        low, high = now.known.get(name) or (
            region.bounds(name) if region.named(name) else region.span(dict(along))
        )
        if not low <= limit < high:
            return high <= limit
        holds = sum(weight * now.point[each] for each, weight in along) <= limit
        under, over = (None, limit), (limit + 1, None)
        other = now.region.copy()
        other.bound(name, along, *(over if holds else under))
        try:
            point = other.point()
        except TooHardError:
            self.complete, point = False, None
        if point is not None:
            fork = Fork((along, limit), self._asked(each for each, _ in along))
            now.known[name] = (limit + 1, high) if holds else (low, limit)
            self._keep(fork, not holds, other, point)
            now.region.bound(name, along, *(under if holds else over))
            now.turns.append((fork, holds))
        # Where the other verdict is impossible this saves asking again.
        now.known[name] = (low, limit) if holds else (limit + 1, high)
        return holds

    def _split(self, form: Symbolic) -> None:
        now = self._now
        along, scale = form.along
        name, asks = self._direction(along), self._asked(form.terms)
        ways: list[tuple[Fraction, Region, Point]] = []
        try:
            for place in self._places(along):
                region = now.region.copy()
                region.bound(name, along, place, place)
                point = region.point()
                if point is not None:
                    value = Fraction(form.constant + scale * place, form.parts)
                    ways.append((value, region, point))
        except TooHardError as error:
            raise UnknowableError(min(asks)) from error
        fork = Fork(form.law, asks)
        for value, region, point in reversed(ways[1:]):
            self._keep(fork, value, region, point)
        value, now.region, now.point = ways[0]
        self._turn(fork, value)

    def _places(self, along: Direction) -> range:
        """Give the whole values that a direction may take, if they are few.

        Raises:
            TooHardError: there are too many, or it takes too long to know.

        """
        region = self._now.region
        highest = region.greatest(dict(along))
        lowest = region.greatest({each: -weight for each, weight in along})
        if highest is None or lowest is None or highest + lowest >= MOST_VALUES:
            raise TooHardError
        return range(-lowest, highest + 1)


def at(form: Symbolic, point: Point) -> int:
    """Give how many of its parts a form is at a point."""
    return form.constant + sum(weight * point[name] for name, weight in form.terms.items())
