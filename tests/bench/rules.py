"""How many answers a second one core gives, with and without the working."""

from __future__ import annotations

import statistics
import time

from policy_core import calculate

INPUTS = {"grade": 4, "carried": 3, "points": 40, "half": 2}
ANSWERS = 1000


def table(runs: int) -> str:
    """Measure and print medians."""
    lines = ["answers a second, grade-from-points, one core"]
    for name, outcome_only in (("whole answer", False), ("outcome only", True)):
        rates = []
        for _ in range(runs):
            start = time.perf_counter()
            for _ in range(ANSWERS):
                calculate("grade-from-points", INPUTS, outcome_only=outcome_only)
            rates.append(ANSWERS / (time.perf_counter() - start))
        lines.append(f"  {name:14} {statistics.median(rates):8.0f}")
    return "\n".join(lines) + "\n"
