"""The one door for JSON: what it asks for in every call, and what it says to what is no request."""

from __future__ import annotations

import base64
import json
import zlib
from decimal import Decimal
from typing import Any

import pytest

from policy_core import InputErrors, compare, explain, jumps, seek
from policy_core._browser import CALLS, answer, read_bank, read_json

HALF_YEAR = {"grade": 4, "carried": 3, "points": 40, "half": 2}
NAMED = {"calculator": "grade-from-points", "inputs": HALF_YEAR}
RANGE = "应在 −1000000 到 1000000 之间"
DAY = "应是日期，例如 2024-01-31"
BROKEN = "题库文件坏了，请重新打开页面"


def ask(**request: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(answer(json.dumps(request)))


def as_json(value: object) -> object:
    return json.loads(json.dumps(value))


def test_the_door_gives_the_same_as_the_calls() -> None:
    part_known = {"calculator": "grade-from-points", "inputs": {"grade": 4}}
    assert ask(call="explain", **part_known) == as_json(explain("grade-from-points", {"grade": 4}))
    wish = {"vary": "points", "until": "levels >= 3"}
    assert ask(call="seek", **NAMED, **wish, as_of="2024-01-01") == as_json(
        seek("grade-from-points", HALF_YEAR, "points", "levels >= 3")
    )
    ends = {"vary": "points", "from": 0, "to": 30.5}
    assert ask(call="jumps", **NAMED, **ends) == as_json(
        jumps("grade-from-points", HALF_YEAR, "points", 0, 30.5)
    )
    left, right = HALF_YEAR, {**HALF_YEAR, "points": 9}
    wanted = as_json(compare("grade-from-points", left, right))
    for days in (None, "2025-01-01", ["2024-01-01", "2025-01-01"]):
        cases = {"calculator": "grade-from-points", "left": left, "right": right}
        assert ask(call="compare", **cases, as_of=days) == wanted


def test_an_answer_is_printed_short_and_in_its_own_letters() -> None:
    assert answer("[]") == '{"errors":[{"field":"request","message":"应是一组“名称：值”"}]}'


def test_the_day_is_read_in_every_call() -> None:
    assert CALLS == (
        "calculate", "mark", "explain", "seek", "jumps", "compare", "guess", "rows", "result",
    )  # fmt: skip
    for call in ("calculate", "explain", "seek", "jumps"):
        words = {"vary": "points", "until": "levels >= 1"}
        early = ask(call=call, **NAMED, **words, as_of="2000-01-01")
        assert [each["field"] for each in early["errors"]] == ["as_of"]
    cases = {"calculator": "grade-from-points", "left": HALF_YEAR, "right": HALF_YEAR}
    early = ask(call="compare", **cases, as_of="2000-01-01")
    assert [each["field"] for each in early["errors"]] == ["left.as_of", "right.as_of"]
    late = ask(call="compare", **cases, as_of=["2024-01-01", "2000-01-01"])
    assert [each["field"] for each in late["errors"]] == ["right.as_of"]


GIVEN = {"calculator": "initial-grade"}
FIELDS = "可填的有：education、years、skill"


@pytest.mark.parametrize(
    ("request_", "field", "said"),
    [
        ([], "request", "应是一组“名称：值”"),
        ({"call": "foretell"}, "call", f"应是其中之一：{'、'.join(CALLS)}"),
        ({"call": "calculate", "as_of": 3}, "as_of", f"填的是“3”，{DAY}"),
        ({"call": "calculate", "as_of": "d" * 50}, "as_of", f"填的是“{'d' * 40}”，{DAY}"),
        ({"call": "explain", **GIVEN, "inputs": 3}, "", "填的是 3，应是一组“名称：值”"),
        ({"call": "seek", **GIVEN}, "until", "还没有写，应写想要的结果"),
        ({"call": "seek", **GIVEN, "until": "a > 1"}, "vary", f"没有“”这一项，{FIELDS}"),
        (
            {"call": "seek", **GIVEN, "until": "a > 1", "vary": "x" * 50},
            "vary",
            f"没有“{'x' * 40}”这一项，{FIELDS}",
        ),
        ({"call": "jumps", **GIVEN}, "vary", f"没有“”这一项，{FIELDS}"),
        ({"call": "jumps", **GIVEN, "vary": "years", "inputs": 3}, "", "填的是 3，应是一组“名称：值”"),
        ({"call": "jumps", **NAMED, "vary": "points", "from": "x"}, "from", RANGE),
        ({"call": "jumps", **NAMED, "vary": "points", "to": "x"}, "to", RANGE),
        ({"call": "compare", **GIVEN, "as_of": ["2024-01-01"]}, "as_of", "有 1 个日期，应是两个"),
        ({"call": "compare", **GIVEN, "as_of": [1, 2]}, "as_of", f"填的是“1”，{DAY}"),
        ({"call": "compare", **GIVEN, "left": 3}, "left.", "填的是 3，应是一组“名称：值”"),
        ({"call": "mark", "bank": 3}, "bank", BROKEN),
    ],
)  # fmt: skip
def test_a_broken_request_says_where_and_why(request_: object, field: str, said: str) -> None:
    first = json.loads(answer(json.dumps(request_)))["errors"][0]
    assert (first["field"], first["message"]) == (field, said)


@pytest.mark.parametrize("call", ["calculate", "explain", "seek", "jumps", "compare"])
def test_a_request_without_a_calculator_is_told_those_there_are(call: str) -> None:
    (*_, last) = ask(call=call, vary="x", until="a > 1")["errors"]
    assert last["message"].startswith("没有“”这个计算，有的是：candidate-score、")


@pytest.mark.parametrize("call", ["calculate", "compare"])
def test_a_request_without_inputs_is_told_all_that_is_missing(call: str) -> None:
    sides = ["left.", "right."] if call == "compare" else [""]
    told = [each["field"] for each in ask(call=call, **GIVEN)["errors"]]
    assert told == [f"{side}{name}" for side in sides for name in ("education", "years", "skill")]


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("{", "json", "不是完整的 JSON，第 1 行第 2 个字读不下去"),
        ('{"a": 1,\n "b" 2}', "json", "不是完整的 JSON，第 2 行第 6 个字读不下去"),
        ("[" * 100_000, "json", "嵌套得太深"),
        ("[NaN]", "json", "NaN 不是数字"),
        ("[-Infinity]", "json", "-Infinity 不是数字"),
        ('{"a": 1, "b": 2, "b": 3}', "b", "写了两次，只能写一次"),
        (json.dumps({"c" * 50: 1})[:-1] + f', "{"c" * 50}": 2}}', "c" * 40, "写了两次，只能写一次"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(text: str, field: str, said: str) -> None:
    with pytest.raises(InputErrors) as caught:
        read_json(text)
    assert [(each.field, each.message) for each in caught.value.problems] == [(field, said)]


def test_numbers_are_read_as_they_are_printed() -> None:
    assert str(read_json("[0.10, 1e3, 7]")) == "[Decimal('0.10'), Decimal('1E+3'), 7]"
    longest, longer = read_json(f"[{'1' * 400}, {'1' * 401}]")
    assert (type(longest), type(longer)) == (int, Decimal)


def packed(text: bytes) -> str:
    return base64.b64encode(zlib.compress(text, 1)).decode()


def test_a_bank_is_unpacked_up_to_twenty_million_bytes() -> None:
    largest = b'{"words": "' + b" " * (20_000_000 - 13) + b'"}'
    assert len(largest) == 20_000_000
    assert list(read_bank(packed(largest))) == ["words"]
    for broken in (
        packed(b" " + largest),
        packed(b"[]"),
        packed(b"{"),
        packed(b"\xff"),
        "AA==",
        packed(b"{}") + "*",
        "",
    ):
        with pytest.raises(InputErrors) as caught:
            read_bank(broken)
        assert [(each.field, each.message) for each in caught.value.problems] == [("bank", BROKEN)]
