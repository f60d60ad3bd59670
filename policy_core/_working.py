"""The working of an answer: numbers that remember how they were made, and the record of steps.

A rule is ordinary arithmetic. Which numbers flow through it decides what comes out: `Traced` numbers
print the steps, plain ones give the outcome alone, and both come from the same line of the rule. A plain
number is a fraction, or an int where it is whole: that is exact too, and many times as fast. Only `/`
would leave the exact numbers then, so a rule divides by `Working.divided`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Any, cast

from policy_core._clause import full
from policy_core._exact import PLACES, rounded, shown
from policy_core._versions import Figure, Finding, Policy, Version

SUM, PRODUCT, ATOM = 1, 2, 3
PERCENT = Fraction(100)
ALWAYS = (True,)


class Traced:
    """An exact number with the expression that made it; `rank` says where it needs brackets."""

    __slots__ = ("rank", "text", "value")

    def __init__(self, value: Fraction, text: str, rank: int = ATOM) -> None:
        self.value = value
        self.text = text
        self.rank = rank

    def within(self, rank: int) -> str:
        """Print the expression as an operand, in brackets where it binds less."""
        return f"({self.text})" if self.rank < rank else self.text

    def __add__(self, other: object) -> Traced:
        right = traced(other)
        # A negative number is taken away: 44 + −0.5 is not how a person writes it.
        added = f"− {right.text[1:]}" if right.text.startswith("−") else f"+ {right.text}"
        return Traced(self.value + right.value, f"{self.text} {added}", SUM)

    def __radd__(self, other: object) -> Traced:
        # sum() starts from 0, which belongs to no expression.
        return self if other == 0 else traced(other) + self

    def __sub__(self, other: object) -> Traced:
        right = traced(other)
        return Traced(self.value - right.value, f"{self.text} − {right.within(PRODUCT)}", SUM)

    def __rsub__(self, other: object) -> Traced:
        return traced(other) - self

    def __mul__(self, other: object) -> Traced:
        right = traced(other)
        text = f"{self.within(PRODUCT)} × {right.within(ATOM)}"
        return Traced(self.value * right.value, text, PRODUCT)

    def __rmul__(self, other: object) -> Traced:
        return traced(other) * self

    def __truediv__(self, other: object) -> Traced:
        right = traced(other)
        text = f"{self.within(PRODUCT)} ÷ {right.within(ATOM)}"
        return Traced(self.value / right.value, text, PRODUCT)

    def __rtruediv__(self, other: object) -> Traced:
        return traced(other) / self

    def __floordiv__(self, other: object) -> Traced:
        right = traced(other)
        text = f"取整({self.within(PRODUCT)} ÷ {right.within(ATOM)})"
        return Traced(Fraction(self.value // right.value), text)

    def __rfloordiv__(self, other: object) -> Traced:
        return traced(other) // self

    def __ge__(self, other: object) -> Decided:
        right = traced(other)
        return Decided(f"{self.text} ≥ {right.text}", self.value >= right.value)

    def __gt__(self, other: object) -> Decided:
        right = traced(other)
        return Decided(f"{self.text} > {right.text}", self.value > right.value)

    def __le__(self, other: object) -> Decided:
        right = traced(other)
        return Decided(f"{self.text} ≤ {right.text}", self.value <= right.value)

    def __lt__(self, other: object) -> Decided:
        right = traced(other)
        return Decided(f"{self.text} < {right.text}", self.value < right.value)

    def __eq__(self, other: object) -> bool:
        return self.value == traced(other).value

    def __hash__(self) -> int:
        return hash(self.value)


class Decided:
    """A comparison of traced numbers: its printed form, and whether it holds."""

    __slots__ = ("holds", "text")

    def __init__(self, text: str, holds: bool) -> None:
        self.text = text
        self.holds = holds

    def __bool__(self) -> bool:
        return self.holds


def traced(value: object) -> Traced:
    """Take a number into an expression as it stands."""
    return value if isinstance(value, Traced) else Traced(plain(value), shown(plain(value)))


def plain(value: object) -> Fraction:
    """Give the exact number behind whatever flows through a rule."""
    return Fraction(cast("Fraction", getattr(value, "value", value)))


def light(value: Fraction) -> Fraction:
    """Give a plain number as an int where it is whole. Typed as the number it stands for."""
    return cast("Fraction", value.numerator) if value.denominator == 1 else value


def told(value: object) -> str:
    """Print whatever number or word flows through a rule, for a reader."""
    if isinstance(value, str):
        return value
    return shown(value.value if isinstance(value, Traced) else cast("Fraction", value))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of the working: enough to redo it by hand."""

    label: str
    expression: str
    value: object
    unit: str
    clause: str

    def to_json(self) -> dict[str, object]:
        """Give the step as the contract's JSON."""
        return {
            "label": self.label,
            "expression": self.expression,
            "value": to_json(self.value),
            "unit": self.unit,
            "clause": self.clause,
        }


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """Turn a rule's values into JSON: numbers are rounded here, once, and nowhere else."""
    match value:
        case None | str() | int():
            return value
        case dict() | Mapping():
            return {str(key): to_json(each) for key, each in value.items()}
        case Fraction():
            return rounded(value)
        case Traced():
            return rounded(value.value)
        case Decided():
            return value.holds
        case Iterable():
            return [to_json(each) for each in value]
    raise TypeError(f"a rule gave a {type(value).__name__}")


class Row:
    """One figure as a rule reads it: its numbers flow through the arithmetic, its words stay words.

    `number` turns a number into the kind that flows; without it they flow as they are.
    """

    __slots__ = ("_figure", "_number", "clause")

    def __init__(self, figure: Figure, number: Any, clause: str) -> None:  # noqa: ANN401
        self._figure = figure
        self._number = number
        self.clause = clause

    def number(self, key: str = "value") -> Fraction:
        """Give one of the figure's numbers."""
        value = self._figure.numbers[key]
        return cast("Fraction", self._number(value)) if self._number else value

    def has(self, key: str) -> bool:
        """Tell whether the figure has this number: an open range has no `to`."""
        return key in self._figure.numbers

    def text(self, key: str) -> str:
        """Give one of the figure's words."""
        return self._figure.texts[key]


@cache
def plain_tables(policy: Policy, version: Version) -> Mapping[str, list[Row]]:
    """Make the lines of all figures once for all runs in which plain numbers flow."""
    return {
        name: [
            Row(
                replace(each, numbers={key: light(number) for key, number in each.numbers.items()}),
                None,
                full(policy.id, each.clause),
            )
            for each in lines
        ]
        for name, lines in version.figures.items()
    }


class Working:
    """What a rule is given beside its inputs: figures, readings, and the record of what it did."""

    def __init__(
        self, policy: Policy, version: Version, chosen: Mapping[str, str], *, trace: bool
    ) -> None:
        self.policy = policy
        self.version = version
        self.trace = trace
        self.steps: list[Step] = []
        self.used: list[Finding] = []
        self.subject = ""
        self._chosen = chosen
        self._plain = {} if trace else plain_tables(policy, version)

    def number(self, value: Fraction) -> Fraction:
        """Let a number flow through the rule: traced or plain. Typed as the number it stands for."""
        return cast("Fraction", Traced(value, *printed(value))) if self.trace else light(value)

    def whole(self, value: Fraction) -> int:
        """Give a whole number that flows through the rule as an int, to count, slice or loop with."""
        return int(plain(value))

    def alone(self, value: Fraction) -> Fraction:
        """Let a number go on without the expression that made it."""
        return self.number(plain(value)) if self.trace else value

    def latest[Entry](self, entries: Sequence[Entry], count: Fraction) -> Sequence[Entry]:
        """Take the latest entries, or all where there are fewer."""
        return entries[max(len(entries) - self.whole(count), 0) :]

    def how_often[Entry](
        self, entries: Sequence[Entry], test: Callable[[Entry], bool], *, running: bool = False
    ) -> int:
        """Count the entries that pass a test: in all, or the most in a row."""
        holds = [bool(test(each)) for each in entries]
        if not running:
            return sum(holds)
        return max((len(list(run)) for value, run in groupby(holds) if value), default=0)

    def count(self, entries: Sequence[object]) -> int:
        """Count entries."""
        return len(entries)

    def listed(self, entries: Iterable[object]) -> str:
        """Print entries as a person lists them, where the working is printed."""
        return ("、".join(map(told, entries)) or "没有") if self.trace else ""

    def apart[*Given, Made](
        self, name: str, make: Callable[[*Given], Made], *values: *Given
    ) -> Made:
        """Make a field of the outcome on which nothing else depends: `name` it, and ask for it first."""
        del name
        return make(*values)

    def derived[*Given, Made](self, make: Callable[[*Given], Made], *values: *Given) -> Made:
        """Make something of values of which one is no number, such as a day."""
        return make(*values)

    def mean(self, values: Sequence[Fraction]) -> Fraction:
        """Give the mean of one number or more."""
        return self.divided(sum(values, Fraction(0)), len(values))

    def divided(self, number: Fraction, by: Fraction | int) -> Fraction:
        """Divide exactly, whole numbers too."""
        return number / (Fraction(by) if isinstance(by, int) else by)

    def figure(self, name: str) -> Row:
        """Read a figure of the version in force."""
        return self.rows(name)[0]

    def rows(self, name: str) -> list[Row]:
        """Read a figure that has several lines, in their order."""
        if not self.trace:
            return self._plain[name]
        return [
            Row(each, self.number, full(self.policy.id, each.clause))
            for each in self.version.figures[name]
        ]

    def percent(self, value: Fraction) -> Fraction:
        """Read a number of percent as the share it is."""
        if not self.trace:
            return value / PERCENT
        return cast("Fraction", Traced(plain(value) / PERCENT, f"{traced(value).within(ATOM)}%"))

    def about(self, subject: str) -> None:
        """Name what the steps from here on are about, where a rule does the same thing many times."""
        self.subject = f"{subject}，"

    def step(self, label: str, value: Fraction | int, unit: str, clause: str) -> Fraction:
        """Record the expression that made a value, and go on with the value."""
        if not isinstance(value, Traced):
            return cast("Fraction", value)
        number = value.value
        self._record(label, value.text, number, unit, clause)
        # A value that two places cannot hold goes on as its own expression, so that it re-computes.
        return self.number(number) if (number * PLACES).denominator == 1 else value

    def decide(
        self,
        label: str,
        holds: bool,
        clause: str,
        *,
        wanted: bool | None = None,
        condition: str = "",
    ) -> bool:
        """Record a comparison that decides, and say whether it holds.

        Args:
            label: the decision in the reader's words.
            holds: the comparison.
            clause: the clause that decides.
            wanted: how it must come out to be a condition that is met; without it, it is no condition.
            condition: the condition's id, where it is not that of the figure it is held against.

        """
        del wanted, condition  # `explain` tells what is not met
        if isinstance(holds, Decided):
            self._record(label, holds.text, holds.holds, "", clause)
        return bool(holds)

    def found(self, label: str, expression: str, value: object, unit: str, clause: str) -> None:
        """Record what was read off a table: the comparison that chose the line, and what stands there."""
        if self.trace:
            self._record(label, expression, value, unit, clause)

    def _record(self, label: str, expression: str, value: object, unit: str, clause: str) -> None:
        clause, label = full(self.policy.id, clause), self.subject + label
        self.steps.append(
            Step(label=label, expression=expression, value=value, unit=unit, clause=clause)
        )

    def reading(self, finding_id: str, where: Iterable[bool] = ALWAYS) -> str:
        """Give the reading in force of a doubtful clause that this answer uses.

        It is the default one, and the clause is not used, where none of the comparisons `where` holds.
        """
        if not any(where):
            return self.policy.finding(finding_id).default
        return self._chosen.get(finding_id) or self.doubt(finding_id).default

    def doubt(self, finding_id: str, where: Iterable[bool] = ALWAYS) -> Finding:
        """Say that this answer uses a doubtful clause, if one of the comparisons `where` holds."""
        finding = self.policy.finding(finding_id)
        if any(where) and finding not in self.used:
            self.used.append(finding)
        return finding


def printed(value: Fraction) -> tuple[str, int]:
    """Print a number as a leaf of an expression; a negative one needs brackets after an operator."""
    if not isinstance(value, Fraction | int):
        return shown(value), ATOM
    rank = ATOM if value >= 0 else SUM
    if value.denominator == 1:
        return shown(value), rank
    # What has decimals is printed in full: its denominator divides a power of ten.
    digits = 1
    while (value * 10**digits).denominator != 1:
        digits += 1
    scaled = str(abs(int(value * 10**digits))).rjust(digits + 1, "0")
    sign = "−" if rank == SUM else ""
    return f"{sign}{scaled[:-digits]}.{scaled[-digits:]}", rank
