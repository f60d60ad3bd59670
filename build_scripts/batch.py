"""Many calculations at once: JSON Lines, CSV, XLSX or Parquet in and out, each answer in its record's place.

Memory stays flat: a few records are read, answered and written before the next ones, by one process or by
several. What goes to a file is written beside it first and moved there when it is complete.
"""

from __future__ import annotations

import os
import pathlib
import pickle
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import batched
from typing import IO, BinaryIO

import policy_core
from build_scripts.answering import LONGEST_LINE, Answering, Item, Own, Part
from build_scripts.headings import Style, headings_in, input_words
from build_scripts.tables import Table, open_table, write_csv, write_parquet, write_xlsx
from build_scripts.workers import WorkerError, in_order
from policy_core._cells import Cell, Column, Kinds, Path, TableError
from policy_core._columns import NEVER_TEXT, Columns
from policy_core._headings import Headings
from policy_core._rows import outcome_columns

STANDARD = "-"
LINES, COMMA, SHEET, PARQUET = ".jsonl", ".csv", ".xlsx", ".parquet"
CHUNK, CHUNK_BYTES = 100, 1_000_000

type Write = Callable[[Sequence[Column], Iterable[Sequence[Cell]], BinaryIO], None]

WRITERS: dict[str, Write] = {COMMA: write_csv, SHEET: write_xlsx, PARQUET: write_parquet}


class BatchError(Exception):
    """A batch that cannot be done as it was asked for; the message is Chinese."""


@dataclass(slots=True)
class Tally:
    """What a batch did: how many records there were, how many were wrong, which columns meant nothing."""

    records: int = 0
    wrong: int = 0
    unused: tuple[str, ...] = ()

    def count(self, part: Part) -> None:
        """Count the records of a part."""
        self.records += part.records
        self.wrong += part.wrong

    def lines(self) -> Iterator[str]:
        """Tell it in the reader's words."""
        if self.unused:
            yield f"这些列没有用到，原样留着：{'、'.join(self.unused)}"
        yield f"共 {self.records} 条" + (
            f"，{self.wrong} 条有误，原因写在各条里" if self.wrong else ""
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How a batch is to be done: headings (by default as the table's own), steps or none, processes."""

    headings: Style | None = None
    outcome_only: bool = False
    jobs: int = 1


def run_batch(
    calculator_id: str, source: str, target: str | None, as_of: date, wishes: Wishes | None = None
) -> Tally:
    """Answer every record of a file.

    Args:
        calculator_id: such as `grade-from-points`.
        source: a file, or `-` for JSON Lines on standard input.
        target: a file; `-` or none is standard output.
        as_of: the day whose version of the policy counts.
        wishes: how it is to be done.

    Raises:
        InputErrors: no such calculator, or no version in force on that day.
        BatchError: a file that cannot be used; nothing was written.

    """
    calculator, wishes = policy_core.calculator(calculator_id), wishes or Wishes()
    policy_core.policy(calculator.policy).version(as_of)
    form = form_of(source, LINES)
    wanted = form_of(target or STANDARD, LINES if target == STANDARD else form)
    if wanted in {SHEET, PARQUET} and target in {None, STANDARD}:
        raise BatchError(f"{wanted} 的结果要写进文件，请加上 -o 结果{wanted}")
    answering = Answering(
        calculator=calculator.id, as_of=as_of, outcome_only=wishes.outcome_only, noted=True,
        headings=headings_in(calculator.id, wishes.headings or "fields"),
    )  # fmt: skip
    try:
        with stoppable(), reading(source) as records, writing(target) as out:
            if form == LINES:
                lines = chunks_of_lines(
                    records, 1 if source == STANDARD and wishes.jobs == 1 else CHUNK
                )
                return answer_all(Batch(answering, lines, wanted, wishes), out)
            with open_table(pathlib.Path(source)) as table:
                columns = Columns(calculator, table.header, input_words(calculator.id))
                style = wishes.headings or ("labels" if columns.speak_labels() else "fields")
                answering = replace(
                    answering, columns=columns, headings=headings_in(calculator.id, style),
                    typed=table.types is None and wanted in {SHEET, PARQUET},
                    noted=table.types is None and wanted == PARQUET,
                )  # fmt: skip
                rows: Iterator[Sequence[Item]] = batched(table.rows, CHUNK, strict=False)
                return answer_all(Batch(answering, rows, wanted, wishes, table), out)
    except TableError as error:
        raise BatchError(str(error)) from error
    except WorkerError as error:
        raise BatchError("一个计算进程中途停了，结果没有写；请减少 --jobs 再试") from error


def form_of(name: str, standard: str) -> str:
    """Tell the form of a file by its ending."""
    if name == STANDARD:
        return standard
    ending = pathlib.Path(name).suffix.lower().replace(".ndjson", LINES)
    if ending not in {LINES, *WRITERS}:
        raise BatchError(f"{name}：文件名的结尾应是 {LINES}、{COMMA}、{SHEET} 或 {PARQUET}")
    return ending


@contextmanager
def stoppable() -> Iterator[None]:
    """Let a request to end run what tidies up, as Ctrl+C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def reading(source: str) -> Iterator[BinaryIO]:
    """Open what is to be read."""
    if source == STANDARD:
        yield sys.stdin.buffer
    elif not pathlib.Path(source).is_file():
        raise BatchError(f"没有这个文件：{source}")
    else:
        with pathlib.Path(source).open("rb") as file:
            yield file


@contextmanager
def writing(target: str | None) -> Iterator[BinaryIO]:
    """Open what is to be written: a file appears, or changes, only when all of it is there."""
    if target in {None, STANDARD}:
        yield sys.stdout.buffer
        return
    path = pathlib.Path(str(target))
    if path.is_dir() or not path.parent.is_dir():
        raise BatchError(f"{path}：写不进去，应是已有文件夹里的一个文件")
    handle, staged = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
        pathlib.Path(staged).chmod(path.stat().st_mode if path.exists() else 0o666 & ~umask())
        pathlib.Path(staged).replace(path)
    finally:
        pathlib.Path(staged).unlink(missing_ok=True)


def umask() -> int:
    """Give the rights that this person's new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch being done: who answers, the records by chunks, the form that is wanted, and the table read."""

    answering: Answering
    chunks: Iterator[Sequence[Item]]
    wanted: str
    wishes: Wishes
    table: Table | None = None


def chunks_of_lines(records: BinaryIO, most: int) -> Iterator[list[Item]]:
    """Gather lines that hold something; None stands for one that is too long to be read."""
    chunk: list[Item] = []
    size = 0
    for line in lines_of(records):
        if line is not None and not line.strip():
            continue
        chunk.append(line)
        size += len(line or b"")
        if len(chunk) >= most or size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def lines_of(records: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines; None stands for one that is too long to be read."""
    while line := records.readline(LONGEST_LINE):
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        yield line if whole else None
        while not whole:
            rest = records.readline(LONGEST_LINE)
            whole = rest.endswith(b"\n") or len(rest) < LONGEST_LINE


def answer_all(batch: Batch, out: BinaryIO) -> Tally:
    """Answer all records and write them in the form that is wanted.

    Which columns the outcomes need is known after the last row only; till then a table waits on disk.
    """
    answering, jobs = batch.answering, batch.wishes.jobs
    tally = Tally(unused=answering.columns.unused if answering.columns else ())
    if batch.wanted == LINES:
        for part in in_order(answering.lines, batch.chunks, jobs):
            tally.count(part)
            out.write(part.content)
            out.flush()
        return tally
    own, found = Kinds(), Kinds()
    with tempfile.TemporaryFile() as waiting:
        for part in in_order(answering.rows, batch.chunks, jobs):
            tally.count(part)
            own.merge(part.own)
            found.merge(part.found)
            waiting.write(part.content)
        waiting.seek(0)
        mine = own_columns(batch, own)
        made = outcome_columns(answering.headings, [each.heading for each in mine], found)
        columns = [*mine, *(Column(heading, kind) for heading, kind in made)]
        paths = [] if batch.table else own.paths()
        rows = waiting_rows(waiting, answering.headings, paths, found)
        WRITERS[batch.wanted](columns, rows, out)
    return tally


def own_columns(batch: Batch, own: Kinds) -> list[Column]:
    """Give the columns that the records bring along; an input's heading follows the style asked for."""
    answering, table = batch.answering, batch.table
    if answering.columns is None or table is None:
        return [Column(answering.headings.input(path), own.kind(path)) for path in own.paths()]
    columns = []
    for at, (header, target) in enumerate(
        zip(table.header, answering.columns.targets, strict=True)
    ):
        heading = (
            answering.headings.input(target.path) if target and batch.wishes.headings else header
        )
        single = target is not None and (target.inner or target.field).kind in NEVER_TEXT
        kind = own.kind((at,), never_text=single)
        columns.append(Column(heading, kind, table.types[at] if table.types else None))
    return columns


def waiting_rows(
    waiting: IO[bytes], headings: Headings, own: Sequence[Path], found: Kinds
) -> Iterator[list[Cell]]:
    """Yield the rows of a result: own cells, the outcome's values, what is wrong."""
    paths = found.paths()
    for part in parts_of(waiting):
        for cells, values, errors in part:
            mine = [cells.get(path) for path in own] if isinstance(cells, dict) else cells
            yield [
                *mine,
                *(headings.shown(path, values.get(path)) for path in paths),
                errors or None,
            ]


def parts_of(waiting: IO[bytes]) -> Iterator[list[tuple[Own, dict[Path, Cell], str]]]:
    """Yield what waits on disk, part by part."""
    while True:
        try:
            yield pickle.load(waiting)  # noqa: S301 - written by this batch
        except EOFError:
            return
