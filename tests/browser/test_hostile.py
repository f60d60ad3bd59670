"""Whatever a text, a label, a doubt or a quiz bank holds stays text: on pages, in the search, in tables.

The pages are opened without their policy, so that it is not the policy that saves them.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

import policy_core
from build_scripts import words
from build_scripts.pages import ROOT, build_site
from policy_core import Finding
from tests.browser.conftest import Server, serving

pytestmark = pytest.mark.browser

# What makes an element, an attribute, a link, a template, a formula, or turns the writing round.
PAYLOADS = (
    "<x-evil>标签</x-evil>",
    "<script>window.attacked=1</script>",
    "</script><img src=x onerror=window.attacked=1>",
    "</title></textarea></style><x-evil>结束",
    "<!--注释",
    "\"onmouseover='window.attacked=1'",
    "[链接](javascript:window.attacked=1)",
    "![图](data:,x)",
    "<javascript:window.attacked=1>",
    "{{7*191}}{%raw%}{#注#}",
    "{:onclick=window.attacked=1 .x-evil}",
    "**粗**`码`~~删~~",
    "&lt;x-evil&gt;&#60;x-evil&#62;",
    "\u202e倒着\u202c\u200b\u2066零宽\u2069",
    "=cmd|'/C calc'!A0",
    "9" * 400,
)  # fmt: skip
ALL = " ".join(PAYLOADS)
EVALUATED = str(7 * 191)
NEVER_POISONED = {"facts", "when", "options"}
TEXT = "\n".join(
    [
        f"标题：=敌意{ALL}",
        "编号：academic-titles",
        "生效日期：2024-01-01",
        f"简介：{ALL}",
        f"简称：敌意{ALL}",
        "",
        *(f"{number}. {each}\n{each}正文{each}。" for number, each in enumerate(PAYLOADS, 1)),
    ]
)
QUIZ = f"""标题：敌意{ALL}
编号：hostile

一、选择题（每小题5分，共5分）
1.题目{ALL}（A）A、甲{ALL} B、乙{ALL}
二、判断题（每题5分，共5分）
1.说法{ALL}。（√）
三、填空题（每空2分，共2分）
1.空白{ALL}（答案）。
四、简答题（每题10分，共10分）
1.问题{ALL}
答：{ALL}
要点：一{ALL}
"""


def poisoned(value: Any, key: str = "") -> Any:  # noqa: ANN401 - labels are nested as TOML nests
    """Add all payloads to every word that a page shows."""
    if key in NEVER_POISONED and not isinstance(value, dict):
        return value
    if isinstance(value, str):
        # A headline's braces are its own; what stands in them names a field.
        return value + ALL.replace("{", "").replace("}", "")
    if isinstance(value, dict):
        return {name: poisoned(each, name) for name, each in value.items()}
    return [poisoned(each) for each in value] if isinstance(value, list | tuple) else value


def worse(finding: Finding) -> Finding:
    """Give a finding with hostile words; a title may also begin as a formula does."""
    return replace(
        finding,
        title=f"=1+1{ALL}",
        message=f"@{finding.message}{ALL}",
        readings={name: f"+{text}{ALL}" for name, text in finding.readings.items()},
    )


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the handbook from hostile words, and give the words back as they were."""
    folder = tmp_path_factory.mktemp("hostile")
    docs = folder / "docs"
    shutil.copytree(ROOT / "docs", docs)
    (docs / "policies" / "academic-titles.txt").write_text(TEXT, encoding="utf-8")
    (docs / "quiz" / "hostile.txt").write_text(QUIZ, encoding="utf-8")
    for path in docs.glob("policies/*.txt"):
        text = path.read_text(encoding="utf-8")
        path.write_text(
            re.sub(r"(?m)^((?:简称|简介)：.*)$", lambda line: line[1] + ALL, text), "utf-8"
        )
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for before, after in (
        ("docs_dir: docs", f"docs_dir: {docs}"),
        ("custom_dir: ", f"custom_dir: {ROOT}/"),
        ("hooks: [", f"hooks: [{ROOT}/"),
        ("watch: [calculators, policy_core]", ""),
    ):
        assert config.count(before) == 1
        config = config.replace(before, after)
    (folder / "mkdocs.yml").write_text(config, encoding="utf-8")
    kept = [(policy, policy.findings) for policy in policy_core.policies()]
    with pytest.MonkeyPatch.context() as patch:
        plain = words.parse_labels

        def labels(calculator_id: str, text: str) -> words.Labels:
            found = plain(calculator_id, text)
            changed = {
                name: poisoned(getattr(found, name), name)
                for name in ("title", "short", "note", "inputs", "outcome", "headlines")
            }
            return replace(found, **changed)

        patch.setattr(words, "parse_labels", labels)
        words.load_labels.cache_clear()
        try:
            for policy, findings in kept:
                object.__setattr__(policy, "findings", tuple(map(worse, findings)))
            build_site(folder / "site", folder / "mkdocs.yml")
        finally:
            for policy, findings in kept:
                object.__setattr__(policy, "findings", findings)
    words.load_labels.cache_clear()
    return folder / "site"


class Reader(HTMLParser):
    """What a page is made of: its elements with their attributes, where it leads, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.kinds: set[tuple[str, str]] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.kinds |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action")}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.kinds.add(("comment", data))


def read(site: Path) -> dict[str, Reader]:
    return {
        path.relative_to(site).as_posix(): Reader(path) for path in sorted(site.rglob("*.html"))
    }


def test_no_element_attribute_or_link_is_made_by_words(site: Path, hostile: Path) -> None:
    # Words that are too long for buttons make a list of choices.
    ours = {("option", "selected")}.union(*(page.kinds for page in read(site).values()))
    for place, page in read(hostile).items():
        assert page.kinds <= ours, (place, page.kinds - ours)
        strange = {each for each in page.links if re.match(r"\s*(?!https?:)[\w+.-]+:", each)}
        assert strange == set(), place
        assert EVALUATED not in page.text, place


def test_every_word_stands_there_as_it_was_written(hostile: Path) -> None:
    pages = read(hostile)
    for place in (
        "policies/academic-titles/index.html", "quiz/hostile/index.html", "doubts/index.html",
    ):  # fmt: skip
        text = "".join(pages[place].text.split())
        for each in PAYLOADS:
            assert "".join(each.split()) in text, (place, each)


def test_the_table_of_doubts_holds_no_formula(hostile: Path) -> None:
    text = (hostile / "doubts.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert any(cell.startswith("'=1+1") for row in rows for cell in row)
    assert [
        cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    ] == []


@pytest.fixture(scope="module")
def served(hostile: Path) -> Iterator[Server]:
    with serving(hostile) as server:
        yield server


@pytest.fixture
def bare(browser: Browser) -> Iterator[Page]:
    """Open a page whose own policy does not count."""
    context = browser.new_context(bypass_csp=True, locale="zh-CN", service_workers="block")
    page = context.new_page()
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    yield page
    assert page.evaluate("window.attacked") is None
    assert page.locator("x-evil, .x-evil").count() == 0
    context.close()
    assert said == []


def test_an_answer_among_hostile_words_is_an_answer(bare: Page, served: Server) -> None:
    bare.goto(served.url + "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2")
    bare.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    expect(bare.locator("policy-calculator output")).to_contain_text("<x-evil>标签</x-evil>")


def test_a_marked_paper_and_the_search_show_hostile_words(bare: Page, served: Server) -> None:
    bare.goto(served.url + "quiz/hostile/")
    bare.evaluate("document.querySelector('policy-quiz').answers = {'1.1': ['A']}")
    bare.evaluate("document.querySelector('policy-quiz form').requestSubmit()")
    expect(bare.locator(".quiz-score").first).to_be_visible(timeout=30_000)
    bare.fill(".md-search input", "敌意")
    expect(bare.locator("[role=option]").first).to_be_attached(timeout=30_000)


LINKS = (
    "grade=<x-evil>&carried=3&points=40&half=2",
    "points=%3Cimg%20src%3Dx%20onerror%3Dwindow.attacked%3D1%3E&grade=4",
    "__proto__=1&constructor=2&grade[]=4&grade=" + "9" * 5_000,
    "as_of=%22%3E%3Cscript%3Ewindow.attacked%3D1%3C/script%3E&grade=4&carried=3&points=40&half=2",
    "&".join(f"points={number}" for number in range(3_000)),
    "%E0%A4%A&%00=%00&=&&&grade=\u202e4",
)


@pytest.mark.parametrize("fragment", LINKS, ids=range(len(LINKS)))
def test_a_hostile_link_fills_in_text_or_nothing(bare: Page, served: Server, fragment: str) -> None:
    bare.goto(served.url + "calculators/grade-from-points/#" + fragment)
    bare.wait_for_selector("policy-calculator:not([data-state=loading])")
    bare.wait_for_timeout(200)
    assert bare.evaluate("({}).grade") is None
