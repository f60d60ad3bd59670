"""Quizzes as people write them, and what is wrong in them."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.quiz import answer_spans, can_be_told, parse_bank, write_bank
from build_scripts.quiz_check import findings
from build_scripts.source import read_text

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus" / "quiz"

PAPER = """标题：小测验
一、选择题（每小题4分，共12分）
1.水在（B）结冰。A、十度 B、零度 C、二十度
2．下列是水果的有（A、 C）
A. 苹果
B. 桌子   C. 梨
3、天空的颜色
A．蓝
B．绿
答案：A
二、判断题（每题2分，共4分）
1.太阳从东边升起。（√）2.一年有十三个月。（×）
三、填空题（每空1分，共4分）
1.红绿灯有（红）、（黄）、（绿）三种颜色。
顺序不限：1、2、3
2.一天有（24小时）。
同样算对：24小时 = 24h
四、简答题（10分）
1.为什么要洗手？（10分）
答：洗手可以去掉手上的细菌，
少生病。
要点：去掉细菌
要点：少生病
"""


def test_a_paper_is_read_whole() -> None:
    bank = parse_bank(PAPER, "small")
    items = {item.id: item for section in bank.sections for item in section.items}
    assert list(items) == ["1.1", "1.2", "1.3", "2.1", "2.2", "3.1", "3.2", "4.1"]
    assert items["1.1"].detail["answer"] == ["B"]
    assert items["1.1"].stem == "水在（　）结冰。"
    assert items["1.2"].detail["answer"] == ["A", "C"]
    assert [option["text"] for option in items["1.2"].detail["options"]] == ["苹果", "桌子", "梨"]
    assert items["1.3"].detail["answer"] == ["A"]
    assert (items["2.1"].detail["answer"], items["2.2"].detail["answer"]) == (True, False)
    assert items["3.1"].detail["blanks"] == [["红"], ["黄"], ["绿"]]
    assert items["3.1"].detail["any_order"] == [[0, 1, 2]]
    assert items["3.2"].detail["blanks"] == [["24小时", "24h"]]
    assert [point["text"] for point in items["4.1"].detail["points"]] == ["去掉细菌", "少生病"]
    assert items["4.1"].detail["model"] == "洗手可以去掉手上的细菌，少生病。"
    assert bank.marks == 12 + 4 + 4 + 1
    assert bank.findings == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("一、选择题\n1.水在哪里？A、这里 B、那里\n", "没有写答案"),
        ("一、选择题\n1.水在（D）。A、这里 B、那里\n", "答案 D 不在选项里"),
        ("一、选择题\n1.水在（A）。\n", "没有找到选项"),
        ("一、选择题\n1.水在（B）。\n这里 B、那里\n", "没有找到选项 A，第一个写明的选项是 B"),
        ("一、选择题\n1.水在（A）。A、这里\n", "只有一个选项"),
        ("一、简答题\n水是什么？\n", "没有读到题目"),
        ("一、判断题\n1.水是湿的。（√）\n3.火是冷的。（×）\n", "第 2 题没有读到"),
        ("一、判断题\n1.水是湿的。\n", "没有写对错"),
        ("一、填空题\n1.水是湿的。\n", "没有找到空"),
        ("一、填空题\n1.水是（湿）的。\n顺序不限：1、2\n", "第 2 空没有"),
        ("一、简答题\n1.水是什么？\n", "没有标准答案"),
        ("一、判断题（每题5分，共10分）\n1.水是湿的。（√）\n", "共 10 分，各题加起来是 5 分"),
        ("没有题目", "没有找到题目"),
    ],
)
def test_what_is_wrong_is_said_and_is_never_a_crash(text: str, words: str) -> None:
    assert any(words in each.message for each in parse_bank(text, "x").findings)


ODD = """标题：写法少见的题库

判断题（共4分，每题2分）
太阳从东边升起。（ √ ）
一年有十三个月。（ × ）
二、单选题
1、施行的日期是（ ）
A、 2003年12月31日 B、2004年1月1日C、2005年2月1日 \tD、2004年2月1日
答案：D
2、谁负责（ ）
A、甲\tB、乙\tC、丙答案：B
4.谁不负责（C） A、甲 B、乙 C、丙
"""


def test_odd_ways_of_writing_are_read() -> None:
    items = {item.id: item for item in parse_bank(ODD, "odd").items}
    answers = {name: item.detail["answer"] for name, item in items.items()}
    assert answers == {"1.1": True, "1.2": False, "2.1": ["D"], "2.2": ["B"], "2.3": ["C"]}
    texts = [
        [option["text"] for option in items[name].detail["options"]] for name in ("2.1", "2.2")
    ]
    assert texts == [
        ["2003年12月31日", "2004年1月1日", "2005年2月1日", "2004年2月1日"],
        ["甲", "乙", "丙"],
    ]


BAD = (
    "标题：有毛病的题库\n\n"
    + "某某公司内部考试题库第一版\n" * 5
    + """一、选择题
1.谁负责（A）？A、甲 B、甲
2.水在哪里（A）。A、这里 B、那里
3.水在哪里（B）A、这里 B、那里
"""
)


def test_what_only_shows_side_by_side_is_told_by_line() -> None:
    found = [(each.line, each.message) for each in findings(parse_bank(BAD, "bad"), BAD)]
    assert found == [
        (3, "“某某公司内部考试题库第一版”这一行出现了 5 次，像是页眉，会混进题目里，请删掉"),
        (9, "第 1.1 题：有 2 个选项都是“甲”"),
        (11, "第 1.3 题和第 1.2 题（第 10 行）一样，答案却不一样"),
    ]


def test_the_digests_tell_a_changed_bank_and_a_changed_question() -> None:
    old, new = (
        parse_bank(PAPER, "small"),
        parse_bank(PAPER.replace("水在（B）", "水在（A）"), "small"),
    )
    reworded = parse_bank(PAPER.replace("桌子", "椅子"), "small")
    assert old.digest == parse_bank(PAPER, "small").digest != new.digest
    assert old.digests == new.digests  # the trainee sees the same question
    changed = [name for name in old.digests if old.digests[name] != reworded.digests[name]]
    assert changed == ["1.2"]


def test_answers_can_be_left_out_of_the_text() -> None:
    told = [PAPER[start:stop] for start, stop in answer_spans(PAPER)]
    assert told[:6] == ["B", "A、 C", "答案：A\n", "√", "×", "红"]
    assert "少生病" in told[-1]


def test_the_page_s_paper_holds_no_answer() -> None:
    public = str(parse_bank(PAPER, "small").public())
    assert not any(word in public for word in ("24小时", "去掉细菌", "'answer'", "'blanks'"))


def test_the_bank_is_packed_and_the_same_each_time(tmp_path: Path) -> None:
    bank = parse_bank(PAPER, "small")
    write_bank(bank, tmp_path / "a")
    write_bank(bank, tmp_path / "b")
    packed = (tmp_path / "a").read_bytes()
    assert packed == (tmp_path / "b").read_bytes()
    assert "24小时".encode() not in packed
    assert "24小时" in zlib.decompress(packed).decode()


@given(st.text(alphabet="一二、.（）()ABC√×答案：1234选择判断填空简题分\n 水", max_size=200))
def test_no_text_is_a_crash(text: str) -> None:
    bank = parse_bank(text, "x")
    assert bank.size == sum(len(section.items) for section in bank.sections)
    assert all(0 <= start <= stop <= len(text) for start, stop in answer_spans(text))


def test_the_handbook_s_own_quiz_agrees_with_the_published_paper() -> None:
    own = parse_bank(read_text(ROOT / "docs/quiz/service-etiquette.txt"), "service-etiquette")
    paper = parse_bank(read_text(ROOT / "docs/policies/service-quiz.txt"), "service-quiz")
    assert own.marks == 100
    assert (
        [len(each.items) for each in own.sections]
        == [len(each.items) for each in paper.sections]
        == [5, 5, 5, 2]
    )
    for mine, theirs in zip(own.sections, paper.sections, strict=True):
        for left, right in zip(mine.items, theirs.items, strict=True):
            assert left.detail.get("answer") == right.detail.get("answer")
            firsts = [
                [blank[0] for blank in item.detail.get("blanks", [])] for item in (left, right)
            ]
            assert firsts[0] == firsts[1]
    assert [each.message for each in own.findings] == ["第 4.2 题：没有标准答案，判不了分"]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real banks is not here")
@pytest.mark.parametrize(("name", "least"), [("q1", 1183), ("q2", 880), ("q3", 30)])
def test_real_banks_are_read(name: str, least: int) -> None:
    text = read_text(next(CORPUS.glob(f"{name}*")))
    bank = parse_bank(text, name)
    usable = sum(map(can_be_told, bank.items))
    assert usable >= least
    # What cannot be used is told, each at a line of its own.
    told = {each.line for each in findings(bank, text)}
    assert told
    assert bank.size - usable <= len(told)
