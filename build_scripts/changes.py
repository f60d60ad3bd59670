"""What changed between two versions of a text and its figures: clause by clause, in words and side by side.

Pure: documents and traced figures in, changes out. A clause is the same clause where its id is; one whose
words stand unchanged under another number has moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, cast

from markupsafe import Markup

from build_scripts.figures import Trace
from build_scripts.outline import Clause, Document

type Kind = Literal["changed", "added", "gone", "moved"]
type Edit = tuple[str, int, int, int, int]

TOKEN = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?|[A-Za-z]+|\s+|.", re.DOTALL)
NUMBER = re.compile(r"[0-9０-９.．]+")
UNIT = re.compile(r"个月|[%％]|[^\W\d_]")
CLOSE = 2  # edits with fewer tokens than this between them are read as one
MOST_TOLD = 4
LONGEST_TOLD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one clause: the sentence that tells it, and its words then and now, marked."""

    kind: Kind
    before: Clause | None
    after: Clause | None
    says: str
    was: Markup
    now: Markup

    @property
    def clause(self) -> Clause:
        """Give the clause as it is now, or as it last was."""
        return self.after or cast("Clause", self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """A figure that a calculator reads, then and now; None where it was not there."""

    before: Trace | None
    after: Trace | None

    @property
    def trace(self) -> Trace:
        """Give the figure as it is now, or as it last was."""
        return self.after or cast("Trace", self.before)


def changed_clauses(old: Document, new: Document) -> Iterator[Change]:
    """Give every clause that is not as it was, in the order of the texts."""
    was, now = ({each.path: each for each in clauses(text)} for text in (old, new))
    other = {
        path for path in was.keys() | now.keys()
        if path not in was or path not in now or words(was[path]) != words(now[path])
    }  # fmt: skip
    lost = {words(was[path]): path for path in was if path in other and words(was[path])}
    moved = {
        path: lost.pop(words(now[path])) for path in now
        if path in other and words(now[path]) in lost
    }  # fmt: skip
    left = set(moved.values())
    for path in merged([*was], [*now]):
        if path not in other:
            continue
        before, after = None if path in left else was.get(path), now.get(path)
        if path in moved:
            before = was[moved[path]]
            says = f"编号由 {before.label} 改为 {now[path].label}，文字没变"
            yield whole("moved", before, now[path], says)
        elif before and after:
            yield changed(before, after)
        elif after:
            yield whole("added", None, after, "新加的一条")
        elif before:
            yield whole("gone", before, None, "去掉了这一条")


def clauses(document: Document) -> Iterator[Clause]:
    """Give the clauses of the text itself, without title and front lines."""
    return (clause for clause in document.walk() if clause.path != "front")


def words(clause: Clause) -> str:
    """Give a clause's own words in one line, so that a line that was broken anew is no change."""
    return " ".join(f"{clause.heading} {clause.text}".split())


def merged(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Give all ids in the order of both texts, those that are gone at the place where they were."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        yield from dict.fromkeys([*old[old_start:old_end], *new[new_start:new_end]])


def whole(kind: Kind, before: Clause | None, after: Clause | None, says: str) -> Change:
    """Tell of a clause that came, went or moved as a whole."""
    was = Markup("{}").format(words(before)) if before else Markup()
    now = Markup("{}").format(words(after)) if after else Markup()
    if kind == "added":
        now = Markup("<ins>{}</ins>").format(now)
    if kind == "gone":
        was = Markup("<del>{}</del>").format(was)
    return Change(kind=kind, before=before, after=after, says=says, was=was, now=now)


def changed(before: Clause, after: Clause) -> Change:
    """Tell of a clause whose words are others now."""
    old, new = TOKEN.findall(words(before)), TOKEN.findall(words(after))
    edits = joined_edits(
        slid(SequenceMatcher(None, old, new, autojunk=False).get_opcodes(), old, new)
    )
    told = [sentence(edit, old, new) for edit in edits if edit[0] != "equal"]
    return Change(
        kind="changed", before=before, after=after,
        says="，".join(told) if len(told) <= MOST_TOLD else f"改写了 {len(told)} 处",
        was=marked(edits, old, "del", lambda edit: (edit[1], edit[2])),
        now=marked(edits, new, "ins", lambda edit: (edit[3], edit[4])),
    )  # fmt: skip


def slid(edits: Sequence[Edit], old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Move what came or went as far back as it can stand: 少于(或等于), where 少(于或等)于 is the same."""
    forward = 0
    for index, (tag, old_start, old_end, new_start, new_end) in enumerate(edits):
        if tag == "equal":
            start, forward = forward, 0
            ahead = edits[index + 1] if index + 1 < len(edits) else None
            back = room(ahead, edits[index + 2 : index + 3], old, new)
            yield (tag, old_start + start, old_end + back, new_start + start, new_end + back)
        elif tag == "replace" or index == 0:
            yield (tag, old_start, old_end, new_start, new_end)
        else:
            forward = room(edits[index], edits[index + 1 : index + 2], old, new)
            yield (
                tag,
                old_start + forward,
                old_end + forward,
                new_start + forward,
                new_end + forward,
            )


def room(
    edit: Edit | None, following: Sequence[Edit], old: Sequence[str], new: Sequence[str]
) -> int:
    """Count the signs by which an edit can move into the equal words after it, some of which stay."""
    if not edit or not following or edit[0] not in ("delete", "insert"):
        return 0
    tokens, start, end = (old, edit[1], edit[2]) if edit[0] == "delete" else (new, edit[3], edit[4])
    most = following[0][2] - following[0][1] - 1
    steps = 0
    while steps < most and tokens[start + steps] == tokens[end + steps]:
        steps += 1
    return steps


def joined_edits(edits: Iterable[Edit]) -> list[Edit]:
    """Join edits that only a sign or two keep apart: a reader sees one change there."""
    found: list[Edit] = []
    listed = list(edits)
    for index, edit in enumerate(listed):
        small = edit[0] == "equal" and edit[2] - edit[1] < CLOSE and index < len(listed) - 1
        if found and found[-1][0] != "equal" and (edit[0] != "equal" or small):
            found[-1] = ("replace", found[-1][1], edit[2], found[-1][3], edit[4])
        else:
            found.append(edit)
    return found


def sentence(edit: Edit, old: Sequence[str], new: Sequence[str]) -> str:
    """Say one edit in words; a number is told with its unit."""
    was, now = "".join(old[edit[1] : edit[2]]).strip(), "".join(new[edit[3] : edit[4]]).strip()
    if NUMBER.fullmatch(was) and NUMBER.fullmatch(now):
        unit = UNIT.match("".join(new[edit[4] :]))
        after = f" {unit[0]}" if unit else ""
        return f"{was}{after} 改为 {now}{after}"
    if was and now:
        return f"“{short(was)}” 改为 “{short(now)}”"
    return f"去掉“{short(was)}”" if was else f"加上“{short(now)}”"


def short(text: str) -> str:
    """Keep the beginning of long words; all of them stand beside."""
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}……"


def marked(
    edits: Sequence[Edit], tokens: Sequence[str], tag: str, span: Callable[[Edit], tuple[int, int]]
) -> Markup:
    """Mark in a clause's words what is not in the other version."""
    out = Markup()
    for edit in edits:
        start, end = span(edit)
        text = "".join(tokens[start:end])
        if edit[0] != "equal" and text:
            out += Markup(f"<{tag}>{{}}</{tag}>").format(text)  # noqa: S704 - the tag is ours
        else:
            out += text
    return out


def changed_figures(old: Sequence[Trace], new: Sequence[Trace]) -> Iterator[FigureChange]:
    """Give the figures whose numbers are others now, that came, or that went."""
    was, now = ({each.figure: each for each in traces} for traces in (old, new))
    for figure in merged([*was], [*now]):
        before, after = was.get(figure), now.get(figure)
        if before is None or after is None or before.numbers != after.numbers:
            yield FigureChange(before=before, after=after)
