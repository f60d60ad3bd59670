"""Questions about an answer: what is certain, what would change it, where it jumps, how two differ.

All four let numbers that are not fixed flow through the one rule, so that they are exact and nothing is
written for a single calculator. Doubtful clauses are read by their default. Every number is taken at the
resolution of its field: whole ones by one, others by 0.01.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from math import ceil, floor
from typing import Any, cast

from policy_core._answer import Answer
from policy_core._asking import (
    Asking,
    Outcome,
    Supplier,
    Unmet,
    flowing,
    reach,
    resolution,
    run,
    unfixed,
)
from policy_core._errors import InputErrors, Problem
from policy_core._exact import exact, rounded, shown
from policy_core._inputs import Field, Unknown, parse
from policy_core._lattice import TooHardError
from policy_core._paths import Leaf, Paths, Walk
from policy_core._registry import Calculator, calculate, calculator
from policy_core._symbolic import Explorer, Symbolic
from policy_core._versions import Policy, Version, policy
from policy_core._wish import Wish, parse_wish
from policy_core._working import Row

type Inputs = Mapping[str, object]
type Found = tuple[Outcome, dict[str, Unmet]]

MOST_PIECES = 1000
MOST_STEPS = 5000
PIECES_BELOW, PIECES_ABOVE = 3, 5
SMALL = 1000
UNKNOWN = {"unknown": True}
MISSING = "还没有填，这一项必须填"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A calculator, its version, and inputs of which some are not known."""

    chosen: Calculator
    policy: Policy
    version: Version
    values: Mapping[str, Any]
    unknown: tuple[Unknown, ...]
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def run(self, explorer: Explorer, supply: Supplier) -> Found:
        """Let the rule run once."""
        working = Asking(self.policy, self.version, explorer, self.tables)
        return run(self.chosen, self.values, working, explorer, supply)

    def explore(self, paths: Paths) -> list[Leaf[Found]]:
        """Let the rule run along every way that the unknown inputs leave open."""
        return list(paths.explore(partial(self.run, paths, unfixed)))


def question(calculator_id: str, inputs: Inputs, as_of: date | None) -> Question:
    """Check a question's calculator, day and inputs.

    Raises:
        InputErrors: every problem at once.

    """
    chosen = calculator(calculator_id)
    its_policy = policy(chosen.policy)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    try:
        values = parse(chosen.fields, inputs, chosen.policy, partial=True)
    except InputErrors as error:
        problems += error.problems
    try:
        version = its_policy.version(as_of)
    except InputErrors as error:
        problems += error.problems
    if problems:
        raise InputErrors(problems)
    ordered = [values[each.name] for each in chosen.fields]
    return Question(
        chosen=chosen,
        policy=its_policy,
        version=version,
        values=values,
        unknown=tuple(unknowns(ordered)),
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


# ---- explain -------------------------------------------------------------------------------------


def explain(calculator_id: str, inputs: Inputs, as_of: date | None = None) -> dict[str, object]:
    """Say what is certain, what is still possible, which question matters most, and what is not met.

    `needed` has first the input that settles most fields of the outcome by itself, then the one that has a say in
    most, then the one declared first. `complete` is false where not every way could be followed (a list
    of unknown length, far too many ways): then nothing is claimed. It is false too where two unknown numbers
    are multiplied: then `possible` holds all that is possible, and perhaps more.
    """
    asked = question(calculator_id, inputs, as_of)
    paths = Paths()
    leaves = list(paths.explore(partial(asked.run, paths, unfixed)))
    certain: dict[str, object] = {}
    possible: dict[str, object] = {}
    unmet: list[dict[str, object]] = []
    if paths.complete:
        try:
            summary = Summary(paths, leaves)
            certain, possible, unmet = summary.certain(), summary.possible(), summary.unmet()
        except TooHardError:
            paths.complete = False
    open_fields = {top(path) for path in possible} if paths.complete else None
    return {
        "outcome": certain,
        "possible": possible,
        "needed": needs(asked, deciders(paths, leaves), open_fields),
        "unmet": unmet,
        "complete": paths.complete and paths.exact,
    }


def needs(
    asked: Question, decided: Mapping[str, frozenset[str]], open_fields: set[str] | None
) -> list[dict[str, object]]:
    """Order the unknown inputs that have a say in what is still open, the most decisive first."""
    says = {name: by for name, by in decided.items() if open_fields is None or name in open_fields}
    found = []
    for each in asked.unknown:
        decides = [name for name, by in says.items() if each.path in by]
        alone = sum(says[name] == {each.path} for name in decides)
        if decides:
            found.append((alone, {"field": each.path, "decides": decides}))
    found.sort(key=lambda each: (-each[0], -len(each[1]["decides"])))
    return [each for _, each in found]


# ---- one varied input ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """A question with one input that varies; `unknown` is None where that input does not matter."""

    asked: Question
    field: Field
    path: str
    present: Fraction | None
    at: Callable[[object], dict[str, Any]]

    def value(self, place: int) -> Fraction:
        """Give the value at a place, counted in the field's resolution."""
        return place * resolution(self.field)

    def shown(self, place: int) -> int | float:
        """Give the value at a place as JSON."""
        return rounded(self.value(place))


def varied(calculator_id: str, inputs: Inputs, vary: object, as_of: date | None) -> Varied:
    """Let one input vary, and see that all others are known.

    Raises:
        InputErrors: there is no such input, it is neither number nor choice, or another one is missing.

    """
    chosen = calculator(calculator_id)
    found = find_field(chosen.fields, vary, inputs)
    if found is None:
        names = "、".join(each.name for each in chosen.fields)
        raise one_problem("vary", f"没有“{str(vary)[:40]}”这一项，可填的有：{names}")
    path, at = str(vary), partial(replaced, inputs, keys_of(str(vary)))
    asked = question(calculator_id, at(UNKNOWN), as_of)
    present = value_at(inputs, keys_of(path))
    others = [each for each in asked.unknown if each.path != path]
    if found.kind in ("number", "integer") and others:
        raise InputErrors(
            Problem(field=each.path, message=MISSING, clause=full(chosen.policy, each.field.clause) or None)
            for each in others
        )
    return Varied(asked=asked, field=found, path=path, present=number_of(present), at=at)


def keys_of(path: str) -> tuple[str | int, ...]:
    """Take a path such as `interview[2]` apart."""
    return tuple(int(each) if each.isdigit() else each for each in re.split(r"[.\[\]]+", path) if each)


def find_field(fields: tuple[Field, ...], path: object, inputs: object) -> Field | None:
    """Find the declaration of an input, or of an entry of a list that is long enough."""
    if not isinstance(path, str) or len(path) > LONGEST_PATH:
        return None
    found: Field | None = Field(kind="record", fields=fields)
    value = inputs
    for key in keys_of(path):
        if found and isinstance(key, str) and found.kind == "record":
            found = next((each for each in found.fields if each.name == key), None)
            value = value.get(key) if isinstance(value, Mapping) else None
        elif found and isinstance(key, int) and isinstance(value, Sequence) and key < len(value):
            found, value = found.item, value[key]
        else:
            return None
    return found if found and found.kind != "record" else None


def value_at(inputs: object, keys: tuple[str | int, ...]) -> object:
    """Read what was given at a path; None where nothing was."""
    for key in keys:
        inputs = inputs.get(key) if isinstance(inputs, Mapping) else cast("list[object]", inputs)[cast("int", key)]
    return inputs


def replaced(inputs: object, keys: tuple[str | int, ...], value: object) -> Any:  # noqa: ANN401 - inputs as given
    """Give the inputs with another value at a path."""
    if not keys:
        return value
    if isinstance(inputs, Mapping):
        return {**inputs, keys[0]: replaced(inputs.get(keys[0]), keys[1:], value)}
    copy = list(cast("list[object]", inputs))
    copy[cast("int", keys[0])] = replaced(copy[cast("int", keys[0])], keys[1:], value)
    return copy


def number_of(value: object) -> Fraction | None:
    """Take the present value, if it is a number at all."""
    try:
        return exact(value)
    except NotANumberError:
        return None


# ---- seek ----------------------------------------------------------------------------------------


def seek(
    calculator_id: str, inputs: Inputs, vary: str, until: str, as_of: date | None = None
) -> dict[str, object]:
    """Give the least change of one input that reaches a wished outcome, or say that none does.

    The change is counted from the present value, at the field's resolution; of two equal ones it is the one
    upwards. Without a present value it is counted from 0, or from the bound nearest to it. A choice
    takes the first of its values, the present one before all.

    Raises:
        InputErrors: an input, the varied field or the wish is wrong.

    """
    wish = parse_wish(until)
    given = varied(calculator_id, inputs, vary, as_of)
    if given.field.kind in ("boolean", "choice"):
        return seek_choice(given, wish, calculator_id, inputs, as_of)
    if given.field.kind not in ("number", "integer"):
        raise one_problem("vary", "这一项不是数字，也不是选项，不能拿来试")
    place = nearest_place(given, wish)
    low, high = (given.shown(each) for each in reach(given.field))
    if place is None:
        step = shown(resolution(given.field))
        because = f"从 {signed(low)} 到 {signed(high)}，每隔 {step} 的每一个值都推算过，没有一个能达到"
        return {"reachable": False, "because": because}
    value = given.value(place) if isinstance(place, int) else place
    return {
        "reachable": True,
        "value": rounded(value),
        "change": None if given.present is None else rounded(value - given.present),
        "answer": calculate(calculator_id, given.at(value), as_of).to_json(),
    }


def signed(value: float) -> str:
    """Print a number with a true minus sign."""
    return str(value).replace("-", "−")


def nearest_place(given: Varied, wish: Wish) -> int | Fraction | None:
