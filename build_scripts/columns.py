"""The columns of a table <-> the inputs and outcomes of a calculator.

A column belongs to an input when its header is the input's name or its label, with or without the unit;
a list has its values in one cell, or in columns of its own: `interview[0]`, `interview[1]`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from build_scripts.tables import Cell, TableError
from build_scripts.words import LabelError, load_labels
from policy_core import Calculator, Field

type Path = tuple[str | int, ...]

HEADER = re.compile(r"(?P<name>[^\[\].]+)(?:\[(?P<index>\d{1,3})\])?(?:\.(?P<inner>.+))?")
LIST_BREAK = re.compile(r"[;；、\n]")
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
TRUTH = {
    "是": True, "true": True, "yes": True, "1": True,
    "否": False, "false": False, "no": False, "0": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """The input that a column fills: its field, the place in a list, the field within an entry."""

    field: Field
    index: int | None = None
    inner: Field | None = None

    @property
    def path(self) -> Path:
        """Give the path of the value in the inputs."""
        index = () if self.index is None else (self.index,)
        inner = () if self.inner is None else (self.inner.name,)
        return (self.field.name, *index, *inner)


class Columns:
    """What the columns of one table mean for one calculator.

    Raises:
        TableError: two columns fill the same input, or none fills any.

    """

    def __init__(self, calculator: Calculator, header: Sequence[str]) -> None:
        self.words = input_words(calculator.id)
        self.targets = [self.target(calculator.fields, name) for name in header]
        self.unused = tuple(
            name + self.hint(calculator, name)
            for name, target in zip(header, self.targets, strict=True)
            if name and not target
        )
        if not any(self.targets):
            known = "、".join(named(each, self.words) for each in calculator.fields)
            raise TableError(f"第一行里没有一列认得，可以用的列：{known}")
        self.number_repeated(header)

    def target(self, fields: Sequence[Field], header: str) -> Target | None:
        """Find the input that a header names."""
        found = HEADER.fullmatch(folded(header))
        field = find(fields, folded(header), self.words)
        if field or not found:
            return Target(field) if field else None
        field = find(fields, found["name"], self.words)
        if not field or field.kind not in {"list", "records"} or found["index"] is None:
            return None
        inner = None
        if found["inner"]:
            items = self.words.get(field.name, {}).get("items", {})
            inner = find(field.item.fields if field.item else (), found["inner"], items)
        if (field.kind == "records") != (inner is not None):
            return None
        return Target(field, int(found["index"]), inner)

    def hint(self, calculator: Calculator, name: str) -> str:
        """Say which input a header was perhaps meant to be."""
        near = get_close_matches(name, [each.name for each in calculator.fields], n=1, cutoff=0.75)
        return f"（是不是 {near[0]}）" if near else ""

    def number_repeated(self, header: Sequence[str]) -> None:
        """Count the columns of a list that have the same header, and refuse other repetitions."""
        seen: dict[Path, list[tuple[int, Target]]] = {}
        for place, target in enumerate(self.targets):
            if target:
                seen.setdefault(target.path, []).append((place, target))
        for repeated in seen.values():
            if len(repeated) == 1:
                continue
            places, target = [place for place, _ in repeated], repeated[0][1]
            if target.field.kind != "list" or target.index is not None:
                raise TableError(f"列“{header[places[0]]}”出现了 {len(places)} 次，只能有一次")
            for index, place in enumerate(places):
                self.targets[place] = Target(target.field, index)

    def record(self, cells: Sequence[Cell]) -> dict[str, Any]:
        """Turn a row into the inputs of a calculation.

        An empty cell is an input left out, or an empty list where that is a good answer.
        """
        inputs: dict[str, Any] = {}
        for target, cell in zip(self.targets, cells, strict=False):
            if target is None:
                continue
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                if may_be_empty(target.field):
                    inputs.setdefault(target.field.name, [])
                continue
            name, words = target.field.name, self.words.get(target.field.name, {})
            if target.index is None:
                inputs[name] = value_of(target.field, cell, words)
                continue
            entries = inputs.setdefault(name, [])
            entries += [None] * (target.index + 1 - len(entries))
            if target.inner:
                inner_words = words.get("items", {}).get(target.inner.name, {})
                entry = entries[target.index] or {}
                entries[target.index] = entry | {
                    target.inner.name: value_of(target.inner, cell, inner_words)
                }
            else:
                entries[target.index] = value_of(target.field.item or target.field, cell, words)
        return inputs


def may_be_empty(field: Field) -> bool:
    """Tell whether a list must be given and may hold nothing."""
    return field.kind == "list" and field.required and field.minimum_items == 0


def input_words(calculator_id: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the labels of a calculator's inputs; one without labels goes by its fields' names."""
    try:
        return load_labels(calculator_id).inputs
    except LabelError:
        return {}


def find(
    fields: Sequence[Field], header: str, words: Mapping[str, Mapping[str, Any]]
) -> Field | None:
    """Find a field by its name or label, with or without the unit."""
    for field in fields:
        label, unit = (
            words.get(field.name, {}).get("label", ""),
            words.get(field.name, {}).get("unit", ""),
        )
        known = {field.name, *([label, f"{label}({unit})", f"{label}/{unit}"] if label else [])}
        if header in map(folded, known):
            return field
    return None


def named(field: Field, words: Mapping[str, Mapping[str, Any]]) -> str:
    """Name a field for a person."""
    label = words.get(field.name, {}).get("label", "")
    return f"{field.name}（{label}）" if label else field.name


def folded(text: str) -> str:
    """Fold full-width and half-width forms and drop blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def value_of(field: Field, cell: Cell, words: Mapping[str, Any]) -> object:
    """Turn a cell into the kind of value that a field takes; what does not fit goes on as it is."""
    match field.kind:
        case "list" if isinstance(cell, str):
            entries = [each for each in LIST_BREAK.split(cell) if each.strip()]
            return [value_of(field.item or field, each, words) for each in entries]
        case "list":
            return [value_of(field.item or field, cell, words)]
        case "records":
            return read_entries(cell)
        case "date":
            return day_of(cell)
        case "text":
            return cell.strip() if isinstance(cell, str) else str(cell)
    return scalar(field, cell.strip(), words) if isinstance(cell, str) else cell


def scalar(field: Field, text: str, words: Mapping[str, Any]) -> object:
    """Turn text into a number, a truth value or one of a few choices."""
    plain = folded(text).replace("−", "-")
    match field.kind:
        case "number" | "integer" if NUMBER.fullmatch(plain):
            return Decimal(plain.replace(",", ""))
        case "boolean":
            return TRUTH.get(plain.casefold(), text)
        case "choice":
            options = words.get("options", {})
            for choice in field.choices:
                if plain in (str(choice), folded(str(options.get(str(choice), choice)))):
                    return choice
    return text


def day_of(cell: Cell) -> object:
    """Turn 2024/1/31 and 2024年1月31日 into an ISO date."""
    found = DAY.fullmatch(folded(cell)) if isinstance(cell, str) else None
    return "-".join(each.zfill(2) for each in found.groups()) if found else cell


def read_entries(cell: Cell) -> object:
    """Read a list of entries that stands in one cell as JSON."""
    try:
        return json.loads(cell, parse_float=Decimal) if isinstance(cell, str) else cell
    except (ValueError, RecursionError):
        return cell


def flat(outcome: object, path: Path = ()) -> Iterator[tuple[Path, Cell]]:
    """Yield every single value of an outcome with its path."""
    if isinstance(outcome, Mapping) and outcome:
        for key, value in outcome.items():
            yield from flat(value, (*path, key))
    elif isinstance(outcome, list) and outcome:
        for index, value in enumerate(outcome):
            yield from flat(value, (*path, index))
    else:
        yield path, outcome if isinstance(outcome, str | int | float) else None


def path_name(path: Path) -> str:
    """Write a path as a column's header: `bonus.min`, `components[0].points`."""
    first, *rest = path
    return str(first) + "".join(
        f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest
    )


class OutcomeColumns:
    """The columns that the outcomes of all records need together, in the order of the outcome."""

    def __init__(self) -> None:
        self.filled: dict[Path, bool] = {}
        self.ranks: dict[Path, int] = {}

    def note(self, values: Mapping[Path, Cell]) -> None:
        """Take up the columns of one outcome."""
        for path, value in values.items():
            self.filled[path] = self.filled.get(path, False) or value is not None
            for length in range(1, len(path) + 1):
                self.ranks.setdefault(path[:length], len(self.ranks))

    def paths(self) -> list[Path]:
        """Give the columns: an empty `bonus` gives way to `bonus.min` where there is one."""
        kept = [
            path
            for path, filled in self.filled.items()
            if filled
            or not any(other[: len(path)] == path for other in self.filled if other != path)
        ]
        return sorted(kept, key=self.order)

    def order(self, path: Path) -> list[int]:
        """Order by place in a list, else by first appearance."""
        return [
            part if isinstance(part, int) else self.ranks[path[: length + 1]]
            for length, part in enumerate(path)
        ]
