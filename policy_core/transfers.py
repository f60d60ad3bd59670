"""岗位晋升异动管理 (`transfers`): the six steps of a transfer, and the days of its confirmation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from policy_core._inputs import day, integer
from policy_core._registry import register
from policy_core._working import Working

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Someone reporting to a new post, with the probation that was planned."""

    start: date = day(clause="2.4")
    months: Fraction = integer(1, 3, clause="2.5.1")


@register(
    "transfer-timeline",
    policy_id="transfers",
    inputs=Transfer,
    clauses=("2.1", "2.2.3", "2.3", "2.4", "2.5.1", "2.5.2", "2.6.1"),
    figures=("probation",),
    facts=("steps",),
    findings=("open-ended", "start-day", "stage-name", "fail-outcome"),
)
def transfer_timeline(transfer: Transfer, working: Working) -> Mapping[str, object]:
    """Count the probation from the day of reporting, and list who acts at each of the six steps.

    Clauses: 2.1, 2.2, 2.3, 2.4, 2.5.1, 2.6.1
    """
    # 见习一到三个月；试用转正手续可以按本人表现推迟或者提前办理。
    # transfers:2.5.1
    usual = working.figure("probation")
    for name in ("open-ended", "start-day", "stage-name", "fail-outcome"):
        working.doubt(name)
    return {
        "earliest": confirmation("最早转正", transfer.start, usual.number("min"), working),
        "planned": confirmation("按计划转正", transfer.start, transfer.months, working),
        "latest": confirmation("最晚转正", transfer.start, usual.number("max"), working),
        "steps": [
            {
                "id": row.text("id"),
                "title": row.text("title"),
                "who": row.text("who"),
                "clause": row.clause,
            }
            for row in working.rows("steps")
        ],
    }


def confirmation(label: str, start: date, months: Fraction, working: Working) -> str:
    """Give the day some months after another, and print how it was counted."""
    count = working.whole(months)
    found = working.derived(printed_day, start, count)
    working.found(label, f"{start} + {count} 个月", found, "", "2.5.1")
    return found


def printed_day(start: date, months: int) -> str:
    """Print the day some months after another."""
    return months_after(start, months).isoformat()


def months_after(start: date, months: int) -> date:
    """Count months from a day: to the same day of the month, or the last one where there is none."""
    same_day = first_of_month(start, months) + timedelta(days=start.day - 1)
    last_day = first_of_month(start, months + 1) - timedelta(days=1)
    return min(same_day, last_day)


def first_of_month(start: date, months: int) -> date:
    """Give the first day of the month that comes some months after a day's own."""
    years, month = divmod(start.month - 1 + months, MONTHS_A_YEAR)
    return date(start.year + years, month + 1, 1)
