"""Bounds that can be read in two ways: B等级以下 beside a limb on B itself, 不允许2个以上."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from build_scripts.doubts.doubt import NUMBER, Doubt, Passage, Text

GRADE = r"(?<![A-Za-z])(?P<grade>[A-Ea-e])\s?(?P<word>等级|[级等类档])"
SIDE = re.compile(GRADE + r"(?P<side>以[上下])(?![（(]?不?含)")
NAMED = re.compile(GRADE)
FORBIDDEN = re.compile(
    rf"(?:不允许|不得|不能|不准|禁止|严禁|不可)有?(?P<bound>{NUMBER}[个名人位台]以上)(?![（(]?不?含)"
)
SENTENCE = re.compile(r"[^。；;\n]+")


def bound_doubts(text: Text) -> Iterator[Doubt]:
    """Yield bounds of which the text leaves open whether they hold the number itself."""
    named = {each["grade"] for passage in text.own() for each in NAMED.finditer(passage.words)}
    for passage in text.own():
        for sentence in SENTENCE.finditer(passage.words):
            yield from beside_itself(text, passage, sentence)
        for found in SIDE.finditer(passage.words):
            yield from unnamed(text, passage, found, named)
        for found in FORBIDDEN.finditer(passage.words):
            bound = found["bound"]
            held = f"{bound[:-3]} {bound[-3]}"
            message = f"“{bound}”含不含 {held} 说不准：照法律的习惯含，平常说话常不含"
            yield text.doubt("bound", (passage, found.start()), message, bound)


def beside_itself(text: Text, passage: Passage, sentence: re.Match[str]) -> Iterator[Doubt]:
    """Yield B等级以下 in a sentence that says something else of B等级."""
    named = Counter(each["grade"] for each in NAMED.finditer(sentence[0]))
    for found in SIDE.finditer(sentence[0]):
        if named[found["grade"]] > 1:
            grade = found["grade"] + found["word"]
            message = f"同一句里另外说了 {grade}，“{found[0]}”含不含 {grade} 没有写"
            place = (passage, sentence.start() + found.start())
            yield text.doubt("bound", place, message, found[0])


def unnamed(text: Text, passage: Passage, found: re.Match[str], named: set[str]) -> Iterator[Doubt]:
    """Yield B等级以下 where the text names no grade below B, and B等级以上 where none is above."""
    grade = found["grade"]
    beyond = [each for each in named if (each > grade if found["side"] == "以下" else each < grade)]
    if not beyond and not (grade in "Aa" and found["side"] == "以上"):
        words = [each + found["word"] for each in sorted(named)]
        message = f"条文只提到 {'、'.join(words)}，“{found[0]}”指哪几等没有写"
        yield text.doubt("scale", (passage, found.start()), message, *words)
