"""A quiz as people write it -> a bank that can be marked, and the page's paper without the answers.

The answers stand in the text: in brackets inside the question, behind 答案： or 答： below it, or all
together at the end (`build_scripts.quiz_key`). What a fair teacher needs beside them stands below a
question, each on a line of its own: 同样算对 (words that count as well), 顺序不限 (blanks that may
change places), 要点 (key points).
Whatever cannot be used becomes a finding with its line; nothing is ever a crash.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from build_scripts.numerals import find_numbers, parse_numeral
from build_scripts.outline import read_front
from build_scripts.quiz_key import ANSWER_TABLE, Answer, Group, find_key, table_groups
from build_scripts.words import Link, form_environment, script_json

KINDS = {
    "选择": "choice", "单选": "choice", "多选": "choice", "判断": "truth", "是非": "truth", "填空": "blank",
    "简答": "essay", "问答": "essay", "论述": "essay", "案例": "essay", "名词解释": "essay", "计算": "essay",
}  # fmt: skip
SECTION = re.compile(
    r"^[ \t　#*]*(?:第?[一二三四五六七八九十]{1,3}[、.．部]\s*)[^\n]{0,40}?("
    + "|".join(KINDS)
    + r")[^\n]*$"
    # A heading without a number is one when it names the marks.
    r"|^[ \t　]*(?:单项|多项|不定项)?("
    + "|".join(KINDS)
    + r")题[ \t　]*[（(][^\n]*分[^\n]*[）)][ \t　]*$",
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
TAG = re.compile(
    r"[ \t　]*[（(【\[][ \t　]*(单选|多选|判断|填空|简答|问答)题?[ \t　]*[)）】\]][ \t　]*"
)
NOTE = re.compile(r"^[^\S\n]*(?:第(\d{1,3})题)?(同样算对|顺序不限|要点)[：:](.*)$", re.MULTILINE)
LETTERS = r"[A-Ha-hＡ-Ｈ]"
# 答案： stands on a line of its own or after a sentence; behind an option it is one when letters follow.
ANSWER_LINE = re.compile(
    r"(?:^|(?<=[）)？?。]))[^\S\n]*"
    r"(?:(?:参考|正确|标准)?答案?[：:]|[【\[](?:参考|正确|标准)?答案[】\]][：:]?)"
    rf"|(?:参考|正确|标准)?答案[：:](?=[ \t　]*{LETTERS}(?:[ \t　、,，]*{LETTERS})*[ \t　]*$)",
    re.MULTILINE,
)
EXPLANATION = re.compile(r"^[^\S\n]*[【\[]?(?:答案)?解析[】\]]?[：:]?", re.MULTILINE)
CHOSEN = re.compile(rf"[（(][ \t　]*({LETTERS}(?:[ \t　、,，]*{LETTERS})*)[ \t　]*[)）]")
LETTERS_ALONE = re.compile(rf"[ \t　]*({LETTERS}(?:[ \t　、,，]*{LETTERS})*)")
OPTION = re.compile(r"(?:(?<=[\s　）)；;。？?！：:])|^)([A-H])[ \t]*[、.．:：]", re.MULTILINE)
GLUED = {
    letter: re.compile(rf"(?<![A-Za-z0-9 \t　])({letter})[ \t]*[、.．:：]") for letter in "BCDEFGH"
}
# Options written otherwise, tried where those find none: (A), A) and a.
OTHER_OPTIONS = (
    re.compile(r"(?:(?<=[\s　；;。])|^)[（(]([A-H])[)）]", re.MULTILINE),
    re.compile(r"(?:(?<=[\s　；;。])|^)(?<![（(][ \t　])([A-H])[)）]", re.MULTILINE),
    re.compile(r"(?:(?<=[\s　；;。？?])|^)([a-h])[ \t]*[、.．:：)）]", re.MULTILINE),
)
MOST_SKIPPED = 3
WIDEST_INDENT = 40
LONGEST_ANSWER = 40  # of those that stand in the question: （A、B、C）
VERDICT = re.compile(
    r"[（(][ \t　]*([√✓✔×✗✘]|对|错|正确|错误|[TF](?=[ \t　]*[)）][ \t　]*$))[ \t　]*[)）]"
    r"|(?<=[。.；;！!？?，, \t　])([√✓✔×✗✘])[ \t　]*$",
    re.MULTILINE,
)
VERDICT_WORD = re.compile(
    r"[（( \t　]*(?:(?P<right>[√✓✔]|对|正确|是|T(?:rue)?\b)"
    r"|(?P<wrong>[×✗✘]|错|不对|不正确|否|非|F(?:alse)?\b))",
    re.IGNORECASE,
)
BLANK = re.compile(r"[（(]([^（()）\n]{1,60})[)）]")
OPEN_BLANK = re.compile(r"[（(][ \t　_]*[)）]|[_＿﹍]{2,}")
MARKS = re.compile(r"[（(][^（()）\n]*\d[ \t]*分[^（()）\n]*[)）]")
SHORT_DIGEST = 12
RIGHT = {"√", "✓", "✔", "对", "正确", "T"}
HALF_WIDTH = {ord("Ａ") + place: ord("A") + place for place in range(26)}


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
    """A question's own text: where it stands in the source, its answer at the end, the notes under it."""

    number: int
    start: int
    end: int
    key: Answer | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)


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
        each, total = announced(head[0])
        items = list(slices(text, head.end(), end, kind=kind, before=last))
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
        made = section(str(number), head[0].strip(), kind, items, text, (each, head[0]), findings)
        found = sum((item.marks for item in made.items), Fraction(0))
        if total is not None and total != found:
            message = f"标题写共 {total} 分，各题加起来是 {plain(found)} 分"
            findings.append(BankFinding(line=line_at(text, head.start()), message=message))
        yield made


def sections_by_kind(
    text: str, start: int, stop: int, groups: list[Group], findings: list[BankFinding]
) -> Iterator[Section]:
    """Sort the questions of a paper without headings by their kinds."""
    items = list(slices(text, start, stop))
    findings += skipped(text, items)
    for group in [*table_groups(text, start, stop), *groups]:
        hand_out([group], items, "")
    usual = guess(text, items[0]) if items else ""
    sorted_items: dict[str, list[Slice]] = {}
    for own in items:
        sorted_items.setdefault(own_kind(text, own, usual), []).append(own)
    for number, (kind, own_items) in enumerate(sorted_items.items(), 1):
        yield section(str(number), "", kind, own_items, text, (None, None), findings)


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


def guess(text: str, own: Slice) -> str:
    """Tell the kind of a question in a paper without headings."""
    sample = text[own.start : own.end]
    if OPTION.search(sample):
        return "choice"
    return "truth" if VERDICT.search(sample) else "blank" if BLANK.search(sample) else "essay"


def own_kind(text: str, own: Slice, usual: str) -> str:
    """Tell a question's kind by its own words, 1.（判断）; else it is of the usual kind, if it may be."""
    tag = TAG.match(text, own.start, own.end)
    if tag:
        return KINDS[tag[1]]
    own_guess = guess(text, own)
    return own_guess if (usual, own_guess) in {("choice", "truth"), ("truth", "choice")} else usual


def slices(text: str, start: int, end: int, *, kind: str = "", before: int = 0) -> Iterator[Slice]:
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
    yield from found


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
    return "".join(line.strip() for line in text.split("\n"))


def letters(text: str) -> list[str]:
    """Read chosen letters in whatever way they are written."""
    return sorted(set(re.findall("[A-H]", unicodedata.normalize("NFKC", text).upper())))


def answer_line(text: str, own: Slice) -> re.Match[str] | None:
    """Find 答案： or 答： in a question."""
    return ANSWER_LINE.search(text, own.start, own.end)


def given(text: str, own: Slice) -> tuple[str, list[tuple[int, int]]]:
    """Give the words of an answer below its question, or else at the paper's end, and their place."""
    below = answer_line(text, own)
    if below:
        explained = EXPLANATION.search(text, below.end(), own.end)
        words = text[below.end() : explained.start() if explained else own.end]
        return words, [(below.start(), own.end)]
    if own.key:
        return text[own.key.start : own.key.end], [(own.key.start, own.key.end)]
    return "", []


def stem_of(text: str) -> str:
    """Mend a question's lines, and leave out what only tells its kind."""
    return clean(TAG.sub("", text, count=1) if TAG.match(text) else text)


def option_marks(
    text: str, pattern: re.Pattern[str], first: re.Match[str] | None, end: int
) -> list[re.Match[str]]:
    """Find A, B, C … in their order; another letter before its turn belongs to an option's text."""
    starts: list[re.Match[str]] = []
    at = first
    while at:
        wanted = chr(ord("A") + len(starts))
        # The option before may have ended without a space: 2004年C、2005年
        glued = at[1] > wanted and next_glued(text, starts, at.start())
        if glued:
            starts.append(glued)
            continue
        if at[1].upper() == wanted:
            starts.append(at)
        at = pattern.search(text, at.end(), end)
    if len(starts) == 1:
        while glued := next_glued(text, starts, end):
            starts.append(glued)
    return starts


def next_glued(text: str, starts: list[re.Match[str]], end: int) -> re.Match[str] | None:
    """Find the next option where nothing stands between it and the words of the one before."""
    pattern = GLUED.get(chr(ord("A") + len(starts)))
    return pattern.search(text, starts[-1].end(), end) if starts and pattern else None


def read_options(
    text: str, start: int, end: int
) -> tuple[list[dict[str, str]], int, re.Match[str] | None]:
    """Read the options: these, where the first one begins, and what seems to be one anyway."""
    first = OPTION.search(text, start, end)
    starts = option_marks(text, OPTION, first, end)
    for pattern in OTHER_OPTIONS:
        if not first:
            others = option_marks(text, pattern, pattern.search(text, start, end), end)
            starts = others if len(others) > len(starts) and len(others) > 1 else starts
    stops = [*(each.start() for each in starts[1:]), end]
    options = [
        {"id": mark[1].upper(), "text": clean(text[mark.end() : stop]).rstrip("；;")}
        for mark, stop in zip(starts, stops, strict=False)
    ]
    return options, starts[0].start() if starts else end, first


def read_choice(text: str, own: Slice) -> Read:
    """Read a question with options; the answer stands in the stem's brackets, below or at the end."""
    below = answer_line(text, own)
    end = below.start() if below else own.end
    options, stem_end, first = read_options(text, own.start, end)
    if below and not first and not options:  # the answer may stand above the options
        options, _, first = read_options(text, below.end(), own.end)
    bracketed = bool(options) and not first
    inline = CHOSEN.search(text, own.start, stem_end if bracketed else end)
    answers, chosen = [], []
    words, places = given(text, own)
    if inline:
        answers, chosen = [inline.span(1)], letters(inline[1])
    elif alone := LETTERS_ALONE.match(words):
        answers, chosen = places, letters(alone[1])
    stem = stem_of(CHOSEN.sub("（　）", text[own.start : stem_end]))
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
    """Read a statement that is right or wrong; of A.正确 B.错误 the answer is a letter."""
    found = VERDICT.search(text, own.start, own.end)
    below = answer_line(text, own)
    if found and not (below and below.start() < found.start()):
        stem = stem_of(text[own.start : found.start()] + text[found.end() : own.end])
        mark = 1 if found[1] else 2
        return {"stem": stem, "answer": found[mark] in RIGHT}, [found.span(mark)], ""
    end = below.start() if below else own.end
    options, stem_end, _ = read_options(text, own.start, end)
    words, places = given(text, own)
    meant = {option["id"]: option["text"] for option in options}
    verdict = VERDICT_WORD.match(meant.get("".join(letters(words.strip()[:1])), words))
    stem = stem_of(OPEN_BLANK.sub("", text[own.start : stem_end]))
    if verdict:
        return {"stem": stem, "answer": bool(verdict["right"])}, places, ""
    return {"stem": stem, "answer": None}, places, "没有写对错，写成（√）或（×）"


def read_blanks(text: str, own: Slice) -> Read:
    """Read a sentence whose answers stand in brackets where the blanks are, or below, or at the end."""
    below = answer_line(text, own)
    end = below.start() if below else own.end
    written = [
        each for each in BLANK.finditer(text, own.start, end) if not MARKS.fullmatch(each[0])
    ]
    open_blanks = list(OPEN_BLANK.finditer(text, own.start, end))
    found = open_blanks or written
    parts, at = [], own.start
    for each in found:
        parts.append(clean(text[at : each.start()]))
        at = each.end()
    parts.append(clean(text[at:end]))
    if open_blanks:
        words, places = given(text, own)
        answers = shared_out(words, len(found))
        wrong_count = (
            f"有 {len(found)} 空，答案写了 {len(answers)} 个" if words.strip() else "没有写答案"
        )
        problem = "" if len(answers) == len(found) else wrong_count
        accepted = [] if problem else [[answer] for answer in answers]
    else:
        accepted, places = [[each[1].strip()] for each in found], [each.span(1) for each in found]
        problem = "" if accepted else "没有找到空，答案写在（）里"
    order, misplaced = read_notes(own, accepted)
    detail = {
        "stem": "（　）".join(parts), "parts": parts, "blanks": accepted, "any_order": order,
    }  # fmt: skip
    return detail, places, problem or misplaced


def shared_out(words: str, count: int) -> list[str]:
    """Split the answers to several blanks; whichever sign gives as many as there are blanks does it."""
    words = words.strip().rstrip("。")
    if count == 1:
        return [words] if words else []
    answers: list[str] = []
    for sign in ("[；;\n]", "[、,，]", r"[ \t　]+"):
        answers = [each.strip() for each in re.split(sign, words) if each.strip()]
        if len(answers) == count:
            break
    return answers


def read_notes(own: Slice, accepted: list[list[str]]) -> tuple[list[list[int]], str]:
    """Add the words that count as well, and give the blanks that may change places."""
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
    if not wrong:
        return order, ""
    order = [[place for place in places if place < len(accepted)] for places in order]
    return order, f"顺序不限里的第 {wrong[0] + 1} 空没有，这一题只有 {len(accepted)} 空"


def places_in(group: str) -> list[int]:
    """Read 1、2 as the first and the second blank."""
    numbers = map(parse_numeral, map(str.strip, re.split(r"[、,，]", group)))
    return [number - 1 for number in numbers if number]


def read_essay(text: str, own: Slice) -> Read:
    """Read a question that is answered in one's own words; key points are marked by the trainee."""
    below = answer_line(text, own)
    end = below.start() if below else own.end
    words, places = given(text, own)
    points = [note for kind, note in own.notes if kind == "要点"]
    detail = {
        "stem": stem_of(MARKS.sub("", text[own.start : end])),
        "model": clean(words),
        "points": [{"id": f"k{place}", "text": words} for place, words in enumerate(points, 1)],
    }
    return detail, places, "" if points else "没有标准答案，判不了分"


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
