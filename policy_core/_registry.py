"""The calculators by their ids, and the one way from inputs to an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from policy_core._answer import Answer, UsedFinding
from policy_core._clause import full
from policy_core._errors import InputErrors, Problem, one_problem
from policy_core._inputs import LONGEST_SHOWN, Field, Problems, declared, parse
from policy_core._versions import Policy, Version, policy
from policy_core._working import Working, to_json

type Rule = Callable[[Any, Working], Mapping[str, object]]
type Check = Callable[[Version, Mapping[str, Any], Problems], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculator:
    """One rule as its hosts know it.

    `clauses` are the full ids of the clauses that it decides by, `figures` the parameters that it reads,
    `facts` those that stand beside its answers, `findings` the doubts that its answers can rest on.
    `check` notes what is wrong with inputs that are right one by one.
    """

    id: str
    policy: str
    clauses: tuple[str, ...]
    figures: tuple[str, ...]
    facts: tuple[str, ...]
    findings: tuple[str, ...]
    inputs: type
    rule: Rule
    check: Check | None
    fields: tuple[Field, ...]


CALCULATORS: dict[str, Calculator] = {}


def register(
    calculator_id: str,
    *,
    policy_id: str,
    inputs: type,
    clauses: tuple[str, ...],
    figures: tuple[str, ...],
    facts: tuple[str, ...] = (),
    findings: tuple[str, ...],
    check: Check | None = None,
) -> Callable[[Rule], Rule]:
    """Declare the function below as the rule of a calculator."""

    def keep(rule: Rule) -> Rule:
        CALCULATORS[calculator_id] = Calculator(
            id=calculator_id,
            policy=policy_id,
            inputs=inputs,
            rule=rule,
            check=check,
            fields=declared(inputs),
            clauses=tuple(full(policy_id, each) for each in clauses),
            figures=figures,
            facts=facts,
            findings=findings,
        )
        return rule

    return keep


def calculators() -> tuple[Calculator, ...]:
    """Give every calculator, in the order of the policies and their texts."""
    return tuple(CALCULATORS.values())


def calculator(calculator_id: str) -> Calculator:
    """Give a calculator by its id.

    Raises:
        InputErrors: there is none of that id.

    """
    found = CALCULATORS.get(calculator_id) if isinstance(calculator_id, str) else None
    if found:
        return found
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong id pays for it

    asked = str(calculator_id)[:LONGEST_SHOWN]
    near = get_close_matches(asked, CALCULATORS, n=1)
    hint = f"，是不是 {near[0]}" if near else f"，有的是：{'、'.join(CALCULATORS)}"
    raise one_problem("calculator", f"没有“{asked}”这个计算{hint}")


def calculate(
    calculator_id: str,
    inputs: Mapping[str, object],
    as_of: date | None = None,
    *,
    outcome_only: bool = False,
) -> Answer:
    """Answer one question.

    Args:
        calculator_id: such as `grade-from-points`.
        inputs: values under the fields' names; missing and None are the same.
        as_of: the day whose version of the policy counts; None takes the newest, hosts pass today.
        outcome_only: leave out steps and findings; faster, the outcome is the same.

    Raises:
        InputErrors: every problem of the inputs at once.

    """
    chosen = calculator(calculator_id)
    its_policy = policy(chosen.policy)
    version, values = checked(chosen, its_policy, inputs, as_of)
    working = Working(its_policy, version, {}, trace=not outcome_only)
    outcome = to_json(run(chosen, values, working))
    return Answer(
        calculator=chosen.id,
        version=version.effective,
        outcome=outcome,
        steps=tuple(working.steps),
        findings=() if outcome_only else used_findings(chosen, values, working, outcome),
    )


def checked(
    chosen: Calculator,
    its_policy: Policy,
    inputs: Mapping[str, object],
    as_of: date | None,
    *,
    unknown: bool = False,
) -> tuple[Version, dict[str, Any]]:
    """Give the version of a day, and the checked inputs; with `unknown` some may be unknown.

    Raises:
        InputErrors: every problem of both at once, those of the inputs first.

    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    version = its_policy.versions[-1]
    try:
        version = its_policy.version(as_of)
    except InputErrors as error:
        problems += error.problems
    try:
        check = partial(chosen.check, version) if chosen.check else None
        values = parse(chosen.fields, inputs, chosen.policy, check, partial=unknown)
    except InputErrors as error:
        problems[:0] = error.problems
    if problems:
        raise InputErrors(problems)
    return version, values


def run(chosen: Calculator, values: Mapping[str, Any], working: Working) -> Mapping[str, object]:
    """Let the inputs flow through the rule."""
    numbers = {each.name: flowing(each, values[each.name], working) for each in chosen.fields}
    return chosen.rule(chosen.inputs(**numbers), working)


def flowing(each: Field, value: Any, working: Working) -> Any:  # noqa: ANN401
    """Turn the checked numbers into the kind that this run computes with."""
    if value is None:
        return None
    match each.kind:
        case "number" | "integer":
            return working.number(value)
        case "list" if each.item:
            return tuple(flowing(each.item, entry, working) for entry in value)
        case "records" if each.item:
            return tuple(
                {
                    inner.name: flowing(inner, entry[inner.name], working)
                    for inner in each.item.fields
                }
                for entry in value
            )
    return value


def used_findings(
    chosen: Calculator, values: Mapping[str, Any], working: Working, outcome: Mapping[str, object]
) -> tuple[UsedFinding, ...]:
    """Run the rule again under every other reading of each doubt that it used, all else default."""
    return tuple(
        UsedFinding(
            finding=finding,
            others=tuple(
                (reading, other)
                for reading in finding.readings
                if reading != finding.default
                for other in [
                    under(chosen, values, working.policy, working.version, {finding.id: reading})
                ]
                if other != outcome
            ),
        )
        for finding in working.used
    )


def under(
    chosen: Calculator,
    values: Mapping[str, Any],
    its_policy: Policy,
    version: Version,
    readings: Mapping[str, str],
) -> dict[str, object]:
    """Give the outcome under other readings than the default ones."""
    outcome: dict[str, object] = to_json(
        run(chosen, values, Working(its_policy, version, readings, trace=False))
    )
    return outcome
