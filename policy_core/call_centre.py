"""客服中心岗位设置及管理制度 (`call-centre`): how many seats must be manned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policy_core._exact import shown
from policy_core._inputs import Problems, boolean, integer
from policy_core._registry import register
from policy_core._versions import Version
from policy_core._working import Working


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The seats at one moment; who is away is on duty too."""

    market_open: bool = boolean(clause="1.2.5")
    seats_on_duty: Fraction = integer(0, clause="1.2.5")
    seats_away: Fraction = integer(0, clause="1.2.7")


def check_away(_: Version, values: Mapping[str, Any], problems: Problems) -> None:
    """Note more seats away than there are on duty."""
    on_duty, away = values.get("seats_on_duty"), values.get("seats_away")
    if on_duty is not None and away is not None and away > on_duty:
        why = f"当班只有 {shown(on_duty)} 人，应在 0 到 {shown(on_duty)} 之间"
        problems.say("seats_away", f"填的是 {shown(away)}，{why}", "1.2.7")


@register(
    "seat-check",
    policy_id="call-centre",
    inputs=Seats,
    clauses=("1.2.5", "1.2.6", "1.2.7"),
    figures=("open_minimum", "closed_minimum", "away_together"),
    facts=("seats", "manned"),
    findings=("two-away", "away-counts", "market-hours", "lead-counts"),
    check=check_away,
)
def seat_check(seats: Seats, working: Working) -> Mapping[str, object]:
    """Tell whether enough seats are manned, and not too many away together.

    Clauses: 1.2.5, 1.2.7
    Readings: away-counts (not-counted), two-away (at-most-one)
    """
    present = present_seats(seats, working)
    kept = {
        "too-few-present": enough(seats, present, working),
        "too-many-away": few_away(seats.seats_away, working),
    }
    return {
        "present": present,
        "compliant": all(kept.values()),
        "reasons": [rule for rule, holds in kept.items() if not holds],
    }


def present_seats(seats: Seats, working: Working) -> Fraction:
    """Count the seats that are manned.

    Clauses: 1.2.5, 1.2.6
    Readings: away-counts (not-counted; counted: who is away is still called a seat on duty)
    """
    # 当班坐席要上洗手间、打水等，离开座位的时间不能超过规定。
    # call-centre:1.2.6
    counted = working.reading("away-counts") == "counted"
    manned = seats.seats_on_duty if counted else seats.seats_on_duty - seats.seats_away
    return working.step("在岗坐席", manned, "人", "1.2.6")


def enough(seats: Seats, present: Fraction, working: Working) -> bool:
    """Tell whether the seats that are manned reach the minimum of the hour.

    Clauses: 1.2.5
    """
    # 每天到了开市时间段，当班的普通坐席至少要有4人；闭市的时间段，… 最少不能少于2人。
    # call-centre:1.2.5
    working.doubt("market-hours")
    if not seats.market_open:
        working.doubt("lead-counts")
    least = working.figure("open_minimum" if seats.market_open else "closed_minimum").number()
    working.found("至少在岗", "开市" if seats.market_open else "闭市", least, "人", "1.2.5")
    return working.decide("人数够", present >= least, "1.2.5", wanted=True)


def few_away(away: Fraction, working: Working) -> bool:
    """Tell whether few enough seats are away together.

    Clauses: 1.2.7
    Readings: two-away (at-most-one: two are too many; at-most-two)
    """
    # 当班的时候，不允许2个以上坐席一起离席。
    # call-centre:1.2.7
    limit = working.figure("away_together").number()
    inclusive = working.reading("two-away") == "at-most-one"
    few = away < limit if inclusive else away <= limit
    return working.decide("离席的不多", few, "1.2.7", wanted=True)
