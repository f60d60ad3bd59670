"""组长竞聘流程 (`team-leader`): the weighted score of a candidate, and the ranking of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policy_core._inputs import Problems, boolean, number, numbers, records, text
from policy_core._registry import register
from policy_core._versions import Version
from policy_core._working import Row, Working

WHOLE = 100  # percent
LABELS = {
    "ability": "能力表现",
    "interview": "面试考评",
    "manager": "经理评分",
    "peers": "同事打分",
    "fifth": "第五项",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One candidate's marks, each out of 100."""

    regular_employee: bool = boolean(clause="3.2")
    ability: Fraction = number(0, 100, clause="3.2")
    interview: tuple[Fraction, ...] = numbers(0, 100, at_least=1, clause="3.2")
    manager: Fraction = number(0, 100, clause="3.2")
    peers: tuple[Fraction, ...] = numbers(0, 100, at_least=1, clause="3.2")
    fifth: Fraction | None = number(0, 100, default=None, clause="3.1")


@register(
    "candidate-score",
    policy_id="team-leader",
    inputs=Candidate,
    clauses=("3.1", "3.2"),
    figures=("weights", "peers_scale"),
    findings=("weights-90", "scale", "missing-attachments", "ability-rater"),
)
def candidate_score(candidate: Candidate, working: Working) -> Mapping[str, object]:
    """Weigh four named marks; a fifth is announced, and takes the missing weight where it is given.

    Clauses: 3.1, 3.2
    Readings: weights-90 (as-written: the four named marks count, and the fifth only where there is one)
    """
    regular = candidate.regular_employee
    working.decide("参选资格", regular, "3.2", wanted=True, condition="regular_employee")
    return {**eligibility(candidate, working), **score(candidate, working)}


def score(candidate: Candidate, working: Working, who: str = "") -> dict[str, Any]:
    """Add up the weighted marks and hold them against what could be reached; `who` opens each label."""
    as_written = working.reading("weights-90") == working.policy.finding("weights-90").default
    working.doubt("scale")
    components = [component(row, candidate, working, who) for row in working.rows("weights")]
    named = sum((row.number() for row in working.rows("weights")), Fraction(0))
    if candidate.fifth is not None and as_written:
        # “经理评分”、“同事打分”五项来综合评选。
        # team-leader:3.1
        missing = working.step(f"{who}第五项的权重", WHOLE - named, "%", "3.1")
        components.append(weighed("fifth", candidate.fifth, missing, "3.1", working, who))
        named = named + missing
    total = working.step(
        f"{who}总分", sum((each["points"] for each in components), Fraction(0)), "分", "3.1"
    )
    out_of = working.step(f"{who}满分", named, "分", "3.1")
    percent = working.step(f"{who}得分率", working.divided(total, out_of) * WHOLE, "%", "3.1")
    return {"components": components, "total": total, "out_of": out_of, "percent": percent}


def component(row: Row, candidate: Candidate, working: Working, who: str) -> dict[str, Fraction]:
    """Weigh one of the named marks; several raters count by their mean."""
    given = getattr(candidate, row.text("id"))
    label = who + LABELS[row.text("id")]
    mean = given
    if isinstance(given, Sequence):
        # 面试考评：30%（取各人的平均分）
        # team-leader:3.2
        mean = working.step(f"{label}平均", working.mean(given), "分", row.clause)
    return weighed(row.text("id"), mean, row.number(), row.clause, working, who)


def weighed(
    name: str, mean: Fraction, weight: Fraction, clause: str, working: Working, who: str
) -> dict[str, Fraction]:
    """Turn a mark out of 100 into its share of the score."""
    points = working.step(who + LABELS[name], mean * working.percent(weight), "分", clause)
    made: dict[str, object] = {"id": name, "mean": mean, "weight": weight, "points": points}
    return made  # type: ignore[return-value]


def eligibility(candidate: Candidate, working: Working, who: str = "") -> dict[str, object]:
    """Say whether the candidate may run."""
    # 报名竞聘客服部组长的，必须已经转正。
    # team-leader:3.2
    working.found(
        f"{who}参选资格",
        "已转正" if candidate.regular_employee else "未转正",
        candidate.regular_employee,
        "",
        "3.2",
    )
    if candidate.regular_employee:
        return {"eligible": True}
    return {"eligible": False, "reason": "只有转正员工可以参加竞聘；得分仅供参考"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a ranking calls a candidate."""

    name: str = text()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """All who run for one post."""

    candidates: tuple[Mapping[str, Any], ...] = records(Named, Candidate, at_most=100, clause="3.1")


def fifth_for_all(_version: Version, values: Mapping[str, Any], problems: Problems) -> None:
    """Refuse a fifth mark for some alone: their scores are out of 100, those of the others out of 90."""
    candidates = values.get("candidates") or ()
    unclear = problems.unknown | {problem.field for problem in problems}
    given = {
        place: each.get("fifth") is not None
        for place, each in enumerate(candidates)
        if f"candidates[{place}].fifth" not in unclear
    }
    if len(set(given.values())) <= 1:
        return
    first = next(place for place, there in given.items() if there)
    one = candidates[first].get("name") or f"第 {first + 1} 人"
    message = f"没有填，{one}却填了第五项；要么每个人都填，要么都不填"
    for place, there in given.items():
        if not there:
            problems.say(f"candidates[{place}].fifth", message, "3.1")


@register(
    "candidate-ranking",
    policy_id="team-leader",
    inputs=Contest,
    clauses=("3.1", "3.2"),
    figures=("weights", "peers_scale"),
    findings=("weights-90", "scale", "missing-attachments", "ability-rater", "tie"),
    check=fifth_for_all,
)
def candidate_ranking(contest: Contest, working: Working) -> Mapping[str, object]:
    """Rank the candidates by their percent; equal ones share a rank, those not confirmed have none.

    Clauses: 3.1, 3.2
    Readings: weights-90 (as-written)
    """
    scored = [scored_entry(each, working) for each in contest.candidates]
    able = sorted(
        (each for each in scored if each["eligible"]),
        key=lambda each: each["percent"],
        reverse=True,
    )
    for place, entry in enumerate(able):
        entry["rank"] = place + 1
        if place and not ahead(able[place - 1], entry, working):
            entry["rank"] = able[place - 1]["rank"]
    return {"ranking": [*able, *(each for each in scored if not each["eligible"])]}


def scored_entry(given: Mapping[str, Any], working: Working) -> dict[str, Any]:
    """Score one of several candidates, as yet without a rank."""
    candidate = Candidate(**{name: value for name, value in given.items() if name != "name"})
    who = f"{given['name']}："
    eligible = eligibility(candidate, working, who)["eligible"]
    percent = score(candidate, working, who)["percent"]
    return {"name": given["name"], "eligible": eligible, "percent": percent, "rank": None}


def ahead(before: Mapping[str, Any], after: Mapping[str, Any], working: Working) -> bool:
    """Tell whether one candidate stands before the next one, or level with them.

    Clauses: 3.1
    """
    label = f"{before['name']}在{after['name']}之前"
    if working.decide(label, before["percent"] > after["percent"], "3.1"):
        return True
    working.doubt("tie")
    return False
