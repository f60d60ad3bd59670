"""What every answer owes, whatever its rule: all readings of its doubts told, and JSON there and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from policy_core import calculate, policy
from policy_core import calculator as calculator_of
from policy_core._browser import answer


def check_answer(
    calculator: str, inputs: Mapping[str, Any], expected: Callable[..., Mapping[str, Any]]
) -> None:
    """Hold an answer, and the outcome of each other reading, against a second implementation.

    Args:
        calculator: its id.
        inputs: values that the calculator takes.
        expected: gives the outcome for the inputs, with `{finding: reading}` for another reading.

    """
    given = calculate(calculator, inputs).to_json()
    assert given["outcome"] == expected(inputs, {})
    told = {
        (used["id"], other["reading"]): other["outcome"]
        for used in given["findings"]
        for other in used["others"]
    }
    wanted = {}
    for finding in policy(calculator_of(calculator).policy).findings:
        if finding.id in calculator_of(calculator).findings:
            for reading in finding.readings:
                outcome = expected(inputs, {finding.id: reading})
                if outcome != given["outcome"]:
                    wanted[finding.id, reading] = outcome
    assert told == wanted
    request = {"call": "calculate", "calculator": calculator, "inputs": inputs}
    assert json.loads(answer(json.dumps(request, default=float))) == given
    assert calculate(calculator, inputs, outcome_only=True).outcome == given["outcome"]
