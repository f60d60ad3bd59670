"""One input that varies: where it stands in the inputs, and a walk along its values, law by law."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any, cast

from policy_core._asking import Inputs, Question, question
from policy_core._clause import full
from policy_core._errors import InputErrors, Problem, one_problem
from policy_core._exact import NotANumberError, exact
from policy_core._given import Supplier, reach, resolution
from policy_core._inputs import Field, parse
from policy_core._registry import calculator
from policy_core._symbolic import DeadEndError
from policy_core._walk import Walk

LONGEST_PATH = 200
MOST_STEPS = 5000
UNKNOWN = {"unknown": True}
MISSING = "还没有填，这一项必须填"
NEVER_TOGETHER = "别的项这样填，这一项填什么都对不上"
NUMBERS = ("number", "integer")

type Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """A question in which one number varies; its places count the field's resolution."""

    asked: Question
    field: Field
    path: str
    present: Fraction | None

    def value(self, place: int) -> Fraction:
        """Give the value at a place."""
        return place * resolution(self.field)

    def inside(self, value: Fraction) -> int:
        """Give the place nearest below a value that the field allows."""
        low, high = reach(self.field)
        return min(max(floor(value / resolution(self.field)), low), high)

    def start(self) -> Fraction:
        """Give the value from which changes are counted: the present one, or else the one nearest to 0."""
        return self.value(self.inside(Fraction(0))) if self.present is None else self.present


# ---- where it stands -----------------------------------------------------------------------------


def keys_of(path: str) -> Keys:
    """Take a path such as `interview[2]` apart."""
    keys = [each for each in re.split(r"[.\[\]]+", path[:LONGEST_PATH]) if each]
    return tuple(int(each) if each.isdecimal() else each for each in keys)


def find_field(fields: tuple[Field, ...], keys: Keys, inputs: object) -> Field | None:
    """Find the declaration of an input, or of an entry of a list that is long enough."""
    found = Field(kind="record", fields=fields)
    for key in keys:
        if isinstance(key, str):
            inner = next((each for each in found.fields if each.name == key), None)
            inputs = inputs.get(key) if isinstance(inputs, Mapping) else None
        else:
            entries = isinstance(inputs, Sequence) and not isinstance(inputs, str)
            inner = found.item if entries and key < len(cast("Sequence[object]", inputs)) else None
            inputs = cast("Sequence[object]", inputs)[key] if inner else None
        if inner is None:
            return None
        found = inner
    return None if found.kind == "record" else found


def value_at(inputs: Any, keys: Keys) -> object:  # noqa: ANN401 - inputs as given
    """Read what was given at a path; None where nothing was."""
    for key in keys:
        inputs = inputs.get(key) if isinstance(inputs, Mapping) else inputs and inputs[key]
    return cast("object", inputs)


def replaced(inputs: Any, keys: Keys, value: object) -> Any:  # noqa: ANN401 - inputs as given
    """Give the inputs with another value at a path."""
    if not keys:
        return value
    first, rest = keys[0], keys[1:]
    if isinstance(first, str):
        there = inputs if isinstance(inputs, Mapping) else {}
        return {**there, first: replaced(there.get(first), rest, value)}
    copy = list(inputs)
    copy[first] = replaced(copy[first], rest, value)
    return copy


def number_of(value: object) -> Fraction | None:
    """Take the present value, if it is a number at all."""
    try:
        return exact(value)
    except NotANumberError:
        return None


def varied(
    calculator_id: str, inputs: Inputs, vary: object
) -> tuple[Field, partial[dict[str, object]]]:
    """Find the input that varies; give its declaration, and what puts a value in its place.

    Raises:
        InputErrors: there is no such input, or it is one of many values.

    """
    chosen = calculator(calculator_id)
    fields = chosen.fields
    if not isinstance(inputs, Mapping):
        parse(fields, inputs, chosen.policy)
    keys = keys_of(vary) if isinstance(vary, str) else ()
    found = find_field(fields, keys, inputs)
    if found is None:
        names = "、".join(each.name for each in fields)
        raise one_problem("vary", f"没有“{str(vary)[:40]}”这一项，可填的有：{names}")
    if found.kind not in (*NUMBERS, "boolean", "choice"):
        raise one_problem("vary", "这一项不是数字，也不是选项，不能拿来变")
    return found, partial(replaced, inputs, keys)


def numeric(
    calculator_id: str, inputs: Inputs, vary: str, found: Field, as_of: date | None
) -> Varied:
    """Let one number vary, and see that all others are known.

    Raises:
        InputErrors: others are wrong or missing.

    """
    keys = keys_of(vary)
    asked = question(calculator_id, replaced(inputs, keys, UNKNOWN), as_of)
    missing = [
        Problem(
            field=each.path,
            message=MISSING,
            clause=full(asked.policy.id, each.field.clause) or None,
        )
        for each in asked.unknown
        if keys_of(each.path) != keys
    ]
    if missing:
        raise InputErrors(missing)
    given = value_at(inputs, keys)
    present = number_of(found.default if given is None else given)
    path = next((each.path for each in asked.unknown), vary)
    return Varied(asked=asked, field=found, path=path, present=present)


# ---- the walk ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch[Seen]:
    """Places next to each other, in the order of the walk, on which every verdict of the rule is the same.

    `seen` is None where the inputs do not go together; `clause` is what ends it.
    """

    start: int
    last: int
    seen: Seen | None
    clause: str


def walk[Seen](
    given: Varied, look: Callable[[Walk, Supplier], Seen], start: int, end: int
) -> Iterator[Stretch[Seen]]:
    """Walk from one place to another, up or down, and give each stretch on the way.

    Raises:
        InputErrors: there are too many.

    """
    way = 1 if start <= end else -1
    for _ in range(MOST_STEPS):
        if (end - start) * way < 0:
            return
        explorer = Walk((end - start) * way)
        number = explorer.variable(given.value(start), given.value(way))
        seen = None
        with suppress(DeadEndError):
            seen = look(explorer, lambda _unknown, number=number: number)
        last = start + way * explorer.room
        yield Stretch(start=start, last=last, seen=seen, clause=explorer.clause)
        start = last + way
    raise one_problem("vary", "这一项一变，结果的变化太多，算不完，请换一项，或者把范围缩小")
