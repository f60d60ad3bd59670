"""Take the README's pictures anew (`make pictures`): a calculator's page, and the main pages and states.

The browser lays the small ones out and writes them as WebP, so that no library for pictures is needed.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from build_scripts.pages import ROOT, build_site
from build_scripts.words import example
from tests.browser.conftest import FLAGS, browser_path, serving
from tests.browser.forms import answered, asked, fragment

ASSETS = ROOT / "docs" / "assets"
POINTS = "calculators/grade-from-points/"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
HEIGHT = 300  # of one picture on the sheet
ACROSS = 2
QUALITY = 0.72


def computed(page: Page) -> None:
    """Wait for the answer to the link, and for all that is asked about it."""
    answered(page)
    asked(page)


def searched(page: Page) -> None:
    """Look for something that every group knows."""
    page.keyboard.press("/")
    page.keyboard.type("晋升")
    page.wait_for_selector('.md-search [role="option"]')


def practised(page: Page) -> None:
    """Answer the first question wrong, and be told."""
    page.click('[data-action="start"]')
    page.locator('[data-item="1.1"] input').first.check()
    page.click('[data-action="step"]')
    page.wait_for_selector('[data-item="1.1"] .verdict')


def mapped(page: Page) -> None:
    """Give a list of people and see how it was read."""
    rows = "姓名,当前级别,上期结转,本期净积分,结算的是哪个半年\n陈静,4,3,40,下半年\n王浩,4.5,0,22,上半年\n"
    page.click("details.many > summary")
    page.set_input_files(
        ".many input[type=file]",
        {"name": "研发部.csv", "mimeType": "text/csv", "buffer": rows.encode()},
    )
    page.get_by_role("button", name="算这").click()
    page.wait_for_selector('.many-body[data-state="done"]')
    page.locator("details.many").evaluate("(each) => each.scrollIntoView()")


def doubted(page: Page) -> None:
    """Open a doubt under its clause."""
    page.locator("#c-8-2 summary").click()


SHOTS: dict[str, Callable[[Page], None]] = {
    "": lambda _: None,
    "policies/rd-grades/": lambda _: None,
    "policies/rd-grades/#c-8-2": doubted,
    POINTS + fragment(example("grade-from-points")): computed,
    POINTS: mapped,
    "quiz/service-etiquette/": practised,
    "policies/": searched,
    "doubts/": lambda _: None,
}


def shoot(browser: Browser, url: str, act: Callable[[Page], None], size: str, scheme: str) -> bytes:
    """Take one picture of a page in a state."""
    width, height = SIZES[size]
    context = browser.new_context(
        locale="zh-CN",
        viewport=ViewportSize(width=width, height=height),
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    page = context.new_page()
    page.goto(url)
    act(page)
    picture = page.screenshot()
    context.close()
    return picture


def written_as_webp(browser: Browser, pictures: list[bytes], wide: int) -> bytes:
    """Lay pictures of one height out in rows, and write them as one."""
    page = browser.new_page()
    data: str = page.evaluate(
        """async ([pictures, height, wide, quality]) => {
            const gap = 8;
            const images = await Promise.all(pictures.map(async (each) => {
                const image = new Image();
                image.src = `data:image/png;base64,${each}`;
                await image.decode();
                return image;
            }));
            const widths = images.map((each) => Math.round(each.width * height / each.height));
            const row = widths.slice(0, wide).reduce((sum, each) => sum + each + gap, gap);
            const canvas = document.createElement("canvas");
            canvas.width = row;
            canvas.height = Math.ceil(images.length / wide) * (height + gap) + gap;
            const paper = canvas.getContext("2d");
            paper.fillStyle = "#8a8d8f";
            paper.fillRect(0, 0, canvas.width, canvas.height);
            paper.imageSmoothingQuality = "high";
            let left = gap;
            images.forEach((each, index) => {
                if (index % wide === 0) left = gap;
                const top = gap + Math.floor(index / wide) * (height + gap);
                paper.drawImage(each, left, top, widths[index], height);
                left += widths[index] + gap;
            });
            return canvas.toDataURL("image/webp", quality).split(",")[1];
        }""",
        [[base64.b64encode(each).decode() for each in pictures], HEIGHT, wide, QUALITY],
    )
    page.close()
    return base64.b64decode(data)


def main() -> None:
    """Build the handbook, take the pictures and put them beside the README."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS)) as browser,
    ):
        site = Path(scratch) / "site"
        build_site(site)
        with serving(site) as server:
            taken = [
                shoot(browser, server.url + path, act, size, scheme)
                for path, act in SHOTS.items()
                for scheme in ("light", "dark")
                for size in SIZES
            ]
            answer = POINTS + fragment(example("grade-from-points"))
            one = shoot(browser, server.url + answer, computed, "desktop", "light")
        (ASSETS / "calculator.png").write_bytes(one)
        sheet = written_as_webp(browser, taken, len(SIZES) * 2 * ACROSS)
        (ASSETS / "pages.webp").write_bytes(sheet)


if __name__ == "__main__":
    main()
