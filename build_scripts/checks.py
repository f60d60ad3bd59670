"""What the texts, the figures, the labels and the quiz say of each other, gathered in one report.

An error is a contradiction between what we publish and what a text says; the handbook cannot go out with
it. A finding is a doubt in a text or in a table of figures. It is explained, and only listed, where a doubt
of the parameter files names its clause and its kind and says its words. New findings and errors make a
report unsound.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import policy_core
from build_scripts import figures
from build_scripts.doubts import KINDS, Doubt, fold, parameter_doubts, text_doubts
from build_scripts.ledger import LedgerError, ledgers
from build_scripts.numerals import find_numbers
from build_scripts.outline import Document
from build_scripts.quiz import Bank
from build_scripts.quiz import Item as Question
from build_scripts.quiz_paper import parse_bank
from build_scripts.source import read_text
from build_scripts.texts import earlier, in_force, load_texts
from build_scripts.toml_places import line_of, value_places
from build_scripts.words import LabelError, cases, load_labels
from policy_core import Finding, ParameterError, Policy
from policy_core._versions import parse_policy

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "docs" / "policies"
BANKS = ROOT / "docs" / "quiz"

SEVERITIES = {"error": "错误", "finding": "存疑"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to mend or to know; `explained` is the id of the doubt that names it already."""

    severity: Literal["error", "finding"]
    file: str
    line: int
    message: str
    clause: str = ""
    kind: str = ""
    explained: str = ""
    detail: str = ""

    def to_json(self) -> dict[str, object]:
        """Give the item for a machine."""
        return {
            "severity": self.severity,
            "file": self.file,
            "line": self.line,
            "clause": self.clause or None,
            "kind": self.kind or None,
            "message": self.message,
            "explained": self.explained or None,
        }

    def text(self) -> str:
        """Give the item for a person."""
        if self.detail:
            return self.detail
        clause = f"（{self.clause}）" if self.clause else ""
        known = f"，存疑清单里已写明：{self.explained}" if self.explained else ""
        kind = f"（{KINDS[self.kind]}）" if self.kind else ""
        named = f"{SEVERITIES[self.severity]}{kind}"
        return f"{self.file}:{self.line}: {named}：{self.message}{clause}{known}"


@dataclass(slots=True)
class Report:
    """All that was found, and how much was looked at."""

    items: list[Item] = field(default_factory=list)
    texts: int = 0
    figures: int = 0

    @property
    def errors(self) -> list[Item]:
        """Give what must be mended."""
        return [item for item in self.items if item.severity == "error"]

    @property
    def new(self) -> list[Item]:
        """Give the findings that no doubt explains yet."""
        return [item for item in self.items if item.severity == "finding" and not item.explained]

    @property
    def sound(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.errors and not self.new

    def to_json(self) -> dict[str, object]:
        """Give the report for a machine."""
        return {
            "sound": self.sound,
            "texts": self.texts,
            "figures": self.figures,
            "items": [item.to_json() for item in self.items],
        }

    def lines(self) -> Iterator[str]:
        """Tell the report to a person, the errors last, next to the summary."""
        for item in sorted(self.items, key=lambda item: item.severity == "error"):
            yield item.text()
        explained = len(self.items) - len(self.errors) - len(self.new)
        yield (
            f"条文 {self.texts} 篇，有出处的数字 {self.figures} 个；"
            f"错误 {len(self.errors)} 处，存疑 {len(self.new)} 处（另有 {explained} 处已写在存疑清单里）"
        )


def check(
    texts: Path = TEXTS, *, parameters: Path = figures.PARAMETERS, complete: bool = True
) -> Report:
    """Hold a folder of texts against the figures, doubts, labels and quizzes of the handbook.

    Args:
        texts: the folder, in place of `docs/policies`.
        parameters: the folder of the parameter files, in place of the core's own.
        complete: a text that the figures need and the folder does not hold is an error, and so is a
            clause without a fate.

    """
    report = Report()
    versions, problems = load_texts(texts)
    for problem in problems:
        file = figures.named(problem.path)
        report.items.append(Item(severity="error", file=file, line=1, message=problem.message))
    documents = in_force(versions)
    paths = {policy: texts[-1].path for policy, texts in versions.items()}
    report.texts = len(documents)
    if not documents:
        report.items.append(
            Item(
                severity="error",
                file=figures.named(texts),
                line=1,
                message="这个文件夹里没有条文（.txt）",
            )
        )
    try:
        own = parameters == figures.PARAMETERS
        policies = policy_core.policies() if own else tuple(read_policies(parameters))
    except ParameterError as error:
        report.items.append(parameter_error(error))
        return report
    doubts = {each.id: each.findings for each in policies}
    titles = {document.title for document in documents.values()}
    for policy, document in documents.items():
        known = doubts.get(policy, ())
        found = text_doubts(document, titles)
        report.items += (doubt_item(each, figures.named(paths[policy]), known) for each in found)
    for each in policies:
        report.items += table_findings(each, parameters / f"{each.id}.toml")
    traces, errors = figures.trace(documents, parameters, paths, earlier(versions))
    report.figures = len(traces)
    report.items += [figure_item(each) for each in errors if complete or not each.missing_text]
    report.items += missing_clauses(documents, policies, parameters)
    report.items += label_errors()
    banks = {path: parse_bank(read_text(path), path.stem) for path in sorted(BANKS.glob("*.txt"))}
    for path, bank in banks.items():
        report.items += bank_findings(bank, path, documents, doubts)
    if complete:
        for ledger in ledgers(documents, [*banks.values()], paths).values():
            report.items += map(ledger_item, ledger.errors)
    return report


def read_policies(folder: Path) -> Iterator[Policy]:
    """Read every parameter file of a folder."""
    for path in sorted(folder.glob("*.toml")):
        yield parse_policy(path.stem, path.read_text(encoding="utf-8"))


def table_findings(policy: Policy, path: Path) -> Iterator[Item]:
    """Yield what is odd about the figures of a policy's parameter file."""
    for doubt in parameter_doubts(policy, path.read_text(encoding="utf-8")):
        yield doubt_item(doubt, figures.named(path), policy.findings)


def doubt_item(doubt: Doubt, file: str, known: tuple[Finding, ...]) -> Item:
    """Report a doubt that was found in a file."""
    return Item(
        severity="finding", file=file, line=doubt.line, clause=doubt.clause, kind=doubt.kind,
        message=doubt.message, explained=explanation(doubt, known),
    )  # fmt: skip


def explanation(doubt: Doubt, known: tuple[Finding, ...]) -> str:
    """Give the written doubt that is about the same clauses, is of the same kind, and says the words."""
    words = [fold(each) for each in doubt.words]
    for finding in known:
        about = any(near(named, clause) for named in finding.clauses for clause in doubt.clauses)
        if about and doubt.kind in finding.kinds:
            said = fold(finding.title + finding.message)
            if all(each in said for each in words):
                return finding.id
    return ""


def near(one: str, other: str) -> bool:
    """Tell whether two clauses are one, or one lies within the other: 4.2 and 4.2.G."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def figure_item(error: figures.FigureError) -> Item:
    """Report a figure that its text does not hold."""
    return Item(
        severity="error", file=error.file, line=error.line, clause=error.clause,
        message=error.message, detail=str(error),
    )  # fmt: skip


def parameter_error(error: ParameterError) -> Item:
    """Report a parameter file that cannot be read; the message names it first."""
    name = str(error).partition(":")[0]
    return Item(severity="error", file=f"policy_core/parameters/{name}", line=1, message=str(error))


def missing_clauses(
    documents: dict[str, Document], policies: Sequence[Policy], parameters: Path
) -> Iterator[Item]:
    """Yield the clauses that doubts and rules name, and that their texts do not have."""
    for policy in policies:
        path = parameters / f"{policy.id}.toml"
        text = path.read_text(encoding="utf-8")
        places = value_places(text)
        for number, doubt in enumerate(policy.findings):
            line = line_of(text, places["finding", number, "clauses"].start)
            for clause in filter(lambda clause: absent(clause, documents), doubt.clauses):
                message = f"finding {doubt.id} names {clause}, which the text does not have"
                yield Item(
                    severity="error",
                    file=figures.named(path),
                    line=line,
                    clause=clause,
                    message=message,
                )
    for calculator in policy_core.calculators():
        path = ROOT / "policy_core" / f"{calculator.policy.replace('-', '_')}.py"
        fields = [f"{calculator.policy}:{each.clause}" for each in calculator.fields if each.clause]
        for clause in dict.fromkeys([*calculator.clauses, *fields]):
            if absent(clause, documents):
                message = f"{calculator.id} names {clause}, which the text does not have"
                yield Item(
                    severity="error",
                    file=figures.named(path),
                    line=1,
                    clause=clause,
                    message=message,
                )


def absent(clause: str, documents: dict[str, Document]) -> bool:
    """Tell whether a text that is here lacks a clause."""
    policy = clause.partition(":")[0]
    return policy in documents and documents[policy].find(clause) is None


def label_errors() -> Iterator[Item]:
    """Yield what is wrong with the words and examples of the calculators."""
    for calculator in policy_core.calculators():
        for folder, read in (("calculators", load_labels), ("tests/cases", cases)):
            try:
                read(calculator.id)
            except LabelError as error:
                file = f"{folder}/{calculator.id}.toml"
                yield Item(severity="error", file=file, line=1, message=str(error))


def ledger_item(error: LedgerError) -> Item:
    """Report a clause without a fate, or a line of the ledger that fits no clause."""
    return Item(
        severity="error", file=error.file, line=error.line, clause=error.clause,
        message=error.message, detail=str(error),
    )  # fmt: skip


def bank_findings(
    bank: Bank, path: Path, documents: dict[str, Document], doubts: dict[str, tuple[Finding, ...]]
) -> Iterator[Item]:
    """Yield what cannot be used in a quiz, and its questions whose clause is not in the text."""
    for finding in bank.findings:
        clause = asked_at(bank, finding.line)
        doubt = Doubt(kind="quiz", line=finding.line, clauses=(clause,), message=finding.message)
        yield Item(
            severity="finding", file=figures.named(path), line=finding.line, clause=clause,
            message=finding.message, kind="quiz",
            explained=explanation(doubt, doubts.get(bank.source, ())),
        )  # fmt: skip
    for section in bank.sections:
        for item in section.items:
            clause = f"{bank.source}:{item.id}"
            if absent(clause, documents):
                message = f"第 {item.id} 题出自 {clause}，条文里没有这一条"
                yield Item(
                    severity="error",
                    file=figures.named(path),
                    line=item.line,
                    clause=clause,
                    message=message,
                )
            elif found := documents[bank.source].find(clause) if bank.source in documents else None:
                said = {each.value for each in find_numbers(found.full_text())}
                for words in expected(item):
                    if not {each.value for each in find_numbers(words)} <= said:
                        yield Item(
                            severity="error",
                            file=figures.named(path),
                            line=item.line,
                            clause=clause,
                            message=f"第 {item.id} 题的答案是“{words}”，条文里没有这个数",
                        )


def expected(item: Question) -> Iterator[str]:
    """Give the answers of a question that its clause must hold: the first of each blank, the key points."""
    yield from (blank[0] for blank in item.detail.get("blanks", ()))
    yield from (point["text"] for point in item.detail.get("points", ()))


def asked_at(bank: Bank, line: int) -> str:
    """Give the clause of the question that stands at a line."""
    above = [item for section in bank.sections for item in section.items if item.line <= line]
    return f"{bank.source}:{max(above, key=lambda item: item.line).id}" if above else ""
