"""Tables as rows of cells: read as people save them, written so that Excel opens them safely."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import warnings
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.exceptions import InvalidFileException

from policy_core._cells import DAY, Cell, Column, TableError, day_in
from policy_core._rows import LARGEST_SHEET_NUMBER

BLOCK = 1 << 20
MOST_SHEET_ROWS = 1_048_576
LONGEST_CELL = 1_000_000
SEPARATORS = ",\t;"
# What a spreadsheet would run, or take for more than text, when it stands first in a cell.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
# Formats of East Asia that need no text of their own: 2024年1月31日 is one. openpyxl knows none of them.
BUILTIN_FORMATS.update(dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-mm-dd"))
BROKEN_SHEET = (
    BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, IndexError, TypeError,
    EOFError, NotImplementedError, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A table being read: its header, and its rows one by one, empty ones left out.

    `types` are those of a Parquet file's columns.
    """

    header: list[str]
    rows: Iterator[list[Cell]]
    types: list[Any] | None = None


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV, XLSX or Parquet file, by its ending.

    Raises:
        TableError: it is empty, or not what its ending says.

    """
    if path.suffix.lower() == ".parquet":
        from build_scripts import parquet  # noqa: PLC0415 - pyarrow is heavy

        with parquet.opened(path) as file:
            yield Table(file.header, file.rows(), file.types)
        return
    opened = sheet_rows(path) if path.suffix.lower() == ".xlsx" else comma_rows(path)
    rows = (row for row in opened if any(cell not in (None, "") for cell in row))
    try:
        header = next(rows, None)
        if header is None:
            raise TableError(f"{path}：里面没有内容，第一行应是各列的名称")
        yield Table(["" if cell is None else str(cell).strip() for cell in header], rows)
    finally:
        opened.close()


def comma_rows(path: Path) -> Generator[list[Cell]]:
    """Read a CSV file: UTF-8 or GB18030 or UTF-16, separated by commas, tabs or semicolons."""
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding_of(path), newline="") as file:
        separator = max(SEPARATORS, key=file.readline().count)
        file.seek(0)
        reader = csv.reader(file, delimiter=separator)
        try:
            yield from reader
        except csv.Error as error:
            raise TableError(f"{path}：第 {reader.line_num} 行读不下去，文件可能损坏") from error


def encoding_of(path: Path) -> str:
    """Tell in which encoding a file was saved: the first one in which all of it can be read."""
    with path.open("rb") as start:
        marked = start.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(BLOCK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise TableError(f"{path}：读不出文字，文件可能损坏；请用 Excel 打开，另存为 CSV UTF-8 再试")


def sheet_rows(path: Path) -> Generator[list[Cell]]:
    """Read the first sheet of an XLSX file; a formula gives the value that Excel computed last."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield [cell_of(value) for value in row]
        finally:
            book.close()
    except BROKEN_SHEET as error:
        raise TableError(f"{path}：不是完好的 XLSX 文件，请用 Excel 打开，另存一次再试") from error


def cell_of(value: object) -> Cell:
    """Take a value of a sheet; midnight is the day itself."""
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value if value is None or isinstance(value, str | int | float | date) else str(value)


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write CSV with the mark by which Excel knows UTF-8; text never becomes a formula."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow([comma_cell(each.heading) for each in columns])
    for row in rows:
        writer.writerow([comma_cell(cell) for cell in row])
    text.flush()
    text.detach()


def comma_cell(cell: Cell) -> Cell:
    """Write one cell; what a spreadsheet would run gets a quotation mark before it."""
    plain = simple(cell)
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, date):
        return plain.isoformat() if type(plain) is date else str(plain)
    if (
        isinstance(plain, str)
        and plain.startswith(FORMULA_STARTS)
        and not PLAIN_NUMBER.fullmatch(plain)
    ):
        return f"'{plain}"
    return plain


def simple(cell: Cell) -> str | float | date | Decimal | None:
    """Give a value that one cell can hold; what has parts, which only Parquet knows, is written as JSON."""
    if cell is None or isinstance(cell, str | int | float | date | Decimal):
        return cell
    return json.dumps(cell, ensure_ascii=False, default=str)


def write_xlsx(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write an XLSX file, row by row; text stays text, whatever it begins with, and days are days."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("结果")
    sheet.freeze_panes = "A2"
    sheet.append([sheet_cell(sheet, each.heading, "") for each in columns])
    kinds = [each.kind for each in columns]
    for number, row in enumerate(rows, 2):
        if number > MOST_SHEET_ROWS:
            raise TableError(f"XLSX 最多 {MOST_SHEET_ROWS} 行，请把结果写成 .csv 或 .parquet")
        sheet.append([sheet_cell(sheet, *each) for each in zip(row, kinds, strict=True)])
    book.save(out)


def write_parquet(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write a Parquet file."""
    from build_scripts import parquet  # noqa: PLC0415 - pyarrow is heavy

    parquet.write(columns, rows, out)


def sheet_cell(sheet: Any, value: Cell, kind: str) -> object:  # noqa: ANN401 - openpyxl's write-only sheet
    """Make one cell of a sheet."""
    plain = simple(value)
    if isinstance(plain, str) and kind == DAY:
        plain = day_in(plain) or plain
    if isinstance(plain, datetime):
        plain = plain.replace(tzinfo=None)
    if not isinstance(plain, str) and not too_long(plain):
        return plain
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", str(plain)))
    cell.data_type = "s"
    return cell


def too_long(value: object) -> bool:
    """Tell whether a number has more digits than a sheet keeps."""
    return isinstance(value, int) and abs(value) >= LARGEST_SHEET_NUMBER
