"""The engine, Python compiled to WebAssembly, cut down to the functions that are used.

Much of a start is the browser compiling 13,000 functions, and giving each of the 9,700 that are exported a
place of its own, so that packages could be linked to them, of which there are none. While the runtime is
built, an engine that counts calls answers requests of all kinds (`rehearsal.py`). What was never called is
left empty: a call that comes after all ends the run, before anything is answered, and the worker then
starts the whole engine. Functions keep their numbers, so that whoever holds one finds the same.

Pyodide's script gives every exported function a name, too, a quarter of its text; those that it does not use
itself are left out with the rest.

Only what is needed of the format is read: https://webassembly.github.io/spec/core/binary/modules.html
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

PREAMBLE = b"\0asm\1\0\0\0"
IMPORTS, GLOBALS, EXPORTS, CODE = 2, 6, 7, 10
FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)
I32, MAY_CHANGE, HAS_MAXIMUM = b"\x7f", b"\x01", 1
UNREACHABLE, END, GLOBAL_SET, I32_CONST = b"\x00", b"\x0b", b"\x24", b"\x41"
NO_LOCALS = b"\x00"
EMPTY = NO_LOCALS + UNREACHABLE + END
COUNTER = I32 + MAY_CHANGE + I32_CONST + b"\x00" + END
# How the script names an exported function.
NAMING = re.compile(r'var (_([\w$]+))=Module\["\1"\]=wasmExports\["\2"\];')


def counted(engine: bytes) -> bytes:
    """Give an engine in which an exported global `!N` is 1 as soon as its own function N was called."""

    def add_counters(content: bytes) -> bytes:
        return longer(content, [COUNTER] * own)

    def add_names(content: bytes) -> bytes:
        return longer(content, [export(f"!{at}".encode(), GLOBAL, first + at) for at in range(own)])

    def count(content: bytes) -> bytes:
        return joined(counting(body, first + at) for at, body in enumerate(pieces(content)))

    parts = dict(sections(engine))
    own = len(pieces(parts[CODE]))
    first = Reader(parts[GLOBALS]).number() + sum(each.kind == GLOBAL for each in imports(parts[IMPORTS]))
    return changed(engine, {GLOBALS: add_counters, EXPORTS: add_names, CODE: count})


def cut_down(engine: bytes, called: Collection[int], named: Collection[str]) -> bytes:
    """Give an engine with the functions that are called, by their own numbers, and no other.

    It exports what has a name in the script, and what it asks for itself.
    """

    def keep_called(content: bytes) -> bytes:
        return joined(body if at in called else EMPTY for at, body in enumerate(pieces(content)))

    def keep_names(content: bytes) -> bytes:
        kept = [
            export(each.name, each.kind, each.place)
            for each in exports(content)
            if each.name in wanted or each.kind in {TABLE, MEMORY, TAG}
        ]
        return uleb(len(kept)) + b"".join(kept)

    # It asks for the places of some of its own data and functions by name.
    taken = imports(dict(sections(engine))[IMPORTS])
    wanted = {each.name for each in taken if each.kind == GLOBAL} | {each.encode() for each in named}
    return changed(engine, {EXPORTS: keep_names, CODE: keep_called})


def names_used(script: str) -> set[str]:
    """Give what may be names of exports that a script uses, besides giving each a name."""
    words = Counter(re.findall(r"[\w$]+", script))
    for _, name in NAMING.findall(script):
        words.subtract({f"_{name}": 2, name: 1})
    used = {each for each, times in words.items() if times > 0}
    return used | {each.removeprefix("_") for each in used}


def cut_script(script: str, named: Collection[str]) -> str:
    """Leave out the names of the script that it does not use."""
    return NAMING.sub(lambda found: found[0] if found[2] in named else "", script)


@dataclass(frozen=True, slots=True)
class Name:
    """Something that is imported or exported by its name, there under a number of its kind."""

    name: bytes
    kind: int
    place: int = 0


class Reader:
    """Reads numbers and pieces one after the other."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def byte(self) -> int:
        """Read one byte."""
        self.at += 1
        return self.content[self.at - 1]

    def number(self) -> int:
        """Read a number without sign: seven bits a byte, the lowest first."""
        value = shift = 0
        while (byte := self.byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def piece(self) -> bytes:
        """Read a piece that begins with its length."""
        length = self.number()
        self.at += length
        return self.content[self.at - length : self.at]


def uleb(number: int) -> bytes:
    """Write a number as `Reader.number` reads it."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def sections(engine: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the sections in their order.

    Raises:
        ValueError: it is no engine of the format's first version.

    """
    if not engine.startswith(PREAMBLE):
        raise ValueError(f"begins with {engine[:8]!r}, not with {PREAMBLE!r}")
    reader = Reader(engine)
    reader.at = len(PREAMBLE)
    while reader.at < len(engine):
        yield reader.byte(), reader.piece()


def changed(engine: bytes, changes: Mapping[int, Callable[[bytes], bytes]]) -> bytes:
    """Write an engine anew, with some sections changed."""
    written = [PREAMBLE]
    for kind, content in sections(engine):
        new = changes[kind](content) if kind in changes else content
        written += [bytes([kind]), uleb(len(new)), new]
    return b"".join(written)


def imports(content: bytes) -> Iterator[Name]:
    """Read what is imported."""
    reader = Reader(content)
    for _ in range(reader.number()):
        reader.piece()
        name, kind = reader.piece(), reader.byte()
        yield Name(name, kind)
        match kind:
            case 0:  # a function: its type
                reader.number()
            case 1 | 2:  # a table or memory: what it holds, its limits
                reader.at += kind == TABLE
                for _ in range(2 if reader.byte() & HAS_MAXIMUM else 1):
                    reader.number()
            case _:  # a global: its type, and whether it may change; a tag: nothing, and its type
                reader.at += 1
                reader.number()


def exports(content: bytes) -> Iterator[Name]:
    """Read what is exported."""
    reader = Reader(content)
    for _ in range(reader.number()):
        yield Name(reader.piece(), reader.byte(), reader.number())


def export(name: bytes, kind: int, place: int) -> bytes:
    """Write what is exported."""
    return uleb(len(name)) + name + bytes([kind]) + uleb(place)


def pieces(content: bytes) -> list[bytes]:
    """Read a section of pieces, such as the functions' code."""
    reader = Reader(content)
    return [reader.piece() for _ in range(reader.number())]


def joined(parts: Iterable[bytes]) -> bytes:
    """Write a section of pieces."""
    written = [uleb(len(each)) + each for each in parts]
    return uleb(len(written)) + b"".join(written)


def longer(content: bytes, more: Collection[bytes]) -> bytes:
    """Add entries to a section."""
    reader = Reader(content)
    return uleb(reader.number() + len(more)) + content[reader.at :] + b"".join(more)


def counting(body: bytes, counter: int) -> bytes:
    """Set a global to 1 at the beginning of a function, behind its list of locals."""
    reader = Reader(body)
    for _ in range(reader.number()):
        reader.number()
        reader.byte()
    mark = I32_CONST + b"\x01" + GLOBAL_SET + uleb(counter)
    return body[: reader.at] + mark + body[reader.at :]
