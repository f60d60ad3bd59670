"""An answer: what comes out, how, and which doubtful clauses it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy_core._versions import Finding
from policy_core._working import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFinding:
    """A doubt that an answer rests on; `others` holds the readings that would change the outcome."""

    finding: Finding
    others: tuple[tuple[str, Mapping[str, object]], ...]

    def to_json(self) -> dict[str, object]:
        """Give the finding as the contract's JSON."""
        return {
            "id": self.finding.id,
            "reading": self.finding.default or None,
            "clauses": list(self.finding.clauses),
            "message": self.finding.message,
            "others": [
                {"reading": reading, "outcome": outcome} for reading, outcome in self.others
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a calculation gives; numbers in it are rounded to two places at most."""

    calculator: str
    version: date
    outcome: Mapping[str, object]
    steps: tuple[Step, ...]
    findings: tuple[UsedFinding, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the answer as the contract's JSON."""
        return {
            "calculator": self.calculator,
            "version": self.version.isoformat(),
            "outcome": dict(self.outcome),
            "steps": [step.to_json() for step in self.steps],
            "findings": [finding.to_json() for finding in self.findings],
        }
