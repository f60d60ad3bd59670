"""航空工程指挥类军官晋升前培训 (`officer-training`): the hours of each kind of course."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from policy_core._inputs import number
from policy_core._registry import register
from policy_core._working import Row, Working

ENDS = {"min": "最少", "max": "最多"}
LABELS = {
    "politics": "政治课",
    "basic": "基础理论课",
    "specialist": "专业课",
    "electives": "选修课",
}

type Amount = Fraction | dict[str, Fraction]


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


def share_of(row: Row) -> Amount:
    """Give a share in percent, or its two ends."""
    if row.text("precision") != "range":
        return row.number("value")
    return {end: row.number(end) for end in ENDS}


def hours_of(row: Row, total: Fraction, working: Working) -> Amount:
    """Turn a share into hours, or its two ends: a line of the working each."""
    label, share = LABELS[row.text("id")], share_of(row)

    def hours(label: str, percent: Fraction) -> Fraction:
        return working.step(label, total * working.percent(percent), "学时", row.clause)

    if isinstance(share, dict):
        return {end: hours(f"{label}，{words}", share[end]) for end, words in ENDS.items()}
    return hours(f"{label}（左右）" if row.text("precision") == "approximate" else label, share)


def added(label: str, amounts: list[Amount], unit: str, working: Working) -> dict[str, Fraction]:
    """Add up, end by end, what may have two ends."""
    ends = {
        end: [each[end] if isinstance(each, dict) else each for each in amounts] for end in ENDS
    }
    return {
        end: working.step(f"{label}，{words}", sum(ends[end], Fraction(0)), unit, "2.1.2")
        for end, words in ENDS.items()
    }
