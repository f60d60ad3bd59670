"""A file that holds several texts -> one file each, with front lines; nothing is asked, all is reported."""

from __future__ import annotations

import re
import tempfile
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from build_scripts.markers import CLOSING, SENTENCE_END, Marker, scan
from build_scripts.nesting import ANNEX, follows
from build_scripts.numerals import ARABIC, CHINESE, parse_numeral
from build_scripts.outline import LONGEST_TITLE, read_front
from build_scripts.source import read_text

NUMBER = f"(?P<number>[{CHINESE}]{{1,5}}|[{ARABIC}]{{1,3}})"
NUMBERED_HEADINGS = (
    re.compile(
        rf"(?P<before>.*?)[\s(（【\[]*第\s?{NUMBER}\s?[篇份]\s*[)）】\]]*\s*[：:]?\s*(?P<after>.*)"
    ),
    re.compile(
        rf"(?P<before>.*?)[\s(（【\[]*[篇范文]{NUMBER}\s*[)）】\]]*\s*[：:]?\s*(?P<after>.*)"
    ),
    re.compile(rf"(?P<before>.{{2,}}?)\s*[(（]\s*{NUMBER}\s*[)）](?P<after>)"),
)
TITLE_HEADING = re.compile(r"#[ \t\u3000]+(?P<title>\S.*)")
NO_TITLE = re.compile(r"[。；;！!？?：:，,|]")
# How the names of policies and laws end, with what may stand behind: 考勤管理办法（试行）, 差旅制度 V2.1.
POLICY_NAME = re.compile(
    r"《?.{0,60}(?:制度|办法|规定|规则|规程|细则|条例|守则|章程|方案|流程|标准|规范|手册|须知|准则|指引|预案|公约"
    r"|通知|决定|决议|意见|解释|安排|批复|(?<![办方做用算])法)》?"
    r"(?:[（(][^（）()]{1,20}[)）])?(?:[ \t]?[Vv]?\d{1,4}(?:\.\d{1,2})?版?)?"
)
POLICY_END = re.compile(
    r"负责解释|解释权|起(?:正式)?(?:施行|执行|实施|生效|试行)|(?:公布|发布|颁布|签发)之日"
)
LONGEST_ENDING = 3
FARTHEST_NUMBER = 12
UNDATED = re.compile(r"[^\d（）()：:]+")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class CollectionError(ValueError):
    """An import that cannot be done; the message says why, and nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One text of a collection; `line` is its heading's line (1-based), `heading` as printed."""

    title: str
    text: str
    line: int
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One file of an import: `state` is "new" or "same" (there already, word for word)."""

    path: Path
    part: Part
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that begins a text of the collection."""

    line: int
    title: str
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did."""

    source: Path
    files: tuple[Imported, ...]
    before: str
    doubts: tuple[Heading, ...] = ()

    def lines(self) -> Iterator[str]:
        """Tell it in the reader's words, a line each."""
        yield f"{self.source}：找到 {len(self.files)} 篇"
        states = {"new": "写入", "same": "已有，内容相同"}
        for each in self.files:
            yield f"  第 {each.part.line} 行《{each.part.title}》→ {each.path}（{states[each.state]}）"
        if self.before:
            yield f"  第一篇之前的文字没有归入任何一篇：“{shortened(self.before)}”"
        for doubt in self.doubts:
            yield f"  第 {doubt.line + 1} 行“{doubt.printed}”可能是另一篇的标题，拿不准，没有在这里拆开"
        if self.doubts:
            whole = "整份文件仍是一篇；" if len(self.files) == 1 else ""
            yield f"  {whole}要在那里拆开，请在每一篇的标题前面加上“# ”，再导入一次"


def split_collection(text: str) -> list[Part]:
    """Split a collection into its texts; a file that is none gives itself as the one part."""
    return find_parts(text)[0]


def find_parts(text: str) -> tuple[list[Part], list[Heading]]:
    """Split a collection into its texts; give these, and the lines that may begin another one."""
    lines = text.split("\n")
    headings, doubts = find_headings(lines)
    if not headings:
        title = read_front(text).title or "未命名"
        return [Part(title=title, text=text.strip("\n") + "\n", line=1)], doubts
    shared = Counter(heading.title for heading in headings)
    ends = [heading.line for heading in headings[1:]] + [len(lines)]
    parts = []
    for heading, end in zip(headings, ends, strict=True):
        body = "\n".join(lines[heading.line + 1 : end]).strip("\n")
        title = heading.title
        if not title or shared[title] > 1:
            title = read_front(body).title or title or heading.printed
        parts.append(
            Part(title=title, text=body + "\n", line=heading.line + 1, heading=heading.printed)
        )
    return parts, doubts


def find_headings(lines: Sequence[str]) -> tuple[list[Heading], list[Heading]]:
    """Find the lines that begin a text: numbered from 1 on, a title said again, # titles, plain titles.

    Only plain titles can be doubtful; these come second.
    """
    for pattern in NUMBERED_HEADINGS:
        found = numbered_headings(lines, pattern)
        if len(found) > 1:
            return found, []
    marked = hash_titles(lines)
    numbering = Numbering(lines)
    found = repeated_titles(lines, numbering)
    if len(found) > 1 or marked:
        return (found if len(found) > 1 else marked), []
    return plain_titles(numbering)


def numbered_headings(lines: Sequence[str], pattern: re.Pattern[str]) -> list[Heading]:
    """Find short lines that count 1, 2, 3 in one way."""
    found: list[Heading] = []
    for at, line in enumerate(lines):
        words = line.strip().strip("#*= ").strip("\u200b\ufeff")
        if not 0 < len(words) <= LONGEST_TITLE or words.endswith(tuple("。；;，,")):
            continue
        match = pattern.fullmatch(words)
        if match and parse_numeral(match["number"]) == len(found) + 1:
            title = (match["before"] or match["after"]).strip(" \t\u3000：:-—")
            found.append(Heading(line=at, title=title, printed=words))
    return found


def repeated_titles(lines: Sequence[str], numbering: Numbering) -> list[Heading]:
    """Find a title that stands alone on several lines, the first printed line among them.

    Where the numbers go on below it, it is what each page prints at its head.
    """
    printed = [(at, line.strip().strip("#* ")) for at, line in enumerate(lines) if line.strip()]
    if not printed:
        return []
    title = printed[0][1]
    if NO_TITLE.search(title) or len(title) > LONGEST_TITLE or not re.search(r"\w", title):
        return []
    found = [
        Heading(line=at, title=title, printed=words) for at, words in printed if words == title
    ]
    below = [numbering.below(each.line) for each in found]
    goes_on = any(not numbering.markers[each].first for each in below if each is not None)
    return [] if goes_on else found


def hash_titles(lines: Sequence[str]) -> list[Heading]:
    """Find Markdown's titles of the first level, where there are several."""
    found = [
        Heading(line=at, title=match["title"].strip("#* "), printed=match["title"].strip("#* "))
        for at, line in enumerate(lines)
        for match in (TITLE_HEADING.fullmatch(line.strip()),)
        if match
    ]
    return found if len(found) > 1 else []


class Numbering:
    """Where the numbers of a file's lines begin and go on, to tell a title from a heading in a text."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Note for each line its words and the number that it begins with, for each family the places."""
        self.lines = scan("\n".join(lines))
        self.printed = [at for at, line in enumerate(self.lines) if not line.silent]
        self.markers: dict[int, Marker] = {}
        self.places: dict[str, list[int]] = {}
        for at in self.printed:
            marker = next(filter(counts, self.lines[at].opening), None)
            if marker:
                self.markers[at] = marker
                self.places.setdefault(marker.family, []).append(at)
        self.names = {at: words for at in self.printed if (words := self.name(at))}

    def coming(self, family: str, at: int) -> Marker | None:
        """Give the next number of a family below a line."""
        places = self.places.get(family, [])
        index = bisect_right(places, at)
        return self.markers[places[index]] if index < len(places) else None

    def below(self, at: int) -> int | None:
        """Give the line with the first number below a title, if no other title stands between."""
        start = bisect_right(self.printed, at)
        for below in self.printed[start : start + FARTHEST_NUMBER]:
            if below in self.markers:
                return below
            if below in self.names:
                return None
        return None

    def begins(self, at: int) -> bool:
        """Say whether a number is the first of a list that goes on; 第一章 may be all there is."""
        marker = self.markers[at]
        second = self.coming(marker.family, at)
        goes_on = second is not None and follows(marker.value, second.value)
        return marker.first and (goes_on or (bool(marker.unit) and marker.firm))

    def name(self, at: int) -> str:
        """Give a line's words where they are a policy's name; else nothing."""
        line = self.lines[at]
        words = re.sub(
            r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])", "", line.text.strip("*= ")
        )
        plain = not line.level and not line.table and at not in self.markers
        found = plain and not NO_TITLE.search(words) and POLICY_NAME.fullmatch(words)
        return words if found else ""

    def stands_inside(self, at: int, above: TextAbove) -> bool:
        """Say whether a title stands in the text above it: as an annex, or as the numbers go on below."""
        before = self.above(at)
        if before and ANNEX.fullmatch(self.lines[before[0]].text):
            return True
        coming = self.coming(above.top.family, at) if above.top else None
        return bool(above.top and coming and follows(above.top.value, coming.value))

    def begins_text(self, at: int, begin: int, above: TextAbove) -> bool:
        """Say whether a policy's name certainly begins a text: the one above has ended, or counted once."""
        if any(POLICY_END.search(self.lines[each].text) for each in self.above(at)):
            return True
        family, top = self.markers[begin].family, above.top
        same = top and (family == top.family or family[0] == top.family[0] == "第")
        set_off = family[0] in "第一" or self.lines[at - 1].silent
        return bool(same and set_off and above.begun[family] <= 1 and not above.captioned)

    def set_off(self, at: int) -> bool:
        """Say whether a line goes on no sentence: a blank line or a sentence's end stands above it."""
        before = self.lines[at - 1]
        return before.silent or before.text[-1] in SENTENCE_END + CLOSING

    def doubtful(self, at: int, begin: int, above: TextAbove) -> bool:
        """Say whether a line that is no policy's name stands where the numbers of the top begin anew."""
        family = self.markers[begin].family
        right_above = self.above(begin)[0] == at
        return bool(
            above.top and family == above.top.family and right_above and not above.captioned
        )

    def above(self, at: int) -> list[int]:
        """Give the last few printed lines above a line, the nearest first."""
        end = bisect_left(self.printed, at)
        return self.printed[max(end - LONGEST_ENDING, 0) : end][::-1]

    def is_caption(self, at: int) -> bool:
        """Say whether a line is a short heading without number and date."""
        words = self.lines[at].text
        return (
            at not in self.markers
            and not self.lines[at].level
            and len(words) <= LONGEST_TITLE // 2
            and bool(UNDATED.fullmatch(words))
            and not NO_TITLE.search(words)
        )


def counts(marker: Marker) -> bool:
    """Say whether a number at the beginning of a line counts whole items: 第一条, 一、, 1., not 1.1, A, ●."""
    return not (marker.bullet or marker.lettered or marker.tight or len(marker.value) > 1)


@dataclass(slots=True)
class TextAbove:
    """What plain_titles knows of the text that it is in: its numbering so far."""

    begun: Counter[str] = field(default_factory=Counter)
    top: Marker | None = None
    captioned: bool = False

    def add(self, marker: Marker, *, captioned: bool) -> None:
        """Take note of a number; the first one is of the text's top level."""
        if self.top is None:
            self.captioned = self.captioned or captioned
        if self.top is None or marker.family == self.top.family:
            self.top = marker
        self.begun[marker.family] += marker.first


def plain_titles(numbering: Numbering) -> tuple[list[Heading], list[Heading]]:
    """Find titles that nothing marks: a policy's name, and below it numbers that begin anew.

    It begins another text where the numbering that begins below it has run once in the text above,
    or that text ends as policies do; where the numbers above go on below, it is a heading inside.
    Where nothing is split, the names over texts without numbers are doubtful too.
    """
    found: list[Heading] = []
    doubts: list[Heading] = []
    bare: list[Heading] = []
    above = TextAbove()
    for at, before in zip(numbering.printed, [-1, *numbering.printed], strict=False):
        marker = numbering.markers.get(at)
        if marker:
            under = before not in {-1, *(each.line for each in (*found[-1:], *doubts[-1:]))}
            above.add(marker, captioned=under and numbering.is_caption(before))
            continue
        named = at in numbering.names
        begin = numbering.below(at) if named or numbering.is_caption(at) else None
        if begin is None and (not named or numbering.lines[at].opening):
            continue
        if numbering.stands_inside(at, above) or (
            begin is not None and not numbering.begins(begin)
        ):
            continue
        title = numbering.names.get(at, numbering.lines[at].text)
        title = re.sub(r"\A《([^《》]+)》\Z", r"\1", title)
        heading = Heading(line=at, title=title, printed=numbering.lines[at].text)
        first = above.top is None
        if begin is None:
            bare.append(heading)
        elif (first and not found) or (named and numbering.begins_text(at, begin, above)):
            found.append(heading)
            above = TextAbove()
        elif named or numbering.doubtful(at, begin, above):
            doubts.append(heading)
            above = TextAbove(captioned=above.captioned)
    if len(found) > 1:
        return found, doubts
    # The first name is the text's own, at the head of its pages too; one in the contents comes again.
    names = sorted([*found, *bare], key=attrgetter("line"))
    others = {
        each.title: each
        for each in names
        if each.title != names[0].title and numbering.set_off(each.line)
    }
    return [], sorted([*doubts, *others.values()], key=attrgetter("line"))


def import_collection(path: Path, into: Path, ids: Sequence[str] | None = None) -> Report:
    """Write each text of a collection to a file of its own, named by `ids` or else by its number.

    Raises:
        CollectionError: there is nothing in it, the ids do not fit, or a file is there already and says
            something else.

    """
    text = read_text(path)
    if not text.strip():
        raise CollectionError(f"{path}：里面没有内容")
    parts, doubts = find_parts(text)
    names = names_for(parts, ids)
    contents = {
        into / f"{name}.txt": written(part, name) for name, part in zip(names, parts, strict=True)
    }
    states = {target: state_of(target, content) for target, content in contents.items()}
    differing = [str(target) for target, state in states.items() if state == "differs"]
    if differing:
        raise CollectionError(
            f"这些文件已经存在，内容不同，没有改动任何文件：{'、'.join(differing)}；请先移走，或换一个文件夹"
        )
    write_all(
        {target: contents[target] for target, state in states.items() if state == "new"}, into
    )
    before = "\n".join(text.split("\n")[: parts[0].line - 1]).strip()
    return Report(
        source=path,
        files=tuple(
            Imported(path=target, part=part, state=states[target])
            for target, part in zip(contents, parts, strict=True)
        ),
        before=before,
        doubts=tuple(doubts),
    )


def names_for(parts: Sequence[Part], ids: Sequence[str] | None) -> list[str]:
    """Name the parts' files: by the ids given, in order, or by number."""
    if ids is None:
        width = len(str(len(parts)))
        return [f"{number:0{width}}" for number in range(1, len(parts) + 1)]
    if len(ids) != len(parts):
        titles = "、".join(f"《{part.title}》" for part in parts)
        raise CollectionError(f"给了 {len(ids)} 个编号，文件里有 {len(parts)} 篇：{titles}")
    wrong = [name for name in ids if not ID.fullmatch(name)]
    if wrong:
        raise CollectionError(
            f"编号只能用字母、数字、点、短横和下划线：{'、'.join(map(repr, wrong))}"
        )
    twice = [name for name, times in Counter(name.lower() for name in ids).items() if times > 1]
    if twice:
        raise CollectionError(f"编号重复：{'、'.join(twice)}")
    return list(ids)


def written(part: Part, name: str) -> str:
    """Give a part as a file: its front lines, a blank line, its text."""
    source = f"出处：{part.heading}\n" if part.heading and part.heading != part.title else ""
    return f"标题：{part.title}\n编号：{name}\n{source}\n{part.text}"


def state_of(target: Path, content: str) -> str:
    """Say whether a file is "new", the "same", or "differs" from what is to be written."""
    if not target.exists():
        return "new"
    return "same" if target.is_file() and target.read_bytes() == content.encode() else "differs"


def write_all(contents: dict[Path, str], into: Path) -> None:
    """Write all files or, where one fails, none."""
    try:
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=into, prefix=".import-") as folder:
            staged = {target: Path(folder) / target.name for target in contents}
            for target, place in staged.items():
                place.write_bytes(contents[target].encode())
            for target, place in staged.items():
                place.replace(target)
    except OSError as error:
        raise CollectionError(f"{into}：写不进去（{error.strerror}）") from error


def shortened(words: str, length: int = 40) -> str:
    """Give the beginning of some words, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[:length]}…"
