"""The JSON Schema of inputs, part by part: what each kind allows, and when a field is asked for."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from policy_core import Field, calculators, json_schema
from policy_core._schema import record

NUMBER = {"type": "number", "minimum": -1000000, "maximum": 1000000}
TEXT = {"type": "string", "minLength": 1, "maxLength": 200}
ENTRY = Field(
    kind="record",
    strict=True,
    fields=(
        Field(name="kind", kind="choice", choices=("a", "b")),
        Field(name="points", kind="number", when={"kind": ("a",)}),
        Field(name="note", kind="text", required=False, when={"kind": ("b",)}),
    ),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field(kind="number"), NUMBER),
        (Field(kind="integer", minimum=Fraction(0), maximum=Fraction(5, 2)),
         {"type": "integer", "minimum": 0, "maximum": 2.5}),
        (Field(kind="number", minimum=Fraction(0), exclusive=True),
         {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000}),
        (Field(kind="boolean"), {"type": "boolean"}),
        (Field(kind="choice", choices=(1, 2)), {"enum": [1, 2]}),
        (Field(kind="text"), TEXT),
        (Field(kind="date"), {"type": "string", "format": "date"}),
        (Field(kind="list", minimum_items=1, maximum_items=9, item=Field(kind="number")),
         {"type": "array", "items": NUMBER, "minItems": 1, "maxItems": 9}),
        (Field(kind="text", required=False, default="x"),
         {"anyOf": [TEXT, {"type": "null"}], "default": "x"}),
    ],
)  # fmt: skip
def test_a_kind_says_what_it_allows(field: Field, value: dict[str, Any]) -> None:
    named = Field(**{name: getattr(field, name) for name in Field.__slots__} | {"name": "it"})
    assert record([named]) == {
        "type": "object",
        "properties": {"it": value},
        "required": ["it"] if field.required else [],
        "additionalProperties": False,
    }


def test_a_field_that_matters_sometimes_is_asked_for_then() -> None:
    half = Field(name="half", kind="choice", choices=(1, 2))
    first = Field(name="first", kind="boolean", required=False, default=False)
    points = Field(name="points", kind="number", when={"half": (1,), "first": (False,)})
    note = Field(name="note", kind="text", required=False, when={"half": (1,)})
    kind = Field(name="kind", kind="choice", choices=("a",), when={"half": (1,)})
    made = record([half, first, points, note, kind])
    assert made["required"] == ["half"]
    assert made["properties"]["points"] == NUMBER | {"type": ["number", "null"]}
    assert (made["properties"]["note"], made["properties"]["kind"]) == ({}, {"enum": ["a"]})
    # `first` counts as false where it is left out: it need not be there.
    there = {"half": {"enum": [1]}, "first": {"enum": [False]}}
    assert made["allOf"] == [
        {"if": {"properties": there, "required": ["half"]}, "then": {"required": ["points"]}},
        {
            "if": {"properties": {"half": {"enum": [1]}}, "required": ["half"]},
            "then": {"required": ["kind"]},
        },
    ]


def test_a_strict_entry_allows_a_field_only_where_it_matters() -> None:
    made = record([Field(name="events", kind="records", item=ENTRY)])["properties"]["events"]
    assert made["items"]["properties"]["points"] == NUMBER | {"type": ["number", "null"]}
    assert made["items"]["properties"]["note"] == {
        "anyOf": [TEXT, {"type": "null"}],
        "default": None,
    }
    condition = {"properties": {"kind": {"enum": ["a"]}}, "required": ["kind"]}
    other = {"properties": {"kind": {"enum": ["b"]}}, "required": ["kind"]}
    assert made["items"]["allOf"] == [
        {
            "if": condition,
            "then": {"required": ["points"]},
            "else": {"properties": {"points": {"type": "null"}}},
        },
        {"if": other, "else": {"properties": {"note": {"type": "null"}}}},
    ]


def test_every_schema_names_its_draft_and_itself() -> None:
    for each in calculators():
        made = json_schema(each.id)
        assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert (made["$id"], made["type"]) == (f"{each.id}.json", "object")
