"""Ladders of figures (初级——2200元, 中级——2500元 …): one step that falls where all others rise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from build_scripts.doubts.doubt import NUMBER, Doubt, Passage, Text, number

STEP = re.compile(
    rf"[^\d，,。；;\n]{{2,16}}?[—\-：:\s]+(?P<value>{NUMBER})(?P<unit>元|万元|分|天|个月|年|小时|%)(?:/月)?[。；;]?"
)
FEWEST = 4


def ladder_doubts(text: Text) -> Iterator[Doubt]:
    """Yield the one step that breaks a ladder of siblings."""
    for _, children in text.families():
        steps = [STEP.fullmatch(child.head.strip()) for child in children]
        values = [number(step["value"]) for step in steps if step]
        units = {step["unit"] for step in steps if step}
        known = [value for value in values if value is not None]
        if len(children) >= FEWEST and len(known) == len(children) and len(units) == 1:
            yield from broken(text, children, known)


def broken(text: Text, children: Sequence[Passage], values: Sequence[Fraction]) -> Iterator[Doubt]:
    """Yield the step without which all others go one way."""
    signs = [(b > a) - (b < a) for a, b in pairwise(values)]
    way = 1 if signs.count(1) >= signs.count(-1) else -1
    wrong = [at for at, sign in enumerate(signs) if sign != way]
    if len(wrong) != 1:
        return
    at = wrong[0]
    # Of the two steps at the break, the one is told without which the others are in order.
    for off in (at + 1, at):
        rest = [value for place, value in enumerate(values) if place != off]
        if all((b - a) * way > 0 for a, b in pairwise(rest)):
            words = children[off].head.strip()
            message = (
                f"“{words}”和上下几级的次序不合，别的都是一级比一级{'高' if way > 0 else '低'}"
            )
            yield text.doubt("order", (children[off], 0), message, words)
            return
