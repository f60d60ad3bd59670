"""研发技术岗位晋升制度 (`rd-grades`) 八 and 九 over several half-years: each settled on the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from policy_core._inputs import (
    FIRST_YEAR,
    LAST_YEAR,
    Problems,
    choice,
    integer,
    number,
    records,
)
from policy_core._registry import calculator, register
from policy_core._versions import Version
from policy_core._working import Working, told
from policy_core.rd_grades import HalfYear, grade_from_points

HALVES = 2  # half-years a year
SETTLEMENT = calculator("grade-from-points")


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHalfYear:
    """The net points of one half-year."""

    year: Fraction = integer(FIRST_YEAR, LAST_YEAR, clause="4.1.1")
    half: Literal[1, 2] = choice(1, 2, clause="4.1.1")
    points: Fraction = number(clause="8.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """Where an engineer stood, and the half-years since then in any order, without a hole."""

    grade: Fraction = integer(0, clause="3.1")
    carried: Fraction = number(0, default=0, clause="9.1")
    levels_since_raise: Fraction = integer(0, 1, default=0, clause="5.1.2")
    history: tuple[Mapping[str, Any], ...] = records(PastHalfYear, at_most=200, clause="4.1.1")


def unbroken(_version: Version, values: Mapping[str, Any], problems: Problems) -> None:
    """Refuse a half-year that stands twice and one with a hole before it, each at its entry.

    Clauses: 4.1.1, 9.1
    """
    history = values.get("history") or ()
    if any(entry.get(name) is None for entry in history for name in ("year", "half")):
        return
    places: dict[Fraction, int] = {}
    for index, entry in enumerate(history):
        first = places.setdefault(order(entry), index)
        if first != index:
            # 人力资源部每半年牵头，研发部协助，把每位研发工程师 的贡献点统计出来
            # rd-grades:4.1.1
            twice = f"和第 {first + 1} 条重复，每个半年只能有一条"
            problems.say(f"history[{index}]", f"是 {name_of(entry)}，{twice}", "4.1.1")
    for before, after in pairwise(sorted(places)):
        if after > before + 1:
            # 剩余的点数往后继续累计。
            # rd-grades:9.1
            missing = [
                name_of({"year": place // HALVES, "half": place % HALVES + 1})
                for place in dict.fromkeys((before + 1, after - 1))
            ]
            index = places[after]
            hole = f"前面缺 {'到 '.join(missing)}，半年之间不能断开"
            problems.say(f"history[{index}]", f"是 {name_of(history[index])}，{hole}", "9.1")


def order(entry: Mapping[str, Any]) -> Fraction:
    """Count half-years, so that one is by one more than the one before."""
    place: Fraction = entry["year"] * HALVES + entry["half"] - 1
    return place


def name_of(entry: Mapping[str, Any]) -> str:
    """Name a half-year for a reader."""
    return f"{told(entry['year'])} 年{'上' if entry['half'] == 1 else '下'}半年"


@register(
    "points-history",
    policy_id="rd-grades",
    inputs=Career,
    check=unbroken,
    clauses=SETTLEMENT.clauses,
    figures=SETTLEMENT.figures,
    findings=(*SETTLEMENT.findings, "year-points-raw"),
)
def points_history(career: Career, working: Working) -> Mapping[str, object]:
    """Settle half-year after half-year; grade, rest and raises of one go on into the next.

    Clauses: 4.1.1, 8.2, 9.1
    Readings: year-points-raw (raw), and those of `grade_from_points`
    """
    settlements: list[dict[str, Any]] = []
    earlier: list[tuple[Fraction, Fraction]] = []
    last: dict[str, Any] = {
        "new_grade": career.grade,
        "remainder": career.carried,
        "levels_since_raise": career.levels_since_raise,
    }
    for entry in sorted(career.history, key=order):
        working.about(name_of(entry))
        year_before = points_of_year_before(entry["half"], earlier, working)
        # 等级每升一级，用掉的20分贡献点不能再拿来升级。剩余的点数往后继续累计。
        # rd-grades:9.1
        half_year = HalfYear(
            grade=last["new_grade"],
            carried=last["remainder"],
            points=entry["points"],
            half=entry["half"],
            previous_year_points=year_before,
            first_year=entry["half"] == 1 and year_before is None,
            levels_since_raise=last["levels_since_raise"],
        )
        last = dict(grade_from_points(half_year, working))
        settlements.append({"year": entry["year"], "half": entry["half"], **last})
        earlier.append((entry["points"], last["counted"]))
    state = ("new_grade", "title", "remainder", "levels_since_raise")
    return {"settlements": settlements, **{name: last[name] for name in state}}


def points_of_year_before(
    half: int, earlier: list[tuple[Fraction, Fraction]], working: Working
) -> Fraction | None:
    """Add up what is given of the year before; only a first half asks for it.

    Clauses: 8.2
    Readings: year-points-raw (raw; after-voiding: what counted)
    """
    if half != 1 or not earlier:
        return None
    # 工程师全年获取的贡献点，如果少于或等于10个，到第二年第一个半年度结算时
    # rd-grades:8.2
    raw = working.reading("year-points-raw") == "raw"
    given = [points if raw else counted for points, counted in earlier[-HALVES:]]
    return working.step("上一年积分", sum(given, Fraction(0)), "点", "8.2")
