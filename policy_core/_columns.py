"""The columns of a table -> the inputs of a calculator.

A column belongs to an input when its header is the input's name or its label, with or without the unit,
in full-width or half-width forms; a list has its values in one cell, or in columns of its own:
`interview[0]`, `interview[1]`, or 面试考评·第1项, 面试考评·第2项.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from policy_core._cells import WIDEST, Cell, Path, TableError, is_empty, path_name
from policy_core._inputs import Field
from policy_core._registry import Calculator

HEADER = re.compile(r"(?P<name>[^\[\].]+)(?:\[(?P<index>\d{1,3})\])?(?:\.(?P<inner>.+))?")
PLACE = re.compile(r"·第(?P<place>[1-9]\d{0,2})项(?P<inner>·)?")
LIST_BREAK = re.compile(r"[;；、\n]")
NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
NEVER_TEXT = {"number", "integer", "boolean", "date"}
TYPED = NEVER_TEXT | {"choice"}
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
    """What the columns of one table mean for one calculator, whose inputs go by `words` too.

    Raises:
        TableError: two columns fill the same input, or none fills any.

    """

    def __init__(
        self, calculator: Calculator, header: Sequence[str], words: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.words = words
        self.header = list(header)
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
        plain = PLACE.sub(place_in_brackets, folded(header))
        found = HEADER.fullmatch(plain)
        field = find(fields, plain, self.words)
        if field or not found:
            return Target(field) if field else None
        field = find(fields, found["name"], self.words)
        if not field or field.kind not in {"list", "records"} or found["index"] is None:
            return None
        in_entry = field.kind == "records"
        if in_entry != bool(found["inner"]):
            return None
        if not in_entry:
            return Target(field, int(found["index"]))
        items = self.words.get(field.name, {}).get("items", {})
        inner = find(field.item.fields if field.item else (), found["inner"], items)
        return Target(field, int(found["index"]), inner) if inner else None

    def hint(self, calculator: Calculator, name: str) -> str:
        """Say which input a header was perhaps meant to be."""
        from difflib import get_close_matches  # noqa: PLC0415 - only an unknown header pays for it

        near = get_close_matches(name, [each.name for each in calculator.fields], n=1, cutoff=0.75)
        return f"（是不是 {near[0]}）" if near else ""

    def speak_labels(self) -> bool:
        """Tell whether more of the headers are labels than names."""
        names = {path_name(target.path) for target in self.targets if target}
        known = [name for name, target in zip(self.header, self.targets, strict=True) if target]
        return sum(folded(name) in names for name in known) * 2 < len(known)

    def typed(self, cells: Sequence[Cell]) -> list[Cell]:
        """Give a row's own cells as the numbers, truth values and days that its inputs take."""
        return [
            typed(target.inner or target.field, cell) if target and isinstance(cell, str) else cell
            for target, cell in zip(self.targets, cells, strict=False)
        ]

    def place(self, path: Path) -> int | None:
        """Find the column that an input, or a value within it, comes from."""
        for length in range(len(path), 0, -1):
            for place, target in enumerate(self.targets):
                if target and target.path == path[:length]:
                    return place
        return None

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
            if is_empty(cell):
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


def place_in_brackets(found: re.Match[str]) -> str:
    """Write 第1项, which people count from one, as the index that programs count from zero."""
    return f"[{int(found['place']) - 1}]{'.' if found['inner'] else ''}"


def may_be_empty(field: Field) -> bool:
    """Tell whether a list must be given and may hold nothing."""
    return field.kind == "list" and field.required and field.minimum_items == 0


def find(
    fields: Sequence[Field], header: str, words: Mapping[str, Mapping[str, Any]]
) -> Field | None:
    """Find a field by its name or label, with or without the unit; a label that two share finds none."""
    found = [field for field in fields if header in map(folded, headers(field, words))]
    return found[0] if len(found) == 1 else None


def headers(field: Field, words: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """List the headers that mean a field."""
    given = words.get(field.name, {})
    label, unit = given.get("label"), given.get("unit")
    if not label:
        return [field.name]
    full = f"{label}({field.name})"
    with_unit = [f"{label}({unit})", f"{label}/{unit}", f"{full}({unit})"] if unit else []
    return [field.name, label, full, f"{field.name}({label})", *with_unit]


def named(field: Field, words: Mapping[str, Mapping[str, Any]]) -> str:
    """Name a field for a person."""
    label = words.get(field.name, {}).get("label")
    return f"{field.name}（{label}）" if label else field.name


def folded(text: str) -> str:
    """Fold full-width and half-width forms and drop blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def value_of(field: Field, cell: Cell, words: Mapping[str, Any]) -> object:
    """Turn a cell into the kind of value that a field takes; what does not fit goes on as it is."""
    match field.kind:
        case "list":
            item = field.item or field
            return [
                None if each is None else value_of(item, each, words) for each in entries_of(cell)
            ]
        case "records":
            return read_entries(cell)
        case "date":
            return day_of(cell)
        case "text":
            return cell.strip() if isinstance(cell, str) else str(cell)
    return scalar(field, cell.strip(), words) if isinstance(cell, str) else cell


def entries_of(cell: Cell) -> Sequence[Cell]:
    """Give the entries of a list that stands in one cell."""
    if isinstance(cell, str):
        return [each for each in LIST_BREAK.split(cell) if each.strip()]
    return cell if isinstance(cell, list) else [cell]


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


def typed(field: Field, cell: str) -> Cell:
    """Give text as the value that a field takes; what does not fit, or fits a list, stays as it is."""
    if field.kind not in TYPED or not cell.strip():
        return cell
    value = value_of(field, cell, {})
    if isinstance(value, Decimal):
        return (
            int(value)
            if value == value.to_integral_value() and abs(value) < WIDEST
            else float(value)
        )
    return value if isinstance(value, str | int) else cell


def day_of(cell: Cell) -> object:
    """Turn 2024/1/31 and 2024年1月31日, and a day of a sheet, into an ISO date."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    found = DAY.fullmatch(folded(cell)) if isinstance(cell, str) else None
    return "-".join(each.zfill(2) for each in found.groups()) if found else cell


def read_entries(cell: Cell) -> object:
    """Read a list of entries that stands in one cell as JSON."""
    try:
        return json.loads(cell, parse_float=Decimal) if isinstance(cell, str) else cell
    except (ValueError, RecursionError):
        return cell
