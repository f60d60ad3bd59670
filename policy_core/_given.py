"""What a rule is given where not all inputs are fixed: each is settled when the rule first asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Any, Protocol, cast

from policy_core._clause import full
from policy_core._exact import LARGEST, PLACES
from policy_core._inputs import Field, Unknown
from policy_core._paths import Paths
from policy_core._registry import Calculator
from policy_core._symbolic import NOTHING, Explorer, Symbolic, UnknowableError


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
        self._paths = paths

    def __call__(self, unknown: Unknown) -> object:
        """Settle one unknown input; an optional one may also not be there."""
        each, path = unknown.field, unknown.path
        if not each.required and each.default is None and self._paths.choose(path, (True, False)):
            return None
        match each.kind:
            case "number" | "integer":
                return self._paths.variable(path, *reach(each), resolution(each).denominator)
            case "boolean":
                return self._paths.choose(f"{path}?", (True, False), path)
            case "choice":
                return self._paths.choose(f"{path}?", each.choices, path)
            case "list" | "records":
                return UnknownList(unknown)
        raise UnknowableError(path)


class UnknownList(Sequence[Any]):
    """A list of which not even the length is known; a rule that touches it learns nothing."""

    def __init__(self, unknown: Unknown) -> None:
        self.unknown = unknown

    def __len__(self) -> int:
        raise UnknowableError(self.unknown.path)

    def __getitem__(self, index: object) -> Any:  # noqa: ANN401 - it never gives anything
        raise UnknowableError(self.unknown.path)

    def __iter__(self) -> Iterator[Any]:
        raise UnknowableError(self.unknown.path)


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
                entry = Given(each.fields, value, self)
                return {inner.name: getattr(entry, inner.name) for inner in each.fields}
        return value


class Given(Mapping[str, Any]):
    """The inputs as a rule reads them, by attribute, and as a check reads them, by name."""

    def __init__(self, fields: tuple[Field, ...], values: Mapping[str, Any], flow: Flow) -> None:
        self._fields = {each.name: each for each in fields}
        self._values = values
        self._flow = flow

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field's value is what it is
        each = self._fields.get(name)
        if each is None:
            raise AttributeError(name)
        matters = all(getattr(self, decider) in wanted for decider, wanted in each.when.items())
        found = self._flow.value(each, self._values[name] if matters else each.default)
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
