"""A quiz as people write it -> a bank that can be marked.

A paper is cut at its headings into sections, and these at their numbers into questions, each with its
answer from the end of the paper (`build_scripts.quiz_key`) and the notes below it, each on a line of its
own: 同样算对 (words that count as well), 顺序不限 (blanks that may change places), 要点 (key points).
Whatever cannot be used becomes a finding with its line; nothing is ever a crash.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from build_scripts.numerals import find_numbers
from build_scripts.outline import read_front
from build_scripts.quiz import KINDS, Bank, BankFinding, Item, Section, plain
from build_scripts.quiz_key import (
    ANSWER_TABLE,
    KIND,
    NUMERAL,
    Answer,
    Group,
    find_key,
    table_groups,
)
from build_scripts.quiz_question import (
    ANSWER_LINE,
    READERS,
    VERDICT,
    Slice,
    answered,
    guess,
    own_kind,
)

SECTION = re.compile(
    rf"^[ \t　#*]*(?:第?{NUMERAL}[、.．部]\s*)[^\n]{{0,40}}?({KIND})[^\n]*$"
    # A heading without a number is one when it names the marks.
    rf"|^[ \t　]*(?:单项|多项|不定项)?({KIND})题[ \t　]*[（(][^\n]*分[^\n]*[）)][ \t　]*$",
    re.MULTILINE,
)
ITEM = re.compile(
    r"(?:^[^\S\n]*|(?<=[）)。；;√× \t　]))(\d{1,4})[ \t]*[.、．](?!\d(?!T))", re.MULTILINE
)
# Other ways to number questions, tried where that one finds none: （1）, 第1题, 1).
OTHER_ITEMS = tuple(
    re.compile(rf"^[^\S\n]*{form}", re.MULTILINE)
    for form in (r"[（(](\d{1,4})[)）]", r"第[ \t]?(\d{1,4})[ \t]?题[、.．：:]?", r"(\d{1,4})[)）]")
)
NOTE = re.compile(r"^[^\S\n]*(?:第(\d{1,3})题)?(同样算对|顺序不限|要点)[：:](.*)$", re.MULTILINE)
MOST_SKIPPED = 3
WIDEST_INDENT = 40
LONGEST_ANSWER = 40  # of those that stand in the question: （A、B、C）
HALF_WIDTH = {ord("Ａ") + place: ord("A") + place for place in range(26)}


def parse_bank(text: str, quiz_id: str) -> Bank:
    """Read a quiz's text."""
    text = text.translate(HALF_WIDTH)
    front = read_front(text)
    findings: list[BankFinding] = []
    sections = tuple(sections_of(text, front.end, findings))
    if not sections:
        findings.append(
            BankFinding(line=1, message="没有找到题目：大题写成“一、选择题”，小题写成“1.”")
        )
    return Bank(
        id=front.pairs.get("编号", quiz_id), title=front.title or quiz_id, source=front.pairs.get("出自", ""),
        sections=sections, findings=tuple(findings),
    )  # fmt: skip


def answer_spans(text: str) -> list[tuple[int, int]]:
    """Find the places of a text that tell answers, so that a page can leave them out."""
    text = text.translate(HALF_WIDTH)
    spans = [
        span
        for section in sections_of(text, 0, [])
        for item in section.items
        for span in item.answers
    ]
    return sorted(spans)


@lru_cache(maxsize=2)
def line_ends(text: str) -> list[int]:
    """Give the places of all line ends, for all questions of one bank."""
    return [found.start() for found in re.finditer("\n", text)]


def line_at(text: str, offset: int) -> int:
    """Count the lines up to a place."""
    return bisect_left(line_ends(text), offset) + 1


def sections_of(text: str, start: int, findings: list[BankFinding]) -> Iterator[Section]:
    """Split a paper at its headings; one without headings has a section for each kind of question."""
    stop, groups = find_key(text)
    heads = list(SECTION.finditer(text, start, stop))
    ends = [head.start() for head in heads[1:]] + [stop]
    if not heads:
        yield from sections_by_kind(text, start, stop, groups, findings)
        return
    last = 0
    for number, (head, end) in enumerate(zip(heads, ends, strict=True), 1):
        kind = KINDS[head[1] or head[2]]
        items = slices(text, head.end(), end, kind=kind, before=last)
        if not items and kind == "truth":
            items = list(lines_alone(text, head.end(), end))
        last = items[-1].number if items else last
        for group in table_groups(text, head.end(), end):
            hand_out([group], items, "")
        hand_out(groups, items, head[0])
        findings += skipped(text, items)
        if not items:
            message = "这一部分没有读到题目，每题前面要有题号，写成“1.”"
            findings.append(BankFinding(line=line_at(text, head.start()), message=message))
        made = section(str(number), head[0].strip(), kind, items, text, findings)
        _, total = announced(head[0])
        found = sum((item.marks for item in made.items), Fraction(0))
        if total is not None and total != found:
            message = f"标题写共 {total} 分，各题加起来是 {plain(found)} 分"
            findings.append(BankFinding(line=line_at(text, head.start()), message=message))
        yield made


def sections_by_kind(
    text: str, start: int, stop: int, groups: list[Group], findings: list[BankFinding]
) -> Iterator[Section]:
    """Sort the questions of a paper without headings by their kinds."""
    items = slices(text, start, stop)
    findings += skipped(text, items)
    for group in [*table_groups(text, start, stop), *groups]:
        hand_out([group], items, "")
    usual = guess(text, items[0]) if items else ""
    sorted_items: dict[str, list[Slice]] = {}
    for own in items:
        sorted_items.setdefault(own_kind(text, own, usual), []).append(own)
    for number, (kind, own_items) in enumerate(sorted_items.items(), 1):
        yield section(str(number), "", kind, own_items, text, findings)


def hand_out(groups: list[Group], items: list[Slice], heading: str) -> None:
    """Give the questions of a section their answers from the end of the paper."""
    group = next((each for each in groups if belongs(each, heading)), None)
    if group is None:
        return
    if group.ordinal or group.kind:
        groups.remove(group)
    answers = {answer.number: answer for answer in group.answers}
    for own in items:
        own.key = own.key or answers.get(own.number)


def belongs(group: Group, heading: str) -> bool:
    """Say whether a group of answers names this section, by its number or else by its kind."""
    if group.ordinal:
        return bool(re.match(rf"[\s　#*]*第?{group.ordinal}[、.．部]", heading))
    return group.kind in heading


def announced(heading: str) -> tuple[Fraction | None, Fraction | None]:
    """Read 每小题5分 and 共25分 in a heading."""
    each = re.search(r"每(?:小?题|空|个)[^\d\n]{0,4}(\d+(?:\.\d+)?)\s*分", heading)
    total = re.search(r"共[计]?\s*(\d+(?:\.\d+)?)\s*分", heading)
    values = [find_numbers(found[1])[0].value if found else None for found in (each, total)]
    return values[0], values[1]


def slices(text: str, start: int, end: int, *, kind: str = "", before: int = 0) -> list[Slice]:
    """Split a section into its questions: a number counts when it is the next one, or starts anew.

    `before` is the last number of the section above, from which the first one may go on.
    """
    marks = list(ITEM.finditer(text, start, end))
    for pattern in OTHER_ITEMS:
        marks = marks or list(pattern.finditer(text, start, end))
    found: list[Slice] = []
    told, point, searched = False, 0, 0
    leads = kind == "truth" and bool(marks) and bool(leading_verdict(text, 1, marks[0].start(1)))
    for mark, coming in zip(marks, [*(each.start() for each in marks[1:]), end], strict=False):
        number = int(mark[1])
        expected = found[-1].number + 1 if found else 1
        alone = begins_line(text, mark.start(1))
        asks = kind == "essay" and bool(ANSWER_LINE.search(text, mark.end(), coming))
        # The points of an answer are numbered as the questions are: 答：1.… 2.…
        if told and (number == 1 or not alone or (point == number - 1 and not asks)):
            point = number
            continue
        # A number or two that are written in a way of their own do not take all the rest with them.
        resumed = bool(found) and alone and expected < number <= expected + MOST_SKIPPED
        if resumed:
            resumed = answered(text, max(found[-1].start, searched), mark.start())
            searched = mark.start() - LONGEST_ANSWER
        goes_on = not found and alone and number == before + 1
        if number == expected or (number == 1 and alone) or resumed or goes_on:
            verdict = leading_verdict(text, number, mark.start(1)) if leads else None
            if found:
                found[-1].end = text.rfind("\n", 0, mark.start(1)) if verdict else mark.start()
            found.append(Slice(number=number, start=mark.end(), end=end, key=verdict))
            told, point = False, 0
        told = told or asks
    numbered = {each.number: each for each in reversed(found)}
    for each in found:
        table = ANSWER_TABLE.search(text, each.start, each.end)
        own_end = table.start() if table else each.end
        for note in NOTE.finditer(text, each.start, each.end):
            own_end = min(own_end, note.start())
            target = numbered.get(int(note[1] or 0), each)
            target.notes.append((note[2], note[3].strip()))
        each.end = own_end
    return found


def leading_verdict(text: str, number: int, at: int) -> Answer | None:
    """Find （√） before the number of a question: that alone on its line."""
    line = text.rfind("\n", max(at - WIDEST_INDENT, 0), at) + 1
    found = VERDICT.fullmatch(text[line:at].strip())
    place = text.index(found[1], line) if found and found[1] else 0
    return (
        Answer(number=number, start=place, end=place + len(found[1])) if found and place else None
    )


def begins_line(text: str, at: int) -> bool:
    """Tell whether nothing but blanks and a bracket stands before a number on its line."""
    near = text[max(at - WIDEST_INDENT, 0) : at].rstrip(" \t　（(第")
    return near.endswith("\n") or (not near and at <= WIDEST_INDENT)


def lines_alone(text: str, start: int, end: int) -> Iterator[Slice]:
    """Take statements without numbers, one a line, that end in their verdict."""
    number = 0
    for line in re.finditer(r"[^\n]+", text[start:end]):
        if VERDICT.search(line[0]):
            number += 1
            yield Slice(number=number, start=start + line.start(), end=start + line.end())


def skipped(text: str, items: list[Slice]) -> Iterator[BankFinding]:
    """Name the numbers between two questions that were not read."""
    for one, other in pairwise(items):
        if other.number > one.number + 1:
            missing = "、".join(str(number) for number in range(one.number + 1, other.number))
            wanted = f"题号要写成“{one.number + 1}.”"
            message = f"题号从 {one.number} 跳到 {other.number}：第 {missing} 题没有读到，{wanted}"
            yield BankFinding(line=line_at(text, other.start), message=message)


def section(
    section_id: str,
    title: str,
    kind: str,
    items: list[Slice],
    text: str,
    findings: list[BankFinding],
) -> Section:
    """Read the questions of one section."""
    each, _ = announced(title)
    made = []
    for place, own in enumerate(items, 1):
        item_id = f"{section_id}.{place}"
        detail, answers, problem = READERS[kind](text, own)
        count = len(detail["blanks"]) if kind == "blank" and "每空" in title else 1
        line = line_at(text, own.start)
        if problem:
            findings.append(BankFinding(line=line, message=f"第 {item_id} 题：{problem}"))
        made.append(
            Item(
                id=item_id,
                kind=kind,
                stem=detail.pop("stem"),
                line=line,
                marks=(each or Fraction(1)) * count,
                detail=detail,
                answers=tuple(answers),
            )
        )
    return Section(id=section_id, title=re.sub(r"[\s。]+", "", title), kind=kind, items=tuple(made))
