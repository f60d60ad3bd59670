"""Traced figures: every number of a parameter file is held against the clause that it names.

A figure holds when its clause prints the number with its unit (20点, ２０ 点, 二十点) or, for a pair, the
range (600-1000元, 1~3级). Where the text prints it otherwise, the figure's `words` are looked for and
must hold the number. The lines of an array stand in the order of the text, each at a place of its
own: so two lines that were swapped, or a line that took the number of its neighbour, are found too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from build_scripts.numerals import find_numbers
from build_scripts.outline import Clause, Document
from build_scripts.printed import ANY_UNIT, Alignment, Match, needs
from build_scripts.texts import EFFECTIVE, Text
from build_scripts.toml_places import Place, line_of, value_places
from policy_core import ParameterError, Version
from policy_core._versions import Figure, parse_policy

ROOT = Path(__file__).resolve().parent.parent
PARAMETERS = ROOT / "policy_core" / "parameters"
TEXTS = ROOT / "docs" / "policies"

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
    keys (value, min, max, from, to), with `unit` for those that the figure gives. `text` is the day from
    which the text is in force.
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
    text: str


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
    earlier: Mapping[str, Sequence[Text]] | None = None,
) -> tuple[list[Trace], list[FigureError]]:
    """Hold every figure of every parameter file against the texts.

    A version of the figures is held against every version of the text that was in force with it, and
    traced to the newest of these. One that no text goes with any more is passed over.

    Args:
        documents: the texts in force by their policies' ids.
        parameters: the folder of the parameter files.
        files: the texts' files by their policies' ids, for the places that errors name.
        earlier: the older versions of the texts, the oldest first.

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
        current = Text(
            path=(files or {}).get(path.stem, TEXTS / f"{path.stem}.txt"),
            document=document,
            since=document.front.get(EFFECTIVE, ""),
        )
        texts = [*(earlier or {}).get(path.stem, ()), current]
        for index, version in enumerate(policy.versions):
            later = policy.versions[index + 1 : index + 2]
            end = later[0].effective.isoformat() if later else ""
            newest: list[Trace] = []
            for each in texts:
                if each.overlaps(version.effective.isoformat(), end):
                    tracer = Tracer(each, file, text)
                    tracer.trace_version(index, version)
                    newest = tracer.traces
                    errors += tracer.errors
            traces += newest
    return traces, errors


def named(path: Path) -> str:
    """Name a file as a person in the working copy would."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


class Tracer:
    """Traces the figures of one parameter file in one version of its text."""

    def __init__(self, version: Text, file: str, text: str) -> None:
        self.document = version.document
        self.since = version.since
        self.text_file = named(version.path)
        self.file = file
        self.text = text
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
                            text=self.since,
                        )
                    )  # fmt: skip

    def quotes(
        self, figures: Sequence[tuple[tuple[str | int, ...], Figure]]
    ) -> dict[tuple[str | int, ...], list[Quote | None]]:
        """Find the lines of one figure in each clause that they name; None where one is not there."""
        found: dict[tuple[str | int, ...], list[Quote | None]] = {path: [] for path, _ in figures}
        clauses = dict.fromkeys(figure.clause for _, figure in figures)
        repeats = dict.fromkeys(clause for _, figure in figures for clause in figure.also)
        for clause_id, first in [
            *((each, True) for each in clauses),
            *((each, False) for each in repeats),
        ]:
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
            aligned = Alignment(
                text, [needs(figure) for _, figure in here], strict_words=first
            ).best()
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
        return Quote(
            clause=clause.id, words=text[spot.start : spot.end], start=spot.start, end=spot.end
        )

    def refuse(
        self,
        path: tuple[str | int, ...],
        key: str,
        message: str,
        clause_id: str,
        clause: Clause | None,
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


def contradiction(
    path: Sequence[str | int], clause_id: str, text: str, match: Match
) -> tuple[str, str]:
    """Give the key that is wrong, and say what it is and what the clause says."""
    numbers, name = match.need.numbers, figure_path(path)
    if match.spot:
        key, value = next(
            (key, value)
            for at, (key, value) in enumerate(numbers)
            if abs(value)
            not in (match.spot.values if match.need.words else match.spot.values[at : at + 1])
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
    others = [
        text[each.start : each.end] + following(text, each.end) for each in find_numbers(text)
    ]
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
