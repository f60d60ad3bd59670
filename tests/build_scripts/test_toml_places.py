"""The places of a TOML file's values: whatever `tomllib` reads stands where the scanner says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.toml_places import line_of, value_places

ROOT = Path(__file__).resolve().parent.parent.parent
PARAMETERS = sorted((ROOT / "policy_core" / "parameters").glob("*.toml"))
LABELS = sorted((ROOT / "calculators").glob("*.toml"))

EVERY_SHAPE = '''# a comment with = and [brackets]
title = "a # that is no comment, and a \\" quote"
"quoted key" = 'literal # too'
long = """
three = 3
""" # after it

[[version]]
effective = 2024-01-01
one = { value = 1, clause = "1" } # inline
many = [
  { band = "a", min = 600, max = 1_000, clause = "5.1.1" }, # first
  # a line between
  { band = "}]", min = -0.5, max = 2.5, clause = "5.1.2", also = ["4.1", "4.2",] },
]
a.b.c = true

[[version]]
effective = 2025-01-01 12:00:00
one = {value=2,clause="1"}
[version.two]
value = 3
[version.two.deep]
value = [[1, 2], [3]]
[[version.inner]]
x = 1
[[version.inner]]
x = 2

[plain.table]
empty = []
none = {}
'''


def leaves(
    value: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Yield every value that is no table or array, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


@pytest.mark.parametrize(
    "text",
    [EVERY_SHAPE, EVERY_SHAPE.replace("\n", "\r\n")]
    + [path.read_text(encoding="utf-8") for path in [*PARAMETERS, *LABELS]],
)
def test_every_value_stands_where_the_scanner_says(text: str) -> None:
    places = value_places(text)
    found = {
        path: tomllib.loads(f"value = {text[places[path].start : places[path].end]}")["value"]
        for path, _ in leaves(tomllib.loads(text))
    }
    assert found == dict(leaves(tomllib.loads(text)))


def test_a_key_of_two_versions_has_two_places() -> None:
    places = value_places(EVERY_SHAPE)
    first, second = places["version", 0, "one", "value"], places["version", 1, "one", "value"]
    assert EVERY_SHAPE[first.start : first.end] == "1"
    assert EVERY_SHAPE[second.start : second.end] == "2"


def test_a_line_of_an_array_over_several_lines_has_its_own_number() -> None:
    place = value_places(EVERY_SHAPE)["version", 0, "many", 1, "max"]
    assert EVERY_SHAPE.splitlines()[line_of(EVERY_SHAPE, place.start) - 1].startswith(
        '  { band = "}]"'
    )


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2"):
        value_places("a = 1\n???")
