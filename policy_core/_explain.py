"""What can be said of an answer while some inputs are not known, and which question matters most next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from policy_core._asking import Inputs, Question, question
from policy_core._errors import one_problem
from policy_core._given import Unfixed
from policy_core._paths import Paths
from policy_core._summary import Summary, deciders, top

NEVER_TOGETHER = "别的项这样填，没填的这几项填什么都对不上"


def explain(calculator_id: str, inputs: Inputs, as_of: date | None = None) -> dict[str, Any]:
    """Say what is certain, what is still possible, which question matters most, and what is not met.

    `needed` has first the input that settles most fields of the outcome by itself, then the one that has
    a say in most, then the one declared first. `complete` is false where not every way could be followed
    (a list of unknown length, far too many ways): then nothing is claimed. It is false too where two
    unknown numbers are multiplied, or an end is too hard to find: then `possible` holds all that is
    possible, and perhaps more.

    Raises:
        InputErrors: what is given is wrong, all problems at once; or nothing unknown goes together with it.

    """
    asked = question(calculator_id, inputs, as_of)
    paths = Paths()
    supply = Unfixed(paths)
    leaves = list(paths.explore(partial(asked.run, paths, supply, supply.part)))
    if paths.complete and not leaves:
        raise one_problem(asked.unknown[0].path, NEVER_TOGETHER)
    certain: dict[str, object] = {}
    possible: dict[str, object] = {}
    unmet: list[dict[str, object]] = []
    open_fields: set[str] | None = None
    if paths.complete:
        summary = Summary(paths, leaves)
        certain, possible, unmet = summary.certain(), summary.possible(), summary.unmet()
        open_fields = {top(path) for path in (*possible, *summary.untold())}
    unknowable = {leaf.unknowable for leaf in leaves}
    return {
        "outcome": certain,
        "possible": possible,
        "needed": needs(asked, deciders(paths, leaves), open_fields, unknowable),
        "unmet": unmet,
        "complete": paths.complete and paths.exact,
    }


def needs(
    asked: Question,
    decided: Mapping[str, frozenset[str]],
    open_fields: set[str] | None,
    unknowable: Collection[str],
) -> list[dict[str, object]]:
    """Order the unknown inputs that have a say in what is still open, the most decisive first.

    Where the rule could not be followed to any outcome, all are needed, those that stand in the way first.
    """
    if not decided:
        ordered = sorted(asked.unknown, key=lambda each: each.path not in unknowable)
        return [{"field": each.path, "decides": []} for each in ordered]
    says = {name: by for name, by in decided.items() if open_fields is None or name in open_fields}
    found: list[tuple[int, int, dict[str, object]]] = []
    for each in asked.unknown:
        decides = [name for name, by in says.items() if each.path in by]
        alone = sum(says[name] == {each.path} for name in decides)
        if decides:
            found.append((-alone, -len(decides), {"field": each.path, "decides": decides}))
    found.sort(key=lambda each: each[:2])
    return [each for *_, each in found]
