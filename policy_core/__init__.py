"""The rules of the policy handbook: pure functions from inputs to an answer with its working."""

from policy_core import (  # noqa: I001 - registered in the order of the policies
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
from policy_core._compare import compare
from policy_core._errors import InputErrors, ParameterError, PolicyError, Problem
from policy_core._explain import explain
from policy_core._inputs import Field
from policy_core._jumps import jumps
from policy_core._registry import Calculator, calculate, calculator, calculators
from policy_core._schema import json_schema
from policy_core._seek import seek
from policy_core._versions import Finding, Policy, Version, policies, policy
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
