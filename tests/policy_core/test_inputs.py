"""Declared inputs of every kind: what they take, what they refuse, and what JSON Schema says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from policy_core import InputErrors, calculate
from policy_core._exact import NotANumberError, exact
from policy_core._inputs import (
    Problems,
    Unknown,
    boolean,
    choice,
    choices,
    day,
    declared,
    integer,
    integers,
    number,
    numbers,
    parse,
    records,
    text,
)
from policy_core._registry import CALCULATORS, flowing
from policy_core._schema import record
from policy_core._versions import parse_policy
from policy_core._working import Traced, Working, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An entry of a list."""

    kind: str = choice("a", "b")
    points: Fraction = number(when={"kind": ("a",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """One input of every kind."""

    name: str = text()
    start: Any = day()
    most: Fraction = number(None, 10)
    hours: Fraction | None = number(0, exclusive=True, default=None)
    share: Fraction | None = number(0, 100, exclusive=True, default=None)
    ranks: Any = integers(1, at_least=1)
    grades: Any = choices("A", "B", at_least=1, default=None)
    note: str | None = text(default=None)
    agreed: bool = boolean(default=True)
    months: Fraction = integer(1, 3)
    events: Any = records(Event, at_most=2)


FIELDS = declared(Everything)
GOOD: dict[str, Any] = {
    "name": "王", "start": "2024-01-31", "most": 10, "ranks": [1, 2.0], "grades": ["A"], "months": 3.0,
    "events": [{"kind": "a", "points": 1}, {"kind": "b", "points": "ignored"}],
}  # fmt: skip


UNKNOWN = {"unknown": True}
TOO_LARGE = "数字太大，应在 −1000000 到 1000000 之间"


def errors_of(**changed: object) -> dict[str, str]:
    with pytest.raises(InputErrors) as caught:
        parse(FIELDS, {**GOOD, **changed}, "x")
    return {problem.field: problem.message for problem in caught.value.problems}


def test_good_values_become_exact() -> None:
    values = parse(FIELDS, GOOD, "x")
    assert (values["months"], values["ranks"], values["agreed"]) == (3, (1, 2), True)
    assert values["start"].isoformat() == "2024-01-31"
    assert values["events"][1] == {"kind": "b", "points": None}
    for name in ("x" * 200, "\ud7ff\ue000"):
        assert parse(FIELDS, {**GOOD, "name": name}, "x")["name"] == name


@pytest.mark.parametrize(
    ("field", "value", "path", "words"),
    [
        ("name", "", "name", "填的是“”，应是文字"),
        ("name", 3, "name", "填的是 3，应是文字"),
        ("name", "\ud800", "name", "填的是“?”，应是文字"),
        ("name", "王\udfff", "name", "填的是“王?”，应是文字"),
        ("name", "x" * 201, "name", "有 201 个字，最多 200 个"),
        ("start", "2024-02-30", "start", "填的是“2024-02-30”，应是日期，例如 2024-01-31"),
        ("start", "9999-01-01", "start", "填的是“9999-01-01”，应是日期，例如 2024-01-31"),
        ("start", "d" * 40, "start", f"填的是“{'d' * 40}”，应是日期，例如 2024-01-31"),
        ("start", "d" * 41, "start", f"填的是“{'d' * 40}…”，应是日期，例如 2024-01-31"),
        ("start", 20240131, "start", "填的是 20240131，应是日期，例如 2024-01-31"),
        ("start", "20240131", "start", "填的是“20240131”，应是日期，例如 2024-01-31"),
        ("start", "2024-W05-3", "start", "填的是“2024-W05-3”，应是日期，例如 2024-01-31"),
        ("most", 11, "most", "填的是 11，应是 10 或更小"),
        ("hours", 0, "hours", "填的是 0，应大于 0"),
        ("share", 0, "share", "填的是 0，应大于 0，不大于 100"),
        ("share", 101, "share", "填的是 101，应大于 0，不大于 100"),
        ("most", None, "most", "还没有填，这一项必须填"),
        ("most", float("nan"), "most", "填的是 nan，应是有限的数字"),
        ("most", Decimal("1e999999999"), "most", f"填的是 1E+999999999，{TOO_LARGE}"),
        ("most", Decimal("1e-30"), "most", "填的是 1E−30，小数最多 20 位"),
        pytest.param("most", 10**5000, "most", f"填的是 一个很大的整数，{TOO_LARGE}", id="huge"),
        ("most", 10**36, "most", f"填的是 1{'0' * 36}，{TOO_LARGE}"),
        ("most", -(10**36) - 1, "most", f"填的是 一个很大的整数，{TOO_LARGE}"),
        ("most", {"a": 1}, "most", "填的是一组值，应是数字"),
        ("most", [1], "most", "填的是一列值，应是数字"),
        ("most", False, "most", "填的是“否”，应是数字"),
        ("most", True, "most", "填的是“是”，应是数字"),
        ("ranks", [], "ranks", "有 0 项，应是 1 到 1000 项"),
        ("ranks", "1,2", "ranks", "填的是“1,2”，应是一列值"),
        ("ranks", [1, None], "ranks[1]", "还没有填，这一项必须填"),
        ("ranks", [1, 0], "ranks[1]", "填的是 0，应是 1 或更大"),
        ("ranks", [1.5], "ranks[0]", "填的是 1.5，应是整数，例如 1 或 2"),
        ("grades", [], "grades", "有 0 项，应是 1 到 1000 项"),
        ("grades", ["C"], "grades[0]", "填的是“C”，应是其中之一：A、B"),
        ("agreed", "yes", "agreed", "填的是“yes”，应是“是”（true）或“否”（false）"),
        ("months", 4, "months", "填的是 4，应在 1 到 3 之间"),
        ("events", [], "events", "有 0 项，应是 1 到 2 项"),
        ("events", [3], "events[0]", "填的是 3，应是一组“名称：值”"),
        ("events", [None], "events[0]", "填的是空，应是一组“名称：值”"),
        ("events", [{"kind": "a"}], "events[0].points", "还没有填，这一项必须填"),
        (
            "events",
            [{"kind": "b", "colour": 1}],
            "events[0].colour",
            "没有这一项，可填的有：kind、points",
        ),
    ],
)
def test_a_wrong_value_is_told_at_its_place(
    field: str, value: object, path: str, words: str
) -> None:
    assert errors_of(**{field: value}) == {path: words}


def test_an_unknown_name_is_told_with_the_one_that_was_perhaps_meant() -> None:
    assert errors_of(mnths=3)["mnths"] == "没有这一项，是不是 months"
    names = "、".join(each.name for each in FIELDS)
    assert errors_of(zzz=3)["zzz"] == f"没有这一项，可填的有：{names}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Lists of which nobody says how long they are."""

    marks: Any = numbers(0, 100)
    ranks: Any = integers(1)
    grades: Any = choices("A")


def test_a_list_may_be_empty_unless_it_says_otherwise() -> None:
    fields = declared(Lists)
    assert [(each.minimum_items, each.clause) for each in fields] == [(0, "")] * 3
    assert parse(fields, {"marks": [], "ranks": [], "grades": []}, "x") == {
        "marks": (),
        "ranks": (),
        "grades": (),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Inputs of several kinds that a clause asks for."""

    name: str = text(clause="1")
    start: Any = day(clause="2")
    most: Fraction = number(0, 10, clause="3")
    months: Fraction = integer(clause="4")
    ranks: Any = integers(1, clause="5")
    agreed: bool = boolean(clause="6")
    grade: str = choice("A", clause="7")


@pytest.mark.parametrize(
    "given",
    [
        {"name": 3, "start": 3, "most": 11, "months": 0.5, "ranks": 3, "agreed": 3, "grade": 3},
        {"name": "x" * 201, "most": "x", "months": "x", "ranks": [1] * 1001},
        {"ranks": [None]},
        {"ranks": [0]},
        {},
    ],
)
def test_what_is_wrong_with_a_field_is_told_with_its_clause(given: Mapping[str, object]) -> None:
    with pytest.raises(InputErrors) as caught:
        parse(declared(Cited), given, "x")
    clauses = [f"x:{place + 1}" for place in range(7)]
    assert [each.clause for each in caught.value.problems] == clauses


def test_what_is_not_known_of_a_part_comes_as_unknown_with_its_field_and_place() -> None:
    kind, points = declared(Event)
    name, ranks = FIELDS[0], FIELDS[5]
    assert ranks.item
    given = {
        "ranks": [1, None, UNKNOWN],
        "grades": UNKNOWN,
        "note": None,
        "events": [UNKNOWN, {"kind": UNKNOWN, "points": 3}],
    }
    values = parse(FIELDS, given, "x", partial=True)
    assert values["name"] == Unknown(field=name, path="name")
    assert values["ranks"] == (
        1,
        Unknown(field=ranks.item, path="ranks[1]"),
        Unknown(field=ranks.item, path="ranks[2]"),
    )
    assert values["events"] == (
        {
            "kind": Unknown(field=kind, path="events[0].kind"),
            "points": Unknown(field=points, path="events[0].points"),
        },
        {"kind": Unknown(field=kind, path="events[1].kind"), "points": 3},
    )
    optional = {each: values[each] for each in ("grades", "note", "agreed", "hours")}
    grades = Unknown(field=FIELDS[6], path="grades")
    assert optional == {"grades": grades, "note": None, "agreed": True, "hours": None}


@pytest.mark.parametrize("value", [{"unknown": 1}, {"unknown": False}, {**UNKNOWN, "a": 1}, {}])
def test_nothing_else_says_that_a_value_is_not_known(value: object) -> None:
    with pytest.raises(InputErrors) as caught:
        parse(FIELDS, {"most": value}, "x", partial=True)
    assert [each.message for each in caught.value.problems] == ["填的是一组值，应是数字"]
    with pytest.raises(InputErrors) as caught:
        parse(FIELDS, {**GOOD, "most": UNKNOWN}, "x")
    assert [each.message for each in caught.value.problems] == ["填的是一组值，应是数字"]


def test_numbers_know_what_they_are_not() -> None:
    for value in (True, "3", None, Decimal("NaN"), 10**7):
        with pytest.raises(NotANumberError):
            exact(value)


def test_the_schema_speaks_of_every_kind() -> None:
    schema = record(FIELDS)
    assert schema["properties"]["start"] == {"type": "string", "format": "date"}
    assert schema["properties"]["name"]["maxLength"] == 200
    assert schema["properties"]["share"]["anyOf"][0] == {
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 100,
    }
    assert schema["properties"]["ranks"]["items"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 10**6,
    }
    assert schema["properties"]["grades"]["anyOf"][1] == {"type": "null"}
    entry = schema["properties"]["events"]["items"]
    assert entry["required"] == ["kind"]
    assert entry["allOf"][0]["then"] == {"required": ["points"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strict:
    """Entries in which a field of another kind is an error."""

    events: Any = records(Event, strict=True)


def test_a_strict_record_refuses_a_field_of_another_kind() -> None:
    fields = declared(Strict)
    fine = {"events": [{"kind": "b"}, {"kind": "b", "points": None}, {"kind": "a", "points": 0}]}
    assert [each["points"] for each in parse(fields, fine, "x")["events"]] == [None, None, 0]
    wrong = {"events": [{"kind": "b", "points": 0}, {"kind": "c", "points": 1}, {"points": 1}]}
    with pytest.raises(InputErrors) as caught:
        parse(fields, wrong, "x")
    told = {problem.field: problem.message for problem in caught.value.problems}
    assert list(told) == ["events[0].points", "events[1].kind", "events[2].kind"]
    assert told["events[0].points"] == "填的是 0，这一类不填这一项"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branching:
    """A field that decides on another, which decides on a third."""

    kind: str = choice("a", "b")
    way: str | None = choice("c", "d", when={"kind": ("a",)})
    cost: Fraction = number(0, default=0, when={"way": ("c",)})
    extra: str | None = choice("e", default=None)
    fee: Fraction = number(0, when={"extra": ("e",)})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"kind": "z", "way": "y", "cost": -1}, ["kind", "way", "cost"]),
        ({"way": "y", "cost": -1}, ["kind", "way", "cost"]),
        ({"kind": "z", "cost": -1}, ["kind", "cost"]),
        ({"kind": "z", "way": "d", "cost": -1}, ["kind"]),
        ({"kind": "z"}, ["kind"]),
        ({"kind": "a", "cost": -1}, ["way", "cost"]),
        ({"kind": "b", "way": "y", "cost": -1}, []),
        ({"kind": "b", "fee": -1}, []),
        ({"kind": "b", "extra": "e"}, ["fee"]),
        ({"kind": "b", "extra": "z"}, ["extra"]),
        ({"kind": "b", "extra": "z", "fee": -1}, ["extra", "fee"]),
    ],
)
def test_what_decides_may_be_wrong_and_the_rest_is_held_to_its_bounds_all_the_same(
    given: Mapping[str, object], told: list[str]
) -> None:
    fields, found = declared(Branching), []
    try:
        parse(fields, given, "x")
    except InputErrors as errors:
        found = [problem.field for problem in errors.problems]
    assert found == told


def test_a_field_counts_what_stands_between_it_and_those_that_always_matter() -> None:
    assert [each.depth for each in declared(Branching)] == [0, 1, 2, 0, 1]


def test_the_schema_of_a_strict_record_allows_no_field_of_another_kind() -> None:
    (condition,) = record(declared(Strict))["properties"]["events"]["items"]["allOf"]
    assert condition["then"] == {"required": ["points"]}
    assert condition["else"] == {"properties": {"points": {"type": "null"}}}


def test_a_check_sees_what_is_right_and_notes_the_rest_beside_the_other_problems() -> None:
    def check(values: Mapping[str, Any], problems: Problems) -> None:
        assert (values["most"], values["months"]) == (None, 3)
        problems.say("months", "太多", "1")

    with pytest.raises(InputErrors) as caught:
        parse(FIELDS, {**GOOD, "most": "x"}, "x", check)
    found = [(problem.field, problem.clause) for problem in caught.value.problems]
    assert found == [("most", None), ("months", "x:1")]


def test_records_flow_through_a_rule_as_numbers() -> None:
    policy = parse_policy("x", "[[version]]\neffective = 2024-01-01\n")
    working = Working(policy, policy.versions[0], {}, trace=True)
    values = parse(FIELDS, GOOD, "x")
    events = flowing(FIELDS[-1], values["events"], working)
    assert isinstance(events[0]["points"], Traced)
    assert to_json(events[0]) == {"kind": "a", "points": 1}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("grade-from-point", "没有“grade-from-point”这个计算，是不是 grade-from-points"),
        ("x" * 50, f"没有“{'x' * 40}”这个计算，有的是：{'、'.join(CALCULATORS)}"),
        (3, f"没有“3”这个计算，有的是：{'、'.join(CALCULATORS)}"),
    ],
)
def test_a_calculator_that_there_is_not_is_told_with_those_there_are(
    asked: object, told: str
) -> None:
    with pytest.raises(InputErrors) as caught:
        calculate(asked, {})  # type: ignore[arg-type]
    assert [each.message for each in caught.value.problems] == [told]


def test_a_wrong_day_and_wrong_inputs_are_told_together() -> None:
    with pytest.raises(InputErrors) as caught:
        calculate("grade-benefits", {"grade": -1}, date(2023, 12, 31))
    assert [each.field for each in caught.value.problems] == ["grade", "as_of"]
