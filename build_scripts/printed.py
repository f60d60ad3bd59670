"""Where a clause prints the numbers of a figure, and what it prints in their place.

Pure: numbers and units on one side, the words of a clause on the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise

from build_scripts.numerals import Numeral, find_numbers
from policy_core._versions import Figure

# Keys that say to what a line applies, and keys that say what it gives; the unit belongs to the latter.
APPLIES, GIVES = ("from", "to"), (("value",), ("min", "max"))
RANGE_SIGN = re.compile(r"[-‐‑–—―−~∼〜]{1,2}|至|到")
ANY_UNIT = re.compile(r"个?[^\W\d_]?|%")
# A unit that is only the front of a longer one: 3个月 are no 3个, 15分钟 no 15分.
LONGER_UNITS = {"个": "月", "分": "钟之", "点": "钟", "年": "级"}


@dataclass(frozen=True, slots=True)
class Need:
    """Numbers that must stand together at one place of a clause, by their keys."""

    numbers: tuple[tuple[str, Fraction], ...]
    unit: str | None
    words: str

    @property
    def values(self) -> tuple[Fraction, ...]:
        """Give the numbers; a text prints a deduction without a sign."""
        return tuple(abs(value) for _, value in self.numbers)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a clause where a number or a range is printed, with its unit."""

    start: int
    end: int
    values: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Where a need was met, or the place that should have met it."""

    need: Need
    spot: Spot | None
    holds: bool


def needs(figure: Figure) -> tuple[Need, ...]:
    """Say what a clause must print for a figure: what it applies to, then what it gives."""
    applies = tuple((key, figure.numbers[key]) for key in APPLIES if key in figure.numbers)
    gives = [
        tuple((key, figure.numbers[key]) for key in keys if key in figure.numbers) for keys in GIVES
    ]
    gives = [each for each in gives if each]
    if figure.words:
        return (
            Need((*applies, *(pair for each in gives for pair in each)), figure.unit, figure.words),
        )
    if not gives:
        return (Need(applies, figure.unit, ""),) if applies else ()
    return (
        *([Need(applies, None, "")] if applies else []),
        *(Need(each, figure.unit, "") for each in gives),
    )


class Alignment:
    """The best way to set the lines of a figure against the places of a clause, in order."""

    def __init__(self, text: str, lines: Sequence[Sequence[Need]], *, strict_words: bool) -> None:
        self.text = text
        self.lines = lines
        self.strict_words = strict_words
        self.numerals = find_numbers(text)
        self.spots = cache(self._spots)
        self.cheapest = cache(self._cheapest)

    def best(self) -> list[list[Match]]:
        """Give a match for every need of every line, in the order of the needs."""
        _, chain = self.cheapest(0, tuple(range(len(self.lines[0]))), 0)
        found: dict[tuple[int, int], Match] = {(line, part): match for line, part, match in chain}
        return [
            [found[line, part] for part in range(len(parts))]
            for line, parts in enumerate(self.lines)
        ]

    def _cheapest(
        self, line: int, parts: tuple[int, ...], at: int
    ) -> tuple[tuple[int, int, Fraction], tuple[tuple[int, int, Match], ...]]:
        """Place the parts that are left of a line, in any order, and all later lines after them."""
        if not parts:
            if line + 1 == len(self.lines):
                return (0, 0, Fraction(0)), ()
            return self.cheapest(line + 1, tuple(range(len(self.lines[line + 1]))), at)
        options = []
        for part in parts:
            left = tuple(each for each in parts if each != part)
            for match, cost in self.options(self.lines[line][part], at):
                rest, chain = self.cheapest(line, left, match.spot.end if match.spot else at)
                total = (cost[0] + rest[0], cost[1] + rest[1], cost[2] + rest[2])
                options.append((total, ((line, part, match), *chain)))
        return min(options, key=lambda option: option[0])

    def options(self, need: Need, at: int) -> Iterator[tuple[Match, tuple[int, int, Fraction]]]:
        """Give the first place that holds a need, and every place that contradicts it, with their costs.

        A cost counts numbers that are wrong, then those without a place, then how far they are off.
        """
        spots = [spot for spot in self.spots(need) if spot.start >= at]
        holding = min(
            (spot for spot in spots if holds(need, spot)), key=lambda spot: spot.end, default=None
        )
        if holding:
            yield Match(need, holding, holds=True), (0, 0, Fraction(0))
        for spot in spots:
            if not holds(need, spot):
                pairs = zip(need.values, spot.values, strict=False)
                off = sum((abs(a - b) / (1 + a + b) for a, b in pairs), Fraction(0))
                yield Match(need, spot, holds=False), (1, 0, off)
        yield Match(need, None, holds=False), (1, 1, Fraction(0))

    def _spots(self, need: Need) -> list[Spot]:
        """Find the places that a need can be held against."""
        found: list[Spot] = []
        if need.words:
            found += occurrences(self.text, need.words, self.numerals)
            if not found:
                found += lookalikes(self.text, need.words, self.numerals)
            if self.strict_words:
                return found
        return found + self.printed(need)

    def printed(self, need: Need) -> list[Spot]:
        """Find the numbers, or for a pair the ranges, that are printed with the need's unit."""
        ranges = {
            (left.start, right.end): (left, right)
            for left, right in pairwise(self.numerals)
            if is_range(self.text, left, right, need.unit)
        }
        spots = []
        if len(need.numbers) > 1:
            for left, right in ranges.values():
                end = self.unit_end(right, need.unit, left)
                if end is not None:
                    spots.append(Spot(left.start, end, (left.value, right.value)))
            return spots
        in_ranges = {each for pair in ranges.values() for each in pair}
        for numeral in self.numerals:
            end = self.unit_end(numeral, need.unit)
            if end is not None and numeral not in in_ranges:
                spots.append(Spot(numeral.start, end, (numeral.value,)))
        return spots

    def unit_end(
        self, numeral: Numeral, unit: str | None, front: Numeral | None = None
    ) -> int | None:
        """Give the end of a number's unit, or None where it has another one."""
        if unit == "%" and any("分之" in each.printed for each in (numeral, front) if each):
            return numeral.end
        return numeral.end if not unit else after_unit(self.text, numeral.end, unit)


def holds(need: Need, spot: Spot) -> bool:
    """Tell whether a place prints the numbers of a need; words may hold further ones."""
    if need.words:
        return all(value in spot.values for value in need.values)
    return spot.values == need.values


def is_range(text: str, left: Numeral, right: Numeral, unit: str | None) -> bool:
    """Tell whether two numbers next to each other are the ends of a range: 1~3级, 15%-20%, 一到三个月."""
    between = plain(text[left.end : right.start])
    if RANGE_SIGN.fullmatch(between):
        return True
    front = re.match(re.escape(plain(unit)) if unit else ANY_UNIT, between)
    return bool(front and RANGE_SIGN.fullmatch(between[front.end() :]))


def after_unit(text: str, at: int, unit: str) -> int | None:
    """Step over a unit, full-width or half-width, blanks and a 个 before it allowed."""
    wanted = plain(unit)
    for lead in ("", "个"):
        end, left = at, lead + wanted
        while left and end < len(text):
            sign = plain(text[end])
            if sign and not left.startswith(sign):
                break
            left = left[len(sign) :]
            end += 1
        if not left and text[end : end + 1] not in LONGER_UNITS.get(wanted, ()):
            return end
    return None


def plain(text: str) -> str:
    """Fold full-width and half-width forms and drop blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def occurrences(text: str, words: str, numerals: Sequence[Numeral]) -> list[Spot]:
    """Find words in a text, forms and blanks ignored, with the numbers that they hold."""
    signs, offsets = [], []
    for offset, sign in enumerate(text):
        for each in plain(sign):
            signs.append(each)
            offsets.append(offset)
    found, folded, wanted = [], "".join(signs), plain(words)
    at = folded.find(wanted)
    while at >= 0:
        start, end = offsets[at], offsets[at + len(wanted) - 1] + 1
        met = [each for each in numerals if each.start < end and start < each.end]
        if all(start <= each.start and each.end <= end for each in met):  # 120分 does not say 20分
            found.append(Spot(start, end, tuple(each.value for each in met)))
        at = folded.find(wanted, at + 1)
    return found


def lookalikes(text: str, words: str, numerals: Sequence[Numeral]) -> list[Spot]:
    """Find what a text says in the place of words that it no longer prints: 25分 for 20分."""
    printed = find_numbers(words)
    if len(printed) != 1:
        return []
    front, tail = plain(words[: printed[0].start]), words[printed[0].end :]
    return [
        Spot(each.start, end, (each.value,))
        for each in numerals
        for end in [after_unit(text, each.end, tail)]
        if end is not None and plain(text[: each.start]).endswith(front)
    ]
