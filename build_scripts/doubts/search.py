"""Every doubt that a text shows, in the order of its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from build_scripts.doubts.bounds import bound_doubts
from build_scripts.doubts.counts import count_doubts
from build_scripts.doubts.doubt import Doubt, Text
from build_scripts.doubts.hours import hour_doubts
from build_scripts.doubts.ladders import ladder_doubts
from build_scripts.doubts.layout import layout_doubts
from build_scripts.doubts.names import name_doubts
from build_scripts.doubts.ranges import range_doubts
from build_scripts.doubts.shares import share_doubts
from build_scripts.doubts.wording import wording_doubts
from build_scripts.outline import Document, OutlineFinding
from build_scripts.references import DeadReference, dead_references

FAMILIES: tuple[Callable[[Text], Iterator[Doubt]], ...] = (
    range_doubts, share_doubts, count_doubts, name_doubts, layout_doubts, hour_doubts,
    bound_doubts, wording_doubts, ladder_doubts,
)  # fmt: skip
# The words that a message quotes: a name, a note's number, else what stands in quotation marks.
QUOTED = re.compile(r"(《[^》]+》)|(\[\d+\])|“([^“”《》]+?)[、.．]?”")


def text_doubts(document: Document, titles: Collection[str] = ()) -> list[Doubt]:
    """Find every doubt of one text.

    Args:
        document: the text.
        titles: the titles of all texts that the handbook holds.

    """
    text = Text(document)
    found = [
        *(written("numbering", each) for each in document.findings),
        *(written("reference", each) for each in dead_references(document, titles)),
        *(each for family in FAMILIES for each in family(text)),
    ]
    return sorted(dict.fromkeys(found), key=lambda each: each.line)


def written(kind: str, odd: OutlineFinding | DeadReference) -> Doubt:
    """Take what the outline or the references found as a doubt; its words are those that it quotes."""
    words = [next(filter(None, each)) for each in QUOTED.findall(odd.message)]
    return Doubt(
        kind=kind, line=odd.line, clauses=(odd.clause,), message=odd.message, words=tuple(words)
    )
