"""A quiz as people write it -> a bank that can be marked, and the page's paper without the answers.

The answers stand in the text: in brackets inside the question, behind 答案：, or behind 答： for short
answers. What a fair teacher needs beside them stands below a question, each on a line of its own:
同样算对 (words that count as well), 顺序不限 (blanks that may change places), 要点 (key points).
Whatever cannot be used becomes a finding with its line; nothing is ever a crash.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from build_scripts.numerals import find_numbers, parse_numeral
from build_scripts.outline import read_front
from build_scripts.words import Link, form_environment, script_json

KINDS = {
    "选择": "choice", "单选": "choice", "多选": "choice", "判断": "truth", "是非": "truth", "填空": "blank",
    "简答": "essay", "问答": "essay", "论述": "essay", "案例": "essay",
}  # fmt: skip
SECTION = re.compile(
    r"^[\s　#*]*(?:第?[一二三四五六七八九十]{1,3}[、.．部]\s*)[^\n]{0,40}?("
    + "|".join(KINDS)
    + r")[^\n]*$"
    # A heading without a number is one when it names the marks.
    r"|^[ \t　]*(?:单项|多项|不定项)?("
    + "|".join(KINDS)
    + r")题[ \t　]*[（(][^\n]*分[^\n]*[）)][ \t　]*$",
    re.MULTILINE,
)
ITEM = re.compile(
    r"(?:^[\s　]*|(?<=[）)。；;√× \t　])[ \t　]*)(\d{1,4})[ \t]*[.、．](?!\d(?!T))", re.MULTILINE
)
NOTE = re.compile(r"^[\s　]*(?:第(\d{1,3})题)?(同样算对|顺序不限|要点)[：:](.*)$", re.MULTILINE)
LETTERS = r"[A-Ha-hＡ-Ｈ]"
# 答案： stands on a line of its own or after a sentence; behind an option it is one when letters follow.
ANSWER_LINE = re.compile(
    r"(?:^|(?<=[）)？?。]))[\s　]*(?:参考|正确|标准)?答案?[：:]"
    rf"|(?:参考|正确|标准)?答案[：:](?=[ \t　]*{LETTERS}(?:[ \t　、,，]*{LETTERS})*[ \t　]*$)",
    re.MULTILINE,
)
CHOSEN = re.compile(rf"[（(][ \t　]*({LETTERS}(?:[ \t　、,，]*{LETTERS})*)[ \t　]*[)）]")
LETTERS_ALONE = re.compile(rf"[ \t　]*({LETTERS}(?:[ \t　、,，]*{LETTERS})*)")
OPTION = re.compile(r"(?:(?<=[\s　）)；;。？?！：:])|^)([A-H])[ \t]*[、.．:：]", re.MULTILINE)
GLUED = {
    letter: re.compile(rf"(?<![A-Za-z0-9 \t　])({letter})[ \t]*[、.．:：]") for letter in "BCDEFGH"
}
MOST_SKIPPED = 3
VERDICT = re.compile(r"[（(][ \t　]*([√✓✔×✗✘]|对|错|正确|错误)[ \t　]*[)）]")
BLANK = re.compile(r"[（(]([^（()）\n]{1,60})[)）]")
MARKS = re.compile(r"[（(][^（()）\n]*\d+[ \t]*分[^（()）\n]*[)）]")
SHORT_DIGEST = 12
RIGHT = {"√", "✓", "✔", "对", "正确"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFinding:
    """Something in a quiz's text that cannot be used as it stands."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question: `answers` are the places in the source that tell the answer."""

    id: str
    kind: str
    stem: str
    marks: Fraction
    line: int
    detail: dict[str, Any]
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the paper; `announced` is the total that its heading names, if any."""

    id: str
    title: str
    kind: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A whole quiz."""

    id: str
    title: str
    source: str
    sections: tuple[Section, ...]
    findings: tuple[BankFinding, ...]

    @property
    def items(self) -> list[Item]:
        """Give all questions in the order of the paper."""
        return [item for section in self.sections for item in section.items]

    @property
    def size(self) -> int:
        """Count the questions."""
        return len(self.items)

    @property
    def marks(self) -> Fraction:
        """Add up what the paper is worth."""
        return sum((item.marks for item in self.items), Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Give the bank with its answers, as `policy_core.mark` takes it."""
        return self._json(lambda item: {"stem": item.stem, **item.detail})

    @property
    def digest(self) -> str:
        """Name this state of the bank, so that an old record can tell that the bank has changed."""
        return digest(self.to_json())

    @property
    def digests(self) -> dict[str, str]:
        """Name each question as the trainee sees it: a mended answer leaves it the same."""
        return {
            item.id: digest([section.kind, shown(item)])
            for section in self.sections
            for item in section.items
        }

    def public(self) -> dict[str, Any]:
        """Give the bank without any answer, as the page may show it."""
        return self._json(shown)

    def _json(self, content: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "sections": [
                {
                    "id": section.id,
                    "title": section.title,
                    "kind": section.kind,
                    "items": [
                        {
                            "id": item.id,
                            "marks": plain(item.marks),
                            "clause": f"{self.source}:{item.id}" if self.source else "",
                            **content(item),
                        }
                        for item in section.items
                    ],
                }
                for section in self.sections
            ],
        }


def digest(content: object) -> str:
    """Hash JSON to a short name."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT_DIGEST]


def plain(number: Fraction) -> int | float:
    """Write marks as JSON."""
    return int(number) if number.denominator == 1 else float(number)


def shown(item: Item) -> dict[str, Any]:
    """Keep of a question what the trainee may see."""
    match item.kind:
        case "choice":
            many = len(item.detail["answer"]) > 1
            return {"stem": item.stem, "options": item.detail["options"], "many": many}
        case "blank":
            return {"parts": item.detail["parts"], "any_order": item.detail["any_order"]}
    return {"stem": item.stem}


@dataclass(slots=True)
class Slice:
    """A question's own text: where it stands in the source, and the notes under it."""

    number: int
    start: int
    end: int
    notes: list[tuple[str, str]] = field(default_factory=list)


def parse_bank(text: str, quiz_id: str) -> Bank:
    """Read a quiz's text."""
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
    spans = [
        span
        for section in sections_of(text, 0, [])
        for item in section.items
        for span in item.answers
    ]
    return sorted(spans)


def line_at(text: str, offset: int) -> int:
    """Count the lines up to a place."""
    return text.count("\n", 0, offset) + 1


def sections_of(text: str, start: int, findings: list[BankFinding]) -> Iterator[Section]:
    """Split a paper at its headings; a paper without headings is one section."""
    heads = [head for head in SECTION.finditer(text, start) if "案" not in (head[1] or "")]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    if not heads:
        heads, ends = [], []
        items = list(slices(text, start, len(text)))
        if items:
            findings += skipped(text, items)
            yield section("1", "", guess(text, items), items, text, (None, None), findings)
        return
    for number, (head, end) in enumerate(zip(heads, ends, strict=True), 1):
        kind = KINDS[head[1] or head[2]]
        each, total = announced(head[0])
        items = list(slices(text, head.end(), end))
        if not items and kind == "truth":
            items = list(lines_alone(text, head.end(), end))
        findings += skipped(text, items)
        if not items:
            message = "这一部分没有读到题目，每题前面要有题号，写成“1.”"
            findings.append(BankFinding(line=line_at(text, head.start()), message=message))
        made = section(str(number), head[0].strip(), kind, items, text, (each, head[0]), findings)
        found = sum((item.marks for item in made.items), Fraction(0))
        if total is not None and total != found:
            message = f"标题写共 {total} 分，各题加起来是 {plain(found)} 分"
            findings.append(BankFinding(line=line_at(text, head.start()), message=message))
        yield made


def announced(heading: str) -> tuple[Fraction | None, Fraction | None]:
    """Read 每小题5分 and 共25分 in a heading."""
    each = re.search(r"每(?:小?题|空|个)[^\d\n]{0,4}([\d.]+)\s*分", heading)
    total = re.search(r"共[计]?\s*([\d.]+)\s*分", heading)
    values = [find_numbers(found[1])[0].value if found else None for found in (each, total)]
    return values[0], values[1]


def guess(text: str, items: list[Slice]) -> str:
    """Tell the kind of a paper without headings from its first question."""
    sample = text[items[0].start : items[0].end]
    if OPTION.search(sample):
        return "choice"
    return "truth" if VERDICT.search(sample) else "blank" if BLANK.search(sample) else "essay"


def slices(text: str, start: int, end: int) -> Iterator[Slice]:
    """Split a section into its questions: a number counts when it is the next one, or starts anew."""
    found: list[Slice] = []
    for mark in ITEM.finditer(text, start, end):
        number = int(mark[1])
        expected = found[-1].number + 1 if found else 1
        alone = text[: mark.start(1)].rstrip(" \t　").endswith("\n")
        # A number or two that are written in a way of their own do not take all the rest with them.
        resumed = bool(found) and alone and expected < number <= expected + MOST_SKIPPED
        resumed = resumed and answered(text, found[-1].start, mark.start())
        if number == expected or (number == 1 and alone) or resumed:
            if found:
                found[-1].end = mark.start()
            found.append(Slice(number=number, start=mark.end(), end=end))
    for each in found:
        own_end = each.end
        for note in NOTE.finditer(text, each.start, each.end):
            own_end = min(own_end, note.start())
            target = next(
                (other for other in found if note[1] and other.number == int(note[1])), each
            )
            target.notes.append((note[2], note[3].strip()))
        each.end = own_end
    yield from found


def answered(text: str, start: int, end: int) -> bool:
    """Tell whether a question's text holds an answer already, so that the next may begin."""
    return any(each.search(text, start, end) for each in (ANSWER_LINE, CHOSEN, VERDICT))


def lines_alone(text: str, start: int, end: int) -> Iterator[Slice]:
    """Take statements without numbers, one a line, that end in their verdict."""
    number = 0
    for line in re.finditer(r"[^\n]+", text[start:end]):
        if re.search(VERDICT.pattern + r"[ \t　]*$", line[0]):
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
    marks: tuple[Fraction | None, str | None],
    findings: list[BankFinding],
) -> Section:
    """Read the questions of one section."""
    each, heading = marks
    made = []
    for place, own in enumerate(items, 1):
        item_id = f"{section_id}.{place}"
        detail, answers, problem = READERS[kind](text, own)
        count = len(detail["blanks"]) if kind == "blank" and heading and "每空" in heading else 1
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


type Read = tuple[dict[str, Any], list[tuple[int, int]], str]


def clean(text: str) -> str:
    """Mend the lines of a question."""
    return re.sub(r"\s*\n\s*", "", text).strip()


def letters(text: str) -> list[str]:
    """Read chosen letters in whatever way they are written."""
    return sorted(set(re.findall("[A-H]", unicodedata.normalize("NFKC", text).upper())))


def answer_line(text: str, own: Slice) -> re.Match[str] | None:
    """Find 答案： or 答： in a question."""
    return ANSWER_LINE.search(text, own.start, own.end)


def option_marks(text: str, first: re.Match[str] | None, end: int) -> list[re.Match[str]]:
    """Find A, B, C … in their order; another letter before its turn belongs to an option's text."""
    starts: list[re.Match[str]] = []
    at = first
    while at:
        wanted = chr(ord("A") + len(starts))
        # The option before may have ended without a space: 2004年C、2005年
        glued = (
            starts and at[1] > wanted and GLUED[wanted].search(text, starts[-1].end(), at.start())
        )
        if glued:
            starts.append(glued)
            continue
        if at[1] == wanted:
            starts.append(at)
        at = OPTION.search(text, at.end(), end)
    return starts


def read_choice(text: str, own: Slice) -> Read:
    """Read a question with options; the answer stands in the stem's brackets or behind 答案：."""
    below = answer_line(text, own)
    end = below.start() if below else own.end
    first = OPTION.search(text, own.start, end)
    inline = CHOSEN.search(text, own.start, end)
    answers, chosen = [], []
    if inline:
        answers, chosen = [inline.span(1)], letters(inline[1])
    elif below and (given := LETTERS_ALONE.match(text, below.end(), own.end)):
        answers, chosen = [(below.start(), own.end)], letters(given[1])
    options = []
    starts = option_marks(text, first, end)
    for mark, stop in zip(starts, [*(each.start() for each in starts[1:]), end], strict=False):
        words = clean(text[mark.end() : stop]).rstrip("；;")
        options.append({"id": mark[1], "text": words})
    stem_end = starts[0].start() if starts else end
    stem = clean(CHOSEN.sub("（　）", text[own.start : stem_end]))
    problem = ""
    if first and not options:
        problem = f"没有找到选项 A，第一个写明的选项是 {first[1]}"
    elif not options:
        problem = "没有找到选项，选项写成“A、”"
    elif len(options) == 1:
        problem = "只有一个选项"
    elif not chosen:
        problem = "没有写答案"
    elif unknown := [each for each in chosen if each not in {option["id"] for option in options}]:
        problem = f"答案 {'、'.join(unknown)} 不在选项里"
    return {"stem": stem, "options": options, "answer": chosen}, answers, problem


def read_truth(text: str, own: Slice) -> Read:
    """Read a statement that is right or wrong."""
    found = VERDICT.search(text, own.start, own.end)
    below = answer_line(text, own)
    if found:
        stem = clean(text[own.start : found.start()] + text[found.end() : own.end])
        return {"stem": stem, "answer": found[1] in RIGHT}, [found.span(1)], ""
    if below and (words := clean(text[below.end() : own.end]).strip("（()）。")):
        stem = clean(text[own.start : below.start()])
        return {"stem": stem, "answer": words[0] in RIGHT}, [(below.start(), own.end)], ""
    return (
        {"stem": clean(text[own.start : own.end]), "answer": None},
        [],
        "没有写对错，写成（√）或（×）",
    )


def read_blanks(text: str, own: Slice) -> Read:
    """Read a sentence whose answers stand in brackets where the blanks are."""
    found = [
        each for each in BLANK.finditer(text, own.start, own.end) if not MARKS.fullmatch(each[0])
    ]
    parts, at = [], own.start
    for each in found:
        parts.append(clean(text[at : each.start()]))
        at = each.end()
    parts.append(clean(text[at : own.end]))
    accepted = [[each[1].strip()] for each in found]
    for kind, note in own.notes:
        if kind == "同样算对":
            for group in re.split(r"[；;]", note):
                same = [word.strip() for word in re.split(r"[=＝]", group) if word.strip()]
                for blank in accepted:
                    if blank[0] in same:
                        blank += [word for word in same if word not in blank]
    order = [
        places
        for kind, note in own.notes
        if kind == "顺序不限"
        for group in re.split(r"[；;]", note)
        if (places := places_in(group))
    ]
    wrong = [place for places in order for place in places if place >= len(accepted)]
    problem = "" if accepted else "没有找到空，答案写在（）里"
    if wrong:
        problem = f"顺序不限里的第 {wrong[0] + 1} 空没有，这一题只有 {len(accepted)} 空"
        order = [[place for place in places if place < len(accepted)] for places in order]
    stem = "（　）".join(parts)
    detail = {"stem": stem, "parts": parts, "blanks": accepted, "any_order": order}
    return detail, [each.span(1) for each in found], problem


def places_in(group: str) -> list[int]:
    """Read 1、2 as the first and the second blank."""
    numbers = map(parse_numeral, map(str.strip, re.split(r"[、,，]", group)))
    return [number - 1 for number in numbers if number]


def read_essay(text: str, own: Slice) -> Read:
    """Read a question that is answered in one's own words; key points are marked by the trainee."""
    below = answer_line(text, own)
    end = below.start() if below else own.end
    points = [note for kind, note in own.notes if kind == "要点"]
    detail = {
        "stem": clean(MARKS.sub("", text[own.start : end])),
        "model": clean(text[below.end() : own.end]) if below else "",
        "points": [{"id": f"k{place}", "text": words} for place, words in enumerate(points, 1)],
    }
    return detail, [(end, own.end)] if below else [], "" if points else "没有标准答案，判不了分"


READERS: dict[str, Callable[[str, Slice], Read]] = {
    "choice": read_choice, "truth": read_truth, "blank": read_blanks, "essay": read_essay,
}  # fmt: skip


def write_bank(bank: Bank, path: Path) -> None:
    """Write the bank with its answers, packed, so that they cannot be read in passing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(bank.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    path.write_bytes(zlib.compress(content.encode(), 9))


def quiz_element(bank: Bank, link: Callable[[str], Link]) -> str:
    """Render the paper as the custom element: all questions, no answer."""
    public = bank.public()
    clauses = {}
    for part in public["sections"]:
        for item in part["items"]:
            if item["clause"]:
                to = link(item["clause"])
                clauses[item["clause"]] = {"label": to.label, "href": to.href}
    words = {
        "id": bank.id,
        "title": bank.title,
        "digest": bank.digest,
        "digests": bank.digests,
        "clauses": clauses,
        "paper": public,
    }
    undecided = [
        f"{short_title(section.title)}第 {place} 题"
        for section in bank.sections
        for place, item in enumerate(section.items, 1)
        if not can_be_told(item)
    ]
    decided = sum((item.marks for item in bank.items if can_be_told(item)), Fraction(0))
    return (
        form_environment()
        .get_template("quiz/quiz.html")
        .render(
            quiz=public,
            size=bank.size,
            marks=plain(bank.marks),
            decided=plain(decided),
            undecided="、".join(undecided),
            json=script_json(words),
        )
    )


def short_title(title: str) -> str:
    """Give a section's name without its number and marks."""
    return re.sub(
        r"[（(].*$|[。：:]$", "", re.sub(r"^第?[一二三四五六七八九十]+[、.．部分]+", "", title)
    )


def can_be_told(item: Item) -> bool:
    """Tell whether a machine, or the trainee against key points, can mark a question."""
    detail = item.detail
    match item.kind:
        case "choice":
            return bool(detail["answer"]) and {*detail["answer"]} <= {
                option["id"] for option in detail["options"]
            }
        case "truth":
            return detail["answer"] is not None
    return bool(detail["blanks" if item.kind == "blank" else "points"])
