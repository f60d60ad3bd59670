"""The quiz's modules without a page: shuffling, spaced repetition, records and rounds, run by Node."""

from __future__ import annotations

import json
import subprocess
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

MODULES = Path(__file__).resolve().parents[2] / "calculators/browser"
CALLER = """
import { readFileSync } from "node:fs";
const { module, calls } = JSON.parse(readFileSync(0, "utf-8"));
const functions = await import(module);
process.stdout.write(JSON.stringify(calls.map(([name, ...given]) => functions[name](...given) ?? null)));
"""


def run(module: str, *calls: tuple[Any, ...]) -> list[Any]:
    """Call functions of a module, all in one process."""
    asked = json.dumps({"module": (MODULES / f"{module}.js").as_uri(), "calls": calls})
    done = subprocess.run(
        ["node", "--input-type=module", "-e", CALLER],
        input=asked, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[Any] = json.loads(done.stdout)
    return found


def test_a_seed_gives_one_order_and_each_order_as_often() -> None:
    seeds = [str(number) for number in range(6000)]
    orders = run("quiz-shuffle", *(("shuffled", ["a", "b", "c"], seed) for seed in seeds * 2))
    assert orders[:6000] == orders[6000:]
    counts = {each: orders[:6000].count(list(each)) for each in permutations("abc")}
    assert sum(counts.values()) == 6000
    assert all(850 < count < 1150 for count in counts.values()), counts
    assert run("quiz-shuffle", ("shuffled", ["a", "b", "c"], "")) == [["a", "b", "c"]]
    # What a class has agreed on must not change with the handbook's next version.
    assert run("quiz-shuffle", ("shuffled", list("ABCDEF"), "2026")) == [list("DBACFE")]


# What is answered on which day in which round, and the card after it: its box, the day it comes back, how
# often it was wrong.
STORIES: dict[str, list[tuple[bool, str, str, tuple[int, str, int] | None]]] = {
    "right at once leaves no card": [(True, "2026-01-01", "a", None)],
    "wrong comes back tomorrow, then ever later, until it is learned": [
        (False, "2026-01-01", "a", (0, "2026-01-02", 1)),
        (True, "2026-01-02", "b", (1, "2026-01-04", 1)),
        (True, "2026-01-04", "c", (2, "2026-01-08", 1)),
        (True, "2026-01-08", "d", (3, "2026-01-15", 1)),
        (True, "2026-01-15", "e", (4, "2026-01-30", 1)),
        (True, "2026-01-30", "f", (5, "2026-01-30", 1)),
    ],
    "right before its day proves nothing": [
        (False, "2026-02-28", "a", (0, "2026-03-01", 1)),
        (True, "2026-02-28", "b", (0, "2026-03-01", 1)),
    ],
    "wrong again goes back to tomorrow": [
        (False, "2026-01-01", "a", (0, "2026-01-02", 1)),
        (True, "2026-01-02", "b", (1, "2026-01-04", 1)),
        (False, "2026-01-09", "c", (0, "2026-01-10", 2)),
    ],
    "told twice in a round counts once": [
        (False, "2026-01-01", "a", (0, "2026-01-02", 1)),
        (True, "2026-01-02", "b", (1, "2026-01-04", 1)),
        (True, "2026-01-02", "b", (1, "2026-01-04", 1)),
        (False, "2026-01-02", "b", (0, "2026-01-03", 2)),
    ],
    "mended in the round in which it was wrong is learned": [
        (False, "2026-01-01", "a", (0, "2026-01-02", 1)),
        (True, "2026-01-01", "a", (5, "2026-01-01", 0)),
    ],
    "learned and wrong again starts anew": [
        (False, "2026-01-01", "a", (0, "2026-01-02", 1)),
        (True, "2026-01-01", "a", (5, "2026-01-01", 0)),
        (False, "2026-05-01", "b", (0, "2026-05-02", 1)),
    ],
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_what_was_wrong_comes_back(story: str) -> None:
    card = None
    for right, day, of_round, expected in STORIES[story]:
        answer = {"right": right, "day": day, "digest": "x", "seen": 1, "round": of_round}
        [card] = run("quiz-cards", ("reviewed", card, answer))
        assert (card and (card["box"], card["due"], card["wrong"])) == expected


def test_a_changed_question_starts_anew_and_is_not_practised_before() -> None:
    answer = {"right": False, "day": "2026-01-01", "digest": "old", "seen": 1, "round": "a"}
    [card] = run("quiz-cards", ("reviewed", None, answer))
    changed = answer | {"digest": "new", "round": "b", "right": True}
    now, old, then, early, late, due = run(
        "quiz-cards",
        ("reviewed", card, changed),
        ("toLearn", {"1.1": card}, {"1.1": "new"}),
        ("toLearn", {"1.1": card}, {"1.1": "old", "1.2": "y"}),
        ("toLearn", {"1.1": card}, {"1.1": "old"}, "2026-01-01"),
        ("toLearn", {"1.1": card}, {"1.1": "old"}, "2026-01-02"),
        ("nextDay", {"1.1": card}, {"1.1": "old"}),
    )
    assert (now, old, then, early, late, due) == (None, [], ["1.1"], [], ["1.1"], "2026-01-02")


def finished(number: int, **other: object) -> dict[str, Any]:
    return {
        "id": f"r{number}", "ended": number, "day": "2026-01-01", "mode": "exam", "bank": "b",
        "asked": 17, "whole": True, "multiple": "exact", "seed": "", "seconds": 60, "marks": 50,
        "decided": 90, "out_of": 100, "sections": [{"id": "1", "marks": 5, "out_of": 25}], "wrong": ["1.1"],
    } | other  # fmt: skip


def card(seen: int, box: int = 0) -> dict[str, Any]:
    return {
        "box": box, "due": "2026-01-02", "wrong": 1, "digest": "x", "seen": seen, "round": "r",
        "before": None,
    }  # fmt: skip


def record(*rounds: dict[str, Any], cleared: int = 0, **cards: dict[str, Any]) -> dict[str, Any]:
    return {"form": 1, "quiz": "q", "cleared": cleared, "rounds": list(rounds), "cards": cards}


def test_records_join_the_same_in_any_order_and_lose_nothing() -> None:
    records = [
        record(finished(1), finished(2), a=card(1), b=card(9, 3)),
        record(finished(3), finished(2), a=card(5, 1), c=card(2)),
        record(finished(2, ended=7, marks=60), a=card(5, 2)),
        record(cleared=2),
    ]
    orders = list(permutations(records))
    found = [record() for _ in orders]
    for step in range(len(records)):
        joins = [("joined", one, order[step]) for one, order in zip(found, orders, strict=True)]
        found = run("quiz-record", *joins)
    assert all(each == found[0] for each in found)
    assert [(each["id"], each["marks"]) for each in found[0]["rounds"]] == [("r3", 50), ("r2", 60)]
    assert {name: each["seen"] for name, each in found[0]["cards"].items()} == {"a": 5, "b": 9}
    [again] = run("quiz-record", ("joined", found[0], found[0]))
    assert again == found[0]


WRONG_FILES = [
    ("{", "读不懂"),
    ("[]", "不是测验的记录"),
    ('{"form": 1}', "不是测验的记录"),
    (json.dumps(record() | {"quiz": "other"}), "另一套测验（other）"),
    (json.dumps(record() | {"form": 2}), "别的版本"),
    (json.dumps(record() | {"rounds": {}}), "成绩应是一列"),
    (json.dumps(record() | {"cards": []}), "错题本应是一组"),
    (json.dumps(record(finished(1), finished(2, marks=91))), "第 2 次成绩的得分不对"),
    (json.dumps(record(finished(1, day="2026-13-40"))), "第 1 次成绩的日期不对"),
    (json.dumps(record(finished(1, mode="<b>"))), "第 1 次成绩的方式不对"),
    (json.dumps(record(finished(1, wrong=[1]))), "第 1 次成绩的错题不对"),
    (json.dumps(record(x=card(1) | {"box": 1.5})), "错题 x 的内容不对"),
    (json.dumps(record(x=card(1) | {"before": 3})), "错题 x 的内容不对"),
    (json.dumps(record(*(finished(number) for number in range(501)))), "记录太多"),
    (" " * 2_000_001, "太大"),
]


def test_a_wrong_file_is_told_and_a_right_one_is_read() -> None:
    found = run("quiz-record", *(("readRecord", text, "q") for text, _ in WRONG_FILES))
    for (_, words), each in zip(WRONG_FILES, found, strict=True):
        assert each["record"] is None
        assert any(words in error for error in each["errors"]), (words, each["errors"])
    right = record(finished(1), a=card(2))
    more = right | {"rounds": [finished(1, extra="<script>")], "more": 1}
    assert run("quiz-record", ("readRecord", json.dumps(more), "q"))[0]["record"] == right


PAPER: list[dict[str, Any]] = [
    {"id": "1", "title": "一、选择题", "kind": "choice", "items": [{"id": f"1.{n}"} for n in range(1, 9)]},
    {"id": "2", "title": "二、判断题", "kind": "truth", "items": [{"id": f"2.{n}"} for n in range(1, 4)]},
]  # fmt: skip
WISHES: dict[str, Any] = {
    "mode": "exam", "single": True, "items": False, "options": False, "seed": "", "limit": 1,
    "multiple": "exact", "only": None,
}  # fmt: skip
MADE = {"id": "r", "bank": "b", "now": 1000, "tab": "t"}


def test_a_round_asks_what_is_wished_and_counts_only_time_at_work() -> None:
    whole, mixed, only = run(
        "quiz-round",
        ("newRound", PAPER, WISHES, MADE),
        ("newRound", PAPER, WISHES | {"items": True, "seed": "5"}, MADE),
        ("newRound", PAPER, WISHES | {"only": ["2.2", "1.3"]}, MADE),
    )
    assert whole["order"] == [item["id"] for part in PAPER for item in part["items"]]
    assert mixed["order"] != whole["order"]
    assert [each[0] for each in mixed["order"]] == ["1"] * 8 + [
        "2"
    ] * 3  # each section within itself
    assert (only["order"], only["at"]) == (["1.3", "2.2"], "1.3")
    worked, slept, back = run(
        "quiz-round", ("ticked", whole, 4000), ("ticked", whole, 999_000), ("ticked", whole, 500)
    )
    assert [each["spent"] for each in (worked, slept, back)] == [3000, 0, 0]
    left, endless, over = run(
        "quiz-round",
        ("remaining", worked),
        ("remaining", whole | {"wishes": WISHES | {"limit": 0}}),
        ("remaining", whole | {"spent": 70_000}),
    )
    assert (left, endless, over) == (57_000, None, 0)  # JSON has no infinity


def test_a_kept_round_is_read_with_care() -> None:
    [whole] = run("quiz-round", ("newRound", PAPER, WISHES, MADE))
    changed = json.dumps(whole | {"order": ["9.9"]})
    broken = [
        None,
        "",
        "{}",
        "[]",
        json.dumps(whole | {"spent": "x"}),
        json.dumps(whole | {"order": []}),
    ]
    found = run(
        "quiz-round",
        *(("readRound", text, PAPER) for text in [json.dumps(whole), changed, *broken]),
    )
    assert found[0] == whole
    assert found[1]["bank"] == ""  # its bank has changed
    assert found[2:] == [None] * len(broken)
