"""岗位晋升异动管理: the days of a transfer once more, written from the domain's page alone."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate
from tests.amounts import tried
from tests.policy_core.readings import check_answer

starts = st.dates(date(1, 1, 1), date(9998, 12, 31))
WHO = (
    ("request", "提出异动需求", "部门负责人、人事部", "2.1"),
    ("review", "审核异动人选", "部门负责人、公司领导", "2.2.3"),
    ("announcement", "发布异动通知", "人事部", "2.3"),
    ("hand-over", "工作交接", "部门负责人、异动员工", "2.4"),
    ("probation", "异动见习", "人事部、部门负责人", "2.5.2"),
    ("confirmation", "异动转正", "公司", "2.6.1"),
)


def later(start: date, months: int) -> str:
    """Turn the pages of a calendar, then take the day, or the last one of the page."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1])).isoformat()


def expected(case: Mapping[str, Any], _: Mapping[str, str]) -> dict[str, Any]:
    start = date.fromisoformat(case["start"])
    return {
        "earliest": later(start, 1),
        "planned": later(start, case["months"]),
        "latest": later(start, 3),
        "steps": [
            {"id": name, "title": title, "who": who, "clause": f"transfers:{clause}"}
            for name, title, who, clause in WHO
        ],
    }


@tried(400)
@given(starts, st.integers(1, 3))
def test_days_agree_with_the_pages_of_a_calendar(start: date, months: int) -> None:
    case = {"start": start.isoformat(), "months": months}
    check_answer("transfer-timeline", case, expected)


@pytest.mark.parametrize("year", [1, 1900, 2000, 2023, 2024, 9998])
def test_every_day_of_a_year(year: int) -> None:
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        start = date.fromordinal(ordinal)
        case = {"start": start.isoformat(), "months": 2}
        assert calculate("transfer-timeline", case).outcome == expected(case, {})


@tried(200)
@given(starts, st.integers(1, 3))
def test_the_days_stand_in_order_and_never_skip_a_month(start: date, months: int) -> None:
    given_case = {"start": start.isoformat(), "months": months}
    outcome = calculate("transfer-timeline", given_case).outcome
    earliest, planned, latest = (
        date.fromisoformat(str(outcome[name])) for name in ("earliest", "planned", "latest")
    )
    assert start < earliest <= planned <= latest
    assert 28 <= (earliest - start).days <= 31
    assert (latest.year * 12 + latest.month) - (start.year * 12 + start.month) == 3


@tried(100)
@given(starts, starts)
def test_who_reports_earlier_is_never_confirmed_later(one: date, other: date) -> None:
    first, second = (
        calculate("transfer-timeline", {"start": each.isoformat(), "months": 1}).outcome
        for each in sorted([one, other])
    )
    for name in ("earliest", "planned", "latest"):
        assert str(first[name]) <= str(second[name])


@pytest.mark.parametrize(
    "start", ["2023-02-29", "9999-01-01", "0000-01-01", "2024-1-31", "31.01.2024", "", 20240131]
)
def test_what_is_no_day_is_told(start: object) -> None:
    with pytest.raises(InputErrors, match="应是日期，例如 2024-01-31"):
        calculate("transfer-timeline", {"start": start, "months": 1})
