"""Shares and totals: percents that should make up a whole, parts that should make up what is announced.

Percents are shares where their sentence speaks of a whole (占, 权重, 比例 …), or where each stands behind a
label and a colon. Where one of them is a bound (不低于10%, 20%以内) or a fine, nothing is added up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from build_scripts.doubts.doubt import (
    DASH,
    HAN,
    NUMBER,
    Doubt,
    Passage,
    Text,
    number,
    printed_like,
    shown,
)

PERCENT = re.compile(
    rf"(?:(?<![{HAN}])(?P<label>[{HAN}]{{1,16}}?)"
    rf"(?P<link>\s*[：:|（(]\s*|占[^，。；;：:\d]{{0,8}}?|权重为?|比重为?|[为是]|))?"
    rf"(?:(?P<from>{NUMBER})\s?[%％]?\s?(?:{DASH}\s?(?P<to>{NUMBER})\s?)?[%％]"
    rf"|百分之(?P<hundredths>{NUMBER}))(?P<after>及?以[上下内外]|左右)?"
)
SENTENCE = re.compile(r"[^。；;\n]+")
WHOLE = re.compile("占|权重|比重|构成|比例")
NO_SHARE = re.compile(
    "不低于|不高于|不超过|不少于|不得|不足|超过|低于|高于|至少|最多|最高|最低|达到|扣|罚|增|减|涨|降|提成"
    "|上浮|下浮|加价|利率|折|奖|各|处|罚"
)
TOTAL = re.compile(
    rf"(?:满分|总分|合计|共计|总共)为?(?P<total>{NUMBER})(?P<unit>分|元|天|人|名|课时|学时)(?!以)"
    r"[^。；;\n：:]{0,6}(?:[：:]|其中|包括|分别)"
)
SEVERAL = re.compile(
    rf"(?P<total>{NUMBER})(?P<unit>[个名位人台])(?P<thing>[{HAN}]{{2,6}})[。，,]?[^。；;：:\n]{{0,8}}"
    r"(?:如下|这样定|这样安排|分别是?|其中|包括)[：:]"
)
EACH = re.compile(
    rf"每(?:小?题|道题?|(?P<blank>空))(?P<each>{NUMBER})分[，,、]?(?:共|合计|总)计?(?P<total>{NUMBER})分"
)
BLANK = re.compile(r"[（(][^（()）]*[)）]|_{2,}")
LONGEST_SHARE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One share with its label and the words that link them; `at` is its offset in its passage."""

    label: str
    link: str
    low: Fraction
    high: Fraction
    passage: Passage
    at: int

    def __str__(self) -> str:
        high = "" if self.low == self.high else f"-{shown(self.high)}"
        return f"{self.label} {shown(self.low)}{high}%".strip()


def share_doubts(text: Text) -> Iterator[Doubt]:
    """Yield shares that do not make up 100, and parts that do not make up their total."""
    for passage in text.own():
        for shares in (listed(passage), *in_sentences(passage)):
            yield from wrong_sum(text, shares)
            yield from without_share(text, shares)
        yield from wrong_total(text, passage)
        yield from wrong_marks(text, passage)
    for parent, children in text.families():
        if parent:
            yield from wrong_sum(text, spread(parent, children))


def shares_in(passage: Passage, start: int = 0, end: int | None = None) -> list[Share]:
    """Read the shares in a stretch of a passage; none at all where one of the percents is no share."""
    found = []
    for each in PERCENT.finditer(passage.words, start, len(passage.words) if end is None else end):
        low = number(each["from"] or each["hundredths"])
        high = number(each["to"]) if each["to"] else low
        told = (each["label"] or passage.words[max(start, each.start() - 6) : each.start()]) + (
            each["link"] or ""
        )
        if low is None or high is None or NO_SHARE.search(told):
            return []
        if each["after"] not in (None, "左右"):
            return []
        found.append(
            Share(
                label=each["label"] or "", link=(each["link"] or "").strip(),
                low=min(low, high), high=max(low, high),
                passage=passage, at=each.start(),
            )
        )  # fmt: skip
    return found


def listed(passage: Passage) -> list[Share]:
    """Give the shares of a passage that all stand behind a label and a colon."""
    shares = shares_in(passage)
    return (
        shares if len(shares) > 2 and all(each.link in ("：", ":", "|") for each in shares) else []
    )


def in_sentences(passage: Passage) -> Iterator[list[Share]]:
    """Give the shares of each sentence that speaks of a whole."""
    for sentence in SENTENCE.finditer(passage.words):
        if WHOLE.search(sentence[0]):
            shares = shares_in(passage, sentence.start(), sentence.end())
            told = all(each.label for each in shares) and not all(
                each.link in ("：", ":", "|") for each in shares
            )
            weighed = all(re.match("占|权重|比重", each.link) for each in shares)
            if told and (len(shares) > 2 or (len(shares) == 2 and weighed)):
                yield shares


def spread(parent: Passage, children: Sequence[Passage]) -> list[Share]:
    """Give the shares of siblings that have one each, where all or their parent speak of a whole."""
    told = WHOLE.search(parent.words) or all(WHOLE.search(each.words) for each in children)
    if len(children) < 2 or not told:
        return []
    if any(len(each.words) > LONGEST_SHARE for each in children):
        return []
    shares = [shares_in(child) for child in children]
    alike = all(len(each) == 1 and each[0].label for each in shares)
    return [each for (each,) in shares] if alike else []


def wrong_sum(text: Text, shares: Sequence[Share]) -> Iterator[Doubt]:
    """Yield shares whose sum is not 100, or can be 100 only at one end of its range."""
    low = sum((each.low for each in shares), Fraction(0))
    high = sum((each.high for each in shares), Fraction(0))
    if not shares or low == high == 100 or low < 100 < high:
        return
    total = f"{shown(low)}%" if low == high else f"{shown(low)}%到{shown(high)}%"
    first = shares[0]
    yield text.doubt(
        "sum", (first.passage, first.at),
        f"{'、'.join(map(str, shares))}，加起来是 {total}，不是 100%", total,
        also=[each.passage for each in shares],
    )  # fmt: skip


def without_share(text: Text, shares: Sequence[Share]) -> Iterator[Doubt]:
    """Yield the 讲座课 that is named beside 选修课, where 选修课 and others have a share and it has none."""
    labels = {each.label for each in shares}
    tails = {label[-1] for label in labels}
    if len(tails) != 1 or len(labels) < 2:
        return
    names = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    beside = re.compile(rf"(?P<label>{names})[和与及、](?P<other>[{HAN}]{{1,5}}?{min(tails)})")
    told = set(labels)
    for passage in text.own():
        for found in beside.finditer(passage.words):
            if found["other"] not in told:
                told.add(found["other"])
                message = f"“{found['other']}”和“{found['label']}”一起说，却没有写占多少"
                place = (passage, found.start("other"))
                yield text.doubt("sum", place, message, found["other"], also=[shares[0].passage])


def wrong_total(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 满分100分：… and 六个坐席，分别是：… whose parts make up another number."""
    for pattern in (TOTAL, SEVERAL):
        found = pattern.search(passage.words)
        total = number(found["total"]) if found else None
        if not found or total is None:
            continue
        parts = re.compile(rf"(?P<part>{NUMBER}){found['unit']}(?=[\s，,、；;。）)]|$)")
        rest = passage.words[found.end() :]
        if pattern is TOTAL:
            rest = re.split(r"[。\n]", rest)[0]
        values = [number(each["part"]) for each in parts.finditer(rest)]
        known = [each for each in values if each is not None]
        if len(known) < 2 or sum(known) == total or re.search("每|各|以[上下内]|至少|最", rest):
            continue
        unit, result = found["unit"], int(sum(known))
        announced = found["total"] + unit + found.groupdict().get("thing", "")
        message = f"“{announced}”：下面列出的加起来是 {result} {unit}"
        counted = printed_like(result, found["total"]) + unit
        yield text.doubt("sum", (passage, found.start()), message, announced, counted)


def wrong_marks(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield （每题5分，共25分） over another number of questions."""
    found = EACH.search(passage.words)
    children = passage.clause.children
    each, total = (number(found["each"]), number(found["total"])) if found else (None, None)
    if not found or not each or total is None or not children:
        return
    count = len(children)
    if found["blank"]:
        count = sum(len(BLANK.findall(below.text)) for child in children for below in child.walk())
    if count and count * each != total:
        things = "空" if found["blank"] else "题"
        message = f"“{found[0]}”：下面有 {count} {things}，共 {shown(count * each)} 分"
        yield text.doubt("sum", (passage, found.start()), message, found[0])
