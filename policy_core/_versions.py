"""Dated figures and doubts: `parameters/<policy>.toml`, read once and checked whole.

A figure is a table with a `clause`; its numbers stand under the keys of `NUMBERS`. A list of such tables
is one figure with several lines. Versions stand in the order of their dates; a calculation takes the
last one that is in force on its day, and never the nearest one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise

from policy_core._clause import full
from policy_core._errors import ParameterError, one_problem
from policy_core._exact import exact

NUMBERS = ("value", "min", "max", "from", "to")
ORDER = (
    "team-leader",
    "service-ladder",
    "academic-titles",
    "officer-training",
    "rd-grades",
    "online-store-service",
    "call-centre",
    "service-quiz",
    "transfers",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Numbers that a policy decides, with their unit and the clause that decides them.

    `words` is set where the text prints them otherwise than number and unit; `also` names further
    clauses that repeat them.
    """

    clause: str
    unit: str
    numbers: Mapping[str, Fraction]
    texts: Mapping[str, str]
    words: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """All figures of a policy from a day on."""

    effective: date
    figures: Mapping[str, tuple[Figure, ...]]

    def __hash__(self) -> int:
        return hash(self.effective)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A doubt in a text: what is unclear, how it is read by default, and how else it could be read.

    `kinds` says under which kinds the check finds it in the text; empty where only a person can see it.
    """

    policy: str
    id: str
    clauses: tuple[str, ...]
    title: str
    message: str
    default: str
    readings: Mapping[str, str]
    kinds: tuple[str, ...]

    def __hash__(self) -> int:
        return hash((self.policy, self.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy: its dated figures and its doubts."""

    id: str
    versions: tuple[Version, ...]
    findings: tuple[Finding, ...]

    def __hash__(self) -> int:
        return hash(self.id)

    def version(self, as_of: date | None) -> Version:
        """Give the version in force on a day; without a day, the newest.

        Raises:
            InputErrors: the day lies before the first version.

        """
        if as_of is None:
            return self.versions[-1]
        for version in reversed(self.versions):
            if version.effective <= as_of:
                return version
        first = self.versions[0].effective
        message = f"填的是 {as_of}，这项制度从 {first} 起才有，应填这一天或更晚"
        raise one_problem("as_of", message)

    def finding(self, finding_id: str) -> Finding:
        """Give a finding by its id."""
        for finding in self.findings:
            if finding.id == finding_id:
                return finding
        raise ParameterError(f"{self.id}.toml has no finding {finding_id!r}")


@cache
def policy(policy_id: str) -> Policy:
    """Read one policy's parameter file.

    Raises:
        ParameterError: the file is missing or says something that no rule can use.

    """
    # The package's loader reads from a folder and from an archive alike, and costs no further import.
    loader, folder = __spec__.loader, __spec__.origin.rpartition("/")[0]  # type: ignore[union-attr]
    try:
        text = loader.get_data(f"{folder}/parameters/{policy_id}.toml").decode()  # type: ignore[union-attr]
    except OSError as error:
        raise ParameterError(f"there is no policy {policy_id!r}") from error
    return parse_policy(policy_id, text)


@cache
def policies() -> tuple[Policy, ...]:
    """Read every policy: the nine in the order of their collection, then others by name."""
    from importlib.resources import files  # noqa: PLC0415 - only the build lists them all

    folder = files("policy_core") / "parameters"
    found = {
        each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml")
    }
    ordered = [each for each in ORDER if each in found]
    return tuple(policy(each) for each in [*ordered, *sorted(found.difference(ordered))])


def parse_policy(policy_id: str, text: str) -> Policy:
    """Read the text of a parameter file.

    Raises:
        ParameterError: unknown or misshaped entries, versions out of order; names file and key.

    """
    name = f"{policy_id}.toml"
    try:
        raw = tomllib.loads(text, parse_float=exact_toml)
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{name}: {error}") from error
    # The clause ledger says what becomes of the clauses that no rule decides: the build reads it.
    unknown = raw.keys() - {"version", "finding", "ledger"}
    if unknown:
        raise ParameterError(
            f"{name}: unknown tables {sorted(unknown)}; allowed are version, finding, ledger"
        )
    versions = tuple(read_version(name, each) for each in raw.get("version", []))
    days = [version.effective for version in versions]
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ParameterError(
            f"{name}: versions must stand in the order of their dates, each date once"
        )
    findings = tuple(read_finding(policy_id, name, each) for each in raw.get("finding", []))
    ids = [finding.id for finding in findings]
    for each in ids:
        if ids.count(each) > 1:
            raise ParameterError(f"{name}: finding {each!r} stands twice")
    return Policy(id=policy_id, versions=versions, findings=findings)


def exact_toml(printed: str) -> Fraction:
    """Take a TOML number as it is printed."""
    return Fraction(printed)


def read_version(name: str, raw: Mapping[str, object]) -> Version:
    """Read one `[[version]]`."""
    effective = raw.get("effective")
    if not isinstance(effective, date):
        raise ParameterError(f"{name}: a version needs `effective`, a date, not {effective!r}")
    figures = {}
    for key, value in raw.items():
        if key == "effective":
            continue
        lines = value if isinstance(value, list) else [value]
        figures[key] = tuple(read_figure(f"{name}: {key}", each) for each in lines)
        if not lines:
            raise ParameterError(f"{name}: {key} is empty")
    return Version(effective=effective, figures=figures)


def read_figure(place: str, raw: object) -> Figure:
    """Read one figure."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("clause"), str):
        raise ParameterError(f"{place} must be a table with a clause, not {raw!r}")
    numbers, texts = {}, {}
    for key, value in raw.items():
        if key in NUMBERS:
            if isinstance(value, bool) or not isinstance(value, int | Fraction):
                raise ParameterError(f"{place}.{key} must be a number, not {value!r}")
            numbers[key] = exact(value)
        elif key == "also":
            if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
                raise ParameterError(f"{place}.also must be a list of clauses, not {value!r}")
        elif isinstance(value, str):
            texts[key] = value
        else:
            raise ParameterError(
                f"{place}.{key} must be words; numbers stand under {', '.join(NUMBERS)}"
            )
    return Figure(
        clause=texts.pop("clause"),
        unit=texts.pop("unit", ""),
        words=texts.pop("words", ""),
        also=tuple(raw.get("also", ())),
        numbers=numbers,
        texts=texts,
    )


def read_finding(policy_id: str, name: str, raw: Mapping[str, object]) -> Finding:
    """Read one `[[finding]]`."""
    place = f"{name}: finding {raw.get('id')!r}"
    unknown = raw.keys() - {
        "id", "clauses", "kinds", "title", "message", "default", "readings",
    }  # fmt: skip
    if unknown:
        raise ParameterError(f"{place}: unknown keys {sorted(unknown)}")
    for key in ("id", "title", "message"):
        if not isinstance(raw.get(key), str):
            raise ParameterError(f"{place}: {key} must be words, not {raw.get(key)!r}")
    clauses, readings, default = raw.get("clauses"), raw.get("readings", {}), raw.get("default", "")
    if not isinstance(clauses, list) or not all(isinstance(each, str) for each in clauses):
        raise ParameterError(f"{place}: clauses must be a list of clauses, not {clauses!r}")
    kinds = raw.get("kinds", [])
    if not isinstance(kinds, list) or not all(isinstance(each, str) for each in kinds):
        raise ParameterError(f"{place}: kinds must be a list of words, not {kinds!r}")
    if not isinstance(readings, Mapping) or (
        (default or readings) and default != next(iter(readings), None)
    ):
        raise ParameterError(
            f"{place}: the default reading {default!r} must be the first of its readings"
        )
    return Finding(
        policy=policy_id,
        id=str(raw["id"]),
        clauses=tuple(full(policy_id, each) for each in clauses),
        title=str(raw["title"]),
        message=str(raw["message"]),
        default=str(default),
        readings={str(key): str(value) for key, value in readings.items()},
        kinds=tuple(kinds),
    )
