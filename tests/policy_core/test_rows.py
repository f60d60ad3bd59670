"""The rows of a table through the door: what columns mean, what each row gives, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policy_core._browser import answer
from policy_core._errors import Problem
from policy_core._headings import Headings, Words

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


def test_the_columns_of_the_result_follow_from_what_all_rows_hold() -> None:
    parts = [asked("rows", means=MEANS, rows=[row])["found"] for row in (GOOD, ["", "x"])]
    made = asked(
        "result", means=MEANS, header=[*HEADER, "升级（级）"], found=[*parts[0], *parts[1]]
    )
    columns = {each["name"]: each for each in made["columns"]}
    assert columns["levels"]["heading"] == "升级（级）（levels）"
    assert (columns["levels"]["kind"], columns["title"]["kind"]) == ("integer", "text")
    assert list(columns)[-1] == "errors"


def test_without_words_columns_go_by_their_names() -> None:
    assert asked("guess", words=[], header=["grade"])["named"] == ["grade"]
    said = asked("rows", words=[], means=MEANS, rows=[["", "x"]])
    assert said["rows"][0]["errors"].startswith("grade：填的是“x”")


ROWS = {"means": MEANS, "rows": [GOOD]}
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("rows", ROWS | {"calculator": "x"}, "calculator"),
    ("rows", ROWS | {"as_of": "2000-01-01"}, "as_of"),
    ("rows", ROWS | {"means": ["grade", "grade"]}, "means"),
    ("rows", ROWS | {"means": [None]}, "means"),
    ("rows", ROWS | {"means": [3]}, "means"),
    ("rows", ROWS | {"rows": 3}, "rows"),
    ("rows", ROWS | {"rows": [3]}, "rows"),
    ("rows", ROWS | {"rows": [[[]]]}, "rows"),
    ("rows", ROWS | {"rows": [[{"day": "x"}]]}, "rows"),
    ("rows", ROWS | {"rows": [[{"day": 3}]]}, "rows"),
    ("rows", ROWS | {"words": 3}, "words"),
    ("rows", ROWS | {"words": [3]}, "words"),
    ("rows", ROWS | {"words": [{"inputs": {}, "outcome": {"levels": {"label": 3}}}]}, "words"),
    ("rows", ROWS | {"words": [{"inputs": {"grade": {"options": 3}}, "outcome": {}}]}, "words"),
    ("rows", ROWS | {"words": [{"inputs": {"grade": 3}, "outcome": {}}]}, "words"),
    ("guess", {}, "header"),
    ("result", {"header": [], "found": [[["a"]]]}, "found"),
    ("result", {"header": [], "found": [[[], []]]}, "found"),
    ("result", {"header": [], "found": [[[{}], []]]}, "found"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "parts", "field"), REFUSED)
def test_what_no_page_sends_is_refused(call: str, parts: dict[str, Any], field: str) -> None:
    assert [each["field"] for each in asked(call, **parts)["errors"]] == [field]


def test_a_problem_of_no_input_keeps_its_name() -> None:
    problem = Problem(field="as_of", message="太早")
    assert Headings((), [Words(inputs={}, outcome={})]).problem(problem) == "as_of：太早"
