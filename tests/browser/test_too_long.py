"""A worker that hangs, sleeps or is gone: it is said where it must be, and nothing that was typed is lost."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reply, Server
from tests.browser.forms import asked

pytestmark = pytest.mark.browser

QUESTION = "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2"
# The worker never comes back from this question; all others it answers as ever.
HANGS = b"""
self.addEventListener("message", ({data}) => { while (data.request?.inputs?.points === 13); });
"""
# It takes a second for this one.
IS_SLOW = b"""
self.addEventListener("message", ({data}) => {
    for (const start = Date.now(); data.request?.inputs?.points === 13 && Date.now() < start + 1000;);
});
"""
LONGER_THAN_ANY_ANSWER_MS = 11_000
A_NIGHT_MS = 8 * 3600 * 1000


def test_a_hung_worker_is_stopped_and_the_next_question_answered(
    page: Page, server: Server
) -> None:
    server.faults["runtime-worker.js"] = lambda body: Reply(
        body=HANGS + body, type="text/javascript"
    )
    page.clock.install()
    page.goto(server.url + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    asked(page)  # else a question still at work is what is stopped first
    (hung,) = [each for each in page.workers if "runtime-worker" in each.url]
    stopped: list[bool] = []
    hung.on("close", lambda _: stopped.append(True))
    page.fill('[name="points"]', "13")
    page.wait_for_selector('policy-calculator[data-state="working"]')
    page.clock.fast_forward(LONGER_THAN_ANY_ANSWER_MS)
    expect(page.locator('[data-state="error"] .answer--failed')).to_contain_text(
        "等得太久，已经停下"
    )
    assert page.input_value('[name="points"]') == "13"
    page.fill('[name="points"]', "60")
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    answer = json.loads(page.get_attribute("policy-calculator output", "data-answer") or "")
    assert answer["outcome"]["levels"] == 3
    # The browser gives a worker in a loop two seconds before it ends it by force.
    for _ in range(50):
        if not stopped:
            page.wait_for_timeout(100)
    assert stopped == [True]


def test_a_machine_that_slept_is_not_taken_for_a_hung_worker(page: Page, server: Server) -> None:
    server.faults["runtime-worker.js"] = lambda body: Reply(
        body=IS_SLOW + body, type="text/javascript"
    )
    page.add_init_script(
        """new MutationObserver(() => {
            window.failed ||= document.querySelector('.answer--failed') !== null;
        }).observe(document, {subtree: true, childList: true});"""
    )
    page.clock.install()
    page.goto(server.url + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="loading"]')
    page.clock.fast_forward(A_NIGHT_MS)
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    asked(page)
    page.fill('[name="points"]', "13")
    page.wait_for_selector('policy-calculator[data-state="working"]')
    page.clock.fast_forward(A_NIGHT_MS)
    page.wait_for_selector("output[data-answer*='\"available\":16']")
    assert not page.evaluate("window.failed")


def test_a_worker_that_was_killed_is_replaced_and_nothing_typed_is_lost(
    page: Page, server: Server
) -> None:
    page.clock.install()
    page.goto(server.url + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    asked(page)
    (killed,) = [each for each in page.workers if "runtime-worker" in each.url]
    killed.evaluate("self.close()")  # as where memory runs out: the page is told nothing
    page.fill('[name="points"]', "60")
    page.wait_for_selector('policy-calculator[data-state="working"]')
    page.clock.fast_forward(LONGER_THAN_ANY_ANSWER_MS)
    page.wait_for_selector(".answer--failed")
    assert page.input_value('[name="points"]') == "60"
    page.click('[data-action="retry"]')
    page.wait_for_selector("output[data-answer*='\"available\":63']")
