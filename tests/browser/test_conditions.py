"""The conditions of a step up, and a ranking, as a reader sees them."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

HEADLINE = "policy-calculator .answer-headline"
SENIOR = {"level": "senior", "tenure_months": 12, "excellent_titles": 3}


def ask(page: Page, server: Server, inputs: dict[str, object]) -> None:
    link = urlencode(inputs, doseq=True)
    page.goto(f"{server.url}calculators/service-eligibility/#{link}")
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)


def test_what_is_missing_comes_before_what_is_met(page: Page, server: Server) -> None:
    ranks, grades = [4, 4, 4, 3], ["A", "A", "B", "C"]
    ask(page, server, {**SENIOR, "monthly_ranks": ranks, "quarter_grades": grades})
    expect(page.locator(HEADLINE)).to_have_text("还不能升储备主管，而且到了降为中级客服的条件")
    table = page.locator(".conditions").first
    expect(table.locator("th")).to_have_text(
        ["还差 1 项", "填得不够，看不出 1 项", "✓ 已满足 2 项"]
    )
    expect(table.locator("td").nth(1)).to_contain_text("最近有 2 次 A，要 3 次")
    reasons = page.locator(".conditions").nth(1).locator("tr")
    expect(reasons.locator("td:first-child")).to_have_text(
        ["月度名次靠后的次数太多", "季度考核有在 B 以下的"]
    )
    reasons.first.locator("a").click()
    page.wait_for_url("**/policies/service-ladder/#c-4-3-G")


def test_what_there_is_not_is_said_in_words(page: Page, server: Server) -> None:
    ask(page, server, {"level": "reserve-supervisor"})
    expect(page.locator(HEADLINE)).to_have_text("储备主管是客服的最高一级")
    expect(page.locator('[data-value="pay.next"]')).to_have_text("没有再高一级")
    expect(page.locator('[data-value="demotion.to"]')).to_have_text("没有到条件")
    expect(page.locator(".conditions")).to_have_count(0)


def test_only_the_fields_of_the_level_are_asked_for(page: Page, server: Server) -> None:
    ask(page, server, {"level": "trial", "probation_exam_passed": "true", "violations": "true"})
    expect(page.locator(HEADLINE)).to_have_text("还不能升初级客服")
    expect(page.locator("[data-field]:visible")).to_have_count(3)
    page.select_option('[name="level"]', "junior")
    expect(page.locator("[data-field]:visible")).to_have_count(5)


def test_a_ranking_tells_equal_ones_and_a_fifth_mark_that_some_lack(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "calculators/candidate-ranking/")
    page.click('[data-action="example"]')
    expect(page.locator(HEADLINE)).to_contain_text("李强排第一", timeout=30_000)
    rows = page.locator("table.parts tbody tr")
    expect(rows.locator("td:first-child")).to_have_text(["1", "2", "2", "4"])
    page.fill('[name="candidates[1].fifth"]', "80")
    told = page.locator('[data-field="candidates[0].fifth"] .field-error')
    expect(told).to_contain_text("李强却填了第五项")
