"""All answers of a calculator in one table, where there are few: for paper, or where no script runs.

There are few where every input is a choice, but for at most one number, and where along that number the
outcome only jumps, a few times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import policy_core
from build_scripts.touched import said_by
from build_scripts.words import LinkTo, calculator_words
from policy_core import Calculator, Field, InputErrors
from policy_core._exact import rounded
from policy_core._given import reach, resolution
from policy_core._jumps import jumps

MOST_ROWS = 40
FEWEST_ROWS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The table in the reader's words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def all_answers(calculator: Calculator, link: LinkTo) -> Answers | None:
    """Give the table of all answers; None where there are too many for one."""
    rows = few(calculator)
    if not FEWEST_ROWS <= len(rows) <= MOST_ROWS:
        return None
    told = said_by([{"words": calculator_words(calculator.id, link), "rows": rows}])[0]
    return Answers(heads=tuple(told["heads"]), rows=tuple(map(tuple, told["rows"])))


def few(calculator: Calculator) -> list[dict[str, Any]]:
    """List the inputs with their outcomes; nothing where not every one has its own row."""
    numbers = [each for each in calculator.fields if each.kind in {"number", "integer"}]
    chosen = [each for each in calculator.fields if each.kind in {"choice", "boolean"}]
    if len(numbers) > 1 or len(numbers) + len(chosen) < len(calculator.fields):
        return []
    rows: list[dict[str, Any]] = []
    for inputs in combinations(chosen):
        try:
            rows += along(calculator, inputs, numbers[0]) if numbers else [row(calculator, inputs)]
        except InputErrors:
            continue  # these values never go together
        except Growing:
            return []
        if len(rows) > MOST_ROWS:
            break
    return rows


class Growing(Exception):
    """Along the number the outcome grows, so that not every value has its own row."""


def combinations(fields: list[Field]) -> Iterator[dict[str, Any]]:
    """Give every combination of the values of choices."""
    for values in product(*(each.choices or (True, False) for each in fields)):
        yield {each.name: value for each, value in zip(fields, values, strict=True)}


def row(calculator: Calculator, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one combination."""
    outcome = policy_core.calculate(calculator.id, inputs, outcome_only=True).outcome
    return {"inputs": inputs, "open": False, "outcome": outcome}


def along(
    calculator: Calculator, inputs: Mapping[str, Any], field: Field
) -> Iterator[dict[str, Any]]:
    """Give a row for each piece of a number's whole range.

    Raises:
        InputErrors: the inputs go together for no value, or there are far too many pieces.
        Growing: a piece is not the same all along.

    """
    low, high = (rounded(place * resolution(field)) for place in reach(field))
    for piece in jumps(calculator.id, inputs, field.name, low, high)["pieces"]:
        last = policy_core.calculate(
            calculator.id, {**inputs, field.name: piece["to"]}, outcome_only=True
        )
        if last.outcome != piece["outcome"]:
            raise Growing
        yield {
            "inputs": {**inputs, field.name: [piece["from"], piece["to"]]},
            "open": field.maximum is None and piece["to"] == high,
            "outcome": piece["outcome"],
        }
