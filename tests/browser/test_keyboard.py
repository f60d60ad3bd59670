"""Whole journeys by the keyboard alone: at every stop the focus is in sight, and no step loses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import Server, until
from tests.browser.forms import ELEMENT, answered, asked

pytestmark = pytest.mark.browser

# What has the focus has an outline, or a box of its own that shows it, and nothing lies over its middle.
UNSEEN = """() => {
    const each = document.activeElement;
    const name = `${each.tagName}.${each.className} ${each.name} ${each.textContent.trim().slice(0, 9)}`;
    if (each === document.body) return "the focus is lost";
    const seen = (box) => box.width && box.bottom > 0 && box.top < innerHeight;
    const shown = [...each.getClientRects()].find(seen);
    if (!shown) return `out of sight: ${name}`;
    const x = shown.left + shown.width / 2;
    const y = Math.max(0, shown.top) + (Math.min(innerHeight, shown.bottom) - Math.max(0, shown.top)) / 2;
    const over = document.elementFromPoint(x, y);
    if (!over || !(each.contains(over) || over.contains(each) || each.labels?.[0]?.contains(over))) {
        return `covered by ${over?.className}: ${name}`;
    }
    const ring = (one) => one && getComputedStyle(one).outlineStyle !== "none";
    const marked = ring(each) || each.matches("input, textarea, select") || [...each.labels ?? []].some(ring);
    return marked ? null : `not marked: ${name}`;
}"""
FARTHEST = 60


AT_REST = """() => new Promise((resolve) => {
    let timer = setTimeout(resolve, 500);
    new MutationObserver(() => {
        clearTimeout(timer);
        timer = setTimeout(resolve, 500);
    }).observe(document.body, {subtree: true, childList: true});
})"""


def in_sight(page: Page) -> None:
    """Wait until what has the focus is seen: what comes in above it may move it for a moment."""
    try:
        until(page, f"() => ({UNSEEN})() === null")
    except Error as error:
        raise AssertionError(page.evaluate(UNSEEN)) from error


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go from stop to stop until the wanted one has the focus; every stop on the way must be seen."""
    for _ in range(FARTHEST):
        if wanted.evaluate_all("(all) => all.includes(document.activeElement)"):
            return
        page.keyboard.press(key)
        in_sight(page)
    raise AssertionError(f"the keyboard does not reach {wanted}")


def test_the_menu_of_a_narrow_page(page: Page, server: Server) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 256})  # a desk's page at 400 %
    page.goto(server.url + "policies/rd-grades/")
    menu = page.get_by_role("button", name="菜单")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    back = page.locator(".md-sidebar--primary button:visible", has_text="查条款")
    tab_to(page, back)
    page.keyboard.press("Space")
    tab_to(page, page.locator(".md-sidebar--primary a", has_text="测一测"))
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.md-sidebar--primary')") is None
    menu.press("Enter")
    expect(page.locator(".md-content")).to_have_attribute("inert", "")
    page.set_viewport_size({"width": 1300, "height": 900})  # a tablet that was turned
    expect(page.locator(".md-content")).not_to_have_attribute("inert", "")


def test_from_a_clause_to_the_answer_and_what_is_asked_about_it(page: Page, server: Server) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(server.url + "policies/rd-grades/#c-9-1")
    tab_to(page, page.locator(".chip--try", has_text="我的积分能升几级？"))
    page.keyboard.press("Enter")
    expect(page.locator('[name="grade"]')).to_be_focused()
    page.keyboard.type("4")
    tab_to(page, page.locator('[name="carried"]'))
    page.keyboard.type("3")
    tab_to(page, page.locator('[name="points"]'))
    page.keyboard.type("40")
    tab_to(page, page.locator('[name="half"]'))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    answered(page)
    asked(page)
    # Enter asks once more: what was there is put anew, and would lose the focus.
    page.evaluate(AT_REST)
    for name in ("看成表格", "复制链接", "与另一种情况比较"):
        place = page.locator(f"{ELEMENT} :is(summary, button, a):visible", has_text=name).first
        expect(place).to_be_visible()  # every key was a question of its own; this is the last one's
        tab_to(page, place)
        page.keyboard.press("Enter")
        in_sight(page)
    tab_to(page, page.locator(f"{ELEMENT} button", has_text="清空").first, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator('[name="points"]')).to_have_value("")
    in_sight(page)


def test_many_at_once(page: Page, server: Server, tmp_path: Path) -> None:
    source = tmp_path / "名单.csv"
    source.write_text("姓名,级别,结转,本期,半年\n陈静,4,3,40,下半年\n", encoding="utf-8")
    page.emulate_media(reduced_motion="reduce")
    page.goto(server.url + "calculators/grade-from-points/")
    tab_to(page, page.locator("details.many > summary"))
    page.keyboard.press("Enter")
    drop = page.locator(".many-drop")
    expect(drop).to_be_visible()
    with page.expect_file_chooser() as chooser:
        tab_to(page, page.locator(".many input[type=file]"))
        page.keyboard.press("Enter")
    chooser.value.set_files(source)
    columns = page.locator(".many select")
    expect(columns).to_have_count(5)
    for place in range(1, 5):
        tab_to(page, columns.nth(place))
        for _ in range(place):
            page.keyboard.press("ArrowDown")
            in_sight(page)
    start = page.get_by_role("button", name="算这 1 行")
    tab_to(page, start)
    page.keyboard.press("Enter")
    expect(page.locator('.many-body[data-state="done"]')).to_be_visible()
    in_sight(page)
    tab_to(page, page.get_by_role("button", name="取回 CSV"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "陈静,4,3,40,下半年,40,43,2,6,工程师," in Path(download.value.path()).read_text(
        encoding="utf-8-sig"
    )
