"""How a result's columns are named and what is wrong with a row is told, on made-up words of every shape."""

from __future__ import annotations

import pytest

from policy_core import Field, InputErrors
from policy_core._cells import Path
from policy_core._errors import Problem
from policy_core._headings import Headings, Words, apart, declared, path_of

ENTRY = Field(
    kind="record",
    fields=(
        Field(name="year", kind="integer"),
        Field(name="kind", kind="choice", choices=("a", "b")),
    ),
)
FIELDS = (
    Field(name="grade", kind="integer"),
    Field(name="twin", kind="number"),
    Field(name="half", kind="choice", choices=(1, 2)),
    Field(name="marks", kind="list", item=Field(kind="number")),
    Field(name="history", kind="records", item=ENTRY),
    Field(name="bare", kind="number"),
    Field(
        name="notes",
        kind="records",
        item=Field(kind="record", fields=(Field(name="text", kind="text"),)),
    ),
)
OWN = Words(
    inputs={
        "grade": {"label": "级别", "unit": "级"},
        "twin": {"label": "级别"},
        "notes": {"label": "备注"},
        "half": {"label": "半年", "options": {"1": "上半年", "2": "下半年"}},
        "marks": {"label": "评分", "unit": "分"},
        "history": {
            "label": "往期",
            "items": {
                "year": {"label": "年份", "unit": "年"},
                "kind": {"label": "种类", "options": {"a": "甲", "b": "乙"}},
            },
        },
    },
    outcome={
        "levels": {"label": "升级", "unit": "级"},
        "bonus": {"label": "奖金", "unit": "元"},
        "lines": {
            "label": "明细",
            "unit": "行",
            "columns": {"points": "点数", "kind": "种类"},
            "options": {"x": "完成"},
        },
        "sums": {
            "label": "组成",
            "parts": {"skill": "技能", "min": "下限"},
            "items": {"tenure": {"label": "入职够久"}},
        },
        "demotion.to": {"label": "降到", "options": {"junior": "初级"}},
        "unnamed": {"unit": "点"},
    },
)
OTHER = Words(
    inputs={"months": {"label": "月数", "unit": "个月"}, "title": {"label": "不是它"}},
    outcome={
        "title": {"label": "职级", "options": {"none": "未定级"}},
        "fine": {"label": "罚款", "unit": "元"},
    },
)
SAID = Headings(FIELDS, [OWN, OTHER])
PLAIN = Headings(FIELDS)


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (("grade",), "级别（grade）（级）"),  # two inputs have that label
        (("twin",), "级别（twin）"),
        (("half",), "半年"),
        (("marks",), "评分（分）"),
        (("marks", 2), "评分·第3项"),
        (("history", 0, "year"), "往期·第1项·年份（年）"),
        (("history", 3, "kind"), "往期·第4项·种类"),
        (("bare",), "bare"),
        (("notes", 0, "text"), "备注·第1项·text"),
    ],
)
def test_an_input_goes_by_its_words(path: Path, heading: str) -> None:
    assert SAID.input(path) == heading


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        (("levels",), "升级（级）"),
        (("bonus",), "奖金（元）"),
        (("bonus", "min"), "奖金·最少（元）"),
        (("bonus", "max"), "奖金·最多（元）"),
        (("lines", 1), "明细·第2项"),
        (("lines", 0, "points"), "明细·第1项·点数"),
        (("lines", 0, "months"), "明细·第1项·月数（个月）"),
        (("lines", 0, "title"), "明细·第1项·职级"),
        (("lines", 0, "levels"), "明细·第1项·升级（级）"),
        (("lines", 0, "bonus", "min"), "明细·第1项·奖金·最少（元）"),
        (("lines", 0, "nothing"), "明细·第1项·nothing"),
        (("sums", "skill"), "组成·技能"),
        (("demotion", "to"), "降到"),
        (("demotion", "because", 0, "id"), "demotion·because·第1项·id"),
        (("title",), "职级"),
        (("unnamed",), "unnamed（点）"),
        (("nothing", "min"), "nothing·最少"),
    ],
)
def test_a_part_of_the_outcome_goes_by_its_words(path: Path, heading: str) -> None:
    assert SAID.outcome(path) == heading


def test_without_words_all_go_by_their_names() -> None:
    assert PLAIN.input(("history", 0, "year")) == "history[0].year"
    assert PLAIN.outcome(("bonus", "min")) == "bonus.min"
    assert PLAIN.shown(("demotion", "to"), "junior") == "junior"
    assert (PLAIN.errors, SAID.errors) == ("errors", "错误")


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        (("levels",), 3, 3),
        (("levels",), "x", "x"),
        (("demotion", "to"), "junior", "初级"),
        (("demotion", "to"), "senior", "senior"),
        (("sums", 0), "tenure", "入职够久"),
        (("lines", 0, "kind"), "x", "完成"),
        (("lines", 0, "half"), "1", "上半年"),
        (("lines", 0, "title"), "none", "未定级"),
        (("title",), "none", "未定级"),
        (("nothing",), "none", "none"),
    ],
)
def test_a_code_is_shown_by_its_words(path: Path, value: object, shown: object) -> None:
    assert SAID.shown(path, value) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "message", "said", "plain"),
    [
        ("row", "x", "x", "x"),
        ("json", "x", "x", "x"),
        ("grade", "x", "级别（grade）（级）：x", "grade：x"),
        (
            "half",
            "应是其中之一：1、2",
            "半年：应是其中之一：上半年（1）、下半年（2）",
            "half：应是其中之一：1、2",
        ),
        (
            "history[2].kind",
            "应是其中之一：a、b",
            "往期·第3项·种类：应是其中之一：甲（a）、乙（b）",
            "history[2].kind：应是其中之一：a、b",
        ),
        ("history[2].year", "x", "往期·第3项·年份（年）：x", "history[2].year：x"),
        ("notes[0].text", "x", "备注·第1项·text：x", "notes[0].text：x"),
        ("history[1]", "x", "往期·第2项：x", "history[1]：x"),
        ("marks[1]", "x", "评分·第2项：x", "marks[1]：x"),
        ("as_of", "x", "as_of：x", "as_of：x"),
        ("history[2].no", "x", "history[2].no：x", "history[2].no：x"),
    ],
)
def test_what_is_wrong_is_told_in_the_words_of_the_pages(
    field: str, message: str, said: str, plain: str
) -> None:
    problem = Problem(field=field, message=message)
    assert (SAID.problem(problem), PLAIN.problem(problem)) == (said, plain)
    assert SAID.problems(InputErrors([problem, problem])) == f"{said}；{said}"


def test_a_choice_without_words_is_told_by_its_code() -> None:
    words = Words(inputs={"half": {"label": "半年", "options": {"1": "上半年"}}}, outcome={})
    problem = Problem(field="half", message="应是其中之一：1、2")
    assert Headings(FIELDS, [words]).problem(problem) == "半年：应是其中之一：上半年（1）、2"


@pytest.mark.parametrize(
    ("headings", "taken", "made"),
    [
        ([("甲", "a"), ("乙", "b")], [], ["甲", "乙"]),
        ([("甲", "a"), ("乙", "b")], ["甲"], ["甲（a）", "乙"]),
        ([("甲", "a")], ["甲", "甲（a）"], ["甲（a）′"]),
        ([("甲", "a")], ["甲", "甲（a）", "甲（a）′"], ["甲（a）′′"]),
        ([("甲", "a"), ("甲", "b")], [], ["甲（a）", "甲（b）"]),
        ([("a", "a")], ["a"], ["outcome.a"]),
        ([("a", "a"), ("a", "a")], [], ["outcome.a", "outcome.a′"]),
    ],
)
def test_no_two_headings_are_alike(
    headings: list[tuple[str, str]], taken: list[str], made: list[str]
) -> None:
    assert apart(headings, taken) == made


@pytest.mark.parametrize(
    ("name", "path", "kind"),
    [
        ("grade", ("grade",), "integer"),
        ("marks[10]", ("marks", 10), "number"),
        ("history[2].kind", ("history", 2, "kind"), "choice"),
        ("history[2]", ("history", 2), "record"),
        ("marks[1].x", ("marks", 1, "x"), None),
        ("grade.x", ("grade", "x"), None),
        ("grade[1]", ("grade", 1), None),
        ("[1]", (1,), None),
        ("nothing[1][2]", ("nothing", 1, 2), None),
        ("", (), None),
    ],
)
def test_a_problem_s_field_leads_to_the_declared_input(
    name: str, path: Path, kind: str | None
) -> None:
    assert path_of(name) == path
    found = declared(FIELDS, path)
    assert (found and found.kind) == kind
