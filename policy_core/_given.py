"""What a rule is given where not all inputs are fixed: each is settled when the rule first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any, Protocol, cast

from policy_core._clause import full
from policy_core._exact import LARGEST, PLACES
from policy_core._inputs import Field, Unknown
from policy_core._paths import Paths
from policy_core._registry import Calculator
from policy_core._symbolic import (
    NOTHING,
    DeadEndError,
    Explorer,
    Symbolic,
    UnknowableError,
)


def resolution(each: Field) -> Fraction:
    """Give the step in which a number is entered: whole ones by one, others by their last place."""
    return Fraction(1) if each.kind == "integer" else Fraction(1, PLACES)


def reach(each: Field) -> tuple[int, int]:
    """Give the least and the greatest value of a number, counted in its resolution."""
    step = resolution(each)
    low = ceil((Fraction(-LARGEST) if each.minimum is None else each.minimum) / step)
    high = floor((Fraction(LARGEST) if each.maximum is None else each.maximum) / step)
    return (low + 1 if each.exclusive and low * step == each.minimum else low), high


class Supplier(Protocol):
    """Gives a value for each unknown input that a rule asks for."""

    def __call__(self, unknown: Unknown) -> object:
        """Give a number that is not fixed, or one of a few values."""


class Unfixed:
    """Supplies unknown inputs along all paths: numbers stay open, choices are taken one by one."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    def __call__(self, unknown: Unknown) -> object:
        """Settle one unknown input; an optional one may also not be there."""
        each, path = unknown.field, unknown.path
        if (
            not each.required
            and each.default is None
            and self.paths.choose(path, (True, False), path)
        ):
            return None
        match each.kind:
            case "number" | "integer":
                return self.number(unknown)
            case "boolean":
                return self.paths.choose(f"{path}?", (True, False), path)
            case "choice":
                return self.paths.choose(f"{path}?", each.choices, path)
            case "list" | "records":
                return UnknownList(unknown, self, (each.minimum_items, each.maximum_items), [0])
        return Untold(path)

    def part(self, name: str) -> bool:
        """Tell whether this run makes a field that stands apart, alone; another run makes the rest."""
        return bool(self.paths.choose(f"part {name}", (False, True)))

    def number(self, unknown: Unknown) -> Symbolic:
        """Settle an unknown number that is there: it may be any that its field allows."""
        each = unknown.field
        return self.paths.variable(unknown.path, *reach(each), resolution(each).denominator)


class Untold:
    """A value that no number stands for, such as a day; whatever is made of it is not told either."""

    __slots__ = ("law", "path")

    def __init__(self, path: str, law: tuple[object, ...] = ()) -> None:
        self.path = path
        self.law = law

    def __getattr__(self, name: str) -> object:
        raise UnknowableError(self.path)


class UnknownList[Entry](Sequence[Entry]):
    """A list of which not even the length is known, but that it lies between two bounds.

    Whether there are enough for a rule that takes the latest is a fork; where it is not known how many it
    takes, they are no more than that number, `most`. Entries stand for themselves where it is settled
    how many there are; how often something holds of them is any number up to how many there are.
    A rule that looks at the same list twice is told more than can be, and never less.
    """

    def __init__(
        self,
        unknown: Unknown,
        supply: Unfixed,
        bounds: tuple[int, int],
        looks: list[int],
        most: Symbolic | None = None,
    ) -> None:
        self.unknown = unknown
        self.item = unknown.field.item or unknown.field
        self._supply = supply
        self._shortest, self._longest = bounds
        self._looks = looks  # counted together with all parts of the same list
        self._most = most
        self._entries: list[object] | None = None

    @property
    def settled(self) -> bool:
        """Tell whether it is known how many entries there are."""
        return self._shortest == self._longest

    def latest(self, count: int) -> UnknownList[Entry]:
        """Take the latest entries; where it is not known whether there are enough, both ways are taken."""
        least, most = min(self._shortest, count), min(self._longest, count)
        if least < most == count:
            path = self.unknown.path
            self._supply.paths.exact &= self._most is None
            if self._supply.paths.choose(f"{path}>={count}", (True, False), path):
                least = self._shortest = count
            else:
                most = self._longest = count - 1
        return self._part(least, most)

    def latest_of(self, most: Symbolic) -> UnknownList[Entry]:
        """Take as many of the latest entries as a number that is not known."""
        if self._shortest or self._most is not None:
            self._supply.paths.exact = False
        return UnknownList(self.unknown, self._supply, (0, self._longest), self._looks, most)

    def count_all(self) -> Symbolic:
        """Give the number of entries."""
        if not self.settled:
            self._look()
        return self._number(self._shortest)

    def how_often(self, test: Callable[[Entry], bool]) -> Symbolic:
        """Count entries that pass a test: none, all, or any number between, as far as can be told."""
        self._look()
        ends: tuple[object, ...] = self.item.choices
        if not ends:
            ends = tuple(each * resolution(self.item) for each in reach(self.item))
        if len({bool(test(cast("Entry", each))) for each in ends}) == 1:
            self._supply.paths.exact = False
        return self._number(0)

    def _number(self, least: int) -> Symbolic:
        paths, name = self._supply.paths, self._fresh()
        if self._most is None:
            return paths.variable(name, least, self._longest, 1)
        also = paths.asked_by(self._most)
        found = paths.variable(f"{name} of some", least, self._longest, 1, also)
        if found > self._most:
            raise DeadEndError
        return found

    def _part(self, shortest: int, longest: int) -> UnknownList[Entry]:
        bounds = shortest, longest
        return UnknownList(self.unknown, self._supply, bounds, self._looks, self._most)

    def _fresh(self) -> str:
        self._looks[0] += 1
        return f"{self.unknown.path}#{self._looks[0]}"

    def _look(self) -> None:
        if self._looks[0]:
            self._supply.paths.exact = False

    def __len__(self) -> int:
        if not self.settled:
            raise UnknowableError(self.unknown.path)
        return self._longest

    def __bool__(self) -> bool:
        if self._shortest == 0 < self._longest:
            path = self.unknown.path
            self._supply.paths.exact &= self._most is None
            if self._supply.paths.choose(f"{path}#{self._longest}", (True, False), path):
                self._shortest = 1
            else:
                self._longest = 0
        return self._longest > 0

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an entry, or several
        if isinstance(index, slice) and index.start is None and index.step is None:
            most = cast("int", index.stop)
            return self._part(min(self._shortest, most), min(self._longest, most))
        raise UnknowableError(self.unknown.path)

    def __iter__(self) -> Iterator[Entry]:
        if self._entries is None:
            count = len(self)
            self._look()
            self._entries = [
                self._supply(Unknown(field=self.item, path=self._fresh())) for _ in range(count)
            ]
        yield from cast("list[Entry]", self._entries)


class Flow:
    """Turns checked values into what flows through a rule; a number knows the clause of its field."""

    def __init__(self, chosen: Calculator, explorer: Explorer, supply: Supplier) -> None:
        self._policy = chosen.policy
        self._explorer = explorer
        self._supply = supply

    def value(self, each: Field, value: Any) -> Any:  # noqa: ANN401 - a field's value is what it is
        """Turn one value, and in a list each of its entries."""
        match value:
            case Unknown():
                found = self._supply(value)
                if isinstance(found, Symbolic):
                    found.clause = full(self._policy, each.clause)
                return found
            case Fraction():
                parts = lcm(resolution(each).denominator, value.denominator)
                clause = full(self._policy, each.clause)
                return Symbolic(self._explorer, int(value * parts), NOTHING, parts, clause)
            case tuple():
                return tuple(self.value(each.item or each, entry) for entry in value)
            case dict():
                entry = Given(each.fields, value, self, strict=each.strict)
                return {inner.name: getattr(entry, inner.name) for inner in each.fields}
        return value


class Given(Mapping[str, Any]):
    """The inputs as a rule reads them, by attribute, and as a check reads them, by name."""

    def __init__(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, Any],
        flow: Flow,
        *,
        strict: bool = False,
    ) -> None:
        self._fields = {each.name: each for each in fields}
        self._values = values
        self._flow = flow
        self._strict = strict

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field's value is what it is
        each = self._fields.get(name)
        if each is None:
            raise AttributeError(name)
        matters = all(getattr(self, decider) in wanted for decider, wanted in each.when.items())
        value = self._values[name]
        if not matters:
            if self._strict and value != each.default and not isinstance(value, Unknown):
                raise DeadEndError  # it was given, and does not belong to what was chosen here
            value = each.default
        found = self._flow.value(each, value)
        self.__dict__[name] = found
        return found

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - a field's value is what it is
        found = getattr(self, name)
        # A check is told of unknown lists as of missing ones: it cannot look into them.
        return None if isinstance(found, UnknownList) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)
