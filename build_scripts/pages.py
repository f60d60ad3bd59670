"""Texts, rules and labels -> the handbook's pages, as Markdown for MkDocs.

Nothing here imports MkDocs: `render` gives paths and contents, `hook` hands them over, and `build_site`
is the only function that starts a build.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

import policy_core
from build_scripts.all_answers import all_answers
from build_scripts.changes import Change, FigureChange, changed_clauses, changed_figures
from build_scripts.figures import Trace, trace
from build_scripts.ledger import Fate, Ledger, ledgers
from build_scripts.lockdown import lock
from build_scripts.offline import write_worker
from build_scripts.outline import Clause, Document, parse
from build_scripts.press import press
from build_scripts.quiz import Bank
from build_scripts.quiz_paper import answer_spans, parse_bank
from build_scripts.quiz_site import quiz_element
from build_scripts.servers import write_hosted, write_settings
from build_scripts.source import read_text
from build_scripts.texts import Text, day_before, earlier, in_force, load_texts
from build_scripts.tokens import colours, contrast
from build_scripts.topics import Figures, Topic, table_words, topics_beside, topics_of, untold
from build_scripts.touched import examples
from build_scripts.words import Labels, calculator_element, load_labels
from policy_core import Calculator, Finding, Policy

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "calculators" / "templates"
CHARACTERS_A_MINUTE = 400
DEEPEST_HEADING = 4
BUILT = "1704067200"  # 2024-01-01 in UTC, as in the runtime's archive
SENTENCE_END = "。；：！？!?;:"
# The end of what is quoted; in 9:30 nothing ends.
QUOTE_END = re.compile(rf"(?<!\d)[{SENTENCE_END}]|[{SENTENCE_END}](?!\d)")
# The colours that the states page shows, with what each is for.
SWATCHES = (
    ("paper", "纸", "底色"), ("surface", "面", "答案、输入框"), ("tint", "浅绿", "选中、高亮"),
    ("ink", "正文", ""), ("ink-2", "次要", ""), ("ink-3", "最浅的字", ""), ("rule", "细线", "只作分隔"),
    ("control", "控件边", ""), ("accent", "强调", ""), ("doubt", "存疑", ""), ("error", "有误", ""),
)  # fmt: skip
MARKDOWN_SPECIAL = re.compile(r"[\\`*_{}\[\]()#+\-.!|~^<>&\"'$:=]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One generated file of the site: its path under the docs folder, and what stands in it."""

    path: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseLink:
    """How a page shows a clause: the reader's number, where it leads, and the clause's own words."""

    label: str
    href: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One clause as the page sets it; `level` is a heading's level, 0 where it is none."""

    clause: Clause
    level: int
    depth: int
    paragraphs: tuple[Markup, ...]
    calculators: tuple[Calculator, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a day changed in one policy; `old` and `new` are the texts until then and from then on."""

    policy: str
    day: str
    old: Text | None
    new: Text | None
    clauses: tuple[Change, ...]
    figures: tuple[FigureChange, ...]


@dataclass(frozen=True, kw_only=True)
class Handbook:
    """All that the pages are made from.

    `documents` and `traces` are what is in force; `texts` holds every version, `past_traces` the
    figures of the older ones.
    """

    documents: dict[str, Document]
    texts: dict[str, tuple[Text, ...]]
    banks: tuple[Bank, ...]
    traces: tuple[Trace, ...]
    past_traces: tuple[Trace, ...]
    labels: dict[str, Labels]
    policies: dict[str, Policy]
    ledgers: dict[str, Ledger]
    calculators: tuple[Calculator, ...] = field(default_factory=policy_core.calculators)

    def calculators_of(self, policy: str) -> tuple[Calculator, ...]:
        """Give the calculators of one policy, in the order of its text."""
        return tuple(each for each in self.calculators if each.policy == policy)

    def findings_of(self, policy: str) -> tuple[Finding, ...]:
        """Give the findings of one policy, in the order in which they are written."""
        return self.policies[policy].findings if policy in self.policies else ()

    def users_of(self, finding: Finding) -> tuple[Calculator, ...]:
        """Give the calculators whose answers a finding can touch."""
        return tuple(
            each for each in self.calculators_of(finding.policy) if finding.id in each.findings
        )

    def document(self, policy: str, since: str = "") -> Document | None:
        """Give a policy's text: the version of a day, or the one in force."""
        dated = [text.document for text in self.texts.get(policy, ()) if text.since == since]
        return dated[0] if dated else self.documents.get(policy)

    def clause(self, clause_id: str, since: str = "") -> Clause | None:
        """Find a clause, or the nearest one around it that the page still shows."""
        policy, _, path = clause_id.partition(":")
        document = self.document(policy, since)
        while document and path:
            found = document.find(path)
            if found:
                return found
            path = path.rpartition(".")[0]
        return None

    def link(self, clause_id: str, base: str, since: str = "") -> ClauseLink:
        """Lead from a page at `base` (`../../` and the like) to a clause, of an older version too."""
        policy = clause_id.partition(":")[0]
        clause = self.clause(clause_id, since)
        older = any(text.since == since for text in self.texts[policy][:-1])
        href = f"{base}policies/{policy}/{f'{since}/' if older else ''}"
        if clause is None:
            words = "" if ":" in clause_id else self.documents[policy].title
            return ClauseLink(label=self.short_name(policy), href=href, words=words)
        return ClauseLink(
            label=clause.label or "开头",
            href=f"{href}#{clause.anchor}",
            words=" ".join(paragraphs(clause)),
        )

    def short_name(self, policy: str) -> str:
        """Give a policy's short name for chips and lists."""
        document = self.documents[policy]
        return document.front.get("简称") or document.title

    def calculators_using(self, each: Trace) -> tuple[Calculator, ...]:
        """Give the calculators that read a figure, or show it beside their answers."""
        name = re.split(r"[.\[]", each.figure)[0]
        return tuple(
            user for user in self.calculators_of(each.policy) if name in user.figures + user.facts
        )

    def quote(self, each: Trace) -> Markup:
        """Give the clause's sentence that holds a figure, the figure marked."""
        clause = self.clause(each.clause, each.text)
        for text in paragraphs(clause) if clause else ():
            before, words, after = text.partition(each.words)
            if words:
                start = max((end.end() for end in QUOTE_END.finditer(before)), default=0)
                end = QUOTE_END.search(after)
                after = after[: end.start()] if end else after
                return escape(before[start:]) + Markup("<mark>{}</mark>").format(words) + after
        return escape(each.words)

    def figures(self, policy: str) -> Figures:
        """Give the figures of a policy that its pages show: those of its newest version."""
        versions = self.policies[policy].versions if policy in self.policies else ()
        return versions[-1].figures if versions else {}

    def topics(self, policy: str) -> list[Topic]:
        """Give the topics of a policy."""
        return topics_of(policy, self.figures(policy))

    def tables_after(self, policy: str) -> dict[str, list[Topic]]:
        """Give the tables that stand in a text, by the clause that they follow."""
        found: dict[str, list[Topic]] = {}
        for each in self.topics(policy):
            clause = self.clause(f"{policy}:{each.clause}")
            if not each.sketch:
                found.setdefault(clause.id if clause else "", []).append(each)
        return found

    def self_checks(self, policy: str) -> list[tuple[Clause | None, list[Clause]]]:
        """Give the conditions that a reader checks alone, under the clause around them."""
        document, found = self.documents[policy], self.ledgers[policy].of("self-check")
        groups: dict[str, list[Clause]] = {}
        for entry in found:
            groups.setdefault(entry.clause.path.rpartition(".")[0], []).append(entry.clause)
        return [(document.find(path) if path else None, each) for path, each in groups.items()]

    def self_checks_beside(
        self, calculator: Calculator
    ) -> list[tuple[Clause | None, list[Clause]]]:
        """Give the conditions that stand next to those that a calculator decides."""
        return [
            (around, clauses)
            for around, clauses in self.self_checks(calculator.policy)
            if around and any(f"{each}.".startswith(f"{around.id}.") for each in calculator.clauses)
        ]

    def fate_count(self, fate: Fate | None = None) -> int:
        """Count the clauses of all texts that have a fate, or have any; headings aside."""
        entries = [each for ledger in self.ledgers.values() for each in ledger.entries]
        return sum(each.fate == fate if fate else each.fate != "heading" for each in entries)

    def title_of(self, decider: str) -> str:
        """Give the title of a calculator or a quiz."""
        quizzes = {bank.id: bank.title for bank in self.banks}
        return quizzes.get(decider) or self.labels[decider].short

    def past(self, policy: str) -> list[tuple[str, str, str]]:
        """List the older versions of the figures: from when, until when, and the text that they stand in."""
        days = [version.effective.isoformat() for version in self.policies[policy].versions]
        found = {each.version: each.text for each in self.past_traces if each.policy == policy}
        return [
            (since, day_before(later), found.get(since, since)) for since, later in pairwise(days)
        ]

    def spans(self, policy: str) -> list[tuple[str, str, str]]:
        """List the stretches in which text and figures stood still: from, until, the text's day.

        The last one has no end and is in force.
        """
        texts = self.texts[policy]
        versions = self.policies[policy].versions
        days = {version.effective.isoformat() for version in versions}
        ordered = sorted(days | {text.since for text in texts[1:]})
        ends = [day_before(day) for day in ordered[1:]]
        return [
            (since, until, max((each.since for each in texts if each.since <= since), default=""))
            for since, until in zip(ordered, [*ends, ""], strict=True)
        ]

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """List what changed in every policy since its first version, the newest first."""
        found = []
        for policy, texts in self.texts.items():
            traced: dict[str, list[Trace]] = {}
            for each in (*self.past_traces, *self.traces):
                if each.policy == policy:
                    traced.setdefault(each.version, []).append(each)
            pairs = {new.since: (old, new) for old, new in pairwise(texts)}
            figures = {
                day: tuple(changed_figures(traced[before], traced[day]))
                for before, day in pairwise(sorted(traced))
            }
            for day in {*pairs, *figures}:
                old, new = pairs.get(day, (None, None))
                changes = changed_clauses(old.document, new.document) if old and new else ()
                found.append(
                    Event(
                        policy=policy, day=day, old=old, new=new,
                        clauses=tuple(changes), figures=figures.get(day, ()),
                    )
                )  # fmt: skip
        return tuple(sorted(found, key=lambda event: event.day, reverse=True))

    @cached_property
    def doubts(self) -> tuple[Finding, ...]:
        """List every finding, policy by policy."""
        return tuple(each for policy in self.documents for each in self.findings_of(policy))

    @cached_property
    def readings(self) -> tuple[Finding, ...]:
        """List the findings that a calculator can show to change a result."""
        return tuple(each for each in self.doubts if each.readings)


def load_handbook(docs: Path) -> Handbook:
    """Read the texts, banks, labels and parameters of the working copy.

    Raises:
        SystemExit: a figure and its clause do not agree, or a clause has no fate; says where, and
            what each says.

    """
    policies = {policy.id: policy for policy in policy_core.policies()}
    found, problems = load_texts(docs / "policies")
    if problems:
        raise SystemExit("\n\n".join(f"{each.path}: {each.message}" for each in problems))
    order = [*policies, *sorted(found.keys() - policies.keys())]
    texts = {policy: found[policy] for policy in order if policy in found}
    documents = in_force(texts)
    traces, errors = trace(documents, earlier=earlier(texts))
    banks = tuple(
        parse_bank(read_text(path), path.stem) for path in sorted(docs.glob("quiz/*.txt"))
    )
    for bank in banks:
        if bank.source in texts:
            texts[bank.source] = tuple(
                replace(text, document=without_answers(text.document))
                for text in texts[bank.source]
            )
    accounts = ledgers(in_force(texts), banks)
    wrong = [*errors, *(error for ledger in accounts.values() for error in ledger.errors)]
    if wrong:
        # MkDocs shows these words as they are, and goes on watching when it serves.
        raise SystemExit("\n\n".join(map(str, wrong)))
    labels = {each.id: load_labels(each.id) for each in policy_core.calculators()}
    newest = {policy.id: policy.versions[-1:] for policy in policies.values()}
    now = [each for each in traces if each.version == newest[each.policy][0].effective.isoformat()]
    return Handbook(
        documents=in_force(texts), texts=texts, banks=banks, labels=labels, policies=policies,
        traces=tuple(now), past_traces=tuple(each for each in traces if each not in now),
        ledgers=accounts,
    )  # fmt: skip


def without_answers(document: Document) -> Document:
    """Take the answers out of an examination's text, so that no page or index holds them."""
    text, end, kept = document.source, 0, []
    for start, stop in answer_spans(text):
        kept += [text[end:start], "　　"]
        end = stop
    return parse("".join([*kept, text[end:]]), document.policy)


def joined(text: str) -> list[str]:
    """Mend lines that a hand or a paste broke in mid-sentence; a new paragraph follows a full stop."""
    paragraphs: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if paragraphs and paragraphs[-1][-1] not in SENTENCE_END:
            between = " " if paragraphs[-1][-1].isascii() and line[0].isascii() else ""
            paragraphs[-1] += between + line
        else:
            paragraphs.append(line)
    return paragraphs


def paragraphs(clause: Clause) -> Iterator[str]:
    """Give the paragraphs of a clause and of all under it."""
    yield from joined(f"{clause.heading}\n{clause.text}")
    for child in clause.children:
        yield from paragraphs(child)


def blocks(handbook: Handbook, document: Document) -> Iterator[Block]:
    """Walk a clause tree in reading order and say how each clause is set.

    An older version stands as it was: what calculators take from a text and what is unclear in it is
    told at the one in force.
    """
    current = handbook.documents[document.policy] is document
    findings = handbook.findings_of(document.policy) if current else ()
    calculators = handbook.calculators if current else ()
    cited = {finding.id: set(finding.clauses) for finding in findings}
    marks: dict[str, list[Trace]] = {}
    for each in handbook.traces if current else ():
        marks.setdefault(each.clause, []).append(each)

    def walk(
        clauses: Sequence[Clause], level: int, depth: int, around: list[Trace]
    ) -> Iterator[Block]:
        for clause in clauses:
            if clause.id.endswith(":front"):
                continue
            heading = min(level, DEEPEST_HEADING) if clause.heading else 0
            wanted = [*around, *marks.get(clause.id, [])]
            yield Block(
                clause=clause,
                level=heading,
                depth=depth,
                paragraphs=tuple(marked(text, wanted) for text in joined(clause.text)),
                calculators=tuple(each for each in calculators if clause.id in each.clauses),
                findings=tuple(finding for finding in findings if clause.id in cited[finding.id]),
            )
            inner = depth if heading == 2 or not clause.number else depth + 1
            yield from walk(clause.children, level + bool(heading), inner, wanted)

    yield from walk(document.clauses, 2, 0, [])


def marked(text: str, traces: Sequence[Trace]) -> Markup:
    """Mark the figures that a calculator takes from this text; each links to its line in the figures."""
    spans: list[tuple[int, int, Trace]] = []
    for each in traces:
        start = text.find(each.words) if each.words else -1
        stop = start + len(each.words)
        if start >= 0 and all(stop <= other[0] or start >= other[1] for other in spans):
            spans.append((start, stop, each))
    out, end = Markup(), 0
    for start, stop, each in sorted(spans, key=lambda span: span[0]):
        out += escape(text[end:start])
        out += Markup('<a class="figure-mark" href="../../figures/#{}">{}</a>').format(
            figure_anchor(each), text[start:stop]
        )
        end = stop
    return out + escape(text[end:])


def figure_anchor(each: Trace) -> str:
    """Name a figure's line on the figures page."""
    return "f-" + re.sub(
        r"[^0-9A-Za-z]+", "-", f"{each.policy}-{each.version}-{each.figure}"
    ).strip("-")


def note_of(handbook: Handbook, finding: Finding) -> int:
    """Give the number of a doubt among those of its policy, as the notes on paper have it."""
    return handbook.findings_of(finding.policy).index(finding) + 1


def heading_text(text: str) -> Markup:
    """Keep a heading's characters out of Markdown's hands."""
    return Markup(MARKDOWN_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text))  # noqa: S704 - only entities are left


def environment() -> Environment:
    """Make the templates' environment: everything is escaped, an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["heading"] = heading_text
    made.filters["px"] = lambda value: f"{float(value):.1f}".removesuffix(".0")
    made.filters["in_policy"] = lambda clause, policy: f"{policy}:{clause}"
    made.globals["figure_anchor"] = figure_anchor
    made.globals["note_of"] = note_of
    made.globals.update(table_words())
    made.globals["words_of"] = lambda clause: " ".join(joined(clause.full_text()))
    return made


def navigation(handbook: Handbook) -> list[dict[str, object]]:
    """Lay out the tabs and the side list, in the readers' words; the theme writes them as HTML."""
    return [
        {"首页": "index.md"},
        {
            "算一算": [
                "calculators/index.md",
                *(
                    {str(escape(handbook.labels[each.id].title)): f"calculators/{each.id}.md"}
                    for each in handbook.calculators
                ),
            ]
        },
        {
            "查条款": [
                "policies/index.md",
                *(
                    {str(escape(document.title)): f"policies/{policy}.md"}
                    for policy, document in handbook.documents.items()
                ),
            ]
        },
        {
            "测一测": [
                "quiz/index.md",
                *({str(escape(bank.title)): f"quiz/{bank.id}.md"} for bank in handbook.banks),
            ]
        },
        {"存疑": "doubts.md"},
        {
            "数据": [
                "figures.md",
                {"条款去向": "ledger.md"},
                {"变更": "changes.md"},
                {"给机器用": "machines.md"},
            ]
        },
    ]


def render(handbook: Handbook) -> Iterator[Page]:
    """Render every generated page."""
    templates = environment()

    def page(path: str, template: str, base: str, **context: object) -> Page:
        content = templates.get_template(f"page/{template}.html").render(
            handbook=handbook, base=base, link=partial(handbook.link, base=base), **context
        )
        return Page(path=path, content=content)

    yield page("index.md", "home", "")
    yield page("calculators/index.md", "calculators", "../")
    yield page("policies/index.md", "policies", "../")
    yield page("quiz/index.md", "quizzes", "../")
    told = examples(lambda clause, since="": handbook.link(clause, "../", since))
    yield page("doubts.md", "doubts", "../", examples=told)
    yield page("figures.md", "figures", "../")
    yield page("ledger.md", "ledger", "../")
    yield page("changes.md", "changes", "../")
    yield page("states.md", "states", "../", swatches=SWATCHES, contrasts=contrasts())
    yield Page(path="doubts.csv", content=doubts_table(handbook))
    link = partial(handbook.link, base="../../")
    elements = {
        each.id: Markup(calculator_element(each.id, link, handbook.spans(each.policy)))  # noqa: S704
        for each in handbook.calculators
    }
    for each in handbook.calculators:
        figures = handbook.figures(each.policy)
        topics = topics_beside(each, figures)
        yield page(
            f"calculators/{each.id}.md",
            "calculator",
            "../../",
            calculator=each,
            figures=figures,
            topics=topics,
            untold=untold(each, topics),
            labels=handbook.labels[each.id],
            element=elements[each.id],
            self_checks=handbook.self_checks_beside(each),
            answers=all_answers(each, link),
        )
    for policy, document in handbook.documents.items():
        calculators = handbook.calculators_of(policy)
        yield page(
            f"policies/{policy}.md",
            "policy",
            "../../",
            document=document,
            blocks=list(blocks(handbook, document)),
            calculators=calculators,
            figures=handbook.figures(policy),
            drawn=[topic for topic in handbook.topics(policy) if topic.sketch],
            tables=handbook.tables_after(policy),
            elements=elements,
            minutes=reading_minutes(document),
            self_checks=handbook.self_checks(policy),
            bank=next((bank for bank in handbook.banks if bank.source == policy), None),
        )
        for text in handbook.texts[policy][:-1]:
            yield page(
                f"policies/{policy}/{text.since}.md",
                "past",
                "../../../",
                text=text,
                document=text.document,
                tables={},
                blocks=list(blocks(handbook, text.document)),
            )
    for bank in handbook.banks:
        element = Markup(quiz_element(bank, link))  # noqa: S704
        yield page(f"quiz/{bank.id}.md", "quiz", "../../", bank=bank, element=element)


def contrasts() -> dict[str, tuple[float, ...] | None]:
    """Give how far each colour that writes stands from the paper, in the light and the dark scheme."""
    schemes = colours().values()
    return {
        name: None if use else tuple(contrast(each[name], each["paper"]) for each in schemes)
        for name, _, use in SWATCHES
    }


def reading_minutes(document: Document) -> int:
    """Estimate the minutes that a reader needs, at least one."""
    length = sum(len(clause.full_text()) for clause in document.clauses)
    return max(1, round(length / CHARACTERS_A_MINUTE))


def doubts_table(handbook: Handbook) -> str:
    """Write the list of doubts for HR as CSV that Excel opens."""
    from build_scripts.tables import comma_cell  # noqa: PLC0415 - it reads sheets too, which is heavy

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ["制度", "条款", "哪里没说清", "说明", "我们这样读", "也可以读成", "影响的计算"]
    )
    for finding in handbook.doubts:
        sentences = list(finding.readings.values())
        cells = [
            handbook.documents[finding.policy].title,
            "、".join(handbook.link(clause, "").label for clause in finding.clauses),
            finding.title,
            finding.message,
            sentences[0] if sentences else "",
            "；".join(sentences[1:]),
            "、".join(handbook.labels[each.id].title for each in handbook.users_of(finding)),
        ]
        writer.writerow(map(comma_cell, cells))
    return "\ufeff" + out.getvalue()


def build_site(
    site: Path,
    config_file: Path = ROOT / "mkdocs.yml",
    settings: Path | None = None,
    *,
    pressed: bool = False,
) -> None:
    """Build the whole handbook into `site`, and the settings of its server into another folder.

    Args:
        site: the folder of the site.
        config_file: MkDocs's own settings.
        settings: the folder for the settings of the server.
        pressed: put the compressed files beside the others, which takes its time.

    Raises:
        SystemExit: a text, a figure or a label is wrong; the message says where.

    """
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    # The same texts give the same bytes on any day; who wants a day in them says which.
    built = os.environ.setdefault("SOURCE_DATE_EPOCH", BUILT)
    from mkdocs.commands.build import build  # noqa: PLC0415
    from mkdocs.config import load_config  # noqa: PLC0415

    from build_scripts.supply import write_bill, write_sums  # noqa: PLC0415

    config = load_config(str(config_file), site_dir=str(site))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    config.plugins.on_shutdown()
    policy = lock(site)
    write_worker(site)
    write_hosted(site, policy)
    write_bill(site, int(built))
    if pressed:
        press(site, ROOT / ".cache" / "pressed")
    write_sums(site)
    if settings:
        write_settings(settings, site, policy)
