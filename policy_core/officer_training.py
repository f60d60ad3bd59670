"""航空工程指挥类军官晋升前培训 (`officer-training`): the hours of each kind of course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from policy_core._inputs import number
from policy_core._registry import register
from policy_core._working import Row, Working

LABELS = {
    "politics": "政治课",
    "basic": "基础理论课",
    "specialist": "专业课",
    "electives": "选修课",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A teaching plan."""

    total_hours: Fraction = number(0, exclusive=True, clause="2.1.2")


@register(
    "training-hours",
    policy_id="officer-training",
    inputs=Plan,
    clauses=("2.1.2",),
    figures=("shares",),
    facts=("classes",),
    findings=("sum", "lectures", "not-a-rule"),
)
def training_hours(plan: Plan, working: Working) -> Mapping[str, object]:
    """Share out the hours of a plan as the text prints the shares; ranges stay ranges.

    Clauses: 2.1.2
    """
    # 占总学时的比例，政治课为15-20%，基础理论课为37%左右，专业课为33%左右，选修课为15%。
    # officer-training:2.1.2
    rows = working.rows("shares")
    hours = {row.text("id"): hours_of(row, plan.total_hours, working) for row in rows}
    for name in ("sum", "lectures", "not-a-rule"):
        working.doubt(name)
    return {
        **hours,
        "approximate": [row.text("id") for row in rows if row.text("precision") == "approximate"],
        "sum_percent": added("比例合计", [share_of(row) for row in rows], "%", working),
        "sum_hours": added("学时合计", list(hours.values()), "学时", working),
    }


def share_of(row: Row) -> dict[str, Fraction]:
    """Give a share in percent; one that is no range is its own least and most."""
    return {
        end: row.number(end if row.text("precision") == "range" else "value")
        for end in ("min", "max")
    }


def hours_of(row: Row, total: Fraction, working: Working) -> dict[str, Fraction]:
    """Turn a share into hours: one line of the working, or two for a range."""
    label, share = LABELS[row.text("id")], share_of(row)
    if row.text("precision") == "range":
        return {
            "min": working.step(
                f"{label}，最少", total * working.percent(share["min"]), "学时", row.clause
            ),
            "max": working.step(
                f"{label}，最多", total * working.percent(share["max"]), "学时", row.clause
            ),
        }
    about = "（左右）" if row.text("precision") == "approximate" else ""
    hours = working.step(
        f"{label}{about}", total * working.percent(share["min"]), "学时", row.clause
    )
    return {"min": hours, "max": hours}


def added(
    label: str, ranges: list[dict[str, Fraction]], unit: str, working: Working
) -> dict[str, Fraction]:
    """Add up ranges, end by end."""
    least = sum((each["min"] for each in ranges), Fraction(0))
    most = sum((each["max"] for each in ranges), Fraction(0))
    return {
        "min": working.step(f"{label}，最少", least, unit, "2.1.2"),
        "max": working.step(f"{label}，最多", most, unit, "2.1.2"),
    }
