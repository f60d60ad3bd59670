"""The topics of a policy: what its pages show of the rules, as a table and, where that helps, drawn.

Each topic takes every number from the figures of the version in force, and the words from the figures and
from the calculators' labels. What no figure says (who pays for which error, what the first step up
asks for) the rule itself is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import cast

import policy_core
from build_scripts.drawings import (
    Chart,
    Ladder,
    Level,
    Process,
    Row,
    Sketch,
    Span,
    Stage,
    Zone,
)
from build_scripts.figures import decimal
from build_scripts.words import load_labels
from policy_core import Calculator
from policy_core._versions import Figure

Figures = Mapping[str, tuple[Figure, ...]]

WHOLE = Fraction(100)  # of per cent
MINUTES_AN_HOUR = 60
TIME = re.compile(r"(\d{1,2})[:：](\d{2})")
# How many grades a chart goes on beyond the last one that is named.
BEYOND = 2
# An order gone wrong with every cost that there can be, one yuan each: so the rule names them all.
EVERY_COST = {"commission": 1, "return_freight": 1, "reship_cost": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One table of rules, `table/ID.html`, and perhaps a drawing before it.

    It is shown where all of its `figures` are there. `clause` is where the table stands in the text,
    `doubts` are the findings that a reader of the table must know.
    """

    id: str
    policy: str
    title: str
    figures: tuple[str, ...]
    clause: str
    doubts: tuple[str, ...] = ()
    sketch: Callable[[Figures], Sketch] | None = None
    caption: str = ""


# ---- How figures read --------------------------------------------------------------------------------


def amount(figure: Figure) -> str:
    """Write what a figure gives: 3 个月, 600–1000 元, 40%."""
    numbers = figure.numbers
    ends = (
        [numbers["value"]] if "value" in numbers else [numbers[each] for each in ("min", "max")]
    )
    return with_unit("–".join(dict.fromkeys(map(decimal, ends))), figure.unit)


def applies(figure: Figure, unit: str) -> str:
    """Write to what a line applies: 10–14 级, 25 级及以上."""
    start, end = figure.numbers["from"], figure.numbers.get("to")
    if end is None:
        return f"{with_unit(decimal(start), unit)}及以上"
    return with_unit("–".join(dict.fromkeys([decimal(start), decimal(end)])), unit)


def number(figure: Figure) -> str:
    """Write what a figure gives without its unit, for a text that uses several."""
    return amount(replace(figure, unit=""))


def times(figure: Figure) -> str:
    """Write the times of day in a figure's words."""
    return " ".join(f"{clock(start)}–{clock(end)}" for start, end in hours_of(figure))


def with_unit(number: str, unit: str) -> str:
    """Write a number with its unit, which stands apart unless it is a sign."""
    return f"{number} {unit}".strip() if unit != "%" else f"{number}{unit}"


def of(lines: Sequence[Figure], key: str, name: str) -> Figure | None:
    """Give the line for one level, band or the like; None where the text says nothing of it."""
    return next((each for each in lines if each.texts[key] == name), None)


# ---- 组长竞聘 -------------------------------------------------------------------------------------------


def weights(figures: Figures) -> Sketch:
    """Draw the weights one after the other, and what is missing to the whole."""
    names = load_labels("candidate-score").outcome["components"]["options"]
    rows, end = [], Fraction(0)
    for each in figures["weights"]:
        start, end = end, end + each.numbers["value"]
        rows.append(
            Row(label=names[each.texts["id"]], note=amount(each), spans=(Span(start, end),))
        )
    if end < WHOLE:
        note = with_unit(decimal(WHOLE - end), "%") + "，没有写"
        rows.append(Row(label=names["fifth"], note=note, spans=(Span(end, WHOLE, "doubt"),)))
    return Chart(
        rows=tuple(rows), start=Fraction(0), end=max(end, WHOLE),
        ticks=percents(0, WHOLE / 2, WHOLE),
    )  # fmt: skip


def percents(*values: Fraction | int) -> tuple[tuple[Fraction, str], ...]:
    """Label places on a scale of per cent."""
    return tuple((Fraction(each), f"{decimal(Fraction(each))}%") for each in sorted(set(values)))


# ---- 客服部 ---------------------------------------------------------------------------------------------


def level_title(level: str) -> str:
    """Name a level of service."""
    title: str = load_labels("service-eligibility").inputs["level"]["options"][level]
    return title


def conditions(figures: Figures, level: str) -> dict[str, str]:
    """Say what a step up to a level asks for, by the kind of condition."""
    tenure, period, ranks, quarters, titles = (
        of(figures[name], "level", level)
        for name in ("tenure", "period", "top_ranks", "quarters_at_a", "excellent_titles")
    )
    told = {}
    if tenure:
        told["tenure"] = f"入职满 {amount(tenure)}"
    if ranks and period:
        told["monthly-ranks"] = f"月均前 {number(ranks)}（{amount(period)}）"
    if quarters:
        running = "连续 " if quarters.texts["counted"] == "running" else ""
        told["quarter-grades"] = f"季度考核{running or ' '}{amount(quarters)} A"
    if titles:
        told["excellent-titles"] = f"优秀客服 {amount(titles)}"
    return told


def first_step(figures: Figures) -> dict[str, tuple[str, str]]:
    """Ask the rule what the first step up wants, where it wants no number: label and clause by kind."""
    answer = policy_core.calculate(
        "service-eligibility",
        {
            "level": figures["pay"][0].texts["level"], "tenure_months": 0, "monthly_ranks": [],
            "quarter_grades": [], "excellent_titles": 0, "probation_exam_passed": True,
            "violations": False,
        },
    )  # fmt: skip
    labels = load_labels("service-eligibility").outcome["conditions"]["items"]
    found = cast("list[dict[str, str]]", answer.outcome["conditions"])
    return {each["id"]: (labels[each["id"]]["label"], each["clause"]) for each in found}


def ladder(figures: Figures) -> Sketch:
    """Draw the levels as steps as high as their pay, each with what it asks for."""
    falling = {each.texts["level"] for each in figures.get("demotion_ranks", ())}
    levels = []
    for index, each in enumerate(figures["pay"]):
        level = each.texts["level"]
        told = list(conditions(figures, level).values())
        if index == 1:
            told += [label for label, _ in first_step(figures).values()]
        levels.append(
            Level(
                title=level_title(level), amount=each.numbers["value"], label=amount(each),
                conditions=tuple(told), falls=level in falling,
            )
        )  # fmt: skip
    names = "、".join(each.title for each in levels if each.falls)
    return Ladder(levels=tuple(levels), fall=f"{names}达不到保级条件，退回一级" if names else "")


# ---- 军官培训 -------------------------------------------------------------------------------------------


def shares(figures: Figures) -> Sketch:
    """Draw each share from where the one before ends at most, and the sum against the whole."""
    names = load_labels("training-hours").outcome
    rows, low, high = [], Fraction(0), Fraction(0)
    for each in figures["shares"]:
        least, most = least_and_most(each)
        about = "约 " if each.texts["precision"] == "approximate" else ""
        rows.append(
            Row(
                label=names[each.texts["id"]]["label"], note=about + amount(each),
                spans=with_range(high, high + least, high + most, "range"),
            )
        )  # fmt: skip
        low, high = low + least, high + most
    note = with_unit("–".join(dict.fromkeys(map(decimal, (low, high)))), "%")
    spans = with_range(Fraction(0), low, high, "doubt")
    rows.append(Row(label="合计", note=note, spans=spans))
    return Chart(
        rows=tuple(rows), start=Fraction(0), end=max(high, WHOLE), limit=WHOLE,
        ticks=percents(0, WHOLE / 2, WHOLE),
    )  # fmt: skip


def least_and_most(figure: Figure) -> tuple[Fraction, Fraction]:
    """Give the ends of what a figure gives; one number is both."""
    numbers = figure.numbers
    return (
        numbers.get("min", numbers.get("value", Fraction(0))),
        numbers.get("max", numbers.get("value", Fraction(0))),
    )


def with_range(start: Fraction, least: Fraction, most: Fraction, kind: str) -> tuple[Span, ...]:
    """Draw what is sure as a bar, and what may be more in another kind."""
    sure = Span(start, least)
    return (sure, Span(least, most, kind)) if most > least else (sure,)


# ---- 研发职级 -------------------------------------------------------------------------------------------


def bands(figures: Figures) -> Sketch:
    """Draw which title, bonus and benefits belong to which grades, and the grades that lie in two bands."""
    bonuses = figures["bonus"]
    titles = []
    for each in figures["bands"]:
        bonus = of(bonuses, "band", each.texts["bonus"])
        titles.append(grade_row(each.texts["title"], amount(bonus) if bonus else "", each))
    zones = tuple(
        Zone(
            start=upper.numbers["from"], end=lower.numbers["to"] + 1, first=0, last=len(titles),
            label=f"{with_unit(decimal(upper.numbers['from']), upper.unit)}在两档", kind="doubt",
        )
        for lower, upper in pairwise(figures["bands"])
        if upper.numbers["from"] <= lower.numbers.get("to", upper.numbers["from"])
    )  # fmt: skip
    benefits = [grade_row(each.texts["title"], "", each) for each in figures["benefit_levels"]]
    allowances = [
        grade_row("每年培训补贴", amount(each), each) for each in figures["training_allowance"]
    ]
    alone = [grade_row("独立开发项目", "可以", each) for each in figures["independent_projects"]]
    lines = [
        each for name in ("bands", "benefit_levels", "training_allowance", "independent_projects")
        for each in figures[name]
    ]  # fmt: skip
    starts = sorted({each.numbers["from"] for each in lines})
    return Chart(
        rows=(
            Row(label="职级", note="每升 1 级的奖金"), *titles,
            Row(label="福利比照"), *benefits, Row(label="补贴和资格"), *allowances, *alone,
        ),
        start=starts[0],
        end=max(each.numbers.get("to", each.numbers["from"]) for each in lines) + BEYOND,
        ticks=tuple((each, decimal(each)) for each in starts),
        zones=zones,
    )  # fmt: skip


def grade_row(label: str, note: str, figure: Figure) -> Row:
    """Draw a line's grades; the last one counts to its end."""
    end = figure.numbers.get("to")
    span = Span(figure.numbers["from"], None if end is None else end + 1)
    return Row(label=label, note=note, told=applies(figure, "级"), spans=(span,))


# ---- 一天的班 -------------------------------------------------------------------------------------------


def day(lines: Sequence[Figure], kind: str, word: str) -> Sketch:
    """Draw shifts on the hours of a day, those of the same days together, with the holes between them."""
    rows: list[Row] = []
    zones: list[Zone] = []
    for days in dict.fromkeys(each.texts["days"] for each in lines):
        first = len(rows)
        rows.append(Row(label=days))
        here = [each for each in lines if each.texts["days"] == days]
        for title in dict.fromkeys(each.texts["title"] for each in here):
            spans = tuple(
                Span(*hours)
                for each in here
                if each.texts["title"] == title
                for hours in hours_of(each)
            )
            note = " ".join(times(each) for each in here if each.texts["title"] == title)
            rows.append(Row(label=title, note=note, spans=spans))
        zones += [
            Zone(
                start=start, end=end, label=f"{clock(start)}–{clock(end)} {word}",
                first=first, last=len(rows) - 1, kind=kind,
            )
            for start, end in holes(rows[first:])
        ]  # fmt: skip
    ends = sorted({time for line in lines for hours in hours_of(line) for time in hours})
    return Chart(
        rows=tuple(rows), start=ends[0], end=ends[-1], zones=tuple(zones),
        ticks=tuple((each, clock(each)) for each in ends),
    )  # fmt: skip


def hours_of(figure: Figure) -> list[tuple[Fraction, Fraction]]:
    """Read the times of day out of the text's words, from and until, in hours."""
    times = [
        Fraction(hour) + Fraction(int(minute), MINUTES_AN_HOUR)
        for hour, minute in TIME.findall(figure.words)
    ]
    return list(zip(times[::2], times[1::2], strict=True))


def holes(rows: Sequence[Row]) -> list[tuple[Fraction, Fraction]]:
    """Give the stretches between the first and the last hour that no shift covers."""
    spans = sorted((span.start, span.end or span.start) for row in rows for span in row.spans)
    found, until = [], spans[0][1]
    for start, end in spans[1:]:
        if start > until:
            found.append((until, start))
        until = max(until, end)
    return found


def clock(hours: Fraction) -> str:
    """Write a time of day."""
    minutes = int(hours * MINUTES_AN_HOUR)
    return f"{minutes // MINUTES_AN_HOUR}:{minutes % MINUTES_AN_HOUR:02}"


# ---- 订单出错 -------------------------------------------------------------------------------------------


def who_pays(fine: Figure) -> list[tuple[str, list[str], list[str]]]:
    """Ask the rule what each way out of a wrong order costs the employee: the way, the costs, the clauses."""
    labels = load_labels("order-error")
    ways = labels.inputs["choice"]["options"]
    cases = [{"cause": "service", "choice": each} for each in ways] + [{"cause": "warehouse"}]
    found = []
    for case in cases:
        outcome = policy_core.calculate("order-error", case | EVERY_COST).outcome
        charges = cast("list[dict[str, str]]", outcome["charges"])
        costs = [labels.outcome["charges"]["options"][each["id"]] for each in charges]
        if outcome["commission_lost"]:
            costs.insert(0, labels.outcome["commission_lost"]["label"])
        clauses = [each["clause"] for each in charges]
        if outcome["fine"]:
            costs.append(f"{labels.outcome['fine']['label']} {amount(fine)}")
            clauses.append(f"online-store-service:{fine.clause}")
        name = ways[case["choice"]] if "choice" in case else labels.inputs["cause"]["options"]["warehouse"]
        found.append((name, costs, list(dict.fromkeys(clauses))))
    return found


# ---- 调岗 -----------------------------------------------------------------------------------------------


def process(figures: Figures) -> Sketch:
    """Draw the steps with who acts; the step that a span of time belongs to carries it."""
    (time,) = figures["probation"]
    return Process(
        stages=tuple(
            Stage(
                title=each.texts["title"], who=each.texts["who"],
                time=amount(time) if each.texts["id"] == "probation" else "",
            )
            for each in figures["steps"]
        )
    )  # fmt: skip


# ---- All of them ----------------------------------------------------------------------------------------

TOPICS = (
    Topic(
        id="weights", policy="team-leader", title="各项占多少", clause="3.2",
        figures=("weights", "peers_scale"), doubts=("weights-90",), sketch=weights,
        caption="各项一段接一段，斜线是没有写的部分。",
    ),
    Topic(
        id="ladder", policy="service-ladder", title="五级客服", clause="3",
        figures=("tenure", "period", "top_ranks", "quarters_at_a", "excellent_titles", "pay"),
        doubts=("monthly-average", "quarter-window"), sketch=ladder,
        caption="按薪资的多少画，旁边是升到这一级的条件，只写能算的；其余各项由人评审。",
    ),
    Topic(
        id="demotion", policy="service-ladder", title="什么时候降级、辞退", clause="4",
        figures=(
            "demotion_ranks", "demotion_quarters_at_b", "demotion_quarters_below_b",
            "demotion_years", "dismissal",
        ),
        doubts=("below-b", "pass-or-fail"),
    ),
    Topic(
        id="shares", policy="officer-training", title="各类课程占总学时多少", clause="2.1.2",
        figures=("shares", "classes"), doubts=("sum",),
        sketch=shares, caption="各类一段接一段，斜线是可多可少的部分，虚线是 100%。",
    ),
    Topic(
        id="settlement", policy="rd-grades", title="多少点升一级", clause="4",
        figures=(
            "points_per_grade", "void_points", "low_year_points", "raised_bar", "raise_every",
            "raise_steps",
        ),
        doubts=("raised-bar", "negative-half", "year-points-raw"),
    ),
    Topic(
        id="bands", policy="rd-grades", title="职级、奖金和福利", clause="3.1",
        figures=("bands", "bonus", "benefit_levels", "independent_projects", "training_allowance"),
        doubts=("band-overlap", "bonus-band"), sketch=bands,
        caption="横着是级别，箭头是再往上都一样，斜线是落在两档的级别。",
    ),
    Topic(
        id="initial", policy="rd-grades", title="刚定级时算几级", clause="6",
        figures=("education", "experience"), doubts=("experience-overlap",),
    ),
    Topic(
        id="contributions", policy="rd-grades", title="一件事多少贡献点", clause="7",
        figures=("events", "adjustment"),
    ),
    Topic(
        id="shop-day", policy="online-store-service", title="一天的班", clause="2.1",
        figures=("shifts",), doubts=("shift-gap",),
        sketch=lambda figures: day(figures["shifts"], "doubt", "没有班"),
        caption="斜线是哪个班都不包括的时间。",
    ),
    Topic(
        id="order-flow", policy="online-store-service", title="订单转发货的先后", clause="1.1.5",
        figures=("order_flow",),
    ),
    Topic(
        id="conduct", policy="online-store-service", title="上班纪律", clause="2.2",
        figures=("warning_fine", "answer_within", "leave"), doubts=("several-in-a-week",),
    ),
    Topic(
        id="order-errors", policy="online-store-service", title="订单出错，个人承担什么", clause="2.3",
        figures=("compensation_fine",), doubts=("wrong-model-cost",),
    ),
    Topic(
        id="centre-day", policy="call-centre", title="坐席的一天", clause="1.2",
        figures=("manned", "around"),
        sketch=lambda figures: day((*figures["manned"], *figures["around"]), "hole", "不用守"),
        caption="斜线是不用守在岗位的时间。",
    ),
    Topic(
        id="seats", policy="call-centre", title="至少几个人在岗", clause="1.2",
        figures=("open_minimum", "closed_minimum", "away_together", "seats"),
        doubts=("two-away", "away-counts"),
    ),
    Topic(
        id="steps", policy="transfers", title="调岗六步，谁来办", clause="2",
        figures=("steps", "probation"), doubts=("open-ended",), sketch=process,
        caption="按先后排，名称下面是谁来办。",
    ),
)  # fmt: skip


def topics_of(policy: str, figures: Figures) -> list[Topic]:
    """Give the topics of a policy that its figures can fill."""
    return [
        each for each in TOPICS if each.policy == policy and figures.keys() >= set(each.figures)
    ]


def topics_beside(calculator: Calculator, figures: Figures) -> list[Topic]:
    """Give the topics that tell what a calculator reads, then those that it shows beside its answer."""
    topics = topics_of(calculator.policy, figures)
    read = [each for each in topics if {*calculator.figures} & {*each.figures}]
    shown = [each for each in topics if {*calculator.facts} & {*each.figures}]
    return [*read, *(each for each in shown if each not in read)]


def table_words() -> dict[str, Callable[..., object]]:
    """Give what the tables' templates need to write figures down."""
    return {
        "amount": amount, "number": number, "applies": applies, "times": times, "of": of,
        "level_title": level_title, "conditions": conditions, "first_step": first_step,
        "who_pays": who_pays, "words_for": load_labels,
    }  # fmt: skip


def untold(calculator: Calculator, topics: Sequence[Topic]) -> set[str]:
    """Give the figures of a calculator that none of the topics tells."""
    told = {name for each in topics for name in each.figures}
    return {*calculator.figures, *calculator.facts} - told
