"""Every number in the words of every policy text, changed one at a time: caught, or used by no rule.

A change is caught where `handbook check` then names an error, or a doubt that nobody explained. The rest
must stand in `numbers_of_no_rule.toml`, each at its place with the reason; a place that is caught, or
gone, must not stand there any more. (The printed numbers of the clauses themselves are no words: where
one changes, so do the ids, which other tests look at.)
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.checks import Item, check
from build_scripts.numerals import Numeral, find_numbers
from build_scripts.outline import Document
from build_scripts.source import load

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = sorted((ROOT / "docs/policies").glob("*.txt"))
LISTED = tomllib.loads(
    (Path(__file__).parent / "numbers_of_no_rule.toml").read_text(encoding="utf-8")
)["numbers"]
AROUND = 8  # signs on either side that tell a place


def numerals(document: Document) -> Iterator[Numeral]:
    """Give the numbers of a text that stand in the words of a clause."""
    labels = [
        (each.start, each.start + len(each.number)) for each in document.walk() if each.number
    ]
    front = [each for each in document.walk() if each.path == "front"]
    for each in find_numbers(document.source):
        printed = any(start <= each.start < end for start, end in labels)
        if not printed and each.start >= front[0].end:
            yield each


def place(document: Document, number: Numeral) -> str:
    """Name a place by its policy and the words around it."""
    before = document.source[max(0, number.start - AROUND) : number.start]
    after = document.source[number.end : number.end + AROUND]
    return f"{document.policy}: " + " ".join(f"{before}[{number.printed}]{after}".split())


def trouble(folder: Path) -> set[tuple[str, str]]:
    """Give what there is to do about a folder of texts."""
    found = [each for each in check(folder, complete=False).items if to_do(each)]
    return {(each.clause, each.message) for each in found}


def to_do(item: Item) -> bool:
    return item.severity == "error" or not item.explained


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_number_of_a_text_changes_unseen(path: Path, tmp_path: Path) -> None:
    document, copy = load(path), tmp_path / path.name
    copy.write_text(document.source, encoding="utf-8")
    before = trouble(tmp_path)
    unseen = []
    for number in numerals(document):
        other = str(int(number.value) + 7)
        changed = document.source[: number.start] + other + document.source[number.end :]
        copy.write_text(changed, encoding="utf-8")
        if trouble(tmp_path) <= before:
            unseen.append(place(document, number))
    listed = [
        each for entry in LISTED for each in entry["places"] if each.startswith(f"{path.stem}: ")
    ]
    assert sorted(unseen) == sorted(listed)


def test_each_number_of_no_rule_is_listed_once_and_with_a_reason() -> None:
    places = [each for entry in LISTED for each in entry["places"]]
    assert len({*places}) == len(places)
    assert all(entry["why"] for entry in LISTED)
