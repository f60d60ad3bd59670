"""Everything that can go wrong in the core, in one place.

PolicyError
├── InputErrors      what a reader gave is wrong; all problems at once, in Chinese
└── ParameterError   a parameter file is wrong; for the person who writes it, in English
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class PolicyError(Exception):
    """The base of every error that this package raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with an input: where, what to do about it, and the clause behind it."""

    field: str
    message: str
    clause: str | None = None

    def to_json(self) -> dict[str, str]:
        """Give the problem as JSON; the clause only where there is one."""
        out = {"field": self.field, "message": self.message}
        return out | {"clause": self.clause} if self.clause else out


class InputErrors(PolicyError):
    """All problems of one input."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(f"{each.field}：{each.message}" for each in self.problems))

    def to_json(self) -> dict[str, list[dict[str, str]]]:
        """Give the problems as `{"errors": [...]}`."""
        return {"errors": [each.to_json() for each in self.problems]}


def one_problem(field: str, message: str) -> InputErrors:
    """Make the error for a single problem."""
    return InputErrors([Problem(field=field, message=message)])


class ParameterError(PolicyError):
    """A parameter file says something that no rule can use; names the file and the key."""
