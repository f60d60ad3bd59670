"""The texts of a folder, by policy; a policy has as many versions as texts with its id.

The newest is the text in force. An older one lies beside it under any name, `rd-grades@2024-01-01.txt`
say, with the same 编号 and its own 生效日期 in front: so whoever changes a text keeps a copy of the old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from build_scripts.outline import Document
from build_scripts.source import SourceError, load

EFFECTIVE = "生效日期"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One version of a text: its file, and from which day to which it is in force, as ISO dates.

    `until` is empty for the version in force.
    """

    path: Path
    document: Document
    since: str
    until: str = ""

    def overlaps(self, since: str, end: str) -> bool:
        """Tell whether it is in force at some time from a day on and before another; none is for ever."""
        return (not end or self.since < end) and (not self.until or self.until >= since)


@dataclass(frozen=True, slots=True)
class TextProblem:
    """A text that cannot be used, in the words of the person who wrote it."""

    path: Path
    message: str


def load_texts(folder: Path) -> tuple[dict[str, tuple[Text, ...]], list[TextProblem]]:
    """Read every text of a folder: the versions of each policy, the oldest first."""
    found: dict[str, list[tuple[Path, Document]]] = {}
    problems: list[TextProblem] = []
    for path in sorted(folder.glob("*.txt")):
        try:
            document = load(path)
        except SourceError as error:
            problems.append(TextProblem(path, str(error).removeprefix(f"{path}：")))
            continue
        versions = found.setdefault(document.policy, [])
        problem = clash(document, [other for _, other in versions])
        if problem:
            problems.append(TextProblem(path, problem))
        else:
            versions.append((path, document))
    return {policy: dated(versions) for policy, versions in found.items()}, problems


def clash(document: Document, others: list[Document]) -> str:
    """Say why a further text of one id cannot be told from the others."""
    mine = document.front.get(EFFECTIVE, "")
    if not others:
        return ""
    if any(other.front.get(EFFECTIVE, "") == mine for other in others):
        return f"编号 {document.policy} 已经有另一篇在用，一个编号只能有一篇"
    for day in (mine, *(other.front.get(EFFECTIVE, "") for other in others)):
        if not is_day(day):
            given = f"写的是“{day}”" if day else "没有写"
            return (
                f"编号 {document.policy} 有两版，生效日期{given}，应是 2024-01-31 这样的日期，"
                "才分得清哪一版在用"
            )
    return ""


def is_day(text: str) -> bool:
    """Tell whether a front line holds a day as 2024-01-31."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def dated(versions: list[tuple[Path, Document]]) -> tuple[Text, ...]:
    """Put the versions of one policy in the order of their days; each ends the day before the next."""
    ordered = sorted(versions, key=lambda version: version[1].front.get(EFFECTIVE, ""))
    days = [document.front.get(EFFECTIVE, "") for _, document in ordered]
    ends = [day_before(later) for _, later in pairwise(days)]
    return tuple(
        Text(path=path, document=document, since=since, until=until)
        for (path, document), since, until in zip(ordered, days, [*ends, ""], strict=True)
    )


def day_before(day: str) -> str:
    """Give the day before a day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def in_force(texts: Mapping[str, tuple[Text, ...]]) -> dict[str, Document]:
    """Give the text in force of each policy."""
    return {policy: versions[-1].document for policy, versions in texts.items()}


def earlier(texts: Mapping[str, tuple[Text, ...]]) -> dict[str, tuple[Text, ...]]:
    """Give the older versions of each policy, the oldest first."""
    return {policy: versions[:-1] for policy, versions in texts.items()}
