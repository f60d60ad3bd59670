"""Ranges that decide something (1~3级：…； 3~9级：…): ends that two of them hold, and what none holds.

A range decides something where it stands first in its sentence and something follows from it. So
得2-5个贡献点 is what a rule gives, and 4~8年的2级 is one step of a scale. Bounds are inclusive unless the
text says 超过, 不满, 不到, 不足 or the like.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from build_scripts.doubts.doubt import DASH, HAN, NUMBER, Doubt, Passage, Text, number, shown
from build_scripts.numerals import DIGITS

UNIT = (
    "个工作日|个月|个人|个|万元|元|级|年|周岁|岁|天|日|小时|分钟|分|次|人|名|点|件|单|台|周|公里|米"
    "|[%％]"
)
INCLUDED = r"(?:[（(]含[^（()）]{0,4}[)）])?"
EXCLUDED = r"(?:[（(]不含[^（()）]{0,4}[)）])?"
REACHES = "够|满|达到|达|不少于|不低于|大于等于|大于或等于"
PASSES = "超过|大于|高于|多于"
STAYS_BELOW = "不到|不满|未满|不足|未达到|未达|低于|小于|少于"
STAYS_WITHIN = "不超过|不高于|至|到"
WAYS = (
    # 1~3级, 15%-20%
    (
        rf"(?P<from>{NUMBER})\s?(?P<own>{UNIT})?{INCLUDED}\s?{DASH}{{1,2}}\s?(?P<to>{NUMBER})\s?"
        rf"(?P<unit>{UNIT})(?!以[上下内]){INCLUDED}(?P<to_out>{EXCLUDED})"
    ),
    # 够20点、不到40点; 三年以上七年以下
    (
        rf"(?:{REACHES}|(?P<above>{PASSES}))?(?P<from2>{NUMBER})(?P<unit2>{UNIT})(?:及?以上)?{INCLUDED}[、，,]?"
        rf"(?:(?P<below>{STAYS_BELOW})|{STAYS_WITHIN})?(?P<to2>{NUMBER})(?P=unit2)(?:及?以[下内])?"
        rf"(?P<to_out2>{EXCLUDED})"
    ),
    # 超过10分钟
    rf"(?P<above3>{PASSES})(?P<from3>{NUMBER})(?P<unit3>{UNIT})(?:以上)?",
    # 25级以上, 满3年以上
    rf"(?:{REACHES})?(?P<from4>{NUMBER})(?P<unit4>{UNIT}){INCLUDED}[及或]?以上",
    # 不满60分
    rf"(?P<below5>{STAYS_BELOW})(?P<to5>{NUMBER})(?P<unit5>{UNIT})",
    # 60分以下
    rf"(?P<to6>{NUMBER})(?P<unit6>{UNIT}){INCLUDED}[及或]?以[下内](?P<to_out6>{EXCLUDED})",
)
RANGE = re.compile("|".join(WAYS))
SENTENCE_END = re.compile(r"[；;。\n|]")
BREAK = re.compile(r"[；;。\n|，,：:、（(）)\s]")
FOLLOWS = re.compile(rf"[^、；;。\n]{{0,10}}?(?:[：:|]|[，,]\s*\S|[的为是]?[{HAN}]{{0,4}}{NUMBER})")
# What a rule gives or takes, as against the case to which it applies.
GIVES = re.compile(r"[处罚奖得扣给付发加减享升缴判补降按取]|不超过|[一-龥]{17}")
LABEL = re.compile(r"[^。；;，,：:\n]{1,16}[：:]")
LONGEST_AFTER = 60
NOT_WHOLE = ("年", "小时")
NO_ORDER = ("日", "点", "周", "年")
# Signs before a number that make it a part of something else: 2024-5, 第3-1条, 9:30.
NO_RANGE_BEHIND = tuple("0123456789.第:：-－—~～")
ORDINAL = re.compile("第?(?P<count>[一二三四五六])次")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """One step of a scale, with its place; None where it has no end."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool
    high_in: bool
    unit: str
    printed: str
    lead: str
    passage: Passage
    at: int


def range_doubts(text: Text) -> Iterator[Doubt]:
    """Yield the steps of scales that overlap or leave something out."""
    for _, children in text.families():
        run: list[Range] = []
        for passage in children:
            steps = list(steps_of(passage))
            if not (steps and opens(steps[0])):
                yield from scale_doubts(text, run)
                run = []
            for step in steps:
                if run and not beside(run, step):
                    yield from scale_doubts(text, run)
                    run = []
                run.append(step)
            if passage.clause.children:
                yield from scale_doubts(text, run)
                run = []
        yield from scale_doubts(text, run)
    for passage in text.own():
        yield from reversed_ranges(text, passage)
    yield from missing_times(text)


def steps_of(passage: Passage) -> Iterator[Range]:
    """Read the ranges of a passage from which something follows."""
    words = passage.words
    breaks = [0, *(each.end() for each in BREAK.finditer(words))]
    ends = [*(each.end() for each in SENTENCE_END.finditer(words)), len(words), len(words) + 1]
    for found in RANGE.finditer(words):
        if found.start() and re.match(r"[\d.第〔（(]", words[found.start() - 1]):
            continue
        lead = words[breaks[bisect_right(breaks, found.start()) - 1] : found.start()]
        after = words[found.end() : ends[bisect_right(ends, found.end())]][:LONGEST_AFTER]
        step = read(found, lead, passage)
        if step and FOLLOWS.match(after) and not GIVES.search(lead):
            yield step


def read(found: re.Match[str], lead: str, passage: Passage) -> Range | None:
    """Read what one match of `RANGE` says; None for a range in two units, or with its ends swapped."""
    # The groups are numbered by their way: from2 is the `from` of the second.
    part = {name.rstrip("23456"): words for name, words in found.groupdict().items() if words}
    if part.get("own", part["unit"]) != part["unit"]:
        return None  # 三个月至一年 would need a common unit
    low, high = (number(part[key]) if key in part else None for key in ("from", "to"))
    unread = ("from" in part and low is None) or ("to" in part and high is None)
    if unread or (low is not None and high is not None and high <= low):
        return None
    return Range(
        low=low, high=high,
        low_in="above" not in part, high_in="below" not in part and "to_out" not in part,
        unit=part["unit"], printed=found[0].strip(), lead=lead, passage=passage, at=found.start(),
    )  # fmt: skip


def opens(step: Range) -> bool:
    """Tell whether a step stands first in its passage, but for a label with a colon."""
    before = step.passage.words[: step.at].strip().removesuffix(step.lead.strip()).strip()
    return not before or bool(LABEL.fullmatch(before))


def beside(run: list[Range], step: Range) -> bool:
    """Tell whether a step continues a scale: same unit, same words before it, same direction."""
    last = run[-1]
    if step.unit != last.unit or step.lead.strip() not in ("", last.lead.strip()):
        return False
    up = rises(last, step)
    down = rises(step, last)
    if len(run) == 1:
        return up or down
    return up if rises(run[0], run[1]) else down


def rises(first: Range, second: Range) -> bool:
    """Tell whether the second lies higher at both ends."""
    low = second.low is not None and (first.low is None or second.low > first.low)
    high = first.high is not None and (second.high is None or second.high > first.high)
    return low and high


def scale_doubts(text: Text, run: list[Range]) -> Iterator[Doubt]:
    """Yield what is wrong between the steps of one scale."""
    for first, second in pairwise(run):
        lower, upper = (first, second) if rises(first, second) else (second, first)
        yield from between(text, lower, upper, second)
    if (
        len(run) > 1
        and any(each.low == 1 for each in run)
        and any(each.high is None for each in run)
    ):
        yield from below_first(text, run)


def between(text: Text, lower: Range, upper: Range, told: Range) -> Iterator[Doubt]:
    """Yield the doubt at the border of two steps that lie side by side."""
    end, begin, unit = lower.high, upper.low, told.unit
    if end is None or begin is None:
        return
    also = [lower.passage, upper.passage]
    pair = f"“{lower.printed}”和“{upper.printed}”"
    if begin < end or (begin == end and lower.high_in and upper.low_in):
        held = shown(end) if begin == end else f"{shown(begin)} 到 {shown(end)}"
        yield text.doubt(
            "overlap", (told.passage, told.at), f"{pair}都含 {held} {unit}，没有说算哪一档",
            lower.printed, upper.printed, also=also,
        )  # fmt: skip
    elif begin > end + (0 if unit in NOT_WHOLE or fraction(begin, end) else 1):
        missing = f"{shown(end)} {unit}到 {shown(begin)} {unit}"
        yield text.doubt(
            "gap", (told.passage, told.at), f"{pair}之间（{missing}）没有写",
            f"{shown(end)}{unit}", f"{shown(begin)}{unit}", also=also,
        )  # fmt: skip
    elif begin == end and not lower.high_in and not upper.low_in:
        yield text.doubt(
            "gap", (told.passage, told.at), f"{pair}都不含 {shown(end)} {unit}，正好的没有写",
            lower.printed, upper.printed, also=also,
        )  # fmt: skip


def fraction(*values: Fraction) -> bool:
    """Tell whether one of the values is no whole number."""
    return any(value.denominator > 1 for value in values)


def below_first(text: Text, run: list[Range]) -> Iterator[Doubt]:
    """Yield the 0 that a text gives where its scale runs from 1 without an end."""
    unit = run[0].unit
    zero = re.compile(rf"(?<![\d０-９.．%-])(?<!{DASH})[0０零]{re.escape(unit)}")
    for passage in text.own():
        found = zero.search(passage.words)
        if found:
            message = f"“{found[0]}”不在任何一档里：各档从“{run[0].printed}”起"
            yield text.doubt(
                "gap", (passage, found.start()), message, found[0],
                also=[each.passage for each in run],
            )  # fmt: skip
            return


def reversed_ranges(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 5-1个: a range whose front is behind its end."""
    for found in RANGE.finditer(passage.words):
        printed = found[0]
        before = passage.words[max(found.start() - 1, 0) : found.start()]
        if not found["from"] or before in NO_RANGE_BEHIND:
            continue
        first, last = number(found["from"]), number(found["to"])
        alike = found["own"] in (None, found["unit"]) and found["unit"] not in NO_ORDER
        if first and last and first > last and alike:
            message = f"“{printed}”前大后小，像是写反了"
            yield text.doubt("order", (passage, found.start()), message, printed)


def missing_times(text: Text) -> Iterator[Doubt]:
    """Yield the 第二次 that is left out between lines on the same thing for 一次 and 第三次."""
    for _, children in text.families():
        told: dict[str, dict[int, tuple[Passage, re.Match[str]]]] = {}
        for passage in children:
            found = ORDINAL.search(passage.words)
            if found and found.start() >= 2:
                places = told.setdefault(passage.words.strip()[:2], {})
                places[DIGITS[found["count"]]] = (passage, found)
        for subject, places in told.items():
            for count in range(2, max(places)):
                if count not in places and 1 in places:
                    passage, last = places[max(places)]
                    missing = f"第{'一二三四五六'[count - 1]}次"
                    message = f"“{subject}”写了一次和{last[0]}，没有写{missing}"
                    also = [each for each, _ in places.values()]
                    place = (passage, last.start())
                    yield text.doubt("gap", place, message, missing, also=also)
