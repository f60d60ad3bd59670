"""The clause ledger: each clause is decided by a rule, a self-check, background, or open with the reason.

What calculators and quizzes decide follows from the clauses and figures that they name. The rest is
written by a person in the table `[ledger]` of the policy's parameter file: `4.1` is that clause
alone, `4.*` the clause with all under it, `4.1.B..4.1.E` everything from the one to the other. A
citation covers the clause and its lines without numbers; a heading that only announces what stands
under it needs nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import policy_core
from build_scripts.figures import PARAMETERS, TEXTS, named
from build_scripts.outline import Clause, Document
from build_scripts.quiz import Bank
from build_scripts.toml_places import line_of, value_places

type Fate = Literal["rule", "self-check", "background", "open", "heading", "unclassified"]

WRITTEN: Mapping[str, Fate] = {
    "self_check": "self-check",
    "background": "background",
    "open": "open",
}
TO_DO = (
    "在 {file} 的 [ledger] 里写明去向：背景写进 background，自己对照的条件写进 self_check，"
    '还没有计算的写进 open 并说明原因，例如 open = [{{ clause = "{clause}", why = "…" }}]；'
    "由计算来定的，写进那个计算的 clauses"
)
MOST_QUOTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What becomes of one clause; `deciders` are the calculators and quizzes that decide it."""

    clause: Clause
    fate: Fate
    deciders: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerError:
    """A clause without a fate, or a line of the ledger that fits no clause; for a person, in Chinese."""

    file: str
    line: int
    message: str
    clause: str = ""
    quote: str = ""

    def __str__(self) -> str:
        clause = f"（{self.clause}）" if self.clause else ""
        quote = f"\n    {self.quote}" if self.quote else ""
        return f"{self.file}:{self.line}: 错误：{self.message}{clause}{quote}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The fates of all clauses of a text, in reading order."""

    policy: str
    entries: tuple[Entry, ...]
    errors: tuple[LedgerError, ...]

    def of(self, fate: Fate) -> tuple[Entry, ...]:
        """Give the entries of one fate."""
        return tuple(entry for entry in self.entries if entry.fate == fate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One name in the ledger as a person wrote it, and where."""

    name: str
    fate: Fate
    why: str
    line: int

    @property
    def alone(self) -> bool:
        """Tell whether it names one clause only."""
        return ".." not in self.name and not self.name.endswith(".*")


def ledgers(
    documents: Mapping[str, Document],
    banks: Sequence[Bank] = (),
    files: Mapping[str, Path] | None = None,
    parameters: Path = PARAMETERS,
) -> dict[str, Ledger]:
    """Say of every clause of every text what becomes of it."""
    cited = citations(documents, banks)
    found = {}
    for policy, document in documents.items():
        path = parameters / f"{policy}.toml"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        text_file = named((files or {}).get(policy, TEXTS / f"{policy}.txt"))
        found[policy] = Accounting(document, cited, text, named(path), text_file).ledger()
    return found


def citations(
    documents: Mapping[str, Document], banks: Sequence[Bank]
) -> dict[str, tuple[str, ...]]:
    """Give the clauses that calculators decide by or take figures from, and that quizzes can mark."""
    cited: dict[str, list[str]] = {}
    for calculator in policy_core.calculators():
        version = policy_core.policy(calculator.policy).version(None)
        figures = [line for name in calculator.figures for line in version.figures.get(name, ())]
        used = [clause for line in figures for clause in (line.clause, *line.also)]
        for each in dict.fromkeys(
            [*calculator.clauses, *(f"{calculator.policy}:{clause}" for clause in used)]
        ):
            cited.setdefault(each, []).append(calculator.id)
    for bank in banks:
        unmarked = {finding.line for finding in bank.findings}
        document = documents.get(bank.source)
        for item in (item for section in bank.sections for item in section.items):
            question = document.find(item.id) if document else None
            if question and item.line not in unmarked:
                for clause in question.walk():  # its options and key points too
                    cited.setdefault(clause.id, []).append(bank.id)
    return {clause: tuple(users) for clause, users in cited.items()}


class Accounting:
    """Sets the clauses of one text against what is cited and what is written in its ledger."""

    def __init__(
        self,
        document: Document,
        cited: Mapping[str, tuple[str, ...]],
        text: str,
        file: str,
        text_file: str,
    ) -> None:
        self.document = document
        self.cited = cited
        self.text = text
        self.file = file
        self.text_file = text_file
        self.errors: list[LedgerError] = []
        self.alone: dict[str, Line] = {}
        self.spread: dict[str, Line] = {}

    def ledger(self) -> Ledger:
        """Give every clause its fate; where calculators decide the text, none may be without."""
        for line in self.lines():
            for clause in self.named(line):
                names = self.alone if line.alone else self.spread
                if clause.id in names:
                    self.refuse(line, f"{clause.path} 写了两次，只留一处")
                elif line.alone and clause.id in self.cited:
                    users = "、".join(self.cited[clause.id])
                    self.refuse(line, f"{clause.path} 已经由 {users} 来定，请从 [ledger] 里去掉")
                names.setdefault(clause.id, line)
        entries = tuple(self.entries(self.document.clauses, ()))
        if any(each.policy == self.document.policy for each in policy_core.calculators()):
            for entry in entries:
                if entry.fate == "unclassified":
                    self.miss(entry.clause)
        return Ledger(policy=self.document.policy, entries=entries, errors=tuple(self.errors))

    def entries(self, clauses: Sequence[Clause], around: tuple[str, ...]) -> Iterator[Entry]:
        """Walk the tree; `around` are the deciders of a clause whose lines these are."""
        for clause in clauses:
            if clause.path == "front":
                continue
            inherited = () if clause.number else around
            deciders = self.cited.get(clause.id) or inherited
            yield self.entry(clause, deciders)
            yield from self.entries(clause.children, deciders)

    def entry(self, clause: Clause, deciders: tuple[str, ...]) -> Entry:
        """Give one clause its fate: what is nearest to it counts."""
        line = self.alone.get(clause.id) or self.spread.get(clause.id)
        if clause.id in self.cited or (deciders and not line):
            return Entry(clause=clause, fate="rule", deciders=deciders)
        if announces(clause):
            return Entry(clause=clause, fate="heading")
        if line:
            return Entry(clause=clause, fate=line.fate, why=line.why)
        return Entry(clause=clause, fate="unclassified")

    def lines(self) -> Iterator[Line]:
        """Read the ledger's table; what it may not hold is told."""
        table: Mapping[str, Any] = tomllib.loads(self.text).get("ledger", {}) if self.text else {}
        places = value_places(self.text)

        def line(*path: str | int) -> int:
            return line_of(self.text, places[path].start) if path in places else 1

        for key, names in table.items():
            if key not in WRITTEN or not isinstance(names, list):
                allowed = "、".join(WRITTEN)
                message = f"[ledger] 里的 {key} 不认得，能写的是 {allowed}，各是一个列表"
                self.tell(line("ledger", key), message)
                continue
            for index, each in enumerate(names):
                at = line("ledger", key, index)
                if key == "open":
                    name, why = (
                        (each.get("clause"), each.get("why"))
                        if isinstance(each, dict)
                        else (each, None)
                    )
                else:
                    name, why = each, ""
                if isinstance(name, str) and isinstance(why, str) and (why or key != "open"):
                    yield Line(name=name, fate=WRITTEN[key], why=why, line=at)
                else:
                    form = '{ clause = "…", why = "…" }' if key == "open" else '"4.1"'
                    self.tell(at, f"{key} 的第 {index + 1} 项写得不对，应像这样：{form}")

    def named(self, line: Line) -> Iterator[Clause]:
        """Give the clauses that a line names."""
        first, _, last = line.name.partition("..")
        begin = self.document.find(first.removesuffix(".*"))
        end = self.document.find(last) if last else begin
        if begin is None or end is None or end.start < begin.start:
            self.refuse(line, f"条文里没有 {line.name}，请改成现有的条款，或者去掉")
            return
        if line.alone:
            yield begin
        else:
            for clause in self.document.walk():
                if begin.start <= clause.start and clause.end <= end.end:
                    yield clause

    def miss(self, clause: Clause) -> None:
        """Tell of a clause that nothing speaks of: its place, its words, and what to write where."""
        words = " ".join(f"{clause.number}{clause.heading} {clause.text}".split())
        short = words if len(words) <= MOST_QUOTED else f"{words[:MOST_QUOTED]}……"
        message = f"{clause.path} 还没有去向。" + TO_DO.format(file=self.file, clause=clause.path)
        self.errors.append(
            LedgerError(
                file=self.text_file,
                line=clause.line,
                message=message,
                clause=clause.id,
                quote=short,
            )
        )

    def refuse(self, line: Line, message: str) -> None:
        """Tell of a line that cannot stand."""
        self.tell(line.line, message, clause=f"{self.document.policy}:{line.name}")

    def tell(self, line: int, message: str, clause: str = "") -> None:
        """Tell of something wrong in the ledger's own table."""
        self.errors.append(LedgerError(file=self.file, line=line, message=message, clause=clause))


def announces(clause: Clause) -> bool:
    """Tell whether a clause only announces those under it: a heading, or words that end in a colon."""
    return bool(clause.children) and (not clause.text or clause.text[-1] in "：:")
