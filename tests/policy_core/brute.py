"""Brute force: a calculator narrowed to few values, and every one of its outcomes."""

from __future__ import annotations

import dataclasses
from collections import Counter
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


def lists(found: Mapping[str, Any]) -> dict[str, int]:
    """Say how many entries each list of an outcome has."""
    return dict(Counter(path.partition("[")[0] for path in found if path.endswith("].id")))


def summed_up(tried: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Say what all outcomes have in common, and what each of the rest takes among them."""
    columns: dict[str, list[Any]] = {}
    for found in tried:
        for path, value in found.items():
            columns.setdefault(path, []).append(value)
    sizes = [lists(found) for found in tried]
    uneven = {
        name
        for name in set().union(*sizes)
        if any(each.get(name) != sizes[0].get(name) for each in sizes)
    }
    certain, possible = {}, {}
    for path, values in columns.items():
        everywhere = len(values) == len(tried) and all(value == values[0] for value in values)
        if everywhere and path.partition("[")[0] not in uneven:
            certain[path] = values[0]
        else:
            nested = any(other.startswith((f"{path}.", f"{path}[")) for other in columns)
            possible[path] = {"or": union(values)} if nested else union(values)
    return certain, possible


def union(values: list[Any]) -> object:
    """Give the two ends of numbers and ranges, and the values of everything else."""
    ends = [value for value in values if isinstance(value, dict)]
    numbers = [
        value for value in values if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    others = [value for value in values if value is None or isinstance(value, bool | str | list)]
    unique = {repr(value): value for value in others}.values()
    listed = sorted(unique, key=order)
    if not ends and not numbers:
        return listed
    low = min([each["min"] for each in ends] + numbers)
    high = max([each["max"] for each in ends] + numbers)
    return {"min": low, "max": high} | ({"or": listed} if listed else {})


def order(value: object) -> tuple[int, list[str]]:
    """Put nothing first, then no, yes, and words."""
    if value is None or isinstance(value, bool):
        return (-1 if value is None else int(value), [])
    return (2, value if isinstance(value, list) else [str(value)])


def dependent(
    unknown: tuple[str, ...], tried: list[tuple[tuple[object, ...], dict[str, Any]]]
) -> dict[str, set[str]]:
    """Say which field of the outcome changes where one input alone is changed."""
    found: dict[str, set[str]] = {}
    for place, name in enumerate(unknown):
        first: dict[tuple[object, ...], dict[str, Any]] = {}
        for combination, now in tried:
            others = combination[:place] + combination[place + 1 :]
            before = first.setdefault(others, now)
            for path in before.keys() | now.keys():
                if before.get(path, NARROW) != now.get(path, NARROW):
                    found.setdefault(name, set()).add(path.partition(".")[0].partition("[")[0])
    return found
