"""Quizzes as people write them, and what is wrong in them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.quiz import can_be_told
from build_scripts.quiz_check import findings
from build_scripts.quiz_paper import answer_spans, parse_bank
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
        ("一、判断题\n1.水是湿的。\n答案：见第三条\n", "没有写对错"),
        ("一、填空题\n1.水是____的，火是____的。\n答案：湿\n", "有 2 空，答案写了 1 个"),
        ("一、填空题\n1.水是（ ）的。\n", "没有写答案"),
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


SHAPES = {
    "answers at the end, section by section": (
        """一、单选题（每题2分，共6分）
1. 每天几小时（　　）
A. 7  B. 7.5  C. 8
2. 迟到几分钟（ ）
A.15    B.30
3. 几倍（ ）
A.1.5 B.2 C.3
二、多选题
4. 异常有（ ）
A. 迟到 B. 早退 C. 出差
5. 须有（ ）
A. 单 B. 证明 C. 押金
三、判断题
1. 没有年假。（   ）
2. 须登记。（   ）
四、填空题（每空1分，共3分）
1. 先____天，后____天。
2. 须____审批。
五、简答题
1. 怎样请假？

参考答案
一、1-3 CBC
二、4-5 AB AB
三、1.× 2.√
四、1. 5；10  2. 书面
五、1. 先填单，再审批。
""",
        {"1.1": ["C"], "1.2": ["B"], "1.3": ["C"], "2.1": ["A", "B"], "2.2": ["A", "B"],
         "3.1": False, "3.2": True, "4.1": ["5", "10"], "4.2": ["书面"], "5.1": "先填单，再审批"},
    ),
    "answers at the end under the kinds' names": (
        """一、选择题
１．工号几位（ ）
Ａ．4 Ｂ．5
２．须（ ）
Ａ．登记 Ｂ．陪同
二、判断题
1．可以外借。（ ）
【参考答案】
选择题：
1～2：BA
判断题：
1、错
""",
        {"1.1": ["B"], "1.2": ["A"], "2.1": False},
    ),
    "answers at the end without any heading": (
        "1. 几位（ ）\nA．4 B．5\n2. 几天（ ）\nA．4 B．5\n答案：\n1. B 2. A\n", {"1.1": ["B"], "1.2": ["A"]},
    ),
    "answers in tables": (
        """一、单选题
1．先发（ ）
A．先到 B．后到
2．盘点（ ）
A．定期 B．全部
题号　1　2
答案　A　B
二、多选题
题号 | 1 |
答案 | AB |
1．须（ ）
A．登记 B．复核
""",
        {"1.1": ["A"], "1.2": ["B"], "2.1": ["A", "B"]},
    ),
    "verdicts before the numbers": (
        """一、判断题
（ √ ）1、有权拒绝。
（ × ）2、可以先上岗。
（×）3、可以共用。
二、判断题
1.（√）不得占用。
2.可以代收（×）
3.须静音。(T)
4.力的单位是吨(T)。
（错误）
""",
        {"1.1": True, "1.2": False, "1.3": False, "2.1": True, "2.2": False, "2.3": True, "2.4": False},
    ),
    "answers above the options, options glued and in small letters": (
        """一、单选题
1、体检（ ）。答案：B
A、一次 B、两次
2.间隔（B）A.1小时B.2小时C.4小时
3.几小时？ a) 12 b) 24
答案：b
""",
        {"1.1": ["B"], "1.2": ["B"], "1.3": ["B"]},
    ),
    "options in brackets, answers and reasons below": (
        """一、单选题
1、几位？
A）6  B）8
【答案】B
【解析】见制度（A）。
2、U盘
（A）随意用 （B）审批后用 （C）不用
正确答案：C
解析：选A、B都不对。
二、判断题
1、可以写下口令。
答案：错误
2、收回账号。
【答案】正确
3、直接打开。
A. 正确
B. 错误
答案：B
""",
        {"1.1": ["B"], "1.2": ["C"], "2.1": False, "2.2": True, "2.3": False},
    ),
    "kinds named question by question": (
        """1．（单选）先（ A ）。
A．报警 B．拍照
2．（判断）可以用水。（×）
3．（多选）种类有（AB）
A．干粉
B．泡沫
""",
        {"1.1": ["A"], "1.2": ["A", "B"], "2.1": False},
    ),
    "numbers in brackets, verdicts without": (
        """第一部分  单项选择题
（1）戴（ B ）。
A. 围巾；B. 安全帽。
第二部分  判断题
（1）须盘发。 √
（2）可戴手套。 ×
第三部分  多选题
第1题 应（AB）
A. 断电 B. 挂牌
""",
        {"1.1": ["B"], "2.1": True, "2.2": False, "3.1": ["A", "B"]},
    ),
    "blanks and essays with answers below": (
        """一、填空题
1、在____日内报销。
答案：5
2、抬头为____，税号为（　）。
答案：全称；代码
二、简答题
1、哪些附件？
参考答案：1.发票；2.行程单；
3.审批单。
2、超标呢？
答：1.申请；
2.批准；
3.自理。
3、还有呢？
答：没有。
三、案例分析题
1、怎么办？
答：查。
""",
        {"1.1": ["5"], "1.2": ["全称", "代码"], "2.1": "1.发票", "2.2": "1.申请；2.批准", "2.3": "没有",
         "3.1": "查"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "answers"), SHAPES.values(), ids=SHAPES)
def test_other_shapes_of_banks_are_read(text: str, answers: dict[str, object]) -> None:
    bank = parse_bank(text, "x")
    read: dict[str, object] = {}
    for item in bank.items:
        detail, told = item.detail, answers.get(item.id)
        if item.kind == "blank":
            read[item.id] = [blank[0] for blank in detail["blanks"]]
        elif item.kind == "essay":
            read[item.id] = told if detail["model"].startswith(str(told)) else detail["model"]
        else:
            read[item.id] = detail["answer"]
    assert read == answers
    wrong = [each.message for each in bank.findings if "没有标准答案" not in each.message]
    assert wrong == []


def test_options_in_brackets_are_no_answers_and_keep_their_words() -> None:
    text = SHAPES["options in brackets, answers and reasons below"][0]
    options = [item.detail["options"] for item in parse_bank(text, "x").items[:2]]
    assert [[option["text"] for option in own] for own in options] == [
        ["6", "8"], ["随意用", "审批后用", "不用"],
    ]  # fmt: skip


def test_glued_options_and_small_letters_keep_their_words() -> None:
    text = SHAPES["answers above the options, options glued and in small letters"][0]
    options = [item.detail["options"] for item in parse_bank(text, "x").items]
    assert [[f"{option['id']} {option['text']}" for option in own] for own in options] == [
        ["A 一次", "B 两次"], ["A 1小时", "B 2小时", "C 4小时"], ["A 12", "B 24"],
    ]  # fmt: skip


def test_answers_at_the_end_are_left_out_of_the_text() -> None:
    text = SHAPES["answers at the end, section by section"][0]
    spans = answer_spans(text)
    assert len(spans) == 3 + 2 + 2 + 2 + 1
    assert all(start > text.index("参考答案") for start, _ in spans)


@pytest.mark.parametrize(
    "repeated",
    [
        *("1.", " ", "\n", "　", "(", "（A）", "____", "3. 甲\n", "1-9 A\n", "答案：\n1.A\n"),
        *("题号 1\n", "题号 1\n答案 A\n", "（√）1、甲\n", "1、A.甲B.乙"),
        *("1、甲（A）A、乙 B、丙\n", "答：1.甲；\n", "一、选择题\n1.甲（ ）\n", "第1题要点：甲\n"),
    ],
)
def test_four_times_the_bank_is_not_much_more_than_four_times_the_time(repeated: str) -> None:
    def seconds(times: int) -> float:
        text = "一、简答题\n1.甲\n" + repeated * times
        taken = []
        for _ in range(3):
            start = time.process_time()
            parse_bank(text, "x")
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(8000) < 10 * max(seconds(2000), 0.01)


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


def test_answers_can_be_left_out_of_the_text() -> None:
    told = [PAPER[start:stop] for start, stop in answer_spans(PAPER)]
    assert told[:6] == ["B", "A、 C", "答案：A\n", "√", "×", "红"]
    assert "少生病" in told[-1]


@given(
    st.lists(
        st.sampled_from(
            [
                *"一二、.（）()ABCａＢ√×答案：:1234-~_【】解析TF|；。\n\t 　\ufeff\u2028\0水",
                *(
                    "一、选择题\n",
                    "二、判断题（每题2分，共4分）\n",
                    "三、填空题\n",
                    "四、简答题\n",
                    "1.",
                    "2、",
                ),
                *(
                    "（1）",
                    "第1题",
                    "（A）",
                    "A、",
                    "B.",
                    "答案：",
                    "【答案】",
                    "参考答案\n",
                    "1-3 ABC",
                    "题号 1 2\n",
                ),
                *("答案 A B\n", "（√）", "____", "要点：", "顺序不限：1、2", "（判断）", "每题.分"),
            ]
        ),
        max_size=60,
    ).map("".join)
)
def test_no_text_is_a_crash(text: str) -> None:
    bank = parse_bank(text, "x")
    assert bank.size == sum(len(section.items) for section in bank.sections)
    assert all(0 <= start <= stop <= len(text) for start, stop in answer_spans(text))
    assert all(1 <= each.line <= text.count("\n") + 1 for each in findings(bank, text))


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
