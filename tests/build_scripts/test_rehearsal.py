"""What the engine is tried with: all calls of all calculators, right and wrong, and none breaks the door."""

from __future__ import annotations

import json
from collections import defaultdict

import policy_core
from build_scripts.rehearsal import requests
from policy_core._browser import CALLS, answer

OF_A_CALCULATOR = set(CALLS) - {"mark"}


def test_every_call_of_every_calculator_is_answered_and_refused() -> None:
    answered: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for each in requests():
        told = json.loads(answer(json.dumps(each)))
        answered[str(each["call"]), each.get("calculator", "")].add("errors" not in told)
    ids = {each.id for each in policy_core.calculators()}
    wanted = {(call, each) for call in OF_A_CALCULATOR for each in ids} | {("mark", "")}
    assert {each for each, told in answered.items() if True in told} == wanted
    # A guess is never wrong.
    assert {each for each, told in answered.items() if False in told} >= {
        each for each in wanted if each[0] != "guess"
    }
