"""The outline: hand-made cases, what holds for every text, and what the other parts rely on."""

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_scripts.collection import find_parts
from build_scripts.markers import BULLETS
from build_scripts.outline import Document, outline_json, parse

TESTS = Path(__file__).resolve().parent.parent
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in sorted((TESTS / "outlines").glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
PIECES = [
    *"第一二十百章条节款项之、（）()[]【】123.．:：；。，,！？#*-●①②⑩AaBbIVi|>\n\t \u3000\u200b\ufeff\r\0",
    *("第一条 ", "第二条\n", "第一章", "第二章 附则", "一、", "二、", "（一）", "(2)", "1.", "2、"),
    *("1.1 ", "1.1.1", "10.", "A、", "B.", "a)", "\n- ", "\n  - ", "\n## ", "\n---\n", "目录\n"),
    *("标题：甲", "编号：x", "\n\n", "：\n", "**", "第一种情况：", "第二步：", "第一，", "```\n"),
    *("<!-- INFO END -->", "<!--", "-->", "| 1、|", "甲乙丙", "员工应当打卡"),
    *("\n附则\n", "\n说明\n", "\n附件：\n", "\n【时间】\n", "\n第 1 页\n", "- 2 -\n", "第3条之1", "步骤一："),
    *("1️⃣", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\u2060", "\xa0", "\U0001f51f", "3.5万", "表②"),
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=60).map("".join)


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def told(document: Document) -> list[str]:
    return [
        f"{clause.path} {clause.number}".strip()
        + (f" | {clause.heading}" if clause.heading else "")
        for clause in document.walk()
    ]


@pytest.mark.parametrize("case", CASES)
def test_outline_of_a_hand_made_text(case: dict[str, list[str] | str]) -> None:
    document = parse(str(case["text"]), "x")
    findings = [f"{each.kind} {each.clause.removeprefix('x:')}" for each in document.findings]
    assert told(document) == case["clauses"]
    assert findings == case.get("findings", [])


@settings(deadline=None)
@given(TEXTS)
def test_nothing_is_lost_and_all_is_in_order(text: str) -> None:
    document = parse(text, "x")
    clauses = list(document.walk())
    words = "".join(clause.number + clause.heading + clause.text for clause in clauses)
    assert squeezed(words) == squeezed(text)
    assert [clause.start for clause in clauses] == sorted(clause.start for clause in clauses)
    assert all(text[clause.start :].startswith(clause.number) for clause in clauses)
    assert all(clause.line == text.count("\n", 0, clause.start) + 1 for clause in clauses)


@settings(deadline=None)
@given(TEXTS)
def test_ids_and_anchors_are_unique_and_found_again(text: str) -> None:
    document = parse(text, "x")
    clauses = list(document.walk())
    assert len({clause.id for clause in clauses}) == len(clauses)
    assert len({clause.anchor for clause in clauses}) == len(clauses)
    assert all(document.find(clause.id) is clause for clause in clauses)
    assert all(document.find(clause.path) is clause for clause in clauses)
    assert all(re.fullmatch(r"c-[0-9A-Za-z_~-]+", clause.anchor) for clause in clauses)


@settings(deadline=None)
@given(TEXTS)
def test_a_clause_holds_what_is_under_it(text: str) -> None:
    for clause in parse(text, "x").walk():
        assert clause.start <= clause.end <= len(text)
        for child in clause.children:
            assert clause.start <= child.start <= child.end <= clause.end
            assert child.level == clause.level + 1


@settings(deadline=None)
@given(TEXTS)
def test_findings_point_at_clauses_that_exist(text: str) -> None:
    document = parse(text, "x")
    for finding in document.findings:
        clause = document.find(finding.clause)
        assert clause is not None
        assert clause.line == finding.line


def calls(action: Callable[[], object]) -> int:
    count = 0

    def counted(_code: object, _offset: int) -> None:
        nonlocal count
        count += 1

    tool, events = sys.monitoring.PROFILER_ID, sys.monitoring.events
    sys.monitoring.use_tool_id(tool, "count calls")
    sys.monitoring.register_callback(tool, events.PY_START, counted)
    sys.monitoring.set_events(tool, events.PY_START)
    try:
        action()
    finally:
        sys.monitoring.set_events(tool, 0)
        sys.monitoring.free_tool_id(tool)
    return count


@pytest.mark.parametrize(
    "repeated",
    [
        "第一条 甲：\n（一）乙；\n（二）丙。\n",
        "1、甲；2、乙；(1)丙；(2)丁；",
        "甲：\n- 子\n  - 丑\n乙：\n- 寅\n",
        "目录\n第一章\n第二章\n",
        "1、甲\n",
        "第一章 总则\n正文。\n正文。\n",
        "第一条 甲。\n乙\n",
        "【甲】\n第 1 页\n",
        "说明\n附则\n附件\n",
        "制度\n甲。\n",
        "甲办法\n\n1.1 乙\n",
    ],
)
@pytest.mark.parametrize(
    "read", [lambda text: parse(text, "x"), find_parts], ids=["parse", "split"]
)
def test_twice_the_text_is_twice_the_work(read: Callable[[str], object], repeated: str) -> None:
    once = calls(lambda: read(repeated * 300))
    twice = calls(lambda: read(repeated * 600))
    assert twice < 2.2 * once


def test_no_pattern_runs_away_on_hostile_lines() -> None:
    pieces = (
        "第",
        "（ ",
        "1.",
        "一",
        " ",
        "*",
        "。 ",
        "#",
        "- ",
        "①",
        "（一",
        "1",
        "　",
        "●",
        "【】",
        "甲 第",
    )
    for piece in pieces:
        document = parse(piece * 20_000, "x")
        assert squeezed(
            "".join(c.number + c.heading + c.text for c in document.walk())
        ) == squeezed(piece * 20_000)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{' ' * indent}{sign}甲\n" for sign in BULLETS for indent in range(0, 40, 2)),
        "".join(f"第一步{chr(0x4E00 + each)}：甲\n" for each in range(700))
        + "".join(f"第二步{chr(0x4E00 + each)}：甲\n" for each in reversed(range(700))),
    ],
    ids=["bullets", "steps"],
)
def test_lists_in_lists_without_end_are_no_crash(text: str) -> None:
    clauses = list(parse(text, "x").walk())
    assert len(clauses) == text.count("\n")


GRADES = """标题：晋升制度
编号：rd-grades
生效日期: 2024-01-01

一、等级
1、工程师等级与奖金相关。
(1)奖金：600元；
(2)其他
十级以上，可以独立开发；
十五级以上，另有补贴。
二、附则
第一种情况：甲。
第二种情况：
A、乙。
B、丙。
"""


def test_a_text_on_one_line_keeps_its_clauses() -> None:
    document = parse("考勤制度 一、目的：规范考勤。二、范围：全体员工。", "x")
    assert told(document) == ["preface", "1 一、", "2 二、"]


def test_front_lines_are_read_and_kept() -> None:
    document = parse(GRADES, "rd-grades")
    assert document.title == "晋升制度"
    assert document.front == {"标题": "晋升制度", "编号": "rd-grades", "生效日期": "2024-01-01"}
    front = document.find("front")
    assert front is not None
    assert front.text.startswith("标题：晋升制度")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# 员工手册\n## 一、总则\n", "员工手册"),
        ("====\n员 工 手 册\n====\n一、总则\n", "员工手册"),
        ("报销制度（2024版）\n第一条 总则\n", "报销制度（2024版）"),
        ("一、总则\n二、附则\n", "x"),
        ("一 总则\n甲\n二 附则\n乙\n", "x"),
        ("岗位职责：\n- 甲\n- 乙\n", "x"),
        ("一、目的：规范考勤。二、范围：全体员工。", "x"),
        ("考勤制度 一、目的：规范考勤。二、范围：全体员工。", "x"),
        ("总则：1、准时上班 2、请假审批", "x"),
        ("员工准时上班，迟到扣款。\n请假须审批。\n", "x"),
        ("# 考勤制度；请假制度\n一、总则\n", "考勤制度；请假制度"),
        ("", "x"),
    ],
)
def test_title_of_a_text(text: str, title: str) -> None:
    assert parse(text, "x").title == title


def test_metadata_of_a_law_is_its_front() -> None:
    text = "# 办法\n\n2001年1月1日 公布\n\n<!-- INFO END -->\n\n第一条 甲。\n"
    document = parse(text, "x")
    assert [clause.path for clause in document.clauses] == ["front", "1"]


def test_labels_are_numbers_as_readers_write_them() -> None:
    document = parse(GRADES, "rd-grades")
    labels = {clause.path: clause.label for clause in document.walk()}
    assert labels["1.1.1"] == "一.1(1)"
    assert labels["1.1.2.2"] == "一.1(2).2"
    assert labels["2.2.B"] == "二第二种情况.B"
    law = parse(
        "第一章 总则\n第一条 甲。\n乙。\n第二条 丙：\n（一）丁。\n第二章 附则\n第三条 戊。\n", "x"
    )
    labels = {clause.path: clause.label for clause in law.walk()}
    assert labels == {
        "chapter1": "第一章", "1": "第一条", "1.2": "第一条第二款", "2": "第二条", "2.1": "第二条(一)",
        "chapter2": "第二章", "3": "第三条",
    }  # fmt: skip


def test_full_text_is_all_words_without_numbers() -> None:
    clause = parse(GRADES, "rd-grades").find("1.1")
    assert clause is not None
    assert clause.full_text().splitlines() == [
        "工程师等级与奖金相关。", "奖金：600元；", "其他",
        "十级以上，可以独立开发；", "十五级以上，另有补贴。",
    ]  # fmt: skip


def test_plain_values_hold_the_whole_tree() -> None:
    outline = outline_json(parse("制度\n一、甲\n1、乙。\n2、丙。\n", "x"))
    assert outline == [
        {"id": "x:front", "number": "", "heading": "", "text": "制度", "children": []},
        {"id": "x:1", "number": "一、", "heading": "甲", "text": "", "children": [
            {"id": "x:1.1", "number": "1、", "heading": "", "text": "乙。", "children": []},
            {"id": "x:1.2", "number": "2、", "heading": "", "text": "丙。", "children": []},
        ]},
    ]  # fmt: skip


def test_a_finding_tells_line_and_clause_in_chinese() -> None:
    (finding,) = parse("一、甲\n1、乙\n2、丙\n4、丁\n二、戊\n", "x").findings
    assert (finding.kind, finding.line, finding.clause) == ("gap", 4, "x:1.4")
    assert finding.message == "编号从“2”跳到“4”，中间缺号"
