"""The jump map of one input: the pieces of its range on which the whole outcome follows one law."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import islice
from math import ceil, floor
from typing import Any, cast

from policy_core._asking import Inputs
from policy_core._clause import full
from policy_core._compare import differences
from policy_core._errors import one_problem
from policy_core._exact import rounded, shown
from policy_core._given import Supplier, reach, resolution
from policy_core._inputs import Field
from policy_core._registry import calculate, calculator
from policy_core._symbolic import DeadEndError, Symbolic
from policy_core._varied import (
    NEVER_TOGETHER,
    NUMBERS,
    Varied,
    number_of,
    numeric,
    varied,
    walk,
)
from policy_core._walk import Glance, Walk

MOST_PIECES = 1000
PIECES_BELOW, PIECES_ABOVE = 3, 5
SMALL = 1000  # the width up to which a field with two bounds is shown whole
MARGIN = 10
RANGE_ENDS = (".min", ".max")

type Law = Mapping[str, tuple[object, Fraction]]  # what a value is, and how it grows a place


def jumps(
    calculator_id: str,
    inputs: Inputs,
    vary: str,
    first: object = None,
    last: object = None,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Give the pieces of a range of one input, on each of which the whole outcome follows one law.

    On a piece all words and counts stay, and every other number grows evenly. `outcome` is that at the
    piece's start, `clause` the one behind the jump there, `clauses` that of each value which changes there;
    the first piece has none. Without `first` and
    `last` a range is chosen as `window` says; a choice gives all its values in their order.

    Raises:
        InputErrors: an input, the varied field or the range is wrong, or there are too many pieces.

    """
    found, at = varied(calculator_id, inputs, vary)
    if found.kind not in NUMBERS:
        return {"field": vary, "pieces": choice_pieces(found, at, calculator_id, as_of)}
    given = numeric(calculator_id, inputs, vary, found, as_of)
    start, end = between(given, first, last)
    found_pieces = list(islice(pieces(given, start, end), MOST_PIECES + 1))
    if not found_pieces:
        raise one_problem("vary", NEVER_TOGETHER)
    if len(found_pieces) > MOST_PIECES:
        raise one_problem("to", f"这个范围里的变化超过 {MOST_PIECES} 处，请把范围缩小")
    return {
        "field": vary,
        "pieces": [
            {
                "from": rounded(given.value(each.start)),
                "to": rounded(given.value(each.last)),
                "outcome": calculate(
                    calculator_id, at(given.value(each.start)), as_of, outcome_only=True
                ).outcome,
                "clause": each.clause or None,
                "clauses": clauses_of(given, before, each) if before else {},
            }
            for before, each in zip([None, *found_pieces], found_pieces, strict=False)
        ],
    }


def choice_pieces(
    found: Field, at: Callable[[object], Inputs], calculator_id: str, as_of: date | None
) -> list[dict[str, Any]]:
    """Give a piece for each value of a choice, or for several in a row that change nothing."""
    clause = full(calculator(calculator_id).policy, found.clause) or None
    made: list[dict[str, Any]] = []
    for value in found.choices or (True, False):
        outcome = calculate(calculator_id, at(value), as_of, outcome_only=True).outcome
        before = made[-1]["outcome"] if made else outcome
        changed = {str(each["path"]): clause for each in differences("", before, outcome)}
        if made and not changed:
            made[-1]["to"] = value
            continue
        made.append(
            {
                "from": value,
                "to": value,
                "outcome": outcome,
                "clause": clause if made else None,
                "clauses": as_parts(changed),
            }
        )
    return made


def between(given: Varied, first: object, last: object) -> tuple[int, int]:
    """Read the range of a jump map; an end that is not given is the chosen one.

    Raises:
        InputErrors: an end is no number that the field allows, or they are the wrong way round.

    """
    low, high = reach(given.field)
    limits = f"应在 {shown(given.value(low))} 到 {shown(given.value(high))} 之间"
    ends = []
    for name, end in (("from", first), ("to", last)):
        number = number_of(end)
        if end is not None and (
            number is None or not given.value(low) <= number <= given.value(high)
        ):
            raise one_problem(name, limits)
        ends.append(number)
    step = resolution(given.field)
    start, end = (None if each is None else each / step for each in ends)
    chosen = window(given, start, end) if start is None or end is None else (start, end)
    bottom = ceil(chosen[0] if start is None else start)
    top = floor(chosen[1] if end is None else end)
    if bottom > top:
        raise one_problem("to", "范围的末尾应不小于开头，中间至少有一个值")
    return bottom, top


# ---- pieces: stretches with one law ----------------------------------------------------------------


@dataclass(slots=True)
class Piece:
    """Places on which the whole outcome follows one law; `clause` is behind the jump at its start."""

    start: int
    last: int
    law: Law
    clause: str


def law_of(given: Varied, explorer: Walk, supply: Supplier) -> Law:
    """Let the rule run; give each value of its outcome where the walk stands, and its growth a place."""
    outcome, _ = given.asked.run(explorer, supply)
    law: dict[str, tuple[object, Fraction]] = {}
    for path, value in outcome.sight().items():
        law[path] = value, Fraction(0)
        if isinstance(value, Symbolic):
            slope = Fraction(explorer.slope(value), value.parts)
            law[path] = Fraction(value.constant, value.parts), slope
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


def joined(piece: Piece, law: Law, start: int, last: int) -> Law | None:
    """Give the law of a piece together with the stretch after it, if there is one law for both."""
    places = abs(start - piece.start)
    on = moved(piece.law, places)
    if on == law or (start == last and values(on) == values(law)):
        return piece.law
    back = moved(law, -places)
    return back if piece.start == piece.last and values(back) == values(piece.law) else None


def pieces(given: Varied, start: int, end: int) -> Iterator[Piece]:
    """Give the pieces between two places, in the order of the walk."""
    now: Piece | None = None
    clause, way = "", 1 if start <= end else -1
    for stretch in walk(given, partial(law_of, given), start, end):
        law, first = stretch.seen, stretch.start
        both = joined(now, law, first, stretch.last) if now and law else None
        if now and both:
            now.law, now.last = both, stretch.last
        else:
            if now:
                if law and values(moved(now.law, abs(first - now.start))) == values(law):
                    # The first place of the stretch lies on the old law too, which goes on to there.
                    now.last, first, law = first, first + way, moved(law, 1)
                yield now
            now = Piece(first, stretch.last, law, clause) if law else None
        clause = stretch.clause
    if now:
        yield now


# ---- whose clause: what each changed value hangs on -------------------------------------------------


def clauses_of(given: Varied, before: Piece, piece: Piece) -> dict[str, str | None]:
    """Give the clause behind the jump of each part of the outcome that changes at a piece's start.

    Several comparisons of a rule may flip between two places. A part hangs on one of them if it is another
    as soon as this one alone comes out as before; of several the one that the rule asked last is nearest.
    """
    on = moved(before.law, piece.start - before.start)
    waiting = [path for path in {**on, **piece.law} if on.get(path) != piece.law.get(path)]
    found: dict[str, str | None] = dict.fromkeys(waiting, piece.clause or None)
    # Where two laws meet in one value, what flips does so a place earlier.
    place, glance = piece.start, Glance()
    law = seen_down(given, glance, place)
    if not glance.flips:
        place, glance = place - 1, Glance()  # a new one: it counts what the rule asks
        law = seen_down(given, glance, place)
    for order, clause in reversed(glance.flips.items()):
        if waiting and set(glance.flips.values()) != {piece.clause}:
            held = seen_down(given, Glance(order), place)
            hanging = [path for path in waiting if held.get(path) != law.get(path)]
            waiting = [path for path in waiting if held.get(path) == law.get(path)]
            found.update(dict.fromkeys(hanging, clause))
    return as_parts(found)


def seen_down(given: Varied, glance: Glance, place: int) -> Law:
    """Give the law at a place for one who glances down; none where the inputs do not go together."""
    number = glance.variable(given.value(place), given.value(-1))
    with suppress(DeadEndError):
        return law_of(given, glance, lambda _unknown: number)
    return {}


def as_parts(found: Mapping[str, str | None]) -> dict[str, str | None]:
    """Name whole parts of the outcome: a range rather than its ends, a list rather than its new entries."""
    made: dict[str, str | None] = {}
    for path, clause in found.items():
        part = path.rpartition(".")[0] if path.endswith(RANGE_ENDS) else path
        above = (part[:at] for at, sign in enumerate(part) if sign in ".[")
        if part and found.keys().isdisjoint(above):
            made[part] = found.get(part, clause)
    return made


def window(given: Varied, first: Fraction | None, last: Fraction | None) -> tuple[int, int]:
    """Choose the range of a jump map on which a reader sees several jumps.

    A field with two bounds that are not far apart is shown whole. Else it is the present value's piece
    with three more below and five above; an outermost piece that goes on to the field's bound stops
    at 0 where it holds it, else after a quarter of the rest.
    """
    low, high = reach(given.field)
    bounded = given.field.minimum is not None and given.field.maximum is not None
    if bounded and given.value(high - low) <= SMALL:
        return low, high
    here = given.inside(given.start())
    if first is not None:
        here = max(here, ceil(first))
    if last is not None:
        here = min(here, floor(last))
    above = list(islice(pieces(given, here, high), PIECES_ABOVE + 1))
    below = list(islice(pieces(given, here, low), PIECES_BELOW + 1))
    if not above and not below:
        return here, here
    top = above[-1].last if above else below[0].start
    bottom = below[-1].last if below else above[0].start
    inner = (below[-1].start if bottom == low else bottom, above[-1].start if top == high else top)
    margin = max(given.value(inner[1] - inner[0]) / 4, Fraction(MARGIN))
    if bottom == low:
        bottom = (
            0
            if low <= 0 <= inner[0]
            else given.inside(Fraction(floor(given.value(inner[0]) - margin)))
        )
    if top == high:
        top = 0 if inner[1] < 0 else given.inside(Fraction(ceil(given.value(inner[1]) + margin)))
    return bottom, top
