"""研发技术岗位晋升制度 (`rd-grades`) 六 and 五: the grade to start from, and what a grade brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from policy_core._inputs import choice, integer, number
from policy_core._registry import register
from policy_core._working import Working
from policy_core.rd_grades import benefits, in_several, line_of, range_text, title_of

# ---- 六、初始登记评定 ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An engineer at the end of the trial period."""

    education: Literal["college", "bachelor", "master", "doctor"] = choice(
        "college", "bachelor", "master", "doctor", clause="6.2.1"
    )
    years: Fraction = number(0, clause="6.2.2")
    skill: Fraction = integer(0, clause="6.2.3")


@register(
    "initial-grade",
    policy_id="rd-grades",
    inputs=Newcomer,
    clauses=("3.1", "6.2", "6.2.1", "6.2.2", "6.2.3"),
    figures=("education", "experience", "bands"),
    findings=(
        "experience-overlap",
        "experience-gap",
        "skill-scale",
        "grade-zero",
        "combine",
        "band-overlap",
    ),
)
def initial_grade(newcomer: Newcomer, working: Working) -> Mapping[str, object]:
    """Add up what education, experience and skill bring.

    Clauses: 6.2.1, 6.2.2, 6.2.3
    Readings: experience-overlap (higher), band-overlap (higher)
    """
    education = next(
        row for row in working.rows("education") if row.text("id") == newcomer.education
    )
    # 学历：大专定0级，本科定1级，研究生定2级，博士定3级；
    # rd-grades:6.2.1
    by_education = working.step("学历", education.number(), "级", "6.2.1")
    by_experience = experience_grade(newcomer.years, working)
    by_skill = working.step("技能", newcomer.skill, "级", "6.2.3")
    working.doubt("skill-scale", where=(newcomer.skill > 0,))
    working.doubt("combine")
    grade = working.step("定级", by_education + by_experience + by_skill, "级", "6.2")
    working.doubt("grade-zero", where=(grade == 0,))
    parts = {"education": by_education, "experience": by_experience, "skill": by_skill}
    return {"grade": grade, "title": title_of(grade, working), "parts": parts}


def experience_grade(years: Fraction, working: Working) -> Fraction:
    """Give the grades for whole years of work.

    Clauses: 6.2.2
    Readings: experience-overlap (higher), where 8 years lie in two ranges
    """
    # 工作经验：有2~3年的1级，有4~8年的2级，8年以上的3级；
    # rd-grades:6.2.2
    whole = working.step("工作经验，整年", years // 1, "年", "6.2.2")
    rows = working.rows("experience")
    reading = working.reading("experience-overlap", where=in_several(rows, whole))
    row = line_of(rows, whole, higher=reading == "higher")
    if row is None:
        working.doubt("experience-gap")
        return working.step("工作经验", whole * 0, "级", "6.2.2")
    if row.has("to"):
        working.doubt("experience-gap", where=(years > row.number("to"),))
    working.found("工作经验", range_text(row, whole), row.number(), "级", "6.2.2")
    return row.number()


# ---- 五、等级与待遇 ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A grade that someone holds or wants to reach."""

    grade: Fraction = integer(0, clause="3.1")


@register(
    "grade-benefits",
    policy_id="rd-grades",
    inputs=Grade,
    clauses=("3.1", "5.1.3", "5.1.4"),
    figures=("bands", "benefit_levels", "independent_projects", "training_allowance"),
    findings=("band-overlap", "grade-zero"),
)
def grade_benefits(given: Grade, working: Working) -> Mapping[str, object]:
    """Say what a grade brings.

    Clauses: 3.1, 5.1.3, 5.1.4
    Readings: band-overlap (higher)
    """
    working.doubt("grade-zero", where=(given.grade == 0,))
    return benefits(given.grade, working)
