"""The quiz in a real browser: filled in, marked, kept over a reload, and its answers out of sight."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from build_scripts.quiz import parse_bank
from build_scripts.source import read_text
from policy_core import mark
from tests.browser.conftest import Complaints, Reply, Server

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
BANK = parse_bank(
    read_text(ROOT / "docs/quiz/service-etiquette.txt"), "service-etiquette"
).to_json()
PAGE = "quiz/service-etiquette/"
RIGHT: dict[str, Any] = {
    "1.1": ["C"], "1.2": ["A", "B"], "1.3": ["A", "C"], "1.4": ["A", "B", "C"], "1.5": ["A", "B", "C"],
    **{f"2.{place}": True for place in range(1, 6)},
    "3.1": ["血浆", "血清", "血清", "红细胞"],
    "3.2": ["八小时", "临床生化定量测定", "体力活动", "生理活动", "饮食"],
    "3.3": ["血清", "全血", "血浆"], "3.4": ["EDTA或肝素钠抗凝血", "２毫升"], "3.5": ["2～8℃冰箱"],
}  # fmt: skip


def marked(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        """() => new Promise((resolve) => {
            const quiz = document.querySelector("policy-quiz");
            quiz.addEventListener("policy:marked", (event) => resolve(event.detail), {once: true});
            quiz.querySelector("form").requestSubmit();
        })"""
    )
    return found


def test_all_right_earns_every_mark_that_can_be_decided_but_the_essay_s(
    page: Page, server: Server
) -> None:
    page.goto(server.url + PAGE)
    page.evaluate(
        "(answers) => { document.querySelector('policy-quiz').answers = answers; }", RIGHT
    )
    given = marked(page)
    assert given == mark(BANK, RIGHT).to_json()
    assert (given["marks"], given["decided"], given["out_of"]) == (80, 90, 100)
    for point in page.locator('[data-item="4.1"] [data-point]').all()[:1]:
        point.check()
    expect(page.locator(".quiz-score")).to_contain_text("81 / 90")
    assert page.evaluate("document.querySelector('policy-quiz').answers['4.1']") == ["k1"]


def test_a_wrong_item_shows_the_right_answer_and_its_clause(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    page.get_by_role("radio", name="对", exact=False).first.check()
    page.locator('[data-item="1.1"] input').first.check()
    marked(page)
    verdict = page.locator('[data-item="1.1"] .verdict')
    expect(verdict).to_contain_text("正确答案：C")
    verdict.get_by_role("link").click()
    page.wait_for_url("**/policies/service-quiz/#c-1-1")


def test_a_reload_loses_nothing_and_starting_anew_asks_first(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    page.locator('[data-item="2.3"] input').last.check()
    page.locator('[data-item="3.5"] input').fill("冰箱")
    page.locator('[data-item="4.2"] textarea').fill("写了一半")
    page.reload()
    assert page.evaluate("document.querySelector('policy-quiz').answers") == {
        "2.3": False,
        "3.5": ["冰箱"],
    }
    assert page.input_value('[data-item="4.2"] textarea') == "写了一半"
    page.click('[data-action="restart"]')
    page.click('[data-action="restart-not"]')
    assert page.input_value('[data-item="3.5"] input') == "冰箱"
    page.click('[data-action="restart"]')
    page.click('[data-action="restart-now"]')
    assert page.evaluate("document.querySelector('policy-quiz').answers") == {}


def test_a_lost_bank_is_said_and_the_answers_stay(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults["bank.bin"] = lambda _: Reply(status=404)
    page.goto(server.url + PAGE)
    page.locator('[data-item="2.3"] input').first.check()
    page.click('button[type="submit"]:visible')
    expect(page.locator(".quiz-result")).to_contain_text("填好的内容还在")
    assert page.evaluate("document.querySelector('policy-quiz').answers") == {"2.3": True}
    complaints.said.clear()


def test_storage_that_is_refused_stops_nothing(page: Page, server: Server) -> None:
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    page.goto(server.url + PAGE)
    page.evaluate(
        "(answers) => { document.querySelector('policy-quiz').answers = answers; }", RIGHT
    )
    assert marked(page)["marks"] == 80
    expect(page.locator(".result")).to_contain_text("不让保存")


def test_no_file_of_the_site_tells_an_answer_in_readable_form(site: Path) -> None:
    secrets = ["肝素钠", "临床生化定量测定", "8度冰箱", "（√）", "（A、B、C）", "(√)"]
    for path in site.rglob("*"):
        if path.is_file() and "runtime" not in path.parts:
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, (path, secret)
                assert base64.b64encode(secret.encode()) not in content
                assert json.dumps(secret).strip('"').encode() not in content, (path, secret)
