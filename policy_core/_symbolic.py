"""Numbers that carry their own dependence on what is not fixed: constant + sum of factor * variable.

Ordinary arithmetic of a rule makes new ones; a comparison or a floor of one asks the `Explorer` of the run,
which knows, or decides, how it comes out. Every variable is whole: an input counts its own resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Any, Protocol, cast

from policy_core._lattice import Direction

NOTHING: Mapping[int, int] = {}


class DeadEndError(Exception):
    """The inputs of this way through a rule do not go together; there is no answer to it."""


class UnknowableError(Exception):
    """A rule touched something unknown that has no end of possible values, such as a list."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Stepped:
    """A number counted in whole steps of a figure: `found` of them so far."""

    have: Symbolic
    step: Cited
    found: Symbolic


class Explorer(Protocol):
    """What a run asks about numbers that are not fixed; `steps` keeps the last count by each figure."""

    steps: dict[str, Stepped]

    def at_most(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts or less."""

    def is_at(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts."""

    def floor(self, form: Symbolic, clause: str) -> Symbolic:
        """Give the greatest whole number that is no greater than a form."""

    def fix(self, form: Symbolic) -> Fraction:
        """Fix a form to one of its values."""

    def product(self, left: Symbolic, right: Symbolic) -> Symbolic:
        """Multiply two forms that are both not fixed."""


class Cited(Fraction):
    """A figure's number: it knows the figure's name and its clause."""

    __slots__ = ("clause", "figure")

    clause: str
    figure: str


def cited(value: Fraction, figure: str, clause: str) -> Cited:
    """Let a figure's number know where it comes from."""
    made = Cited(value)
    made.figure, made.clause = figure, clause
    return made


class Symbolic:
    """A number that came from the inputs: (constant + sum of weight * variable) / parts, all of them whole.

    It is always a whole number of its parts; `clause` made it.
    """

    __slots__ = ("_along", "clause", "constant", "explorer", "parts", "terms")

    def __init__(
        self,
        explorer: Explorer,
        constant: int,
        terms: Mapping[int, int] = NOTHING,
        parts: int = 1,
        clause: str = "",
    ) -> None:
        self.explorer = explorer
        self.constant = constant
        self.terms = terms
        self.parts = parts
        self.clause = clause
        self._along: tuple[Direction, int] | None = None

    def plus(self, other: object, sign: int) -> Symbolic:
        """Add, or with sign -1 take away."""
        if not isinstance(other, Symbolic):
            value = exactly(other)
            parts = lcm(self.parts, value.denominator)
            mine, its = parts // self.parts, parts // value.denominator * sign
            terms = self.scaled(mine)
            constant = self.constant * mine + value.numerator * its
            return Symbolic(self.explorer, constant, terms, parts, self.clause)
        parts = lcm(self.parts, other.parts)
        mine, its = parts // self.parts, parts // other.parts * sign
        terms = {name: weight * mine for name, weight in self.terms.items()}
        for name, weight in other.terms.items():
            total = terms.get(name, 0) + weight * its
            if total:
                terms[name] = total
            else:
                del terms[name]
        constant = self.constant * mine + other.constant * its
        return Symbolic(self.explorer, constant, terms, parts, self.clause)

    def scaled(self, factor: int) -> Mapping[int, int]:
        """Give the terms so many times."""
        if factor == 1:
            return self.terms
        return {name: weight * factor for name, weight in self.terms.items()} if factor else NOTHING

    def times(self, factor: Fraction) -> Symbolic:
        """Multiply by a number that is fixed."""
        common = gcd(self.parts, factor.numerator)
        up, parts = factor.numerator // common, self.parts // common * factor.denominator
        return Symbolic(self.explorer, self.constant * up, self.scaled(up), parts, self.clause)

    def citing(self, clause: str) -> Symbolic:
        """Give the same number as the work of a clause."""
        return Symbolic(self.explorer, self.constant, self.terms, self.parts, clause)

    def __add__(self, other: object) -> Symbolic:
        return self.plus(other, 1)

    __radd__ = __add__

    def __sub__(self, other: object) -> Symbolic:
        return self.plus(other, -1)

    def __rsub__(self, other: object) -> Symbolic:
        return (-self).plus(other, 1)

    def __neg__(self) -> Symbolic:
        return Symbolic(self.explorer, -self.constant, self.scaled(-1), self.parts, self.clause)

    def __mul__(self, other: object) -> Symbolic:
        if not isinstance(other, Symbolic):
            return self.times(exactly(other))
        if not other.terms:
            return self.times(other.value)
        return other.times(self.value) if not self.terms else self.explorer.product(self, other)

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> Symbolic:
        return self.times(1 / fixed(other))

    def __rtruediv__(self, other: object) -> Symbolic:
        value = exactly(other) / fixed(self)
        return Symbolic(self.explorer, value.numerator, parts=value.denominator)

    def __floordiv__(self, other: object) -> Symbolic:
        found = self.explorer.floor(self / other, clause_of(other) or self.clause)
        if isinstance(other, Cited):
            self.explorer.steps[other.figure] = Stepped(self, other, found)
        return found

    def __mod__(self, other: object) -> Symbolic:
        return self - (self // other) * other

    def __abs__(self) -> Symbolic:
        return self if self >= 0 else -self

    def __le__(self, other: object) -> Asked:
        return Asked(self, "<=", other)

    def __lt__(self, other: object) -> Asked:
        return Asked(self, "<", other)

    def __ge__(self, other: object) -> Asked:
        return Asked(self, ">=", other)

    def __gt__(self, other: object) -> Asked:
        return Asked(self, ">", other)

    def __eq__(self, other: object) -> Any:  # noqa: ANN401 - it is asked when it is read
        return Asked(self, "==", other)

    def __ne__(self, other: object) -> Any:  # noqa: ANN401 - it is asked when it is read
        return Asked(self, "!=", other)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __hash__(self) -> int:
        return hash(self.explorer.fix(self))

    @property
    def value(self) -> Fraction:
        """Give the number itself, if it is fixed; a rule that asks for more has left ordinary arithmetic."""
        if self.terms:
            raise TypeError("a number that is not fixed was taken for one that is")
        return Fraction(self.constant, self.parts)

    @property
    def along(self) -> tuple[Direction, int]:
        """Write the form as `(constant + scale * direction) / parts`: give direction and scale.

        The direction's weights have no common part, and the first is positive; the scale is never 0.
        """
        if self._along is None:
            if len(self.terms) == 1:
                (only,) = self.terms.items()
                self._along = ((only[0], 1),), only[1]
            else:
                weights = sorted(self.terms.items())
                scale = gcd(*self.terms.values()) * (1 if weights[0][1] > 0 else -1)
                self._along = tuple((name, weight // scale) for name, weight in weights), scale
        return self._along

    @property
    def law(self) -> tuple[object, ...]:
        """Give what two equal forms have in common, as a key."""
        common = gcd(self.constant, self.parts, *self.terms.values())
        terms = [(name, weight // common) for name, weight in sorted(self.terms.items())]
        return (self.constant // common, self.parts // common, *terms)


EXACT = frozenset((Fraction, Cited))  # asking for the type itself is quicker than isinstance
NUMBERS = EXACT | {int, Symbolic}


class Asked:
    """A comparison of a number that came from the inputs; how it comes out is asked once, when it is read."""

    __slots__ = ("_verdict", "clause", "left", "operator", "right")

    def __init__(self, left: Symbolic, operator: str, right: object) -> None:
        self.left = left
        self.operator = operator
        self.right = right
        self.clause = clause_of(right) or left.clause
        self._verdict: bool | None = None

    def __bool__(self) -> bool:
        if self._verdict is None:
            self._verdict = self._ask()
        return self._verdict

    def _ask(self) -> bool:
        kind = type(self.right)
        if kind not in NUMBERS:
            return self.operator == "!="  # a number is not None and not a word
        form, place, rest = self.left, 0, 0
        if kind is Symbolic:
            form = form - self.right
        else:
            value = cast("Fraction", self.right)
            place, rest = divmod(value.numerator * form.parts, value.denominator)
        explorer, operator = form.explorer, self.operator
        if operator in ("==", "!="):
            return (not rest and explorer.is_at(form, place, self.clause)) == (operator == "==")
        if operator in ("<=", ">"):
            return explorer.at_most(form, place, self.clause) == (operator == "<=")
        # A form is whole in its parts: to be less than a number is to be at most the one before it.
        before = place if rest else place - 1
        return explorer.at_most(form, before, self.clause) == (operator == "<")


def fixed(value: object) -> Fraction:
    """Give the fixed number behind a divisor; one that is not fixed is fixed to its values."""
    return value.explorer.fix(value) if isinstance(value, Symbolic) else exactly(value)


def clause_of(value: object) -> str:
    """Give the clause that a number comes from, where it knows."""
    return value.clause if isinstance(value, Symbolic | Cited) else ""


def exactly(value: object) -> Fraction:
    """Take a fixed number for what it is."""
    return value if type(value) in EXACT else Fraction(cast("int", value))  # type: ignore[return-value]


def up(number: int, by: int) -> int:
    """Divide, and round up."""
    return -(-number // by)
