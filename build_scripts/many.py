"""What the page needs where many are computed at once: the words of the columns, and a form to fill in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from build_scripts.headings import headings_in, words_of_policy
from build_scripts.pages import Handbook, Page
from build_scripts.words import example, field_words
from policy_core import Field
from policy_core._cells import Path, path_name
from policy_core._headings import Headings, Words

# Entries have columns of their own: so many of them stand in the form.
ENTRIES = 2
USED = ("label", "unit", "options", "items", "columns", "parts")


def many_files(handbook: Handbook) -> Iterator[Page]:
    """Write for each calculator what its page asks for when many are to be computed."""
    for each in handbook.calculators:
        words = [told(one) for one in words_of_policy(each.id)]
        inputs = handbook.labels[each.id].inputs
        columns = list(
            columns_of(each.fields, inputs, headings_in(each.id, "labels"), example(each.id))
        )
        content = json.dumps(
            {"words": words, "columns": columns}, ensure_ascii=False, separators=(",", ":")
        )
        yield Page(path=f"calculators/{each.id}/many.json", content=content)


def told(words: Words) -> dict[str, Any]:
    """Give the words that columns and errors are told by."""
    return {
        kind: {
            name: {key: value for key, value in given.items() if key in USED}
            for name, given in table.items()
        }
        for kind, table in (("inputs", words.inputs), ("outcome", words.outcome))
    }


def columns_of(
    fields: Sequence[Field],
    words: Mapping[str, Mapping[str, Any]],
    headings: Headings,
    given: Mapping[str, Any],
    before: Path = (),
) -> Iterator[dict[str, Any]]:
    """Give the columns of the form: heading, whether it must be filled in, what is allowed, an example."""
    for field in fields:
        path = (*before, field.name)
        here = words.get(field.name, {})
        if field.kind == "records" and field.item:
            entries = [*given.get(field.name, ()), *[{}] * ENTRIES][:ENTRIES]
            for index, entry in enumerate(entries):
                items = here.get("items", {})
                yield from columns_of(field.item.fields, items, headings, entry, (*path, index))
            continue
        yield {
            "name": path_name(path), "heading": headings.input(path), "field": path[0],
            "list": field.kind == "list", "need": need(field, path), "allowed": allowed(field, here),
            "example": shown(field, here, given.get(field.name)),
        }  # fmt: skip


def need(field: Field, path: Path) -> str:
    """Say whether a column must be filled in."""
    if not field.required or any(isinstance(part, int) and part for part in path):
        return "可以不填"
    return "看情况填" if field.when else "要填"


def allowed(field: Field, words: Mapping[str, Any]) -> str:
    """Say what may stand in a column."""
    match field.kind:
        case "list":
            each = allowed(field.item or field, words)
            return f"几个值写在一格里，用“；”隔开，每个是：{each}"
        case "choice":
            return "、".join(words["options"][str(each)] for each in field.choices)
        case "number" | "integer":
            return ("整数" if field.kind == "integer" else "数字") + bounds(field, words)
    return {"boolean": "是 或 否", "date": "日期，例如 2024-01-31"}.get(field.kind, "文字")


def bounds(field: Field, words: Mapping[str, Any]) -> str:
    """Say between what a number lies."""
    given = field_words(field, words)
    low, high = given.get("minimum"), given.get("maximum")
    if low is not None and high is not None:
        return f"，{low} 到 {high}"
    if low is not None:
        return f"，{'大于' if field.exclusive else '至少'} {low}"
    return f"，至多 {high}" if high is not None else ""


def shown(field: Field, words: Mapping[str, Any], value: object) -> object:
    """Write an example as a person fills it in."""
    if isinstance(value, list):
        return "；".join(str(shown(field.item or field, words, each)) for each in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.kind == "choice" and value is not None:
        return words["options"][str(value)]
    return value
