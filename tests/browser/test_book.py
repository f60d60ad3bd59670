"""The handbook as PDF, read by a reader that is not the browser."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from build_scripts.machine import book
from build_scripts.machine.book import BookError, opened_browser, write_book
from build_scripts.pages import ROOT, load_handbook
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

DAY = date(2024, 6, 1)
HANDBOOK = load_handbook(ROOT / "docs")


@pytest.fixture(scope="module")
def whole(site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    """Print the whole handbook."""
    out = tmp_path_factory.mktemp("book") / "handbook.pdf"
    write_book(browser, site, list(HANDBOOK.documents), out, DAY)
    return PdfReader(out)


@pytest.fixture(scope="module")
def texts(whole: PdfReader) -> list[str]:
    """Give the words of every page, without their spaces."""
    return [words(page.extract_text()) for page in whole.pages]


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


def bookmarks(reader: PdfReader) -> list[tuple[str, int]]:
    """List the outermost bookmarks with their pages."""
    found: list[Any] = [each for each in reader.outline if not isinstance(each, list)]
    return [(each.title, (reader.get_destination_page_number(each) or 0) + 1) for each in found]


def test_bookmarks_contents_and_pages_agree(whole: PdfReader, texts: list[str]) -> None:
    titles = [document.title for document in HANDBOOK.documents.values()]
    marked = bookmarks(whole)
    assert [title for title, _ in marked] == [*titles, "数据", "变更"]
    contents = texts[0]
    assert "晋升制度手册" in contents
    assert "2024年6月1日制作" in contents
    for title, number in marked:
        assert words(title) in texts[number - 1]
        assert f"{words(title)}{number}" in contents
    for number, text in enumerate(texts[1:], 2):
        assert f"第{number}页，共{len(texts)}页" in text


def test_the_words_can_be_searched_and_every_page_holds_some(
    whole: PdfReader, texts: list[str]
) -> None:
    text = "".join(texts)
    assert not re.search(r"[\u2e80-\u2fdf]", text)
    assert min(map(len, texts)) > 60
    for document in HANDBOOK.documents.values():
        assert words(document.title) in text
    for finding in HANDBOOK.doubts:
        assert words(finding.title) in text, finding.id
    assert whole.metadata is not None
    assert whole.metadata.title == "晋升制度手册"
    assert str(whole.root_object["/Lang"]) == "zh-CN"


def test_links_lead_to_places_within_the_book(whole: PdfReader) -> None:
    places = {name.removeprefix("/") for name in whole.named_destinations}
    goals = [
        str(link.get_object().get("/Dest", "")).removeprefix("/")
        for page in whole.pages
        for link in page.get("/Annots", [])
    ]
    assert len(goals) > 200
    assert set(goals) <= places


def test_one_policy_is_short_and_opens_no_doubt(
    site: Path, browser: Browser, tmp_path: Path
) -> None:
    write_book(browser, site, ["transfers"], tmp_path / "one.pdf", DAY)
    reader = PdfReader(tmp_path / "one.pdf")
    assert len(reader.pages) <= 4
    assert [title for title, _ in bookmarks(reader)] == ["岗位晋升异动管理"]
    text = words("".join(page.extract_text() for page in reader.pages))
    finding = HANDBOOK.findings_of("transfers")[0]
    assert text.count(words(finding.message)) == 1


def test_an_empty_calculator_prints_one_page(page: Page, server: Server, tmp_path: Path) -> None:
    page.goto(server.url + "calculators/grade-from-points/")
    page.wait_for_selector('policy-calculator[data-state="ready"]')
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    assert len(PdfReader(tmp_path / "page.pdf").pages) == 1


def test_without_a_browser_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "browser_path", lambda: str(tmp_path / "nothing"))

    def tried() -> str:
        with pytest.raises(BookError) as said, opened_browser():
            pass
        return str(said.value)

    # In a thread of its own: this one has Playwright running already.
    with ThreadPoolExecutor() as threads:
        assert threads.submit(tried).result().startswith("没有找到浏览器。装上")
