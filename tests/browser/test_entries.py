"""Forms whose entries are records: half-years in a row, and events whose kind decides what is asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints, Server

pytestmark = pytest.mark.browser

ANSWERED = 'policy-calculator[data-state="answered"]'
MISSING = 'policy-calculator[data-state="error"]'


def test_half_years_are_added_one_by_one_and_settled(
    page: Page, server: Server, complaints: Complaints
) -> None:
    page.goto(server.url + "calculators/points-history/")
    page.fill('[name="grade"]', "9")
    for index, (half, points) in enumerate([("1", "8"), ("2", "18")]):
        if index:
            page.click('[data-action="add"]')
        page.fill(f'[name="history[{index}].year"]', "2023")
        page.check(f'[name="history[{index}].half"][value="{half}"]', force=True)
        page.fill(f'[name="history[{index}].points"]', points)
    page.wait_for_selector(ANSWERED, timeout=30_000)
    expect(page.locator(".answer-headline")).to_contain_text("到 10 级")
    rows = page.locator("table.parts tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text("1500–3000")
    # The bonus is in no fact and no headline: the doubt about it is shown by its cell.
    expect(page.locator(".answer-note")).to_contain_text("每次结算第 2 行奖金")
    expect(page.locator("table.readings").first).to_contain_text("1000–1500")
    page.locator('[data-action="remove"]').first.click()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("下")
    assert complaints.said == []


def test_a_hole_between_two_half_years_is_told_in_words(page: Page, server: Server) -> None:
    page.goto(server.url + "calculators/points-history/#grade=4")
    page.evaluate(
        "(inputs) => { document.querySelector('policy-calculator').inputs = inputs; }",
        {
            "grade": 4,
            "history": [
                {"year": 2022, "half": 2, "points": 8},
                {"year": 2023, "half": 2, "points": 8},
            ],
        },
    )
    page.wait_for_selector(MISSING, timeout=30_000)
    told = page.locator('[data-field="history"] > .field-error')
    expect(told).to_contain_text("各半年第 2 条是 2023 年下半年，前面缺 2023 年上半年")


def test_an_event_asks_only_for_what_its_kind_needs(
    page: Page, server: Server, complaints: Complaints
) -> None:
    page.goto(server.url + "calculators/contribution-points/")
    page.select_option('[name="events[0].kind"]', "project")
    points = page.locator('[data-field="events[0].points"]')
    base = page.locator('[data-field="events[0].base"]')
    expect(points).to_be_hidden()
    expect(base).to_be_visible()
    page.fill('[name="events[0].base"]', "40")
    page.wait_for_selector(ANSWERED, timeout=30_000)
    expect(page.locator(".answer-headline")).to_contain_text("合计 40 点")
    page.select_option('[name="events[0].kind"]', "article")
    expect(base).to_be_hidden()
    page.fill('[name="events[0].points"]', "4")
    page.wait_for_selector(MISSING, timeout=30_000)
    expect(points.locator(".field-error")).to_contain_text("填的是 4，应在 1 到 3 之间")
    page.fill('[name="events[0].points"]', "3")
    page.wait_for_selector(ANSWERED, timeout=30_000)
    expect(page.locator("table.parts")).to_contain_text("发表文章")
    expect(page.locator("table.parts a")).to_have_text("七.3")
    assert complaints.said == []
