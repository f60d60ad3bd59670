"""What got lost or mixed up on the page: broken and crowded lines, lone numbers, headings without a text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from build_scripts.doubts.doubt import Doubt, Passage, Text, fold

BROKEN = re.compile(r"(?<=\n)[ \t\u3000]*[：:](?![-:])\s*(?P<value>[^\s（(]{1,8})")
STRAY = re.compile(r"[：:，,。；;、]")
SENTENCE_END = re.compile(r"[。；;！!？?…：:，,|]$")
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LONGEST_HEADING = 30
RARE = 3
MOST_ON_ONE_LINE = 3
MOST_MORE = 3
FIRST = re.compile(r"[（(]?[一1１]\s*[）)、.．]?[、.．]?")


def layout_doubts(text: Text) -> Iterator[Doubt]:
    """Yield what is wrong with the lines, numbers and headings of a text."""
    yield from repeated_title(text)
    for passage in text.own():
        yield from broken_line(text, passage)
        yield from stray_mark(text, passage)
        yield from run_on(text, passage)
    yield from empty_headings(text)
    for _, children in text.families():
        yield from lone_number(text, children)


def broken_line(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield a colon with its figure that begins a line, its label left on the line above."""
    found = list(BROKEN.finditer(passage.words))
    if found:
        places = "、".join(f"“：{each['value']}”" for each in found)
        message = f"项目和后面的内容断在两行：{places}另起了一行"
        yield text.doubt("layout", (passage, found[0].start("value")), message)


def stray_mark(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield 2、：… : a mark between a number and its words."""
    number, words = passage.clause.number, passage.words.lstrip(" \t\u3000")
    if number and STRAY.match(words) and not number[-1].isspace() and number[-1] not in "：:●·-*":
        mark = words[0]
        message = f"“{number}”后面多了一个“{mark}”"
        yield text.doubt("numbering", (passage, 0), message, f"{number}{mark}")


def run_on(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield a clause whose numbered parts all run on in its own line."""
    children = passage.clause.children
    if len(children) < MOST_ON_ONE_LINE or {each.line for each in children} != {
        passage.clause.line
    }:
        return
    numbers = [each.number.strip("、.．（）() ") for each in children]
    if passage.clause.number and all(number and number not in SIGNS for number in numbers):
        printed = "、".join(each.number for each in children)
        message = f"{printed} 几条挤在一行里"
        yield text.doubt("layout", (passage, 0), message)


def lone_number(text: Text, children: Sequence[Passage]) -> Iterator[Doubt]:
    """Yield a list that begins with 1 and has no 2."""
    numbered = [each for each in children if each.clause.number]
    if len(numbered) != 1:
        return
    number = numbered[0].clause.number
    if FIRST.fullmatch(number) and number.strip("（）() ") != number[:0]:
        message = f"只有“{number}”，后面没有第二个编号"
        yield text.doubt("numbering", (numbered[0], 0), message, number.rstrip("、.．"))


def empty_headings(text: Text) -> Iterator[Doubt]:
    """Yield the headings with nothing under them: those with a colon, and those whose like have a text.

    The like of a heading are its siblings, and all clauses of the text with the same sort of number.
    """
    bodies: Counter[str] = Counter()
    bares: Counter[str] = Counter()
    for passage in text.own():
        bodies[sort(passage)] += has_body(passage)
        bares[sort(passage)] += is_bare(passage)
    for _, children in text.families():
        numbered = [each for each in children if each.clause.number]
        bare = [each for each in numbered if is_bare(each)]
        bodied = [each for each in numbered if has_body(each)]
        alone = len(numbered) > 2 and len(bare) == 1 and len(bodied) == len(numbered) - 1
        for passage in bare:
            rare = bodies[sort(passage)] >= RARE * bares[sort(passage)]
            if alone or (bodied and rare):
                yield from empty(text, passage)
        for at, passage in enumerate(children):
            followed = at + 1 < len(children) and not children[at + 1].clause.number
            if is_bare(passage, colon=True) and passage.clause.number and not followed:
                yield from empty(text, passage)


def sort(passage: Passage) -> str:
    """Give the sort of a clause's number: its level and its signs, without the number itself."""
    return f"{passage.clause.level}{re.sub(r'[^（()）、.．]', '', passage.clause.number)}"


def empty(text: Text, passage: Passage) -> Iterator[Doubt]:
    """Yield the doubt about one heading."""
    heading = passage.words.strip()
    message = f"“{heading[:LONGEST_HEADING]}”只有标题，下面没有内容"
    yield text.doubt("empty", (passage, 0), message)


def is_bare(passage: Passage, *, colon: bool = False) -> bool:
    """Tell whether a clause is one short line, and no sentence; with a colon, one that promises more."""
    words = passage.words.strip()
    if passage.clause.children or "\n" in words or not 0 < len(words) <= LONGEST_HEADING:
        return False
    return words.endswith(("：", ":")) if colon else not SENTENCE_END.search(words)


def has_body(passage: Passage) -> bool:
    """Tell whether a clause is a heading with a text or clauses under it."""
    return bool(passage.clause.children) or (
        bool(passage.clause.heading) and bool(passage.clause.text)
    )


def repeated_title(text: Text) -> Iterator[Doubt]:
    """Yield a title that stands several times, in several forms, over the text."""
    preface = text.passages.get(f"{text.document.policy}:preface")
    if not preface:
        return
    title = text.document.title
    lines = [line.strip() for line in preface.words.split("\n")]
    forms = [line for line in lines if line and similar(fold(line), fold(title))]
    if len(forms) > 1 or (forms and fold(forms[0]) != fold(title)):
        at = preface.words.index(forms[0])
        message = f"标题写了不止一遍：{'、'.join(dict.fromkeys([title, *forms]))}"
        yield text.doubt("layout", (preface, at), message)


def similar(one: str, other: str) -> bool:
    """Tell whether two titles are one, but for a few more signs in the longer."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return len(long) - len(short) <= MOST_MORE < len(short) and all(sign in rest for sign in short)
