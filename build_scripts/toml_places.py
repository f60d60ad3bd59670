"""Where each value of a TOML file stands, which `tomllib` does not tell.

Written for files that `tomllib` has read already: it follows keys, tables, arrays and strings, and leaves
it to `tomllib` to say what is no TOML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

type Path = tuple[str | int, ...]

BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
BARE = re.compile(r"[A-Za-z0-9_-]+")
PLAIN = re.compile(r"[^,\]}#\n]*[^,\]}#\s]")


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the file, as offsets."""

    start: int
    end: int


@lru_cache(maxsize=32)  # the checks ask several times for each of a dozen files
def value_places(text: str) -> Mapping[Path, Place]:
    """Give the place of every value: `("version", 0, "bonus", 1, "min")` -> where its 600 stands."""
    return MappingProxyType(Scanner(text).scan())


def line_of(text: str, offset: int) -> int:
    """Give the line, counted from 1, on which an offset lies."""
    return text.count("\n", 0, offset) + 1


class Scanner:
    """Reads a file from the front to the end, and notes each value's place under its path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[Path, Place] = {}
        self.tables: dict[Path, int] = {}

    def scan(self) -> dict[Path, Place]:
        """Read the whole file."""
        table: Path = ()
        self.skip()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self.header()
            else:
                self.pair(table)
            self.skip()
        return self.places

    def skip(self) -> None:
        """Step over blanks, line ends and comments."""
        found = BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, pattern: re.Pattern[str]) -> str:
        """Step over a piece that must be there."""
        found = pattern.match(self.text, self.at)
        if not found:
            raise ValueError(f"no TOML at line {line_of(self.text, self.at)}")
        self.at = found.end()
        return found[0]

    def header(self) -> Path:
        """Read `[table]` or `[[table]]`, and give the path of what follows."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        keys = self.keys()
        self.at += brackets
        path: Path = ()
        for key in keys[:-1]:
            path = self.inside((*path, key))
        path = (*path, keys[-1])
        if brackets == 1:
            return path
        self.tables[path] = self.tables.get(path, -1) + 1
        return (*path, self.tables[path])

    def inside(self, path: Path) -> Path:
        """Go into the newest table of an array of tables, where the path is one."""
        return (*path, self.tables[path]) if path in self.tables else path

    def keys(self) -> list[str]:
        """Read a key, dotted or quoted."""
        found = []
        while True:
            self.skip()
            quoted = self.text[self.at] in "\"'"
            found.append(self.take(STRING)[1:-1] if quoted else self.take(BARE))
            self.skip()
            if not self.text.startswith(".", self.at):
                return found
            self.at += 1

    def pair(self, table: Path) -> None:
        """Read `key = value`."""
        path = (*table, *self.keys())
        self.at += len("=")
        self.value(path)

    def value(self, path: Path) -> None:
        """Read a value and note its place."""
        self.skip()
        start = self.at
        match self.text[start]:
            case "[":
                self.entries(path, "]")
            case "{":
                self.entries(path, "}")
            case '"' | "'":
                self.take(STRING)
            case _:
                self.take(PLAIN)
        self.places[path] = Place(start, self.at)

    def entries(self, path: Path, end: str) -> None:
        """Read what stands between brackets or braces."""
        self.at += 1
        index = 0
        self.skip()
        while not self.text.startswith(end, self.at):
            if end == "]":
                self.value((*path, index))
                index += 1
            else:
                self.pair(path)
            self.skip()
            if self.text.startswith(",", self.at):
                self.at += 1
                self.skip()
        self.at += 1
