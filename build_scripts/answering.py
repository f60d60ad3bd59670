"""The work of a batch on a few records at a time, so that it can be done by several processes at once."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import policy_core
from policy_core import Answer, InputErrors
from policy_core._browser import read_json
from policy_core._cells import Cell, Kinds, Path, flat
from policy_core._columns import Columns
from policy_core._errors import one_problem
from policy_core._headings import Headings
from policy_core._rows import outcome_of, own_cells, read_row

LONGEST_LINE = 10_000_000
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

type Line = bytes | None
type Item = Line | Sequence[Cell]
type Own = list[Cell] | dict[Path, Cell]


@dataclass(slots=True)
class Part:
    """What became of a few records: their content, how many there were and were wrong, and their columns."""

    content: bytes
    records: int
    wrong: int
    own: Kinds = field(default_factory=Kinds)
    found: Kinds = field(default_factory=Kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers records of one calculator: lines of JSON, or with `columns` the rows of a table.

    `typed` makes numbers and days of a table's own cells where they are text, `noted` looks at their kinds.
    """

    calculator: str
    as_of: date
    headings: Headings
    columns: Columns | None = None
    outcome_only: bool = False
    typed: bool = False
    noted: bool = False

    def lines(self, items: Iterable[Item]) -> Part:
        """Answer every record with a line of JSON."""
        lines, wrong = [], 0
        for item in items:
            try:
                given = self.answer(self.inputs(item)).to_json()
                if self.outcome_only:
                    # Empty steps and findings would say that there are none.
                    given = {key: given[key] for key in ("calculator", "version", "outcome")}
            except InputErrors as error:
                given = error.to_json()
                wrong += 1
            lines.append(COMPACT.encode(given))
        text = "".join(f"{line}\n" for line in lines)
        return Part(text.encode("utf-8", "backslashreplace"), len(lines), wrong)

    def rows(self, items: Iterable[Item]) -> Part:
        """Answer every record with its own cells, the values of its outcome, and what is wrong with it."""
        rows: list[tuple[Own, dict[Path, Cell], str]] = []
        own, found, wrong = Kinds(), Kinds(), 0
        for item in items:
            inputs: dict[str, Any] = {}
            try:
                inputs = self.inputs(item)
                values, errors = outcome_of(self.calculator, inputs, self.as_of), ""
            except InputErrors as error:
                values, errors = {}, self.headings.problems(error)
                wrong += 1
            cells = self.own(item, inputs)
            if self.noted:
                own.note(
                    cells
                    if isinstance(cells, dict)
                    else {(at,): each for at, each in enumerate(cells)}
                )
            found.note(values)
            rows.append((cells, values, errors))
        return Part(pickle.dumps(rows, pickle.HIGHEST_PROTOCOL), len(rows), wrong, own, found)

    def answer(self, inputs: dict[str, Any]) -> Answer:
        """Answer one record."""
        return policy_core.calculate(
            self.calculator, inputs, self.as_of, outcome_only=self.outcome_only
        )

    def inputs(self, item: Item) -> dict[str, Any]:
        """Read the inputs of one record.

        Raises:
            InputErrors: it cannot be read as a record.

        """
        if self.columns is None:
            return inputs_of_line(item if isinstance(item, bytes) else None)
        return read_row(self.columns, list(item or ()))

    def own(self, item: Item, inputs: dict[str, Any]) -> Own:
        """Give the cells that the record brings along."""
        if self.columns is None:
            return dict(flat(inputs)) if inputs else {}
        return own_cells(self.columns, list(item or ()), typed=self.typed)


def inputs_of_line(line: Line) -> dict[str, Any]:
    """Read one line of JSON.

    Raises:
        InputErrors: it is too long, no text, no JSON, or no object.

    """
    if line is None:
        raise one_problem("json", f"这一行太长，最多 {LONGEST_LINE} 个字节")
    try:
        record = read_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise one_problem("json", f"第 {error.start + 1} 个字节不是 UTF-8 文字") from error
    if not isinstance(record, dict):
        raise one_problem("json", "应是一组“名称：值”，写在 { } 里")
    return record
