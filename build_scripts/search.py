"""The handbook -> what its search looks through: one file, read by the page when the search gets the focus.

The file holds no index. The handbook's words are few enough to be looked through as they stand, which
takes no time before the first answer and no more room than the words that the results show anyway.
Four hundred and fifty laws make 1.8 MB of it, compressed; a worker looks them through.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from build_scripts.figures import Trace
from build_scripts.outline import Clause, Document, chinese
from build_scripts.pages import Handbook, figure_anchor, joined
from build_scripts.quiz import Bank
from build_scripts.source import read_text

LOG = logging.getLogger("mkdocs.handbook")  # what the build says
WORDS = "search.toml"
QUESTIONS = "questions.toml"
WORD_LISTS = {"alike", "empty", "answers", "asks"}
KINDS = {"text", "clause", "calculator", "doubt", "figure", "quiz"}
ANSWERS = ({"asked", "units"}, {"asked", "words"})
MARKS = "：:。；; 　"


class SearchWordsError(Exception):
    """A file of words or questions for the search is not what it should be; says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found.

    `number` stands before it, `title` and `words` are shown, `above` says where it stands, `also` and
    `asked`, the questions that it answers, are found but not shown, `path` is the clause that it belongs to.
    """

    kind: str
    policy: str
    number: str
    href: str
    title: str = ""
    words: str = ""
    above: str = ""
    also: str = ""
    asked: str = ""
    path: str = ""

    def row(self) -> dict[str, str]:
        """Give what is not empty."""
        return {name: value for name, value in asdict(self).items() if value}


def entries(handbook: Handbook) -> Iterator[Entry]:
    """List everything that the search finds, in the order of the handbook."""
    for policy, document in handbook.documents.items():
        yield Entry(
            kind="text", policy=policy, number="全文", href=f"policies/{policy}/",
            title=document.title, above=document.front.get("简介", ""),
        )  # fmt: skip
        yield from clauses(document)
    yield from calculators(handbook)
    yield from doubts(handbook)
    yield from figures(handbook)
    for bank in handbook.banks:
        yield from questions(bank)


def clauses(document: Document) -> Iterator[Entry]:
    """List the clauses of a text, each with the headings that it stands under."""

    def walk(found: tuple[Clause, ...], around: tuple[str, ...]) -> Iterator[Entry]:
        for clause in found:
            if clause.path == "front":
                continue
            heading = clause.heading.strip(MARKS)
            yield Entry(
                kind="clause", policy=document.policy, number=clause.label or "开头", path=clause.path,
                href=f"policies/{document.policy}/#{clause.anchor}",
                title=heading, words=" ".join(joined(clause.text)), above="　".join(around),
            )  # fmt: skip
            yield from walk(clause.children, (*around, heading) if heading else around)

    yield from walk(document.clauses, ())


def calculators(handbook: Handbook) -> Iterator[Entry]:
    """List the calculators by their question, what they ask for and what they tell."""
    for each in handbook.calculators:
        labels = handbook.labels[each.id]
        options = [
            words for given in labels.inputs.values() for words in given.get("options", {}).values()
        ]
        told = [given["label"] for given in labels.outcome.values()]
        yield Entry(
            kind="calculator", policy=each.policy, number="算一算", href=f"calculators/{each.id}/",
            title=labels.title,
            words="要填：" + "、".join(str(given["label"]) for given in labels.inputs.values()),
            also="\n".join(map(str, (labels.short, labels.note, *told, *options))),
        )  # fmt: skip


def doubts(handbook: Handbook) -> Iterator[Entry]:
    """List the doubts, each with its readings."""
    for each in handbook.doubts:
        clause = each.clauses[0] if each.clauses else ""
        yield Entry(
            kind="doubt", policy=each.policy, path=clause.partition(":")[2],
            number=handbook.link(clause, "").label, href=f"doubts/#{each.policy}-{each.id}",
            title=each.title, words=each.message, also="\n".join(each.readings.values()),
            above="会改变结果" if each.readings else "不改变结果",
        )  # fmt: skip


def figures(handbook: Handbook) -> Iterator[Entry]:
    """List the figures by the sentences that hold them; those of one sentence are found together."""
    sentences: dict[tuple[str, str], list[Trace]] = {}
    for each in handbook.traces:
        sentences.setdefault((each.clause, handbook.quote(each).striptags()), []).append(each)
    for (clause_id, sentence), found in sentences.items():
        clause = handbook.clause(clause_id)
        users = dict.fromkeys(
            handbook.labels[user.id].short
            for each in found
            for user in handbook.calculators_using(each)
        )
        policy, _, path = clause_id.partition(":")
        yield Entry(
            kind="figure", policy=policy, path=path, number=clause.label if clause else "",
            href=f"figures/#{figure_anchor(found[0])}",
            title="、".join(dict.fromkeys(each.words for each in found)), words=sentence,
            above=f"用在 {'、'.join(users)}" if users else "",
        )  # fmt: skip


def questions(bank: Bank) -> Iterator[Entry]:
    """List the questions of a quiz, without their answers."""
    for section in bank.public()["sections"]:
        for item in section["items"]:
            stem = item.get("stem") or "（　）".join(item["parts"])
            place = int(item["id"].rpartition(".")[2])
            yield Entry(
                kind="quiz", policy=bank.source, number=f"第 {item['id']} 题",
                href=f"quiz/{bank.id}/#{bank.id}-{item['id'].replace('.', '-')}",
                title=stem, words="　".join(each["text"] for each in item.get("options", ())),
                above=section["title"], also=f"第{place}题　第{chinese(place)}题",
            )  # fmt: skip


def read_words(file: Path) -> dict[str, Any]:
    """Read a file of words; one that is not there has none.

    Raises:
        SearchWordsError: it is no TOML.

    """
    try:
        return tomllib.loads(read_text(file)) if file.exists() else {}
    except tomllib.TOMLDecodeError as error:
        raise SearchWordsError(f"{file}: {error}") from error


def check_lists(file: Path, lists: Iterable[Any]) -> None:
    """Raise SearchWordsError unless these are lists of words."""
    for found in lists:
        if not isinstance(found, list) or not all(isinstance(each, str) and each for each in found):
            raise SearchWordsError(f"{file}: {found!r} should be a list of words")


def search_words(docs: Path) -> dict[str, Any]:
    """Read the words that count as one, those that say nothing, and those that tell what is asked for.

    Raises:
        SearchWordsError: the file has other lists, or something else than words in them.

    """
    file = docs / WORDS
    raw = read_words(file)
    words = {"alike": [], "empty": [], "answers": [], "asks": {}} | raw
    for given, known in ((raw, WORD_LISTS), (words["asks"], KINDS)):
        if unknown := given.keys() - known:
            raise SearchWordsError(f"{file}: unknown {', '.join(sorted(unknown))}")
    for each in words["answers"]:
        if not isinstance(each, dict) or each.keys() not in ANSWERS:
            raise SearchWordsError(f"{file}: {each!r} should have asked, and units or words")
    measures = (measured for each in words["answers"] for measured in each.values())
    check_lists(file, (*words["alike"], words["empty"], *words["asks"].values(), *measures))
    return words


def with_questions(found: Iterable[Entry], docs: Path) -> list[Entry]:
    """Give each entry the questions that the file of questions has under its address.

    An address that nothing has any more is told and passed over: a text that changes must not need this file.

    Raises:
        SearchWordsError: the file has something else than questions.

    """
    file = docs / QUESTIONS
    asked, listed = read_words(file), list(found)
    check_lists(file, asked.values())
    if unknown := asked.keys() - {entry.href for entry in listed}:
        LOG.warning(
            "%s：这些地址现在没有，那里的问法没有用上：%s", file, "、".join(sorted(unknown))
        )
    return [replace(entry, asked="\n".join(asked.get(entry.href, ()))) for entry in listed]


def search_file(handbook: Handbook, docs: Path) -> tuple[str, str]:
    """Give the file that the page's search reads: its name, which follows its content, and its content."""
    content = json.dumps(
        {
            "policies": {
                policy: {"title": document.title, "short": handbook.short_name(policy)}
                for policy, document in handbook.documents.items()
            },
            **search_words(docs),
            "entries": [each.row() for each in with_questions(entries(handbook), docs)],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    name = hashlib.sha256(content.encode()).hexdigest()[:12]
    return f"search/{name}.json", content
