"""A rule run on inputs that are not all fixed: what it is given, what it notes, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any, Protocol, cast

from policy_core._clause import full
from policy_core._exact import LARGEST, PLACES
from policy_core._inputs import Field, Unknown
from policy_core._paths import Paths
from policy_core._registry import Calculator
from policy_core._symbolic import (
    MIRRORED,
    OPPOSITE,
    Asked,
    Cited,
    Explorer,
    Stepped,
    Symbolic,
    UnknowableError,
    cited,
    shared,
)
from policy_core._versions import Policy, Version
from policy_core._working import Row, Working

CONDITIONS = "conditions"
RANGE = {"min", "max"}


def resolution(each: Field) -> Fraction:
    """Give the step in which a number is entered: whole ones by one, others by their last place."""
    return Fraction(1) if each.kind == "integer" else Fraction(1, PLACES)


def reach(each: Field) -> tuple[int, int]:
    """Give the least and the greatest value of a number, counted in its resolution."""
    step = resolution(each)
    low = Fraction(-LARGEST) if each.minimum is None else each.minimum
    high = Fraction(LARGEST) if each.maximum is None else each.maximum
    return ceil(low / step), floor(high / step)


# ---- what a rule is given ------------------------------------------------------------------------


class Supplier(Protocol):
    """Gives a value for each unknown input that a rule asks for."""

    def __call__(self, explorer: Explorer, unknown: Unknown) -> object:
        """Give a number that is not fixed, or one of a few values."""


def number(explorer: Explorer, each: Field, path: str) -> Symbolic:
    """Give an unknown number, anywhere between its bounds."""
    return cast("Paths", explorer).variable(path, *reach(each), resolution(each))


def unfixed(explorer: Explorer, unknown: Unknown) -> object:
    """Settle an unknown input: numbers stay open, yes or no and choices are taken one by one."""
    each, path, paths = unknown.field, unknown.path, cast("Paths", explorer)
    if not each.required and each.default is None and paths.choose(f"{path}", (True, False)):
        return None
    match each.kind:
        case "number" | "integer":
            return number(explorer, each, path)
        case "boolean":
            return paths.choose(path, (True, False))
        case "choice":
            return paths.choose(path, each.choices)
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


class Given:
    """The inputs as a rule reads them; an unknown one is settled when the rule first asks for it."""

    def __init__(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, Any],
        flow: Callable[[Field, Any], Any],
    ) -> None:
        self._fields = {each.name: each for each in fields}
        self._values = values
        self._flow = flow

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a field's value is what it is
        each = self._fields.get(name)
        if each is None:
            raise AttributeError(name)
        matters = all(getattr(self, decider) in wanted for decider, wanted in each.when.items())
        value = self._values[name] if matters else each.default
        made = self._flow(each, value)
        self.__dict__[name] = made
        return made


def flowing(
    explorer: Explorer, supply: Supplier, its_policy: str, each: Field, value: Any  # noqa: ANN401
) -> Any:  # noqa: ANN401
    """Turn a checked value into what flows through the rule; a number knows the clause of its field."""
    flow = partial(flowing, explorer, supply, its_policy)
    match value:
        case Unknown():
            found = supply(explorer, value)
            return found.citing(full(its_policy, each.clause)) if isinstance(found, Symbolic) else found
        case Fraction():
            grain = shared(resolution(each), value)
            return Symbolic(explorer, value, grain=grain, clause=full(its_policy, each.clause))
        case tuple():
            item = each.item or each
            return tuple(flow(item, entry) for entry in value)
        case dict():
            entry = Given(each.fields, value, flow)
            return {inner.name: getattr(entry, inner.name) for inner in each.fields}
    return value


# ---- what a rule notes ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A condition that is not met: what there is, what it takes, and how far that is."""

    have: object
    need: object
    missing: object
    clause: str


class Asking(Working):
    """The working of a run that asks: figures know their clause, and what is not met is noted."""

    def __init__(
        self, policy: Policy, version: Version, explorer: Explorer, tables: dict[str, list[Row]]
    ) -> None:
        super().__init__(policy, version, {}, trace=False)
        self._explorer = explorer
        self._tables = tables
        self.unmet: dict[str, Unmet] = {}

    def rows(self, name: str) -> list[Row]:
        """Read a figure whose numbers know where they come from; all runs share it."""
        if name not in self._tables:
            self._tables[name] = [
                Row(each, partial(named, name, clause), clause)
                for each in self.version.figures[name]
                for clause in [full(self.policy.id, each.clause)]
            ]
        return self._tables[name]

    def number(self, value: Fraction) -> Fraction:
        """Let a number flow through the rule as it is."""
        return value

    def alone(self, value: Fraction) -> Fraction:
        """Let a number go on; it carries no expression."""
        return value

    def shown(self, value: Fraction) -> str:  # noqa: ARG002 - nothing is printed in such a run
        """Print nothing: the number may not be fixed."""
        return ""

    def whole(self, value: Fraction) -> int:
        """Fix a number to one of its whole values."""
        if isinstance(value, Symbolic):
            value = self._explorer.fix(self._explorer.floor(value, value.clause))
        return int(value)

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """Give the mean; that of an unknown list lies anywhere between the bounds of its entries."""
        if not isinstance(values, UnknownList):
            return super().mean(values)
        item = values.unknown.field.item or values.unknown.field
        return cast("Fraction", number(self._explorer, item, values.unknown.path))

    def step(self, label: str, value: Fraction | int, unit: str, clause: str) -> Fraction:  # noqa: ARG002
        """Go on with a value as the work of a clause."""
        if isinstance(value, Symbolic):
            return cast("Fraction", value.citing(full(self.policy.id, clause)))
        return cast("Fraction", value)

    def decide(
        self, label: str, holds: bool, clause: str, *, wanted: bool | None = None
    ) -> bool:
        """Ask how a comparison comes out, and note it where it is a condition that is not met."""
        if not isinstance(holds, Asked):
            return bool(holds)
        holds.clause = full(self.policy.id, clause)
        verdict = bool(holds)
        if wanted is not None:
            name = next(
                (each.figure for each in (holds.right, holds.left) if isinstance(each, Cited)),
                label,
            )
            self.unmet.pop(name, None)
            if verdict != wanted:
                self.unmet[name] = distance(holds, wanted=wanted)
        return verdict


def named(figure: str, clause: str, value: Fraction) -> Cited:
    """Let a figure's number know where it comes from."""
    return cited(value, figure, clause)


def distance(asked: Asked, *, wanted: bool) -> Unmet:
    """Say how far a comparison is from coming out as wanted; what must be exceeded takes a step more."""
    operator = asked.operator if wanted else OPPOSITE[asked.operator]
    have, need = asked.left, cast("Fraction", asked.right)
    beyond = {">": have.grain, "<": -have.grain}.get(operator, Fraction(0))
    need = need + beyond
    missing = have - need if operator in ("<", "<=") else cast("Symbolic", need - have)
    return Unmet(have=have, need=need, missing=missing, clause=asked.clause)


def next_step(stepped: Stepped) -> Unmet:
    """Say how far the next whole step of a figure is."""
    need = (stepped.found + 1) * stepped.step
    return Unmet(
        have=stepped.have, need=need, missing=need - stepped.have, clause=stepped.step.clause
    )


# ---- what comes out ------------------------------------------------------------------------------


@dataclass(slots=True)
class Outcome:
    """An outcome laid flat: a value for each path such as `bonus.min`; lists also say how long they are."""

    values: dict[str, object] = field(default_factory=dict)
    ranges: set[str] = field(default_factory=set)
    shapes: dict[str, object] = field(default_factory=dict)

    def lay(self, path: str, value: object) -> None:
        """Lay a value flat under its path."""
        match value:
            case Mapping():
                if value.keys() == RANGE:
                    self.ranges.add(path)
                self.shapes[path] = tuple(value)
                for key, each in value.items():
                    self.lay(f"{path}.{key}" if path else str(key), each)
            case list() | tuple() if all(isinstance(each, str | bool | None) for each in value):
                self.values[path] = tuple(value)
            case list() | tuple():
                self.shapes[path] = len(value)
                for index, each in enumerate(value):
                    self.lay(f"{path}[{index}]", each)
            case Asked():
                self.values[path] = bool(value)
            case int() if not isinstance(value, bool):
                self.values[path] = Fraction(value)
            case _:
                self.values[path] = value


def run(
    chosen: Calculator,
    version: Version,
    values: Mapping[str, Any],
    working: Asking,
    explorer: Explorer,
    supply: Supplier,
) -> tuple[Outcome, dict[str, Unmet]]:
    """Let inputs that are not all fixed flow through the rule; give its outcome and what is not met.

    Raises:
        DeadEndError: the inputs do not go together.
        UnknowableError: the rule asks for something that cannot be followed.

    """
    given = Given(chosen.fields, values, partial(flowing, explorer, supply, chosen.policy))
    found = chosen.rule(given, working)
    outcome = Outcome()
    outcome.lay("", found)
    unmet = {name: next_step(stepped) for name, stepped in explorer.steps.items()}
    unmet |= working.unmet
    conditions = found.get(CONDITIONS)
    for each in conditions if isinstance(conditions, Sequence) else ():
        if each["met"] is None or not each["met"]:
            unmet[each["id"]] = gap(each)
    return outcome, unmet


def gap(condition: Mapping[str, Any]) -> Unmet:
    """Say how far a condition of the outcome is from being met; only between two numbers."""
    have, need = condition["have"], condition["need"]
    numbers = all(
        isinstance(each, Symbolic | Fraction | int) and not isinstance(each, bool)
        for each in (have, need)
    )
    missing = abs(need - have) if numbers else None
    return Unmet(have=have, need=need, missing=missing, clause=condition["clause"])
