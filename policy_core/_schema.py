"""JSON Schema (2020-12) of a calculator's inputs, from the one declaration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_core._exact import LARGEST, rounded
from policy_core._inputs import LONGEST_TEXT, Field
from policy_core._registry import calculator


def json_schema(calculator_id: str) -> dict[str, Any]:
    """Describe a calculator's inputs for other systems.

    Raises:
        InputErrors: there is no such calculator.

    """
    found = calculator(calculator_id)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{found.id}.json",
        **record(found.fields),
    }


def record(fields: Sequence[Field], *, strict: bool = False) -> dict[str, Any]:
    """Describe an object; a field that matters only sometimes is required, or allowed, only then."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {each.name: optional(each, strict=strict) for each in fields},
        "required": [each.name for each in fields if each.required and not each.when],
        "additionalProperties": False,
    }
    conditions = [
        condition(each, fields, strict=strict)
        for each in fields
        if each.when and (each.required or strict)
    ]
    return schema | ({"allOf": conditions} if conditions else {})


def condition(each: Field, fields: Sequence[Field], *, strict: bool) -> dict[str, Any]:
    """Say when a field is required, or allowed; a decider left out counts as its default."""
    deciders = {field.name: field for field in fields}
    needed = [name for name, wanted in each.when.items() if deciders[name].default not in wanted]
    values = {name: {"enum": list(wanted)} for name, wanted in each.when.items()}
    then = {"then": {"required": [each.name]}} if each.required else {}
    otherwise = {"else": {"properties": {each.name: {"type": "null"}}}} if strict else {}
    return {"if": {"properties": values, "required": needed}, **then, **otherwise}


def optional(each: Field, *, strict: bool) -> dict[str, Any]:
    """Describe a value; an optional one, or one that can be ignored, may be null."""
    schema = value(each)
    if each.when and not (strict and not each.required):
        # Where it does not matter it is ignored, whatever it is.
        return (
            {}
            if not each.required
            else schema | {"type": [schema["type"], "null"]}
            if "type" in schema
            else schema
        )
    if each.required:
        return schema
    return {"anyOf": [schema, {"type": "null"}], "default": each.default}


def value(each: Field) -> dict[str, Any]:
    """Describe one value."""
    match each.kind:
        case "number" | "integer":
            low = -LARGEST if each.minimum is None else rounded(each.minimum)
            high = LARGEST if each.maximum is None else rounded(each.maximum)
            least = "exclusiveMinimum" if each.exclusive else "minimum"
            return {"type": each.kind, least: low, "maximum": high}
        case "boolean":
            return {"type": "boolean"}
        case "choice":
            return {"enum": list(each.choices)}
        case "text":
            return {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
        case "date":
            return {"type": "string", "format": "date"}
    limits = {"minItems": each.minimum_items, "maxItems": each.maximum_items}
    item = each.item or each
    inner = record(item.fields, strict=item.strict) if item.kind == "record" else value(item)
    return {"type": "array", "items": inner, **limits}
