"""Marking as a fair teacher would, on the handbook's own bank and on made-up ones."""

from __future__ import annotations

import base64
import json
import zlib
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.quiz_paper import parse_bank
from build_scripts.source import read_text
from policy_core import InputErrors, mark
from policy_core._browser import answer
from policy_core.service_quiz import MULTIPLE, comparable
from tests.amounts import tried

ROOT = Path(__file__).resolve().parents[2]
BANK = parse_bank(
    read_text(ROOT / "docs/quiz/service-etiquette.txt"), "service-etiquette"
).to_json()


def marks_of(item: str, answer: object) -> object:
    found = {each["id"]: each for each in mark(BANK, {item: answer}).to_json()["items"]}  # type: ignore[attr-defined]
    return found[item]["marks"]


@pytest.mark.parametrize(
    ("item", "answer", "marks"),
    [
        ("1.1", ["C"], 5),  # service-quiz:1.1
        ("1.1", ["A"], 0),
        ("1.2", ["B", "A"], 5),  # the set counts, not the order
        ("1.2", ["A"], 0),  # too few options earn nothing
        ("1.2", ["A", "B", "C"], 0),
        ("2.1", True, 5),  # service-quiz:2.1
        ("2.1", False, 0),
        ("3.1", ["血清", "血浆", "红细胞", "血清"], 8),  # service-quiz:3.1
        ("3.1", ["血浆", "血清", "血清", "红细胞"], 8),  # each pair in any order
        ("3.1", ["血清", "血清", "血清", "血清"], 4),  # an accepted answer counts once a group
        ("3.1", ["血清", "", None, "血清"], 4),
        ("3.2", ["8h", "临床生化定量测定", "饮食", "体力活动", "生理活动"], 10),  # service-quiz:3.2
        ("3.2", ["八小时", "临床生化定量测定", "生理活动", "饮食", "体力活动"], 10),
        ("3.2", ["８ Ｈ", " 临床 生化定量测定。", "生理活动", "饮食", "体力活动"], 10),
        ("3.2", ["12h", "临床生化定量测定", "饮食", "饮食", "饮食"], 4),
        ("3.4", ["EDTA或肝素钠抗凝血", "2毫升"], 4),  # service-quiz:3.4, with or without 采用
        ("3.4", ["采用edta或肝素钠抗凝血", "２ｍｌ"], 4),
        ("3.5", ["2~8℃冰箱"], 2),  # service-quiz:3.5
        ("3.5", ["2至8度冰箱"], 2),
        ("3.5", ["2–8 °C 冰箱"], 2),
        ("3.5", ["2℃～8℃冰箱"], 2),
        ("3.5", ["二到八度冰箱"], 2),
        ("3.5", ["3-8度冰箱"], 0),
        ("4.1", ["k1", "k3", "k10"], 3),  # service-quiz:4.1
        ("4.2", [], 0),
    ],
)
def test_what_an_answer_earns(item: str, answer: object, marks: int) -> None:
    assert marks_of(item, answer) == marks


@pytest.mark.parametrize(
    ("item", "answer", "exact", "share", "half"),
    [
        ("1.1", ["C"], 5, 5, 5),
        ("1.1", ["A"], 0, 0, 0),
        ("1.2", ["A"], 0, 2.5, 2.5),  # one of A and B
        ("1.4", ["A"], 0, 1.67, 2.5),  # one of three
        ("1.4", ["C", "A"], 0, 3.33, 2.5),
        ("1.4", ["A", "B", "C"], 5, 5, 5),
        ("1.4", ["A", "B", "D"], 0, 0, 0),  # a wrong option earns nothing in any way
        ("1.4", ["A", "B", "C", "D"], 0, 0, 0),
        ("1.4", [], 0, 0, 0),
        ("2.1", False, 0, 0, 0),
    ],
)
def test_three_ways_of_marking_too_few(
    item: str, answer: object, exact: float, share: float, half: float
) -> None:
    for way, marks in (("exact", exact), ("share", share), ("half", half)):
        found: Any = mark(BANK, {item: answer}, way, [item]).to_json()
        assert (found["marks"], found["items"][0]["correct"]) == (marks, marks == 5), way


@given(st.sets(st.sampled_from("ABCD")))
def test_the_ways_agree_on_right_and_wrong_and_differ_only_in_between(chosen: set[str]) -> None:
    earned = {way: mark(BANK, {"1.4": sorted(chosen)}, way, ["1.4"]) for way in MULTIPLE}
    marks = {way: each.items[0].marks for way, each in earned.items()}
    between = bool(chosen) and chosen < set("ABC")
    assert (0 == marks["exact"] < marks["share"] < 5) if between else len({*marks.values()}) == 1
    assert marks["half"] == (Fraction(5, 2) if between else marks["exact"])


def test_only_what_was_asked_is_marked() -> None:
    found: Any = mark(BANK, {"1.1": ["C"], "2.1": True}, only=["4.2", "1.1"]).to_json()
    assert [each["id"] for each in found["items"]] == ["1.1", "4.2"]
    assert [each["id"] for each in found["sections"]] == ["1", "4"]
    assert (found["marks"], found["out_of"], found["decided"]) == (5, 15, 5)


def test_a_marking_says_of_each_item_what_was_expected() -> None:
    answers = {"1.4": ["A"], "2.1": True, "3.4": ["x", "2毫升"], "4.1": ["k1"]}
    found: Any = mark(BANK, answers, "share", [*answers, "2.2", "4.2"]).to_json()
    items = {each.pop("id"): each for each in found["items"]}
    key_points = items["4.1"].pop("expected")
    assert (len(key_points), key_points[1]) == (10, "目的：方便客户更好地开展工作")
    accepted = [["采用EDTA或肝素钠抗凝血", "EDTA或肝素钠抗凝血"], ["2ml", "2毫升"]]
    expected: dict[str, dict[str, object]] = {
        "1.4": {"marks": 1.67, "out_of": 5, "correct": False, "expected": ["A", "B", "C"]},
        "2.1": {"marks": 5, "out_of": 5, "correct": True, "expected": True},
        "2.2": {"marks": 0, "out_of": 5, "correct": False, "expected": True},
        "3.4": {
            "marks": 2,
            "out_of": 4,
            "correct": False,
            "expected": ["采用EDTA或肝素钠抗凝血", "2ml"],
            "blanks": [False, True],
            "accepted": accepted,
        },
        "4.1": {"marks": 1, "out_of": 10, "correct": False},
        "4.2": {"marks": 0, "out_of": 10, "correct": None, "expected": []},
    }
    assert items == {
        name: each | {"clause": f"service-quiz:{name}"} for name, each in expected.items()
    }
    assert found["sections"] == [
        {"id": "1", "marks": 1.67, "out_of": 5},
        {"id": "2", "marks": 5, "out_of": 10},
        {"id": "3", "marks": 2, "out_of": 4},
        {"id": "4", "marks": 1, "out_of": 20},
    ]
    assert (found["marks"], found["out_of"], found["decided"]) == (9.67, 39, 29)


def test_a_blank_item_tells_what_counts_as_well() -> None:
    found: Any = mark(BANK, {}, only=["3.5"]).to_json()
    assert found["items"][0]["accepted"] == [["2-8度冰箱", "2~8℃冰箱", "2至8度冰箱"]]


WAYS = "应是其中之一：exact（少选不得分）、share（少选按选对的个数得分）、half（少选得一半）"
LISTED = "应是一列题号，例如 ['1.1', '2.3']"


@pytest.mark.parametrize(
    ("multiple", "only", "told"),
    [
        ("all", None, {"multiple": f"填的是“all”，{WAYS}"}),
        ("x" * 50, None, {"multiple": f"填的是“{'x' * 40}”，{WAYS}"}),
        (["exact"], None, {"multiple": f"填的是“['exact']”，{WAYS}"}),
        ("half", "1.1", {"only": LISTED}),
        ("half", ["1.1", "9.9", 3], {"only[1]": "没有“9.9”这一题", "only[2]": "没有“3”这一题"}),
        ("half", ["9" * 50], {"only[0]": f"没有“{'9' * 40}”这一题"}),
        (None, {"1.1": 1}, {"multiple": f"填的是“None”，{WAYS}", "only": LISTED}),
    ],
)
def test_wrong_wishes_are_told(multiple: object, only: object, told: dict[str, str]) -> None:
    with pytest.raises(InputErrors) as caught:
        mark(BANK, {}, multiple, only)
    assert {each.field: each.message for each in caught.value.problems} == told


def packed(bank: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(bank).encode())).decode()


def test_the_door_for_json_marks_a_packed_bank() -> None:
    request = {"call": "mark", "bank": packed(BANK), "answers": {"1.1": ["C"]}}
    assert json.loads(answer(json.dumps(request))) == mark(BANK, {"1.1": ["C"]}).to_json()
    request |= {"answers": {"1.2": ["A"]}, "multiple": "half", "only": ["1.2"]}
    found = json.loads(answer(json.dumps(request)))
    assert (found["marks"], found["out_of"]) == (2.5, 5)
    request = {"call": "mark", "bank": packed(BANK)}
    assert json.loads(answer(json.dumps(request))) == mark(BANK, {}).to_json()


@pytest.mark.parametrize("bank", [packed([]), packed(3), "", "=", None, 3])
def test_a_damaged_bank_is_said(bank: object) -> None:
    (error,) = json.loads(answer(json.dumps({"call": "mark", "bank": bank})))["errors"]
    assert error["field"] == "bank"
    assert error["message"].startswith("题库文件坏了")


def test_an_empty_paper_is_wrong_where_it_can_be_told() -> None:
    given_marking = mark(BANK, {}).to_json()
    assert (given_marking["marks"], given_marking["out_of"], given_marking["decided"]) == (
        0,
        100,
        90,
    )
    items: list[dict[str, Any]] = given_marking["items"]  # type: ignore[assignment]
    assert [each["id"] for each in items if each["correct"] is None] == ["4.2"]
    assert given_marking["findings"] == [
        {
            "id": "missing-answer",
            "clauses": ["service-quiz:4.2"],
            "message": "第 4.2 题没有标准答案，10 分判不了，要请老师看。",
        }
    ]
    sections: list[dict[str, Any]] = given_marking["sections"]  # type: ignore[assignment]
    assert [each["out_of"] for each in sections] == [25, 25, 30, 20]


TICKS = "应是一列选项，例如 ['A', 'B']"
LONG = "应是文字，最多 500 个字"
KEYS = "k1、k2、k3、k4、k5、k6、k7、k8、k9、k10"


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"9.9": ["A"]}, {"9.9": "没有这一题，题号写成 1.1 这样"}),
        ({"9" * 50: ["A"]}, {"9" * 40: "没有这一题，题号写成 1.1 这样"}),
        (
            {"1.1": ["E"], "1.2": "A", "2.1": "true"},
            {
                "1.1[0]": "没有“E”这个选项，有的是：A、B、C、D",
                "1.2": TICKS,
                "2.1": "应选“对”（true）或“错”（false）",
            },
        ),
        ({"1.1": ["x" * 50]}, {"1.1[0]": f"没有“{'x' * 40}”这个选项，有的是：A、B、C、D"}),
        ({"1.2": ["A", "A"]}, {"1.2[1]": "“A”写了两次"}),
        ({"3.5": ["a", "b"]}, {"3.5": "这一题有 1 个空，应是一列文字，一空一项"}),
        ({"3.5": [1]}, {"3.5[0]": LONG}),
        ({"3.5": ["x" * 501]}, {"3.5[0]": LONG}),
        ({"4.1": ["k11"]}, {"4.1[0]": f"没有“k11”这个要点，有的是：{KEYS}"}),
        ({"4.2": ["k1"]}, {"4.2[0]": "没有“k1”这个要点，有的是：无"}),
        ({"1.1": ["A"] * 101}, {"1.1": TICKS}),
        ({"1.1": ["A"] * 100}, {f"1.1[{place}]": "“A”写了两次" for place in range(1, 100)}),
        ([], {"answers": "应是一组“题号：答案”"}),
    ],
)
def test_wrong_answers_are_told_together(answers: Any, told: dict[str, str]) -> None:  # noqa: ANN401
    with pytest.raises(InputErrors) as caught:
        mark(BANK, answers)
    assert {each.field: each.message for each in caught.value.problems} == told


def test_the_longest_answer_is_read() -> None:
    assert marks_of("3.5", ["x" * 500]) == 0


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        *((f"{word}小时", f"{digit}h") for digit, word in enumerate("零一二三四五六七八九")),
        ("〇度", "0度"),
        ("两毫升", "2ml"),
        ("两ML", "2ml"),
        ("三摄氏度", "3度"),
        ("3°C", "3度"),
        ("3℃", "3度"),
        ("3°", "3度"),
        *((f"2{dash}8度", "2-8度") for dash in "－-—–−~～〜至到"),
        ("2度到8度", "2-8度"),
        ("二至八度", "2-8度"),
        ("三", "三"),  # a numeral without a unit may be a word
        ("三人", "三人"),
        ("到8度", "到8度"),  # a dash stands between two numbers
        ("送到8度", "送到8度"),
        ("8度到", "8度到"),
        ("8至多", "8至多"),
        ("8到度", "8到度"),
        ("。．.,，、;；:：!！\"'“”‘’()（）《》甲，乙。．.,，、;；:：!！\"'“”‘’()（）《》", "甲,乙"),
    ],
)
def test_how_a_teacher_reads_an_answer(written: str, compared: str) -> None:
    assert comparable(written) == compared


@given(st.permutations(["饮食", "体力活动", "生理活动"]))
def test_blanks_in_any_order_earn_the_same(words: list[str]) -> None:
    assert marks_of("3.2", ["8h", "临床生化定量测定", *words]) == 10


answers_of_any_shape = st.dictionaries(
    st.sampled_from(["1.1", "2.2", "3.1", "3.2", "4.1", "4.2", "x"]),
    st.none()
    | st.booleans()
    | st.text(max_size=5)
    | st.lists(st.none() | st.text(max_size=8), max_size=6),
)


@tried(300)
@given(answers_of_any_shape)
def test_marks_are_bounded_and_junk_is_an_input_error(answers: dict[str, Any]) -> None:
    try:
        found: dict[str, Any] = mark(BANK, answers).to_json()
    except InputErrors:
        return
    assert 0 <= found["marks"] <= found["decided"]
    assert found["marks"] == sum(each["marks"] for each in found["sections"])


def test_matching_finds_the_best_assignment() -> None:
    blanks = [["a", "b"], ["a"], ["b", "c"]]
    item = {"id": "1.1", "marks": 3, "clause": "", "blanks": blanks, "any_order": [[0, 1, 2]]}
    bank = {"sections": [{"id": "1", "kind": "blank", "items": [item]}]}
    for words in permutations("abc"):
        assert mark(bank, {"1.1": list(words)}).to_json()["marks"] == 3


def test_a_choice_without_an_answer_cannot_be_told() -> None:
    item = {"id": "1.1", "marks": 3, "clause": "", "options": [{"id": "A"}], "answer": []}
    bank = {"sections": [{"id": "1", "kind": "choice", "items": [item]}]}
    found: Any = mark(bank, {"1.1": ["A"]}).to_json()
    assert (found["marks"], found["decided"], found["out_of"]) == (0, 0, 3)
    item = found["items"][0]
    assert (item["correct"], item["marks"], item["expected"]) == (None, 0, [])


def test_a_truth_without_an_answer_cannot_be_told() -> None:
    item = {"id": "2.1", "marks": 3, "clause": "", "answer": None}
    bank = {"sections": [{"id": "2", "kind": "truth", "items": [item]}]}
    for answers in ({}, {"2.1": True}):
        found: Any = mark(bank, answers).to_json()
        assert (found["items"][0]["correct"], found["decided"]) == (None, 0)
