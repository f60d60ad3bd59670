"""The least change of one input that reaches a wished outcome, or the proof that none does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import islice
from math import ceil, floor
from typing import Any

from policy_core._asking import Inputs, Outcome
from policy_core._errors import InputErrors, one_problem
from policy_core._exact import rounded, shown
from policy_core._given import Supplier, Unfixed, reach, resolution
from policy_core._inputs import Choice, Field
from policy_core._lattice import TooHardError
from policy_core._paths import Leaf, Paths
from policy_core._registry import calculate
from policy_core._symbolic import Explorer
from policy_core._varied import (
    NEVER_TOGETHER,
    NUMBERS,
    Varied,
    keys_of,
    numeric,
    value_at,
    varied,
    walk,
)
from policy_core._wish import Wish, parse_wish

type Seen = tuple[Outcome, bool]

MOST_LISTED = 20


def seek(
    calculator_id: str, inputs: Inputs, vary: str, until: str, as_of: date | None = None
) -> dict[str, Any]:
    """Give the least change of one input that reaches a wished outcome, or say that none does.

    The change is counted from the present value, at the field's resolution; of two equal ones it is the one
    upwards. Without a present value it is counted from 0, or from the bound nearest to it. A choice
    takes the first of its values, the present one before all.

    Raises:
        InputErrors: an input, the varied field or the wish is wrong.

    """
    wish, wanted = parse_wish(until)
    found, at = varied(calculator_id, inputs, vary)
    value: Fraction | Choice | None
    change: float | None = None
    if found.kind in NUMBERS:
        given = numeric(calculator_id, inputs, vary, found, as_of)
        value, because = given.present, ""
        if value is None or not as_it_is(at(value), wish, calculator_id, as_of):
            value, because = nearest(given, wish, wanted)
        if value is not None and given.present is not None:
            change = rounded(value - given.present)
    else:
        values = options(found, value_at(inputs, keys_of(vary)))
        look = partial(laid, calculator_id, at, as_of)
        value, because = first_choice(values, wish, wanted, look)
    if value is None:
        return {"reachable": False, "because": because}
    return {
        "reachable": True,
        "value": printed(value) if isinstance(value, Fraction) else value,
        "change": change,
        "answer": calculate(calculator_id, at(value), as_of).to_json(),
    }


def printed(value: Fraction) -> int | float:
    """Give a value in full: the present one may lie between two steps."""
    return int(value) if value.denominator == 1 else float(value)


def sight(given: Varied, wish: Wish, explorer: Explorer, supply: Supplier) -> Seen:
    """Let the rule run, and ask the wish of its outcome in the way in which the rule asks."""
    outcome, _ = given.asked.run(explorer, supply)
    return outcome, wish(outcome.sight())


def nearest(given: Varied, wish: Wish, wanted: Sequence[str]) -> tuple[Fraction | None, str]:
    """Find the value nearest to the present one at which a wish is met, or say why there is none.

    Raises:
        InputErrors: no outcome has what the wish asks for, or the proof takes too long.

    """
    paths = Paths()
    start = given.start() / resolution(given.field)
    leaves = list(paths.explore(partial(sight, given, wish, paths, Unfixed(paths).number)))
    if not paths.complete or not paths.exact:
        return outward(given, wish, wanted)
    must_know(wanted, [leaf.result[0] for leaf in leaves if leaf.result])
    met = [leaf for leaf in leaves if leaf.result and leaf.result[1]]
    try:
        places = next_to(paths, met, given, start)
        if places:
            return closest(given, places), ""
        ends = [
            place
            for end in reach(given.field)
            for place in next_to(paths, leaves, given, Fraction(end))
        ]
    except TooHardError:
        return outward(given, wish, wanted)
    return None, never(given, min(ends), max(ends))


def as_it_is(inputs: Inputs, wish: Wish, calculator_id: str, as_of: date | None) -> bool:
    """Tell whether a wish is met already, between two steps of the field too."""
    try:
        return wish(laid(calculator_id, lambda _: inputs, as_of, None).sight())
    except InputErrors:
        return False  # the present value is not one that the field allows


def next_to(
    paths: Paths, leaves: Sequence[Leaf[Seen]], given: Varied, start: Fraction
) -> list[int]:
    """Give the places of each leaf that are next to another place, above it and below it."""
    found = [
        paths.closest(leaf, given.path, start, sense, reach(given.field))
        for leaf in leaves
        for sense in (1, -1)
    ]
    return [place for place in found if place is not None]


def closest(given: Varied, places: Sequence[int]) -> Fraction:
    """Give the value of the place that is closest to the present value; of two the upper one."""
    start = given.start() / resolution(given.field)
    return given.value(min(places, key=lambda place: (abs(place - start), place < start)))


def outward(given: Varied, wish: Wish, wanted: Sequence[str]) -> tuple[Fraction | None, str]:
    """Find the nearest value by walking up and down from the present one, law by law."""
    start, (low, high) = given.start() / resolution(given.field), reach(given.field)
    outcomes: list[Outcome] = []
    places: list[int] = []
    tried: list[int] = []
    for begin, end in ((ceil(start), high), (floor(start), low)):
        inside = min(max(begin, low), high)
        for stretch in walk(given, partial(sight, given, wish), inside, end):
            if stretch.seen:
                outcomes.append(stretch.seen[0])
                tried += stretch.start, stretch.last
                if stretch.seen[1]:
                    places.append(stretch.start)
                    break
    must_know(wanted, outcomes)
    if not places:
        return None, never(given, min(tried), max(tried))
    return closest(given, places), ""


def must_know(wanted: Sequence[str], outcomes: Sequence[Outcome]) -> None:
    """See that a wish asks for what there is.

    Raises:
        InputErrors: it does not, or the inputs go together for no value at all.

    """
    if not outcomes:
        raise one_problem("vary", NEVER_TOGETHER)
    known = dict.fromkeys(path for outcome in outcomes for path in outcome.sight() if path)
    for path in wanted:
        if path not in known:
            listed = "、".join(islice(known, MOST_LISTED))
            raise one_problem("until", f"结果里没有“{path[:40]}”这一项，有的是：{listed}")


def never(given: Varied, low: int, high: int) -> str:
    """Say over which range it was proved that no value reaches a wish."""
    ends = f"从 {shown(given.value(low))} 到 {shown(given.value(high))}"
    step = shown(resolution(given.field))
    return f"{ends}，每隔 {step} 的每一个值都推算过，没有一个能达到"


def first_choice(
    values: Iterable[Choice | bool],
    wish: Wish,
    wanted: Sequence[str],
    look: Callable[[Choice | bool], Outcome],
) -> tuple[Choice | bool | None, str]:
    """Try the values of a choice in their order.

    Raises:
        InputErrors: no value reaches the wish, and some cannot be calculated with what is given.

    """
    outcomes: list[Outcome] = []
    errors: list[InputErrors] = []
    for value in values:
        try:
            outcomes.append(look(value))
        except InputErrors as error:
            errors.append(error)
            continue
        if wish(outcomes[-1].sight()):
            return value, ""
    if outcomes:
        must_know(wanted, outcomes)
    if errors:
        raise errors[0]
    return None, "每一个选项都试过，没有一个能达到"


def options(found: Field, present: object = None) -> list[Choice | bool]:
    """Give the values of a choice in their order, the present one before all."""
    values: tuple[Choice | bool, ...] = found.choices or (True, False)
    return sorted(values, key=lambda value: value != present)


def laid(
    calculator_id: str, at: Callable[[object], Inputs], as_of: date | None, value: object
) -> Outcome:
    """Calculate with a value in its place, and lay the outcome flat."""
    outcome = Outcome()
    outcome.lay("", calculate(calculator_id, at(value), as_of, outcome_only=True).outcome)
    return outcome
