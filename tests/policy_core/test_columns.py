"""Columns of a table as inputs: lists of entries, dates, and outcomes of different shapes."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal

import pytest

import policy_core
from policy_core import Calculator, Field
from policy_core._cells import Cell, Kinds, TableError, flat, kind_of, path_name
from policy_core._columns import Columns

ENTRY = Field(
    kind="record", fields=(Field(name="year", kind="integer"), Field(name="points", kind="number"))
)
MADE_UP = (
    Field(name="start", kind="date"),
    Field(name="name", kind="text"),
    Field(name="history", kind="records", item=ENTRY),
)


@pytest.fixture
def calculator() -> Calculator:
    """Give a calculator without labels that takes a day, a name and entries."""
    return dataclasses.replace(policy_core.calculators()[0], id="made-up", fields=MADE_UP)


def test_entries_stand_in_columns_of_their_own(calculator: Calculator) -> None:
    header = ["history[0].year", "history[0].points", "history[1].year", "history[1].points"]
    columns = Columns(calculator, header, {})
    entries = [{"year": 2023, "points": Decimal("7.5")}, {"year": Decimal(2024), "points": 3}]
    assert columns.record([2023, "7.5", "2024", 3]) == {"history": entries}
    assert columns.record([2023, None, None, ""]) == {"history": [{"year": 2023}]}


def test_entries_stand_in_one_cell_as_json(calculator: Calculator) -> None:
    columns = Columns(calculator, ["history"], {})
    assert columns.record(['[{"year": 2023}]']) == {"history": [{"year": 2023}]}
    assert columns.record(["2023"]) == {"history": 2023}
    assert columns.record(["[{"]) == {"history": "[{"}


@pytest.mark.parametrize("header", ["history[0]", "history[0].month", "history.year", "name[0]"])
def test_a_header_that_names_no_value_is_not_used(calculator: Calculator, header: str) -> None:
    assert Columns(calculator, ["start", header], {}).unused[0].startswith(header)


@pytest.mark.parametrize("cell", ["2024-01-31", "2024/1/31", "2024年1月31日", "2024.1.31"])
def test_a_day_is_read_as_people_write_it(calculator: Calculator, cell: str) -> None:
    assert Columns(calculator, ["start"], {}).record([cell]) == {"start": "2024-01-31"}


def test_a_day_of_a_sheet_is_a_day_and_its_hour_is_not_dropped(calculator: Calculator) -> None:
    noon = datetime(2024, 1, 31, 12)  # noqa: DTZ001
    days = [noon.date(), datetime(2024, 1, 31), noon]  # noqa: DTZ001
    read = [Columns(calculator, ["start"], {}).record([day])["start"] for day in days]
    assert read == ["2024-01-31", "2024-01-31", "2024-01-31 12:00:00"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (True, "boolean"),
        (3, "integer"),
        (2**63 - 1, "integer"),  # what a column of whole numbers can hold
        (2**63, "text"),
        (-(2**63), "integer"),
        (-(2**63) - 1, "text"),
        (2.5, "number"),
        (Decimal("2.5"), "number"),
        (date(2024, 1, 31), "day"),
        (datetime(2024, 1, 31, 12), "time"),  # noqa: DTZ001
        ("2024-01-31", "day"),
        ("2024-13-41", "text"),  # only a day that there is is one
        ("2024-W05-3", "text"),
        ("2024-01-31T12", "text"),
        ("2.5", "text"),
        (["a"], "text"),
    ],
)
def test_what_kind_a_value_is(cell: Cell, kind: str) -> None:
    assert kind_of(cell) == kind


@pytest.mark.parametrize(
    ("values", "kind", "without_text"),
    [
        ([1, 2], "integer", "integer"),
        ([1, 2.5], "number", "number"),
        ([1, None], "integer", "integer"),
        ([1, "x"], "text", "integer"),
        ([1, 2.5, "x"], "text", "number"),
        (["x"], "text", "text"),
        ([True, 1], "text", "text"),
        ([], "text", "text"),
    ],
)
def test_a_column_has_one_kind(values: list[Cell], kind: str, without_text: str) -> None:
    columns = Kinds()
    for value in values:
        columns.note({("a",): value})
    assert columns.kind(("a",)) == kind
    assert columns.kind(("a",), never_text=True) == without_text


@pytest.mark.parametrize("header", [["ranks"], ["ranks[0]", "ranks[1]"]])
def test_an_empty_cell_is_an_empty_list_where_one_must_be_given(header: list[str]) -> None:
    ranks = Field(name="ranks", kind="list", item=Field(kind="integer"))
    fields = (ranks, dataclasses.replace(ranks, name="marks", minimum_items=1))
    made_up = dataclasses.replace(policy_core.calculators()[0], id="made-up", fields=fields)
    columns = Columns(made_up, [*header, "marks"], {})
    rest: list[Cell] = [" "] * (len(header) - 1)
    assert columns.record([None, *rest, ""]) == {"ranks": []}
    assert columns.record([1, *rest, None]) == {"ranks": [1]}


def test_a_number_is_a_fine_name(calculator: Calculator) -> None:
    assert Columns(calculator, ["name"], {}).record([123]) == {"name": "123"}


def test_the_same_value_twice_is_refused(calculator: Calculator) -> None:
    with pytest.raises(TableError, match="出现了 2 次"):
        Columns(calculator, ["history[0].year", "history[0].year"], {})


def test_an_empty_value_gives_way_to_its_parts_and_lists_keep_their_order() -> None:
    outcomes: list[dict[str, object]] = [
        {"bonus": None, "lines": [{"id": "a"}], "title": None},
        {"bonus": {"min": 1, "max": 2}, "lines": [{"id": "a"}, {"id": "b", "rank": 1}]},
        {"bonus": None, "lines": [], "title": None},
    ]
    columns = Kinds()
    for outcome in outcomes:
        columns.note(dict(flat(outcome)))
    assert [path_name(path) for path in columns.paths()] == [
        "bonus.min", "bonus.max", "lines[0].id", "lines[1].id", "lines[1].rank", "title",
    ]  # fmt: skip
