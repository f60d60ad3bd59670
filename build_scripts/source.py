"""Text files as people save them -> strings: UTF-8 with or without BOM, GB18030, UTF-16, any line ends."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from build_scripts.outline import Document, parse, read_front

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE = 4096
USUAL = re.compile(r"[\t\n\r -~\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


class SourceError(ValueError):
    """A text file that cannot be read; the message is for the person who wrote it."""


def load(path: Path) -> Document:
    """Read a policy text; its id is the front line 编号, or else the file's name before `.` or `@`."""
    text = read_text(path)
    return parse(text, read_front(text).pairs.get("编号") or path.stem.partition("@")[0])


def read_text(path: Path) -> str:
    """Read a text in whichever encoding it was saved; every line end becomes a line feed.

    Raises:
        SourceError: the file is missing or in no known encoding; the message names file and byte.

    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}：打不开这个文件（{error.strerror}）") from error
    text = decode(content, str(path))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode(content: bytes, name: str) -> str:
    """Turn bytes into text, by mark, by form, or by trial."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return strictly(content[len(mark) :], encoding, name, len(mark))
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError as error:
        if mostly_utf8(content):
            raise unreadable(name, error.start) from error
        encoding = "gb18030"
    wide = wide_encoding(content)
    if wide and share_usual(content, wide) > share_usual(content, encoding):
        encoding = wide
    return strictly(content, encoding, name, 0)


def strictly(content: bytes, encoding: str, name: str, skipped: int) -> str:
    """Decode, or say at which byte that fails."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(name, skipped + error.start) from error


def unreadable(name: str, offset: int) -> SourceError:
    """Say where a file cannot be read, and what to do."""
    return SourceError(
        f"{name}：第 {offset + 1} 个字节（偏移 {offset}）读不出文字，文件可能损坏，"
        "或不是 UTF-8、GB18030、UTF-16 编码；请用记事本打开，另存为 UTF-8 再试"
    )


def mostly_utf8(content: bytes) -> bool:
    """Say whether this is UTF-8 with a few damaged places rather than another encoding."""
    text = content.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    sound = sum(sign > "\x7f" for sign in text) - damaged
    return sound > 4 * damaged


def share_usual(content: bytes, encoding: str) -> float:
    """Give how much of a reading is what Chinese texts are made of; a wrong reading is a medley."""
    text = content[:SAMPLE].decode(encoding, errors="replace")
    return sum(len(run) for run in USUAL.findall(text)) / max(len(text), 1)


def wide_encoding(content: bytes) -> str:
    """Say which UTF-16 without a mark this may be, by the zero bytes of its line ends and digits."""
    sample = content[:SAMPLE]
    if b"\0" not in sample or len(content) % 2:
        return ""
    little, big = sample[1::2].count(0), sample[0::2].count(0)
    return "utf-16-le" if little > big else "utf-16-be"
