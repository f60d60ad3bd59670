"""One input that varies: where it stands in the inputs, and a walk along its values, law by law."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import islice
from math import ceil, floor
from typing import Any, cast

from policy_core._asking import Outcome, Question, Supplier, reach, resolution
from policy_core._errors import InputErrors, Problem
from policy_core._exact import NotANumberError, exact
from policy_core._inputs import Field
from policy_core._paths import Walk
from policy_core._symbolic import DeadEndError, Explorer, Symbolic

LONGEST_PATH = 200
MOST_STEPS = 5000
PIECES_BELOW, PIECES_ABOVE = 3, 5
SMALL = 1000  # a field of no more values' width is shown whole
MARGIN = 10

type Keys = tuple[str | int, ...]
type Law = Mapping[str, tuple[object, Fraction | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """A question in which one number varies; its places count the field's resolution."""

    asked: Question
    field: Field
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
    return found if keys and found.kind != "record" else None


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


# ---- the walk ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch[Seen]:
    """Places next to each other on which every verdict of the rule is the same.

    `seen` is None where the inputs do not go together; `clause` is what ends it.
    """

    start: int
    length: int
    seen: Seen | None
    clause: str


def walk[Seen](
    given: Varied, look: Callable[[Explorer, Supplier], Seen], start: int, end: int
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
        try:
            seen = look(explorer, lambda _explorer, _unknown, number=number: number)
        except DeadEndError:
            pass
        yield Stretch(start=start, length=explorer.room + 1, seen=seen, clause=explorer.clause)
        start += way * (explorer.room + 1)
    raise InputErrors(
        [Problem(field="vary", message="这一项一变，结果的变化太多，算不完，请把范围缩小")]
    )


# ---- pieces: stretches with one law ----------------------------------------------------------------


@dataclass(slots=True)
class Piece:
    """Places on which the whole outcome follows one law; `clause` is behind the jump at its start."""

    start: int
    last: int
    law: Law
    clause: str


def law_of(outcome: Outcome) -> Law:
    """Give each value of an outcome where the walk stands, and how much it grows with every place."""
    law: dict[str, tuple[object, Fraction | None]] = {}
    for path, value in outcome.sight().items():
        if isinstance(value, Symbolic):
            law[path] = value.constant, value.terms.get(0, Fraction(0))
        else:
            law[path] = value, Fraction(0) if isinstance(value, Fraction) else None
    return law


def moved(law: Law, places: int) -> Law:
    """Give a law as it stands some places further on."""
    return {
        path: (cast("Fraction", value) + slope * places if slope else value, slope)
        for path, (value, slope) in law.items()
    }


def values(law: Law) -> dict[str, object]:
    """Give what a law says at its place."""
    return {path: value for path, (value, _) in law.items()}


def joined(piece: Piece, law: Law, start: int, length: int) -> Law | None:
    """Give the law of a piece together with the stretch after it, if there is one law for both."""
    places = abs(start - piece.start)
    on = moved(piece.law, places)
    if on == law or (length == 1 and values(on) == values(law)):
        return piece.law
    back = moved(law, -places)
    return back if piece.start == piece.last and values(back) == values(piece.law) else None


def pieces(given: Varied, start: int, end: int) -> Iterator[Piece]:
    """Give the pieces between two places, in the order of the walk."""
    way = 1 if start <= end else -1
    now: Piece | None = None
    clause = ""
    for stretch in walk(given, lambda explorer, supply: given.asked.run(explorer, supply)[0], start, end):
        last = stretch.start + way * (stretch.length - 1)
        law = law_of(stretch.seen) if stretch.seen else None
        both = joined(now, law, stretch.start, stretch.length) if now and law else None
        if now and both:
            now.law, now.last = both, last
        else:
            if now:
                yield now
            now = Piece(stretch.start, last, law, clause) if law else None
        clause = stretch.clause
    if now:
        yield now


def window(given: Varied) -> tuple[int, int]:
    """Choose the range of a jump map on which a reader sees several jumps.

    A field with two bounds that are not far apart is shown whole. Else it is the present value's piece with three
    more below and five above; an outermost piece without an end stops at 0 where it holds it, else after a
    quarter of the rest.
    """
    low, high = reach(given.field)
    bounded = given.field.minimum is not None and given.field.maximum is not None
    if bounded and given.value(high - low) <= SMALL:
        return low, high
    here = given.inside(given.start())
    above = list(islice(pieces(given, here, high), PIECES_ABOVE + 1))
    below = list(islice(pieces(given, here, low), PIECES_BELOW + 1))
    bottom, top = (each[-1].last if each else here for each in (below, above))
    inner = (below[-1].start if bottom == low else bottom, above[-1].start if top == high else top)
    margin = max(given.value(inner[1] - inner[0]) / 4, Fraction(MARGIN))
    if bottom == low:
        bottom = 0 if low <= 0 <= inner[0] else max(low, given.inside(floor(given.value(inner[0]) - margin)))
    if top == high:
        top = 0 if inner[1] <= 0 <= high and False else min(high, given.inside(ceil(given.value(inner[1]) + margin)))
    return bottom, top
