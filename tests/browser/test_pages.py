"""The reading pages in a real browser: clauses, doubts, figures, and what is left without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import policy_core
from tests.browser.conftest import Complaints, Server

pytestmark = pytest.mark.browser

POLICIES = [policy.id for policy in policy_core.policies()]


PATHS = [
    "", "calculators/", "policies/", "quiz/", "doubts/", "figures/", "ledger/", "changes/",
    "machines/", "embed/order-error.html", "quiz/service-etiquette/",
]  # fmt: skip


@pytest.mark.parametrize("path", [*PATHS, *(f"policies/{each}/" for each in POLICIES)])
def test_every_page_opens_without_complaint_and_fits_a_phone(
    page: Page, server: Server, path: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server.url + path)
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_no_script_or_style_of_our_own_stands_in_a_page(site: Path) -> None:
    for path in site.rglob("*.html"):
        article = (
            path.read_text(encoding="utf-8").partition("<article")[2].partition("</article>")[0]
        )
        assert not re.search(r"<style|\sstyle=|\son\w+=", article), path
        scripts = re.findall(r"<script[^>]*>", article)
        assert [each for each in scripts if 'type="application/json"' not in each] == [], path


def test_a_clause_has_its_anchor_and_the_finding_opens_in_place(page: Page, server: Server) -> None:
    page.goto(server.url + "policies/rd-grades/#c-8-2")
    clause = page.locator("#c-8-2")
    expect(clause).to_be_in_viewport()
    expect(clause.locator(".clause-number")).to_have_attribute("href", "#c-8-2")
    panel = clause.locator(".doubt-panel").first
    expect(panel).to_be_hidden()
    clause.locator("summary").click()
    expect(panel).to_be_visible()
    assert "30" in clause.inner_text()


def test_the_chip_opens_the_calculator_in_place_and_keeps_what_was_typed(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "policies/rd-grades/")
    page.locator("#c-9-1 ~ .clause .chip--try, #c-9-1 .chip--try").first.click()
    element = page.locator("policy-calculator")
    expect(element).to_have_count(1)
    page.fill('[name="points"]', "40")
    page.locator("#c-8-1 [data-try=grade-from-points]").click()
    expect(page.locator("#c-8-1 policy-calculator")).to_have_count(1)
    assert page.input_value('[name="points"]') == "40"


def test_a_figure_leads_to_its_line_and_back_to_its_clause(page: Page, server: Server) -> None:
    page.goto(server.url + "policies/rd-grades/")
    page.locator("#c-8-1 a.figure-mark").first.click()
    page.wait_for_url("**/figures/#*")
    line = page.locator(":target")
    expect(line).to_contain_text("5")
    line.locator(".clause-label a").click()
    page.wait_for_url("**/policies/rd-grades/#c-8-1")


def test_every_link_of_the_site_leads_somewhere(site: Path) -> None:
    pages = {
        path: path.read_text(encoding="utf-8")
        for path in site.rglob("*.html")
        if path.name != "404.html"
    }
    ids = {path: set(re.findall(r'\sid="([^"]+)"', text)) for path, text in pages.items()}
    broken = []
    for path, text in pages.items():
        for href in set(re.findall(r'<a\s[^>]*href="([^"#:]*)(#[^"]*)?"', text)):
            place, anchor = href
            target = (path.parent / place).resolve() if place else path
            target = target / "index.html" if target.is_dir() else target
            names = len(anchor) > 1 and "=" not in anchor  # with a sign it fills in a form
            lost = names and target in ids and anchor[1:] not in ids[target]
            if not target.exists() or lost:
                broken.append((path.relative_to(site).as_posix(), "".join(href)))
    assert broken == []


def test_without_javascript_rules_tables_and_figures_are_there(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url + "calculators/grade-from-points/")
    assert "没有开启 JavaScript" in page.inner_text("article")
    assert "每 20 点" in page.inner_text(".calculator-rules")
    page.goto(server.url + "policies/rd-grades/")
    page.locator("#c-8-2 summary").click()
    expect(page.locator("#c-8-2 .doubt-panel").first).to_be_visible()
    context.close()


@pytest.mark.parametrize("stored", ["{", "null", '{"index":9}', "x"])
def test_a_bad_stored_palette_breaks_no_answer(
    page: Page, server: Server, complaints: Complaints, stored: str
) -> None:
    page.goto(server.url)
    page.evaluate(
        "(value) => localStorage.setItem(location.pathname + '.__palette', value)", stored
    )
    page.goto(server.url + "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2")
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    complaints.forgive()


def test_the_ledger_counts_every_clause_and_leads_to_it(page: Page, server: Server) -> None:
    page.goto(server.url + "figures/")
    page.click("text=条款去向：每一条由什么来定")
    page.wait_for_url("**/ledger/")
    rows = page.locator(".ledger-table tbody tr").count()
    assert page.locator(".ledger-counts tr:last-child td:last-child").inner_text() == str(rows)
    assert page.locator('[data-fate="rule"]').count() > 0
    assert "2-8度冰箱" not in page.inner_text("article")
    page.locator('[data-fate="open"] .clause-label a').first.click()
    page.wait_for_url("**/policies/team-leader/#c-4-2")


def test_the_conditions_for_people_are_boxes_to_tick_that_work_without_a_script(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url + "policies/service-ladder/#self-check")
    box = page.get_by_label("E、工作业绩突出。")
    box.check()
    expect(box).to_be_checked()
    assert page.locator("ul.self-check li").count() == 20
    context.close()
