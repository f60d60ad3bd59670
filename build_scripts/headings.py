"""The words of the labels, as the core names the columns of a batch by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import policy_core
from build_scripts.words import LabelError, load_labels
from policy_core._headings import Headings, Words

type Style = Literal["labels", "fields"]


def headings_in(calculator_id: str, style: Style) -> Headings:
    """Make the headings of one calculator's results in one of the two styles."""
    fields = policy_core.calculator(calculator_id).fields
    return Headings(fields, words_of_policy(calculator_id) if style == "labels" else ())


def words_of_policy(calculator_id: str) -> list[Words]:
    """Give the words of a calculator, then those of the others of its policy."""
    policy_id = policy_core.calculator(calculator_id).policy
    others = [each.id for each in policy_core.calculators() if each.policy == policy_id]
    labels = map(load_labels, sorted(others, key=lambda each: each != calculator_id))
    return [Words(inputs=each.inputs, outcome=each.outcome) for each in labels]


def input_words(calculator_id: str) -> Mapping[str, Mapping[str, Any]]:
    """Give the words of a calculator's inputs; one without labels goes by its fields' names."""
    try:
        return load_labels(calculator_id).inputs
    except LabelError:
        return {}
