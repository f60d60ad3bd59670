"""The same thing under two names: documents, steps and parts, roles, and the units of one number.

Nothing is told from likeness alone: two names must also stand for the same place, in two lists that agree
otherwise, or on the two sides of a text's own title.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from build_scripts.doubts.doubt import HAN, NUMBER, Doubt, Passage, Text

BOOK = re.compile(r"《([^《》\n]{2,30})》")
PUBLIC = re.compile(r"法$|法典$|条例$|决定$|[()（）]|(?:中华人民共和国|国务院|[省市区县州]|机关)")
# What kind of paper a name ends with; two names differ in what stands before it.
PAPER = re.compile(
    "(?:申请|审批|登记|评分|评价|考评|考核|统计|汇总|报名|通知|确认|记录|管理|实施)*"
    "(?:表|单|书|册|簿|卡|制度|办法|规定|细则|流程|标准|体系|方案|手册|须知|规范)$"
)
# Signs that make two names speak of different things: 月度 and 年度, 入职 and 离职, 一级 and 二级.
CONTRASTS = (
    "年月日周季旬", "上下中", "前后", "内外", "入离在", "新老旧", "男女", "初中高", "大中小", "正副",
    "一二三四五六七八九十", "0123456789", "甲乙丙丁", "ABCDEF", "增减", "收支付", "进出", "事病年婚产",
    "公私", "总分", "借还", "领退",
)  # fmt: skip
ARROW = re.compile(r"\s*(?:→|—{1,2}>|-{1,2}>|－>|⇒|➔|——|--)\s*")
QUOTED_LIST = re.compile("(?:“[^“”\n]{2,16}”[、，,和与及]{0,3}){3,40}")
LABELLED = re.compile(
    rf"(?<![{HAN}])(?P<label>[{HAN}]{{2,12}})\s*[：:]\s*{NUMBER}\s?(?:[%％]|元|分)"
)
FIRST_WORDS = re.compile(r"^(?P<name>[^，,。；;：:\n—－-]{2,16}?)(?=\s*(?:[：:\n]|——|--|－－|$))")
HEADS = "经理|副总|总监|组长|班长|店长|队长"
GENERAL = "部门|分管|直属"
PEOPLE = "军官|干部|人员|员工|学员|教师|职工|工人"
COUNTED = re.compile(
    rf"(?P<value>{NUMBER})(?P<unit>[个分点])(?P<thing>(?![以之及钟])[{HAN}]{{2,5}})"
)
OPTION = re.compile(r"[（(]?[A-Za-z][）)、.．]*")
LONGEST_NAME = 16
MOST_COMPARED = 40
EQUAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Names in a row, each with its place; `row` says what kind of row."""

    names: tuple[str, ...]
    places: tuple[tuple[Passage, int], ...]
    row: str


def name_doubts(text: Text) -> Iterator[Doubt]:
    """Yield the things that a text calls by two names."""
    yield from papers(text)
    yield from series_doubts(text)
    yield from roles(text)
    yield from title_role(text)
    yield from people(text)
    yield from units(text)


def papers(text: Text) -> Iterator[Doubt]:
    """Yield 《转正测评体系》 and 《转正员工测评体系》."""
    first: dict[str, tuple[Passage, int]] = {}
    for passage in text.own():
        for found in BOOK.finditer(passage.words):
            name = "".join(found[1].split())
            if not PUBLIC.search(name):
                first.setdefault(name, (passage, found.start()))
    by_paper: dict[str, list[str]] = {}
    for name in first:
        paper = PAPER.search(name)
        by_paper.setdefault(paper[0][-2:] if paper else "", []).append(name)
    for kind, names in by_paper.items():
        for at, other in enumerate(names if kind else ()):
            for one in names[max(0, at - MOST_COMPARED) : at]:
                if alike(one, other):
                    message = f"《{one}》和《{other}》像是同一份，名称不一样"
                    yield text.doubt(
                        "name", first[other], message, f"《{one}》", f"《{other}》",
                        also=[first[one][0]],
                    )  # fmt: skip


def alike(one: str, other: str) -> bool:
    """Tell whether two names of papers differ in a word that may be a slip, and in no contrast."""
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and len(long) - len(short) <= 3 and inserted(short, long):
        return True
    bare = [PAPER.sub("", name) for name in (one, other)]
    if len(bare[0]) != len(bare[1]) or len(bare[0]) < 3:
        return False
    different = [at for at, (a, b) in enumerate(zip(*bare, strict=True)) if a != b]
    if not different or different[-1] - different[0] > 1 or len(bare[0]) - len(different) < 2:
        return False
    return not any(contrast(bare[0][at], bare[1][at]) for at in different)


def inserted(short: str, long: str) -> str:
    """Give the one run of signs that a longer name has more; empty where it differs otherwise."""
    front = 0
    while front < len(short) and short[front] == long[front]:
        front += 1
    more = len(long) - len(short)
    return long[front : front + more] if long[front + more :] == short[front:] else ""


def contrast(one: str, other: str) -> bool:
    """Tell whether two signs are set against each other on purpose."""
    return any(one in signs and other in signs for signs in CONTRASTS)


def series_doubts(text: Text) -> Iterator[Doubt]:
    """Yield the names that differ between two rows that agree otherwise, and what one row leaves out."""
    rows = list(series_of(text))
    index: dict[tuple[str, int, str], list[int]] = {}
    told: set[frozenset[str]] = set()
    for at, row in enumerate(rows):
        agreeing: Counter[tuple[str, int]] = Counter()
        for place, name in enumerate(row.names):
            for end, key in (("front", place), ("back", place - len(row.names))):
                known = index.setdefault((end, key, name), [])
                agreeing.update((end, other) for other in known[-MOST_COMPARED:])
                known.append(at)
        for (end, other), count in agreeing.items():
            before = rows[other]
            shorter, longer = sorted((len(row.names), len(before.names)))
            if longer - shorter > 1 or (end == "back" and shorter == longer):
                continue
            if count > 1 and 2 * count >= shorter:
                yield from differing(text, before, row, end, told)
            if longer > shorter and end == "front" and agreeing["back", other]:
                yield from left_out(text, before, row)


def left_out(text: Text, one: Series, other: Series) -> Iterator[Doubt]:
    """Yield the name in the midst of one row that the other row, one shorter, does not have."""
    longer, shorter = (one, other) if len(one.names) > len(other.names) else (other, one)
    size = len(shorter.names)
    likeness = [
        [likeness_of(name, longer.names[place + shift]) for place, name in enumerate(shorter.names)]
        for shift in (0, 1)
    ]
    best = max(range(size + 1), key=lambda at: sum(likeness[0][:at]) + sum(likeness[1][at:]))
    agreeing = likeness[0][:best].count(EQUAL) + likeness[1][best:].count(EQUAL)
    if 0 < best < size and 2 * agreeing >= size and agreeing > 1:
        missing = longer.names[best]
        message = f"{longer.row}有“{missing}”，{shorter.row}没有"
        passage, _ = longer.places[best]
        yield text.doubt("gap", shorter.places[best], message, missing, also=[passage])


def likeness_of(one: str, other: str) -> int:
    """Say how like two names are: the same, with signs in common, or not at all."""
    return EQUAL if one == other else bool(set(one) & set(other))


def differing(
    text: Text, one: Series, other: Series, end: str, told: set[frozenset[str]]
) -> Iterator[Doubt]:
    """Yield each place at which two rows differ, set side by side at their front or at their back."""
    shared = min(len(one.names), len(other.names))
    skip = (0, 0) if end == "front" else (len(one.names) - shared, len(other.names) - shared)
    for place in range(shared):
        at, other_at = place + skip[0], place + skip[1]
        before, after = one.names[at], other.names[other_at]
        pair = frozenset((before, after))
        if before == after or pair in told or repeats_title(text, before, after):
            continue
        if any(contrast(a, b) for a, b in zip(before, after, strict=False) if a != b):
            continue
        if before in other.names or after in one.names or not set(before) & set(after):
            continue
        told.add(pair)
        message = f"{one.row}叫“{before}”，{other.row}叫“{after}”，像是同一样东西"
        passage, _ = one.places[at]
        yield text.doubt("name", other.places[other_at], message, before, after, also=[passage])


def repeats_title(text: Text, one: str, other: str) -> bool:
    """Tell whether the longer name only adds a word of the text's own title."""
    short, long = sorted((one, other), key=len)
    more = inserted(short, long)
    return bool(more) and more in text.document.title


def series_of(text: Text) -> Iterator[Series]:
    """Give the rows of a text: chains with arrows, names in quotation marks, labels, headings."""
    for passage in text.own():
        words = passage.words
        at = 0
        for line in words.split("\n"):
            parts = [each.strip(" \t\u3000：:") for each in ARROW.split(line)]
            if len(parts) > 2 and all(0 < len(each) <= LONGEST_NAME for each in parts):
                yield row("流程里", [(each, (passage, at)) for each in parts])
            at += len(line) + 1
        for found in QUOTED_LIST.finditer(words):
            names = re.findall("“([^“”]*)”", found[0])
            yield row("前面", [(each, (passage, found.start())) for each in names])
        labels = [(each["label"], (passage, each.start())) for each in LABELLED.finditer(words)]
        if len(labels) > 2:
            yield row("比例前面", labels)
    for _, children in text.families():
        heads = [FIRST_WORDS.search(child.head) for child in children]
        options = any(OPTION.fullmatch(child.clause.number) for child in children)
        if len(children) > 2 and all(heads) and not options:
            names = [head["name"].strip() for head in heads if head]
            places = [(child, 0) for child in children]
            yield row("分项里", list(zip(names, places, strict=True)))


def row(kind: str, named: Sequence[tuple[str, tuple[Passage, int]]]) -> Series:
    """Make a row of names and places."""
    return Series(
        names=tuple(name for name, _ in named), places=tuple(place for _, place in named), row=kind
    )


def roles(text: Text) -> Iterator[Doubt]:
    """Yield 研发经理 beside 部门经理, in a text that is about 研发."""
    title = text.document.title
    first: dict[str, tuple[Passage, int]] = {}
    role = re.compile(
        rf"(?P<of>{GENERAL})\s*(?P<head>{HEADS})|(?P<own>[{HAN}]{{2}})(?P<own_head>{HEADS})"
    )
    for passage in text.own():
        for found in role.finditer(passage.words):
            name = (found["of"] or found["own"]) + (found["head"] or found["own_head"])
            if found["of"] or found["own"] in title:
                first.setdefault(name, (passage, found.start()))
    for own, other in combinations(first, 2):
        general = [name for name in (own, other) if name.startswith(tuple(GENERAL.split("|")))]
        heads = [re.search(f"(?:{HEADS})$", name) for name in (own, other)]
        if len(general) == 1 and heads[0] and heads[1] and heads[0][0] == heads[1][0]:
            message = f"“{own}”和“{other}”都用到了，没有说是不是同一个人"
            yield text.doubt("name", first[other], message, own, other, also=[first[own][0]])


def title_role(text: Text) -> Iterator[Doubt]:
    """Yield the 招聘组长 of a title, where the text itself speaks of a 客服部组长 alone."""
    found = re.match(rf"(?P<of>[{HAN}]{{2,4}}?)(?P<head>{HEADS})", text.document.title)
    if not found:
        return
    inside = re.compile(rf"(?P<of>[{HAN}]{{2}}[部科室组处])(?P<head>{found['head']})")
    others: dict[str, tuple[Passage, int]] = {}
    for passage in text.own():
        if found[0] in passage.words and found[0] != passage.words.strip()[: len(found[0])]:
            return
        for each in inside.finditer(passage.words):
            others.setdefault(each[0], (passage, each.start()))
    for name, place in others.items():
        message = f"标题说“{found[0]}”，正文说“{name}”，不知道是不是同一个岗位"
        yield text.doubt("name", place, message, found[0], name)


def people(text: Text) -> Iterator[Doubt]:
    """Yield 指挥类军官 beside 指挥类干部: the same class of people under two words."""
    kinds: dict[str, dict[str, tuple[Passage, int]]] = {}
    pattern = re.compile(rf"(?P<kind>[{HAN}]{{2}}类)(?P<people>{PEOPLE})")
    for passage in text.own():
        for found in pattern.finditer(passage.words):
            places = kinds.setdefault(found["kind"], {})
            places.setdefault(found["people"], (passage, found.start()))
    for kind, places in kinds.items():
        names = list(places)
        for other in names[1:]:
            message = f"“{kind}{names[0]}”和“{kind}{other}”混着用"
            yield text.doubt(
                "name", places[other], message, kind + names[0], kind + other,
                also=[places[names[0]][0]],
            )  # fmt: skip


def units(text: Text) -> Iterator[Doubt]:
    """Yield 20分贡献点 in a text that counts them by 个: one thing under several units."""
    counted: dict[str, list[tuple[str, Passage, int, str]]] = {}
    for passage in text.own():
        for found in COUNTED.finditer(passage.words):
            place = (found["unit"], passage, found.start(), found["value"] + found["unit"])
            for length in range(2, len(found["thing"]) + 1):
                counted.setdefault(found["thing"][:length], []).append(place)
    told: set[int] = set()
    for thing in sorted(counted, key=len, reverse=True):
        usual, _ = Counter(unit for unit, *_ in counted[thing]).most_common(1)[0]
        example = next(each for each in counted[thing] if each[0] == usual)
        for unit, passage, at, printed in counted[thing]:
            if unit != usual and passage.start + at not in told:
                told.add(passage.start + at)
                message = f"“{thing}”别处用“{example[3]}”，这里用“{printed}”，单位不一样"
                yield text.doubt("unit", (passage, at), message, printed, also=[example[1]])
