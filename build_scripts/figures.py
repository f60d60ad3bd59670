"""Traced figures: every number of a parameter file is held against the clause that it names.

A figure holds when its clause prints the number with its unit (20点, ２０ 点, 二十点) or, for a pair, the
range (600-1000元, 1~3级). Where the text prints it otherwise, the figure's `words` are looked for and
must hold the number. The lines of an array stand in the order of the text, each at a place of its
own: so two lines that were swapped, or a line that took the number of its neighbour, are found too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from build_scripts.numerals import Numeral, find_numbers
from build_scripts.outline import Clause, Document
from build_scripts.toml_places import Place, line_of, value_places
from policy_core import ParameterError, Version
from policy_core._versions import Figure, parse_policy

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ROOT / "policy_core" / "parameters"
TEXTS = ROOT / "docs" / "policies"

# Keys that say to what a line applies, and keys that say what it gives; the unit belongs to the latter.
APPLIES, GIVES = ("from", "to"), (("value",), ("min", "max"))
RANGE_SIGN = re.compile(r"[-‐‑–—―−~∼〜]{1,2}|至|到")
ANY_UNIT = re.compile(r"个?[^\W\d_]?|%")
# A unit that is only the front of a longer one: 3个月 are no 3个, 15分钟 no 15分.
LONGER_UNITS = {"个": "月", "分": "钟之", "点": "钟", "年": "级"}
MOST_QUOTED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a clause: `words` is exactly `clause.full_text()[start:end]`."""

    clause: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A figure and the words of the text that hold it; `also` are the clauses that repeat it.

    `figure` is the path in the parameter file, such as `bonus[1]`; `numbers` are its numbers by their
    keys (value, min, max, from, to), with `unit` for those that the figure gives.
    """

    policy: str
    version: str
    figure: str
    numbers: Mapping[str, Fraction]
    unit: str
    clause: str
    words: str
    start: int
    end: int
    also: tuple[Quote, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureError:
    """A figure and a text that do not agree; as text, for the person who wrote either."""

    file: str
    line: int
    message: str
    figure: str = ""
    clause: str = ""
    source: str = ""
    column: int = 0
    width: int = 0
    text_file: str = ""
    text_line: int = 0
    quote: str = ""
    missing_text: bool = False

    def __str__(self) -> str:
        lines = [f"{self.file}:{self.line}: {self.message}"]
        if self.source:
            before = printed_width(self.source[: self.column])
            lines += [f"    {self.source}", " " * (4 + before) + "~" * (self.width - 1) + "^"]
        if self.quote:
            lines += [f"{self.text_file}:{self.text_line}: {self.clause}", f"    {self.quote}"]
        return "\n".join(lines)


def trace(
    documents: Mapping[str, Document],
    parameters: Path = PARAMETERS,
    files: Mapping[str, Path] | None = None,
) -> tuple[list[Trace], list[FigureError]]:
    """Hold every figure of every parameter file against the texts.

    A version that a later one has replaced by the text's own effective date is no longer in the text,
    and is passed over.

    Args:
        documents: the texts by their policies' ids.
        parameters: the folder of the parameter files.
        files: the texts' files by their policies' ids, for the places that errors name.

    """
    traces: list[Trace] = []
    errors: list[FigureError] = []
    for path in sorted(parameters.glob("*.toml")):
        file = named(path)
        text = path.read_text(encoding="utf-8")
        try:
            policy = parse_policy(path.stem, text)
        except ParameterError as error:
            errors.append(FigureError(file=file, line=1, message=str(error)))
            continue
        if path.stem not in documents:
            if any(version.figures for version in policy.versions):
                message = f"there is no text {path.stem} that holds these figures"
                errors.append(FigureError(file=file, line=1, message=message, missing_text=True))
            continue
        document = documents[path.stem]
        text_file = (files or {}).get(path.stem, TEXTS / f"{path.stem}.txt")
        tracer = Tracer(document, file, text, named(text_file))
        for index, version in enumerate(policy.versions):
            later = policy.versions[index + 1 : index + 2]
            if not any(replaced(each, document) for each in later):
                tracer.trace_version(index, version)
        traces += tracer.traces
        errors += tracer.errors
    return traces, errors


def named(path: Path) -> str:
    """Name a file as a person in the working copy would."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def replaced(later: Version, document: Document) -> bool:
    """Tell whether a later version was in force when the text became so."""
    return later.effective.isoformat() <= document.front.get("生效日期", "")


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


class Tracer:
    """Traces the figures of one parameter file in one text."""

    def __init__(self, document: Document, file: str, text: str, text_file: str) -> None:
        self.document = document
        self.file = file
        self.text = text
        self.text_file = text_file
        self.places = value_places(text)
        self.lines = text.splitlines()
        self.traces: list[Trace] = []
        self.errors: list[FigureError] = []

    def trace_version(self, index: int, version: Version) -> None:
        """Trace every figure of one version."""
        for name, figures in version.figures.items():
            path: tuple[str | int, ...] = ("version", index, name)
            listed = (*path, 0) in self.places
            paths = [(*path, line) for line in range(len(figures))] if listed else [path]
            quotes = self.quotes(list(zip(paths, figures, strict=True)))
            for where, figure in zip(paths, figures, strict=True):
                first, *also = quotes.get(where) or [None]
                if first:
                    self.traces.append(
                        Trace(
                            policy=self.document.policy, version=version.effective.isoformat(),
                            figure=figure_path(where), numbers=figure.numbers, unit=figure.unit,
                            clause=first.clause, words=first.words, start=first.start, end=first.end,
                            also=tuple(each for each in also if each),
                            file=self.file, line=line_of(self.text, self.places[where].start),
                        )
                    )  # fmt: skip

    def quotes(
        self, figures: Sequence[tuple[tuple[str | int, ...], Figure]]
    ) -> dict[tuple[str | int, ...], list[Quote | None]]:
        """Find the lines of one figure in each clause that they name; None where one is not there."""
        found: dict[tuple[str | int, ...], list[Quote | None]] = {path: [] for path, _ in figures}
        clauses = dict.fromkeys(figure.clause for _, figure in figures)
        repeats = dict.fromkeys(clause for _, figure in figures for clause in figure.also)
        for clause_id, first in [*((each, True) for each in clauses), *((each, False) for each in repeats)]:
            here = [
                (path, figure) for path, figure in figures
                if (clause_id == figure.clause if first else clause_id in figure.also)
            ]  # fmt: skip
            clause = self.document.find(clause_id)
            if clause is None:
                for path, _ in here:
                    missing = f"{self.document.policy}:{clause_id}, which the text does not have"
                    message = f"{figure_path(path)} names {missing}"
                    self.refuse(path, "clause" if first else "also", message, clause_id, None)
                    found[path].append(None)
                continue
            text = clause.full_text()
            aligned = Alignment(text, [needs(figure) for _, figure in here], strict_words=first).best()
            for (path, _), matches in zip(here, aligned, strict=True):
                found[path].append(self.quote(path, clause, text, matches))
        return found

    def quote(
        self, path: tuple[str | int, ...], clause: Clause, text: str, matches: Sequence[Match]
    ) -> Quote | None:
        """Quote the words that hold a figure, or note each of its numbers that they do not hold."""
        wrong = [match for match in matches if not match.holds]
        for match in wrong:
            key, message = contradiction(path, clause.id, text, match)
            self.refuse(path, key, message, clause.id, clause)
        spot = matches[-1].spot if matches else None
        if wrong or spot is None:
            return None
        return Quote(clause=clause.id, words=text[spot.start : spot.end], start=spot.start, end=spot.end)

    def refuse(
        self, path: tuple[str | int, ...], key: str, message: str, clause_id: str, clause: Clause | None
    ) -> None:
        """Note an error at the place of one key of a figure."""
        place = self.places.get((*path, key)) or self.places.get(path) or Place(0, 1)
        line = line_of(self.text, place.start)
        source = self.lines[line - 1]
        column = place.start - (self.text.rfind("\n", 0, place.start) + 1)
        self.errors.append(
            FigureError(
                file=self.file, line=line, message=message, figure=figure_path(path),
                clause=clause.id if clause else f"{self.document.policy}:{clause_id}",
                source=source.strip(), column=column - (len(source) - len(source.lstrip())),
                width=max(1, min(place.end - place.start, len(source) - column)),
                text_file=self.text_file, text_line=clause.line if clause else 1,
                quote=" ".join(clause.full_text().split()) if clause else "",
            )
        )  # fmt: skip


def figure_path(path: Sequence[str | int]) -> str:
    """Write a path as people do: `("version", 0, "bonus", 1)` is `bonus[1]`."""
    return str(path[2]) + "".join(f"[{each}]" for each in path[3:])


def needs(figure: Figure) -> tuple[Need, ...]:
    """Say what a clause must print for a figure: what it applies to, then what it gives."""
    applies = tuple((key, figure.numbers[key]) for key in APPLIES if key in figure.numbers)
    gives = [
        tuple((key, figure.numbers[key]) for key in keys if key in figure.numbers) for keys in GIVES
    ]
    gives = [each for each in gives if each]
    if figure.words:
        return (Need((*applies, *(pair for each in gives for pair in each)), figure.unit, figure.words),)
    if not gives:
        return (Need(applies, figure.unit, ""),) if applies else ()
    return (*([Need(applies, None, "")] if applies else []), *(Need(each, figure.unit, "") for each in gives))


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
            [found[line, part] for part in range(len(parts))] for line, parts in enumerate(self.lines)
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
        holding = min((spot for spot in spots if holds(need, spot)), key=lambda spot: spot.end, default=None)
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

    def unit_end(self, numeral: Numeral, unit: str | None, front: Numeral | None = None) -> int | None:
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
    tail = words[printed[0].end :]
    return [
        Spot(each.start, end, (each.value,))
        for each in numerals
        for end in [after_unit(text, each.end, tail)]
        if end is not None
    ]


def contradiction(
    path: Sequence[str | int], clause_id: str, text: str, match: Match
) -> tuple[str, str]:
    """Give the key that is wrong, and say what it is and what the clause says."""
    numbers, name = match.need.numbers, figure_path(path)
    if match.spot:
        key, value = next(
            (key, value)
            for at, (key, value) in enumerate(numbers)
            if abs(value) not in (match.spot.values if match.need.words else match.spot.values[at : at + 1])
        )
        name += "" if key == "value" else f".{key}"
        says = text[match.spot.start : match.spot.end]
        return key, f"{name} is {decimal(value)}, but {clause_id} says {says}"
    key = numbers[0][0] if numbers else "words"
    wanted = "-".join(decimal(number) for _, number in numbers)
    if not numbers:
        return key, f"{name} is {match.need.words}, which {clause_id} does not say"
    if match.need.words:
        return key, f"{name} is {wanted}, but {clause_id} does not say {match.need.words}"
    wanted += match.need.unit or ""
    others = [text[each.start : each.end] + following(text, each.end) for each in find_numbers(text)]
    said = "、".join(others[:MOST_QUOTED]) or "no number"
    return key, f"{name} is {wanted}, but {clause_id} says {said}"


def following(text: str, at: int) -> str:
    """Give the sign after a number, where it can be its unit."""
    found = ANY_UNIT.match(text, at)
    return found[0] if found else ""


def decimal(value: Fraction) -> str:
    """Print an exact number as a parameter file does."""
    return str(value.numerator if value.denominator == 1 else float(value))


def printed_width(text: str) -> int:
    """Count the columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
