"""客服中心岗位设置及管理制度: the seats once more, written from the domain's page alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate
from tests.amounts import tried
from tests.policy_core.readings import check_answer

seats = st.integers(0, 9) | st.integers(0, 10**6)


def expected(case: Mapping[str, Any], readings: Mapping[str, str]) -> dict[str, Any]:
    away_counts = readings.get("away-counts") == "counted"
    present = case["seats_on_duty"] - (0 if away_counts else case["seats_away"])
    broken = {
        "too-few-present": present not in range(4 if case["market_open"] else 2, 10**7),
        "too-many-away": case["seats_away"]
        not in ((0, 1, 2) if readings.get("two-away") == "at-most-two" else (0, 1)),
    }
    reasons = [name for name in broken if broken[name]]
    return {"present": present, "compliant": reasons == [], "reasons": reasons}


@tried(400)
@given(st.booleans(), seats, seats)
def test_seats_agree_with_an_independent_count(market_open: bool, one: int, other: int) -> None:
    case = {
        "market_open": market_open, "seats_on_duty": max(one, other), "seats_away": min(one, other),
    }  # fmt: skip
    check_answer("seat-check", case, expected)


@pytest.mark.parametrize("market_open", [True, False])
@pytest.mark.parametrize("away", range(8))
@pytest.mark.parametrize("on_duty", range(8))
def test_every_small_number_of_seats(market_open: bool, on_duty: int, away: int) -> None:
    case = {"market_open": market_open, "seats_on_duty": on_duty, "seats_away": away}
    if away <= on_duty:
        check_answer("seat-check", case, expected)
        return
    with pytest.raises(InputErrors) as caught:
        calculate("seat-check", case)
    (problem,) = caught.value.problems
    assert (problem.field, problem.clause) == ("seats_away", "call-centre:1.2.7")
    said = f"填的是 {away}，当班只有 {on_duty} 人，应在 0 到 {on_duty} 之间"
    assert problem.message == said


@pytest.mark.parametrize(("market_open", "hour"), [(True, "开市"), (False, "闭市")])
def test_the_hour_is_told_and_whether_the_lead_counts_is_a_doubt_of_the_closed_market_alone(
    market_open: bool, hour: str
) -> None:
    case = {"market_open": market_open, "seats_on_duty": 5, "seats_away": 0}
    found = calculate("seat-check", case)
    assert hour in {each.expression for each in found.steps}
    assert ("lead-counts" in {each.finding.id for each in found.findings}) is not market_open


@tried(100)
@given(seats, seats)
def test_what_is_enough_while_the_market_is_open_is_enough_when_it_is_closed(
    one: int, other: int
) -> None:
    case = {"seats_on_duty": max(one, other), "seats_away": min(one, other)}
    opened, closed = (
        calculate("seat-check", {**case, "market_open": market_open}).outcome["compliant"]
        for market_open in (True, False)
    )
    assert closed or not opened


@tried(100)
@given(st.booleans(), seats, seats)
def test_one_more_on_duty_breaks_no_rule(market_open: bool, one: int, other: int) -> None:
    case = {"market_open": market_open, "seats_away": min(one, other)}
    on_duty = min(max(one, other), 10**6 - 1)
    if case["seats_away"] <= on_duty:
        few, more = (
            calculate("seat-check", {**case, "seats_on_duty": each}).outcome["reasons"]
            for each in (on_duty, on_duty + 1)
        )
        assert set(more) <= set(few)  # type: ignore[call-overload]
