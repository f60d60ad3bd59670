"""References that lead nowhere: 参见第八条 where there is no 第八条, 详见附件 without an 附件, [3] of two.

Only what can be told from the texts themselves is told: a reference to a law or to another firm's
paper, which nobody announced as part of the handbook, is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from build_scripts.numerals import ARABIC, CHINESE, parse_numeral
from build_scripts.outline import Document

LEADS = "参见|详见|参阅|参看|参照|参考"
OWN = "本制度|本办法|本规定|本规则|本细则|本章程|本条例|本法|本文"
NUMBER = f"[{CHINESE}{ARABIC}]{{1,9}}"
UNIT_NUMBER = re.compile(rf"第({NUMBER})([编章节条])(?:之({NUMBER}))?")
NUMBERED = re.compile(rf"(?:{LEADS}|见|{OWN})(第{NUMBER}[编章节条](?:之{NUMBER})?)")
NAMED = re.compile(
    rf"(?:{LEADS}|见|附件|附表)(?:所附的?|后附的?|附件|附表|本?公司的?)?[：:]?(《[^《》\n]{{1,40}}》)"
)
FOLLOWED = re.compile(
    r"(?<!参)(?:按照|依照|照|按|根据|依据)(?:本?公司的?)?(《[^《》\n]{1,40}(?:制度|体系|标准|手册|流程|方案|细则|规范)》)"
    r"(?:的(?:规定|要求))?(?:办|执行|实施|处理)"
)
ATTACHED = re.compile(
    rf"(?:{LEADS}|见)(?:本制度)?(?:后附的?|所附的?)?(附[件表录](?:{NUMBER})?)(?!《)"
)
ATTACHMENT = re.compile(rf"^[ \t\u3000]*(附[件表录])({NUMBER})?", re.MULTILINE)
PUBLIC_LAW = re.compile(r"((?<!办)法|法典|条例|条令)([（(].*[)）])?$")
CITED = re.compile(r"\[(\d{1,2})\]")
OWN_ITEM = re.compile(rf"(?:{LEADS}|见|按照?|依照)(第?[（(]{NUMBER}[)）][条款项])")
ENTRY = re.compile(r"^[ \t\u3000]*\[(\d{1,2})\]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadReference:
    """A reference whose goal is not there; the message is Chinese."""

    line: int
    clause: str
    message: str


def dead_references(document: Document, titles: Collection[str]) -> Iterator[DeadReference]:
    """Yield the references of a text that lead nowhere, in the order of the text.

    Args:
        document: the text.
        titles: the titles of all texts that the handbook holds.

    """
    numbered = {goal for clause in document.walk() for goal in goals(clause.number)}
    items = {bracketed(clause.number) for clause in document.walk()}
    attachments = {(kind, number or "") for kind, number in ATTACHMENT.findall(document.source)}
    entries = set(ENTRY.findall(document.source))
    ends = [found.end() for found in re.finditer("\n", document.source)]
    for clause in document.walk():
        start = clause.start
        end = clause.children[0].start if clause.children else clause.end
        own = document.source[start:end]
        for at, message in sorted(
            [
                *dead_numbers(own, numbered),
                *dead_items(own, items),
                *dead_names(own, titles),
                *dead_attachments(own, attachments),
                *dead_citations(own, entries),
            ]
        ):
            line = bisect_right(ends, start + at) + 1
            yield DeadReference(line=line, clause=clause.id, message=message)


def goals(number: str) -> Iterator[tuple[str, int | None, int | None]]:
    """Read what 第十二条之一 names: the unit and its numbers."""
    for first, unit, second in UNIT_NUMBER.findall(number):
        yield unit, parse_numeral(first), parse_numeral(second)


def dead_numbers(
    text: str, numbered: Collection[tuple[str, int | None, int | None]]
) -> Iterator[tuple[int, str]]:
    """Find 参见第八条 and 本制度第八条 where there is none."""
    for found in NUMBERED.finditer(text):
        if not any(goal in numbered for goal in goals(found[1])):
            yield found.start(), f"“{found[0]}”：这一篇里没有{found[1]}"


def bracketed(number: str) -> int | None:
    """Read the number of （3）; None for a number in other signs."""
    found = re.fullmatch(rf"第?[（(]({NUMBER})[)）][条款项]?", number)
    return parse_numeral(found[1]) if found else None


def dead_items(text: str, items: Collection[int | None]) -> Iterator[tuple[int, str]]:
    """Find 参考（9）条 where no clause is numbered （9）."""
    for found in OWN_ITEM.finditer(text):
        if bracketed(found[1]) not in items:
            yield found.start(), f"“{found[0]}”：这一篇里没有{found[1]}"


def dead_names(text: str, titles: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find 参照《…》 and 附件《…》 that the handbook does not hold."""
    for pattern in (NAMED, FOLLOWED):
        for found in pattern.finditer(text):
            name = found[1].strip("《》")
            if name not in titles and not PUBLIC_LAW.search(name):
                yield found.start(), f"“{found[0]}”：手册里没有这份文件"


def dead_attachments(
    text: str, attachments: Collection[tuple[str, str]]
) -> Iterator[tuple[int, str]]:
    """Find 详见附件 where no line begins with 附件."""
    for found in ATTACHED.finditer(text):
        kind, number = found[1][:2], found[1][2:]
        if not any(kind == other and number in ("", its) for other, its in attachments):
            yield found.start(), f"“{found[0]}”：这一篇后面没有{found[1]}"


def dead_citations(text: str, entries: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find [3] where the list of references ends before it."""
    for found in CITED.finditer(text):
        if entries and found[1] not in entries:
            yield found.start(), f"引用了 {found[0]}，参考文献里没有这一条"
