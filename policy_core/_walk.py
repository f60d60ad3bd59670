"""One varied number, walked along its values: how far everything stays as it is here."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import inf, lcm

from policy_core._symbolic import NOTHING, Stepped, Symbolic, up

VARIED = 0


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole part of a form; where the form reaches the next whole number, `clause` is behind the jump."""

    inner: Symbolic
    clause: str
    order: int

    @property
    def here(self) -> int:
        """Give the whole part here."""
        return self.inner.constant // self.inner.parts


class Walk:
    """Explores a rule at one place of a varied number, and how far upwards from there all verdicts stay.

    A form's constant is what it is here; its terms say how it goes on: with the varied number, and with whole
    parts. A whole part ends the walk only where something depends on it. `room` is how far the walk
    can go, `clause` what ends it there; of several it is the one that the rule asked for first.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.clause = ""
        self.steps: dict[str, Stepped] = {}
        self._order: float = inf
        self._asked = 0
        self._wholes: dict[int, Whole] = {}
        self._ended: set[int] = set()

    def variable(self, value: Fraction, step: Fraction) -> Symbolic:
        """Give the varied number at its present place."""
        parts = lcm(value.denominator, step.denominator)
        return Symbolic(self, int(value * parts), {VARIED: int(step * parts)}, parts)

    def at_most(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts or less here, and where that ends."""
        return self._at_most(form, place, clause, self._next())

    def is_at(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts here, and where that ends."""
        order = self._next()
        below = self._at_most(form, place, clause, order)
        return below and not self._at_most(form, place - 1, clause, order)

    def floor(self, form: Symbolic, clause: str) -> Symbolic:
        """Give the whole part of a form."""
        if form.parts == 1:
            return form.citing(clause)
        order = self._next()
        whole = Whole(form, clause, order)
        self._wholes[order] = whole
        return Symbolic(self, whole.here, {order: 1} if form.terms else NOTHING, clause=clause)

    def fix(self, form: Symbolic) -> Fraction:
        """Give what a form is here; elsewhere it is something else."""
        if self.slope(form):
            self._stop(0, form.clause, self._next())
        return Fraction(form.constant, form.parts)

    def product(self, left: Symbolic, right: Symbolic) -> Symbolic:
        """Multiply here; elsewhere it is no linear form."""
        value = self.fix(left) * self.fix(right)
        return Symbolic(self, value.numerator, parts=value.denominator)

    def slope(self, form: Symbolic) -> int:
        """Give how many parts a form grows by with each place: the walk ends where its whole parts do."""
        for name in form.terms.keys() - {VARIED} - self._ended:
            whole, parts = self._wholes[name], self._wholes[name].inner.parts
            self._ended.add(name)
            self._at_most(whole.inner, whole.here * parts - 1, whole.clause, whole.order)
            self._at_most(whole.inner, (whole.here + 1) * parts - 1, whole.clause, whole.order)
        return form.terms.get(VARIED, 0)

    def _at_most(self, form: Symbolic, place: int, clause: str, order: int) -> bool:
        beyond = form.constant - place
        if len(form.terms) == 1 and VARIED not in form.terms:
            ((name, slope),) = form.terms.items()
            return self._whole_at_most(beyond, slope, self._wholes[name], clause, order)
        holds, slope = beyond <= 0, self.slope(form)
        if holds and slope > 0:
            self._stop(-beyond // slope, clause, order)
        elif not holds and slope < 0:
            self._stop(up(beyond, -slope) - 1, clause, order)
        return holds

    def _whole_at_most(
        self, beyond: int, slope: int, whole: Whole, clause: str, order: int
    ) -> bool:
        """Ask of a whole part by asking of the form below it: it is n or more just where the form is."""
        parts = whole.inner.parts
        if slope > 0:
            most = whole.here + -beyond // slope
            return self._at_most(whole.inner, (most + 1) * parts - 1, clause, order)
        least = whole.here + up(beyond, -slope)
        return not self._at_most(whole.inner, least * parts - 1, clause, order)

    def _next(self) -> int:
        self._asked += 1
        return self._asked

    def _stop(self, room: int, clause: str, order: int) -> None:
        if (room, order) < (self.room, self._order):
            self.room, self.clause, self._order = room, clause, order


class Glance(Walk):
    """Explores a rule at one place with a glance at the next: `flips` are the clauses of what differs there.

    They stand in the order in which the rule asked. What it asked as the `held`-th comes out as there.
    """

    def __init__(self, held: int = 0) -> None:
        super().__init__(1)
        self.flips: dict[int, str] = {}
        self._held = held
        self._growth = {VARIED: 1}

    def at_most(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts or less."""
        here = super().at_most(form, place, clause)
        return self._told(here, self._next_to(form) <= place, clause)

    def is_at(self, form: Symbolic, place: int, clause: str) -> bool:
        """Tell whether a form is so many of its parts."""
        here = super().is_at(form, place, clause)
        return self._told(here, self._next_to(form) == place, clause)

    def floor(self, form: Symbolic, clause: str) -> Symbolic:
        """Give the whole part of a form."""
        found = super().floor(form, clause)
        if form.parts == 1:
            return found
        there = self._next_to(form) // form.parts
        told = self._told(found.constant, there, clause)
        return found if told == found.constant else Symbolic(self, there)

    def _told[Told: (bool, int)](self, here: Told, there: Told, clause: str) -> Told:
        if here != there:
            self.flips[self._asked] = clause
        return there if self._asked == self._held else here

    def _next_to(self, form: Symbolic) -> int:
        """Give what a form counts at the next place."""
        for name in form.terms.keys() - self._growth.keys():
            whole = self._wholes[name]
            self._growth[name] = self._next_to(whole.inner) // whole.inner.parts - whole.here
        return form.constant + sum(slope * self._growth[name] for name, slope in form.terms.items())
