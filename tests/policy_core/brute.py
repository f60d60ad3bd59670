"""Brute force: a calculator narrowed to few values, and every one of its outcomes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from policy_core import Calculator, InputErrors, calculator
from policy_core._inputs import Field, parse
from policy_core._registry import CALCULATORS, run
from policy_core._versions import policy
from policy_core._working import Working, to_json

NARROW = "narrow"


def narrowed(calculator_id: str, bounds: Mapping[str, tuple[int, int]]) -> Calculator:
    """Register a copy of a calculator whose numbers are whole and lie within a few bounds."""
    chosen = calculator(calculator_id)
    fields = tuple(narrow(each, bounds) for each in chosen.fields)
    made = dataclasses.replace(chosen, id=NARROW, fields=fields)
    CALCULATORS[NARROW] = made
    return made


def narrow(each: Field, bounds: Mapping[str, tuple[int, int]]) -> Field:
    if each.name not in bounds:
        return each
    low, high = map(Fraction, bounds[each.name])
    return dataclasses.replace(each, kind="integer", minimum=low, maximum=high)


def outcome(chosen: Calculator, values: Mapping[str, object]) -> dict[str, Any]:
    """Give an outcome alone, much quicker than a whole calculation."""
    its_policy = policy(chosen.policy)
    version = its_policy.versions[-1]
    check = partial(chosen.check, version) if chosen.check else None
    parsed = parse(chosen.fields, values, chosen.policy, check)
    found: dict[str, Any] = to_json(
        run(chosen, parsed, Working(its_policy, version, {}, trace=False))
    )
    return found


def domain(each: Field) -> Sequence[object]:
    """List every value of a narrowed field; an optional one may also not be there."""
    if not each.required and each.default is None:
        return (None, *domain(dataclasses.replace(each, required=True)))
    match each.kind:
        case "boolean":
            return (True, False)
        case "choice":
            return each.choices
    assert each.minimum is not None
    assert each.maximum is not None
    return range(int(each.minimum), int(each.maximum) + 1)


def everything(
    chosen: Calculator, known: Mapping[str, object], unknown: Sequence[str]
) -> Iterator[tuple[tuple[object, ...], dict[str, Any]]]:
    """Yield every combination of the unknown inputs, with its outcome laid flat."""
    fields = {each.name: each for each in chosen.fields}
    for combination in product(*(domain(fields[name]) for name in unknown)):
        values = {**known, **dict(zip(unknown, combination, strict=True))}
        try:
            yield combination, flat(outcome(chosen, values))
        except InputErrors:
            continue  # these inputs do not go together


def flat(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401
    """Lay an outcome flat, ranges and lists of words whole."""
    if isinstance(value, dict) and value.keys() != {"min", "max"}:
        found: dict[str, Any] = {}
        for key, each in value.items():
            found |= flat(each, f"{path}.{key}" if path else key)
        return found
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return {
            key: inner
            for index, each in enumerate(value)
            for key, inner in flat(each, f"{path}[{index}]").items()
        }
    return {path: value}
