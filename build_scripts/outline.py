"""A policy text -> its tree of clauses. Pure: a string in, a `Document` out, nothing is lost.

The tree in reading order, number + heading + text of each clause, is the source without its white space.

Ids follow the printed numbers, so that an edit elsewhere does not move them:

- Chinese numerals become digits, letters stay: 四、2、G、 is `4.2.G`; 第十二条之一 is `12-1`.
- Where siblings are numbered, a line without a number belongs to its parent or to the clause above.
  Where none is, lines count 1, 2, 3; so do bullets, and labels like 岗位职责： over a list of their own.
  The paragraphs of an article count as 款: what stands beside 第十条 is its first, the next is `10.2`.
- Articles that run on through chapters have their own number as id, whichever chapter they stand in
  (第十二条 is `12`); chapters are then `chapter1`, their sections `chapter1.2`.
- A heading without a number among numbered ones, 附则, 附件1 or 【时间】 too, is `section1`; what stands
  before the first numbered clause is `preface`; title and front lines are `front`.
- A number printed twice gets `~2`, `~3` behind its id, and a finding.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from build_scripts.markers import (
    CLOSING,
    SET_OFF_SIGNS,
    Line,
    Marker,
    is_page_edge,
    page_head,
    scan,
)
from build_scripts.nesting import (
    ARTICLE,
    BRACKETED,
    LABEL,
    ROOT,
    UNNUMBERED,
    Nesting,
    Node,
    Slip,
)

FRONT_PAIR = re.compile(
    r"(?P<name>[^\s：:。，,；;#|]{1,12})[ \t\u3000]*[：:][ \t\u3000]*(?P<value>\S.*)"
)
INFORMATION_END = "<!-- INFO END -->"
LONGEST_TITLE = 60
LONGEST_HEADING = 40
LONGEST_HEADING_ABOVE_TEXT = 30
LONGEST_HEADING_WITH_COMMA = 20
LONGEST_INTRODUCTION = 14
WIDEST_WRAP = 48
BROKEN_OFF = re.compile(r"(?:[、，,或]|以及|由于|不限于?|(?<![目标])的)\Z")
PARAGRAPH_END = "。；;：:！？!?…"
HEADING_UNITS = {"第编", "第分编", "第章", "第节", "第篇", "第部分", *UNNUMBERED}
COUNTED = "line"
CHINESE_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineFinding:
    """Something odd about the printed numbers of a text, in the reader's words."""

    kind: str
    message: str
    line: int
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause: its number as printed, its words, and the clauses under it."""

    id: str
    number: str
    heading: str
    text: str
    children: tuple[Clause, ...]
    line: int
    start: int
    end: int
    level: int
    label: str

    @property
    def path(self) -> str:
        """Give the id without the policy's: 4.2.G."""
        return self.id.partition(":")[2]

    @property
    def anchor(self) -> str:
        """Give the clause's anchor on its policy's page: c-4-2-G."""
        return "c-" + self.path.replace("-", "_").replace(".", "-")

    def full_text(self) -> str:
        """Give the clause's own words and those of all clauses under it, a line each."""
        return "\n".join(
            words for clause in self.walk() for words in (clause.heading, clause.text) if words
        )

    def walk(self) -> Iterator[Clause]:
        """Give this clause and all under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A policy text as a tree; the first clause holds title and front lines, where there are any."""

    policy: str
    title: str
    front: dict[str, str]
    clauses: tuple[Clause, ...]
    findings: tuple[OutlineFinding, ...]
    source: str = field(repr=False)
    index: dict[str, Clause] = field(repr=False)

    def find(self, clause: str) -> Clause | None:
        """Find a clause by `9.1` or `rd-grades:9.1`."""
        return self.index.get(clause if ":" in clause else f"{self.policy}:{clause}")

    def walk(self) -> Iterator[Clause]:
        """Give every clause in reading order."""
        for clause in self.clauses:
            yield from clause.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What stands before a text: its title, its front lines, and where the text itself begins."""

    title: str
    pairs: dict[str, str]
    end: int


def parse(text: str, policy: str) -> Document:
    """Read a text's clauses, ids and findings."""
    front = read_front(text)
    lines = scan(text, front.end)
    nesting = Nesting(lines)
    root = nesting.run()
    dissolve_single_labels(root)
    maker = Maker(text=text, policy=policy, lines=lines, full=nesting.full, slips=nesting.slips)
    clauses = maker.clauses(root, front.end)
    return Document(
        policy=policy,
        title=front.title or policy,
        front=front.pairs,
        clauses=clauses,
        findings=tuple(maker.findings()),
        source=text,
        index={each.id: each for clause in clauses for each in clause.walk()},
    )


def outline_json(document: Document) -> list[dict[str, object]]:
    """Give the tree as plain values: id, number, heading, text, children."""

    def plain(clause: Clause) -> dict[str, object]:
        return {
            "id": clause.id,
            "number": clause.number,
            "heading": clause.heading,
            "text": clause.text,
            "children": [plain(child) for child in clause.children],
        }

    return [plain(clause) for clause in document.clauses]


# ---------------------------------------------------------------------------------------- the front


def read_front(text: str) -> Front:
    """Read the front lines (名称：值, one of them 标题), or take the first line as the title."""
    lines = text.split("\n")
    pairs, end = read_pairs(lines, 0)
    if "标题" in pairs:
        return Front(title=pairs["标题"], pairs=pairs, end=offset_of(lines, end))
    first = next((at for at, line in enumerate(lines) if names_text(line.strip())), None)
    if first is None:
        return Front(title="", pairs={}, end=0)
    (line,) = scan(lines[first])
    words = (page_head(line.text) or line.text).strip("#* ")
    if (
        any(begins_text(marker, text) for marker in line.opening)
        or len(words) > LONGEST_TITLE
        or words.endswith(tuple("：:，,"))
        or tells(line)
    ):
        return Front(title="", pairs={}, end=0)
    title = re.sub(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])", "", words)
    information = next(
        (at for at, line in enumerate(lines) if line.strip() == INFORMATION_END), None
    )
    if information is not None:
        return Front(title=title, pairs={}, end=offset_of(lines, information + 1))
    after = first + 1
    while after < len(lines) and not lines[after].strip():
        after += 1
    pairs, end = read_pairs(lines, after) if line.level else ({}, after)
    return Front(title=title, pairs=pairs, end=offset_of(lines, end if pairs else first + 1))


def names_text(words: str) -> bool:
    """Say whether a line may hold the title: something is printed, and more than a page's number."""
    return bool(re.search(r"\w", words)) and (not is_page_edge(words) or bool(page_head(words)))


def tells(line: Line) -> bool:
    """Say whether a line without # is a text by itself: a sentence ends in it, or it counts 1, 2."""
    printed = {(marker.style, marker.value) for marker in line.markers}
    counts = any(value == (1,) and (style, (2,)) in printed for style, value in printed)
    return not line.level and (counts or bool(set(line.text) & set("。；;")))


def begins_text(marker: Marker, text: str) -> bool:
    """Say whether the first line begins the text itself rather than names it."""
    if marker.firm or marker.unit:
        return True
    second = next(
        (each for line in scan(text)[1:] for each in line.opening if each.style == marker.style),
        None,
    )
    return marker.first and second is not None and second.value == (2,)


def read_pairs(lines: Sequence[str], start: int) -> tuple[dict[str, str], int]:
    """Read 名称：值 lines up to the first line that is none; give them and where they end."""
    pairs: dict[str, str] = {}
    end = start
    while end < len(lines):
        found = FRONT_PAIR.fullmatch(lines[end].strip().lstrip("\ufeff").lstrip("# "))
        if not found:
            break
        pairs[found["name"]] = found["value"].strip()
        end += 1
    return pairs, end


def offset_of(lines: Sequence[str], index: int) -> int:
    """Give the offset at which a line begins."""
    return sum(len(line) + 1 for line in lines[:index]) - (index == len(lines) and index > 0)


# ---------------------------------------------------------------------------------------- the tree


def dissolve_single_labels(root: Node) -> None:
    """Take a label that has no other label beside it as words of its parent, not as a heading."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        labels = [child for child in node.children if child.style in (LABEL, BRACKETED)]
        if len(labels) == 1 and node.children[0] is labels[0]:
            node.children[:1] = labels[0].children
            for child in labels[0].children:
                child.parent = node
            waiting.append(node)
        else:
            waiting.extend(node.children)


def preorder(node: Node) -> Iterator[Node]:
    """Give a node and all under it, in reading order."""
    waiting = [node]
    while waiting:
        last = waiting.pop()
        yield last
        waiting.extend(reversed(last.children))


@dataclass(slots=True, kw_only=True)
class Maker:
    """Turns nodes into clauses: cuts their words, counts unnumbered lines, gives ids and labels."""

    text: str
    policy: str
    lines: Sequence[Line]
    full: float
    slips: list[Slip]
    used: Counter[str] = field(default_factory=Counter)
    ids: dict[int, str] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)
    starts: list[int] = field(default_factory=list)
    running: bool = False

    def clauses(self, root: Node, front_end: int) -> tuple[Clause, ...]:
        """Make all clauses of a text."""
        nodes = list(preorder(root))
        root.start = root.end = front_end
        for node, following in zip(nodes, [*nodes[1:], None], strict=True):
            self.ends[id(node)] = following.start if following else len(self.text)
        for node in nodes:
            if not node.children:
                self.count_lines(node)
        self.running = articles_run_on(nodes)
        made: list[Clause] = []
        own = self.ends[id(root)]
        if not re.search(r"\w", self.text[front_end:own]):
            front_end = own  # rulers and blank lines
        if self.text[:front_end].strip():
            made.append(self.single("front", 0, front_end))
        if self.text[front_end:own].strip():
            made.append(self.single("preface", front_end, own))
        self.used.update({"front": 1, "preface": 1})
        made.extend(self.below(root, "", "", 1))
        return tuple(made)

    def single(self, name: str, start: int, end: int) -> Clause:
        """Make the clause of what stands before the numbered ones."""
        words = self.text[start:end].strip()
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
        return Clause(
            id=f"{self.policy}:{name}", number="", heading="", text=words, children=(),
            line=self.line_of(start), start=start, end=start + len(words), level=1, label="",
        )  # fmt: skip

    def line_of(self, offset: int) -> int:
        """Give the 1-based line of an offset."""
        if not self.starts:
            self.starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        return bisect_right(self.starts, offset)

    # ------------------------------------------------------------------ unnumbered lines

    def count_lines(self, node: Node) -> None:
        """Give a clause without children its lines as children, where there are several."""
        paragraphs = self.paragraphs(node.end, self.ends[id(node)])
        if node.style == ROOT:
            own, counted = 0, paragraphs
        else:
            own, counted = 1, paragraphs[1:]
        if not counted:
            return
        if node.style == ROOT:
            self.hang(node, counted, 1)
            return
        beginning = paragraphs[0][0]
        beside = "\n" not in self.text[node.end : beginning]
        heading = self.heading_end(node, node.end, self.ends[id(node)], children=False)
        if heading > node.end and beside:
            rest = self.paragraphs(heading, self.ends[id(node)])
            if len(rest) > 1:
                self.hang(node, rest, 1)
        elif node.style == ARTICLE and not self.text[: paragraphs[0][1]].rstrip().endswith(
            ("：", ":")
        ):
            self.hang(node, counted, own + 1)
        elif len(counted) > 1:
            self.hang(node, counted, 1)

    def hang(self, node: Node, paragraphs: Sequence[tuple[int, int]], first: int) -> None:
        """Hang paragraphs under a node as counted lines."""
        last = self.ends[id(node)]
        self.ends[id(node)] = paragraphs[0][0]
        for count, (start, _) in enumerate(paragraphs):
            child = Node(
                style=COUNTED, value=(first + count,), start=start, end=start,
                line=self.line_of(start) - 1, parent=node,
            )  # fmt: skip
            node.children.append(child)
            following = paragraphs[count + 1][0] if count + 1 < len(paragraphs) else last
            self.ends[id(child)] = following

    def paragraphs(self, start: int, end: int) -> list[tuple[int, int]]:
        """Cut words into paragraphs; a line broken in mid-sentence goes on in the next one."""
        found: list[tuple[int, int]] = []
        offset, blank, table, page = start, True, False, False
        for raw in self.text[start:end].split("\n"):
            words = raw.strip()
            if is_page_edge(words):
                blank, page = not found, True  # a sentence may go on over the page
            elif not words:
                blank = blank or not page
            else:
                beginning = offset + len(raw) - len(raw.lstrip())
                stop = beginning + len(words)
                row = words.startswith("|")
                if (not re.search(r"\w", words) and found) or (
                    found and not self.breaks(found[-1], words, blank=blank, table=table and row)
                ):
                    found[-1] = found[-1][0], stop
                else:
                    found.append((beginning, stop))
                blank, table, page = False, row, False
            offset += len(raw) + 1
        return found

    def breaks(self, before: tuple[int, int], words: str, *, blank: bool, table: bool) -> bool:
        """Say whether a new paragraph begins with these words."""
        if table:
            return False
        last = self.text[before[1] - 1]
        wrapped = self.full <= WIDEST_WRAP and before[1] - before[0] >= self.full
        ended = last in PARAGRAPH_END or (last in CLOSING and not wrapped)
        return blank or ended or words.startswith(("[", "|"))

    # ------------------------------------------------------------------ words

    def heading_end(self, node: Node, start: int, end: int, *, children: bool) -> int:
        """Give where the heading at the beginning of a clause's words ends; `start` where none is."""
        words = self.text[start:end]
        first, newline, rest = words.lstrip(" \t\u3000").partition("\n")
        title = first.strip().strip("*")
        stop = start + len(words) - len(rest) - len(newline)
        if node.style in HEADING_UNITS or node.level:
            return stop
        uncounted = node.style == COUNTED or node.value == (0,)
        if not title or (uncounted and not children):
            return start
        below = (line.strip() for line in rest.split("\n"))
        if not children and not any(
            re.search(r"\w", each) and not is_page_edge(each) for each in below
        ):
            return start
        beside_text = bool(rest.split("\n", 1)[0].strip())
        full = beside_text and len(title) + node.end - node.start >= self.full
        return start if full or not is_title(title, above_text=beside_text) else stop

    # ------------------------------------------------------------------ clauses

    def below(self, parent: Node, path: str, label: str, level: int) -> Iterator[Clause]:
        """Make the clauses under a node."""
        numbered = any(child.value and child.style != COUNTED for child in parent.children)
        count = 0
        for child in parent.children:
            unnumbered = child.style in UNNUMBERED or child.value == (0,)
            count += unnumbered
            component = self.component(child, path, count if unnumbered else 0, numbered=numbered)
            yield self.clause(child, component, self.label_of(child, label, count), level)

    def component(self, node: Node, path: str, count: int, *, numbered: bool) -> str:
        """Give the path of a node's id under its parent's path."""
        if self.running and node.style == ARTICLE:
            return "-".join(map(str, node.value))
        section = count and numbered and node.style in UNNUMBERED
        if count:
            own = f"section{count}" if section else str(count)
        elif set("Aa") & set(node.style):
            own = unicodedata.normalize("NFKC", node.core)
        elif node.style.startswith(("1.1", "1-1")):
            own = decimal_rest(path, node.value)
        else:
            own = "-".join(map(str, node.value))
        bare = section or node.style == COUNTED
        if self.running and not bare and not path and holds_articles(node):
            return f"chapter{own}"
        return f"{path}.{own}" if path else own

    def clause(self, node: Node, path: str, label: str, level: int) -> Clause:
        """Make one clause and all under it."""
        self.used[path] += 1
        if self.used[path] > 1:
            path = self.another(node, path)
        name = f"{self.policy}:{path}"
        self.ids[id(node)] = name
        end = self.ends[id(node)]
        children = tuple(self.below(node, path, label, level + 1))
        stop = self.heading_end(node, node.end, end, children=bool(node.children))
        heading, text = self.text[node.end : stop].strip(), self.text[stop:end].strip()
        last = (
            children[-1].end if children else node.start + len(self.text[node.start : end].rstrip())
        )
        return Clause(
            id=name, number=self.text[node.start : node.end].strip(), heading=heading, text=text,
            children=children, line=node.line + 1, start=node.start, end=last, level=level, label=label,
        )  # fmt: skip

    def another(self, node: Node, path: str) -> str:
        """Give a path that was used before its number; tell it where no slip tells it already."""
        different = f"{path}~{self.used[path]}"
        if not self.told:
            self.told = {id(slip.node.parent) for slip in self.slips}
        if id(node.parent) not in self.told:
            self.told.add(id(node.parent))
            message = f"“{path}”在上文已经用过，这一处记作“{different}”"
            self.slips.append(Slip(kind="repeat", message=message, node=node))
        return different

    def label_of(self, node: Node, label: str, count: int) -> str:
        """Give the number path as a reader writes it: 九.1, 五.1(1), 第三条(二), 第三条第二款."""
        if node.style == ARTICLE:
            return node.core if self.running else label + node.core
        if node.style == COUNTED and node.parent and node.parent.style == ARTICLE:
            return f"{label}第{chinese(node.value[0])}款"
        if node.style.startswith("("):
            return f"{label}({node.core})"
        if len(node.value) > 1 and node.style.startswith(("1.", "1-")):
            return node.core
        own = node.core if node.value and node.value != (0,) and node.core else ""
        own = own or str(count or node.value[0])
        if not label or node.style in SET_OFF_SIGNS or node.style.startswith("第"):
            return label + own
        return f"{label}{own}" if label.endswith(")") and node.core else f"{label}.{own}"

    def findings(self) -> Iterator[OutlineFinding]:
        """Tell every slip with its line and clause."""
        for slip in self.slips:
            yield OutlineFinding(
                kind=slip.kind, message=slip.message, line=slip.node.line + 1,
                clause=self.ids[id(slip.node)],
            )  # fmt: skip


def articles_run_on(nodes: Sequence[Node]) -> bool:
    """Say whether articles run on through chapters, rather than begin anew in each."""
    first = [
        node.children[at]
        for node in nodes
        if node.style != ROOT
        for at in (
            next((at for at, each in enumerate(node.children) if each.style == ARTICLE), None),
        )
        if at is not None
    ]
    return bool(first) and sum(node.value == (1,) for node in first) * 2 <= max(len(first), 2)


def is_title(words: str, *, above_text: bool) -> bool:
    """Say whether a line reads like a heading: short, and no sentence ends or breaks off in it."""
    bare = words.rstrip("：:")
    comma = bool(set(words) & set("，,"))
    if set(bare) & set("。；;！!？?|") or BROKEN_OFF.search(words):
        return False
    if bare != words:
        return len(words) <= LONGEST_INTRODUCTION and not comma
    if above_text:
        return len(words) <= (LONGEST_HEADING_WITH_COMMA if comma else LONGEST_HEADING_ABOVE_TEXT)
    return len(words) <= LONGEST_HEADING


def holds_articles(node: Node) -> bool:
    """Say whether an article stands under a node, or the node is a chapter's heading."""
    return node.style in HEADING_UNITS or any(each.style == ARTICLE for each in preorder(node))


def decimal_rest(path: str, value: tuple[int, ...]) -> str:
    """Give what 2.1.3 adds to the path of its parent: 3 under 2.1, 1.3 under 2, all elsewhere."""
    parts, above = [str(part) for part in value], path.split(".") if path else []
    for length in range(min(len(parts) - 1, len(above)), 0, -1):
        if above[-length:] == parts[:length]:
            return ".".join(parts[length:])
    return ".".join(parts)


def chinese(number: int) -> str:
    """Write a small number in Chinese."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    first = "" if tens == 0 else "十" if tens == 1 else f"{CHINESE_DIGITS[tens]}十"
    return first + (CHINESE_DIGITS[ones] if ones or not tens else "")
