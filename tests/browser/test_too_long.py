"""A calculation that runs too long is stopped and said so; what was typed stays, and the next one answers."""

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
LONGER_THAN_ANY_ANSWER_MS = 11_000


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
