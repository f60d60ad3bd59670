"""What the site holds of a bank: the page's element without the answers, and the packed bank with them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from build_scripts.quiz import Bank, can_be_told, digest, plain
from build_scripts.words import Link, form_environment, script_json


def write_bank(bank: Bank, path: Path) -> None:
    """Write the bank with its answers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(bank))


def packed(bank: Bank) -> bytes:
    """Give the bank with its answers, packed, so that they cannot be read in passing."""
    content = json.dumps(bank.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(content.encode(), 9)


def quiz_element(bank: Bank, link: Callable[[str], Link]) -> str:
    """Render the paper as the custom element: all questions, no answer."""
    public = bank.public()
    clauses = {}
    for part in public["sections"]:
        for item in part["items"]:
            if item["clause"]:
                to = link(item["clause"])
                clauses[item["clause"]] = {"label": to.label, "href": to.href}
    words = {
        "id": bank.id,
        "title": bank.title,
        "digest": bank.digest,
        "digests": bank.digests,
        "shown": digest(bank.digests),
        "clauses": clauses,
        "paper": public,
    }
    undecided = [
        f"{short_title(section.title)}第 {place} 题"
        for section in bank.sections
        for place, item in enumerate(section.items, 1)
        if not can_be_told(item)
    ]
    decided = sum((item.marks for item in bank.items if can_be_told(item)), Fraction(0))
    return (
        form_environment()
        .get_template("quiz/quiz.html")
        .render(
            quiz=public,
            size=bank.size,
            marks=plain(bank.marks),
            decided=plain(decided),
            undecided="、".join(undecided),
            json=script_json(words),
            crc32=zlib.crc32(packed(bank)),
        )
    )


def short_title(title: str) -> str:
    """Give a section's name without its number and marks."""
    return re.sub(
        r"[（(].*$|[。：:]$", "", re.sub(r"^第?[一二三四五六七八九十]+[、.．部分]+", "", title)
    )
