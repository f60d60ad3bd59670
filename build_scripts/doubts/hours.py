"""Shifts in times of day: half an hour between two of them that nobody covers.

An hour or more between two shifts is a break; less than that looks like a slip.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from build_scripts.doubts.doubt import Doubt, Passage, Text

TIME = r"(?P<{0}hour>[01]?\d|2[0-4])[：:](?P<{0}minute>[0-5]\d)"
SHIFT = re.compile(TIME.format("") + r"\s?[-—–~～至到]{1,2}\s?" + TIME.format("to_"))
DAYS = re.compile(
    "(?:每?(?:周|星期)[一二三四五六日天末](?:[至到、-](?:周|星期)?[一二三四五六日天])?|工作日|双休日|节假日|每天|每日)"
)
BREAK = 60
EVENING = 16 * 60


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Shift:
    """One shift in minutes of the day."""

    start: int
    end: int
    passage: Passage
    at: int


def hour_doubts(text: Text) -> Iterator[Doubt]:
    """Yield the short times between the shifts of one kind of day, where there are three or more."""
    for passage in text.own():
        yield from swapped(text, passage)
    for parent, children in text.families():
        days: dict[str, list[Shift]] = {}
        for passage in [*([parent] if parent else []), *children]:
            for day, shift in shifts_of(passage):
                days.setdefault(day, []).append(shift)
        for shifts in days.values():
            if len(shifts) > 2:
                yield from uncovered(text, shifts)


def shifts_of(passage: Passage) -> Iterator[tuple[str, Shift]]:
    """Read the shifts of a passage, each with the days that were named last before it."""
    day, named = "", list(DAYS.finditer(passage.words))
    for found in SHIFT.finditer(passage.words):
        while named and named[0].start() < found.start():
            day = named.pop(0)[0].lstrip("每")
        start, end = ends(found)
        if start < end:
            yield day, Shift(start=start, end=end, passage=passage, at=found.start())


def ends(found: re.Match[str]) -> tuple[int, int]:
    """Read both ends of a shift in minutes."""
    start = 60 * int(found["hour"]) + int(found["minute"])
    return start, 60 * int(found["to_hour"]) + int(found["to_minute"])


def swapped(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield a shift of the day that ends before it begins; one of the night may."""
    for found in SHIFT.finditer(passage.words):
        start, end = ends(found)
        if end < start < EVENING:
            message = f"“{found[0]}”结束早于开始，像是写反了"
            yield text.doubt("order", (passage, found.start()), message, found[0])


def uncovered(text: Text, shifts: list[Shift]) -> Iterator[Doubt]:
    """Yield each stretch of less than an hour that lies between shifts."""
    ordered = sorted(shifts, key=lambda each: (each.start, each.end))
    covered = ordered[0].end
    before = ordered[0].passage
    for shift in ordered[1:]:
        if covered < shift.start < covered + BREAK:
            gap = f"{clock(covered)}-{clock(shift.start)}"
            message = f"{gap} 不在任何一个班次里"
            yield text.doubt("gap", (shift.passage, shift.at), message, gap, also=[before])
        if shift.end > covered:
            covered, before = shift.end, shift.passage


def clock(minutes: int) -> str:
    """Print minutes as a time of day."""
    return f"{minutes // 60}:{minutes % 60:02d}"
