"""What is wrong in a bank, by line: what the reader of banks found, and what only shows side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from build_scripts.quiz import Bank, BankFinding, Item
from build_scripts.quiz_paper import line_at

MOST_REPEATS = 5
SHORTEST_HEADER = 8
# What repeats in a bank by its nature: options, verdicts, answers, headings.
USUAL = re.compile(r"^[\s　]*(?:[A-Ha-h][、.．:：]|[（(]|(?:参考|正确|标准)?答案?[：:])")


def findings(bank: Bank, text: str) -> list[BankFinding]:
    """List everything that is wrong in a bank, in the order of its lines."""
    found = [*bank.findings, *twice(bank), *same_options(bank), *headers(text)]
    return sorted(found, key=lambda each: each.line)


def twice(bank: Bank) -> Iterator[BankFinding]:
    """Name questions that stand twice."""
    first: dict[tuple[str, str], Item] = {}
    for item in bank.items:
        options = "".join(sorted(each["text"] for each in item.detail.get("options", [])))
        alike = re.sub(r"[\s　（）()，,。.？?：:]", "", item.stem + options), item.kind
        known = first.setdefault(alike, item)
        if known is not item:
            same = known.detail.get("answer") == item.detail.get("answer")
            words = "" if same else "，答案却不一样"
            message = f"第 {item.id} 题和第 {known.id} 题（第 {known.line} 行）一样{words}"
            yield BankFinding(line=item.line, message=message)


def same_options(bank: Bank) -> Iterator[BankFinding]:
    """Name options that say the same."""
    for item in bank.items:
        texts = Counter(each["text"] for each in item.detail.get("options", []))
        for words, count in texts.items():
            if count > 1:
                said = (
                    f"有 {count} 个选项都是“{words[:20]}”" if words else f"有 {count} 个选项是空的"
                )
                yield BankFinding(line=item.line, message=f"第 {item.id} 题：{said}")


def headers(text: str) -> Iterator[BankFinding]:
    """Name a line that stands in the bank again and again, as a page's header does."""
    lines = Counter(
        line.strip()
        for line in text.splitlines()
        if len(line.strip()) >= SHORTEST_HEADER and not USUAL.match(line)
    )
    for words, count in lines.items():
        if count >= MOST_REPEATS:
            message = f"“{words[:30]}”这一行出现了 {count} 次，像是页眉，会混进题目里，请删掉"
            yield BankFinding(line=line_at(text, text.index(words)), message=message)
