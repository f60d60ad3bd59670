"""What the built site holds for programs, and a calculator in a frame of another page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

import policy_core
from tests.browser.conftest import LONGEST_MS, Complaints, Reply, Server, until
from tests.browser.forms import fragment

pytestmark = pytest.mark.browser

CASE: dict[str, Any] = {"grade": 4, "carried": 3, "points": 40, "half": 2}


def data(site: Path, name: str) -> Any:  # noqa: ANN401 - JSON is what it is
    return json.loads((site / name).read_text(encoding="utf-8"))


def test_every_address_in_the_data_and_the_list_leads_somewhere(site: Path) -> None:
    told, users = data(site, "clauses.json"), data(site, "calculators.json")["calculators"]
    addresses = [each["url"] for name in ("clauses", "findings", "policies") for each in told[name]]
    addresses += [each["markdown"] for each in (*told["policies"], *users)]
    addresses += [user[key] for user in users for key in ("url", "embed", "schema")]
    addresses += [told["$schema"], "calculators.schema.json"]
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    assert listed.startswith("# 晋升制度手册\n\n> ")
    links = re.findall(r"^- \[[^\]]+\]\(([^)]+)\)", listed, re.MULTILINE)
    assert len(links) > len(users) + len(told["policies"])
    lost = []
    for address in {*addresses, *links}:
        path, _, anchor = address.partition("#")
        file = site / path / "index.html" if path.endswith("/") else site / path
        if not file.is_file() or (
            anchor and f'id="{anchor}"' not in file.read_text(encoding="utf-8")
        ):
            lost.append(address)
    assert lost == []


def test_every_page_has_a_twin_without_html_that_tells_the_same(site: Path) -> None:
    for page in site.rglob("index.html"):
        twin = page.with_name("index.md")
        if page.parent == site / "states":
            assert not twin.exists()
            continue
        text = twin.read_text(encoding="utf-8")
        assert text.startswith("# ")
        outside = re.sub(r"```.*?```", "code", text, flags=re.DOTALL)
        assert not re.search(r"</?[a-z]|&[a-z]+;|\n\n\n| \n", outside), page
        for link in re.findall(r"\]\(([^)#]*)[^)]*\)", outside):
            assert (page.parent / str(link)).exists(), (page, link)
    for each in data(site, "clauses.json")["clauses"]:
        folder = each["url"].partition("#")[0]
        told = re.sub(r"[\s\\]", "", (site / folder / "index.md").read_text(encoding="utf-8"))
        for line in each["text"].splitlines():
            assert re.sub(r"\s", "", line) in told, (each["id"], line)


def test_the_404_page_needs_no_file_of_the_site(site: Path) -> None:
    page = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select("[src], [href], script, style, [style]") == []
    assert "没有这一页" in page.get_text()


def test_the_page_s_own_lines_fit_a_frame_to_its_calculator(
    browser: Browser, server: Server
) -> None:
    page = browser.new_context(locale="zh-CN", service_workers="block").new_page()
    page.goto(server.url + "machines/")
    listener = page.locator("code", has_text="addEventListener").inner_text()
    place = f"{server.url}embed/grade-from-points.html{fragment(CASE)}"
    outside = (
        f'<!doctype html><title>外面</title><iframe src="{place}" title="框" width="700"></iframe>'
    )
    body = f"{outside}<script>{listener}</script>".encode()
    server.faults["/states/"] = lambda _: Reply(body=body, type="text/html; charset=utf-8")
    # Another origin than the handbook's: nothing but the message comes through.
    page.goto(server.url.replace("127.0.0.1", "localhost") + "states/")
    headline = page.frame_locator("iframe").locator(".answer-headline")
    expect(headline).to_contain_text("升 2 级", timeout=LONGEST_MS)
    frame = page.frames[1]
    fits = "document.documentElement.scrollHeight <= innerHeight + 1"
    until(frame, f"() => innerHeight > 500 && {fits}")
    tall = int(page.get_attribute("iframe", "height") or 0)
    frame.click("button[type=reset]")
    lower = "(tall) => Number(document.querySelector('iframe').height) < tall"
    until(page, lower, tall)
    assert frame.evaluate(fits)
    page.context.close()


@pytest.mark.parametrize("calculator", [each.id for each in policy_core.calculators()])
def test_a_frame_works_alone_and_narrow_without_the_theme(
    page: Page, server: Server, calculator: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{server.url}embed/{calculator}.html")
    page.get_by_role("button", name="试试示例").click()
    expect(page.locator('policy-calculator[data-state="answered"]')).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.body).overflowX") == "visible"
    asked = [path for path in server.requests if "/assets/" in path]
    assert [path for path in asked if "/assets/handbook/" not in path] == []
    links = page.locator("a").evaluate_all(
        "(all) => all.map((each) => [each.href, each.target || document.querySelector('base').target])"
    )
    assert {target for _, target in links} == {"_blank"}
    assert all(href.startswith(server.url) for href, _ in links)


def test_a_frame_follows_the_reader_s_scheme(
    page: Page, server: Server, complaints: Complaints
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{server.url}embed/seat-check.html")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.emulate_media(color_scheme="light")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "default")
    assert complaints.said == []
