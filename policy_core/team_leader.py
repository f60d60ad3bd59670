"""组长竞聘流程 (`team-leader`): the weighted score of a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from policy_core._inputs import boolean, number, numbers
from policy_core._registry import register
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
    as_written = working.reading("weights-90") == working.policy.finding("weights-90").default
    working.doubt("scale")
    components = [component(row, candidate, working) for row in working.rows("weights")]
    named = sum((row.number() for row in working.rows("weights")), Fraction(0))
    if candidate.fifth is not None and as_written:
        # “经理评分”、“同事打分”五项来综合评选。
        # team-leader:3.1
        missing = working.step("第五项的权重", WHOLE - named, "%", "3.1")
        components.append(weighed("fifth", candidate.fifth, missing, "3.1", working))
        named = named + missing
    total = working.step(
        "总分", sum((each["points"] for each in components), Fraction(0)), "分", "3.1"
    )
    out_of = working.step("满分", named, "分", "3.1")
    percent = working.step("得分率", total / out_of * WHOLE, "%", "3.1")
    return {
        **eligibility(candidate, working),
        "components": components,
        "total": total,
        "out_of": out_of,
        "percent": percent,
    }


def component(row: Row, candidate: Candidate, working: Working) -> dict[str, Fraction]:
    """Weigh one of the named marks; several raters count by their mean."""
    given = getattr(candidate, row.text("id"))
    label = LABELS[row.text("id")]
    mean = given
    if isinstance(given, tuple):
        # 面试考评：30%（取各人的平均分）
        # team-leader:3.2
        mean = working.step(f"{label}平均", sum(given, Fraction(0)) / len(given), "分", row.clause)
    return weighed(row.text("id"), mean, row.number(), row.clause, working)


def weighed(
    name: str, mean: Fraction, weight: Fraction, clause: str, working: Working
) -> dict[str, Fraction]:
    """Turn a mark out of 100 into its share of the score."""
    points = working.step(LABELS[name], mean * working.percent(weight), "分", clause)
    made: dict[str, object] = {"id": name, "mean": mean, "weight": weight, "points": points}
    return made  # type: ignore[return-value]


def eligibility(candidate: Candidate, working: Working) -> dict[str, object]:
    """Say whether the candidate may run."""
    # 报名竞聘客服部组长的，必须已经转正。
    # team-leader:3.2
    working.found(
        "参选资格",
        "已转正" if candidate.regular_employee else "未转正",
        candidate.regular_employee,
        "",
        "3.2",
    )
    if candidate.regular_employee:
        return {"eligible": True}
    return {"eligible": False, "reason": "只有转正员工可以参加竞聘；得分仅供参考"}
