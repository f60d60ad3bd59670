"""Tables of cases that a person can check by hand; every host runs the same ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question and what the answer must say; `outcome` holds only what the case is about.

    `steps`, where it is there, is the whole working, a step a line: label｜expression｜value｜clause.
    `told` is what is wrong, a line each: field｜message｜clause; `errors` are the fields alone.
    """

    calculator: str
    name: str
    clause: str
    input: Mapping[str, Any]
    outcome: Mapping[str, Any] = field(default_factory=dict)
    findings: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[str, ...]:
        """Name the fields in which something is wrong."""
        return tuple(line.partition("｜")[0] for line in self.told)

    def __str__(self) -> str:
        return f"{self.calculator}: {self.name}"


def nulled(value: Any) -> Any:  # noqa: ANN401
    """Read "null" as null, which TOML cannot write."""
    if isinstance(value, dict):
        return {key: nulled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [nulled(each) for each in value]
    return None if value == "null" else value


def load_cases() -> list[Case]:
    """Read every table."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for raw in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            raw["told"] = tuple(raw.pop("errors", ()))
            raw["steps"] = tuple(raw.get("steps", ()))
            for name in ("outcome", "findings"):
                raw[name] = nulled(raw.get(name, {}))
            found.append(Case(calculator=path.stem, **raw))
    return found
