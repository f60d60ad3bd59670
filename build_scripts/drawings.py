"""Drawings of the rules: where each bar, line and word of them stands.

Geometry alone, no figure of any policy: `topics` hands in the rows, levels and steps that it takes from
the parameters, and `diagram/picture.svg` writes the marks down. Every drawing is made twice, for a wide
and for a narrow page, in the units of a screen's pixels, so that its words never grow or shrink.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal, Protocol

WIDE, NARROW = 720, 328
TYPE, LEADING = 13, 18
GAP = 12

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `kind` says what it means, and so which class paints it."""

    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from point to point."""

    points: tuple[tuple[float, float], ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words on its base line."""

    x: float
    y: float
    text: str
    kind: str = "plain"
    anchor: Anchor = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The marks of one drawing, in the order in which they are painted."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    strokes: tuple[Stroke, ...]
    words: tuple[Words, ...]


class Sketch(Protocol):
    """What can be drawn for a page of either width, and told in words."""

    def picture(self, *, wide: bool) -> Picture:
        """Set every mark."""

    def description(self) -> str:
        """Say what the drawing shows."""


@dataclass(slots=True)
class Canvas:
    """Marks that are still being set."""

    boxes: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def lines(self, x: float, y: float, lines: Sequence[str], kind: str = "plain") -> float:
        """Set lines of words one under the other, and give the base line after them."""
        for line in lines:
            self.words.append(Words(x, y, line, kind))
            y += LEADING
        return y

    def arrow(self, points: Sequence[tuple[float, float]], kind: str = "arrow") -> None:
        """Draw a line that ends in a head."""
        (x0, y0), (x, y) = points[-2:]
        right, down = sign(x - x0), sign(y - y0)
        back_x, back_y = x - 5 * right, y - 5 * down
        head = ((back_x - 4 * down, back_y - 4 * right), (x, y))
        self.strokes += [
            Stroke(tuple(points), kind),
            Stroke((*head, (back_x + 4 * down, back_y + 4 * right)), "head"),
        ]

    def picture(self, width: float, height: float) -> Picture:
        """Close the drawing."""
        return Picture(
            width=width, height=ceil(height), boxes=tuple(self.boxes),
            strokes=tuple(self.strokes), words=tuple(self.words),
        )  # fmt: skip


# ---- Bars on a common scale: grades, hours of a day, shares ---------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a row; without an end it goes on beyond the scale."""

    start: Fraction
    end: Fraction | None
    kind: str = "bar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a chart; a row without spans is the heading of those under it.

    `told` says in words what the bars show, where the note does not.
    """

    label: str
    note: str = ""
    told: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """A stretch that is pointed out across rows, from `first` to `last`: a hole or an overlap."""

    start: Fraction
    end: Fraction
    label: str
    first: int
    last: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars on one scale from `start` to `end`, which is labelled at `ticks`; `limit` is a dashed line."""

    rows: tuple[Row, ...]
    start: Fraction
    end: Fraction
    ticks: tuple[tuple[Fraction, str], ...]
    zones: tuple[Zone, ...] = ()
    limit: Fraction | None = None

    def description(self) -> str:
        """Tell the rows and what is pointed out."""
        rows = [" ".join(filter(None, (row.label, row.told, row.note))) for row in self.rows if row.spans]
        return "；".join([*rows, *(zone.label for zone in self.zones)]) + "。"

    def picture(self, *, wide: bool) -> Picture:
        """Set labels left of the bars and notes right of them; on a narrow page both stand above."""
        width = WIDE if wide else NARROW
        left = GAP + max(measured(row.label) for row in self.rows) if wide else 0
        right = width - (GAP + max(measured(row.note) for row in self.rows) if wide else 0)
        pitch, bar = (30, 14) if wide else (42, 12)
        canvas = Canvas()

        def at(value: Fraction | None) -> float:
            value = self.end if value is None else value
            return left + float((value - self.start) / (self.end - self.start)) * (right - left)

        top = 26 if self.zones else 8
        tops, y = [], float(top)
        for row in self.rows:
            tops.append(y)
            y += pitch if row.spans else LEADING + 12
        foot = y
        self.scale(canvas, [at(value) for value, _ in self.ticks], top - 4, foot, right)
        if self.limit is not None:
            x = at(self.limit)
            canvas.strokes.append(Stroke(((x, top - 4), (x, foot)), "limit"))
        for row, y in zip(self.rows, tops, strict=True):
            base = y + TYPE
            canvas.words.append(Words(0, base, row.label, "label" if row.spans else "group"))
            if row.note:
                canvas.words.append(Words(width, base, row.note, "note", "end"))
            under = y + 1 if wide else y + LEADING + 1
            canvas.boxes += [
                Box(at(span.start), under, at(span.end) - at(span.start), bar, span.kind)
                for span in row.spans
            ]
            for span in row.spans:
                if span.end is None:
                    middle = under + bar / 2
                    canvas.arrow([(right - 16, middle), (right - 5, middle)])
        for zone in self.zones:
            x, length = at(zone.start), at(zone.end) - at(zone.start)
            rows = self.rows_beside(zone)
            if wide:
                y = tops[zone.first] - 4
                height = tops[rows[-1]] + pitch - 6 - y
                canvas.boxes.append(Box(x, y, length, height, zone.kind))
            else:
                ys = [tops[at] + LEADING + 1 for at in rows]
                canvas.boxes += [Box(x, y, length, bar, zone.kind) for y in ys]
            canvas.words.append(beside(x + length / 2, top - 10, zone.label, zone.kind, width))
        return canvas.picture(width, foot + LEADING + 4)

    def rows_beside(self, zone: Zone) -> list[int]:
        """Give the rows whose bars lie in a zone or end at it."""
        return [
            at for at, row in enumerate(self.rows)
            if zone.first <= at <= zone.last
            and any(
                span.start <= zone.end and (span.end is None or span.end >= zone.start)
                for span in row.spans
            )
        ]  # fmt: skip

    def scale(
        self, canvas: Canvas, places: Sequence[float], top: float, foot: float, right: float
    ) -> None:
        """Draw the scale, a hairline at each tick; a label that would touch the last one is left out."""
        end = -float(WIDE)
        canvas.strokes += [Stroke(((x, top), (x, foot)), "grid") for x in places]
        canvas.strokes.append(Stroke(((places[0], foot), (right, foot)), "axis"))
        for x, (_, label) in zip(places, self.ticks, strict=True):
            word = beside(x, foot + LEADING - 2, label, "second", max(right, x))
            start = word.x - measured(label) * {"start": 0, "middle": 0.5, "end": 1}[word.anchor]
            if start >= end + 4:
                canvas.words.append(word)
                end = start + measured(label)


# ---- Steps up: the height is the pay ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step of a ladder: its height, what stands on it, and what leads up to it."""

    title: str
    amount: Fraction
    label: str
    conditions: tuple[str, ...]
    falls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Levels from the lowest to the highest; `fall` says when one steps down again."""

    levels: tuple[Level, ...]
    fall: str

    def description(self) -> str:
        """Tell the levels from below."""
        told = [
            f"{each.title} {each.label}" + (f"，{'，'.join(each.conditions)}" if each.conditions else "")
            for each in self.levels
        ]
        return "；".join(told) + f"。{self.fall}。"

    def picture(self, *, wide: bool) -> Picture:
        """Draw steps side by side, or on a narrow page bars one above the other."""
        return self.steps() if wide else self.bars()

    def steps(self) -> Picture:
        """Draw each level as a step; the highest is as high as the words in every step need."""
        canvas, gutter, inset = Canvas(), 8, 6
        width = (WIDE - gutter * (len(self.levels) - 1)) / len(self.levels)
        texts = [wrapped(each.conditions, width - 2 * inset) for each in self.levels]
        needed = [
            (len(lines) * LEADING + 2 * inset) / each.amount
            for each, lines in zip(self.levels, texts, strict=True)
        ]
        highest = max(each.amount for each in self.levels)
        scale = max(*needed, 210 / highest)
        head = 2 * LEADING + 6
        foot = head + float(scale * highest)
        for index, (each, lines) in enumerate(zip(self.levels, texts, strict=True)):
            x, y = index * (width + gutter), foot - float(scale * each.amount)
            canvas.boxes.append(Box(x, y, width, foot - y, "step"))
            canvas.strokes.append(Stroke(((x, y), (x + width, y)), "edge"))
            canvas.words += [
                Words(x, y - LEADING - 6, each.title, "strong"),
                Words(x, y - 7, each.label, "second"),
            ]
            canvas.lines(x + inset, y + LEADING + 2, lines)
        canvas.strokes.append(Stroke(((0, foot), (WIDE, foot)), "axis"))
        falling = [index for index, each in enumerate(self.levels) if each.falls and index]
        if not falling:
            return canvas.picture(WIDE, foot + 2)
        for index in falling:
            x = index * (width + gutter) + width / 2
            to = x - width - gutter + 16
            canvas.arrow([(x, foot + 6), (x, foot + 20), (to, foot + 20), (to, foot + 6)], "fall")
        middle = (falling[0] + falling[-1]) / 2 * (width + gutter)
        canvas.words.append(beside(middle, foot + 20 + LEADING, self.fall, "second", WIDE))
        return canvas.picture(WIDE, foot + 28 + LEADING)

    def bars(self) -> Picture:
        """Draw each level as a bar as long as its amount, the highest on top."""
        canvas, height, inset = Canvas(), 28, 8
        highest, y = max(each.amount for each in self.levels), 2.0
        for each in reversed(self.levels):
            width = float(each.amount / highest) * NARROW
            canvas.boxes.append(Box(0, y, width, height, "step"))
            canvas.strokes.append(Stroke(((0, y), (width, y)), "edge"))
            base = y + TYPE + 6
            canvas.words.append(Words(inset, base, each.title, "strong"))
            if measured(each.title) + measured(each.label) + 3 * inset <= width:
                canvas.words.append(Words(width - inset, base, each.label, "second", "end"))
            else:
                x = max(width, inset + measured(each.title)) + inset
                canvas.words.append(Words(x, base, each.label, "second"))
            y += height
            if each.conditions:
                lines = joined(each.conditions, NARROW - 32)
                below = canvas.lines(26, y + LEADING, lines)
                canvas.arrow([(12, below - LEADING + 8), (12, y + 6)])
                y = below - LEADING + 14
        y += 4
        below = canvas.lines(0, y + LEADING, wrapped([self.fall], NARROW), "second")
        return canvas.picture(NARROW, below - TYPE)


# ---- One step after the other ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of a process: what is done, who does it, and how long it takes."""

    title: str
    who: str
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Steps in their order."""

    stages: tuple[Stage, ...]

    def description(self) -> str:
        """Tell the steps in their order."""
        told = [
            f"{number}、{each.title}，{each.who}" + (f"，{each.time}" if each.time else "")
            for number, each in enumerate(self.stages, 1)
        ]
        return "；".join(told) + "。"

    def picture(self, *, wide: bool) -> Picture:
        """Draw the steps from left to right, or on a narrow page from the top down."""
        return self.across() if wide else self.down()

    def across(self) -> Picture:
        """Draw a box a step, an arrow between two."""
        canvas, gutter, inset = Canvas(), 20, 8
        width = (WIDE - gutter * (len(self.stages) - 1)) / len(self.stages)
        titles = [wrapped([each.title], width - 2 * inset) for each in self.stages]
        people = [wrapped(each.who.split("、"), width - 2 * inset) for each in self.stages]
        under = 14 + LEADING * (1 + max(map(len, titles)))
        foot = under + LEADING * (max(map(len, people)) + any(each.time for each in self.stages))
        for index, each in enumerate(self.stages):
            x = index * (width + gutter)
            canvas.boxes.append(Box(x, 1, width, foot - 1, "step"))
            canvas.strokes.append(Stroke(((x, 1), (x + width, 1)), "edge"))
            canvas.words.append(Words(x + inset, LEADING + 2, str(index + 1), "second"))
            canvas.lines(x + inset, 2 * LEADING + 2, titles[index], "strong")
            below = canvas.lines(x + inset, under + 4, people[index], "second")
            if each.time:
                canvas.words.append(Words(x + inset, below, each.time))
            if index:
                canvas.arrow([(x - gutter + 3, 2 * LEADING - 3), (x - 3, 2 * LEADING - 3)])
        return canvas.picture(WIDE, foot + 2)

    def down(self) -> Picture:
        """Draw a line a step, its number at the left."""
        canvas, left, y, tops = Canvas(), 32, 4.0, []
        for number, each in enumerate(self.stages, 1):
            tops.append(y)
            canvas.boxes.append(Box(0, y, 22, 22, "step"))
            canvas.words.append(Words(11, y + 16, str(number), "second", "middle"))
            canvas.words.append(Words(left, y + 16, each.title, "strong"))
            if each.time:
                canvas.words.append(Words(NARROW, y + 16, each.time, "plain", "end"))
            below = canvas.lines(left, y + 35, wrapped([each.who], NARROW - left), "second")
            y = below + 2
        for start, end in pairwise(tops):
            canvas.arrow([(11, start + 25), (11, end - 3)])
        return canvas.picture(NARROW, y - 6)


# ---- Words ------------------------------------------------------------------------------------------


def measured(text: str) -> float:
    """Estimate how wide a line of words is: a Chinese sign is as wide as the type is high."""
    return TYPE * sum(
        1 if unicodedata.east_asian_width(each) in "WF" else 0.3 if each == " " else 0.58
        for each in text
    )


def wrapped(lines: Sequence[str], width: float) -> list[str]:
    """Break lines that are too wide, between signs but not inside a number or a Latin word."""
    return [part for line in lines for part in broken(line, width)]


def broken(line: str, width: float) -> Iterator[str]:
    """Break one line."""
    while measured(line) > width:
        fits = [at for at in range(1, len(line)) if measured(line[:at]) <= width]
        good = [at for at in fits if not (closed(line[at - 1]) and closed(line[at]))]
        good = [at for at in good if line[at] not in "，。；：、）" and line[at - 1] != "（"]
        if not good:
            break
        yield line[: good[-1]].rstrip()
        line = line[good[-1] :].lstrip()
    yield line


def closed(character: str) -> bool:
    """Tell whether a sign belongs to a number or a Latin word, which is not broken."""
    return unicodedata.east_asian_width(character) not in "WF" and character != " "


def joined(parts: Sequence[str], width: float) -> list[str]:
    """Set parts into as few lines as they need, with commas between."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]}，{part}"
        if measured(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return wrapped(lines, width)


def beside(x: float, y: float, text: str, kind: str, width: float) -> Words:
    """Set words around a place, but inside the drawing."""
    half = measured(text) / 2
    if x - half < 0:
        return Words(0, y, text, kind)
    if x + half > width:
        return Words(width, y, text, kind, "end")
    return Words(x, y, text, kind, "middle")


def sign(value: float) -> int:
    """Give the direction of a difference."""
    return (value > 0) - (value < 0)
