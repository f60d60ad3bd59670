"""What a doubt touches: small inputs under which its readings differ, and the share of a plain grid.

The search starts from the table of cases and from the grid, and makes inputs smaller while the readings still
differ: an entry less, an optional field less, a number nearer to nothing, an option further up. So no single
thing in an example can be smaller, and it is the same on every machine. What was found is kept in `.cache/`,
by the hash of all that it depends on.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path
from typing import Any

import policy_core
from build_scripts.words import (
    CASES,
    FOLDER,
    PLACEHOLDER,
    Labels,
    LinkTo,
    calculator_words,
    cases,
    load_labels,
)
from policy_core import Calculator, Field, InputErrors

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
STARTS = 5  # of the inputs under which readings differ, so many are made smaller
GRID = 300  # inputs a calculator, about
# What a number takes in the grid: each small one, then wider apart; between two bounds, even steps.
UPWARD = (*range(13), 15, 20, 30, 45, 60, 100)
STEPS = 10
ENTRIES = (1, 3, 6, 12)
DAYS = ("2024-01-31", "2024-02-29", "2023-05-15")


type Outcome = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One doubt in the answers of one calculator.

    `outcomes` are those of `inputs` under each reading, the default first; empty where no input was found
    under which they differ. `share` is the percentage of the grid that the doubt changes.
    """

    calculator: str
    finding: str
    inputs: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A doubt's example in the reader's words; `outcomes` go with the finding's readings, in their order."""

    calculator: str
    inputs: str
    outcomes: tuple[str, ...]
    fragment: str
    share: float


def examples(link: LinkTo) -> dict[tuple[str, str], Example]:
    """Say the smallest example of every doubt that can change an answer: by policy and finding."""
    found: dict[tuple[str, str], Touched] = {}
    for each in all_touched():
        place = policy_core.calculator(each.calculator).policy, each.finding
        if each.outcomes and (place not in found or size(each.inputs) < size(found[place].inputs)):
            found[place] = each
    asked = [
        {
            "words": calculator_words(each.calculator, link),
            "inputs": each.inputs,
            "outcomes": each.outcomes,
        }
        for each in found.values()
    ]
    return {
        place: Example(
            calculator=each.calculator, inputs=said["inputs"], outcomes=tuple(said["outcomes"]),
            fragment=said["fragment"], share=each.share,
        )
        for (place, each), said in zip(found.items(), said_by(asked), strict=True)
    }  # fmt: skip


def said_by(asked: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Let the page's own modules say inputs and outcomes in the reader's words.

    Raises:
        SystemExit: they could not; shows why.

    """
    told = subprocess.run(
        ["node", str(Path(__file__).with_name("said.mjs"))],
        input=json.dumps(asked), capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if told.returncode:
        sys.exit(f"{told.stderr}\ninputs and outcomes could not be said in words")
    found: list[dict[str, Any]] = json.loads(told.stdout)
    return found


def all_touched() -> tuple[Touched, ...]:
    """Search every calculator, or read what was found for the same rules, figures and cases."""
    key = hashlib.sha256()
    core = [path for path in (ROOT / "policy_core").rglob("*") if path.suffix in {".py", ".toml"}]
    code = [Path(__file__), Path(__file__).with_name("words.py")]
    for path in sorted([*core, *CASES.glob("*.toml"), *FOLDER.glob("*.toml"), *code]):
        key.update(path.read_bytes())
    kept = CACHE / f"touched-{key.hexdigest()[:16]}.json"
    if kept.exists():
        return tuple(Touched(**each) for each in json.loads(kept.read_text(encoding="utf-8")))
    found = tuple(each for calculator in policy_core.calculators() for each in touched(calculator))
    CACHE.mkdir(exist_ok=True)
    for old in CACHE.glob("touched-*"):
        old.unlink(missing_ok=True)
    beside = kept.with_suffix(f".{os.getpid()}")
    beside.write_text(
        json.dumps([asdict(each) for each in found], ensure_ascii=False), encoding="utf-8"
    )
    beside.replace(kept)
    return found


def touched(calculator: Calculator) -> tuple[Touched, ...]:
    """Search the doubts of a calculator that have readings."""
    wanted = [
        finding.id
        for finding in policy_core.policy(calculator.policy).findings
        if finding.readings and finding.id in calculator.findings
    ]
    asked = Asked(calculator)
    grid = list(plain_grid(calculator.fields)) if wanted else []
    answered = [found for inputs in grid if (found := asked.differing(inputs)) is not None]
    starts = sorted((*cases(calculator.id), *grid), key=size)
    return tuple(
        example(
            asked, name, starts,
            round(100 * len([each for each in answered if name in each]) / (len(answered) or 1), 1),
        )
        for name in wanted
    )  # fmt: skip


def example(asked: Asked, finding: str, starts: Sequence[Outcome], share: float) -> Touched:
    """Make a few of the inputs under which the readings differ smaller, and keep the smallest."""
    differ = [each for each in starts if finding in (asked.differing(each) or {})]
    small = sorted((shrink(asked, finding, each) for each in differ[:STARTS]), key=size)
    inputs = small[0] if small else {}
    outcomes = (asked.differing(inputs) or {}).get(finding, ()) if small else ()
    return Touched(
        calculator=asked.calculator.id,
        finding=finding,
        inputs=inputs,
        outcomes=outcomes,
        share=share,
    )


class Asked:
    """The answers of one calculator, each computed once."""

    def __init__(self, calculator: Calculator) -> None:
        self.calculator = calculator
        self._paths = first_told(load_labels(calculator.id))
        self._kept: dict[str, dict[str, tuple[Outcome, ...]] | None] = {}

    def differing(self, inputs: Mapping[str, Any]) -> dict[str, tuple[Outcome, ...]] | None:
        """Give the outcomes by reading of every doubt that changes what is told; None for bad inputs."""
        key = json.dumps(inputs, sort_keys=True)
        if key not in self._kept:
            self._kept[key] = self._ask(inputs)
        return self._kept[key]

    def _ask(self, inputs: Mapping[str, Any]) -> dict[str, tuple[Outcome, ...]] | None:
        try:
            answer = policy_core.calculate(self.calculator.id, inputs)
        except InputErrors:
            return None
        return {
            used.finding.id: tuple(
                dict(used.others).get(reading, answer.outcome) for reading in used.finding.readings
            )
            for used in answer.findings
            if any(self._told(outcome) != self._told(answer.outcome) for _, outcome in used.others)
        }

    def _told(self, outcome: Outcome) -> list[Any]:
        """Give what a reader is told first: the facts, and what the headline speaks of."""
        return [at(outcome, path) for path in self._paths]


def first_told(labels: Labels) -> list[str]:
    """List the parts of an outcome that stand in the facts or in a headline."""
    named = [
        path
        for each in labels.headlines
        for path in (
            *each.get("when", ()),
            *PLACEHOLDER.findall(each["text"] + each.get("aside", "")),
        )
    ]
    return [*labels.facts, *named]


def at(outcome: Any, path: str) -> Any:  # noqa: ANN401 - an outcome is JSON
    """Read `a.b` out of an outcome."""
    for name in path.split("."):
        outcome = outcome.get(name) if isinstance(outcome, Mapping) else None
    return outcome


def shrink(asked: Asked, finding: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Make inputs smaller, one thing at a time, while the readings still differ."""
    fields = {each.name: each for each in asked.calculator.fields}
    smaller = True
    while smaller:
        smaller = False
        for candidate in reduced(fields, inputs):
            if size(candidate) < size(inputs) and finding in (asked.differing(candidate) or {}):
                inputs, smaller = candidate, True
                break
    return inputs


def reduced(fields: Mapping[str, Field], inputs: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give inputs that are smaller in one thing."""
    for name, value in inputs.items():
        field = fields[name]
        if not field.required:
            yield {key: each for key, each in inputs.items() if key != name}
        for less in less_of(field, value):
            yield {**inputs, name: less}


def less_of(field: Field, value: Any) -> Iterator[Any]:  # noqa: ANN401 - inputs are JSON
    """Give smaller values of one field, the smallest first."""
    if isinstance(value, list) and field.item:
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, entry in enumerate(value):
            for less in less_of(field.item, entry):
                yield [*value[:index], less, *value[index + 1 :]]
    elif isinstance(value, dict):
        yield from reduced({each.name: each for each in field.fields}, value)
    elif field.choices:
        yield from field.choices[: field.choices.index(value)]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        nearest = int(field.minimum) if field.minimum is not None and field.minimum > 0 else 0
        yield from (nearest, int(value / 2), int(value) - 1, int(value), int(value) + 1)


def size(value: Any) -> tuple[int, float, str]:  # noqa: ANN401 - inputs are JSON
    """Measure inputs: how many things are said, how far from nothing the numbers are, yes before no."""
    leaves = list(leaves_of(value))
    numbers = [
        each for each in leaves if isinstance(each, int | float) and not isinstance(each, bool)
    ]
    text = json.dumps(value, ensure_ascii=False, sort_keys=True).replace("true", "a")
    return len(leaves), sum(map(abs, numbers)), text


def leaves_of(value: Any) -> Iterator[Any]:  # noqa: ANN401 - inputs are JSON
    """Walk the single values of inputs."""
    match value:
        case dict():
            for each in value.values():
                yield from leaves_of(each)
        case list():
            for each in value:
                yield from leaves_of(each)
        case _:
            yield value


def plain_grid(fields: Sequence[Field]) -> Iterator[dict[str, Any]]:
    """Give a plain grid: every field in even steps, and of all combinations an even selection."""
    axes = {field.name: axis(field) for field in fields}
    total = prod(map(len, axes.values()))
    # An odd stride, so that no axis of even length stands still.
    for place in range(0, total, max(1, total // GRID) | 1):
        rest, chosen = place, {}
        for name, values in reversed(axes.items()):
            rest, index = divmod(rest, len(values))
            chosen[name] = values[index]
        yield {name: chosen[name] for name in axes if chosen[name] is not None}


def axis(field: Field) -> list[Any]:
    """Give the values that one field takes in the grid."""
    match field.kind:
        case "boolean":
            values: list[Any] = [False, True]
        case "choice":
            values = list(field.choices)
        case "date":
            values = list(DAYS)
        case "number" | "integer":
            values = numbers(field)
        case "list" if field.item:
            inner = axis(field.item)
            values = [
                [inner[(start + index) % len(inner)] for index in range(length)]
                for length in ENTRIES for start in range(len(inner))
            ]  # fmt: skip
        case "records" if field.item:
            inner = list(itertools.islice(plain_grid(field.item.fields), 0, None, GRID // 25))
            values = [inner[at : at + length] for length in (1, 2) for at in range(len(inner))]
        case _:
            values = ["甲"]
    return values if field.required else [None, *values]


def numbers(field: Field) -> list[int]:
    """Give the whole numbers that one field takes."""
    if field.minimum is not None and field.maximum is not None:
        low, high = int(field.minimum), int(field.maximum)
        return list(range(low, high + 1, max(1, (high - low) // STEPS)))
    if field.minimum is None:
        return [-each for each in UPWARD[:0:-4]] + list(UPWARD)
    return [int(field.minimum) + each for each in UPWARD]
