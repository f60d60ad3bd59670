"""What a person sees of a rule: `calculators/<id>.toml`, merged with the inputs that the rule declares.

The labels hold no figure and no rule. `columns` are the heads of a table on the page, `parts` name what
only a batch's columns show. A label for an input that does not exist, or an input without a label, stops the
build with the file and the key.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import policy_core
from policy_core import Field
from policy_core._exact import rounded

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "calculators"
CASES = ROOT / "tests" / "cases"
TOP = {"title", "short", "note", "facts", "chart", "inputs", "outcome", "headline"}
CHART = {"over", "of"}
INPUT = {"label", "hint", "unit", "options", "items", "was"}
OUTCOME = {"label", "short", "unit", "text", "options", "columns", "parts", "items"}
ENTRY = {"label", "text", "missing"}
HEADLINE = {"when", "text", "aside", "note"}
TABLES = {"inputs", "outcome", "options", "items", "columns", "parts", "when", "chart"}
LISTS = {"facts", "headline", "was"}
PLACEHOLDER = re.compile(r"\{([\w.]+)\}")


class LabelError(Exception):
    """A file of labels does not fit its rule; names the file and the key."""


class LinkTo(Protocol):
    """The way to a clause: of the text in force, or of the version of a day."""

    def __call__(self, clause_id: str, /, *, since: str = "") -> Link:
        """Lead to a clause."""


class Link(Protocol):
    """How a page shows a clause."""

    @property
    def label(self) -> str:
        """Give the reader's number."""

    @property
    def href(self) -> str:
        """Give where it leads."""

    @property
    def words(self) -> str:
        """Give the clause's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words of one calculator."""

    id: str
    title: str
    short: str
    note: str
    facts: tuple[str, ...]
    chart: Mapping[str, str]
    inputs: Mapping[str, Mapping[str, Any]]
    outcome: Mapping[str, Mapping[str, Any]]
    headlines: tuple[Mapping[str, Any], ...]


@cache
def load_labels(calculator_id: str) -> Labels:
    """Read the labels of one calculator.

    Raises:
        LabelError: unknown or missing keys, labels that belong to no input.

    """
    path = FOLDER / f"{calculator_id}.toml"
    if not path.exists():
        raise LabelError(
            f"calculators/{calculator_id}.toml is missing: every calculator needs its labels"
        )
    return parse_labels(calculator_id, path.read_text(encoding="utf-8"))


def parse_labels(calculator_id: str, text: str) -> Labels:
    """Read the text of a file of labels.

    Raises:
        LabelError: unknown or missing keys, labels that belong to no input.

    """
    place = f"calculators/{calculator_id}.toml"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LabelError(f"{place}: {error}") from error
    expect(place, raw, TOP, {"title", "short", "inputs", "outcome", "headline"})
    fields = policy_core.calculator(calculator_id).fields
    check_inputs(f"{place}: inputs", fields, raw["inputs"])
    for name, given in raw["outcome"].items():
        expect(f"{place}: outcome.{name}", given, OUTCOME, {"label"})
        for entry, words in given.get("items", {}).items():
            expect(f"{place}: outcome.{name}.items.{entry}", words, ENTRY, {"label"})
    for name in raw.get("facts", ()):
        if name not in raw["outcome"]:
            raise LabelError(f"{place}: facts names {name}, which has no label under outcome")
    check_chart(place, raw.get("chart"), raw["inputs"], raw["outcome"])
    check_headlines(place, raw["headline"], raw["outcome"])
    return Labels(
        id=calculator_id, title=raw["title"], short=raw["short"], note=raw.get("note", ""),
        facts=tuple(raw.get("facts", ())), chart=raw.get("chart", {}), inputs=raw["inputs"],
        outcome=raw["outcome"], headlines=tuple(raw["headline"]),
    )  # fmt: skip


def check_inputs(
    place: str, fields: Sequence[Field], labels: Mapping[str, Mapping[str, Any]]
) -> None:
    """Check that every input has its words, and that no words belong to none; entries of records too."""
    for name in labels.keys() - {each.name for each in fields}:
        known = ", ".join(each.name for each in fields)
        raise LabelError(f"{place}.{name} is no input of the rule; it has {known}")
    names = [each.name for each in fields]
    for field in fields:
        here, given = f"{place}.{field.name}", labels.get(field.name, {})
        expect(here, given, INPUT, {"label"})
        for old in given.get("was", ()):
            if old in names:
                raise LabelError(f"{here}.was: {old} is the name of another input, or given twice")
            names.append(old)
        item = field.item or field
        wanted = [str(each) for each in item.choices]
        if list(given.get("options", {})) != wanted:
            order = f"must be {', '.join(wanted)}, in this order" if wanted else "must not be there"
            raise LabelError(f"{here}.options {order}")
        check_inputs(f"{here}.items", item.fields, given.get("items", {}))


def check_chart(
    place: str,
    chart: Mapping[str, str] | None,
    inputs: Mapping[str, Any],
    outcome: Mapping[str, Any],
) -> None:
    """Check that what a chart shows first is an input, and a labelled part of the outcome."""
    if chart is None:
        return
    expect(f"{place}: chart", chart, CHART, CHART)
    for key, known in (("over", inputs), ("of", outcome)):
        if chart[key] not in known:
            raise LabelError(f"{place}: chart.{key} names {chart[key]}, which has no label")


def check_headlines(
    place: str, headlines: Sequence[Mapping[str, Any]], outcome: Mapping[str, Any]
) -> None:
    """Check that headlines speak of labelled parts of the outcome, and that one of them always fits."""
    if not headlines or "when" in headlines[-1]:
        raise LabelError(f"{place}: the last headline must fit always and have no `when`")
    for index, each in enumerate(headlines):
        here = f"{place}: headline {index + 1}"
        expect(here, each, HEADLINE, {"text"})
        texts = " ".join(each.get(key, "") for key in ("text", "aside", "note"))
        for name in (*each.get("when", ()), *PLACEHOLDER.findall(texts)):
            if name not in outcome:
                raise LabelError(f"{here} names {name}, which has no label under outcome")


def expect(place: str, raw: Mapping[str, Any], allowed: set[str], needed: set[str]) -> None:
    """Check the keys of one table, and that each holds what it should."""
    if unknown := sorted(raw.keys() - allowed):
        raise LabelError(
            f"{place}: unknown {', '.join(unknown)}; allowed are {', '.join(sorted(allowed))}"
        )
    if missing := sorted(needed - raw.keys()):
        raise LabelError(f"{place}: {', '.join(missing)} is missing")
    for key, value in raw.items():
        kind, name = (
            (dict, "a table")
            if key in TABLES
            else (list, "a list")
            if key in LISTS
            else (str, "text")
        )
        if not isinstance(value, kind):
            raise LabelError(f"{place}: {key} must be {name}")


def cases(calculator_id: str, *, wrong: bool = False) -> list[dict[str, Any]]:
    """Give the inputs of the calculator's table of cases, as JSON has them; the wrong ones where asked.

    Raises:
        LabelError: there is no table, it is no TOML, or none of its cases has an answer.

    """
    path = CASES / f"{calculator_id}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("case", [])
    except (OSError, ValueError) as error:
        raise LabelError(f"tests/cases/{path.name}: {error}") from error
    right = [each for each in table if "input" in each and "errors" not in each]
    if not right:
        raise LabelError(
            f"tests/cases/{path.name}: no case has an answer; the first one is the page's example"
        )
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in each["input"].items()
        }
        for each in (table if wrong else right)
    ]


def example(calculator_id: str) -> dict[str, Any]:
    """Give the page's example: the first case of the calculator's table."""
    return cases(calculator_id)[0]


def field_words(field: Field, given: Mapping[str, Any]) -> dict[str, Any]:
    """Put a declared input and its words together."""
    bounds = {
        name: rounded(value)
        for name, value in (("minimum", field.minimum), ("maximum", field.maximum))
        if value is not None
    }
    words: dict[str, Any] = {
        "name": field.name, "kind": field.kind,
        "label": given.get("label", ""), "hint": given.get("hint", ""),
        "unit": given.get("unit", ""), "required": field.required, "default": field.default,
        "when": {name: list(values) for name, values in field.when.items()}, **bounds,
        "was": list(given.get("was", ())),
    }  # fmt: skip
    if field.choices:
        words["options"] = [
            {"value": each, "label": given.get("options", {}).get(str(each), str(each))}
            for each in field.choices
        ]
    elif field.kind == "integer" and bounds.get("minimum") == 0 and bounds.get("maximum") == 1:
        # Two whole numbers are a choice for the eye, and stay numbers for the rule.
        words["options"] = [
            {"value": each, "label": f"{each} {words['unit']}".strip()} for each in (0, 1)
        ]
    if field.item:
        words["item"] = field_words(field.item, given)
        words["minimum_items"], words["maximum_items"] = field.minimum_items, field.maximum_items
        if field.item.fields:
            items = given.get("items", {})
            words["item"]["fields"] = [
                field_words(each, items.get(each.name, {})) for each in field.item.fields
            ]
    return words


def calculator_words(
    calculator_id: str, link: LinkTo, spans: Sequence[tuple[str, str, str]] = ()
) -> dict[str, Any]:
    """Gather all that the page's element needs to speak of one calculator.

    A policy's id alone leads to its page; from there the way to the other pages is known. `spans` are the
    versions: from when, until when, and the day of the text; the last is in force.
    """
    calculator = policy_core.calculator(calculator_id)
    labels = load_labels(calculator_id)
    findings = {each.id: each for each in policy_core.policy(calculator.policy).findings}
    figures = [
        line
        for version in policy_core.policy(calculator.policy).versions
        for name in calculator.figures + calculator.facts
        for line in version.figures.get(name, ())
    ]
    cited = {
        *calculator.clauses,
        *(
            f"{calculator.policy}:{clause}"
            for line in figures
            for clause in (line.clause, *line.also)
        ),
        *(f"{calculator.policy}:{field.clause}" for field in calculator.fields if field.clause),
        *(clause for name in calculator.findings for clause in findings[name].clauses),
    }

    def clauses(since: str = "") -> dict[str, dict[str, str]]:
        links = {clause: link(clause, since=since) for clause in sorted(cited)}
        return {
            clause: {"label": to.label, "href": to.href, "words": to.words}
            for clause, to in links.items()
        }

    policy = link(calculator.policy)
    base = policy.href.removesuffix(f"policies/{calculator.policy}/")
    return {
        "id": calculator_id, "href": f"{base}calculators/{calculator_id}/",
        "policy": {"id": calculator.policy, "title": policy.words or policy.label, "href": policy.href},
        "title": labels.title, "note": labels.note, "facts": list(labels.facts),
        "chart": labels.chart, "example": example(calculator_id), "outcome": labels.outcome,
        "headlines": list(labels.headlines),
        "fields": [field_words(each, labels.inputs[each.name]) for each in calculator.fields],
        "clauses": clauses(),
        "since": spans[-1][0] if spans else "",
        "past": [
            {"since": since, "until": until, "clauses": clauses(text)}
            for since, until, text in spans[:-1]
        ],
        "findings": {
            name: {
                "title": findings[name].title, "message": findings[name].message,
                "readings": findings[name].readings,
                "href": f"{base}doubts/#{calculator.policy}-{name}",
            }
            for name in calculator.findings
        },
    }  # fmt: skip


def script_json(value: object) -> Markup:
    """Write JSON that can stand inside a script element, whatever the words in it are."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - nothing that HTML could read is left in it


def form_environment() -> Environment:
    """Make the environment of the form's templates: everything is escaped, unknown names are errors."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def calculator_element(
    calculator_id: str, link: LinkTo, spans: Sequence[tuple[str, str, str]] = ()
) -> str:
    """Render a calculator as the custom element around its form.

    Raises:
        LabelError: the labels do not fit the rule.

    """
    words = calculator_words(calculator_id, link, spans)
    template = form_environment().get_template("form/calculator.html")
    return template.render(words=words, json=script_json(words))
