"""What the eye would see at once: nothing beside the page, on top of each other, or cut off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

import policy_core
from build_scripts.words import example
from tests.browser.conftest import Server
from tests.browser.forms import ELEMENT, answered, asked, set_inputs, settled

pytestmark = pytest.mark.browser

CALCULATORS = [each.id for each in policy_core.calculators()]
POLICIES = [each.id for each in policy_core.policies()]
PAGES = ["", "calculators/", "policies/", "quiz/", "doubts/", "figures/", "quiz/service-etiquette/"]
# 320 is a desk's 1280 at 400 %.
NARROW = (320, 360)
WIDTHS = (*NARROW, 768, 1280)

TROUBLES = """() => {
    const said = [];
    const name = (each) => `${each.tagName}.${each.className} ${each.textContent.trim().slice(0, 20)}`;
    const width = document.documentElement.scrollWidth;
    if (width > innerWidth) said.push(`sideways: ${width}`);
    const inside = [...document.querySelectorAll("article *")].filter((each) =>
        each.checkVisibility({visibilityProperty: true}) && !each.closest(".unseen, .answer-bar, svg"));
    for (const each of inside) {
        const style = getComputedStyle(each);
        if (style.overflow !== "visible" && style.display !== "inline"
                && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
                && !each.matches("input, select, textarea")) said.push(`cut: ${name(each)}`);
    }
    // Lines of text, each with the element that holds it.
    const lines = [];
    for (const each of inside) {
        for (const text of each.childNodes) {
            if (text.nodeType !== Node.TEXT_NODE || !text.data.trim()) continue;
            const range = document.createRange();
            range.selectNodeContents(text);
            for (const box of range.getClientRects()) if (box.width > 2) lines.push({box, each});
        }
    }
    lines.sort((a, b) => a.box.top - b.box.top);
    lines.forEach((one, index) => {
        for (let next = index + 1; next < lines.length && lines[next].box.top < one.box.bottom; next += 1) {
            const other = lines[next];
            const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            if (wide > 2 && high > 6) said.push(`overlap: ${name(one.each)} / ${name(other.each)}`);
        }
    });
    const form = document.querySelector("policy-calculator form")?.getBoundingClientRect();
    const answer = document.querySelector("policy-calculator output")?.getBoundingClientRect();
    if (form?.width && answer) {
        const beside = answer.left >= form.right;
        if (!beside && answer.top < form.bottom) said.push("the answer lies over the form");
        const wide = innerWidth >= 1280 && document.querySelector(".handbook--calculator");
        if (wide && !beside) said.push("not side by side");
    }
    return said;
}"""


def troubles(page: Page, widths: tuple[int, ...]) -> list[str]:
    """Look at the page at several widths."""
    page.emulate_media(reduced_motion="reduce")  # what is still moving has no place yet
    said = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        said += [f"{width}: {each}" for each in page.evaluate(TROUBLES)]
    return said


@pytest.mark.parametrize("path", [*PAGES, *(f"policies/{each}/" for each in POLICIES)])
def test_a_page_fits_at_every_width(page: Page, server: Server, path: str) -> None:
    page.goto(server.url + path)
    assert troubles(page, WIDTHS) == []


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_a_calculator_fits_in_every_state_at_every_width(
    page: Page, server: Server, calculator: str
) -> None:
    page.goto(f"{server.url}calculators/{calculator}/")
    assert troubles(page, WIDTHS) == [], "empty"
    inputs = example(calculator)
    set_inputs(page, dict(list(inputs.items())[:1]))
    settled(page)
    assert troubles(page, WIDTHS) == [], "half"
    set_inputs(page, inputs)
    answered(page)
    asked(page)
    page.get_by_role("button", name="与另一种情况比较").click()
    page.locator(f"{ELEMENT} details").evaluate_all(
        "(all) => all.forEach((each) => { each.open = true; })"
    )
    assert troubles(page, WIDTHS) == [], "answered"
    set_inputs(page, dict.fromkeys(inputs, "9" * 30))
    assert settled(page) == "error"
    assert troubles(page, WIDTHS) == [], "wrong"


def test_a_policy_fits_with_its_calculators_open(page: Page, server: Server) -> None:
    page.goto(server.url + "policies/rd-grades/")
    for chip in page.locator(".chip--try").all()[:3]:
        chip.click()
        set_inputs(page, {})
        page.wait_for_selector(f"{ELEMENT}:visible")
        assert troubles(page, WIDTHS) == []
