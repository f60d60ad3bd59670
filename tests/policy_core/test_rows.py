"""The rows of a table through the door: what columns mean, what each row gives, and what is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from policy_core import InputErrors, calculator
from policy_core._browser import answer
from policy_core._columns import Columns
from policy_core._errors import Problem
from policy_core._headings import Headings, Words
from policy_core._rows import outcome_of, own_cells

CALCULATOR = "grade-from-points"
WORDS = [{
    "inputs": {
        "grade": {"label": "当前级别", "unit": "级"},
        "half": {"label": "半年", "options": {"1": "上半年", "2": "下半年"}},
    },
    "outcome": {"levels": {"label": "升级", "unit": "级"}},
}]  # fmt: skip
HEADER = ["姓名", "当前级别（级）", "carried", "points", "half", "半年的日子"]
MEANS = [None, "grade", "carried", "points", "half", None]
GOOD: list[Any] = ["张三", "4", 3, 40.5, "下半年", {"day": "2024-01-31"}]


def asked(call: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is what it is
    """Ask through the door."""
    given = {"call": call, "calculator": CALCULATOR, "words": WORDS, **parts}
    found: dict[str, Any] = json.loads(answer(json.dumps(given)))
    return found


def test_columns_are_guessed_by_name_and_by_label() -> None:
    guessed = asked("guess", header=HEADER)
    assert guessed["means"] == MEANS
    assert guessed["named"][1] == "当前级别（级）"
    assert asked("guess", header=["姓名", "工号"])["means"] == [None, None]


def test_a_row_brings_its_own_cells_its_outcome_and_what_is_wrong() -> None:
    long = ["王五", 4, 3, 40, 2, None, "多"]
    bad = ["李四", "四", 3, 40, 3, {"time": "2024-01-31T12:30:00"}]
    said = asked("rows", means=MEANS, rows=[GOOD, bad, long, [10**15]])
    good, wrong, wide, large = said["rows"]
    assert good["own"] == ["张三", 4, 3, 40.5, "下半年", {"day": "2024-01-31"}]
    assert (good["values"]["levels"], good["values"]["bonus.min"]) == (2, 2000)
    assert "errors" not in good
    assert wrong["own"][-1] == {"time": "2024-01-31T12:30:00"}
    assert [each["column"] for each in wrong["problems"]] == [1, 4]
    assert "；".join(each["message"] for each in wrong["problems"]) == wrong["errors"]
    assert wrong["errors"].startswith("当前级别（级）：填的是“四”，应是")
    assert wide["problems"] == [{"column": None, "message": "这一行有 7 格，第一行只有 6 列"}]
    assert large["own"][0] == str(10**15)
    (blank,) = asked("rows", means=MEANS, rows=[[*GOOD, "", None]])["rows"]
    assert (blank["own"], blank["values"]) == (good["own"], good["values"])


def test_the_columns_of_the_result_follow_from_what_all_rows_hold() -> None:
    parts = [asked("rows", means=MEANS, rows=[row])["found"] for row in (GOOD, ["", "x"])]
    made = asked(
        "result", means=MEANS, header=[*HEADER, "升级（级）"], found=[*parts[0], *parts[1]]
    )
    columns = {each["name"]: each for each in made["columns"]}
    assert columns["levels"]["heading"] == "升级（级）（levels）"
    assert (columns["levels"]["kind"], columns["title"]["kind"]) == ("integer", "text")
    assert list(columns)[-1] == "errors"


def test_a_column_of_what_is_wrong_hides_none_of_the_table_s() -> None:
    (made,) = asked("result", header=["错误"], found=[])["columns"]
    assert made == {"heading": "错误（errors）", "kind": "text", "name": "errors"}


def test_cells_stay_text_where_they_are_to_stay_as_they_were() -> None:
    columns = Columns(calculator(CALCULATOR), ["grade", "points"], {})
    assert own_cells(columns, ["1"], typed=False) == ["1", None]
    assert own_cells(columns, ["1", "2.5", "3"], typed=True) == [1, 2.5]


def test_an_outcome_is_that_of_its_day() -> None:
    inputs = {"grade": 3}
    assert outcome_of("grade-benefits", inputs, date(2024, 1, 1))["title",] == "工程师"
    with pytest.raises(InputErrors, match="2023-12-31"):
        outcome_of("grade-benefits", inputs, date(2023, 12, 31))


def test_without_words_columns_go_by_their_names() -> None:
    assert asked("guess", words=[], header=["grade"])["named"] == ["grade"]
    said = asked("rows", words=[], means=MEANS, rows=[["", "x"]])
    assert said["rows"][0]["errors"].startswith("grade：填的是“x”")


ROWS = {"means": MEANS, "rows": [GOOD]}
LIST, TEXTS, STRANGE = "应是一组值", "应是文字", "不是手册里的说法"
CELLS, NO_DAY = "格子里应是文字、数字、是否或日期", "格子里的日期读不出来"


def labelled(**words: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Give words as no calculator has them."""
    return [{"inputs": {"grade": words}, "outcome": {}}]


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("rows", ROWS | {"calculator": "x"}, "calculator", "没有“x”这个计算"),
    ("rows", ROWS | {"as_of": "2000-01-01"}, "as_of", "填的是 2000-01-01，这项制度从"),
    ("rows", ROWS | {"means": ["grade", "grade"]}, "means", "列“grade”出现了 2 次"),
    ("rows", ROWS | {"means": [None]}, "means", "第一行里没有一列认得"),
    ("rows", ROWS | {"means": [3]}, "means", TEXTS),
    ("rows", ROWS | {"means": 3}, "means", LIST),
    ("rows", ROWS | {"rows": 3}, "rows", LIST),
    ("rows", ROWS | {"rows": [3]}, "rows", LIST),
    ("rows", ROWS | {"rows": [[[]]]}, "rows", CELLS),
    ("rows", ROWS | {"rows": [[{"day": "x"}]]}, "rows", NO_DAY),
    ("rows", ROWS | {"rows": [[{"time": "x"}]]}, "rows", NO_DAY),
    ("rows", ROWS | {"rows": [[{"day": 3}]]}, "rows", CELLS),
    ("rows", ROWS | {"words": 3}, "words", LIST),
    ("rows", ROWS | {"words": [3]}, "words", STRANGE),
    ("rows", ROWS | {"words": [{"inputs": {}}]}, "words", STRANGE),
    ("rows", ROWS | {"words": [{"outcome": {}}]}, "words", STRANGE),
    ("rows", ROWS | {"words": [{"inputs": {"grade": 3}, "outcome": {}}]}, "words", STRANGE),
    *(
        ("rows", ROWS | {"words": labelled(**{name: 3})}, "words", STRANGE)
        for name in ("label", "unit", "options", "items", "columns", "parts")
    ),
    ("guess", {}, "header", LIST),
    ("guess", {"header": [3]}, "header", TEXTS),
    ("result", {"header": 3}, "header", LIST),
    ("result", {"header": [], "found": 3}, "found", LIST),
    ("result", {"header": [], "found": [["a"]]}, "found", LIST),
    ("result", {"header": [], "found": [[["a"]]]}, "found", LIST),
    ("result", {"header": [], "found": [["a", []]]}, "found", LIST),
    ("result", {"header": [], "found": [[["a"], [], []]]}, "found", LIST),
    ("result", {"header": [], "found": [[["a"], [3]]]}, "found", TEXTS),
    ("result", {"header": [], "found": [[[], []]]}, "found", "应是路径"),
    ("result", {"header": [], "found": [[[{}], []]]}, "found", "应是路径"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "parts", "field", "told"), REFUSED)
def test_what_no_page_sends_is_refused(
    call: str, parts: dict[str, Any], field: str, told: str
) -> None:
    (error,) = asked(call, **parts)["errors"]
    assert (error["field"], error["message"].startswith(told)) == (field, True)


@pytest.mark.parametrize("call", ["guess", "rows", "result"])
def test_a_call_without_a_calculator_is_refused(call: str) -> None:
    (error,) = json.loads(answer(json.dumps({"call": call})))["errors"]
    assert (error["field"], error["message"][:8]) == ("calculator", "没有“”这个计算")


@pytest.mark.parametrize(
    ("cell", "own"),
    [
        (10**15 - 1, 10**15 - 1),
        (10**15, str(10**15)),  # a sheet would round it
        (1 - 10**15, 1 - 10**15),
        (-(10**15), str(-(10**15))),
        (2.5, 2.5),
        (True, True),
        (None, None),
        ({"day": "2024-01-31"}, {"day": "2024-01-31"}),
        ({"time": "2024-01-31T12:30:00"}, {"time": "2024-01-31T12:30:00"}),
    ],
)
def test_a_cell_of_the_table_comes_back_as_it_was(cell: object, own: object) -> None:
    (row,) = asked("rows", means=MEANS, rows=[[cell]])["rows"]
    assert row["own"] == [own, None, None, None, None, None]


def test_a_problem_of_no_input_keeps_its_name() -> None:
    problem = Problem(field="as_of", message="太早")
    assert Headings((), [Words(inputs={}, outcome={})]).problem(problem) == "as_of：太早"
