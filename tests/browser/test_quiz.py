"""The quiz in a real browser: practised, sat, marked, kept, printed, and its answers out of sight."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from build_scripts.quiz_paper import parse_bank
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
    page.locator('[data-item="4.1"] [data-point="k1"]').check()
    expect(page.locator(".quiz-score")).to_contain_text("81 / 90")
    assert page.evaluate("document.querySelector('policy-quiz').answers['4.1']") == ["k1"]


def begin(page: Page, **wishes: bool | str) -> None:
    """Start a round from the first screen with some wishes changed."""
    for wish, value in wishes.items():
        control = f'[data-wish="{wish}"]'
        if isinstance(value, bool):
            page.locator(control).set_checked(value)
        elif wish in ("mode", "multiple"):
            page.locator(f'{control}[value="{value}"]').check()
        else:
            page.locator(control).fill(value)
    page.click('[data-action="start"]')


def fill(page: Page, answers: dict[str, Any]) -> None:
    page.evaluate(
        "(answers) => { document.querySelector('policy-quiz').answers = answers; }", answers
    )


def answers_of(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("document.querySelector('policy-quiz').answers")
    return found


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(
        "JSON.parse(localStorage.getItem('policy-quiz:service-etiquette') ?? '{}')"
    )
    return found


def test_practice_one_at_a_time_by_the_keyboard_alone(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    page.locator('[data-action="start"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".quiz-where")).to_contain_text("选择题第 1 题，共 5 题")
    expect(page.locator('[data-item="1.1"] legend')).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # A, which is wrong
    page.keyboard.press("Enter")
    verdict = page.locator('[data-item="1.1"] .verdict')
    expect(verdict).to_contain_text("应选 C，得 0 / 5 分")
    expect(verdict).to_contain_text("你选 A，应选 C")
    expect(page.locator(".quiz-said")).to_contain_text("应选 C")
    expect(page.locator('[data-item="1.1"] .quiz-passage mark')).to_have_text("地位较高的一方")
    assert page.get_attribute('[data-item="1.1"] .quiz-source a', "href") == (
        "../../policies/service-quiz/#c-1-1"
    )
    page.locator('[data-action="step"]').press("Enter")
    expect(page.locator('[data-item="1.2"] legend')).to_be_focused()
    expect(page.locator('[data-item="1.1"]')).to_be_hidden()
    for letter in ("A", "B"):
        page.get_by_role("checkbox", name=letter).first.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator('[data-item="1.2"] .verdict')).to_have_text("答对，得 5 / 5 分")
    page.locator('.quiz-map [data-id="3.5"]').press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("2至8度冰箱")
    page.keyboard.press("Enter")
    expect(page.locator('[data-item="3.5"] .verdict')).to_contain_text("答对")
    assert sorted(kept(page)["cards"]) == ["1.1"]
    page.reload()  # the same tab goes on where it was, with what was told
    expect(page.locator('[data-item="3.5"] .verdict')).to_contain_text("答对")
    assert page.get_attribute('.quiz-map [data-id="1.1"]', "data-mark") == "wrong"
    page.click('[data-action="hand-in"]')
    page.click('[data-action="finish-now"]')
    expect(page.locator(".quiz-score")).to_have_text("7 / 90 分")


def test_what_is_wrong_is_practised_until_it_is_learned(page: Page, server: Server) -> None:
    page.clock.install(time="2026-03-02T08:00:00")
    page.goto(server.url + PAGE)
    fill(page, RIGHT | {"1.1": ["A"], "4.1": [f"k{place}" for place in range(1, 11)]})
    marked(page)
    expect(page.locator(".quiz-wrong li")).to_have_count(1)
    page.click('[data-action="practise-wrong"]')
    expect(page.locator(".quiz-at")).to_have_text("1 / 1")
    page.locator('[data-item="1.1"] input[value="C"]').check()
    page.click('[data-action="step"]')
    expect(page.locator('[data-item="1.1"] .verdict')).to_contain_text("答对")
    page.click('[data-action="step"]')
    expect(page.locator(".quiz-score")).to_have_text("5 / 5 分")
    # Right on the same day proves nothing yet: it comes back tomorrow, then after two days.
    for day, box in (("2026-03-03", 1), ("2026-03-05", 2)):
        page.clock.set_system_time(f"{day}T08:00:00")
        page.reload()
        page.click('[data-action="leave"]')
        page.click('[data-action="review"]')
        page.locator('[data-item="1.1"] input[value="C"]').check()
        page.click('[data-action="step"]')
        # The runtime starts anew: while it marks, a further step does nothing.
        expect(page.locator('[data-item="1.1"] .verdict')).to_contain_text("答对")
        page.click('[data-action="step"]')
        expect(page.locator(".quiz-score")).to_have_text("5 / 5 分")
        assert kept(page)["cards"]["1.1"]["box"] == box


def test_an_exam_tells_nothing_before_its_end_and_its_clock_hands_in(
    page: Page, server: Server
) -> None:
    page.clock.install()
    page.goto(server.url + PAGE)
    page.click(".quiz-more summary")
    page.locator('[data-wish="mode"][value="exam"]').check()
    begin(page, single=False, items=True, options=True, seed="8", timed=True, limit="0")
    expect(page.locator(".quiz-start-error")).to_contain_text("应是 1 到 600 之间的整数")
    begin(page, limit="２", multiple="half")
    order = page.locator(".quiz-item").evaluate_all("(all) => all.map((each) => each.dataset.item)")
    assert sorted(order) == sorted(
        item["id"] for part in BANK["sections"] for item in part["items"]
    )
    assert order != sorted(order)
    assert page.locator('[data-item="1.4"] input').evaluate_all(
        "(all) => all.map((each) => each.value)"
    ) != ["A", "B", "C", "D"]
    page.locator('[data-item="1.4"] input[value="B"]').check()  # the bank's B, wherever it stands
    expect(page.locator(".quiz-tell").first).to_be_hidden()
    page.clock.run_for(61_000)
    expect(page.locator(".quiz-said")).to_have_text("还剩 1 分钟")
    page.clock.run_for(60_000)
    expect(page.locator(".quiz-why")).to_contain_text("时间到，已经交卷")
    expect(page.locator(".quiz-score")).to_have_text("2.5 / 90 分")
    page.click('[data-action="again"]')  # the same seed gives the same paper
    again = page.locator(".quiz-item").evaluate_all("(all) => all.map((each) => each.dataset.item)")
    assert again == order


def test_a_wrong_item_leads_to_its_clause(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    fill(page, {"1.1": ["A"], "2.1": True})
    marked(page)
    expect(page.locator(".quiz-wrong")).to_contain_text("你选 A，应选 C")
    page.locator('[data-item="1.1"] .quiz-source a').click()
    page.wait_for_url("**/policies/service-quiz/#c-1-1")


def test_a_reload_loses_nothing_and_giving_up_asks_first(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    begin(page, mode="exam", single=False)
    page.locator('[data-item="2.3"] input').last.check()
    page.locator('[data-item="3.5"] input').fill("冰箱")
    page.locator('[data-item="4.2"] textarea').fill("写了一半")
    page.reload()
    assert answers_of(page) == {"2.3": False, "3.5": ["冰箱"]}
    assert page.input_value('[data-item="4.2"] textarea') == "写了一半"
    page.click('[data-action="restart"]')
    page.click('[data-action="ask-not"]')
    assert page.input_value('[data-item="3.5"] input') == "冰箱"
    page.click('[data-action="restart"]')
    page.click('[data-action="restart-now"]')
    expect(page.locator(".quiz-row")).to_have_count(0)
    assert answers_of(page) == {}


def test_two_tabs_do_not_overwrite_each_other(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    begin(page, mode="exam", single=True)
    page.locator('[data-item="1.1"] input[value="C"]').check()
    other = page.context.new_page()
    other.goto(server.url + PAGE)
    expect(other.locator(".quiz-row")).to_contain_text("上次考试停在第 1 题")
    # The other tab takes the round over; this one steps aside and loses nothing.
    other.click('[data-action="resume"]')
    expect(page.locator(".quiz-told-here")).to_contain_text("另一个标签页里接着做")
    assert answers_of(other) == {"1.1": ["C"]}
    fill(page, {"2.1": True})  # a round of its own
    marked(page)
    marked(other)
    assert [each["marks"] for each in kept(page)["rounds"]] == [5, 5]
    page.click('[data-action="leave"]')
    expect(page.locator(".quiz-history tbody tr")).to_have_count(2)
    # What is cleared in one is gone in both.
    other.click('[data-action="clear"]')
    other.click('[data-action="clear-now"]')
    expect(page.locator(".quiz-past")).to_contain_text("还没有做完过")
    other.close()


def test_a_lost_bank_is_said_and_the_answers_stay(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults["bank.bin"] = lambda _: Reply(status=404)
    page.goto(server.url + PAGE)
    begin(page, mode="exam", single=False)
    page.locator('[data-item="2.3"] input').first.check()
    page.click('[data-action="hand-in"]')
    expect(page.locator(".quiz-result")).to_contain_text("填好的内容还在")
    assert answers_of(page) == {"2.3": True}
    server.faults.clear()
    page.click('[data-action="retry"]')
    expect(page.locator(".quiz-score")).to_have_text("5 / 90 分")
    complaints.forgive()


def other_bank(body: bytes) -> Reply:
    """Mend an answer, as HR may while a page is open."""
    mended = zlib.decompress(body).replace(b'"answer":["C"]', b'"answer":["A"]')
    return Reply(body=zlib.compress(mended))


def test_a_page_is_not_marked_against_the_bank_of_a_later_build(
    page: Page, server: Server, complaints: Complaints
) -> None:
    page.goto(server.url + PAGE)
    begin(page, mode="exam", single=False)
    page.locator('[data-item="1.1"] [value="C"]').check()
    server.faults["bank.bin"] = other_bank
    page.click('[data-action="hand-in"]')
    expect(page.locator(".quiz-result")).to_contain_text("题库刚更新过，和这一页对不上")
    # The build that the reader then gets has the same questions: the round goes on.
    server.faults.clear()
    with page.expect_navigation():
        page.click('[data-action="reload"]')
    page.wait_for_selector("policy-quiz:defined")
    assert answers_of(page) == {"1.1": ["C"]}
    page.click('[data-action="hand-in"]')
    expect(page.locator(".quiz-score")).to_have_text("5 / 90 分")
    complaints.forgive()


def test_a_bank_that_the_browser_kept_of_an_earlier_build_is_not_used(
    page: Page, server: Server
) -> None:
    server.headers["Cache-Control"] = (
        "max-age=3600"  # as browsers assume where a server says nothing
    )
    server.faults["bank.bin"] = other_bank
    page.goto(server.url + PAGE)
    page.evaluate("fetch('bank.bin').then((response) => response.arrayBuffer())")
    server.faults.clear()
    begin(page, mode="exam", single=False)
    page.locator('[data-item="1.1"] [value="C"]').check()
    page.click('[data-action="hand-in"]')
    expect(page.locator(".quiz-score")).to_have_text("5 / 90 分")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("new Error('no')", "这个浏览器不让保存"),
        ("new DOMException('', 'QuotaExceededError')", "存储空间满了"),
    ],
)
def test_storage_that_is_refused_or_full_stops_nothing(
    page: Page, server: Server, error: str, said: str
) -> None:
    page.add_init_script(f"Storage.prototype.setItem = () => {{ throw {error}; }};")
    page.goto(server.url + PAGE)
    fill(page, RIGHT)
    expect(page.locator(".quiz-left")).to_contain_text(said)
    assert marked(page)["marks"] == 80
    expect(page.locator(".result")).to_contain_text(said)
    page.click('[data-action="leave"]')
    expect(page.locator(".quiz-told-here")).to_contain_text(said)
    expect(page.locator(".quiz-history tbody tr")).to_have_count(1)  # as long as the page is open


def test_the_record_goes_out_and_comes_in_as_a_file(
    page: Page, server: Server, tmp_path: Path
) -> None:
    page.goto(server.url + PAGE)
    fill(page, RIGHT | {"1.1": ["A"]})
    marked(page)
    with page.expect_download() as download:
        page.click('[data-action="download"]')
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    page.click('[data-action="clear"]')
    page.click('[data-action="clear-now"]')
    wrong = tmp_path / "wrong.json"
    wrong.write_text(file.read_text(encoding="utf-8").replace('"marks": 75', '"marks": 500'))
    page.set_input_files("[data-import]", wrong)
    expect(page.locator(".quiz-import-told")).to_contain_text("第 1 次成绩的得分不对")
    assert kept(page)["rounds"] == []
    # What was cleared stays cleared on this device; a file brings it to another one.
    page.evaluate("localStorage.clear()")
    page.reload()
    page.set_input_files("[data-import]", file)
    expect(page.locator(".quiz-told-here")).to_have_text("导入好了，多了 1 次成绩。")
    expect(page.locator(".quiz-past")).to_contain_text("75 / 90")
    page.set_input_files("[data-import]", file)
    expect(page.locator(".quiz-told-here")).to_have_text("导入好了，多了 0 次成绩。")
    page.goto(server.url)
    expect(page.locator("[data-last-score]")).to_contain_text("上次 75 / 90")


def test_a_bank_that_changed_is_told(page: Page, server: Server) -> None:
    page.goto(server.url + PAGE)
    fill(page, {"1.1": ["A"]})
    marked(page)
    fill(page, {"1.1": ["A"]})
    page.evaluate(
        """() => {
            for (const [key, text] of Object.entries(localStorage)) {
                localStorage.setItem(key, text.replace(/"(bank|digest)":"[^"]*"/g, '"$1":"before"'));
            }
            sessionStorage.clear();
            Storage.prototype.setItem = () => {};
        }"""
    )
    page.reload()
    expect(page.locator(".quiz-row")).to_contain_text("后来题库改过，不能接着做")
    expect(page.locator(".quiz-past")).to_contain_text("那以后题库改过，这个成绩是旧题的")
    expect(page.locator('[data-wish="only"]')).to_have_count(0)  # its questions are no more


def test_a_record_that_cannot_be_read_is_put_aside(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.evaluate("localStorage.setItem('policy-quiz:service-etiquette', '{broken')")
    page.goto(server.url + PAGE)
    expect(page.locator(".quiz-told-here")).to_contain_text("以前的记录读不出来，已经另外放好")
    aside = "localStorage.getItem('policy-quiz:service-etiquette:damaged')"
    assert page.evaluate(aside) == "{broken"


def test_a_certificate_and_an_empty_paper_are_printed(page: Page, server: Server) -> None:
    page.add_init_script("window.print = () => {};")
    page.goto(server.url + PAGE)
    page.click('[data-action="print-paper"]')
    page.emulate_media(media="print")
    expect(page.locator('[data-item="4.2"]')).to_be_visible()
    expect(page.locator(".quiz-ways")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    fill(page, RIGHT)
    marked(page)
    page.click(".quiz-certify summary")
    page.fill("[data-name]", "<b>王小明</b>")
    page.click('[data-action="print-certificate"]')
    page.emulate_media(media="print")
    sheet = page.locator(".quiz-certificate")
    expect(sheet).to_contain_text("<b>王小明</b> 完成了《服务礼仪与业务测验》的考试")
    expect(sheet).to_contain_text("80 分")
    expect(page.locator(".quiz-score")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)


SMALL = """() => [...document.querySelectorAll(
    "policy-quiz :is(button, label, summary, input, textarea)")].filter((each) =>
        each.checkVisibility() && !(each.closest("label") && each.localName !== "label")
        && each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML.slice(0, 90))"""


def test_on_a_phone_everything_is_wide_enough_for_a_thumb(page: Page, server: Server) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(server.url + PAGE)
    page.click(".quiz-more summary")
    page.locator('[data-wish="mode"][value="exam"]').check()
    assert page.evaluate(SMALL) == [], "start"
    begin(page, mode="practice")
    page.click('[data-action="step"]')
    expect(page.locator('[data-item="1.1"] .verdict')).to_be_visible()
    page.click('[data-action="restart"]')
    assert page.evaluate(SMALL) == [], "practice"
    page.locator('.quiz-map [data-id="4.1"]').click()
    page.click('[data-action="step"]')
    expect(page.locator('[data-point="k1"]')).to_be_visible()
    assert page.evaluate(SMALL) == [], "key points"
    page.click('[data-action="hand-in"]')
    page.click('[data-action="finish-now"]')
    expect(page.locator(".quiz-parts")).to_be_visible()
    assert page.evaluate(SMALL) == [], "end of a practice"
    fill(page, RIGHT)
    marked(page)
    page.click(".quiz-certify summary")
    assert page.evaluate(SMALL) == [], "end of an exam"


def test_no_file_of_the_site_tells_an_answer_in_readable_form(site: Path) -> None:
    secrets = ["肝素钠", "临床生化定量测定", "8度冰箱", "（√）", "（A、B、C）", "(√)"]
    for path in site.rglob("*"):
        if path.is_file() and "runtime" not in path.parts:
            content = path.read_bytes()
            for secret in secrets:
                assert secret.encode() not in content, (path, secret)
                assert base64.b64encode(secret.encode()) not in content
                assert json.dumps(secret).strip('"').encode() not in content, (path, secret)
