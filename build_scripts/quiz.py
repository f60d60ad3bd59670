"""A quiz bank: its questions with their answers, what it is worth, and what a trainee may see of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

KINDS = {
    "选择": "choice", "单选": "choice", "多选": "choice", "判断": "truth", "是非": "truth", "填空": "blank",
    "简答": "essay", "问答": "essay", "论述": "essay", "案例": "essay", "名词解释": "essay", "计算": "essay",
}  # fmt: skip
SHORT_DIGEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFinding:
    """Something in a quiz's text that cannot be used as it stands."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question: `answers` are the places in the source that tell the answer."""

    id: str
    kind: str
    stem: str
    marks: Fraction
    line: int
    detail: dict[str, Any]
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the paper; `announced` is the total that its heading names, if any."""

    id: str
    title: str
    kind: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A whole quiz."""

    id: str
    title: str
    source: str
    sections: tuple[Section, ...]
    findings: tuple[BankFinding, ...]

    @property
    def items(self) -> list[Item]:
        """Give all questions in the order of the paper."""
        return [item for section in self.sections for item in section.items]

    @property
    def size(self) -> int:
        """Count the questions."""
        return len(self.items)

    @property
    def marks(self) -> Fraction:
        """Add up what the paper is worth."""
        return sum((item.marks for item in self.items), Fraction(0))

    def to_json(self) -> dict[str, Any]:
        """Give the bank with its answers, as `policy_core.mark` takes it."""
        return self._json(lambda item: {"stem": item.stem, **item.detail})

    @property
    def digest(self) -> str:
        """Name this state of the bank, so that an old record can tell that the bank has changed."""
        return digest(self.to_json())

    @property
    def digests(self) -> dict[str, str]:
        """Name each question as the trainee sees it: a mended answer leaves it the same."""
        return {
            item.id: digest([section.kind, shown(item)])
            for section in self.sections
            for item in section.items
        }

    def public(self) -> dict[str, Any]:
        """Give the bank without any answer, as the page may show it."""
        return self._json(shown)

    def _json(self, content: Callable[[Item], dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "sections": [
                {
                    "id": section.id,
                    "title": section.title,
                    "kind": section.kind,
                    "items": [
                        {
                            "id": item.id,
                            "marks": plain(item.marks),
                            "clause": f"{self.source}:{item.id}" if self.source else "",
                            **content(item),
                        }
                        for item in section.items
                    ],
                }
                for section in self.sections
            ],
        }


def digest(content: object) -> str:
    """Hash JSON to a short name."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:SHORT_DIGEST]


def plain(number: Fraction) -> int | float:
    """Write marks as JSON."""
    return int(number) if number.denominator == 1 else float(number)


def shown(item: Item) -> dict[str, Any]:
    """Keep of a question what the trainee may see."""
    match item.kind:
        case "choice":
            many = len(item.detail["answer"]) > 1
            return {"stem": item.stem, "options": item.detail["options"], "many": many}
        case "blank":
            return {"parts": item.detail["parts"], "any_order": item.detail["any_order"]}
    return {"stem": item.stem}


def can_be_told(item: Item) -> bool:
    """Tell whether a machine, or the trainee against key points, can mark a question."""
    detail = item.detail
    match item.kind:
        case "choice":
            return bool(detail["answer"]) and {*detail["answer"]} <= {
                option["id"] for option in detail["options"]
            }
        case "truth":
            return detail["answer"] is not None
    return bool(detail["blanks" if item.kind == "blank" else "points"])
