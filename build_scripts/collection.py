"""A file that holds several texts -> one file each, with front lines; nothing is asked, all is reported."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
class Report:
    """What an import did."""

    source: Path
    files: tuple[Imported, ...]
    before: str

    def lines(self) -> Iterator[str]:
        """Tell it in the reader's words, a line each."""
        yield f"{self.source}：找到 {len(self.files)} 篇"
        states = {"new": "写入", "same": "已有，内容相同"}
        for each in self.files:
            yield f"  第 {each.part.line} 行《{each.part.title}》→ {each.path}（{states[each.state]}）"
        if self.before:
            yield f"  第一篇之前的文字没有归入任何一篇：“{shortened(self.before)}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A line that begins a text of the collection."""

    line: int
    title: str
    printed: str


def split_collection(text: str) -> list[Part]:
    """Split a collection into its texts; a file that is none gives itself as the one part."""
    lines = text.split("\n")
    headings = find_headings(lines)
    if not headings:
        title = read_front(text).title or "未命名"
        return [Part(title=title, text=text.strip("\n") + "\n", line=1)]
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
    return parts


def find_headings(lines: Sequence[str]) -> list[Heading]:
    """Find the lines that begin a text: numbered from 1 on, a title said again, or # titles."""
    for pattern in NUMBERED_HEADINGS:
        found = numbered_headings(lines, pattern)
        if len(found) > 1:
            return found
    found = repeated_titles(lines)
    return found if len(found) > 1 else hash_titles(lines)


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


def repeated_titles(lines: Sequence[str]) -> list[Heading]:
    """Find a title that stands alone on several lines, the first printed line among them."""
    printed = [(at, line.strip().strip("#* ")) for at, line in enumerate(lines) if line.strip()]
    if not printed:
        return []
    title = printed[0][1]
    if NO_TITLE.search(title) or len(title) > LONGEST_TITLE or not re.search(r"\w", title):
        return []
    return [Heading(line=at, title=title, printed=words) for at, words in printed if words == title]


def hash_titles(lines: Sequence[str]) -> list[Heading]:
    """Find Markdown's titles of the first level, where there are several."""
    found = [
        Heading(line=at, title=match["title"].strip("#* "), printed=match["title"].strip("#* "))
        for at, line in enumerate(lines)
        for match in (TITLE_HEADING.fullmatch(line.strip()),)
        if match
    ]
    return found if len(found) > 1 else []


def import_collection(path: Path, into: Path, ids: Sequence[str] | None = None) -> Report:
    """Write each text of a collection to a file of its own, named by `ids` or else by its number.

    Raises:
        CollectionError: there is nothing in it, the ids do not fit, or a file is there already and says
            something else.

    """
    text = read_text(path)
    if not text.strip():
        raise CollectionError(f"{path}：里面没有内容")
    parts = split_collection(text)
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
