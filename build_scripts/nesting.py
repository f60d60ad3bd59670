"""Which markers number a text, and which list stands in which: decided from the text itself.

One pass with a stack of open items. A marker that goes on where an open list stopped belongs to that list
and closes what is deeper; a marker that begins a list (1, 一, A) stands under the innermost open item;
a marker that does neither is a slip of the author where nothing else explains it, and plain text
otherwise. Every style is open at most once, bullets once for each indent, and nothing deeper than DEEPEST,
so the stack stays shallow.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from build_scripts.markers import (
    CLOSING,
    COMMAS,
    SENTENCE_END,
    UNIT_ORDER,
    UNIT_STYLES,
    Line,
    Marker,
    Place,
)

LABEL = "："
BRACKETED = "【】"
CHAPTER = "章"  # a chapter's heading without a number
APPENDED = "附"
UNNUMBERED = ("#", CHAPTER, APPENDED, LABEL, BRACKETED)
LONGEST_LABEL = 40
WIDEST_GAP = 20
DEEPEST = 60  # lists in lists that no reader follows; all that walks the tree calls itself
LETTER_GAP = 3
ANNEX = re.compile(
    r"附[件录表][ \u3000]*(?:[一二三四五六七八九十\d]{1,3}|[A-Z])?(?:[ \u3000：:.．、][^。；;，,！？]{0,40})?"
)
CHAPTER_NAME = re.compile(r"[总附][ \u3000]*则[：:]?")
BACK_MATTER = re.compile(
    r"(?:说[ \u3000]*明|备[ \u3000]*注|结[ \u3000]*语)[：:]?|附[：:][^。；;，,！？]{0,40}"
)
BRACKETED_HEADING = re.compile(r"【[^【】。；;]{1,20}】[：:]?")
NO_CHAPTER_NAME = re.compile(r"[。；;，,：:！!？?|…\t]|\A[\d（(\[]|年.*月")
LONGEST_CHAPTER_NAME = 30
CONTENTS = re.compile(r"目[ \u3000]*[录次]")
CONTENTS_UNITS = {"第编", "第分编", "第章", "第节", "第篇", "第部分"}
PAGE_NUMBER = re.compile(r"[\s.…·。\-—]*\d*\Z")
CONTENTS_DISTANCE = 4
SHORTEST_FULL_LINE = 20
SECOND = 2
ARTICLE = "第条"
WHOLES = CONTENTS_UNITS - {"第章", "第节"}  # what chapters stand in
ROOT = ""


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """One item of the tree while it grows; the root has the style ROOT.

    `meant` is what the numbers after it say that its own should have been, where that is misprinted.
    """

    style: str
    value: tuple[int, ...] = ()
    meant: tuple[int, ...] = ()
    core: str = ""
    start: int = 0
    end: int = 0
    line: int = 0
    level: int = 0
    indent: int = 0
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list)
    printed: set[tuple[int, ...]] = field(default_factory=set, repr=False)

    @property
    def counted(self) -> tuple[int, ...]:
        """Give the number from which its list goes on."""
        return self.meant or self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Something odd about a printed number, told at its node."""

    kind: str
    message: str
    node: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a marker fits: how well, and below how many open items it stands."""

    strength: int
    depth: int
    style: str
    slip: str = ""
    before: str = ""
    meant: tuple[int, ...] = ()


@dataclass(slots=True)
class Nesting:
    """The state of the pass."""

    lines: Sequence[Line]
    root: Node = field(default_factory=lambda: Node(style=ROOT))
    slips: list[Slip] = field(default_factory=list)
    stack: list[Node] = field(default_factory=list)
    last: dict[str, Node] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    following: dict[int, Marker] = field(default_factory=dict)
    coming: dict[str, Marker] = field(default_factory=dict)
    next_line: list[int] = field(default_factory=list)
    before_line: list[int] = field(default_factory=list)
    full: float = 0
    ends_sentences: bool = False
    brackets: bool = False

    def run(self) -> Node:
        """Build the whole tree."""
        self.look_ahead()
        contents = contents_lines(self.lines)
        end = 0
        for index, line in enumerate(self.lines):
            if line.blank or line.page or index in contents:
                continue
            end = self.open_line(index, line, max(end, line.start))
            for marker in line.markers:
                if marker.place is not Place.LINE and marker.start >= end:
                    verdict = self.within(marker)
                    if verdict:
                        end = self.add(marker, verdict).end
        return self.root

    def look_ahead(self) -> None:
        """Note what follows what: the next marker of each style, the next printed line."""
        coming: dict[str, Marker] = {}
        upcoming = len(self.lines)
        self.next_line = [upcoming] * len(self.lines)
        for index in range(len(self.lines) - 1, -1, -1):
            line = self.lines[index]
            self.next_line[index] = upcoming
            if not line.silent:
                upcoming = index
            for marker in reversed(line.markers):
                if marker.style in coming:
                    self.following[id(marker)] = coming[marker.style]
                if marker.place is Place.LINE or not marker.unit:
                    coming[marker.style] = marker
        before = -1
        for index, line in enumerate(self.lines):
            self.before_line.append(before)
            if not line.silent:
                before = index
        above = [
            self.lines[before].text[-1] in SENTENCE_END + CLOSING
            for index, before in enumerate(self.before_line)
            if self.opens_article(index) and not self.heads_chapter(before)
        ]
        self.ends_sentences = sum(above) * 2 >= len(above)
        bracketed = sum(bool(BRACKETED_HEADING.fullmatch(line.text)) for line in self.lines)
        self.brackets = bracketed > 1
        lengths = sorted(len(line.text) for line in self.lines if not line.blank)
        longest = lengths[len(lengths) * 19 // 20] if lengths else 0
        self.full = max(0.8 * longest, SHORTEST_FULL_LINE)

    # ------------------------------------------------------------------ the beginning of a line

    def open_line(self, index: int, line: Line, end: int) -> int:
        """Open what the line begins with, if anything; give the offset where its words begin."""
        if line.level:
            self.close_headings(line.level)
        best: tuple[Verdict, Marker] | None = None
        for marker in line.opening:
            verdict = self.opening(marker, index)
            if verdict and (best is None or verdict.strength > best[0].strength):
                best = verdict, marker
        if best:
            node = self.add(best[1], best[0])
            node.level = line.level
            return node.end
        if line.level:
            return self.add_heading(line).end
        heading = self.open_unnumbered(index, line)
        return heading.end if heading else end

    def open_unnumbered(self, index: int, line: Line) -> Node | None:
        """Open what a heading without a number begins, if the line is one."""
        if ANNEX.fullmatch(line.text) or self.is_back_matter(line):
            return self.add_annex(line)
        if self.is_chapter(index):
            return self.add_chapter(line)
        if self.brackets and BRACKETED_HEADING.fullmatch(line.text):
            return self.add_label(line, BRACKETED)
        return self.add_label(line, LABEL) if self.is_label(index) else None

    def close_headings(self, level: int) -> None:
        """Close what a heading of this level cannot stand in: all text, and deeper headings."""
        keep = [node for node in self.stack if node.level and node.level <= level]
        self.stack = keep

    def add_heading(self, line: Line) -> Node:
        """Open a heading that only # marks."""
        self.stack = [node for node in self.stack if node.level < line.level]
        end = line.content + len(line.text) - len(line.text.lstrip("# \t\u3000"))
        node = Node(style="#", start=line.content, end=end, line=line.number, level=line.level)
        return self.attach(node)

    def add_annex(self, line: Line) -> Node:
        """Open what 附件1 begins: it stands in no clause, and its lists begin anew."""
        return self.add_beside(line, APPENDED, [node for node in self.stack if node.style == "#"])

    def add_chapter(self, line: Line) -> Node:
        """Open a chapter whose heading has no number, beside those that have one; 附则 ends the whole."""
        wholes = () if line.text.startswith("附") else WHOLES
        kept = ("#", *wholes)
        return self.add_beside(line, CHAPTER, [node for node in self.stack if node.style in kept])

    def add_beside(self, line: Line, style: str, above: list[Node]) -> Node:
        """Open a heading without a number below some of the open items, in the place of the others."""
        level = next((node.level for node in self.stack if node not in above), 0)
        self.stack = above
        node = Node(style=style, start=line.content, end=line.content, line=line.number)
        node.level = level
        return self.attach(node)

    def is_back_matter(self, line: Line) -> bool:
        """Say whether 说明 or 附： stands behind the text: no list that is open goes on below it."""
        if not BACK_MATTER.fullmatch(line.text):
            return False
        numbered = [node for node in self.stack if node.style in self.coming]
        return not any(follows(node.counted, self.coming[node.style].value) for node in numbered)

    def is_chapter(self, index: int) -> bool:
        """Say whether a line is a chapter's heading without a number.

        总则 and 附则 always are; other short words are where they stand between a sentence's end and an
        article, in a text whose paragraphs end in a sentence's end.
        """
        words = self.lines[index].text
        if CHAPTER_NAME.fullmatch(words):
            return True
        before = self.before_line[index]
        return (
            ARTICLE in self.last
            and self.ends_sentences
            and len(words) <= LONGEST_CHAPTER_NAME
            and not NO_CHAPTER_NAME.search(words)
            and bool(re.search(r"\w", words))
            and self.opens_article(self.next_line[index])
            and self.lines[before].text[-1] in SENTENCE_END
        )

    def heads_chapter(self, index: int) -> bool:
        """Say whether a line is a heading by its own words, or stands before all others."""
        if index < 0:
            return True
        line = self.lines[index]
        units = {marker.unit for marker in line.opening} & {"编", "章", "节"}
        return bool(units or line.level or CHAPTER_NAME.fullmatch(line.text))

    def opens_article(self, index: int) -> bool:
        """Say whether a line begins with 第三条."""
        return index < len(self.lines) and any(
            marker.style == ARTICLE and marker.firm for marker in self.lines[index].opening
        )

    def is_label(self, index: int) -> bool:
        """Say whether a line like 岗位职责： stands over a list of its own."""
        line = self.lines[index]
        words = line.text.rstrip("*")
        if not words.endswith((":", "：")) or len(words) > LONGEST_LABEL or line.table:
            return False
        if line.opening and any(marker.firm for marker in line.opening):
            return False
        if set(words[:-1]) & set("。；;！!？?|"):
            return False
        following = self.next_line[index]
        if following == len(self.lines) or self.lines[following].level:
            return False
        return any(self.opens_list(marker, following) for marker in self.lines[following].opening)

    def opens_list(self, marker: Marker, index: int) -> bool:
        """Say whether a marker below a label begins a list that the label may head."""
        label, own = self.depth_of(LABEL), self.depth_of(marker.style)
        if not marker.bullet and not (marker.first and self.opening(marker, index)):
            return False
        if own is None or (label is not None and (marker.bullet or label < own)):
            return True
        return (
            not marker.bullet
            and own == len(self.stack) - 1
            and (self.stack[own].value == marker.value)
        )

    def add_label(self, line: Line, style: str) -> Node:
        """Open a label as a heading; the next label closes it."""
        depth = self.depth_of(style)
        if depth is not None:
            del self.stack[depth:]
        return self.attach(
            Node(style=style, start=line.content, end=line.content, line=line.number)
        )

    def opening(self, marker: Marker, index: int) -> Verdict | None:
        """Judge a marker at the beginning of a line."""
        if marker.bullet:
            return Verdict(strength=2, depth=self.bullet_depth(marker), style=marker.style)
        depths = self.depths_of(marker.style)
        for depth in depths:
            verdict = self.goes_on(marker, depth)
            if verdict:
                return verdict
        if depths and not (marker.first and self.begins_below(depths[0], index)):
            return self.slips_on(marker, depths[0], index)
        return (
            self.takes_over(marker)
            or self.begins(marker)
            or self.runs_on(marker)
            or self.stands_alone(marker, index)
        )

    def depths_of(self, style: str) -> list[int]:
        """Find where a style is open in the stack, innermost first."""
        return [
            depth
            for depth in range(len(self.stack) - 1, -1, -1)
            if self.stack[depth].style == style
        ]

    def depth_of(self, style: str, above: int = -1) -> int | None:
        """Find where a style is innermost open, above a depth if one is given."""
        return next((depth for depth in self.depths_of(style) if depth > above), None)

    def begins_below(self, depth: int, index: int) -> bool:
        """Say whether a list may begin in an item of its own style: below a label, or a # heading."""
        labelled = any(node.style in (LABEL, BRACKETED) for node in self.stack[depth + 1 :])
        return labelled or bool(self.stack[depth].level and not self.lines[index].level)

    def bullet_depth(self, marker: Marker) -> int:
        """Find where a bullet belongs: beside the last one that stands as far left, or deeper."""
        first = None
        for depth in range(len(self.stack) - 1, -1, -1):
            node = self.stack[depth]
            if node.style == marker.style:
                if node.indent + 2 <= marker.indent:
                    return len(self.stack) if first is None else first
                first = depth
        return len(self.stack) if first is None else first

    def goes_on(self, marker: Marker, depth: int) -> Verdict | None:
        """Accept the next number of an open list."""
        before = self.stack[depth].counted
        if not follows(before, marker.value) or (marker.tight and not self.plain_next(marker)):
            return None
        if not self.sure(marker):
            return None
        slip = "tight" if marker.tight else ""
        return Verdict(strength=5, depth=depth, style=marker.style, slip=slip)

    def sure(self, marker: Marker) -> bool:
        """Say whether 第三条… or 第三章… without a blank behind it may be more than a reference.

        1, and 1-2 may go on a broken sentence.
        """
        if marker.firm:
            return True
        if not marker.unit:
            return self.settled(marker.line - self.lines[0].number)
        coming = self.following.get(id(marker))
        if coming and coming.firm and coming.value == marker.value:
            return False
        return marker.unit == "条" or self.short(marker)

    def plain_next(self, marker: Marker) -> bool:
        """Accept 4.4T as item 4 only where no list counts 4.1, 4.2, 4.3; 3.5万元 only after a sentence."""
        before = self.before_line[marker.line - self.lines[0].number]
        ended = marker.firm or self.lines[before].text[-1] in SENTENCE_END
        return self.depth_of("1.1") is None and marker.place is Place.LINE and ended

    def short(self, marker: Marker) -> bool:
        """Say whether a marker's line is short enough for a chapter's heading."""
        line = self.lines[marker.line - self.lines[0].number]
        return len(line.text) <= LONGEST_LABEL and not set(line.text) & set("。；，")

    def slips_on(self, marker: Marker, depth: int, index: int) -> Verdict | None:
        """Accept a number of an open list that is not the next one, where the author slipped."""
        before = self.stack[depth]
        kind = slip_kind(before.value, marker)
        meant: tuple[int, ...] = ()
        if kind == "restart":
            plausible = not marker.lettered or self.confirmed(marker)
        else:
            plausible = (marker.unit == "条" and marker.firm) or self.near(marker, before, index)
        if not plausible or marker.tight or not (marker.firm or self.goes_on_below(marker, kind)):
            return None
        if marker.unit or kind == "restart":
            pass
        elif kind != "repeat" and self.comes_back(marker, before):
            kind, meant = "back", before.counted
        elif self.misprinted(marker, before):
            meant = (*before.counted[:-1], before.counted[-1] + 1)
        elif kind == "gap" and printed_before(before, marker):
            kind = ""
        return Verdict(
            strength=1, depth=depth, style=marker.style, slip=kind, before=before.core, meant=meant
        )

    def comes_back(self, marker: Marker, before: Node) -> bool:
        """Say whether the right number follows on a line of its own: 1、 3、 2、."""
        coming = self.following.get(id(marker))
        return bool(coming and coming.place is Place.LINE and follows(before.counted, coming.value))

    def misprinted(self, marker: Marker, before: Node) -> bool:
        """Say whether the list goes on as if the right number stood here: 1、 8、 3、 or 1、 3、 3、 4、."""
        coming, value = self.following.get(id(marker)), before.counted
        if not coming or coming.place is not Place.LINE or follows(marker.value, coming.value):
            return False
        further = self.following.get(id(coming))
        twice = marker.value == coming.value and not (
            further and follows(coming.value, further.value)
        )
        return coming.value == (*value[:-1], value[-1] + SECOND) and not twice

    def goes_on_below(self, marker: Marker, kind: str) -> bool:
        """Say whether an article without a blank behind it is missing none but the one above."""
        return (
            marker.unit == "条" and kind == "gap" and self.sure(marker) and self.confirmed(marker)
        )

    def near(self, marker: Marker, before: Node, index: int) -> bool:
        """Say whether a number out of order is near enough to the last one to be a slip.

        It is none where the line goes on a broken sentence, nor a letter where the right one follows.
        """
        value = marker.value
        if len(value) != len(before.value):
            return False
        if (marker.lettered or marker.unit) and self.comes_back(marker, before):
            return False
        if value[:-1] != before.value[:-1] and not follows(before.value[:-1], value[:-1]):
            return False
        return abs(value[-1] - before.value[-1]) <= WIDEST_GAP and self.settled(index)

    def takes_over(self, marker: Marker) -> Verdict | None:
        """Accept 3. after 1、 and 2、: the same list, typed with another sign."""
        if marker.tight or not marker.firm or len(marker.value) > 1 or marker.value == (1,):
            return None
        for depth in range(len(self.stack) - 1, -1, -1):
            node = self.stack[depth]
            if family(node.style) == marker.family and follows(node.value, marker.value):
                return Verdict(strength=4, depth=depth, style=node.style)
        return None

    def begins(self, marker: Marker) -> Verdict | None:
        """Accept the first of a list, under the innermost item that it can stand in."""
        if not marker.first or marker.tight or marker.value[0] == 0:
            return None
        doubtful = marker.lettered or not marker.firm or marker.style.startswith("第")
        accepted = self.sure(marker) if marker.unit else not doubtful or self.confirmed(marker)
        if not accepted:
            return None
        return Verdict(strength=3, depth=self.home_depth(marker), style=marker.style)

    def confirmed(self, marker: Marker) -> bool:
        """Say whether the second of the list follows."""
        coming = self.following.get(id(marker))
        return bool(
            coming
            and follows(marker.value, coming.value)
            and (coming.place > Place.INSIDE or coming.set_off)
        )

    def runs_on(self, marker: Marker) -> Verdict | None:
        """Accept a number that goes on from a list closed before: 第九条 in the next chapter."""
        last = self.last.get(marker.style)
        if last is None or marker.tight or not follows(last.value, marker.value):
            return None
        if marker.lettered or not self.sure(marker):
            return None
        return Verdict(strength=3, depth=self.home_depth(marker), style=marker.style)

    def home_depth(self, marker: Marker) -> int:
        """Find below how many open items a list that is not open begins or goes on."""
        if marker.unit:
            return self.unit_depth(marker)
        if len(marker.value) > 1:
            for above in range(len(self.stack), 0, -1):
                if self.stack[above - 1].value == marker.value[:-1]:
                    return above
        if marker.first:
            return len(self.stack)
        home = self.homes.get(marker.style, LABEL)
        found = self.depth_of(home)
        return 0 if home == ROOT else len(self.stack) if found is None else found + 1

    def unit_depth(self, marker: Marker) -> int:
        """Find where 第N节 stands: under the innermost larger unit, and in no smaller one."""
        rank = UNIT_ORDER.index(marker.unit) if marker.unit in UNIT_ORDER else 0
        depth = len(self.stack)
        for above in range(len(self.stack) - 1, -1, -1):
            style = self.stack[above].style
            style = "第章" if style == CHAPTER else style
            if style in UNIT_STYLES and style[1:] in UNIT_ORDER:
                if UNIT_ORDER.index(style[1:]) < rank:
                    return above + 1
                depth = above
        return depth

    def stands_alone(self, marker: Marker, index: int) -> Verdict | None:
        """Accept a list whose beginning is not there, or whose first number is misprinted."""
        if marker.tight or not (marker.firm or self.goes_on_below(marker, "gap")):
            return None
        meant: tuple[int, ...] = ()
        if not marker.unit:
            if marker.value[-1] > WIDEST_GAP or not self.settled(index):
                return None
            coming = self.following.get(id(marker))
            goes_on = coming and coming.place is Place.LINE and follows(marker.value, coming.value)
            if coming and coming.value == (SECOND,) and not goes_on:
                meant = (SECOND - 1,)
            if not goes_on and (len(marker.value) > 1 or (marker.lettered and not meant)):
                return None
            if marker.lettered and goes_on:
                return None
        last = self.last.get(marker.style) if marker.unit else None
        return Verdict(
            strength=1, depth=self.home_depth(marker), style=marker.style, meant=meant,
            slip=("gap" if last and marker.value > last.value else "back" if last else "start"),
            before=last.core if last else "",
        )  # fmt: skip

    def settled(self, index: int) -> bool:
        """Say whether the line above is complete, so that this one is no broken sentence."""
        before = index - 1
        while before >= 0 and self.lines[before].page:
            before -= 1
        if before < 0 or self.lines[before].silent:
            return True
        line = self.lines[before]
        short = len(line.text) < self.full and line.text[-1] not in COMMAS
        return line.text[-1] in SENTENCE_END + CLOSING or short

    # ------------------------------------------------------------------ inside a line

    def within(self, marker: Marker) -> Verdict | None:
        """Judge a marker inside a line: several items on one line, or an item after a sentence."""
        depth = self.depth_of(marker.style)
        unfit = (
            marker.tight
            or (marker.style.startswith("第") and not marker.firm)
            or (marker.unit and marker.place not in (Place.BLANK, Place.SENTENCE))
            or (marker.bullet and (depth is None or marker.place is not Place.SENTENCE))
        )
        if unfit:
            return None
        return self.begins_within(marker) if depth is None else self.goes_on_within(marker, depth)

    def goes_on_within(self, marker: Marker, depth: int) -> Verdict | None:
        """Judge a marker inside a line whose style is open; letters may leave one out."""
        before = self.stack[depth]
        if marker.bullet or follows(before.counted, marker.value):
            free = set_off(marker) or marker.set_off
            return Verdict(strength=5, depth=depth, style=marker.style) if free else None
        step = marker.value[-1] - before.value[-1]
        if not (marker.lettered and marker.place is Place.SENTENCE and 1 < step <= LETTER_GAP):
            return None
        return Verdict(strength=1, depth=depth, style=marker.style, slip="gap", before=before.core)

    def begins_within(self, marker: Marker) -> Verdict | None:
        """Judge a marker inside a line whose style is not open."""
        if marker.unit:
            return self.runs_on(marker) or self.begins_beside(marker)
        verdict = self.takes_over(marker) if marker.place is Place.SENTENCE else None
        if verdict:
            return verdict
        if not marker.first or not self.confirmed(marker):
            return None
        if not set_off(marker) and not self.list_on_line(marker):
            return None
        return Verdict(strength=3, depth=self.home_depth(marker), style=marker.style)

    def begins_beside(self, marker: Marker) -> Verdict | None:
        """Accept the first article on the line of its chapter's heading."""
        above = self.stack[-1] if self.stack else self.root
        if above.line != marker.line or above.style not in UNIT_STYLES:
            return None
        return self.begins(marker) if marker.style not in self.last else None

    def list_on_line(self, marker: Marker) -> bool:
        """Say whether the second item, after a sentence's end, makes a weak first one an item."""
        coming = self.following[id(marker)]
        return coming.line == marker.line and (coming.place is Place.SENTENCE or marker.set_off)

    # ------------------------------------------------------------------ growing

    def add(self, marker: Marker, verdict: Verdict) -> Node:
        """Open the item of an accepted marker."""
        del self.stack[min(verdict.depth, DEEPEST) :]
        node = Node(
            style=verdict.style, value=marker.value, meant=verdict.meant, core=marker.core,
            start=marker.start, end=marker.end, line=marker.line, indent=marker.indent,
        )  # fmt: skip
        parent = self.stack[-1] if self.stack else self.root
        if id(marker) in self.following:
            self.coming[verdict.style] = self.following[id(marker)]
        else:
            self.coming.pop(verdict.style, None)
        if verdict.style not in self.homes or verdict.strength > 1:
            self.homes[verdict.style] = parent.style
        self.last[verdict.style] = node
        if verdict.slip:
            self.slips.append(
                Slip(kind=verdict.slip, message=told(verdict.slip, verdict.before, node), node=node)
            )
        return self.attach(node)

    def attach(self, node: Node) -> Node:
        """Hang a node under the innermost open one, and open it."""
        node.parent = self.stack[-1] if self.stack else self.root
        node.parent.children.append(node)
        node.parent.printed.add(node.value)
        self.stack.append(node)
        return node


def follows(before: tuple[int, ...], value: tuple[int, ...]) -> bool:
    """Say whether one value comes right after another: 3 after 2, 2之一 after 2, 1.3 or 2.1 after 1.2."""
    if not before or not value:
        return False
    if len(value) == len(before):
        if value[:-1] == before[:-1]:
            return value[-1] == before[-1] + 1
        return value[-1] == 1 and follows(before[:-1], value[:-1])
    if len(value) == len(before) + 1:
        return value[:-1] == before and value[-1] == 1
    return len(before) == len(value) + 1 and value[-1] == before[len(value) - 1] + 1


def family(style: str) -> str:
    """Tell styles apart only by the kind of number and by brackets."""
    return style.rstrip("、.:")


def set_off(marker: Marker) -> bool:
    """Say whether something sets a marker inside a line off from the words before it."""
    bracketed = marker.style.startswith("(") or marker.set_off
    return marker.place >= Place.BLANK or (bracketed and marker.place is Place.COMMA)


def slip_kind(before: tuple[int, ...], marker: Marker) -> str:
    """Name what is odd about a number after the last one of its list."""
    if marker.first:
        return "restart"
    if marker.value == before:
        return "repeat"
    return "gap" if marker.value > before else "back"


def printed_before(before: Node, marker: Marker) -> bool:
    """Say whether all numbers that seem to be missing stand further up in the list, out of order."""
    missing = range(before.value[-1] + 1, marker.value[-1])
    there = before.parent.printed if before.parent else set()
    return all((*marker.value[:-1], each) in there for each in missing)


def told(kind: str, before: str, node: Node) -> str:
    """Say in the reader's words what is odd about a printed number."""
    printed = node.core
    return {
        "gap": f"编号从“{before}”跳到“{printed}”，中间缺号",
        "back": f"编号“{printed}”排在“{before}”之后，次序不对",
        "repeat": f"编号“{printed}”重复出现",
        "restart": f"编号在“{before}”之后又从“{printed}”开始",
        "start": f"这一列编号从“{printed}”开始，前面没有更小的号",
        "tight": f"“{printed}.”后面紧跟数字，这里读作第 {printed} 项，也可能被看成小数编号",
    }[kind]


def contents_lines(lines: Sequence[Line]) -> set[int]:
    """Find the lines of a table of contents: headings in a row that all come again below."""
    keys = [PAGE_NUMBER.sub("", "".join(line.text.strip("#* ").split())) for line in lines]
    places: dict[str, list[int]] = {}
    for index, key in enumerate(keys):
        places.setdefault(key, []).append(index)
    found: set[int] = set()
    for run in runs(lines):
        if not announced(lines, run[0]) and any(
            marker.style not in CONTENTS_UNITS
            for index in run
            for marker in lines[index].opening[:1]
        ):
            continue
        while run and places[keys[run[-1]]][-1] <= run[-1]:
            run.pop()
        if len(run) > 1 and all(
            bisect_left(places[keys[index]], run[-1] + 1) < len(places[keys[index]])
            for index in run
        ):
            found.update(run)
    return found


def announced(lines: Sequence[Line], index: int) -> bool:
    """Say whether one of the few lines above holds the word 目录 and nothing else."""
    return any(
        CONTENTS.fullmatch(line.text.strip("#*= "))
        for line in lines[max(index - CONTENTS_DISTANCE, 0) : index]
    )


def runs(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Give the runs of lines that each begin with a marker, 附则 or 附件; blank lines between are allowed."""
    run: list[int] = []
    for index, line in enumerate(lines):
        if line.blank or line.page:
            continue
        numbered = line.opening and not line.opening[0].bullet
        words = "" if numbered else PAGE_NUMBER.sub("", line.text)
        if numbered or CHAPTER_NAME.fullmatch(words) or ANNEX.fullmatch(words):
            run.append(index)
        elif run:
            yield run
            run = []
    if run:
        yield run
