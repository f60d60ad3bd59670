"""Made-up engineers for the tests of `rd-grades`: half-years in a row, and events of every kind.

The table of kinds is written from the contract, not read from the parameters.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

# kind: sign, least, most; most is None where the text sets no limit.
JUDGED: dict[str, tuple[int, int, int | None]] = {
    "project-early": (1, 1, 5),
    "project-quality": (1, 1, 5),
    "project-late": (-1, 1, 5),
    "project-failed": (-1, 0, 5),
    "project-advance": (1, 0, None),
    "utility-patent": (1, 2, 5),
    "invention-patent": (1, 2, 10),
    "software-copyright-or-certificate": (1, 1, 5),
    "article": (1, 1, 3),
    "quality": (1, 1, 5),
    "innovation": (1, 1, 5),
    "special": (1, 0, None),
}
FIXED = {
    "trial-first-pass": Fraction(1),
    "trial-third-pass": Fraction(-1),
    "design-patent": Fraction(1),
    "employee-of-the-month": Fraction(1),
    "employee-of-the-year": Fraction(3),
    "criticism": Fraction(-1, 2),
    "warning": Fraction(-1),
}
BASED = ("project", "project-cancelled")
KINDS = (*BASED, *JUDGED, *FIXED)

half_points = st.one_of(
    st.integers(-20, 60),
    st.decimals(-20, 60, places=2),
    st.sampled_from([5, Decimal("5.01"), 10, 20, 30]),
)
amounts = st.decimals(0, 200, places=2) | st.integers(0, 200)


@st.composite
def careers(draw: st.DrawFn, most: int = 9) -> dict[str, Any]:
    """Make half-years without a hole, in any order."""
    first = 2 * draw(st.integers(1990, 2030)) + draw(st.integers(0, 1))
    given = draw(st.lists(half_points, min_size=1, max_size=most))
    history = [
        {"year": (first + at) // 2, "half": (first + at) % 2 + 1, "points": points}
        for at, points in enumerate(given)
    ]
    return {
        "grade": draw(st.integers(0, 30)),
        "carried": draw(st.decimals(0, 40, places=2)),
        "levels_since_raise": draw(st.integers(0, 1)),
        "history": draw(st.permutations(history)),
    }


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Make an event that the text allows."""
    kind = draw(st.sampled_from(KINDS))
    event: dict[str, Any] = {"kind": kind}
    if kind in JUDGED:
        _, low, high = JUDGED[kind]
        least = low if high is not None else Decimal("0.01")
        event["points"] = draw(st.decimals(least, high or 500, places=2))
    if kind in BASED:
        event["base"] = draw(amounts)
    if kind == "project":
        event["adjust_percent"] = draw(st.none() | st.decimals(-20, 20, places=3))
    if kind == "project-cancelled":
        event["progress_percent"] = draw(st.decimals(0, 100, places=1))
    if kind in (*BASED, "project-failed"):
        event["prepaid"] = draw(st.none() | amounts)
    return event
