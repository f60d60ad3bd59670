"""On how many random inputs a property is tried: one place that says it for all of them.

The environment variable `AMOUNT` chooses: `usual` (in `make test`), `proof` (in `make proof`: each
property gets the larger amount that it names) or `few` (in `make mutants`, where thousands of runs go by;
the same inputs every time, and the first failure is enough).
"""

from __future__ import annotations

import os

from hypothesis import Phase, settings

AMOUNT = os.environ.get("AMOUNT", "usual")
PROVING = AMOUNT == "proof"
FEW = 60

settings.register_profile(
    "few", derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
)
settings.register_profile("proof", settings.get_profile("default"))
settings.register_profile("usual", settings.get_profile("default"))
settings.load_profile(AMOUNT)


def amount(usual: int, *, proof: int = 0) -> int:
    """Give how many inputs to try; `proof` names the larger amount of a proof, 0 keeps the usual one."""
    if AMOUNT == "few":
        return min(usual, FEW)
    return max(usual, proof) if PROVING else usual


def tried(usual: int, *, proof: int = 0) -> settings:
    """Try a property on so many inputs, however long each takes."""
    return settings(max_examples=amount(usual, proof=proof), deadline=None)
