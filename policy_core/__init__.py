"""The rules of the policy handbook: pure functions from inputs to an answer with its working."""

from importlib import import_module  # noqa: I001 - the rules register in the order of the policies
from typing import TYPE_CHECKING, Any

from policy_core import (
    team_leader,  # noqa: F401
    service_ladder,  # noqa: F401
    officer_training,  # noqa: F401
    rd_grades,  # noqa: F401
    rd_grades_history,  # noqa: F401
    rd_grades_contributions,  # noqa: F401
    rd_grades_standing,  # noqa: F401
    online_store_service,  # noqa: F401
    call_centre,  # noqa: F401
    transfers,  # noqa: F401
)
from policy_core._answer import Answer
from policy_core._errors import InputErrors, ParameterError, PolicyError, Problem
from policy_core._inputs import Field
from policy_core._registry import Calculator, calculate, calculator, calculators
from policy_core._schema import json_schema
from policy_core._versions import Finding, Policy, Version, policies, policy

if TYPE_CHECKING:
    from policy_core._compare import compare
    from policy_core._explain import explain
    from policy_core._jumps import jumps
    from policy_core._seek import seek
    from policy_core.service_quiz import Marking, mark

__all__ = [
    "Answer",
    "Calculator",
    "Field",
    "Finding",
    "InputErrors",
    "Marking",
    "ParameterError",
    "Policy",
    "PolicyError",
    "Problem",
    "Version",
    "calculate",
    "calculator",
    "calculators",
    "compare",
    "explain",
    "json_schema",
    "jumps",
    "mark",
    "policies",
    "policy",
    "seek",
]

# What the first answer of a calculator does not need, and the module that holds it.
ASKED_LATER = {
    "Marking": "service_quiz", "compare": "_compare", "explain": "_explain", "jumps": "_jumps",
    "mark": "service_quiz", "seek": "_seek",
}  # fmt: skip


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function of the package
    """Import the quiz and the questions about an answer when they are asked for."""
    if name not in ASKED_LATER:
        raise AttributeError(f"policy_core has no {name!r}")
    return getattr(import_module(f"policy_core.{ASKED_LATER[name]}"), name)
