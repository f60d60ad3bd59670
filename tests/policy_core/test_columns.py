"""Columns of a table as inputs: lists of entries, dates, and outcomes of different shapes."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import policy_core
from policy_core import Calculator, Field
from policy_core._cells import Cell, Kinds, TableError, flat, kind_of, path_name
from policy_core._columns import Columns

ENTRY = Field(
    kind="record",
    fields=(
        Field(name="year", kind="integer"),
        Field(name="points", kind="number"),
        Field(name="half", kind="choice", choices=(1, 2)),
    ),
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
    assert columns.record([[{"year": 2023}]]) == {"history": [{"year": 2023}]}
    assert columns.record(["[0.1]"]) == {"history": [Decimal("0.1")]}


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


# ---- a form of every kind, with labels -------------------------------------------------------------------

NUMBERS = Field(kind="number")
OF_EVERY_KIND = (
    *MADE_UP,
    Field(name="years", kind="number"),
    Field(name="happy", kind="boolean"),
    Field(name="half", kind="choice", choices=(1, 2)),
    Field(name="marks", kind="list", item=NUMBERS),
    Field(name="twin", kind="number"),
    Field(name="grades", kind="list", item=Field(kind="choice", choices=("A", "B"))),
    Field(name="notes", kind="list", item=Field(kind="text")),
)
WORDS: dict[str, dict[str, Any]] = {
    "years": {"label": "工作经验", "unit": "年"},
    "start": {"label": "开始"},
    "half": {"label": "半年", "options": {"1": "上半年", "2": "下 半年"}},
    "marks": {"label": "面试考评"},
    "history": {
        "label": "往期",
        "items": {
            "year": {"label": "年份"},
            "half": {"label": "半年", "options": {"1": "上半年", "2": "下半年"}},
            "points": {"label": "积分", "unit": "点"},
        },
    },
    "name": {"label": "同名"},
    "twin": {"label": "同名"},
    "grades": {"label": "等级", "options": {"A": "优"}},
}


@pytest.fixture
def labelled() -> Calculator:
    """Give a calculator with an input of every kind."""
    return dataclasses.replace(policy_core.calculators()[0], id="made-up", fields=OF_EVERY_KIND)


@pytest.mark.parametrize(
    ("header", "path"),
    [
        ("years", ("years",)),
        ("ｙｅａｒｓ", ("years",)),
        (" 工作 经验", ("years",)),
        ("工作经验（年）", ("years",)),
        ("工作经验(年)", ("years",)),
        ("工作经验/年", ("years",)),
        ("工作经验（years）", ("years",)),
        ("工作经验（years）（年）", ("years",)),
        ("years（工作经验）", ("years",)),
        ("工作经验（点）", None),
        ("开始（None）", None),  # it has no unit
        ("同名", None),  # two share it
        ("同名（twin）", ("twin",)),
        ("marks", ("marks",)),
        ("marks[0]", ("marks", 0)),
        ("marks[999]", ("marks", 999)),
        ("marks[1000]", None),
        ("面试考评·第1项", ("marks", 0)),
        ("面试考评·第12项", ("marks", 11)),
        ("面试考评·第999项", ("marks", 998)),
        ("面试考评·第1000项", None),
        ("面试考评·第0项", None),
        ("marks[0].year", None),
        ("years[0]", None),
        ("nothing[0]", None),
        ("history[1].points", ("history", 1, "points")),
        ("history[1].积分（点）", ("history", 1, "points")),
        ("往期·第2项·积分", ("history", 1, "points")),
        ("history[1]", None),
        ("history.points", None),
        ("history[1].nothing", None),
        ("", None),
    ],
)
def test_a_header_goes_by_name_or_label(
    labelled: Calculator, header: str, path: tuple[object, ...] | None
) -> None:
    target = Columns(labelled, ["happy", header], WORDS).targets[1]
    assert (target.path if target else None) == path


KNOWN = (
    "start（开始）、name（同名）、history（往期）、years（工作经验）、happy、half（半年）、"
    "marks（面试考评）、twin（同名）、grades（等级）、notes"
)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["工号", ""], f"第一行里没有一列认得，可以用的列：{KNOWN}"),
        (["工作经验", "years", "开始"], "列“工作经验”出现了 2 次，只能有一次"),
        (["marks[0]", "marks[0]"], "列“marks[0]”出现了 2 次，只能有一次"),
    ],
)
def test_a_header_that_cannot_be_used_says_why(
    labelled: Calculator, header: list[str], told: str
) -> None:
    with pytest.raises(TableError) as caught:
        Columns(labelled, header, WORDS)
    assert str(caught.value) == told


def test_a_header_of_a_list_again_is_its_next_entry(labelled: Calculator) -> None:
    columns = Columns(labelled, ["marks", "years", "面试考评"], WORDS)
    assert columns.record([3, 2, "4"]) == {"marks": [3, Decimal(4)], "years": 2}


def test_a_header_that_is_no_input_is_told_with_the_one_that_is_near(labelled: Calculator) -> None:
    columns = Columns(labelled, ["yeers", "happy", "", "yeaxx"], WORDS)
    assert columns.unused == ("yeers（是不是 years）", "yeaxx")


@pytest.mark.parametrize(
    ("header", "labels"),
    [
        (["工作经验（年）"], True),
        (["years"], False),
        (["工作经验", "start"], False),
        (["工作经验", "开始", "happy"], True),
        (["years", "姓名", "工号"], False),
    ],
)
def test_headers_speak_labels_where_more_than_half_do(
    labelled: Calculator, header: list[str], *, labels: bool
) -> None:
    assert Columns(labelled, header, WORDS).speak_labels() == labels


def test_a_value_is_found_in_its_column_or_in_that_of_the_whole(labelled: Calculator) -> None:
    columns = Columns(labelled, ["姓名", "years", "marks[1]", "history[1].year", "start"], WORDS)
    paths = {
        ("years",): 1, ("marks", 1): 2, ("marks", 0): None, ("history", 1, "year"): 3,
        ("history", 1, "points"): None, ("history",): None, ("start", 0): 4,
    }  # fmt: skip
    assert {path: columns.place(path) for path in paths} == paths


def test_a_row_is_read_cell_by_cell(labelled: Calculator) -> None:
    header = ["姓名", "years", "marks[1]", "history[1].year", "history[1].points", "name", "happy"]
    columns = Columns(labelled, header, WORDS)
    assert columns.record(["张三", " 1,234.5 ", "−3", "2024", 7, " 李 四 ", None]) == {
        "years": Decimal("1234.5"),
        "marks": [None, -3],
        "history": [None, {"year": 2024, "points": 7}],
        "name": "李 四",
    }


TRUE, FALSE = ("是", "true", "YES", "1", "１"), ("否", "False", "no", "0")
NUMBERS_READ = {
    "1,234": 1234, "12,345,678.5": 12345678.5, "1e3": 1000, "1E-3": 0.001, "+5": 5, "-5": -5,
    "−5": -5, "－5": -5, "5.0": 5, " 1 000 ": 1000, "１２": 12, "9223372036854775807": 2**63 - 1,
    "9223372036854775808": float(2**63),
}  # fmt: skip
NO_NUMBERS = ("1,23", "1234,567", "5.", ".5", "0x1", "1e1234", "五", "1;2")


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        *(("years", cell, value) for cell, value in NUMBERS_READ.items()),
        *(("years", cell, cell) for cell in NO_NUMBERS),
        *(("happy", cell, True) for cell in TRUE),
        *(("happy", cell, False) for cell in FALSE),
        ("happy", "对", "对"),
        ("half", "１", 1),
        ("half", " 2 ", 2),
        ("half", "3", "3"),
    ],
)
def test_a_cell_is_read_as_its_input_takes_it(
    labelled: Calculator, name: str, cell: str, value: object
) -> None:
    columns = Columns(labelled, [name], WORDS)
    read = columns.record([cell])[name]
    assert read == value or (isinstance(read, Decimal) and float(read) == value)
    (own,) = columns.typed([cell])
    assert (own, type(own)) == (value, type(value))


@pytest.mark.parametrize("cell", ["上半年", "上 半年"])
def test_a_choice_goes_by_its_words_but_stays_as_it_was_written(
    labelled: Calculator, cell: str
) -> None:
    columns = Columns(labelled, ["half"], WORDS)
    assert columns.record([cell]) == {"half": 1}
    assert columns.record(["下半年"]) == {"half": 2}
    assert columns.typed([cell]) == [cell]
    assert Columns(labelled, ["half"], {}).record(["None"]) == {"half": "None"}


def test_a_choice_within_an_entry_goes_by_its_words(labelled: Calculator) -> None:
    columns = Columns(labelled, ["history[0].half", "往期·第1项·年份"], WORDS)
    assert columns.record(["下半年", "2024"]) == {"history": [{"half": 2, "year": 2024}]}
    plain = Columns(labelled, ["history[0].half"], {"history": {"items": {}}})
    assert plain.record(["2"]) == {"history": [{"half": 2}]}


def test_the_choices_of_a_list_go_by_their_words(labelled: Calculator) -> None:
    assert Columns(labelled, ["grades"], WORDS).record(["优;B"]) == {"grades": ["A", "B"]}
    assert Columns(labelled, ["等级·第1项"], WORDS).record(["优"]) == {"grades": ["A"]}
    assert Columns(labelled, ["notes"], WORDS).record([[None, 1]]) == {"notes": [None, "1"]}


@pytest.mark.parametrize("cell", ["明天", 5])
def test_what_is_no_day_stays_as_it_is(labelled: Calculator, cell: Cell) -> None:
    assert Columns(labelled, ["start"], WORDS).record([cell]) == {"start": cell}


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("1;2；3、4\n5;", [1, 2, 3, 4, 5]),
        ("1;;2", [1, 2]),
        ("1,234", [1234]),
        (7, [7]),
        ([1, None, "2"], [1, None, 2]),
    ],
)
def test_a_list_stands_in_one_cell(labelled: Calculator, cell: Cell, entries: list[object]) -> None:
    columns = Columns(labelled, ["marks"], WORDS)
    assert columns.record([cell]) == {"marks": entries}
    assert columns.typed([cell]) == [cell]


def test_what_is_empty_stays_as_it_is(labelled: Calculator) -> None:
    columns = Columns(labelled, ["years", "工号", "start"], WORDS)
    assert columns.typed([" ", "1", "2024.1.31"]) == [" ", "1", "2024-01-31"]
    assert columns.record([" ", "1", None]) == {}
    assert columns.record([" ", "1", "2024.1.31"]) == {"start": "2024-01-31"}


def test_columns_of_a_list_stand_by_place_and_a_decimal_is_a_number() -> None:
    columns = Kinds()
    for outcome in ({"rest": Decimal("2.5"), "lines": [1]}, {"lines": [1, 2]}):
        columns.note(dict(flat(outcome)))
    late = Kinds()
    late.note({("lines", 1): 1, ("lines", 0): 1, ("rest",): 1})
    columns.merge(late)
    assert columns.paths() == [("rest",), ("lines", 0), ("lines", 1)]
    assert late.paths() == [("lines", 0), ("lines", 1), ("rest",)]
    assert columns.to_json()[0] == [["rest"], ["integer", "number"]]
    assert dict(flat({"rest": Decimal("2.5")})) == {("rest",): 2.5}
