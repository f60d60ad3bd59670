"""A second version of one text: both answer by their own rule, and the pages show what changed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, serving
from tests.copies import WorkingCopy

pytestmark = pytest.mark.browser

# Six points: from 2025 on such a half-year is void.
SIX = {"grade": 4, "carried": 14, "points": 6, "half": 2}
LINK = "calculators/grade-from-points/#grade=4&carried=14&points=6&half=2"


@pytest.fixture(scope="module")
def site(next_year: WorkingCopy) -> Path:
    """Read next year's handbook, in place of the handbook itself."""
    return next_year.root / "site"


@pytest.fixture(scope="module")
def running(site: Path) -> Iterator[Server]:
    """Serve it."""
    with serving(site) as server:
        yield server


def asked(copy: WorkingCopy, *words: str) -> dict[str, Any]:
    """Ask the copy's command line."""
    found: dict[str, Any] = json.loads(
        copy.run("calc", "grade-from-points", json.dumps(SIX), *words).stdout
    )
    return found


def test_both_versions_agree_with_their_texts(next_year: WorkingCopy) -> None:
    done = next_year.run("check", "--strict")
    assert (done.returncode, "错误 0 处" in done.stderr) == (0, True), done.stderr


def test_each_version_is_held_against_its_own_text(next_year: WorkingCopy, tmp_path: Path) -> None:
    copy = WorkingCopy(tmp_path)
    for folder in ("docs", "policy_core", "calculators", "build_scripts", "tests/cases"):
        shutil.copytree(next_year.root / folder, tmp_path / folder)
    old = "docs/policies/rd-grades@2024-01-01.txt"
    copy.change(old, "如果少于或等于5个", "如果少于或等于7个")
    done = copy.run("check")
    assert done.returncode == 1
    assert "void_points is 5, but rd-grades:8.1 says 7个" in done.stderr
    assert f"{old}:" in done.stderr


def test_the_command_line_answers_by_the_rule_of_the_day(next_year: WorkingCopy) -> None:
    then, now = asked(next_year, "--as-of", "2024-06-30"), asked(next_year, "--as-of", "2025-01-01")
    assert (then["version"], then["outcome"]["levels"]) == ("2024-01-01", 1)
    assert (now["version"], now["outcome"]["levels"]) == ("2025-01-01", 0)
    assert asked(next_year) == now
    before = asked(next_year, "--as-of", "2023-12-31")
    assert [each["field"] for each in before["errors"]] == ["as_of"]


def answer(page: Page) -> dict[str, Any]:
    """Wait for the page's answer."""
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    found: dict[str, Any] = json.loads(page.get_attribute("output", "data-answer") or "")
    return found


def test_a_link_of_an_old_day_answers_by_the_old_rule_and_says_so(
    page: Page, server: Server, next_year: WorkingCopy
) -> None:
    page.goto(f"{server.url}{LINK}&as_of=2024-06-30")
    assert answer(page) == asked(next_year, "--as-of", "2024-06-30")
    said = page.locator(".answer-version")
    expect(said).to_contain_text(
        "按 2024-06-30 的制度算，用的是 2024-01-01 起、到 2024-12-31 为止的版本。"
    )
    page.locator(".steps .clause-link", has_text="八.1").first.click()
    page.wait_for_url("**/policies/rd-grades/2024-01-01/#c-8-1")
    expect(page.locator("#c-8-1")).to_contain_text("5个")


def test_the_old_day_stays_while_one_types_and_goes_when_one_says_so(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}{LINK}&as_of=2024-06-30")
    answer(page)
    page.fill('[name="carried"]', "15")
    expect(page.locator("output")).to_have_attribute(
        "data-answer", re.compile(r'"version":"2024-01-01".*"available":21')
    )
    page.click("text=按今天的算")
    expect(page.locator("output")).to_have_attribute(
        "data-answer", re.compile(r'"version":"2025-01-01".*"available":15')
    )
    expect(page.locator(".answer-version")).to_have_count(0)
    assert "as_of" not in page.url
    assert "carried=15" in page.url


def test_a_link_of_a_day_without_a_rule_says_from_when_there_is_one(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}{LINK}&as_of=2023-12-31")
    page.wait_for_selector('policy-calculator[data-state="error"]', timeout=30_000)
    expect(page.locator("output")).to_contain_text("链接里的日期算不了")
    expect(page.locator("output")).to_contain_text("从 2024-01-01 起才有")
    page.click("output >> text=按今天的算")
    assert answer(page)["version"] == "2025-01-01"


def test_the_policy_page_says_its_version_and_leads_to_the_older_one(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "policies/rd-grades/")
    expect(page.locator(".policy-meta")).to_contain_text("2025-01-01 起")
    expect(page.locator("#c-8-1")).to_contain_text("6个")
    page.click("text=2024-01-01 到 2024-12-31")
    expect(page.locator(".past-notice")).to_contain_text("这不是最新的一版")
    expect(page.locator("#c-8-1")).to_contain_text("5个")
    expect(page.locator("article .chip")).to_have_count(0)
    page.click("text=看最新的版本")
    page.wait_for_url("**/policies/rd-grades/")


def test_the_changes_stand_side_by_side_in_words_and_as_a_diff(page: Page, server: Server) -> None:
    page.goto(server.url + "changes/")
    rows = page.locator("[data-change]")
    told = [
        (row.get_attribute("data-change"), row.locator("td").nth(0).inner_text(),
         row.locator("td").nth(1).inner_text())
        for row in rows.all()
    ]  # fmt: skip
    assert told == [
        ("changed", "八.1", "5 个 改为 6 个"),
        ("added", "九.3", "新加的一条"),
        ("moved", "九.4", "编号由 九.3 改为 九.4，文字没变"),
    ]
    first = rows.first
    assert (first.locator("del").inner_text(), first.locator("ins").inner_text()) == ("5", "6")
    figures = page.locator(".changes-table").nth(1).locator("tbody tr")
    expect(figures).to_have_count(1)
    expect(figures).to_contain_text("积分升级")
    assert figures.locator(".figure-value").all_inner_texts() == ["5个", "6个"]


def test_the_figures_page_keeps_the_old_figures_apart(page: Page, server: Server) -> None:
    page.goto(server.url + "figures/#f-rd-grades-2024-01-01-void-points")
    line = page.locator(":target")
    expect(line).to_contain_text("5个")
    expect(line).to_contain_text("2024-12-31")
    line.locator(".clause-label a").click()
    page.wait_for_url("**/policies/rd-grades/2024-01-01/#c-8-1")


def test_the_search_finds_only_what_is_in_force(site: Path) -> None:
    (file,) = (site / "search").glob("*.json")
    places = [each["href"] for each in json.loads(file.read_text(encoding="utf-8"))["entries"]]
    assert any(each.startswith("policies/rd-grades/#") for each in places)
    assert [each for each in places if "2024-01-01/" in each] == []
