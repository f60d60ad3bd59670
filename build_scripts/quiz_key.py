"""The answers at the end of a paper: 参考答案, then 一、1-5 ABCDA, 6.AB, 三、1.× 2.√, section by section.

Pure: a paper's text in, the places of its answers out; `build_scripts.quiz_question` reads what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_scripts.quiz import KINDS

HEADING = re.compile(
    r"^[ \t　#*【\[（(]*(?:参考|标准|正确|试题|试卷|习题){0,3}答案(?:[及与和](?:评分标准|解析|要点))?"
    r"[ \t　*】\]）)]*[：:]?[ \t　]*$",
    re.MULTILINE,
)
NUMERAL = "[一二三四五六七八九十]{1,3}"
KIND = "|".join(KINDS)
GROUP = re.compile(
    rf"^[ \t　#*]*(?:第?(?P<ordinal>{NUMERAL})(?:部分|大题|[、.．：:])[ \t　]*)?"
    rf"(?P<title>[^\n\d。，；]{{0,8}}?(?P<kind>{KIND})[^\n\d。，；：:]{{0,6}})?"
    r"(?:[（(][^（()）\n]*[)）])?[：:]?[ \t　]*",
    re.MULTILINE,
)
SIGN = "[A-Ha-h√✓✔×✗✘对错]"
RANGE = re.compile(
    rf"(?<!\d)(\d{{1,4}})[ \t]*[-~～—–－至][ \t]*(\d{{1,4}})[ \t　]*[题.、．：:]?[ \t　]*"
    rf"({SIGN}(?:[ \t　、,，;；]*{SIGN})*)(?![A-Za-z])"
)
SINGLE = re.compile(
    rf"(?<![\d.])[（(]?(\d{{1,4}})[)）]?(?:[ \t]*[.、．：:)）题](?!\d)|[ \t]*(?={SIGN}(?![a-z])))"
)
ANSWER_TABLE = re.compile(
    r"^(?:[ \t]*(?:参考|标准)?答案[：:]?[ \t　]*\n)?"
    r"[ \t　|]*题[ 　]?号[：:]?[ \t　|]+(\d{1,4}(?:[ \t　|]+\d{1,4})*)[ \t　|]*\n(?:[ \t　|:-]*\n)?"
    rf"[ \t　|]*答[ 　]?案[：:]?[ \t　|]+({SIGN}+(?:[ \t　|]+{SIGN}+)*)[ \t　|]*$",
    re.MULTILINE,
)
MOST_HEADINGS = 3  # 答案： may head the answer to one question as well, but not below the key
SPARED = " \t　；;，,。\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of the key: the question's number, and where its words stand."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The answers of one section, as far as the key names it."""

    ordinal: str
    kind: str
    answers: tuple[Answer, ...]


def find_key(text: str) -> tuple[int, list[Group]]:
    """Find where the key begins, and its answers; where there is none, the text's end and nothing."""
    for heading in list(HEADING.finditer(text))[: -MOST_HEADINGS - 1 : -1]:
        groups = list(read_groups(text, heading.end()))
        if groups and is_key(text, groups):
            return heading.start(), groups
    return len(text), []


def table_groups(text: str, start: int, end: int) -> Iterator[Group]:
    """Read the tables of a section: 题号 1 2 3, and below it 答案 A C A."""
    for table in ANSWER_TABLE.finditer(text, start, end):
        numbers = [int(number) for number in re.findall(r"\d+", table[1])]
        places = [each.span() for each in re.compile(f"{SIGN}+").finditer(text, *table.span(2))]
        if len(numbers) == len(places):
            yield Group(
                ordinal="", kind="",
                answers=tuple(
                    Answer(number=number, start=begin, end=stop)
                    for number, (begin, stop) in zip(numbers, places, strict=True)
                ),
            )  # fmt: skip


def is_key(text: str, groups: Sequence[Group]) -> bool:
    """Say whether these are answers to several questions, not the points of one answer."""
    if any(group.ordinal or group.kind for group in groups):
        return True
    answers = groups[0].answers
    return len(answers) > 1 and all(
        re.fullmatch(f"{SIGN}+", re.sub(r"[\s、,，;；。]", "", text[each.start : each.end]))
        for each in answers
    )


def read_groups(text: str, start: int) -> Iterator[Group]:
    """Cut the key at 一、 and 选择题."""
    heads = [head for head in GROUP.finditer(text, start) if head["ordinal"] or head["kind"]]
    named = [(head["ordinal"] or "", head["kind"] or "", head.end()) for head in heads]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    for (ordinal, kind, begin), end in zip(named or [("", "", start)], ends, strict=True):
        answers = tuple(read_answers(text, begin, end))
        if answers:
            yield Group(ordinal=ordinal, kind=kind, answers=answers)


def read_answers(text: str, start: int, end: int) -> Iterator[Answer]:
    """Read 1-5 ABCDA and 6. AB in their order; a number that is not the next one is an answer's word."""
    at, expected, open_number, open_start = start, 0, 0, start
    many, one = RANGE.search(text, at, end), SINGLE.search(text, at, end)
    while many or one:
        if many and many.start() < at:
            many = RANGE.search(text, at, end)
        if one and one.start() < at:
            one = SINGLE.search(text, at, end)
        if many and (not one or many.start() <= one.start()):
            signs = spread(text, many)
            if signs and expected in (0, int(many[1])):
                yield from closed(text, open_number, open_start, many.start())
                yield from signs
                expected, open_number = signs[-1].number + 1, 0
                at = many.end()
                continue
        if not one:
            break
        if int(one[1]) == expected or not expected:
            yield from closed(text, open_number, open_start, one.start())
            expected, open_number, open_start = int(one[1]) + 1, int(one[1]), one.end()
        at = one.end()
    yield from closed(text, open_number, open_start, end)


def closed(text: str, number: int, start: int, end: int) -> Iterator[Answer]:
    """Give an answer that ends where the next one begins, without the blanks around it."""
    words = text[start:end]
    if number and words.strip(SPARED):
        start += len(words) - len(words.lstrip(SPARED))
        yield Answer(number=number, start=start, end=start + len(words.strip(SPARED)))


def spread(text: str, many: re.Match[str]) -> list[Answer]:
    """Give each question of 1-5 its sign; 6-7 ABC AC are two of several letters."""
    first, last = int(many[1]), int(many[2])
    words = [match.span() for match in re.compile(f"{SIGN}+").finditer(text, *many.span(3))]
    if len(words) != last - first + 1:
        words = [match.span() for match in re.compile(SIGN).finditer(text, *many.span(3))]
    if len(words) != last - first + 1:
        return []
    return [
        Answer(number=first + place, start=start, end=end)
        for place, (start, end) in enumerate(words)
    ]
