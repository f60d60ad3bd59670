"""All ways through a rule together: what is certain, what is possible, and which input decides what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from policy_core._asking import Outcome, Unmet
from policy_core._exact import rounded
from policy_core._given import Untold
from policy_core._paths import Fork, Leaf, Paths, at
from policy_core._symbolic import Symbolic

type Found = tuple[Outcome, Mapping[str, Unmet]]
type Ratio = tuple[int, int]  # a whole number over parts: quicker to compare than a fraction
type Decided = tuple[int, frozenset[str]]  # what it is, as a key, and the inputs that decide it

HOLE: Any = object()
UNMET = ("have", "need", "missing")


@dataclass(slots=True)
class Spread:
    """What one value can be: numbers between two ends, and values that are no numbers."""

    count: int = 0
    low: Ratio | None = None
    high: Ratio | None = None
    others: dict[object, None] = field(default_factory=dict)
    untold: bool = False

    @property
    def single(self) -> bool:
        """Tell whether it can be one value alone, as it is shown."""
        if self.untold:
            return False
        if self.low is None or self.high is None:
            return len(self.others) == 1
        return not self.others and shown_as(self.low) == shown_as(self.high)

    def include(self, number: int, parts: int) -> None:
        """Let the ends hold a further number."""
        if self.low is None or number * self.low[1] < self.low[0] * parts:
            self.low = number, parts
        if self.high is None or number * self.high[1] > self.high[0] * parts:
            self.high = number, parts

    def widen(self, value: object, paths: Paths, leaf: Leaf[Found]) -> None:
        """Hold whatever a value can be on a leaf; a form goes as far as a quick look shows that it may."""
        self.count += 1
        if isinstance(value, Symbolic) and value.terms:
            self.include(at(value, leaf.point), value.parts)
            least, most = paths.outer(leaf, value)
            for sense, far, end in ((-1, least, self.low), (1, most, self.high)):
                number, parts = end or (far, value.parts)
                if (far * parts - number * value.parts) * sense > 0:
                    found = paths.extreme(leaf, value, sense, (number, parts))
                    if found is not None:
                        self.include(found, value.parts)
        elif isinstance(value, Symbolic):
            self.include(value.constant, value.parts)
        elif isinstance(value, Fraction):
            self.include(value.numerator, value.denominator)
        elif isinstance(value, Untold):
            self.untold, paths.exact = True, False
        else:
            self.others[value] = None

    def certain(self) -> object:
        """Give the one value."""
        return shown_as(self.low) if self.low else printable(next(iter(self.others)))

    def possible(self) -> object:
        """Give the ends, or the values in their order; where there are both, the values stand under `or`."""
        return span(self.low, self.high, self.others)


def shown_as(number: Ratio) -> int | float:
    """Give a number as it is shown."""
    return rounded(Fraction(*number))


def span(low: Ratio | None, high: Ratio | None, others: Iterable[object]) -> object:
    """Print ends, values, or both."""
    values = [printable(each) for each in sorted(others, key=order)]
    if low is None or high is None:
        return values
    found: dict[str, object] = {"min": shown_as(low), "max": shown_as(high)}
    return found | ({"or": values} if values else {})


def order(value: object) -> tuple[int, tuple[str, ...]]:
    """Sort values that are no numbers: nothing, no, yes, then words and lists of words."""
    if value is None or isinstance(value, bool):
        return (0 if value is None else 1 + value, ())
    return (3, tuple(map(str, value)) if isinstance(value, tuple) else (str(value),))


def printable(value: object) -> object:
    """Give a value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


class Summary:
    """The union of all leaves."""

    def __init__(self, paths: Paths, leaves: Iterable[Leaf[Found]]) -> None:
        self._counts: Counter[str] = Counter()
        self._spreads: dict[str, Spread] = {}
        self._shapes: dict[str, int | tuple[str, ...]] = {}
        self._laid: dict[str, int] = {}
        self._nested: set[str] = set()
        self._ranges: set[str] = set()
        self._unmet: list[dict[str, object]] = []
        told = [(leaf, leaf.result) for leaf in leaves if leaf.result is not None]
        for leaf, (outcome, _) in told:
            self._take(leaf, outcome, paths)
        told = [(leaf, found) for leaf, found in told if not found[0].part]
        for name, each in told[0][1][1].items() if told else ():
            if all(name in unmet for _, (_, unmet) in told):
                self._unmet.append(
                    {"id": name, **distances(name, told, paths), "clause": each.clause}
                )

    def _take(self, leaf: Leaf[Found], outcome: Outcome, paths: Paths) -> None:
        self._counts[outcome.part] += 1
        self._ranges |= outcome.ranges
        for path, value in outcome.values.items():
            self._spreads.setdefault(path, Spread()).widen(value, paths, leaf)
        self._nested |= outcome.shapes.keys()
        for path, shape in outcome.shapes.items():
            # A list of another length is no common ground; its entries are told one by one.
            if not isinstance(shape, int) or self._shapes.setdefault(path, shape) == shape:
                self._shapes.setdefault(path, shape)
                self._laid[path] = self._laid.get(path, 0) + 1

    def certain(self) -> dict[str, object]:
        """Give the part of the outcome that is the same on every leaf."""
        found = self._build("")
        return {} if found is HOLE else found

    def _build(self, path: str) -> Any:  # noqa: ANN401 - a part of an outcome
        shape = self._shapes.get(path)
        if shape is None:
            return self._spreads[path].certain() if self._sure(path) else HOLE
        if self._laid.get(path) != self._count(path):
            return HOLE
        if isinstance(shape, int):
            entries = [self._build(f"{path}[{index}]") for index in range(shape)]
            kept = [{} if each is HOLE else each for each in entries]
            return (
                HOLE if any(each is HOLE for each in entries) and not self._records(path) else kept
            )
        found = {key: self._build(f"{path}.{key}" if path else key) for key in shape}
        sure = {key: each for key, each in found.items() if each is not HOLE}
        least = len(shape) if path in self._ranges else min(len(shape), 1)
        return sure if len(sure) >= least else HOLE

    def _count(self, path: str) -> int:
        """Count the leaves that a path could stand on: those of its own part, or else of the rest."""
        return self._counts.get(top(path)) or self._counts[""]

    def _records(self, path: str) -> bool:
        return f"{path}[0]" in self._shapes

    def _sure(self, path: str) -> bool:
        spread = self._spreads[path]
        return spread.count == self._count(path) and spread.single

    def _placed(self, path: str) -> bool:
        """Tell whether the lists that a path leads through are equally long on every leaf."""
        lists = [path[:place] for place, sign in enumerate(path) if sign == "["]
        return all(self._laid.get(each) == self._count(each) for each in lists)

    def possible(self) -> dict[str, object]:
        """Give what is not certain: two ends for numbers, the values for the rest; a range by its hull.

        What stands under `or` is possible beside those, or beside what further paths say.
        """
        found: dict[str, object] = {}
        for path, spread in self._spreads.items():
            whole, _, end = path.rpartition(".")
            if whole in self._ranges and end in ("min", "max"):
                if not self._sure(f"{whole}.min") or not self._sure(f"{whole}.max"):
                    found[whole] = self._hull(whole)
            elif not (spread.untold or path in found or (self._sure(path) and self._placed(path))):
                found[path] = self._mixed(path) if path in self._nested else spread.possible()
        return found

    def _mixed(self, path: str) -> object:
        """Give under `or` the values of what elsewhere is laid out further down; a range has its hull."""
        if path in self._ranges:
            return self._hull(path)
        return {"or": span(None, None, self._spreads[path].others)}

    def _hull(self, path: str) -> object:
        others = self._spreads[path].others if path in self._spreads else {}
        return span(self._spreads[f"{path}.min"].low, self._spreads[f"{path}.max"].high, others)

    def untold(self) -> list[str]:
        """Give what is not certain, and of which no possible values can be told either."""
        return [path for path, spread in self._spreads.items() if spread.untold]

    def unmet(self) -> list[dict[str, object]]:
        """Give the conditions that are not met whatever the unknown inputs are."""
        return self._unmet


def distances(
    name: str, told: Iterable[tuple[Leaf[Found], Found]], paths: Paths
) -> dict[str, object]:
    """Say of a condition that is met nowhere what there is, what it takes, and how far that is."""
    spreads = {key: Spread() for key in UNMET}
    for leaf, (_, unmet) in told:
        for key, spread in spreads.items():
            spread.widen(getattr(unmet[name], key), paths, leaf)
    return {
        key: each.certain() if each.single else each.possible() for key, each in spreads.items()
    }


# ---- which input decides what --------------------------------------------------------------------


@dataclass(slots=True)
class Node:
    """A fork and where each of its ways leads: to a further node, or (negative) to a leaf."""

    fork: Fork
    ways: dict[object, int] = field(default_factory=dict)


def tree(leaves: Sequence[Leaf[Found]]) -> list[Node]:
    """Put the leaves back together to the tree of forks that they came from; the root comes first."""
    nodes: list[Node] = []
    for index, leaf in enumerate(leaves):
        at = 0
        for depth, (fork, option) in enumerate(leaf.turns):
            if at == len(nodes):
                nodes.append(Node(fork))
            last = depth == len(leaf.turns) - 1
            at = nodes[at].ways.setdefault(option, ~index if last else len(nodes))
    return nodes


def top(path: str) -> str:
    """Give the outcome's field that a path leads into."""
    return path.partition(".")[0].partition("[")[0]


def deciders(paths: Paths, leaves: Sequence[Leaf[Found]]) -> dict[str, frozenset[str]]:
    """Give for each field of the outcome the unknown inputs that it depends on.

    A field depends on an input that its value is made of, and on one that a fork asks for whose ways
    lead to different values of the field; a fork whose ways all lead to the same decides nothing.
    """
    nodes = tree(leaves)
    keys: dict[Hashable, int] = {}
    ends = [laws(paths, leaf, keys) for leaf in leaves]
    names = dict.fromkeys(name for end in ends for name in end if name)
    forks = [keys.setdefault(node.fork, len(keys)) for node in nodes]
    return {name: decided(name, nodes, forks, ends, keys)[1] for name in names}


def laws(paths: Paths, leaf: Leaf[Found], keys: dict[Hashable, int]) -> dict[str, Decided]:
    """Give for each field of the outcome on a leaf what it is made of, and of which unknown inputs."""
    if leaf.result is None:
        # Nothing is known here, of any field, but which input stands in the way.
        key = keys.setdefault((leaf.unknowable,), len(keys))
        return {"": (key, frozenset((leaf.unknowable,)))}
    found: dict[str, tuple[list[Hashable], set[str]]] = {}
    for path, value in leaf.result[0].values.items():
        law, asks = found.setdefault(top(path), ([], set()))
        if isinstance(value, Symbolic):
            law.append((path, value.law))
            asks |= paths.asked_by(value)
        elif isinstance(value, Untold):
            law.append((path, value.path, value.law))
            asks.add(value.path)
        else:
            law.append((path, value))
    return {
        name: (keys.setdefault(tuple(law), len(keys)), frozenset(asks))
        for name, (law, asks) in found.items()
    }


def decided(
    name: str,
    nodes: Sequence[Node],
    forks: Sequence[int],
    ends: Sequence[Mapping[str, Decided]],
    keys: dict[Hashable, int],
) -> Decided:
    """Give the unknown inputs that one field depends on: the forks are folded from the leaves up."""
    nothing: Decided = (-1, frozenset())
    folded = [nothing] * len(nodes)
    for index in range(len(nodes) - 1, -1, -1):
        node = nodes[index]
        ways = [
            (option, folded[to] if to >= 0 else ends[~to].get(name, ends[~to].get("", nothing)))
            for option, to in node.ways.items()
        ]
        if len({way for _, (way, _) in ways}) == 1:
            folded[index] = ways[0][1]
        else:
            key = (forks[index], frozenset((option, way) for option, (way, _) in ways))
            asks = node.fork.asks.union(*(inner for _, (_, inner) in ways))
            folded[index] = keys.setdefault(key, len(keys)), asks
    return folded[0] if nodes else ends[0][name]
