"""What a rule declares of itself is what it does: figures read, clauses cited, doubts used."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_core import Answer, Field, InputErrors, calculate, calculators, policy
from policy_core import calculator as calculator_of
from policy_core._exact import shown
from policy_core._working import Row, Working
from tests.cases import load_cases

CALCULATORS = [each.id for each in calculators()]
INPUTS = tomllib.loads((Path(__file__).parent / "inputs.toml").read_text(encoding="utf-8"))
# What a calculator asks of someone, and how it must come out: `explain` tells the distance to it.
SETTLING = ["半年作废 = False", "够不够门槛 = True", "独立开发项目 = True", "门槛加高 = False"]
CONDITIONS: dict[str, list[str]] = {
    "candidate-score": ["参选资格 = True (regular_employee)"],
    "grade-from-points": SETTLING,
    "points-history": SETTLING,
    "grade-benefits": ["独立开发项目 = True"],
    "seat-check": ["人数够 = True", "离席的不多 = True"],
}
# Figures that a calculator is held to but never computes with: why.
NOT_READ = {
    ("candidate-score", "peers_scale"): "every mark is given out of 100, as the peers' are",
    ("candidate-ranking", "peers_scale"): "every mark is given out of 100, as the peers' are",
    ("contribution-points", "adjustment"): "a bound of an input, read by its check",
}
# Doubts that stand beside a calculator but on which no answer of it rests.
NOT_USED = {
    ("candidate-score", "missing-attachments"),
    ("candidate-score", "ability-rater"),
    ("candidate-ranking", "missing-attachments"),
    ("candidate-ranking", "ability-rater"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a calculator did over all of its cases."""

    figures: set[str] = field(default_factory=set)
    clauses: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    doubts: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)


def clauses_in(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name == "clause")
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from clauses_in(each)


@cache
def done_by(calculator: str) -> Seen:
    """Answer every case of a calculator and note what its rule did."""
    found, rows, decide = Seen(), Working.rows, Working.decide

    def noted(working: Working, name: str) -> list[Row]:
        found.figures.add(name)
        return rows(working, name)

    def judged(working: Working, label: str, *words: Any, **how: Any) -> bool:  # noqa: ANN401
        if "wanted" in how:
            condition = f" ({how['condition']})" if "condition" in how else ""
            found.conditions.add(f"{label.rpartition('，')[2]} = {how['wanted']}{condition}")
        return decide(working, label, *words, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Working, "rows", noted)
        patched.setattr(Working, "decide", judged)
        for case in load_cases():
            if case.calculator == calculator and not case.errors:
                answer: Answer = calculate(case.calculator, case.input)
                given = answer.to_json()
                found.steps.update(clauses_in(given["steps"]))
                found.clauses.update(found.steps, clauses_in(given["outcome"]))
                for used in answer.findings:
                    found.doubts.add(used.finding.id)
                    found.clauses.update(used.finding.clauses)
    return found


@pytest.fixture(params=CALCULATORS)
def seen(request: pytest.FixtureRequest) -> tuple[str, Seen]:
    """Give what a calculator did."""
    return request.param, done_by(request.param)


def test_the_figures_declared_are_those_read(seen: tuple[str, Seen]) -> None:
    calculator, found = seen
    declared = calculator_of(calculator)
    beside = {name for of, name in NOT_READ if of == calculator}
    assert set(declared.figures) - beside == found.figures - set(declared.facts)
    known = policy(declared.policy).versions[-1].figures.keys()
    assert {*declared.figures, *declared.facts} <= known


def test_the_doubts_declared_are_those_used(seen: tuple[str, Seen]) -> None:
    calculator, found = seen
    declared = calculator_of(calculator)
    beside = {name for of, name in NOT_USED if of == calculator}
    assert set(declared.findings) - beside == found.doubts
    assert set(declared.findings) <= {each.id for each in policy(declared.policy).findings}


def test_the_conditions_to_meet_are_those_of_the_contract(seen: tuple[str, Seen]) -> None:
    calculator, found = seen
    assert sorted(found.conditions) == CONDITIONS.get(calculator, [])


def test_the_clauses_declared_are_those_cited(seen: tuple[str, Seen]) -> None:
    calculator, found = seen
    declared = calculator_of(calculator).clauses
    for clause in declared:
        assert any(f"{each}.".startswith(f"{clause}.") for each in found.clauses), clause
    for clause in found.steps:
        assert any(f"{clause}.".startswith(f"{each}.") for each in declared), clause


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_every_input_names_a_clause_of_its_policy(calculator: str) -> None:
    # An input that is missing is told with the clause that asks for it.
    with pytest.raises(InputErrors) as caught:
        calculate(calculator, {})
    for problem in caught.value.problems:
        assert str(problem.clause).startswith(f"{calculator_of(calculator).policy}:"), problem


def test_a_field_says_no_more_than_it_was_told() -> None:
    assert Field(kind="text") == Field(
        name="",
        kind="text",
        minimum=None,
        maximum=None,
        exclusive=False,
        choices=(),
        required=True,
        default=None,
        when={},
        depth=0,
        minimum_items=0,
        maximum_items=1000,
        item=None,
        fields=(),
        strict=False,
        clause="",
    )


def printed(each: Field) -> str:
    """Print a declared input as the table does."""
    words = [each.kind, *(["/".join(map(str, each.choices))] if each.choices else [])]
    if each.kind in {"number", "integer"}:
        low, high = ("" if end is None else shown(end) for end in (each.minimum, each.maximum))
        words.append(f"{'>' if each.exclusive else ''}{low}..{high}")
    if each.item:
        assert each.kind == "records" or each.item.clause == each.clause
        words.append(f"{each.minimum_items}-{each.maximum_items} of")
        words += [printed(replace(each.item, clause=""))] if each.kind == "list" else []
        words += ["strict"] if each.item.strict else []
    words += [] if each.required else [f"= {each.default}"]
    words += [f"if {name} {'/'.join(map(str, wanted))}" for name, wanted in each.when.items()]
    return " ".join(words) + (f" ({each.clause})" if each.clause else "")


def all_printed(fields: Sequence[Field], before: str = "") -> Iterator[tuple[str, str]]:
    for each in fields:
        yield f"{before}{each.name}", printed(each)
        if each.item:
            yield from all_printed(each.item.fields, f"{before}{each.name}.")


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_the_inputs_and_facts_declared_are_those_of_the_contract(calculator: str) -> None:
    declared = calculator_of(calculator)
    facts = {"facts": " ".join(declared.facts)} if declared.facts else {}
    assert list((facts | dict(all_printed(declared.fields))).items()) == list(
        INPUTS[calculator].items()
    )
