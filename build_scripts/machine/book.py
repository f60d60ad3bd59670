"""The handbook, or one policy, as PDF: the built pages set one after another and printed by the browser.

The browser makes bookmarks of the headings and numbers the pages. On which page a part begins is known
only when all is set: so it is printed twice, the second time with the numbers in the contents.
"""

from __future__ import annotations

import io
import posixpath
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag
from markupsafe import Markup
from playwright.sync_api import Browser, Error, Page, sync_playwright
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject, TextStringObject

from build_scripts.bootstrap import BROWSERS, MAC_BROWSER
from build_scripts.pages import environment

LAST = ("figures", "changes")
FLAGS = ("--no-sandbox", "--disable-gpu")
NAMES_IDS = ("for", "aria-labelledby", "aria-describedby")
ONLY_ON_SCREEN = "template, script, noscript, .headerlink, .policy-meta, form, button"
RADICALS = range(0x2E80, 0x2FE0)
# Unicode itself knows the ordinary characters of the other radicals; of ⼾ it gives 戶.
SIMPLIFIED = dict(
    zip(
        "⼾⻁⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "户虎见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
CHARACTER = re.compile(rb"(?m)^(<[0-9A-Fa-f]{2,4}>) <([0-9A-Fa-f]{4})>$")
RANGE = re.compile(rb"(?m)^<([0-9A-Fa-f]{2,4})> <([0-9A-Fa-f]{2,4})> <([0-9A-Fa-f]{4})>$")
OWN_PLACE = re.compile(r"url\(#([^)]+)\)")


class BookError(Exception):
    """The book cannot be made; says what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of the site as a part of the book; `sections` are its headings of the second level."""

    id: str
    title: str
    html: Markup
    sections: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the contents."""

    id: str
    title: str


def write_book(browser: Browser, site: Path, policies: Sequence[str], out: Path, day: date) -> None:
    """Print a built site, or one policy of it, to a file.

    Args:
        browser: the one that sets and prints.
        site: the built site.
        policies: all of them in their order, or the one that is wanted.
        out: where the PDF goes.
        day: the day that stands on the cover.

    """
    whole = len(policies) > 1
    paths = [f"policies/{each}" for each in policies] + (list(LAST) if whole else [])
    pages = {each: read_page(site, each) for each in paths}
    parts = [part(pages[each], each, paths) for each in paths]
    own_name = pages[paths[0]].select_one("title")
    handbook = own_name.get_text().rpartition(" - ")[2] if own_name else ""
    made = f"{day.year} 年 {day.month} 月 {day.day} 日制作，条文以公司发布的原件为准。"
    html = (
        environment()
        .get_template("machine/book.html")
        .render(
            title=handbook if whole else parts[0].title,
            note=made if whole else f"{handbook}，{made}",
            contents=parts if whole else parts[0].sections,
            parts=parts,
            sheets=sheets(site, paths[0], pages),
        )
    )
    with TemporaryDirectory() as folder:
        written = Path(folder) / "book.html"
        written.write_text(html, encoding="utf-8")
        pdf = printed(browser, written.as_uri())
    out.write_bytes(pdf)


def read_page(site: Path, path: str) -> BeautifulSoup:
    """Read a page of the site."""
    return BeautifulSoup((site / path / "index.html").read_text(encoding="utf-8"), "html.parser")


def sheets(site: Path, path: str, pages: Mapping[str, BeautifulSoup]) -> list[str]:
    """Give the style sheets of a page, wherever the book lies."""
    links = pages[path].select('link[rel="stylesheet"]')
    return [(site / path / str(each["href"])).resolve().as_uri() for each in links]


def part(page: BeautifulSoup, path: str, paths: Iterable[str]) -> Part:
    """Take a page's article into the book: its names made its own, its links leading within the book."""
    article = page.select_one("article")
    if article is None:
        raise BookError(f"{path} 不是手册的一页")
    for each in article.select(ONLY_ON_SCREEN):
        each.decompose()
    for each in article.find_all(True):
        rename(each, path)
    for each in article.select("a[href]"):
        lead(each, path, paths)
    heading = article.select_one("h1")
    title = heading.get_text().strip() if heading else path
    sections = [
        Entry(id=str(each["id"]), title=" ".join(each.get_text().split()))
        for each in article.select("h2[id]")
    ]
    html = Markup(article.decode_contents())  # noqa: S704 - the site's own article
    return Part(id=name_of(path), title=title, html=html, sections=tuple(sections))


def rename(each: Tag, path: str) -> None:
    """Put the page's name before every name within it, and where one is named."""
    if "id" in each.attrs:
        each["id"] = name_of(path, str(each["id"]))
    for key in NAMES_IDS:
        if key in each.attrs:
            value = each[key]
            names = value if isinstance(value, list) else str(value).split()
            each[key] = " ".join(name_of(path, name) for name in names)
    for key, value in each.attrs.items():
        if isinstance(value, str) and "url(#" in value:
            each[key] = OWN_PLACE.sub(lambda found: f"url(#{name_of(path, found[1])})", value)
    if each.name == "use" and str(each.get("href", "")).startswith("#"):
        each["href"] = f"#{name_of(path, str(each['href'])[1:])}"


def lead(link: Tag, path: str, paths: Iterable[str]) -> None:
    """Lead to the place in the book; what the book does not hold is no link."""
    place, anchor = urldefrag(str(link["href"]))
    goal = posixpath.normpath(posixpath.join(path, place)) if place else path
    if goal in paths and "=" not in anchor:
        link["href"] = f"#{name_of(goal, anchor)}"
    else:
        del link["href"]


def name_of(path: str, anchor: str = "") -> str:
    """Name a page, or a place on it, within the book."""
    return "--".join(filter(None, (path.replace("/", "-"), anchor)))


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Open the machine's browser.

    Raises:
        BookError: there is none.

    """
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        except Error as error:
            raise BookError(
                "没有找到浏览器。装上 Chromium 或 Chrome 再试；也可以运行 make test，它会装一个"
            ) from error
        yield browser
        browser.close()


def printed(browser: Browser, address: str) -> bytes:
    """Print a page twice: the second time with the numbers of the pages in the contents."""
    page = browser.new_page()
    page.goto(address)
    numbers = page_numbers(pdf_of(page))
    page.evaluate(
        """(numbers) => document.querySelectorAll("[data-page]").forEach((each) => {
            each.textContent = numbers[each.dataset.page] ?? "";
        })""",
        numbers,
    )
    pdf = pdf_of(page)
    page.close()
    return mended(pdf)


def pdf_of(page: Page) -> bytes:
    """Print a page as its style sheets say, with bookmarks."""
    return page.pdf(prefer_css_page_size=True, outline=True, tagged=True)


def mended(pdf: bytes) -> bytes:
    """Mend what the browser writes so that it cannot be searched, or reads oddly.

    高 and the radical ⾼ share a shape, and a font names the radical; a heading on top of a page has its
    words twice in the bookmark.
    """
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    for table in {id(each): each for page in writer.pages for each in tables(page)}.values():
        table.set_data(RANGE.sub(spelled_out, CHARACTER.sub(plain, table.get_data())))
    bookmark = writer.get_outline_root().get("/First")
    while bookmark:
        title = str(bookmark["/Title"])
        half = title[: len(title) // 2]
        if title == half * 2:
            bookmark.get_object()[NameObject("/Title")] = TextStringObject(half)
        bookmark = bookmark.get("/Next")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def tables(page: PageObject) -> Iterator[StreamObject]:
    """Yield the tables from shapes to characters of a page's fonts."""
    fonts = page["/Resources"].get_object().get("/Font", {}).get_object()  # type: ignore[union-attr]
    for each in fonts.values():
        table = each.get_object().get("/ToUnicode")
        if table:
            yield table.get_object()


def plain(line: re.Match[bytes]) -> bytes:
    """Give the character in place of the radical of the same shape."""
    return b"%s <%s>" % (line[1], ordinary(int(line[2], 16)))


def spelled_out(line: re.Match[bytes]) -> bytes:
    """Write a run of shapes out where a radical is among its characters."""
    first, last, start = (int(line[at], 16) for at in (1, 2, 3))
    run = range(start, start + last - first + 1)
    if not any(each in RADICALS for each in run):
        return line[0]
    return b"<%s> <%s> [%s]" % (
        line[1],
        line[2],
        b" ".join(b"<%s>" % ordinary(each) for each in run),
    )


def ordinary(character: int) -> bytes:
    """Give the ordinary character of a radical, and any other one as it is, as its table writes it."""
    if character in RADICALS:
        sign = chr(character)
        character = ord(SIMPLIFIED.get(sign) or unicodedata.normalize("NFKC", sign))
    return b"%04X" % character


def page_numbers(pdf: bytes) -> dict[str, int]:
    """Give the page on which each place begins that a link leads to."""
    reader = PdfReader(io.BytesIO(pdf))
    return {
        name.removeprefix("/"): (reader.get_destination_page_number(place) or 0) + 1
        for name, place in reader.named_destinations.items()
    }


def browser_path() -> str | None:
    """Find the machine's own Chromium; Playwright's is taken where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)
