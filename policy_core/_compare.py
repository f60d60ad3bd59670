"""Where two answers differ: two cases, or one case on two days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from policy_core._asking import Inputs
from policy_core._errors import InputErrors, Problem
from policy_core._answer import Answer
from policy_core._registry import calculate


def compare(
    calculator_id: str,
    left: Inputs,
    right: Inputs,
    as_of: tuple[date | None, date | None] = (None, None),
) -> dict[str, object]:
    """Give every part of the outcome in which two answers differ, and both answers.

    Args:
        calculator_id: such as `grade-from-points`.
        left: the inputs of one case.
        right: those of the other.
        as_of: the day of each.

    Raises:
        InputErrors: every problem of both; its field says on which side.

    """
    problems: list[Problem] = []
    answers: list[Answer] = []
    for side, inputs, day in zip(("left", "right"), (left, right), as_of, strict=True):
        try:
            answers.append(calculate(calculator_id, inputs, day))
        except InputErrors as error:
            problems += [
                Problem(field=f"{side}.{each.field}", message=each.message, clause=each.clause)
                for each in error.problems
            ]
    if problems:
        raise InputErrors(problems)
    one, other = (each.to_json() for each in answers)
    return {
        "differences": list(differences("", one["outcome"], other["outcome"])),
        "left": one,
        "right": other,
    }


def differences(path: str, left: object, right: object) -> Iterator[dict[str, object]]:
    """Go down two values side by side, and give each place where they part; what is not there is null."""
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        for key in {**left, **right}:
            inner = f"{path}.{key}" if path else str(key)
            yield from differences(inner, left.get(key), right.get(key))
    elif isinstance(left, list) and isinstance(right, list):
        for index in range(max(len(left), len(right))):
            one, other = (each[index] if index < len(each) else None for each in (left, right))
            yield from differences(f"{path}[{index}]", one, other)
    elif left != right:
        yield {"path": path, "left": left, "right": right}
