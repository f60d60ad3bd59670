"""The Markdown twin of a page: what its article says, without what only a screen needs.

It is made from the finished HTML, so that no page needs a second template. Of a link, one to a whole page
leads to its twin, one to a place within a page to the page itself, where the place is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from build_scripts.words import Labels

SCREEN_ONLY = (
    "svg, script, style, template, noscript, button, output, summary, [hidden], .headerlink, .unseen, "
    ".print-only, .home-search, .home-jumps, .doubt-links, .form-end, .form-actions"
)
HEADING = re.compile(r"^(#+ .*、) ", re.MULTILINE)
BLANK_LINES = re.compile(r"\n{3,}")
TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


def markdown_twin(html: str, title: str, labels: Mapping[str, Labels]) -> str:
    """Turn an article's HTML into Markdown.

    Args:
        html: the article.
        title: stands on top where the article has no heading of its own.
        labels: the words of the calculators, whose forms become lists of what they ask.

    """
    article = BeautifulSoup(html, "html.parser")
    for each in article.select(SCREEN_ONLY):
        each.decompose()
    for each in article.select("policy-calculator"):
        each.replace_with(asked(article, labels[str(each["calculator"])]))
    tell_what_is_filled_in(article)
    tell_titles_and_doubts(article)
    tell_numbers(article)
    for each in article.select("a[href]"):
        each["href"] = twin_of(str(each["href"]))
    converter = MarkdownConverter(
        heading_style=ATX,
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        code_language_callback=language,
    )
    written = HEADING.sub(r"\1", TRAILING.sub("", converter.convert_soup(article)))
    written = BLANK_LINES.sub("\n\n", written).strip() + "\n"
    return written if written.startswith("# ") else f"# {title}\n\n{written}"


def tell_what_is_filled_in(article: BeautifulSoup) -> None:
    """Write boxes to tick as such, and other controls as a blank."""
    for each in article.select("input"):
        each.replace_with("[ ]" if each.get("type") in {"checkbox", "radio"} else "____")


def tell_titles_and_doubts(article: BeautifulSoup) -> None:
    """Set a doubt as a quotation, and a title that is no heading as a line of its own."""
    for each in article.select("details"):
        each.name = "blockquote" if "doubt" in each.get_attribute_list("class") else "div"
    for each in article.select(".doubt-title"):
        each.string = f"存疑：{each.get_text()}"
    for each in article.select("legend, caption, .doubt-title"):
        each.name, each.string = "strong", " ".join(each.get_text(" ").split())
        each.wrap(article.new_tag("p"))
    for each in article.select("td strong"):
        each.insert_before(" ")


def tell_numbers(article: BeautifulSoup) -> None:
    """Put a clause's number before its words, and leave marked figures as words."""
    for each in article.select("a.clause-number"):
        each.name, each.attrs = "strong", {}
        first = each.find_next("p")
        if first:
            first.insert(0, each.extract(), " ")
    for each in article.select("a.figure-mark, mark"):
        each.unwrap()


def language(block: Tag) -> str:
    """Give the language of a block of code."""
    code = block.find("code")
    names = code.get_attribute_list("class") if isinstance(code, Tag) else []
    return next((str(each).removeprefix("language-") for each in names if each), "")


def twin_of(href: str) -> str:
    """Lead to the twin of a page of ours; elsewhere, and to a place within a page, as before."""
    if href.startswith("#"):
        return f"./{href}"
    if "#" in href or ":" in href or not (href.endswith("/") or href in {"", ".", ".."}):
        return href
    return f"{href.rstrip('/')}/index.md" if href else "index.md"


def asked(article: BeautifulSoup, labels: Labels) -> Tag:
    """List what a calculator asks for, in place of its form."""
    listed = article.new_tag("ul")
    for given in labels.inputs.values():
        unit = f"（{given['unit']}）" if given.get("unit") else ""
        options = "、".join(given.get("options", {}).values())
        hints = "；".join(filter(None, (options, given.get("hint", "").rstrip("。"))))
        line = article.new_tag("li")
        line.string = f"{given['label']}{unit}" + (f"：{hints}" if hints else "")
        listed.append(line)
    return listed
