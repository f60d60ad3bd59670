"""What a doubt is, and a text laid out so that doubts are found in it and can say where they are."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from build_scripts.numerals import ARABIC, DIGITS, find_numbers
from build_scripts.outline import Clause, Document, chinese

# The kinds of doubt that can be found, with the words for a reader. A finding of a parameter file names
# those under which the check finds it.
KINDS = {
    "overlap": "范围重叠",
    "gap": "中间缺一段",
    "order": "前后颠倒",
    "sum": "加起来对不上",
    "name": "同一样东西两个名称",
    "unit": "单位混用",
    "reference": "找不到出处",
    "numbering": "编号",
    "layout": "排版",
    "empty": "只有标题",
    "bound": "含不含本数",
    "scale": "等级没有写全",
    "sense": "意思像是反了",
    "person": "写了人名",
    "quiz": "题目",
}

HAN = "\u4e00-\u9fff"
NUMBER = f"(?:[{ARABIC}]{{1,9}}(?:[.．][{ARABIC}]{{1,4}})?|[{''.join(DIGITS)}十百千]{{1,9}})"
DASH = "[-‐‑–—―−~～∼〜至到]"
QUOTE_MARKS = re.compile(r"[“”‘’「」\"]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One thing that is unclear; the message is for the person who looks after the text.

    `words` are those by which a written finding shows that it means this very doubt; `clauses` are the
    clauses that it is about, the first of them where it is told.
    """

    kind: str
    line: int
    clauses: tuple[str, ...]
    message: str
    words: tuple[str, ...] = ()

    @property
    def clause(self) -> str:
        """Give the clause at which the doubt is told."""
        return self.clauses[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The words of one clause alone, its number and its children left out; `start` is their offset."""

    clause: Clause
    words: str
    start: int

    @property
    def head(self) -> str:
        """Give the words without what a slip has put before them: 中级客服 for ：中级客服."""
        return self.words.strip().lstrip("：:，,、。；;")


class Text:
    """A document as passages, in reading order, each with its siblings."""

    def __init__(self, document: Document) -> None:
        self.document = document
        source = document.source
        self.ends = [found.end() for found in re.finditer("\n", source)]
        self.passages: dict[str, Passage] = {}
        for clause in document.walk():
            start = source.index(clause.number, clause.start) + len(clause.number)
            end = clause.children[0].start if clause.children else clause.end
            self.passages[clause.id] = Passage(clause=clause, words=source[start:end], start=start)
        self.front = f"{document.policy}:front"

    def own(self) -> Iterator[Passage]:
        """Give every passage of the text itself."""
        return (each for each in self.passages.values() if each.clause.id != self.front)

    def of(self, clauses: Sequence[Clause]) -> list[Passage]:
        """Give the passages of some clauses."""
        return [self.passages[clause.id] for clause in clauses]

    def families(self) -> Iterator[tuple[Passage | None, list[Passage]]]:
        """Give each parent (none for the whole text) with the passages of its children."""
        yield (
            None,
            [each for each in self.of(self.document.clauses) if each.clause.id != self.front],
        )
        for passage in self.own():
            if passage.clause.children:
                yield passage, self.of(passage.clause.children)

    def line(self, offset: int) -> int:
        """Give the line, counted from 1, on which an offset lies."""
        return bisect_right(self.ends, offset) + 1

    def doubt(
        self, kind: str, at: tuple[Passage, int], message: str, *words: str,
        also: Sequence[Passage] = (),
    ) -> Doubt:  # fmt: skip
        """Make a doubt that stands at an offset within a passage, and is about others too."""
        passage, offset = at
        clauses = [passage.clause.id, *(each.clause.id for each in also)]
        return Doubt(
            kind=kind, line=self.line(passage.start + offset),
            clauses=tuple(dict.fromkeys(clauses)), message=message, words=words,
        )  # fmt: skip


def fold(words: str) -> str:
    """Write words in one form: no blanks, no quotation marks, half-width, one sign for ranges."""
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    return re.sub(f"{DASH}+", "~", QUOTE_MARKS.sub("", plain))


def number(printed: str) -> Fraction | None:
    """Read one number; None for signs that are none, like 百十."""
    return next((each.value for each in find_numbers(printed)), None)


def shown(value: Fraction) -> str:
    """Print a number as a text does."""
    return str(value.numerator if value.denominator == 1 else float(value))


def printed_like(count: int, example: str) -> str:
    """Print a count in the signs of an example: 八 beside 六, 8 beside 6."""
    return chinese(count) if example[0] in DIGITS and count < 100 else str(count)
