"""What stands in a table: single values, and what kind of value a column holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

type Cell = str | float | date | Decimal | Sequence[Any] | Mapping[str, Any] | None
type Path = tuple[str | int, ...]

INTEGER, NUMBER, BOOLEAN, DAY, TIME, TEXT = "integer", "number", "boolean", "day", "time", "text"
WIDEST = 2**63
KINDS = {bool: BOOLEAN, int: INTEGER, float: NUMBER, Decimal: NUMBER, datetime: TIME, date: DAY}


class TableError(Exception):
    """A table that cannot be read or written; the message is Chinese."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to be written; `arrow` is the type that it had in a Parquet file, if it comes from one."""

    heading: str
    kind: str
    arrow: Any = None


def is_empty(cell: Cell) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def kind_of(cell: Cell) -> str:
    """Tell the kind of a value that is there; an ISO day is a day."""
    if isinstance(cell, str):
        return DAY if day_in(cell) else TEXT
    kind = KINDS.get(type(cell), TEXT)
    too_wide = kind == INTEGER and isinstance(cell, int) and not -WIDEST <= cell < WIDEST
    return TEXT if too_wide else kind


def day_in(text: str) -> date | None:
    """Give the day that a text writes as 2024-01-31."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def flat(value: object, path: Path = ()) -> Iterator[tuple[Path, Cell]]:
    """Yield every single value of an outcome, or of inputs, with its path."""
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from flat(each, (*path, key))
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from flat(each, (*path, index))
    elif isinstance(value, Decimal):
        yield path, float(value)
    else:
        yield path, value if isinstance(value, str | int | float) else None


def path_name(path: Path) -> str:
    """Write a path as a column's header: `bonus.min`, `components[0].points`."""
    first, *rest = path
    return str(first) + "".join(
        f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest
    )


@dataclass(slots=True)
class Kinds:
    """The columns that all records need together, in the order of the outcome, and what they hold."""

    seen: dict[Path, set[str]] = field(default_factory=dict)
    ranks: dict[Path, int] = field(default_factory=dict)

    def note(self, values: Mapping[Path, Cell]) -> None:
        """Take up the values of one record."""
        for path, value in values.items():
            kinds = self.seen.get(path)
            if kinds is None:
                kinds = self.take_up(path)
            if value is not None:
                kinds.add(kind_of(value))

    def take_up(self, path: Path) -> set[str]:
        """Take up a column."""
        for length in range(1, len(path) + 1):
            self.ranks.setdefault(path[:length], len(self.ranks))
        return self.seen.setdefault(path, set())

    def merge(self, later: Kinds) -> None:
        """Take up what was noted of later records."""
        for path, kinds in later.seen.items():
            self.take_up(path).update(kinds)

    def to_json(self) -> list[list[object]]:
        """Give the columns and what they hold, in the order in which they came."""
        return [[list(path), sorted(kinds)] for path, kinds in self.seen.items()]

    def paths(self) -> list[Path]:
        """Give the columns: an empty `bonus` gives way to `bonus.min` where there is one."""
        kept = [
            path
            for path, kinds in self.seen.items()
            if kinds or not any(other[: len(path)] == path for other in self.seen if other != path)
        ]
        return sorted(kept, key=self.order)

    def order(self, path: Path) -> list[int]:
        """Order by place in a list, else by first appearance."""
        return [
            part if isinstance(part, int) else self.ranks[path[: length + 1]]
            for length, part in enumerate(path)
        ]

    def kind(self, path: Path, *, never_text: bool = False) -> str:
        """Give the one kind that fits all values of a column; unlike ones meet as text."""
        kinds = set(self.seen.get(path, ()))
        if never_text and kinds != {TEXT}:
            kinds.discard(TEXT)
        if kinds == {INTEGER, NUMBER}:
            return NUMBER
        return kinds.pop() if len(kinds) == 1 else TEXT
