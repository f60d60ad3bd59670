"""The headings of a result, and what is wrong with a row: in field names, or in the words of the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policy_core._cells import Cell, Path, path_name
from policy_core._errors import InputErrors, Problem
from policy_core._inputs import Field

ENDS = {"min": "最少", "max": "最多"}
WHOLE = {"row", "json"}  # problems of a whole record
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one calculator's inputs and outcome, as its labels have them."""

    inputs: Mapping[str, Mapping[str, Any]]
    outcome: Mapping[str, Mapping[str, Any]]


class Headings:
    """Names the columns of one calculator's results: in its words, or without any in field names.

    Args:
        fields: its declared inputs.
        words: its own words, then those of the others of its policy.

    """

    def __init__(self, fields: Sequence[Field], words: Sequence[Words] = ()) -> None:
        self.fields = fields
        self.speaks = bool(words)
        self.labels = words[0] if words else Words(inputs={}, outcome={})
        self.others = words
        self.errors = "错误" if words else "errors"

    def input(self, path: Path) -> str:
        """Name an input, by its path."""
        return "·".join(self.input_words(path)) if self.speaks else path_name(path)

    def input_words(self, path: Path) -> Iterator[str]:
        """Yield the words of an input's path, the last one with its unit."""
        words = self.labels.inputs
        for length, part in enumerate(path, 1):
            if isinstance(part, int):
                yield f"第{part + 1}项"
                continue
            given = words.get(part, {})
            alike = [each for each in words.values() if each.get("label") == given.get("label")]
            label = given.get("label", part) + (f"（{part}）" if len(alike) > 1 else "")
            yield label + (unit(given) if length == len(path) else "")
            words = given.get("items", {})

    def outcome(self, path: Path) -> str:
        """Name a part of the outcome, by its path."""
        if not self.speaks:
            return path_name(path)
        given, rest = self.part(path)
        words = [given.get("label", str(path[0]))] if given else []
        last = given
        for part in rest:
            if isinstance(part, int):
                words.append(f"第{part + 1}项")
                last = {}
            elif part in ENDS:  # of a range, whose unit it has
                words.append(ENDS[part])
            else:
                last = self.inner(part, given)
                words.append(last.get("label", part))
        return "·".join(words) + unit(last)

    def part(self, path: Path) -> tuple[Mapping[str, Any], Path]:
        """Find the longest part of a path that has a label, and what is left of the path."""
        for length in range(len(path), 0, -1):
            if all(isinstance(each, str) for each in path[:length]):
                given = self.labels.outcome.get(".".join(map(str, path[:length])))
                if given:
                    return given, path[length:]
        return {}, path

    def inner(self, name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """Find the words of what lies within a part: a column of a list, or what the policy calls so."""
        for kind in ("columns", "parts"):
            if name in given.get(kind, {}):
                return {"label": given[kind][name]}
        for labels in self.others:
            if found := labels.outcome.get(name) or labels.inputs.get(name):
                return found
        return {}

    def shown(self, path: Path, value: Cell) -> Cell:
        """Give a value of the outcome in the headings' language: a code by its words."""
        if not self.speaks or not isinstance(value, str):
            return value
        given, rest = self.part(path)
        inner = self.inner(rest[-1], given) if rest and isinstance(rest[-1], str) else given
        for words in (inner.get("options", {}), given.get("options", {}), given.get("items", {})):
            if found := words.get(value):
                return str(found if isinstance(found, str) else found["label"])
        return value

    def problems(self, errors: InputErrors) -> str:
        """Say what is wrong with a row: which input, what was given, and what is allowed."""
        return "；".join(self.problem(each) for each in errors.problems)

    def problem(self, problem: Problem) -> str:
        """Say one thing that is wrong, in the words of the pages."""
        if problem.field in WHOLE:
            return problem.message
        path = path_of(problem.field)
        field = declared(self.fields, path)
        if not self.speaks or field is None:
            return f"{problem.field}：{problem.message}"
        message, options = problem.message, self.options(path)
        if options:
            codes = "、".join(map(str, field.choices))
            told = ((str(each), options.get(str(each))) for each in field.choices)
            named = "、".join(f"{word}（{code}）" if word else code for code, word in told)
            message = message.replace(codes, named)
        return f"{self.input(path)}：{message}"

    def options(self, path: Path) -> Mapping[str, str]:
        """Give the words of an input's choices."""
        words: Mapping[str, Any] = self.labels.inputs
        given: Mapping[str, Any] = {}
        for part in path:
            if isinstance(part, str):
                given = words.get(part, {})
                words = given.get("items", {})
        found: Mapping[str, str] = given.get("options", {})
        return found


def unit(given: Mapping[str, Any]) -> str:
    """Write a unit behind a label."""
    return f"（{given['unit']}）" if given.get("unit") else ""


def path_of(name: str) -> Path:
    """Read a field's path as a problem names it: `rows[2].points`."""
    return tuple(int(index) if index else part for index, part in STEP.findall(name))


def declared(fields: Iterable[Field], path: Path) -> Field | None:
    """Find the declared input that a path leads to."""
    found: Field | None = None
    for part in path:
        if isinstance(part, int):
            found = found.item if found else None
        else:
            found = next((each for each in fields if each.name == part), None)
        if found is None:
            return None
        fields = found.fields
    return found


def apart(headings: Iterable[tuple[str, str]], taken: Iterable[str]) -> list[str]:
    """Keep headings apart from each other and from those that are there: alike ones get their field's name.

    Args:
        headings: each heading with the name of its field.
        taken: the headings of the table's own columns.

    """
    listed, there = list(headings), set(taken)
    alike = [heading for heading, _ in listed]
    found: list[str] = []
    for heading, name in listed:
        made = heading
        if heading in there or alike.count(heading) > 1:
            made = f"outcome.{name}" if heading == name else f"{heading}（{name}）"
        while made in there:
            made += "′"
        there.add(made)
        found.append(made)
    return found
