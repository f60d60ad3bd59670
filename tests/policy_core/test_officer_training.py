"""航空工程指挥类军官晋升前培训: the hours once more, written from the domain's page alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from policy_core import calculate
from tests.amounts import tried
from tests.policy_core.readings import check_answer

hours = st.decimals("0.01", 10**6, places=2) | st.integers(1, 10**6)
SHARES = {"basic": 37, "specialist": 33, "electives": 15}


def expected(case: Mapping[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
    """Share out whole hundredths of an hour, of which a share in percent is a whole hundredth."""
    hundredths = int(Decimal(case["total_hours"]) * 100)
    return {
        "politics": {"min": half_up(hundredths * 15), "max": half_up(hundredths * 20)},
        **{name: half_up(hundredths * share) for name, share in SHARES.items()},
        "approximate": ["basic", "specialist"],
        "sum_percent": {"min": 100, "max": 105},
        "sum_hours": {"min": half_up(hundredths * 100), "max": half_up(hundredths * 105)},
    }


def half_up(ten_thousandths: int) -> int | float:
    """Round ten-thousandths to hundredths; all are positive."""
    hundredths = (ten_thousandths + 50) // 100
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


@tried(400)
@given(hours)
def test_hours_agree_with_an_independent_sharing_out(total: Decimal | int) -> None:
    check_answer("training-hours", {"total_hours": total}, expected)


@tried(200)
@given(hours)
def test_a_plan_never_falls_short_and_never_runs_over_by_more_than_the_range(
    total: Decimal | int,
) -> None:
    outcome = calculate("training-hours", {"total_hours": total}).outcome
    ends: Any = outcome["sum_hours"]
    assert Decimal(str(ends["min"])) == total
    assert total <= Decimal(str(ends["max"])) <= total * Decimal("1.05") + Decimal("0.005")


@tried(200)
@given(hours, hours)
def test_a_longer_plan_has_no_shorter_course(one: Decimal | int, other: Decimal | int) -> None:
    short, long = (
        calculate("training-hours", {"total_hours": each}).outcome
        for each in (min(one, other), max(one, other))
    )
    for name in SHARES:
        assert short[name] <= long[name]  # type: ignore[operator]
    before, after = short["politics"], long["politics"]
    assert all(before[end] <= after[end] for end in ("min", "max"))  # type: ignore[index]
