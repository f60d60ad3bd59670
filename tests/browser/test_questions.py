"""What is asked about an answer in the page: the same as the core says, in words, and never in its way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from policy_core._browser import answer
from tests.browser.conftest import Complaints, Reply, Server, until
from tests.browser.forms import (
    ELEMENT,
    answered,
    asked,
    fragment,
    inputs_of,
    set_inputs,
    settled,
)  # fmt: skip

pytestmark = pytest.mark.browser

ID = "grade-from-points"
POINTS = f"calculators/{ID}/"
FILLED = {"grade": 4, "carried": 3, "points": 40, "half": 2}


def core(call: str, **given: object) -> Any:  # noqa: ANN401 - JSON is what it is
    """Ask CPython the same."""
    return json.loads(answer(json.dumps({"call": call, "calculator": ID, **given})))


def opened(page: Page, server: Server, path: str) -> Locator:
    """Open a page and wait for all that it says."""
    page.goto(server.url + path)
    answered(page)
    asked(page)
    return page.locator(ELEMENT)


def test_a_half_filled_form_says_what_matters_most_and_what_is_certain(
    page: Page, server: Server
) -> None:
    half = {"grade": 4, "carried": 3}
    page.goto(server.url + POINTS + fragment(half))
    assert settled(page) == "ready"
    asked(page)
    order = [each["field"] for each in core("explain", inputs=half)["needed"]]
    told = page.locator(".answer-missing button")
    given = told.evaluate_all("(all) => all.map((each) => each.dataset.goto)")
    assert given == [each for each in order if each in given] == ["points", "half"]
    expect(page.locator(".answer-missing li").nth(1)).to_contain_text("上半年”时，还要填上一年积分")
    known = page.locator("table.known tr")
    expect(known.filter(has_text="新级别")).to_contain_text("至少 4 级")
    expect(known.filter(has_text="再升一级还差")).to_contain_text("0.01 到 27 点")
    expect(known.filter(has_text="升级 ")).to_have_count(0)
    expect(page.locator("[aria-invalid], [data-invalid]")).to_have_count(0)


def test_the_chart_and_its_table_hold_every_jump_and_the_own_point(
    page: Page, server: Server
) -> None:
    element = opened(page, server, POINTS + fragment(FILLED))
    pieces = core("jumps", inputs=FILLED, vary="points")["pieces"]
    grades = dict.fromkeys(each["outcome"]["new_grade"] for each in pieces)
    starts = [next(e["from"] for e in pieces if e["outcome"]["new_grade"] == g) for g in grades]
    chart = element.locator("svg.chart")
    expect(chart.locator(".chart-jump")).to_have_text([f"{each:g}" for each in starts])
    expect(chart.locator("text.chart-own").last).to_have_text("你：40 点，6 级")
    expect(chart.locator("title")).to_have_text("新级别随本期净积分变化")
    page.get_by_text("看成表格").click()
    rows = element.locator(".ask-table tbody tr")
    expect(rows).to_have_count(len(grades))
    expect(rows.nth(2)).to_contain_text("37–56.99 点")
    expect(rows.nth(2).locator("a")).to_have_text("九.1")
    wide = chart.evaluate("(each) => each.clientWidth")
    page.set_viewport_size({"width": 320, "height": 740})
    until(page, "(wide) => document.querySelector('svg.chart').clientWidth < wide / 1.5", wide)
    size = chart.locator("text").first.evaluate("(each) => getComputedStyle(each).fontSize")
    assert size == "12.5px"
    element.get_by_label("随哪一项变化").select_option("half")
    expect(element.locator(".ask-change .ask-note")).to_contain_text("上一年积分")


def test_each_part_of_the_result_is_told_with_the_clause_of_its_own_jump(
    page: Page, server: Server
) -> None:
    element = opened(page, server, "calculators/grade-benefits/" + fragment({"grade": 14}))
    page.get_by_text("看成表格").click()
    rows = element.locator(".ask-table tbody tr")
    for part, clauses in {
        "title": ["", "三.1", "三.1", "三.1", "三.1", "三.1"],
        "training_allowance": ["", "五.1(4)", "五.1(4)"],
    }.items():
        element.get_by_label("看结果的哪一项").select_option(part)
        expect(rows.locator("td:nth-child(3)")).to_have_text(clauses)


def test_a_wish_is_chosen_and_its_least_change_filled_in(page: Page, server: Server) -> None:
    element = opened(page, server, POINTS + fragment(FILLED))
    reach = element.locator(".ask-reach")
    result = reach.locator(".ask-result")
    expect(result).to_contain_text("本期净积分要 57 点，比现在多 17 点")  # one grade more
    reach.get_by_label("想要的值").filter(visible=True).fill("10")
    found = core("seek", inputs=FILLED, vary="points", until="new_grade >= 10")
    expect(result).to_contain_text(f"{found['value']} 点，比现在多 {found['change']} 点")
    expect(result).to_have_attribute("aria-live", "polite")
    result.get_by_role("button", name="填入").click()
    assert answered(page)["outcome"]["new_grade"] == 10
    assert inputs_of(page)["points"] == found["value"]
    assert page.evaluate("document.activeElement.name") == "points"
    asked(page)
    expect(result).to_contain_text("现在就已经达到")
    reach.get_by_label("改哪一项").select_option("levels_since_raise")
    reach.get_by_label("想要的结果").select_option("levels_since_raise")
    reach.get_by_label("想要的值").filter(visible=True).fill("5")
    expect(result).to_contain_text("每一个值都推算过，没有一个能达到")


def test_a_number_typed_while_its_wish_is_still_looked_at_stays(page: Page, server: Server) -> None:
    element = opened(page, server, POINTS + fragment(FILLED))
    reach = element.locator(".ask-reach")
    number = reach.get_by_label("想要的值").filter(visible=True)
    expect(number).to_have_value("7")
    number.evaluate(
        """(box) => {
          const said = () => new Event("input", { bubbles: true });
          const aim = box.closest(".ask-reach").querySelector("[aria-label='想要的结果']");
          aim.value = "available";
          aim.dispatchEvent(said());
          box.value = "52";
          box.dispatchEvent(said());
        }"""
    )
    found = core("seek", inputs=FILLED, vary="points", until="available >= 52")
    expect(reach.locator(".ask-result")).to_contain_text(f"要 {found['value']} 点")
    expect(number).to_have_value("52")


def test_the_next_entry_of_a_list_can_be_sought_and_filled_in(page: Page, server: Server) -> None:
    inputs = {
        "level": "intermediate", "tenure_months": 8, "monthly_ranks": [4, 3, 2, 4, 3, 5, 2],
        "quarter_grades": ["A", "A"], "excellent_titles": 0, "months_since_promotion": 4,
    }  # fmt: skip
    element = opened(page, server, "calculators/service-eligibility/" + fragment(inputs))
    missing = element.locator(".entry-missing")
    expect(missing).to_have_text(["平均多了 0.17", "还差 1 次"])
    result = element.locator(".ask-reach .ask-result")
    expect(result).to_contain_text("下一个每月考评名次要 1")
    expect(result).to_contain_text("1–2都可以。")
    result.get_by_role("button", name="填入").click()
    answered(page)
    assert inputs_of(page)["monthly_ranks"] == [4, 3, 2, 4, 3, 5, 2, 1]
    asked(page)
    expect(missing).to_have_text(["还差 1 次"])


def test_two_cases_stand_side_by_side(page: Page, server: Server) -> None:
    element = opened(page, server, POINTS + fragment(FILLED))
    page.get_by_role("button", name="与另一种情况比较").click()
    other = element.get_by_label("另一种情况的本期净积分")
    expect(other).to_have_value("57")  # where the next thing changes
    other.fill("60")
    rows = element.locator("table.compare tbody:last-of-type tr")
    right = core("compare", left=FILLED, right={**FILLED, "points": 60})
    expect(rows.filter(has_text="新级别")).to_contain_text("7 级")
    paths = {each["path"].split(".")[0] for each in right["differences"]}
    expect(rows.locator("strong")).to_have_count(len(paths - {"benefits"}) + 1)
    expect(rows.filter(has_text="职级").filter(has_text="一样")).to_have_count(1)
    element.get_by_label("再改一项").select_option("half")
    element.get_by_label("另一种情况的结算的是哪个半年").select_option("1")
    year = element.get_by_label("另一种情况的上一年积分")
    expect(element.locator(".ask-compare .ask-note")).to_contain_text("上一年积分还没有填")
    year.fill("8")
    expect(rows.first).to_be_visible()
    page.get_by_role("button", name="不比较了").click()
    expect(element.locator(".ask-compare")).to_be_hidden()


def test_a_record_says_whether_the_answer_is_still_the_same(page: Page, server: Server) -> None:
    element = opened(page, server, POINTS + fragment(FILLED))
    printed = element.locator(".print-end").text_content() or ""
    assert "研发技术岗位晋升制度，2024-01-01 起的版本" in printed
    link = printed[printed.index("http") :]
    page.goto("about:blank")
    page.goto(link)
    answered(page)
    note = element.locator(".answer-record")
    expect(note).to_contain_text("记录的一样")
    page.fill('[name="points"]', "41")
    answered(page)
    expect(note).to_have_count(0)
    page.goto("about:blank")
    page.goto(link[:-7] + "0000000")
    answered(page)
    expect(note).to_contain_text("不一样了")
    expect(element.locator(".record-changes")).to_contain_text("改过")


def test_an_answer_is_saved_as_a_workbook_whose_text_is_text(
    page: Page, server: Server, tmp_path: Path
) -> None:
    person = {"regular_employee": True, "ability": 80, "interview": [80, 90.5], "manager": 90}
    people = [{"name": name, **person, "peers": [75]} for name in ("=1+1", "<甲>&\u0007")]
    page.goto(f"{server.url}calculators/candidate-ranking/")
    set_inputs(page, {"candidates": people})
    answered(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="存为表格").click()
    download.value.save_as(tmp_path / "saved.xlsx")
    book = openpyxl.load_workbook(tmp_path / "saved.xlsx")
    assert book.sheetnames == ["结果", "填的内容", "算法", "说明"]
    given = {row[0].value: row[1] for row in book["填的内容"].iter_rows(min_row=2)}
    name = given["参加竞聘的人第 1 条：姓名"]
    assert (name.value, name.data_type) == ("=1+1", "s") or name.data_type == "inlineStr"
    assert given["参加竞聘的人第 2 条：姓名"].value == "<甲>&"
    assert given["参加竞聘的人第 1 条：面试考评第 2 个"].value == 90.5
    assert [row[0] for row in book["说明"].values] == [
        "问题", "结果", "制度", "版本", "按哪一天", "算于", "程序", "再查一次",
    ]  # fmt: skip
    assert book["说明"]["B5"].is_date


def test_links_find_a_field_by_its_old_names(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    read = page.evaluate(
        """async ([url, fields]) => {
            const { fromFragment } = await import(url);
            return fromFragment('#net=40&old=' + encodeURIComponent('{"half":1}'), fields);
        }""",
        [
            f"{server.url}assets/handbook/fragment.js",
            [
                {"name": "points", "kind": "number", "was": ["score", "net"]},
                {
                    "name": "history", "kind": "records", "was": ["old"],
                    "item": {"fields": [{"name": "which", "kind": "integer", "was": ["half"]}]},
                },
            ],
        ],
    )  # fmt: skip
    assert read == {"points": 40, "history": [{"which": 1}]}


def test_a_question_that_takes_too_long_leaves_the_answer_standing(
    page: Page, server: Server
) -> None:
    page.add_init_script(
        """const post = Worker.prototype.postMessage;
        Worker.prototype.postMessage = function (message) {
            if (message.request?.call !== "jumps") { post.call(this, message); }
        };"""
    )
    page.goto(server.url + POINTS + fragment(FILLED))
    first = answered(page)
    expect(page.locator(".ask-change .ask-note")).to_contain_text("算得太久，已经停下")
    assert answered(page) == first
    page.fill('[name="points"]', "60")
    assert answered(page)["outcome"]["new_grade"] == 7


def test_all_answers_are_read_without_javascript(page: Page, server: Server) -> None:
    context = page.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False).new_page()
    plain.goto(f"{server.url}calculators/grade-benefits/")
    plain.get_by_text(re.compile("看全部 7 种答案")).click()
    expect(plain.locator(".all-answers tbody tr")).to_have_count(7)
    expect(plain.locator(".all-answers")).to_contain_text("25 级及以上")
    plain.context.close()


@pytest.mark.parametrize("file", ["ask-panel.js", "ask-chart.js"])
def test_what_is_asked_about_an_answer_and_does_not_come_is_told_and_fetched_again(
    page: Page, server: Server, complaints: Complaints, file: str
) -> None:
    server.faults[file] = lambda _: Reply(status=404)
    page.goto(server.url + POINTS + fragment(FILLED))
    answered(page)
    lost = page.locator("policy-calculator output + .lost")
    expect(lost).to_contain_text("图表和比较没有取到")
    page.fill('[name="points"]', "41")  # which tries again, too, and says it once
    answered(page)
    expect(lost).to_have_count(1)
    server.faults.clear()
    lost.get_by_role("button", name="再取一次").click()
    expect(page.locator("policy-calculator svg.chart").first).to_be_visible()
    expect(lost).to_have_count(0)
    complaints.forgive()


def test_a_table_that_cannot_be_made_is_told_and_made_when_asked_again(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults["save-sheet.js"] = lambda _: Reply(status=404)
    page.goto(server.url + POINTS + fragment(FILLED))
    answered(page)
    page.click('[data-action="save"]')
    expect(page.locator(".lost")).to_contain_text("存表格的文件没有取到")
    server.faults.clear()
    with page.expect_download() as download:
        page.click('[data-action="fetch-again"]')
    assert download.value.suggested_filename.endswith(".xlsx")
    complaints.forgive()
