"""研发技术岗位晋升制度 (`rd-grades`) 七: what an event adds to the contribution points, or takes off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from policy_core._clause import full
from policy_core._inputs import Field, Problems, allowed, choice, number, records, text
from policy_core._registry import register
from policy_core._versions import Figure, Version
from policy_core._working import Row, Working, printed

WHOLE = 100  # percent
NOTHING = Fraction(0)

# The kinds in the order of the text; what each brings stands in the figure `events`.
PROJECT_KINDS = (
    "project",
    "project-early",
    "project-quality",
    "project-late",
    "project-failed",
    "trial-first-pass",
    "trial-third-pass",
    "project-advance",
    "project-cancelled",
)
KINDS = (
    *PROJECT_KINDS,
    "design-patent",
    "utility-patent",
    "invention-patent",
    "software-copyright-or-certificate",
    "article",
    "quality",
    "innovation",
    "employee-of-the-month",
    "employee-of-the-year",
    "criticism",
    "warning",
    "special",
)
# By a project's standard, always the same, or judged each time.
BASED = ("project", "project-cancelled")
FIXED = (
    "trial-first-pass",
    "trial-third-pass",
    "design-patent",
    "employee-of-the-month",
    "employee-of-the-year",
    "criticism",
    "warning",
)
JUDGED = tuple(kind for kind in KINDS if kind not in BASED and kind not in FIXED)
SETTLED = ("project", "project-failed", "project-cancelled")  # an advance is paid back with these
DOUBTS = {
    "project": "missing-annexes",
    "project-late": "late-floor",
    "trial-first-pass": "trial-second-pass",
    "trial-third-pass": "trial-second-pass",
    "project-cancelled": "cancelled-judgement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that brought points or cost them; magnitudes are positive, the kind carries the sign.

    `points` and `base` have no clause of their own: that of the kind is named.
    """

    kind: str = choice(*KINDS, clause="7")
    points: Fraction | None = number(0, when={"kind": JUDGED})
    base: Fraction | None = number(0, when={"kind": BASED})
    adjust_percent: Fraction = number(default=0, when={"kind": ("project",)}, clause="7.1.2")
    progress_percent: Fraction | None = number(
        0, 100, when={"kind": ("project-cancelled",)}, clause="7.1.5"
    )
    prepaid: Fraction = number(0, default=0, when={"kind": SETTLED}, clause="7.1.4")
    note: str | None = text(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """All events of one half-year."""

    events: tuple[Mapping[str, Any], ...] = records(Event, strict=True, clause="7")


def within_the_table(version: Version, values: Mapping[str, Any], problems: Problems) -> None:
    """Hold each event's points against its kind's line, and name the kind's clause in its problems.

    Clauses: 7.1.2, 7.1.3, 7.2, 7.3, 7.4
    """
    lines = {figure.texts["kind"]: figure for figure in version.figures["events"]}
    clauses = {}
    for index, event in enumerate(values.get("events") or ()):
        line = lines.get(event.get("kind"))
        if line is None:
            continue
        place = f"events[{index}]"
        clauses[place] = full(problems.policy, line.clause)
        points, adjustment = event["points"], event["adjust_percent"]
        if points is not None and (wrong := beyond(points, line)):
            problems.say(f"{place}.points", wrong)
        if adjustment is not None:
            # 看项目有多重要、多紧急，提出把贡献点值增减20%以内
            # rd-grades:7.1.2
            limit = version.figures["adjustment"][0]
            most = limit.numbers["value"]
            percent = Field(kind="number", minimum=-most, maximum=most)
            if not -most <= adjustment <= most:
                wrong = f"填的是 {printed(adjustment)[0]}，应{allowed(percent)}"
                problems.say(f"{place}.adjust_percent", wrong, limit.clause)
    for at, problem in enumerate(problems):
        if problem.clause is None:
            clause = clauses.get(problem.field.partition(".")[0])
            problems[at] = replace(problem, clause=clause)


def beyond(points: Fraction, line: Figure) -> str:
    """Say what is wrong with an event's points; nothing where they keep to the kind's range."""
    low, high = line.numbers.get("min"), line.numbers.get("max")
    if low is None or high is None:
        return "" if points > 0 else f"填的是 {printed(points)[0]}，应大于 0"
    judged = Field(kind="number", minimum=low, maximum=high)
    return "" if low <= points <= high else f"填的是 {printed(points)[0]}，应{allowed(judged)}"


@register(
    "contribution-points",
    policy_id="rd-grades",
    inputs=Events,
    check=within_the_table,
    clauses=("4.1.1", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6"),
    figures=("events", "adjustment"),
    findings=(
        "team-points",
        "cancelled-judgement",
        "late-floor",
        "trial-second-pass",
        "missing-annexes",
    ),
)
def contribution_points(half_year: Events, working: Working) -> Mapping[str, object]:
    """Add up what each event brings.

    Clauses: 4.1.1, 7.1, 7.2, 7.3, 7.4, 7.5, 7.6
    """
    table = {row.text("kind"): row for row in working.rows("events")}
    lines = [
        {
            "kind": event["kind"],
            "points": earned(event, table[event["kind"]], working),
            "clause": table[event["kind"]].clause,
        }
        for event in half_year.events
    ]
    for event in half_year.events:
        if event["kind"] in PROJECT_KINDS:
            working.doubt("team-points")
        if event["kind"] in DOUBTS:
            working.doubt(DOUBTS[event["kind"]])
    # 半年里累计的贡献点
    # rd-grades:4.1.1
    total = working.step("合计", sum((each["points"] for each in lines), NOTHING), "点", "4.1.1")
    return {"total": total, "lines": lines}


def earned(event: Mapping[str, Any], line: Row, working: Working) -> Fraction:
    """Give an event's points with their sign, less what was drawn in advance.

    Clauses: 7.1.3, 7.1.4
    """
    points = magnitude(event, line, working)
    if line.text("sign") == "-":
        points = NOTHING - points
    if event["kind"] in SETTLED:
        # 结项时参考（3）条结算，预支过的贡献点要扣回；
        # rd-grades:7.1.4
        points = points - event["prepaid"]
    return working.step(line.text("title"), points, "点", line.clause)


def magnitude(event: Mapping[str, Any], line: Row, working: Working) -> Fraction:
    """Give an event's points without their sign: as fixed, as judged, or as a share of the project's.

    Clauses: 7.1.1, 7.1.2, 7.1.5
    """
    if line.has("value"):
        return line.number()
    if event["base"] is None:
        judged: Fraction = event["points"]
        return judged
    base: Fraction = event["base"]
    if event["progress_percent"] is not None:
        # 项目因公司原因取消的，由分管副总看进度评定
        # rd-grades:7.1.5
        return base * working.percent(event["progress_percent"])
    # 产品经理还可看项目有多重要、多紧急，提出把贡献点值增减20%以内
    # rd-grades:7.1.2
    return base * working.percent(WHOLE + event["adjust_percent"])
