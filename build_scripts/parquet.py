"""Parquet files: read and written by groups of rows, each column with its type.

Outcomes have a column for each single value, `bonus.min`, as in the other tables: that is what pandas, SQL
and Excel can use at once, and a file keeps its columns when another tool turns it into CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from policy_core._cells import (
    BOOLEAN,
    DAY,
    INTEGER,
    NUMBER,
    TEXT,
    TIME,
    Cell,
    Column,
    TableError,
    day_in,
    kind_of,
)

GROUP = 10_000
READ = 2_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A Parquet file being read."""

    file: Any
    path: Path

    @property
    def header(self) -> list[str]:
        """Give the names of its columns."""
        return [str(name) for name in self.file.schema_arrow.names]

    @property
    def types(self) -> list[Any]:
        """Give the types of its columns."""
        return [readable(each) for each in self.file.schema_arrow.types]

    def rows(self) -> Iterator[list[Cell]]:
        """Yield its rows, a few thousand in memory at a time."""
        try:
            for batch in self.file.iter_batches(batch_size=READ):
                columns = [
                    column.cast(kind, safe=False).to_pylist()
                    for column, kind in zip(batch.columns, self.types, strict=True)
                ]
                yield from map(list, zip(*columns, strict=True))
        except (pa.ArrowException, OSError) as error:
            raise TableError(f"{self.path}：读不下去，文件可能损坏") from error


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open a Parquet file.

    Raises:
        TableError: it is none.

    """
    try:
        file = parquet.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise TableError(f"{path}：不是完好的 Parquet 文件") from error
    with file:
        yield Opened(file, path)


def readable(kind: Any) -> Any:  # noqa: ANN401 - a type of Arrow
    """Give the type under which a column is read: moments to the microsecond, as Python holds them."""
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        return pa.timestamp("us", kind.tz)
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def write(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], out: BinaryIO) -> None:
    """Write a Parquet file, group by group."""
    types = [each.arrow or arrow_type(each.kind) for each in columns]
    headings = numbered([each.heading for each in columns])
    schema = pa.schema(list(zip(headings, types, strict=True)))
    with parquet.ParquetWriter(out, schema) as writer:
        for group in batched(rows, GROUP, strict=False):
            arrays = [
                pa.array(
                    cells if column.arrow else [fit(cell, column.kind) for cell in cells], type=kind
                )
                for column, kind, cells in zip(
                    columns, types, zip(*group, strict=True), strict=True
                )
            ]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def arrow_type(kind: str) -> Any:  # noqa: ANN401 - a type of Arrow
    """Give Arrow's type for a kind of value."""
    types = {
        INTEGER: pa.int64(), NUMBER: pa.float64(), BOOLEAN: pa.bool_(),
        DAY: pa.date32(), TIME: pa.timestamp("us"), TEXT: pa.string(),
    }  # fmt: skip
    return types[kind]


def numbered(headings: Sequence[str]) -> list[str]:
    """Tell alike headings, which a Parquet file cannot keep apart, by a number."""
    found: list[str] = []
    for heading in headings:
        made, times = heading, 1
        while made in found:
            times += 1
            made = f"{heading}（{times}）"
        found.append(made)
    return found


def fit(cell: Cell, kind: str) -> Cell:
    """Give a value as its column holds it; what a typed column cannot hold is empty there."""
    if cell is None:
        return None
    if kind == TEXT:
        return str(cell).encode("utf-8", "replace").decode("utf-8")
    found = kind_of(cell)
    if kind == NUMBER and found in {NUMBER, INTEGER} and isinstance(cell, int | float | Decimal):
        return float(cell)
    if found != kind:
        return None
    return day_in(cell) if isinstance(cell, str) else cell
