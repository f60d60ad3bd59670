"""The small engine: what was called is told, what was not is empty; on an engine made by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.engine import (
    CODE,
    EMPTY,
    EXPORTS,
    PREAMBLE,
    Reader,
    counted,
    cut_down,
    cut_script,
    exports,
    joined,
    names_used,
    pieces,
    sections,
    uleb,
)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")

GIVES_A_NUMBER, GIVES_NOTHING = b"\x60\x00\x01\x7f", b"\x60\x00\x00"
NOTHING, CALL, ADD = b"\x00", b"\x10", b"\x6a"


def section(kind: int, content: bytes) -> bytes:
    """Write a section."""
    return bytes([kind]) + uleb(len(content)) + content


def name(word: str) -> bytes:
    """Write a name."""
    return uleb(len(word)) + word.encode()


def number(value: int) -> bytes:
    """Write the code that gives a small number."""
    return b"\x41" + bytes([value])


# What it has: a function and a global from outside, then `one` = 1, `two` = one + given, `three` = 3 with
# a local of its own, and a table that holds `two` and `three`. Imported functions are counted first.
ENGINE = PREAMBLE + b"".join(
    [
        section(0, name("note") + b"first"),
        section(1, b"\x02" + GIVES_A_NUMBER + GIVES_NOTHING),
        section(
            2,
            b"\x05"
            + name("env") + name("given") + b"\x00\x00"
            + name("env") + name("three") + b"\x03\x7f\x00"
            + name("env") + name("memory") + b"\x02\x01\x01\x02"
            + name("env") + name("table") + b"\x01\x70\x00\x02"
            + name("env") + name("tag") + b"\x04\x00\x01",
        ),
        section(3, b"\x03\x00\x00\x00"),
        section(6, b"\x01\x7f\x01" + number(5) + b"\x0b"),
        section(
            7,
            b"\x05"
            + name("one") + b"\x00\x01"
            + name("two") + b"\x00\x02"
            + name("three") + b"\x03\x01"
            + name("five") + b"\x03\x01"
            + name("table") + b"\x01\x00",
        ),
        section(9, b"\x01\x00" + number(0) + b"\x0b\x02\x02\x03"),
        section(
            10,
            joined(
                [
                    NOTHING + number(1) + b"\x0b",
                    NOTHING + CALL + b"\x01" + CALL + b"\x00" + ADD + b"\x0b",
                    b"\x01\x82\x01\x7f" + number(3) + b"\x0b",
                ]
            ),
        ),
        section(0, name("note") + b"last"),
    ]
)  # fmt: skip

RUN = """
const {readFileSync} = require("node:fs");
const module = new WebAssembly.Module(readFileSync(0));
const table = new WebAssembly.Table({initial: 2, element: "anyfunc"});
const env = {
  given: () => 40, table, three: 0, memory: new WebAssembly.Memory({initial: 1, maximum: 2}),
  tag: new WebAssembly.Tag({parameters: []}),
};
const {exports} = new WebAssembly.Instance(module, {env});
const marks = () => Object.keys(exports).filter((each) => each[0] === "!" && exports[each].value);
const tried = (call) => { try { return call(); } catch (error) { return String(error); } };
const before = marks();
const two = tried(() => table.get(0)());
console.log(JSON.stringify({
  before, two, after: marks(), three: tried(() => table.get(1)()),
  names: Object.keys(exports).filter((each) => each[0] !== "!"),
  notes: WebAssembly.Module.customSections(module, "note").map((each) => Buffer.from(each).toString()),
}));
"""


def ran(engine: bytes) -> dict[str, Any]:
    """Run an engine: its second function, then its third."""
    done = subprocess.run(["node", "-e", RUN], input=engine, capture_output=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@needs_node
def test_what_is_called_is_counted_and_nothing_else_is_changed() -> None:
    told = ran(counted(ENGINE))
    assert told["two"] == 41
    assert (told["before"], told["after"]) == ([], ["!0", "!1"])
    assert told["three"] == 3
    assert told["names"] == ["one", "two", "three", "five", "table"]
    assert told["notes"] == ["first", "last"]


@needs_node
def test_what_was_not_called_is_empty_and_ends_the_run() -> None:
    told = ran(cut_down(ENGINE, {0, 1}, {"one", "two"}))
    assert told["two"] == 41
    assert "unreachable" in told["three"]
    # What the engine asks for by name stays, and so does the table: `five` is neither.
    assert told["names"] == ["one", "two", "three", "table"]
    assert told["notes"] == ["first", "last"]


@needs_node
def test_what_has_no_name_in_the_script_is_not_exported() -> None:
    told = ran(cut_down(ENGINE, {0, 1}, {"two", "of another"}))
    assert told["two"] == 41
    assert told["names"] == ["two", "three", "table"]


def test_functions_keep_their_numbers() -> None:
    small = dict(sections(cut_down(ENGINE, {1}, {"two"})))
    whole = dict(sections(ENGINE))
    assert pieces(small[CODE]) == [EMPTY, pieces(whole[CODE])[1], EMPTY]
    places = {each.name: each.place for each in exports(whole[EXPORTS])}
    assert {each.name: each.place for each in exports(small[EXPORTS])} == {
        name: place for name, place in places.items() if name not in {b"one", b"five"}
    }
    rest = [
        {kind: each for kind, each in parts.items() if kind not in {CODE, EXPORTS}}
        for parts in (small, whole)
    ]
    assert rest[0] == rest[1]


NAMED = 'var _one=Module["_one"]=wasmExports["one"];'
SCRIPT = (
    f'function f(){{return _one()+wasmExports["five"]}}{NAMED}var _two=Module["_two"]=wasmExports["two"];'
    'var _other=Module["_two"]=wasmExports["two"];run();'
)


def test_names_that_the_script_only_gives_are_left_out() -> None:
    named = names_used(SCRIPT)
    assert {"one", "five"} <= named
    # A statement of any other shape stays, and is a use.
    assert "two" in named
    assert cut_script(SCRIPT, named) == SCRIPT
    shorter = SCRIPT.replace('var _other=Module["_two"]=wasmExports["two"];', "")
    assert "two" not in names_used(shorter)
    assert (
        cut_script(shorter, names_used(shorter))
        == f'function f(){{return _one()+wasmExports["five"]}}{NAMED}run();'
    )


def test_what_is_no_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with"):
        cut_down(Path(__file__).read_bytes(), {1}, ())


@given(st.integers(0, 2**64))
def test_numbers_are_read_as_they_were_written(number: int) -> None:
    reader = Reader(uleb(number) + b"\xff")
    assert (reader.number(), reader.at) == (number, len(uleb(number)))


@pytest.mark.parametrize(
    ("number", "written"), [(0, "00"), (127, "7f"), (128, "8001"), (624_485, "e58e26")]
)
def test_numbers_are_written_as_the_format_says(number: int, written: str) -> None:
    assert uleb(number).hex() == written


@given(st.lists(st.binary(max_size=200)))
def test_pieces_are_read_as_they_were_written(parts: list[bytes]) -> None:
    assert pieces(joined(parts)) == parts
