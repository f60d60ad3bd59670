"""客服部晋升制度 (`service-ladder`): who may go a step up, who must go a step down, and the pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from policy_core._inputs import boolean, choice, choices, integer, integers
from policy_core._registry import register
from policy_core._working import Row, Working

LEVELS = ("trial", "junior", "intermediate", "senior", "reserve-supervisor")
ASSESSED = ("junior", "intermediate", "senior")  # those whose next step is decided by monthly ranks
DEMOTABLE = ("intermediate", "senior")
MONTHS_A_QUARTER = 3
MONTHS_A_YEAR = 12
CONDUCT, EXAM = "service-ladder:4.1.A", "service-ladder:4.1.F"

type Grade = Literal["A", "B", "C", "D"]
type Condition = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An employee of the service department; ranks and grades stand oldest first."""

    level: Literal["trial", "junior", "intermediate", "senior", "reserve-supervisor"] = choice(
        *LEVELS, clause="3"
    )
    probation_exam_passed: bool = boolean(when={"level": ("trial",)}, clause="4.1.F")
    violations: bool = boolean(when={"level": ("trial",)}, clause="4.1.A")
    tenure_months: Fraction = integer(0, when={"level": ASSESSED}, clause="4")
    monthly_ranks: tuple[Fraction, ...] = integers(1, when={"level": ASSESSED}, clause="4")
    quarter_grades: tuple[Grade, ...] = choices(
        "A", "B", "C", "D", when={"level": ASSESSED}, clause="4"
    )
    excellent_titles: Fraction = integer(0, when={"level": DEMOTABLE}, clause="4")
    months_since_promotion: Fraction | None = integer(
        0, default=None, when={"level": DEMOTABLE}, clause="4"
    )
    consecutive_failed_months: Fraction | None = integer(
        0, default=None, when={"level": ("junior",)}, clause="4.1.G"
    )


@register(
    "service-eligibility",
    policy_id="service-ladder",
    inputs=Agent,
    clauses=(
        "4.1.A", "4.1.F", "4.1.G", "4.2.G", "4.2.H", "4.3.F", "4.3.G", "4.4.G", "4.4.H",
        "5.1", "5.2", "5.3", "6",
    ),
    figures=(
        "tenure", "period", "top_ranks", "quarters_at_a", "excellent_titles", "demotion_ranks",
        "demotion_quarters_at_b", "demotion_quarters_below_b", "demotion_years", "dismissal", "pay",
    ),
    findings=(
        "monthly-average", "quarter-window", "below-b", "pass-or-fail", "senior-route",
        "skip-vs-step", "grade-scale", "excellent-title", "pass-mark", "ranking-pool",
        "probation-name", "reserve-demotion", "after-demotion", "pay-basis",
    ),
)  # fmt: skip
def service_eligibility(agent: Agent, working: Working) -> Mapping[str, object]:
    """Hold an employee against the conditions of the next level, and against those of a demotion.

    Clauses: 2.2, 4, 5, 6
    Readings: monthly-average (mean), quarter-window (latest), below-b (exclusive), pass-or-fail (fail)
    """
    demotion = working.apart("demotion", demotion_of, agent, working)
    # 新客服（试用）——初级客服——中级客服——高级客服——储备主管
    # service-ladder:3
    above = LEVELS[LEVELS.index(agent.level) + 1 :]
    next_level = above[0] if above else None
    conditions = conditions_of(next_level, agent, working)
    return {
        "next_level": next_level,
        "conditions": conditions,
        "eligible": bool(conditions) and all(each["met"] for each in conditions),
        "demotion": demotion,
        "dismissal_possible": dismissal_possible(agent, working),
        "pay": pay_of(agent.level, next_level, working),
    }


# ---- 四、晋升条件: a step up --------------------------------------------------------------------------


def conditions_of(next_level: str | None, agent: Agent, working: Working) -> list[Condition]:
    """List the conditions of the next level in the order of the clauses' figures; the top has none.

    Clauses: 4.1, 4.2.G, 4.3.F, 4.4.G, 4.4.H
    """
    if next_level is None:
        # 能否升降级，由公司总经办按综合考评确定。
        # service-ladder:4.4.H
        working.doubt("reserve-demotion")
        return []
    if agent.level == "trial":
        return probation(agent, working)
    if agent.level == "junior":
        working.doubt("skip-vs-step")
    if agent.level == "intermediate":
        working.doubt("senior-route")
    conditions = [
        tenure(next_level, agent, working),
        monthly_ranks(next_level, agent, working),
        quarter_grades(next_level, agent, working),
    ]
    # 一次获得优秀客服称号的，个人月度考评为月均前三名，
    # service-ladder:4.3.F
    titles = [row for row in working.rows("excellent_titles") if row.text("level") == next_level]
    return conditions + [excellent_titles(row, agent, working) for row in titles]


def condition(name: str, *, met: bool | None, have: object, need: object, clause: str) -> Condition:
    """Say of one condition whether it is met; None where too little is known."""
    return {"id": name, "met": met, "have": have, "need": need, "clause": clause}


def of_level(figure: str, level: str, working: Working) -> Row:
    """Find the line of a figure that speaks of a level."""
    return next(row for row in working.rows(figure) if row.text("level") == level)


def probation(agent: Agent, working: Working) -> list[Condition]:
    """Ask of a newcomer a passed exam and no violation.

    Clauses: 4.1.A, 4.1.F
    """
    working.doubt("probation-name")
    working.doubt("pass-mark")
    # 试用期的专业知识、工作技巧考核合格。
    # service-ladder:4.1.F
    passed = agent.probation_exam_passed
    working.found("试用期考核", "合格" if passed else "不合格", passed, "", EXAM)
    # 公司和部门的各项规章制度都能遵守，没有违纪行为。
    # service-ladder:4.1.A
    clean = not agent.violations
    working.found("没有违纪", "没有" if clean else "有", clean, "", CONDUCT)
    return [
        condition("probation-exam", met=passed, have=passed, need=True, clause=EXAM),
        condition("no-violations", met=clean, have=agent.violations, need=False, clause=CONDUCT),
    ]


def tenure(next_level: str, agent: Agent, working: Working) -> Condition:
    """Ask for the months since joining, the last one included."""
    # 而且入职已满3个月以上。
    # service-ladder:4.2.G
    row = of_level("tenure", next_level, working)
    met = working.decide("入职够久", agent.tenure_months >= row.number(), row.clause)
    return condition(
        "tenure", met=met, have=agent.tenure_months, need=row.number(), clause=row.clause
    )


def monthly_ranks(next_level: str, agent: Agent, working: Working) -> Condition:
    """Ask for a mean rank among the first three over the latest months, as many as the period has.

    `have` is that mean under either reading; it decides by the sum, which is exact.

    Clauses: 4.2.G, 4.3.F, 4.4.G, 5.2, 5.3
    Readings: monthly-average (mean; every: no month beyond the third rank)
    """
    working.doubt("ranking-pool")
    period, top = (
        of_level("period", next_level, working),
        of_level("top_ranks", next_level, working),
    )
    latest = working.latest(agent.monthly_ranks, period.number())
    mean = working.step("月均名次", working.mean(latest), "名", top.clause) if latest else None
    met: bool | None = None
    if working.decide("名次够一个考核期", period.number() <= working.count(latest), period.clause):
        # 部门个人月度考评为月均前三名，
        # service-ladder:4.2.G
        if working.reading("monthly-average") == "every":
            met = working.decide("每月前三名", max(latest) <= top.number(), top.clause)
        else:
            total = working.step("最近的名次合计", sum(latest, Fraction(0)), "", top.clause)
            met = working.decide("月均前三名", total <= top.number() * len(latest), top.clause)
    return condition("monthly-ranks", met=met, have=mean, need=top.number(), clause=top.clause)


def quarter_grades(next_level: str, agent: Agent, working: Working) -> Condition:
    """Ask for the grade A in the latest quarters, as many as the period has.

    `have` counts the A's among those under either reading. Enough of them are enough, however few
    quarters there were; too few among too few quarters are not known to be too few.

    Clauses: 4.2.G, 4.3.F, 4.4.G, 5.2, 5.3
    Readings: quarter-window (latest; anywhere: at any time, in a row where the clause says so)
    """
    grades = agent.quarter_grades
    period, need = (
        of_level("period", next_level, working),
        of_level("quarters_at_a", next_level, working),
    )
    window = working.step(
        "考核期的季度数", period.number() // MONTHS_A_QUARTER, "个", period.clause
    )
    latest = working.latest(grades, window)
    have = working.how_often(latest, "A".__eq__)
    working.found("最近的季度获 A", working.listed(latest), have, "次", need.clause)
    counted = have
    if working.reading("quarter-window") == "anywhere":
        counted = working.how_often(grades, "A".__eq__, running=in_a_row(need))
    # 季度考核连续两次获A等级，
    # service-ladder:4.3.F
    met: bool | None = working.decide("季度获 A 够次数", need.number() <= counted, need.clause)
    many = window <= working.count(latest)
    if not met and not working.decide("季度够一个考核期", many, period.clause):
        met = None
    return condition("quarter-grades", met=met, have=have, need=need.number(), clause=need.clause)


def excellent_titles(row: Row, agent: Agent, working: Working) -> Condition:
    """Ask for the title of an excellent agent, won once or more."""
    working.doubt("excellent-title")
    met = working.decide("优秀客服够次数", agent.excellent_titles >= row.number(), row.clause)
    return condition(
        "excellent-titles",
        met=met,
        have=agent.excellent_titles,
        need=row.number(),
        clause=row.clause,
    )


# ---- 四、2.H and 3.G: a step down, 四、1.G: the way out ----------------------------------------------


def demotion_of(agent: Agent, working: Working) -> Mapping[str, object] | None:
    """Say whether what came since the promotion leads a step down, and list every reason that holds.

    Clauses: 4.2.H, 4.3.G
    Readings: below-b (exclusive; inclusive: one B is below B)
    """
    if agent.level not in DEMOTABLE:
        return None
    ranks, grades = since_promotion(agent, working)
    reasons = [
        ("ranks-beyond", ranks_beyond(agent.level, ranks, working)),
        ("quarters-at-b", quarters_at_b(agent.level, grades, working)),
        ("quarter-below-b", quarter_below_b(agent.level, grades, working)),
    ]
    because = [{"id": name, "clause": row.clause} for name, row in reasons if row]
    if not because:
        return None
    working.doubt("after-demotion")
    return {"to": LEVELS[LEVELS.index(agent.level) - 1], "because": because}


def since_promotion(agent: Agent, working: Working) -> tuple[Sequence[Fraction], Sequence[Grade]]:
    """Take the months and quarters that count: since the promotion, and of a senior's those of a year.

    Clauses: 4.2.H, 4.3.G
    """
    ranks: Sequence[Fraction] = agent.monthly_ranks
    grades: Sequence[Grade] = agent.quarter_grades
    clause = of_level("demotion_ranks", agent.level, working).clause
    # 晋升以后，月度考评连续三次不在前三名，
    # service-ladder:4.2.H
    if agent.months_since_promotion is not None:
        months = agent.months_since_promotion
        quarters = working.step("晋升后的整季度", months // MONTHS_A_QUARTER, "个", clause)
        ranks = working.latest(ranks, months)
        grades = working.latest(grades, quarters)
    # 晋升以后一年内，月度考评有三次不在前三名，
    # service-ladder:4.3.G
    for row in working.rows("demotion_years"):
        if row.text("level") == agent.level:
            months = working.step(
                "晋升后一年的月数", row.number() * MONTHS_A_YEAR, "个月", row.clause
            )
            quarters = working.step(
                "晋升后一年的季度数", months // MONTHS_A_QUARTER, "个", row.clause
            )
            ranks = ranks[: working.whole(months)]
            grades = grades[: working.whole(quarters)]
    return ranks, grades


def ranks_beyond(level: str, ranks: Sequence[Fraction], working: Working) -> Row | None:
    """Tell whether too many months lie beyond the third rank."""
    row, top = of_level("demotion_ranks", level, working), of_level("top_ranks", level, working)
    running = in_a_row(row)
    found = working.how_often(ranks, lambda rank: rank > top.number(), running=running)
    label = "连续不在前三名" if running else "不在前三名"
    working.found(label, working.listed(ranks), found, "次", row.clause)
    return row if working.decide("名次到了降级的次数", row.number() <= found, row.clause) else None


def quarters_at_b(level: str, grades: Sequence[Grade], working: Working) -> Row | None:
    """Tell whether too many quarters are at B."""
    row = of_level("demotion_quarters_at_b", level, working)
    running = in_a_row(row)
    found = working.how_often(grades, "B".__eq__, running=running)
    label = "连续获 B" if running else "获 B"
    working.found(label, working.listed(grades), found, "次", row.clause)
    return row if working.decide("B 到了降级的次数", row.number() <= found, row.clause) else None


def quarter_below_b(level: str, grades: Sequence[Grade], working: Working) -> Row | None:
    """Tell whether a quarter is below B.

    Readings: below-b (exclusive: C or D; inclusive: B too)
    """
    row = of_level("demotion_quarters_below_b", level, working)
    below: tuple[Grade, ...] = ("C", "D")
    if working.reading("below-b", where=(grade == "B" for grade in grades)) == "inclusive":
        below = ("B", *below)
    found = working.how_often(grades, below.__contains__)
    working.doubt("grade-scale", where=(found > 0,))
    working.found("获 B 以下", working.listed(grades), found, "次", row.clause)
    # 或者有一次季度考核在B等级以下的，降为初级客服。
    # service-ladder:4.2.H
    holds = working.decide("B 以下到了降级的次数", row.number() <= found, row.clause)
    return row if holds else None


def dismissal_possible(agent: Agent, working: Working) -> bool | None:
    """Say whether a junior's months in a row allow a dismissal; None where they are not given.

    Clauses: 4.1.G
    Readings: pass-or-fail (fail; as-printed: the months given are passed ones, and the count is the same)
    """
    if agent.consecutive_failed_months is None:
        return None
    working.doubt("pass-or-fail")
    working.doubt("pass-mark")
    # 月度考评连续三次及格的，公司有权辞退。
    # service-ladder:4.1.G
    limit = working.figure("dismissal")
    return working.decide(
        "到了可以辞退的次数", agent.consecutive_failed_months >= limit.number(), limit.clause
    )


# ---- 六、级别薪资 ---------------------------------------------------------------------------------------


def pay_of(level: str, next_level: str | None, working: Working) -> Mapping[str, object]:
    """Give the pay of the level held and of the next one.

    Clauses: 6
    """
    working.doubt("pay-basis")
    now = of_level("pay", level, working)
    # 储备主管——4000元
    # service-ladder:6.5
    pay = {"now": working.step("现在的薪资", now.number(), "元", now.clause), "next": None}
    if next_level is None:
        return pay
    then = of_level("pay", next_level, working)
    return pay | {"next": working.step("升后的薪资", then.number(), "元", then.clause)}


# ---- counting -----------------------------------------------------------------------------------------


def in_a_row(row: Row) -> bool:
    """Tell whether a clause counts what comes in a row (连续), or all there is."""
    return row.text("counted") == "running"
