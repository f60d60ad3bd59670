"""Many calculations at once: JSON Lines, CSV or XLSX in, the answers out, each in its record's place.

Memory stays flat: a record is read, answered and written before the next one. What goes to a file is
written beside it first and moved there when it is complete.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import policy_core
from build_scripts.columns import Columns, OutcomeColumns, flat, path_name
from build_scripts.tables import Cell, Table, TableError, open_table, write_csv, write_xlsx
from policy_core import Calculator, InputErrors, Problem
from policy_core._browser import read_json

STANDARD = "-"
LINES, COMMA, SHEET = ".jsonl", ".csv", ".xlsx"
LONGEST_LINE = 10_000_000


class BatchError(Exception):
    """A batch that cannot be done as it was asked for; the message is Chinese."""


@dataclass(slots=True)
class Tally:
    """What a batch did: how many records there were, how many were wrong, which columns meant nothing."""

    records: int = 0
    wrong: int = 0
    unused: tuple[str, ...] = ()

    def count(self, errors: object) -> None:
        """Count one more record."""
        self.records += 1
        self.wrong += bool(errors)

    def lines(self) -> Iterator[str]:
        """Tell it in the reader's words."""
        if self.unused:
            yield f"这些列没有用到，原样留着：{'、'.join(self.unused)}"
        yield f"共 {self.records} 条" + (
            f"，{self.wrong} 条有误，原因写在各条里" if self.wrong else ""
        )


def run_batch(calculator_id: str, source: str, target: str | None, as_of: date) -> Tally:
    """Answer every record of a file.

    Args:
        calculator_id: such as `grade-from-points`.
        source: a file, or `-` for JSON Lines on standard input.
        target: a file; `-` or none is standard output.
        as_of: the day whose version of the policy counts.

    Raises:
        InputErrors: no such calculator, or no version in force on that day.
        BatchError: a file that cannot be used; nothing was written.

    """
    calculator = policy_core.calculator(calculator_id)
    policy_core.policy(calculator.policy).version(as_of)
    form = form_of(source, LINES)
    wanted = form_of(target or STANDARD, form)
    if (form == LINES) != (wanted == LINES):
        raise BatchError("一行一个 JSON 的文件和表格不能互换，输入和结果请用同一种")
    if wanted == SHEET and target in {None, STANDARD}:
        raise BatchError("XLSX 的结果要写进文件，请加上 -o 结果.xlsx")
    try:
        with reading(source) as records, writing(target) as out:
            if form == LINES:
                return answer_lines(calculator, records, out, as_of)
            with open_table(Path(source)) as table:
                return answer_table(
                    calculator, table, as_of, lambda rows: WRITERS[wanted](rows, out)
                )
    except TableError as error:
        raise BatchError(str(error)) from error


WRITERS: dict[str, Callable[[Any, BinaryIO], None]] = {COMMA: write_csv, SHEET: write_xlsx}


def form_of(name: str, standard: str) -> str:
    """Tell the form of a file by its ending."""
    if name == STANDARD:
        return standard
    ending = Path(name).suffix.lower().replace(".ndjson", LINES)
    if ending not in {LINES, COMMA, SHEET}:
        raise BatchError(f"{name}：文件名的结尾应是 {LINES}、{COMMA} 或 {SHEET}")
    return ending


@contextmanager
def reading(source: str) -> Iterator[BinaryIO]:
    """Open what is to be read."""
    if source == STANDARD:
        yield sys.stdin.buffer
    elif not Path(source).is_file():
        raise BatchError(f"没有这个文件：{source}")
    else:
        with Path(source).open("rb") as file:
            yield file


@contextmanager
def writing(target: str | None) -> Iterator[BinaryIO]:
    """Open what is to be written: a file appears, or changes, only when all of it is there."""
    if target in {None, STANDARD}:
        yield sys.stdout.buffer
        return
    path = Path(str(target))
    if path.is_dir() or not path.parent.is_dir():
        raise BatchError(f"{path}：写不进去，应是已有文件夹里的一个文件")
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        Path(staged).chmod(path.stat().st_mode if path.exists() else 0o666 & ~umask())
        Path(staged).replace(path)
    finally:
        Path(staged).unlink(missing_ok=True)


def umask() -> int:
    """Give the rights that this person's new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def answer_lines(calculator: Calculator, records: BinaryIO, out: BinaryIO, as_of: date) -> Tally:
    """Answer JSON Lines: a line in, a line out, at once."""
    tally = Tally()
    for line in lines_of(records):
        if line is not None and not line.strip():
            continue
        answer = answer_line(calculator, line, as_of)
        tally.count("errors" in answer)
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        out.write(text.encode("utf-8", "backslashreplace") + b"\n")
        out.flush()
    return tally


def lines_of(records: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines; None stands for one that is too long to be read."""
    while line := records.readline(LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        yield line if whole else None
        while not whole:
            rest = records.readline(LONGEST_LINE)
            whole = rest.endswith(b"\n") or len(rest) < LONGEST_LINE


def answer_line(calculator: Calculator, line: bytes | None, as_of: date) -> dict[str, Any]:
    """Answer one line, or say all that is wrong with it."""
    try:
        if line is None:
            raise one_problem("json", f"这一行太长，最多 {LONGEST_LINE} 个字节")
        record = read_json(line.decode("utf-8-sig"))
        if not isinstance(record, dict):
            raise one_problem("json", "应是一组“名称：值”，写在 { } 里")
        return dict(policy_core.calculate(calculator.id, record, as_of).to_json())
    except UnicodeDecodeError as error:
        return dict(one_problem("json", f"第 {error.start + 1} 个字节不是 UTF-8 文字").to_json())
    except InputErrors as error:
        return dict(error.to_json())


def one_problem(field: str, message: str) -> InputErrors:
    """Make the error for a single problem."""
    return InputErrors([Problem(field=field, message=message)])


def answer_table(
    calculator: Calculator, table: Table, as_of: date, write: Callable[[Iterator[list[Cell]]], None]
) -> Tally:
    """Answer a table: its own columns, then the outcome's, then what is wrong with a row.

    Which columns the outcomes need is known after the last row only; till then the answers wait on disk.
    """
    columns, found = Columns(calculator, table.header), OutcomeColumns()
    tally = Tally(unused=columns.unused)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        for cells in table.rows:
            values, errors = answer_row(calculator, columns, cells, as_of)
            tally.count(errors)
            found.note(values)
            named = {path_name(path): value for path, value in values.items()}
            waiting.write(json.dumps([cells, named, errors]) + "\n")
        waiting.seek(0)
        write(table_rows(table.header, found, waiting))
    return tally


def answer_row(
    calculator: Calculator, columns: Columns, cells: list[Cell], as_of: date
) -> tuple[dict[tuple[str | int, ...], Cell], str]:
    """Give the single values of a row's outcome, or in words what is wrong with it."""
    width = len(columns.targets)
    if any(cell not in (None, "") for cell in cells[width:]):
        return {}, f"这一行有 {len(cells)} 格，第一行只有 {width} 列"
    try:
        answer = policy_core.calculate(
            calculator.id, columns.record(cells), as_of, outcome_only=True
        )
    except InputErrors as error:
        return {}, str(error)
    return dict(flat(answer.outcome)), ""


def table_rows(header: list[str], found: OutcomeColumns, waiting: Any) -> Iterator[list[Cell]]:  # noqa: ANN401
    """Yield the header and the rows of the result."""
    names = [path_name(path) for path in found.paths()]
    yield [*header, *(f"outcome.{name}" if name in header else name for name in [*names, "errors"])]
    for line in waiting:
        cells, values, errors = json.loads(line)
        own = (cells + [None] * len(header))[: len(header)]
        yield own + [values.get(name) for name in names] + [errors or None]
