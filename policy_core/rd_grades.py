"""研发技术岗位晋升制度 (`rd-grades`): what a grade is and brings, and how points of a half-year raise it.

Several half-years, the points themselves and the first grade have modules of their own beside this one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from policy_core._inputs import boolean, choice, integer, number
from policy_core._registry import register
from policy_core._working import Row, Working, told

NOTHING = Fraction(0)
UNTITLED = "未定级"


# ---- 三、1 技术通道, 五、1 等级的意义 --------------------------------------------------------------


def line_of(rows: list[Row], grade: Fraction, *, higher: bool) -> Row | None:
    """Find the line of a table of ranges that holds a grade; where two do, the higher or the lower one."""
    return next((row for row in (rows[::-1] if higher else rows) if holds(row, grade)), None)


def holds(row: Row, grade: Fraction) -> bool:
    """Tell whether a range holds a grade, its ends included."""
    return row.number("from") <= grade and (not row.has("to") or grade <= row.number("to"))


def in_several(rows: list[Row], grade: Fraction) -> Iterator[bool]:
    """Tell, once it is asked, whether several lines of a table hold a grade."""
    yield len([row for row in rows if holds(row, grade)]) > 1


def range_text(row: Row, grade: Fraction) -> str:
    """Print the comparison that chose a line."""
    low = told(row.number("from"))
    if not row.has("to"):
        return f"{told(grade)} ≥ {low}"
    return f"{low} ≤ {told(grade)} ≤ {told(row.number('to'))}"


def band(grade: Fraction, working: Working) -> Row | None:
    """Find the band of a grade; 3 and 25 lie in two.

    Clauses: 3.1
    Readings: band-overlap (higher)
    """
    bands = working.rows("bands")
    reading = working.reading("band-overlap", where=in_several(bands, grade))
    return line_of(bands, grade, higher=reading == "higher")


def title_of(grade: Fraction, working: Working) -> str:
    """Name a grade; grade 0 has no title."""
    # 1~3级：助理工程师； 3~9级：工程师； 10~19级：中级工程师； … 25级以上：技术专家。
    # rd-grades:3.1
    row = band(grade, working)
    if row is None:
        working.found("职级", f"{told(grade)} = 0", UNTITLED, "", "3.1")
        return UNTITLED
    working.found("职级", range_text(row, grade), row.text("title"), "", "3.1")
    return row.text("title")


def benefits(grade: Fraction, working: Working) -> dict[str, object]:
    """Say what a grade brings: benefits, own projects, a yearly training allowance.

    Clauses: 5.1.3, 5.1.4
    """
    title = title_of(grade, working)
    levels, allowances = working.rows("benefit_levels"), working.rows("training_allowance")
    # 10-14级，福利比照公司主管级； 15-19级，福利比照公司经理级； … 25级以上，福利比照公司副总经理。
    # rd-grades:5.1.3
    level = line_of(levels, grade, higher=True)
    words = level.text("title") if level else "没有"
    working.found("福利待遇", reached(levels, level, grade), words, "", "5.1.3")
    # 10级以上的工程师，可以取得独立开发项目的资格
    # rd-grades:5.1.4
    own_from = working.figure("independent_projects").number("from")
    own_projects = working.decide("独立开发项目", grade >= own_from, "5.1.4", wanted=True)
    allowance = line_of(allowances, grade, higher=True)
    money = {"min": allowance.number("min"), "max": allowance.number("max")} if allowance else None
    working.found("每年的培训补贴", reached(allowances, allowance, grade), money, "元", "5.1.4")
    return {
        "title": title,
        "benefit_level": level.text("level") if level else None,
        "independent_projects": own_projects,
        "training_allowance": money,
    }


def reached(rows: list[Row], row: Row | None, grade: Fraction) -> str:
    """Print the comparison that chose a line, or the one that kept a grade below the first."""
    if row is not None:
        return range_text(row, grade)
    return f"{told(grade)} < {told(rows[0].number('from'))}"


# ---- 八、报废, 九、意义: one half-year's settlement --------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfYear:
    """One half-year to settle; points are net, grades are whole."""

    grade: Fraction = integer(0, clause="3.1")
    carried: Fraction = number(0, clause="9.1")
    points: Fraction = number(clause="8.1")
    half: Literal[1, 2] = choice(1, 2, clause="8.2")
    previous_year_points: Fraction | None = number(
        when={"half": (1,), "first_year": (False,)}, clause="8.2"
    )
    first_year: bool = boolean(default=False, when={"half": (1,)}, clause="8.2")
    levels_since_raise: Fraction = integer(0, 1, default=0, clause="5.1.2")


@register(
    "grade-from-points",
    policy_id="rd-grades",
    inputs=HalfYear,
    clauses=("3.1", "4.1.1", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "8.1", "8.2", "9.1"),
    figures=(
        "bands",
        "points_per_grade",
        "void_points",
        "low_year_points",
        "raised_bar",
        "bonus",
        "raise_every",
        "raise_steps",
        "benefit_levels",
        "independent_projects",
        "training_allowance",
    ),
    findings=(
        "band-overlap",
        "raised-bar",
        "negative-half",
        "bonus-band",
        "salary-base",
        "carry-in-30",
        "net-or-gross",
        "first-year",
        "half-year",
        "void-and-bonus",
    ),
)
def grade_from_points(half_year: HalfYear, working: Working) -> dict[str, Any]:
    """Turn one half-year's points into grades and carry the rest on.

    Clauses: 4.1.1, 5.1.1, 5.1.2, 8.1, 8.2, 9.1
    Readings: negative-half (void), raised-bar (gate), bonus-band (reached), band-overlap (higher)
    """
    working.doubt("half-year")
    counted, void = counted_points(half_year.points, working)
    available = working.step("可用", half_year.carried + counted, "点", "9.1")
    levels, used, next_at = settle(available, bar_is_raised(half_year, working), working)
    new_grade = working.step("新级别", half_year.grade + levels, "级", "4.1.1")
    remainder = working.step("结转", available - used, "点", "9.1")
    bonus = bonus_of(half_year.grade, levels, working)
    steps, since_raise = raise_of(half_year.levels_since_raise, levels, working)
    if void:
        working.doubt("void-and-bonus")
    perks = benefits(new_grade, working)
    return {
        "counted": counted,
        "available": available,
        "levels": levels,
        "new_grade": new_grade,
        "title": perks["title"],
        "remainder": remainder,
        "bonus": bonus,
        "salary_steps": steps,
        "levels_since_raise": since_raise,
        "points_to_next": None
        if next_at is None
        else working.step("再升一级还差", next_at - available, "点", "9.1"),
        "benefits": perks,
    }


def counted_points(points: Fraction, working: Working) -> tuple[Fraction, bool]:
    """Count a half-year's points; five or fewer are void.

    Clauses: 8.1
    Readings: negative-half (void; keep: a negative half-year is deducted)
    """
    # 在这半年度里获取的贡献点，如果少于或等于5个，这半年度的点数自动报废。
    # rd-grades:8.1
    limit = working.figure("void_points").number()
    if not working.decide("半年作废", points <= limit, "8.1", wanted=False):
        return working.step("本期计入", points, "点", "8.1"), False
    working.doubt("net-or-gross")
    if working.reading("negative-half", where=(points < 0,)) == "keep":
        return working.step("本期计入", points, "点", "8.1"), False
    return working.step("本期计入", points * 0, "点", "8.1"), True


def bar_is_raised(half_year: HalfYear, working: Working) -> bool:
    """Tell whether the year before was so poor that the first grade now needs more points.

    Clauses: 8.2
    """
    if half_year.previous_year_points is None:
        if half_year.first_year:
            working.doubt("first-year")
        return False
    # 如果少于或等于10个，到第二年第一个半年度结算时，要满30个贡献点才能晋升1级
    # rd-grades:8.2
    limit = working.figure("low_year_points").number()
    return working.decide("门槛加高", half_year.previous_year_points <= limit, "8.2", wanted=False)


def settle(
    available: Fraction, raised: bool, working: Working
) -> tuple[Fraction, Fraction, Fraction | None]:
    """Give the grades gained, the points they use, and the points at which one grade more would be due.

    Clauses: 4.1.1, 8.2, 9.1
    Readings: raised-bar (gate; shift: the first grade costs the higher bar; cap: one grade at most)
    """
    # 等级每升一级，用掉的20分贡献点不能再拿来升级。剩余的点数往后继续累计。
    # rd-grades:9.1
    each = working.figure("points_per_grade").number()
    if not raised:
        levels = gained(available, each, working)
        return levels, each * levels, each * (levels + 1)
    bar = working.figure("raised_bar").number()
    working.doubt("carry-in-30")
    reading = working.reading("raised-bar")
    if not working.decide("够不够门槛", available >= bar, "8.2", wanted=True):
        levels = working.step("升级", available * 0, "级", "8.2")
        return levels, levels * each, bar
    if reading == "shift":
        levels = working.step("升级", 1 + (available - bar) // each, "级", "8.2")
        return levels, bar + each * (levels - 1), bar + each * levels
    if reading == "cap":
        return Fraction(1), each, None
    levels = gained(available, each, working)
    return levels, each * levels, each * (levels + 1)


def gained(available: Fraction, each: Fraction, working: Working) -> Fraction:
    """Count the whole grades in the points at hand; there are none in less than nothing."""
    return working.step("升级", available // each if available >= 0 else available * 0, "级", "9.1")


def bonus_of(grade: Fraction, levels: Fraction, working: Working) -> dict[str, Fraction]:
    """Add up the bonus of each grade reached, by the band of that grade.

    Clauses: 5.1.1
    Readings: bonus-band (reached; held: the band held before each grade)
    """
    low, high = NOTHING, NOTHING
    start, count = working.alone(grade), working.alone(levels)
    if not count > 0:
        return {"min": low, "max": high}
    before = 1 if working.reading("bonus-band") == "held" else 0
    for row, grades in climbed(start + 1 - before, start + count - before, working):
        low += row.number("min") * grades
        high += row.number("max") * grades
    # 助理工程师各级：每升1级，奖励现金600-1000元； 工程师各级：每升1级，奖励现金1000-1500元；
    # rd-grades:5.1.1
    working.step("奖金，最少", low, "元", "5.1.1")
    working.step("奖金，最多", high, "元", "5.1.1")
    return {"min": low, "max": high}


def climbed(first: Fraction, last: Fraction, working: Working) -> list[tuple[Row, Fraction]]:
    """Count the grades of a climb that fall to each line of the bonus.

    Clauses: 3.1
    Readings: band-overlap (higher), where the climb touches a grade of two bands
    """
    bands = working.rows("bands")
    touched = (
        bool(above.number("from") <= last and first <= below.number("to"))
        for below, above in pairwise(bands)
        if above.number("from") <= below.number("to")
    )
    reading = working.reading("band-overlap", where=touched)
    counts: dict[str, Fraction] = {}
    for row, lowest, highest in parted(bands, higher=reading == "higher"):
        start = max(first, lowest)
        end = last if highest is None else min(last, highest)
        if start <= end:
            name = row.text("bonus")
            counts[name] = counts.get(name, NOTHING) + (end - start + 1)
    rows = {row.text("band"): row for row in working.rows("bonus")}
    return [(rows[name], working.alone(count)) for name, count in counts.items()]


def parted(bands: list[Row], *, higher: bool) -> Iterator[tuple[Row, Fraction, Fraction | None]]:
    """Give each band the grades that are its own; those of two bands go to the higher or the lower."""
    for place, row in enumerate(bands):
        first, last = row.number("from"), row.number("to") if row.has("to") else None
        if higher and last is not None:
            last = min(last, bands[place + 1].number("from") - 1)
        if not higher and place:
            first = max(first, bands[place - 1].number("to") + 1)
        yield row, first, last


def raise_of(
    since_raise: Fraction, levels: Fraction, working: Working
) -> tuple[dict[str, Fraction], Fraction]:
    """Give the salary steps: every two grades raise the salary by one or two.

    Clauses: 5.1.2
    """
    # 岗位等级每升2级，工资跟着上调1-2级；
    # rd-grades:5.1.2
    every = working.figure("raise_every").number()
    size = working.figure("raise_steps")
    times = working.step("涨工资的次数", (since_raise + levels) // every, "次", "5.1.2")
    working.doubt("salary-base", where=(levels > 0,))
    rest = working.step("涨工资后又升的级数", since_raise + levels - times * every, "级", "5.1.2")
    return {"min": times * size.number("min"), "max": times * size.number("max")}, rest
