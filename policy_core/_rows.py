"""Rows of a table -> outcomes: what `handbook batch` does with a row, and the page with many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeIs

from policy_core._cells import TEXT, Cell, Kinds, Path, TableError, flat, path_name
from policy_core._columns import Columns
from policy_core._errors import InputErrors, one_problem
from policy_core._headings import Headings, Words, apart, path_of
from policy_core._registry import Calculator, calculate, calculator
from policy_core._versions import policy

LARGEST_SHEET_NUMBER = 10**15
NAMES, PARTS = ("label", "unit"), ("options", "items", "columns", "parts")

type Request = Mapping[str, Any]


def read_row(columns: Columns, cells: Sequence[Cell]) -> dict[str, Any]:
    """Read the inputs of one row.

    Raises:
        InputErrors: it has more cells than the header has columns.

    """
    width = len(columns.targets)
    if any(cell not in (None, "") for cell in cells[width:]):
        raise one_problem("row", f"这一行有 {len(cells)} 格，第一行只有 {width} 列")
    return columns.record(cells)


def own_cells(columns: Columns, cells: Sequence[Cell], *, typed: bool) -> list[Cell]:
    """Give the cells that a row brings along, as many as the header has.

    `typed` makes numbers, truth values and days of what is text.
    """
    width = len(columns.targets)
    own = [*cells, *[None] * width][:width]
    return columns.typed(own) if typed else own


def outcome_of(
    calculator_id: str, inputs: Mapping[str, Any], as_of: date | None
) -> dict[Path, Cell]:
    """Give every single value of an outcome.

    Raises:
        InputErrors: the inputs are wrong.

    """
    return dict(flat(calculate(calculator_id, inputs, as_of, outcome_only=True).outcome))


def outcome_columns(headings: Headings, own: Sequence[str], found: Kinds) -> list[tuple[str, str]]:
    """Give heading and kind of the outcomes' columns, and of the one that says what is wrong with a row.

    Args:
        headings: how columns are named.
        own: the headings of the table's own columns.
        found: what the outcomes of all rows hold.

    """
    paths = found.paths()
    names = [(headings.outcome(path), path_name(path)) for path in paths]
    made = apart([*names, (headings.errors, "errors")], own)
    kinds = [*(found.kind(path) for path in paths), TEXT]
    return list(zip(made, kinds, strict=True))


def answer_rows(request: Request, as_of: date | None) -> dict[str, Any]:
    """Make one of the three calls about the rows of a table."""
    match request["call"]:
        case "guess":
            return guess(request)
        case "rows":
            return rows(request, as_of)
        case _:
            return result(request)


def guess(request: Request) -> dict[str, Any]:
    """Tell what the columns of a table seem to mean: for each the name of an input and its words, or None."""
    chosen, words = calculator(request.get("calculator", "")), read_words(request.get("words"))
    header = read_texts(request.get("header"), "header")
    headings = Headings(chosen.fields, words)
    try:
        targets = Columns(chosen, header, inputs_of(words)).targets
    except TableError:
        targets = [None] * len(header)
    return {
        "means": [path_name(each.path) if each else None for each in targets],
        "named": [headings.input(each.path) if each else None for each in targets],
    }


def rows(request: Request, as_of: date | None) -> dict[str, Any]:
    """Answer some rows of a table: what each brings along, the values of its outcome, what is wrong with it.

    `found` is what the values are and what they hold, for `result`.
    """
    chosen, words = calculator(request.get("calculator", "")), read_words(request.get("words"))
    policy(chosen.policy).version(as_of)
    columns, headings = meant(chosen, request, words), Headings(chosen.fields, words)
    made: list[dict[str, Any]] = []
    found = Kinds()
    for cells in map(read_cells, read_list(request.get("rows"), "rows")):
        values: dict[Path, Cell] = {}
        wrong: dict[str, Any] = {}
        try:
            values = outcome_of(chosen.id, read_row(columns, cells), as_of)
        except InputErrors as error:
            problems = [
                {"column": columns.place(path_of(each.field)), "message": headings.problem(each)}
                for each in error.problems
            ]
            wrong = {"errors": headings.problems(error), "problems": problems}
        found.note(values)
        made.append(
            {
                "own": [written(cell) for cell in own_cells(columns, cells, typed=True)],
                "values": {
                    path_name(path): written(headings.shown(path, value))
                    for path, value in values.items()
                },
                **wrong,
            }
        )
    return {"rows": made, "found": found.to_json()}


def result(request: Request) -> dict[str, Any]:
    """Give the columns of the result: the table's own, the outcomes', the one for what is wrong."""
    chosen, words = calculator(request.get("calculator", "")), read_words(request.get("words"))
    header = read_texts(request.get("header"), "header")
    found = read_found(request.get("found"))
    made = outcome_columns(Headings(chosen.fields, words), header, found)
    names = [*map(path_name, found.paths()), "errors"]
    return {
        "columns": [
            {"heading": heading, "kind": kind, "name": name}
            for (heading, kind), name in zip(made, names, strict=True)
        ]
    }


def meant(chosen: Calculator, request: Request, words: Sequence[Words]) -> Columns:
    """Read what the columns are to mean.

    Raises:
        InputErrors: two of them mean the same, or none means anything.

    """
    means = read_texts(request.get("means"), "means")
    try:
        return Columns(chosen, means, inputs_of(words))
    except TableError as error:
        raise one_problem("means", str(error)) from error


def inputs_of(words: Sequence[Words]) -> Mapping[str, Mapping[str, Any]]:
    """Give the words of the inputs."""
    return words[0].inputs if words else {}


def written(cell: Cell) -> object:
    """Write a cell as JSON: a day or a time as an object, a number that a sheet would round as text."""
    if isinstance(cell, date):
        return {"time" if isinstance(cell, datetime) else "day": cell.isoformat()}
    if isinstance(cell, int) and abs(cell) >= LARGEST_SHEET_NUMBER:
        return str(cell)
    return cell


def read_cells(value: object) -> list[Cell]:
    """Read the cells of a row, as `written` writes them; numbers are those of a sheet."""
    return [read_cell(each) for each in read_list(value, "rows")]


def read_cell(value: object) -> Cell:
    """Read one cell."""
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        try:
            if isinstance(value.get("day"), str):
                return date.fromisoformat(value["day"])
            if isinstance(value.get("time"), str):
                return datetime.fromisoformat(value["time"])
        except ValueError as error:
            raise one_problem("rows", "格子里的日期读不出来") from error
    raise one_problem("rows", "格子里应是文字、数字、是否或日期")


def read_found(value: object) -> Kinds:
    """Read what outcomes hold, as `Kinds.to_json` writes it."""
    found = Kinds()
    for each in read_list(value, "found"):
        path, kinds = read_list(each, "found", 2)
        steps = read_list(path, "found")
        if not steps or not all(isinstance(step, str | int) for step in steps):
            raise one_problem("found", "应是路径")
        found.take_up(tuple(steps)).update(read_texts(kinds, "found"))
    return found


def read_words(value: object) -> list[Words]:
    """Read the words of a calculator, and of the others of its policy."""
    found = []
    for each in read_list(value, "words"):
        given = each if isinstance(each, Mapping) else {}
        inputs, outcome = given.get("inputs"), given.get("outcome")
        if not (are_words(inputs) and are_words(outcome)):
            raise one_problem("words", "不是手册里的说法")
        found.append(Words(inputs=inputs, outcome=outcome))
    return found


def are_words(value: object) -> TypeIs[Mapping[str, Mapping[str, Any]]]:
    """Tell whether a value has the shape of labels."""
    return isinstance(value, Mapping) and all(
        isinstance(each, Mapping)
        and all(isinstance(each.get(name, ""), str) for name in NAMES)
        and all(isinstance(each.get(name, {}), Mapping) for name in PARTS)
        for each in value.values()
    )


def read_list(value: object, field: str, length: int | None = None) -> list[Any]:
    """Read a list, of a length where one is given."""
    if not isinstance(value, list) or length not in (None, len(value)):
        raise one_problem(field, "应是一组值")
    return value


def read_texts(value: object, field: str) -> list[str]:
    """Read a list of texts; None is an empty one."""
    texts = ["" if each is None else each for each in read_list(value, field)]
    if not all(isinstance(each, str) for each in texts):
        raise one_problem(field, "应是文字")
    return texts
