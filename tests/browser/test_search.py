"""Finding, as a reader does it: by keyboard, on a phone, offline from everything but the site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Complaints, Reply, Server, held, until
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser
POLICY = "policies/service-ladder/"
HEADER = ".md-search site-search"
HOME = "site-search.home-search"


def options(page: Page, box: str) -> Locator:
    return page.locator(f"{box} [role=option]")


def test_the_keyboard_alone_finds_a_clause_and_opens_it(page: Page, server: Server) -> None:
    page.goto(server.url + POLICY)
    page.keyboard.press("/")
    field = page.locator(f"{HEADER} input")
    expect(field).to_be_focused()
    page.keyboard.type("九.1")
    expect(options(page, HEADER).first).to_contain_text("九.1")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-activedescendant", "found-0")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "found-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options(page, HEADER).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/rd-grades/#c-9-1")
    expect(page.locator(":target")).to_be_in_viewport()


def test_escape_puts_the_search_away_and_slash_brings_it_back(page: Page, server: Server) -> None:
    page.goto(server.url + POLICY)
    page.keyboard.press("/")
    page.keyboard.type("季度考核")
    expect(options(page, HEADER).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator('[data-md-toggle="search"]')).not_to_be_checked()
    expect(page.locator(f"{HEADER} input")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    expect(options(page, HEADER).first).to_be_visible()
    expect(page.locator(f"{HEADER} input")).to_have_value("季度考核")


def test_a_slash_that_is_typed_stays_a_slash(page: Page, server: Server) -> None:
    page.goto(server.url + "calculators/grade-from-points/")
    page.locator('[name="points"]').focus()
    page.keyboard.press("/")
    expect(page.locator('[name="points"]')).to_be_focused()


def test_results_stand_in_groups_with_their_counts_and_hits(page: Page, server: Server) -> None:
    page.goto(server.url + POLICY)
    page.fill(f"{HEADER} input", "季度考核")
    expect(page.locator(f"{HEADER} .found-head").first).to_have_text(
        re.compile(r"条款\d+ 条，显示 4 条")
    )
    assert "季度考核" in page.locator(f"{HEADER} mark").all_inner_texts()
    more = page.locator(f"{HEADER} [data-more]").first
    rest = int(re.sub(r"\D", "", more.inner_text()))
    before = options(page, HEADER).count()
    more.click()
    expect(options(page, HEADER)).to_have_count(before + rest - 1)
    expect(page.locator(f"{HEADER} input")).to_be_focused()
    selected = page.locator(f"{HEADER} [aria-selected=true]")
    expect(selected).to_have_id("found-4")


def test_a_clause_of_this_very_page_is_scrolled_to(page: Page, server: Server) -> None:
    page.goto(server.url + POLICY)
    page.fill(f"{HEADER} input", "六.4")
    options(page, HEADER).first.click()
    page.wait_for_url("**#c-6-4")
    expect(page.locator('[data-md-toggle="search"]')).not_to_be_checked()
    expect(page.locator("#c-6-4")).to_be_in_viewport()


def test_the_home_page_s_box_has_the_focus_and_finds(page: Page, server: Server) -> None:
    page.goto(server.url)
    expect(page.locator(f"{HOME} input")).to_be_focused()
    expect(page.locator(f"{HEADER} input")).to_be_hidden()
    page.keyboard.type("我能升几级")
    expect(options(page, HOME).first).to_contain_text("我的积分能升几级？")
    page.keyboard.press("Enter")
    page.wait_for_url("**/calculators/grade-from-points/")


def test_on_a_phone_the_sheet_opens_finds_and_closes(browser: Browser, server: Server) -> None:
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True,
        service_workers="block",
    )  # fmt: skip
    try:
        page = context.new_page()
        page.goto(server.url)
        assert page.evaluate("document.activeElement === document.body"), (
            "no keyboard over the page"
        )
        page.goto(server.url + POLICY)
        page.locator('label.md-header__button[for="__search"]').tap()
        field = page.locator(f"{HEADER} input")
        expect(field).to_be_focused()
        expect(page.locator(f"{HEADER} .found-said")).to_contain_text("条款号")
        field.fill("转争考核")
        expect(options(page, HEADER).first).to_contain_text("转正")
        heights = options(page, HEADER).evaluate_all(
            "(all) => all.map((each) => each.getBoundingClientRect().height)"
        )
        assert min(heights) >= 44
        until(page, "() => document.documentElement.scrollWidth === 320")
        page.locator('label.md-search__icon[for="__search"]').tap()
        expect(page.locator('[data-md-toggle="search"]')).not_to_be_checked()
        page.locator('label.md-header__button[for="__search"]').tap()
        options(page, HEADER).first.tap()
        page.wait_for_url(re.compile("/policies/.*#c-"))
    finally:
        context.close()


@pytest.mark.parametrize(("path", "box"), [(POLICY, HEADER), ("", HOME)])
def test_axe_finds_nothing_in_any_state_of_the_search(
    page: Page, server: Server, path: str, box: str
) -> None:
    page.goto(server.url + path)
    field = page.locator(f"{box} input")
    for query, state in (("季度考核", "found"), ("量子力学", "none"), ("", "empty")):
        field.fill(query)
        expect(page.locator(box)).to_have_attribute("data-state", state)
        assert found(page) == [], state


def test_what_finds_nothing_says_so_and_what_to_try(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.fill(f"{HOME} input", "量子力学")
    expect(page.locator(f"{HOME} .found-said")).to_contain_text("没有找到“量子力学”。")
    expect(page.locator(f"{HOME} .found-said")).to_contain_text("换个说法")
    expect(page.locator(f"{HOME} [role=status]")).to_contain_text("没有找到")
    expect(page.locator(f"{HOME} input")).to_have_attribute("aria-expanded", "false")


def test_the_search_costs_nothing_before_it_has_the_focus_and_never_leaves_the_site(
    page: Page, server: Server
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + POLICY)
    page.wait_for_load_state("networkidle")
    assert [path for path in server.requests if "search-engine" in path or "/search/" in path] == []
    page.fill(f"{HEADER} input", "见习")
    expect(options(page, HEADER).first).to_be_visible()
    page.fill(f"{HEADER} input", "见习多久")
    expect(options(page, HEADER).first).to_contain_text("见习")
    assert sum("/search/" in path for path in server.requests) == 1
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []


def test_a_failed_start_is_told_and_the_next_word_tries_again(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults["/search/"] = lambda _: Reply(status=503)
    page.goto(server.url + POLICY)
    page.fill(f"{HEADER} input", "见习")
    expect(page.locator(f"{HEADER} .found-said")).to_contain_text("请检查网络后再输一次")
    server.faults.clear()
    page.fill(f"{HEADER} input", "见习多久")
    expect(options(page, HEADER).first).to_be_visible()
    complaints.forgive()


def test_only_the_last_word_typed_is_shown_when_the_words_come_late(
    page: Page, server: Server
) -> None:
    with held(server, "/search/"):
        page.goto(server.url + POLICY)
        page.fill(f"{HEADER} input", "季度考核")
        page.fill(f"{HEADER} input", "见习")
    expect(options(page, HEADER).first).to_contain_text("见习")


TYPED = """(input) => {
    window.shown = [];
    const list = document.getElementById(input.getAttribute('aria-controls'));
    new MutationObserver(() => window.shown.push(list.textContent)).observe(list, {childList: true});
    const key = (typed) => {
        input.value = typed;
        input.dispatchEvent(new InputEvent('input', {bubbles: true}));
    };
    key('班后会');
    return new Promise((resolve) => setTimeout(() => {
        key('外观专利');
        key('见习');
        resolve();
    }));
}"""


def test_what_the_worker_says_late_never_stands_over_a_newer_answer(
    page: Page, server: Server
) -> None:
    late = b"const post = self.postMessage.bind(self);"
    late += b"self.postMessage = (told) => setTimeout(post, 500, told);"
    server.faults["search-worker.js"] = lambda body: Reply(body=late + body, type="text/javascript")
    page.goto(server.url + POLICY)
    page.fill(f"{HEADER} input", "季度考核")
    expect(options(page, HEADER).first).to_contain_text("季度考核")
    page.locator(f"{HEADER} input").evaluate(TYPED)
    expect(options(page, HEADER).first).to_contain_text("见习")
    (only,) = page.evaluate("window.shown")
    assert "见习" in only


def test_it_works_under_a_strict_policy(page: Page, server: Server) -> None:
    server.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; worker-src 'self'"
    )  # Material's own inline scripts are hashed elsewhere
    page.goto(server.url)
    page.keyboard.type("见习")
    expect(options(page, HOME).first).to_be_visible()


def test_without_scripts_there_is_no_box_that_does_nothing(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator(".home-search")).to_be_hidden()
        expect(page.locator("#read li")).to_have_count(9)
        page.goto(server.url + POLICY)
        expect(page.locator(".md-search__input")).to_be_hidden()
    finally:
        context.close()
