"""The same doubts in the tables of a parameter file: bands, shares, and ranges whose ends are swapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from build_scripts.doubts.doubt import Doubt, shown
from build_scripts.toml_places import Path, Place, line_of, value_places
from policy_core._versions import Figure, Policy


def parameter_doubts(policy: Policy, text: str) -> Iterator[Doubt]:
    """Yield what is odd about the figures of one parameter file, given with its text."""
    places = value_places(text)
    for index, version in enumerate(policy.versions):
        for name, figures in version.figures.items():
            table = Table(policy.id, text, places, ("version", index, name), figures)
            yield from table.swapped()
            yield from table.bands()
            yield from table.shares()


class Table:
    """The lines of one figure, with their places in the file."""

    def __init__(
        self,
        policy: str,
        text: str,
        places: Mapping[Path, Place],
        path: Path,
        figures: Sequence[Figure],
    ) -> None:
        self.policy = policy
        self.text = text
        self.places = places
        self.path = path
        self.figures = figures
        self.name = str(path[-1])

    def doubt(self, kind: str, at: int, key: str, message: str, *words: str) -> Doubt:
        """Make a doubt that stands at one key of a line."""
        listed = (*self.path, at, key)
        place = self.places.get(listed) or self.places.get((*self.path, key)) or Place(0, 0)
        return Doubt(
            kind=kind, line=line_of(self.text, place.start),
            clauses=(f"{self.policy}:{self.figures[at].clause}",),
            message=f"{self.name}：{message}", words=words,
        )  # fmt: skip

    def swapped(self) -> Iterator[Doubt]:
        """Yield min above max, and from above to."""
        for at, figure in enumerate(self.figures):
            for low, high in (("min", "max"), ("from", "to")):
                if {low, high} <= figure.numbers.keys():
                    first, last = figure.numbers[low], figure.numbers[high]
                    if first > last:
                        printed = f"{shown(first)}-{shown(last)}{figure.unit}"
                        yield self.doubt("order", at, low, f"{printed} 前大后小", printed)

    def bands(self) -> Iterator[Doubt]:
        """Yield two bands next to each other that share a number or leave one out."""
        if not all("from" in figure.numbers for figure in self.figures):
            return
        for at, (lower, upper) in enumerate(pairwise(self.figures)):
            begin, end = upper.numbers["from"], lower.numbers.get("to")
            words = (band(lower), band(upper))
            pair = "和".join(f"“{each}”" for each in words)
            if end is None or begin <= end:
                message = f"{pair}都含 {shown(begin)}"
                yield self.doubt("overlap", at + 1, "from", message, *words)
            elif begin > end + 1:
                message = f"{pair}之间缺一段"
                yield self.doubt("gap", at + 1, "from", message, *words)

    def shares(self) -> Iterator[Doubt]:
        """Yield a list of percents that does not make up 100, or can only do so at one end."""
        percents = [figure for figure in self.figures if figure.unit == "%"]
        applied = any("from" in figure.numbers or "to" in figure.numbers for figure in percents)
        if len(percents) < 2 or len(percents) != len(self.figures) or applied:
            return
        low = sum((ends(figure)[0] for figure in percents), Fraction(0))
        high = sum((ends(figure)[1] for figure in percents), Fraction(0))
        if low == high == 100 or low < 100 < high:
            return
        total = f"{shown(low)}%" if low == high else f"{shown(low)}%到{shown(high)}%"
        key = "value" if "value" in percents[0].numbers else "min"
        yield self.doubt("sum", 0, key, f"各项加起来是 {total}，不是 100%", total)


def ends(figure: Figure) -> tuple[Fraction, Fraction]:
    """Give the least and the most that a figure can be."""
    numbers = figure.numbers.values()
    return min(numbers), max(numbers)


def band(figure: Figure) -> str:
    """Print a band as a text does: 1~3级, 25级以上; the unit is left out where it is not the band's."""
    low, high = figure.numbers["from"], figure.numbers.get("to")
    own = figure.numbers.keys() <= {"from", "to"}
    unit = figure.unit if own else ""
    if high is not None:
        return f"{shown(low)}~{shown(high)}{unit}"
    return f"{shown(low)}{unit}以上" if own else shown(low)
