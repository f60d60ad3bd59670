"""Counts that are announced (五项, 有二种：, 三方面) and what is then named or listed.

Only lists whose ends are plain are counted: names in quotation marks, short items between a colon and the
end of the sentence, and numbered clauses right under the words that announce them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_scripts.doubts.doubt import HAN, Doubt, Passage, Text, number, printed_like
from build_scripts.numerals import ARABIC, DIGITS

COUNT = f"(?:[{''.join(DIGITS)}十]{{1,3}}|[{ARABIC}]{{1,2}})"
MEASURE = (
    "个方面|方面|个步骤|步骤|个阶段|阶段|个部分|部分|个条件|个环节|个等级|大类|小类|种类型"
    "|种|类|项|条|步|点|者"
)
# A count is no place (第三项), no share of others (前三项, 每一项), and no end of a longer number.
NO_COUNT = f"(?<![第每前后上下其某另{''.join(DIGITS)}十百千{ARABIC}.])"
QUOTED = re.compile(
    rf"(?P<list>“[^“”]{{1,16}}”(?:[、，,和与及]{{0,3}}“[^“”]{{1,16}}”){{1,20}})等?这?"
    rf"(?P<count>{COUNT})(?P<measure>{MEASURE})"
)
NAMED = re.compile(
    rf"{NO_COUNT}(?P<count>{COUNT})(?P<measure>{MEASURE})(?P<what>[^，,。；;：:\n、（(]{{0,10}})[：:]"
    r"(?P<list>[^。；;：:\n（(]{3,120})"
)
BEFORE_LIST = re.compile(
    rf"{NO_COUNT}(?P<count>{COUNT})(?P<measure>{MEASURE})[^。；;\n]{{0,40}}[：:]\s*$"
)
AFTER_LIST = re.compile(
    rf"(?:有|分为|包括|包含)(?P<list>[^，,。；;：:\n（(有“]{{3,40}}?)这?"
    rf"{NO_COUNT}(?P<count>{COUNT})(?P<measure>{MEASURE})"
)
ARE = re.compile(
    rf"(?P<list>[^，,。；;：:\n（(有“”、]{{1,12}}(?:、[^，,。；;：:\n（(“”、]{{1,12}}){{0,12}}[和与及][^，,。；;：:\n（(“”、]{{1,12}}?)"
    rf"[，,]?是[^，,。；;：:\n]{{0,12}}?{NO_COUNT}(?P<count>{COUNT})(?P<measure>{MEASURE})"
)
PART = re.compile("[、]|以及|和|与|及|或者")
OPEN = re.compile("等|之一|其中|以上|其他|其它|任何|任一|至少|以下[^简]")
LONGEST_ITEM = 14


def count_doubts(text: Text) -> Iterator[Doubt]:
    """Yield counts that are not met by what they announce."""
    for passage in text.own():
        yield from quoted(text, passage)
        yield from named(text, passage)
        yield from named_before(text, passage)
        yield from listed(text, passage)


def quoted(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield “甲”、“乙”和“丙”五项."""
    for found in QUOTED.finditer(passage.words):
        names = re.findall("“([^“”]*)”", found["list"])
        yield from told(text, passage, found, names)


def named(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 三方面：甲、乙."""
    for found in NAMED.finditer(passage.words):
        words = re.split("[，,]", found["list"])
        if not found["what"] and not re.match(f"[{HAN}]", passage.words[found.start() - 1 :]):
            continue  # 二类：… is the name of a class
        names = [each.strip() for each in PART.split(words[0]) if each.strip()]
        short = all(len(each) <= LONGEST_ITEM for each in names)
        if len(names) > 1 and short and not OPEN.search(words[0] + found["what"]):
            yield from told(text, passage, found, names)


def named_before(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 有甲和乙三类, and 甲和乙是三种."""
    for found in (*AFTER_LIST.finditer(passage.words), *ARE.finditer(passage.words)):
        names = [each.strip() for each in PART.split(found["list"]) if each.strip()]
        short = all(1 < len(each) <= LONGEST_ITEM for each in names)
        if len(names) > 1 and short and not OPEN.search(found["list"]):
            yield from told(text, passage, found, names)


def told(text: Text, passage: Passage, found: re.Match[str], names: list[str]) -> Iterator[Doubt]:
    """Yield the doubt, where a count and its names differ."""
    count = number(found["count"])
    if count is not None and count > 1 and count != len(names):
        announced = found["count"] + found["measure"]
        named = printed_like(len(names), found["count"]) + found["measure"]
        message = f"说是“{announced}”，写出来的是 {len(names)} 个：{'、'.join(names)}"
        yield text.doubt("sum", (passage, found.start("count")), message, announced, named)


def listed(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 有二种： over three numbered clauses."""
    children = [each for each in passage.clause.children if each.number]
    found = BEFORE_LIST.search(passage.words)
    if found and children and not OPEN.search(found[0]):
        count = number(found["count"])
        if count is not None and count > 1 and count != len(children):
            announced = found["count"] + found["measure"]
            below = printed_like(len(children), found["count"]) + found["measure"]
            message = f"说是“{announced}”，下面列了 {len(children)} 条"
            yield text.doubt("sum", (passage, found.start("count")), message, announced, below)
