"""研发技术岗位晋升制度 worked out once more from the contract alone, and what holds for every engineer."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_core import InputErrors, calculate, policy
from policy_core._exact import rounded
from tests.amounts import tried
from tests.policy_core.engineers import BASED, FIXED, JUDGED, KINDS, careers, events, half_points

ROOT = Path(__file__).resolve().parents[2]
READINGS = ("raised-bar", "negative-half", "bonus-band", "band-overlap", "year-points-raw")

# ---- several half-years ----------------------------------------------------------------------------


def titled(grade: int, *, lower: bool) -> str:
    """Name a grade (3.1)."""
    for above, title in (
        (25 if lower else 24, "技术专家"),
        (19, "高级工程师"),
        (9, "中级工程师"),
        (3 if lower else 2, "工程师"),
        (0, "助理工程师"),
    ):
        if grade > above:
            return title
    return "未定级"


def rewarded(grade: int, *, lower: bool) -> tuple[int, int]:
    """Give the bonus of a grade (5.1.1); grade 0 has none."""
    return {
        "未定级": (0, 0),
        "助理工程师": (600, 1000),
        "工程师": (1000, 1500),
        "中级工程师": (1500, 3000),
    }.get(titled(grade, lower=lower), (2000, 5000))


def worked_out_once(
    grade: int, carried: Fraction, since: int, points: Fraction, *, raised: bool, **readings: str
) -> dict[str, Any]:
    """Settle one half-year (4.1.1, 5.1, 8, 9.1)."""
    lower = readings.get("band-overlap") == "lower"
    wiped = points <= 5 and not (points < 0 and readings.get("negative-half") == "keep")
    counted = Fraction(0) if wiped else points
    available = carried + counted
    bar = readings.get("raised-bar", "gate") if raised else ""
    if raised and available < 30:
        levels, used, following = 0, Fraction(0), Fraction(30)
    elif bar == "shift":
        levels = 1 + (available - 30) // 20
        used, following = Fraction(30 + 20 * (levels - 1)), Fraction(30 + 20 * levels)
    else:
        levels = 1 if bar == "cap" else max(0, available // 20)
        used, following = Fraction(20 * levels), Fraction(20 * (levels + 1))
    held = 1 if readings.get("bonus-band") == "held" else 0
    gains = [rewarded(grade + step - held, lower=lower) for step in range(1, levels + 1)]
    raises, rest = divmod(since + levels, 2)
    return {
        "counted": counted,
        "available": available,
        "levels": levels,
        "new_grade": grade + levels,
        "title": titled(grade + levels, lower=lower),
        "remainder": available - used,
        "bonus": {"min": sum(low for low, _ in gains), "max": sum(high for _, high in gains)},
        "salary_steps": {"min": raises, "max": 2 * raises},
        "levels_since_raise": rest,
        "points_to_next": None if bar == "cap" and available >= 30 else following - available,
        "benefits": brought(grade + levels, lower=lower),
    }


def worked_out(career: dict[str, Any], **readings: str) -> dict[str, Any]:
    """Settle half-year after half-year (4.1.1, 8.2, 9.1)."""
    grade, carried = career["grade"], Fraction(career.get("carried") or 0)
    since = career.get("levels_since_raise") or 0
    raw: dict[int, list[Fraction]] = {}
    kept: dict[int, list[Fraction]] = {}
    settlements = []
    for entry in sorted(career["history"], key=lambda each: (each["year"], each["half"])):
        year, points = entry["year"], Fraction(entry["points"])
        before = (kept if readings.get("year-points-raw") == "after-voiding" else raw).get(year - 1)
        low = entry["half"] == 1 and before is not None and sum(before) <= 10
        one = worked_out_once(grade, carried, since, points, raised=low, **readings)
        raw.setdefault(year, []).append(points)
        kept.setdefault(year, []).append(one["counted"])
        grade, carried, since = (
            one[name] for name in ("new_grade", "remainder", "levels_since_raise")
        )
        settlements.append({"year": year, "half": entry["half"], **one})
    state = ("new_grade", "title", "remainder", "levels_since_raise")
    return {"settlements": settlements, **{name: settlements[-1][name] for name in state}}


def brought(grade: int, *, lower: bool = False) -> dict[str, Any]:
    """Say what a grade brings (5.1.3, 5.1.4)."""
    levels = ["supervisor", "manager", "director", "deputy-general-manager"]
    return {
        "title": titled(grade, lower=lower),
        "benefit_level": levels[min(grade // 5 - 2, 3)] if grade >= 10 else None,
        "independent_projects": grade >= 10,
        "training_allowance": None
        if grade < 10
        else {"min": 1000, "max": 2000}
        if grade < 15
        else {"min": 2000, "max": 5000},
    }


def as_shown(value: Any) -> Any:  # noqa: ANN401
    """Round as an answer does, once and at the end."""
    match value:
        case dict():
            return {name: as_shown(each) for name, each in value.items()}
        case list():
            return [as_shown(each) for each in value]
        case None | bool() | str() | float():
            return value
    return rounded(value)


@tried(150, proof=1500)
@given(careers())
def test_a_history_agrees_with_an_independent_one(career: dict[str, Any]) -> None:
    assert calculate("points-history", career).outcome == as_shown(worked_out(career))


@tried(120, proof=1500)
@given(careers())
def test_every_reading_of_a_history_agrees_with_an_independent_one(career: dict[str, Any]) -> None:
    given_answer = calculate("points-history", career)
    used = {each.finding.id: dict(each.others) for each in given_answer.findings}
    for finding in READINGS:
        for reading in list(policy("rd-grades").finding(finding).readings)[1:]:
            other = as_shown(worked_out(career, **{finding: reading}))
            if other == given_answer.outcome:
                assert reading not in used.get(finding, {})
            else:
                assert used[finding][reading] == other


@tried(60, proof=600)
@given(careers(), st.randoms(use_true_random=False))
def test_the_order_of_a_history_does_not_matter(career: dict[str, Any], random: Any) -> None:  # noqa: ANN401
    shuffled = list(career["history"])
    random.shuffle(shuffled)
    assert calculate("points-history", {**career, "history": shuffled}).outcome == (
        calculate("points-history", career).outcome
    )


@tried(100, proof=1500)
@given(careers())
def test_settling_one_after_the_other_is_the_history(career: dict[str, Any]) -> None:
    state = {name: career[name] for name in ("grade", "carried", "levels_since_raise")}
    points: dict[int, Fraction] = {}
    whole = calculate("points-history", career).outcome["settlements"]
    entries = sorted(career["history"], key=lambda each: (each["year"], each["half"]))
    for entry, settled in zip(entries, whole, strict=True):  # type: ignore[call-overload]
        before = points.get(entry["year"] - 1)
        given_year = {"first_year": True} if before is None else {"previous_year_points": before}
        half_year = {**state, "points": entry["points"], "half": entry["half"], **given_year}
        outcome = calculate("grade-from-points", half_year).outcome
        assert settled == {"year": entry["year"], "half": entry["half"], **outcome}
        state = {
            "grade": outcome["new_grade"],
            "carried": outcome["remainder"],
            "levels_since_raise": outcome["levels_since_raise"],
        }
        points[entry["year"]] = points.get(entry["year"], Fraction(0)) + Fraction(entry["points"])


@tried(80, proof=1500)
@given(careers(), half_points)
def test_a_history_can_be_cut_before_a_second_half(career: dict[str, Any], points: object) -> None:
    early = sorted(career["history"], key=lambda each: (each["year"], each["half"]))
    year = early[-1]["year"]
    if early[-1]["half"] == 2:
        year += 1
        early.append({"year": year, "half": 1, "points": 7})
    late = [{"year": year, "half": 2, "points": points}]
    before = calculate("points-history", {**career, "history": early}).outcome
    state = {
        "grade": before["new_grade"],
        "carried": before["remainder"],
        "levels_since_raise": before["levels_since_raise"],
    }
    after = calculate("points-history", {**state, "history": late}).outcome
    whole = calculate("points-history", {**career, "history": [*late, *early]}).outcome
    assert whole["settlements"] == [*before["settlements"], *after["settlements"]]  # type: ignore[misc]
    assert {**whole, "settlements": 0} == {**after, "settlements": 0}


@tried(60, proof=600)
@given(careers(), st.decimals(0, 40, places=2))
def test_more_carried_in_never_gives_a_lower_grade(career: dict[str, Any], more: Decimal) -> None:
    less = calculate("points-history", career, outcome_only=True).outcome
    richer = {**career, "carried": career["carried"] + more}
    assert calculate("points-history", richer).outcome["new_grade"] >= less["new_grade"]  # type: ignore[operator]


@tried(200)
@given(careers(), st.data())
def test_a_half_year_taken_out_or_put_in_twice_is_told(
    career: dict[str, Any], data: st.DataObject
) -> None:
    entries = sorted(career["history"], key=lambda each: (each["year"], each["half"]))
    at = data.draw(st.integers(0, len(entries) - 1))
    with pytest.raises(InputErrors) as caught:
        calculate("points-history", {**career, "history": [*entries, entries[at]]})
    (problem,) = caught.value.problems
    assert (problem.field, problem.clause) == (f"history[{len(entries)}]", "rd-grades:4.1.1")
    assert f"第 {at + 1} 条重复" in problem.message
    if 0 < at < len(entries) - 1:
        with pytest.raises(InputErrors) as caught:
            calculate("points-history", {**career, "history": entries[:at] + entries[at + 1 :]})
        (problem,) = caught.value.problems
        assert (problem.field, problem.clause) == (f"history[{at}]", "rd-grades:9.1")


def test_a_hole_names_what_is_missing() -> None:
    ends = [{"year": 2022, "half": 2, "points": 8}, {"year": 2023, "half": 2, "points": 8}]
    with pytest.raises(InputErrors, match="前面缺 2023 年上半年，半年之间不能断开"):
        calculate("points-history", {"grade": 1, "history": ends})
    ends[0]["year"] = 2021
    with pytest.raises(InputErrors, match="前面缺 2022 年上半年到 2023 年上半年，"):
        calculate("points-history", {"grade": 1, "history": ends})


@pytest.mark.parametrize(
    ("halves", "doubted"), [("1", True), ("12", True), ("2", False), ("21", False)]
)
def test_only_a_first_half_without_a_year_before_is_of_a_first_year(
    halves: str, *, doubted: bool
) -> None:
    history = [
        {"year": 2023 + (at and half == "1"), "half": int(half), "points": 8}
        for at, half in enumerate(halves)
    ]
    found = calculate("points-history", {"grade": 1, "history": history}).findings
    assert ("first-year" in {each.finding.id for each in found}) == doubted


def test_a_history_holds_two_hundred_half_years_and_no_more() -> None:
    long = [
        {"year": 1900 + at // 2, "half": at % 2 + 1, "points": Decimal("20.0000000001")}
        for at in range(201)
    ]
    outcome = calculate("points-history", {"grade": 0, "history": long[:200]}).outcome
    assert (outcome["new_grade"], outcome["remainder"]) == (200, 0)
    with pytest.raises(InputErrors, match="有 201 项，应是 1 到 200 项"):
        calculate("points-history", {"grade": 0, "history": long})


def test_the_text_s_own_examples_are_what_comes_out() -> None:
    # 够20点、不到40点，等级升1级； …； 再往上照此类推，每多20个贡献点可再升一级。
    # rd-grades:4.1.1
    text = (ROOT / "docs/policies/rd-grades.txt").read_text(encoding="utf-8")
    examples = re.findall(r"够(\d+)点、不到(\d+)点，等级升(\d)级", text)
    (further,) = re.findall(r"每多(\d+)个贡献点可再升一级", text)
    assert [int(levels) for _, _, levels in examples] == [1, 2, 3]
    for low, high, levels in examples:
        for points in (int(low), int(high) - 1):
            half_year = {"grade": 1, "carried": 0, "points": points, "half": 2}
            assert calculate("grade-from-points", half_year).outcome["levels"] == int(levels)
        assert int(high) - int(low) == int(further)


# ---- contribution points -----------------------------------------------------------------------------


def value_of(event: dict[str, Any]) -> Fraction:
    """Give what an event brings (7.1-7.6)."""
    kind, prepaid = event["kind"], Fraction(event.get("prepaid") or 0)
    if kind in FIXED:
        return FIXED[kind]
    if kind in JUDGED:
        return JUDGED[kind][0] * Fraction(event["points"]) - prepaid
    percent = (
        event["progress_percent"]
        if kind == "project-cancelled"
        else (100 + Fraction(event.get("adjust_percent") or 0))
    )
    return Fraction(event["base"]) * Fraction(percent) / 100 - prepaid


@tried(400)
@given(st.lists(events(), min_size=1, max_size=12))
def test_events_agree_with_an_independent_sum(found: list[dict[str, Any]]) -> None:
    outcome: Any = calculate("contribution-points", {"events": found}).outcome
    values = [value_of(event) for event in found]
    assert outcome["total"] == rounded(sum(values, Fraction(0)))
    assert [each["points"] for each in outcome["lines"]] == [rounded(each) for each in values]
    assert [each["kind"] for each in outcome["lines"]] == [event["kind"] for event in found]


@tried(100)
@given(st.lists(events(), min_size=1, max_size=6), st.lists(events(), min_size=1, max_size=6))
def test_the_total_is_that_of_the_parts(
    some: list[dict[str, Any]], others: list[dict[str, Any]]
) -> None:
    def total(found: list[dict[str, Any]]) -> Fraction:
        lines: Any = calculate("contribution-points", {"events": found}).outcome["lines"]
        return sum((Fraction(str(each["points"])) for each in lines), Fraction(0))

    assert total(some + others) == total(some) + total(others)


@tried(300)
@given(st.sampled_from(sorted(JUDGED)), st.decimals(-1, 12, places=2))
def test_judged_points_keep_to_their_range(kind: str, points: Decimal) -> None:
    _, low, high = JUDGED[kind]
    fine = low <= points <= high if high is not None else points > 0
    try:
        calculate("contribution-points", {"events": [{"kind": kind, "points": points}]})
    except InputErrors as errors:
        (problem,) = errors.problems
        assert not fine
        assert problem.field == "events[0].points"
        assert str(problem.clause).startswith("rd-grades:7.")
    else:
        assert fine


@pytest.mark.parametrize(
    ("kind", "field"),
    list(product(KINDS, ("points", "base", "adjust_percent", "progress_percent", "prepaid"))),
)
def test_each_kind_takes_its_own_fields_and_no_other(kind: str, field: str) -> None:
    own = {
        "project": {"base", "adjust_percent", "prepaid"},
        "project-cancelled": {"base", "progress_percent", "prepaid"},
        "project-failed": {"points", "prepaid"},
    }.get(kind, {"points"} if kind in JUDGED else set())
    needed = own & {"points", "base", "progress_percent"}
    event: dict[str, Any] = {"kind": kind, **dict.fromkeys(needed, 2), field: 2}
    if field in own:
        assert calculate("contribution-points", {"events": [event]})
        del event[field]
        if field not in needed:
            assert calculate("contribution-points", {"events": [event]})
            return
    with pytest.raises(InputErrors) as caught:
        calculate("contribution-points", {"events": [{"kind": "design-patent"}, event]})
    (problem,) = caught.value.problems
    assert problem.field == f"events[1].{field}"
    assert str(problem.clause).startswith("rd-grades:7.")


def test_points_out_of_range_are_told_after_a_kind_that_there_is_not() -> None:
    strange, much = {"kind": "overtime"}, {"kind": "article", "points": 99}
    with pytest.raises(InputErrors) as caught:
        calculate("contribution-points", {"events": [strange, much]})
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["events[0].kind", "events[1].points"]


def test_the_kinds_of_the_contract_are_the_kinds_of_every_version() -> None:
    for version in policy("rd-grades").versions:
        lines = {each.texts["kind"]: each for each in version.figures["events"]}
        assert set(lines) == set(KINDS)
        assert {kind for kind, each in lines.items() if "value" in each.numbers} == set(FIXED)
        limited = {kind for kind, (_, _, high) in JUDGED.items() if high is not None}
        assert {kind for kind, each in lines.items() if "min" in each.numbers} == limited
        assert {kind for kind, each in lines.items() if not each.numbers} >= set(BASED)


def test_an_event_names_the_doubts_that_it_rests_on() -> None:
    def doubts(**event: object) -> set[str]:
        found = calculate("contribution-points", {"events": [event]}).findings
        return {each.finding.id for each in found}

    assert doubts(kind="article", points=2) == set()
    assert doubts(kind="project-early", points=2) == {"team-points"}
    assert doubts(kind="project-late", points=2) == {"team-points", "late-floor"}
    assert doubts(kind="trial-first-pass") == {"team-points", "trial-second-pass"}
    assert doubts(kind="trial-third-pass") == {"team-points", "trial-second-pass"}
    assert doubts(kind="project", base=9) == {"team-points", "missing-annexes"}
    cancelled = doubts(kind="project-cancelled", base=9, progress_percent=50)
    assert cancelled == {"team-points", "cancelled-judgement"}


# ---- what a grade brings -------------------------------------------------------------------------------


@tried(200)
@given(st.integers(0, 40) | st.integers(0, 10**6))
def test_benefits_agree_with_an_independent_list(grade: int) -> None:
    found = calculate("grade-benefits", {"grade": grade})
    assert found.outcome == brought(grade)
    others = [dict(each.others) for each in found.findings if each.others]
    assert others == ([{"lower": brought(grade, lower=True)}] if grade in (3, 25) else [])


@given(st.integers(0, 60))
def test_a_settlement_brings_the_benefits_of_the_grade_reached(grade: int) -> None:
    half_year = {"grade": grade, "carried": 0, "points": 20, "half": 2}
    outcome = calculate("grade-from-points", half_year).outcome
    assert outcome["benefits"] == calculate("grade-benefits", {"grade": grade + 1}).outcome


# ---- what an answer rests on -----------------------------------------------------------------------------

NEWCOMER = {"education": "bachelor", "years": 2, "skill": 0}
HALF_YEAR = {"grade": 10, "carried": 0, "points": 6, "half": 2}
FIRST_HALF = HALF_YEAR | {"half": 1}


@pytest.mark.parametrize(
    ("calculator", "inputs", "doubts"),
    [
        ("initial-grade", NEWCOMER, "combine"),  # rd-grades:6.2.2, two to three years
        ("initial-grade", NEWCOMER | {"years": 3}, "combine"),
        ("initial-grade", NEWCOMER | {"years": 4}, "combine band-overlap"),
        ("initial-grade", NEWCOMER | {"years": 9}, "combine"),
        ("initial-grade", NEWCOMER | {"years": 1.5}, "experience-gap combine"),
        ("initial-grade", NEWCOMER | {"years": 3.5}, "experience-gap combine"),
        ("initial-grade", NEWCOMER | {"years": 8}, "experience-overlap combine"),
        (  # rd-grades:6.2.3
            "initial-grade",
            NEWCOMER | {"skill": 1},
            "skill-scale combine band-overlap",
        ),
        (
            "initial-grade",
            {"education": "college", "years": 0, "skill": 0},
            "experience-gap combine grade-zero",
        ),
        ("grade-from-points", HALF_YEAR, "half-year"),
        (  # rd-grades:8.1
            "grade-from-points",
            HALF_YEAR | {"points": 5},
            "half-year net-or-gross void-and-bonus",
        ),
        (
            "grade-from-points",
            HALF_YEAR | {"points": -1},
            "half-year net-or-gross negative-half void-and-bonus",
        ),
        ("grade-from-points", HALF_YEAR | {"points": 19.99}, "half-year"),
        ("grade-from-points", HALF_YEAR | {"points": 20}, "half-year bonus-band salary-base"),
        (  # rd-grades:8.2
            "grade-from-points",
            FIRST_HALF | {"previous_year_points": 10},
            "half-year carry-in-30 raised-bar",
        ),
        ("grade-from-points", FIRST_HALF | {"previous_year_points": 10.01}, "half-year"),
        ("grade-from-points", FIRST_HALF | {"first_year": True}, "half-year first-year"),
        ("grade-benefits", {"grade": 0}, "grade-zero"),
        ("grade-benefits", {"grade": 1}, ""),
        ("grade-benefits", {"grade": 3}, "band-overlap"),  # rd-grades:3.1
        ("grade-benefits", {"grade": 25}, "band-overlap"),
        ("grade-benefits", {"grade": 26}, ""),
    ],
)
def test_an_answer_carries_the_doubts_that_it_rests_on(
    calculator: str, inputs: dict[str, Any], doubts: str
) -> None:
    found = [each.finding.id for each in calculate(calculator, inputs).findings]
    assert found == doubts.split()
