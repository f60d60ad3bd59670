"""Clauses and calculators as JSON, for programs that read the handbook: `clauses.json`, `calculators.json`.

Addresses in them are relative to the folder of the file, so that they hold wherever the site lies. `FORMAT`
goes up when something that is there changes its meaning; what is only added leaves it as it is.
`clauses.schema.json` and `calculators.schema.json` describe both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import policy_core
from build_scripts.outline import Clause
from build_scripts.pages import Handbook, Page
from build_scripts.texts import EFFECTIVE, Text
from build_scripts.words import example, field_words
from policy_core import Calculator, Finding

FORMAT = 1
SCHEMAS = Path(__file__).with_name("schemas")


def data_files(handbook: Handbook) -> Iterator[Page]:
    """Render every file of data; the same sources give the same bytes."""
    yield Page(path="clauses.json", content=written(clauses(handbook)))
    yield Page(path="calculators.json", content=written(calculators(handbook)))
    for each in handbook.calculators:
        yield Page(path=f"schema/{each.id}.json", content=written(policy_core.json_schema(each.id)))
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        yield Page(path=path.name, content=path.read_text(encoding="utf-8"))


def written(value: object) -> str:
    """Write JSON as the command line does."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def clauses(handbook: Handbook) -> dict[str, Any]:
    """Describe every policy, doubt and clause, older versions of a text after the one in force."""
    return {
        "$schema": "clauses.schema.json",
        "format": FORMAT,
        "policies": [
            policy(handbook, text) for texts in handbook.texts.values() for text in reversed(texts)
        ],
        "findings": [finding(handbook, each) for each in handbook.doubts],
        "clauses": [
            each
            for texts in handbook.texts.values()
            for text in reversed(texts)
            for each in clauses_of(handbook, text)
        ],
    }


def policy(handbook: Handbook, text: Text) -> dict[str, Any]:
    """Describe one version of a policy's text."""
    document, current = text.document, not text.until
    return {
        "id": document.policy,
        "title": document.title,
        "short": handbook.short_name(document.policy),
        "effective": effective(text),
        "until": text.until or None,
        "url": address(text),
        "markdown": f"{address(text)}index.md",
        "calculators": [each.id for each in handbook.calculators_of(document.policy) if current],
        "findings": [full_id(each) for each in handbook.findings_of(document.policy) if current],
    }


def clauses_of(handbook: Handbook, text: Text) -> Iterator[dict[str, Any]]:
    """Describe the clauses of a text in reading order, without its front lines."""
    around = {child.id: each.id for each in text.document.walk() for child in each.children}
    for each in text.document.walk():
        if each.path != "front":
            yield clause(handbook, text, each, around.get(each.id))


def clause(handbook: Handbook, text: Text, each: Clause, parent: str | None) -> dict[str, Any]:
    """Describe one clause; doubts and calculators belong to the text in force."""
    document, current = text.document, not text.until
    return {
        "id": each.id,
        "policy": document.policy,
        "number": each.number,
        "heading": each.heading,
        "text": each.text,
        "parent": parent,
        "url": f"{address(text)}#{each.anchor}",
        "findings": [
            full_id(found)
            for found in handbook.findings_of(document.policy)
            if current and each.id in found.clauses
        ],
        "calculators": [
            user.id for user in handbook.calculators if current and each.id in user.clauses
        ],
        "effective": effective(text),
        "until": text.until or None,
    }


def address(text: Text) -> str:
    """Give the folder of a text's page."""
    older = f"{text.since}/" if text.until else ""
    return f"policies/{text.document.policy}/{older}"


def effective(text: Text) -> str | None:
    """Give the day from which a text is in force, where it says so."""
    return text.since or text.document.front.get(EFFECTIVE)


def full_id(each: Finding) -> str:
    """Name a doubt among those of all policies."""
    return f"{each.policy}.{each.id}"


def finding(handbook: Handbook, each: Finding) -> dict[str, Any]:
    """Describe a doubt: what is unclear, how it is read, and how else it could be."""
    return {
        "id": full_id(each),
        "policy": each.policy,
        "clauses": list(each.clauses),
        "title": each.title,
        "message": each.message,
        "default": each.default or None,
        "readings": dict(each.readings),
        "calculators": [user.id for user in handbook.users_of(each)],
        "url": f"doubts/#{each.policy}-{each.id}",
    }


def calculators(handbook: Handbook) -> dict[str, Any]:
    """Describe every calculator: its question, what it wants, and what its outcome means."""
    return {
        "$schema": "calculators.schema.json",
        "format": FORMAT,
        "calculators": [calculator(handbook, each) for each in handbook.calculators],
    }


def calculator(handbook: Handbook, each: Calculator) -> dict[str, Any]:
    """Describe one calculator."""
    labels = handbook.labels[each.id]
    versions = handbook.policies[each.policy].versions
    return {
        "id": each.id,
        "policy": each.policy,
        "title": labels.title,
        "short": labels.short,
        "note": labels.note,
        "url": f"calculators/{each.id}/",
        "markdown": f"calculators/{each.id}/index.md",
        "embed": f"embed/{each.id}.html",
        "schema": f"schema/{each.id}.json",
        "versions": [version.effective.isoformat() for version in versions],
        "clauses": list(each.clauses),
        "findings": [f"{each.policy}.{name}" for name in each.findings],
        "inputs": [field_words(field, labels.inputs[field.name]) for field in each.fields],
        "outcome": [outcome(name, given) for name, given in labels.outcome.items()],
        "example": example(each.id),
    }


def outcome(path: str, given: Any) -> dict[str, Any]:  # noqa: ANN401 - labels as their file has them
    """Describe one value of an outcome; `path` leads to it, `values` and `parts` say what its words mean."""
    items = {name: words["label"] for name, words in given.get("items", {}).items()}
    return {
        "path": path,
        "label": given["label"],
        "unit": given.get("unit", ""),
        "values": {**given.get("options", {}), **items},
        "parts": {**given.get("columns", {}), **given.get("parts", {})},
    }
