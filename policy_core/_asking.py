"""A run of a rule on inputs that are not all fixed: what it notes, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, cast

from policy_core._clause import full
from policy_core._exact import exact
from policy_core._given import Flow, Given, Supplier, UnknownList, Untold
from policy_core._inputs import Problems, Unknown
from policy_core._registry import Calculator, calculator, checked
from policy_core._symbolic import (
    Asked,
    Cited,
    DeadEndError,
    Explorer,
    Stepped,
    Symbolic,
    cited,
)
from policy_core._versions import Figure, Finding, Policy, Version, policy
from policy_core._working import Row, Working

type Inputs = Mapping[str, object]

CONDITIONS = "conditions"
RANGE = {"min", "max"}
OPPOSITE = {"<=": ">", "<": ">=", ">=": "<", ">": "<=", "==": "!=", "!=": "=="}


# ---- what a rule notes ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A condition that is not met: what there is, what it takes, and how far that is."""

    have: object
    need: object
    missing: object
    clause: str


class PartError(Exception):
    """A run ends early: it was to make one field alone."""

    def __init__(self, name: str, made: object) -> None:
        super().__init__(name)
        self.name = name
        self.made = made


class Asking(Working):
    """The working of a run that asks: figures know their clause, and what is not met is noted."""

    def __init__(
        self,
        policy: Policy,
        version: Version,
        explorer: Explorer,
        supply: Supplier,
        tables: dict[str, list[Row]],
        parts: Callable[[str], bool] | None,
    ) -> None:
        super().__init__(policy, version, {}, trace=False)
        self._explorer = explorer
        self._supply = supply
        self._tables = tables
        self._parts = parts
        self.unmet: dict[str, Unmet] = {}
        self.elsewhere: list[str] = []

    def rows(self, name: str) -> list[Row]:
        """Read a figure whose numbers know where they come from; all runs share it."""
        if name not in self._tables:
            self._tables[name] = [
                Row(citing(each, name, clause), None, clause)
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

    def whole(self, value: Fraction) -> int:
        """Fix a number to one of its whole values."""
        if isinstance(value, Symbolic):
            value = self._explorer.fix(self._explorer.floor(value, value.clause))
        return int(value)

    def latest[Entry](self, entries: Sequence[Entry], count: Fraction) -> Sequence[Entry]:
        """Take the latest entries; of an unknown list too."""
        if isinstance(entries, UnknownList):
            if isinstance(count, Symbolic) and count.terms:
                return entries.latest_of(count)
            return entries.latest(self.whole(count))
        return super().latest(entries, min(count, Fraction(len(entries))))

    def count(self, entries: Sequence[object]) -> int:
        """Count entries; how many an unknown list has is a number that is not known."""
        return (
            cast("int", entries.count_all()) if isinstance(entries, UnknownList) else len(entries)
        )

    def how_often[Entry](
        self, entries: Sequence[Entry], test: Callable[[Entry], bool], *, running: bool = False
    ) -> int:
        """Count the entries that pass a test; in an unknown list that number is unknown too."""
        if isinstance(entries, UnknownList):
            return cast("int", entries.how_often(test))
        return super().how_often(entries, test, running=running)

    def apart[*Given, Made](
        self, name: str, make: Callable[[*Given], Made], *values: *Given
    ) -> Made:
        """Make a field in runs of its own, so that its forks do not multiply with those of the others."""
        if self._parts and not self._parts(name):
            self.elsewhere.append(name)
            return cast("Made", None)
        made = make(*values)
        if self._parts:
            raise PartError(name, made)
        return made

    def derived[*Given, Made](self, make: Callable[[*Given], Made], *values: *Given) -> Made:
        """Make something of values; where one cannot be told, nothing can of what is made of it."""
        untold = next((each for each in values if isinstance(each, Untold)), None)
        if untold is None:
            return make(*values)
        others = tuple(each for each in values if each is not untold)
        return cast("Made", Untold(untold.path, (make.__name__, *others)))

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """Give the mean; that of an unknown list lies anywhere between the bounds of its entries."""
        if not isinstance(values, UnknownList) or values.settled:
            return super().mean(values)
        unknown = values.unknown
        item = replace(unknown.field.item or unknown.field, kind="number")
        return cast("Fraction", self._supply(Unknown(field=item, path=f"{unknown.path}#mean")))

    def reading(self, finding_id: str, where: Iterable[bool] = ()) -> str:  # noqa: ARG002
        """Give the default reading: nothing is asked about what only another one would change."""
        return self.policy.finding(finding_id).default

    def doubt(self, finding_id: str, where: Iterable[bool] = ()) -> Finding:  # noqa: ARG002
        """Pass by a doubtful clause."""
        return self.policy.finding(finding_id)

    def step(self, label: str, value: Fraction | int, unit: str, clause: str) -> Fraction:  # noqa: ARG002
        """Go on with a value as the work of a clause."""
        if isinstance(value, Symbolic):
            return cast("Fraction", value.citing(full(self.policy.id, clause)))
        return cast("Fraction", value)

    def decide(
        self,
        label: str,
        holds: bool,
        clause: str,
        *,
        wanted: bool | None = None,
        condition: str = "",
    ) -> bool:
        """Ask how a comparison comes out, and note it where it is a condition that is not met."""
        clause = full(self.policy.id, clause)
        if isinstance(holds, Asked):
            holds.clause = clause
        verdict = bool(holds)
        if wanted is not None:
            figure = (
                holds.right.figure
                if isinstance(holds, Asked) and isinstance(holds.right, Cited)
                else ""
            )
            name = condition or figure or label
            self.unmet.pop(name, None)
            if verdict != wanted:
                self.unmet[name] = (
                    distance(holds, wanted=wanted)
                    if isinstance(holds, Asked)
                    else Unmet(have=verdict, need=wanted, missing=None, clause=clause)
                )
        return verdict


def citing(figure: Figure, name: str, clause: str) -> Figure:
    """Let a figure's numbers know where they come from."""
    numbers = {key: cited(value, name, clause) for key, value in figure.numbers.items()}
    return replace(figure, numbers=numbers)


def distance(asked: Asked, *, wanted: bool) -> Unmet:
    """Say how far a comparison is from coming out as wanted; what must be exceeded takes a step more."""
    operator = asked.operator if wanted else OPPOSITE[asked.operator]
    have, need = asked.left, cast("Fraction", asked.right)
    step = Fraction(1, have.parts)
    beyond = {">": step, "<": -step}.get(operator, Fraction(0))
    need = need + beyond
    missing = have - need if operator in ("<", "<=") else need - have
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
    """An outcome laid flat: a value for each path such as `bonus.min`; lists also say how long they are.

    Where it is only a `part`, it holds that field alone.
    """

    values: dict[str, object] = field(default_factory=dict)
    ranges: set[str] = field(default_factory=set)
    shapes: dict[str, int | tuple[str, ...]] = field(default_factory=dict)
    part: str = ""

    def sight(self) -> dict[str, object]:
        """Give every value by its path; what is laid out further down stands under its own path as well."""
        return {**self.values, **self.shapes}

    def lay(self, path: str, value: object) -> None:
        """Lay a value flat under its path."""
        match value:
            case Mapping():
                if value.keys() == RANGE:
                    self.ranges.add(path)
                self.shapes[path] = tuple(map(str, value))
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
            case Symbolic():
                self.values[path] = value if value.terms else value.value
            case int() | float() if not isinstance(value, bool):
                self.values[path] = exact(value)
            case _:
                self.values[path] = value


def gap(condition: Mapping[str, Any]) -> Unmet:
    """Say how far a condition of the outcome is from being met; only between two numbers."""
    have, need = condition["have"], condition["need"]
    numbers = all(
        isinstance(each, Symbolic | Fraction | int) and not isinstance(each, bool)
        for each in (have, need)
    )
    missing = abs(need - have) if numbers else None
    return Unmet(have=have, need=need, missing=missing, clause=condition["clause"])


# ---- a question ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A calculator, its version, and inputs of which some are not known."""

    chosen: Calculator
    policy: Policy
    version: Version
    values: Mapping[str, Any]
    unknown: tuple[Unknown, ...]
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def run(
        self, explorer: Explorer, supply: Supplier, parts: Callable[[str], bool] | None = None
    ) -> tuple[Outcome, dict[str, Unmet]]:
        """Let the rule run once; give its outcome and what is not met.

        `parts` tells of each field that stands apart whether this run makes it alone; without it
        each run makes all.

        Raises:
            DeadEndError: the inputs do not go together.
            UnknowableError: the rule asks for something that cannot be followed.

        """
        given = Given(self.chosen.fields, self.values, Flow(self.chosen, explorer, supply))
        if self.chosen.check and self.unknown:
            problems = Problems(self.chosen.policy)
            self.chosen.check(self.version, given, problems)
            if problems:
                raise DeadEndError
        explorer.steps.clear()
        working = Asking(self.policy, self.version, explorer, supply, self.tables, parts)
        outcome = Outcome()
        try:
            found = self.chosen.rule(given, working)
        except PartError as part:
            outcome.part = part.name
            outcome.lay(part.name, part.made)
            return outcome, {}
        outcome.lay("", found)
        for name in working.elsewhere:
            del outcome.values[name]
        unmet = {name: next_step(stepped) for name, stepped in explorer.steps.items()}
        unmet |= working.unmet
        conditions = found.get(CONDITIONS)
        for each in conditions if isinstance(conditions, Sequence) else ():
            if each["met"] is None or not each["met"]:
                unmet[each["id"]] = gap(each)
        return outcome, unmet


def question(calculator_id: str, inputs: Inputs, as_of: date | None) -> Question:
    """Check a question's calculator, day and inputs.

    Raises:
        InputErrors: every problem at once.

    """
    chosen = calculator(calculator_id)
    its_policy = policy(chosen.policy)
    version, values = checked(chosen, its_policy, inputs, as_of, unknown=True)
    return Question(
        chosen=chosen,
        policy=its_policy,
        version=version,
        values=values,
        unknown=tuple(unknowns(values[each.name] for each in chosen.fields)),
    )


def unknowns(values: Iterable[Any]) -> Iterator[Unknown]:
    """Find every unknown value, in lists and entries too."""
    for each in values:
        match each:
            case Unknown():
                yield each
            case tuple():
                yield from unknowns(each)
            case Mapping():
                yield from unknowns(each.values())
