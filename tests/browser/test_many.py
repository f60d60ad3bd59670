"""Many at once in the page: a table in, the same table out as by the command line, and nothing freezes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from build_scripts.batch import run_batch
from tests.browser.conftest import Complaints, Reply, Server, until
from tests.browser.forms import answered, set_inputs
from tests.browser.test_accessibility import found

pytestmark = pytest.mark.browser

TODAY = date(2026, 3, 5)
POINTS = "calculators/grade-from-points/"
HEADER = ["工号", "姓名", "当前级别（级）", "上期结转", "本期净积分", "结算的是哪个半年", "入职"]
PEOPLE: list[list[Any]] = [
    ["007", "陈静", 4, 3, 40, "下半年", date(2020, 2, 29)],
    ["008", "=1+1", "9", 0.5, "61.25", 2, None],
    [None, None, None, None, None, None, None],
    ["009", "王浩", 4.5, 0, 22, "三", date(2021, 1, 1)],
    ["010", "欧阳", 19, "", "64", "下半年", date(2022, 1, 1)],
]


def opened(page: Page, server: Server, path: str = POINTS) -> None:
    """Open the section of a calculator's page, on a day that stays."""
    page.clock.set_fixed_time(TODAY.isoformat() + "T12:00:00")
    page.goto(server.url + path)
    page.click("details.many > summary")
    expect(page.locator(".many-drop")).to_be_visible()


def paste(page: Page, rows: Sequence[Sequence[object]]) -> None:
    """Paste rows as Excel copies them."""
    text = "\r\n".join("\t".join(map(str, row)) for row in rows)
    page.locator(".many-paste textarea").evaluate(
        """(area, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            area.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
        }""",
        text,
    )


def state(page: Page, wanted: str) -> None:
    """Wait for a state of the section."""
    expect(page.locator(f'.many-body[data-state="{wanted}"]')).to_be_visible()


def computed(page: Page) -> None:
    """Compute what was read."""
    page.get_by_role("button", name="算这").click()
    state(page, "done")


def fetched(page: Page, name: str, target: Path) -> Path:
    """Take the table back."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    download.value.save_as(target)
    return target


def sheet(path: Path) -> list[tuple[Any, ...]]:
    """Read a workbook by a reader that is not ours; a formula would be seen."""
    cells = list(openpyxl.load_workbook(path).worksheets[0].iter_rows())
    assert [cell.coordinate for row in cells for cell in row if cell.data_type == "f"] == []
    return [tuple(cell.value for cell in row) for row in cells]


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_table_comes_back_as_the_command_line_gives_it(
    page: Page, server: Server, tmp_path: Path, ending: str
) -> None:
    source = tmp_path / f"研发部{ending}"
    if ending == ".xlsx":
        book = openpyxl.Workbook()
        for row in (HEADER, *PEOPLE):
            book.worksheets[0].append(row)
        book.save(source)
    else:
        out = io.StringIO()
        csv.writer(out).writerows([HEADER, *PEOPLE])
        source.write_bytes(out.getvalue().encode("gb18030"))
    opened(page, server)
    page.set_input_files(".many input[type=file]", source)
    state(page, "ready")
    computed(page)
    wrong = page.locator(".many-wrong li")
    expect(wrong).to_have_count(2)
    expect(wrong.first).to_have_text(
        "第 5 行　009 当前级别（级）：填的是 4.5，应是整数，例如 4 或 5；"
        "结算的是哪个半年：填的是“三”，应是其中之一：上半年（1）、下半年（2）"
    )
    for form, button in ((".xlsx", "取回表格"), (".csv", "取回 CSV")):
        wanted = tmp_path / f"wanted{form}"
        run_batch("grade-from-points", str(source), str(wanted), TODAY)
        given = fetched(page, button, tmp_path / f"given{form}")
        if form == ".csv":
            assert given.read_bytes() == wanted.read_bytes()
        else:
            assert sheet(given) == sheet(wanted)


def test_what_columns_mean_is_guessed_and_can_be_changed(page: Page, server: Server) -> None:
    opened(page, server)
    paste(page, [["姓名", "级别", "carried", "本期净积分", "半年"], ["陈静", 4, 3, 40, "下半年"]])
    state(page, "ready")
    expect(page.locator(".many-complaint")).to_contain_text("当前级别（级）、结算的是哪个半年")
    page.get_by_label("级别", exact=True).select_option(label="当前级别（级）")
    page.get_by_label("半年", exact=True).select_option(label="当前级别（级）")
    expect(page.locator(".many-complaint").first).to_contain_text("只能有一列")
    expect(page.get_by_role("button", name="算这")).to_be_disabled()
    page.get_by_label("半年", exact=True).select_option(label="结算的是哪个半年")
    expect(page.locator(".many-complaint")).to_have_count(0)
    computed(page)
    row = page.locator(".many-table tbody tr")
    expect(row.locator("td").nth(7)).to_have_text("2")
    page.get_by_role("button", name="换一张表").click()
    expect(page.get_by_role("textbox", name="粘贴在这里")).to_be_visible()


def test_ten_thousand_rows_show_how_far_they_are_and_stop_when_told(
    page: Page, server: Server
) -> None:
    opened(page, server)
    rows = [[str(index), "陈静", index % 25, 3, 40, 2, ""] for index in range(10_000)]
    paste(page, [HEADER, *rows])
    state(page, "ready")
    expect(page.locator(".many-table tbody tr")).to_have_count(8)
    page.evaluate("""() => {
        window.seen = [];
        new MutationObserver(() => {
            const text = document.querySelector(".many-count")?.textContent ?? "";
            if (text.startsWith("已算") && seen.at(-1) !== text) seen.push(text);
        }).observe(document.querySelector(".many-work"), {subtree: true, childList: true});
    }""")
    with_slow_core(page, after=4)
    page.get_by_role("button", name="算这 10000 行").click()
    until(page, "() => seen.length === 4")
    set_inputs(page, {"grade": 4, "carried": 3, "points": 40, "half": 2})
    assert answered(page)["outcome"]["levels"] == 2
    state(page, "running")
    page.get_by_role("button", name="停下").click()
    state(page, "ready")
    page.evaluate("letGo()")
    set_inputs(page, {"grade": 5, "carried": 3, "points": 40, "half": 2})
    assert answered(page)["outcome"]["new_grade"] == 7
    assert page.evaluate("new Set(seen).size") == 4
    assert page.evaluate("seen.length") == 4
    state(page, "ready")
    expect(page.get_by_role("button", name="算这 10000 行")).to_be_focused()


def test_nothing_comes_in_before_the_section_is_opened(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    set_inputs(page, {"grade": 4, "carried": 3, "points": 40, "half": 2})
    answered(page)
    parts = ("many", "saxen", "fflate")
    assert [path for path in server.requests if any(part in path for part in parts)] == []
    page.click("details.many > summary")
    expect(page.locator(".many-drop")).to_be_visible()


def test_without_scripts_there_is_no_section(browser: Browser, server: Server) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url + POINTS)
    expect(page.locator("details.many")).to_be_hidden()
    context.close()


def test_a_file_that_cannot_be_used_is_told_and_another_may_follow(
    page: Page, server: Server
) -> None:
    opened(page, server)
    torn = {"name": "x.xlsx", "mimeType": "", "buffer": b"PK\x03\x04 no sheet"}
    page.set_input_files(".many input[type=file]", torn)  # type: ignore[arg-type]
    expect(page.locator(".many-told[data-wrong]")).to_contain_text("不是完好的 .xlsx 文件")
    page.locator(".many-body").evaluate("""(place) => {
        const dataTransfer = new DataTransfer();
        const file = new File(["x"], "large.csv");
        Object.defineProperty(file, "size", {value: 51e6});
        Object.defineProperty(dataTransfer, "files", {value: [file]});
        place.dispatchEvent(new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
    }""")
    expect(page.locator(".many-told[data-wrong]")).to_contain_text("最多 50 MB")
    paste(page, [HEADER, *PEOPLE[:1]])
    state(page, "ready")


@pytest.mark.parametrize("part", ["many-panel.js", "many.json", "many.css"])
def test_a_section_that_does_not_come_says_so(
    page: Page, server: Server, complaints: Complaints, part: str
) -> None:
    server.faults[part] = lambda _: Reply(status=404)
    page.goto(server.url + POINTS)
    page.click("details.many > summary")
    expect(page.locator("details.many")).to_contain_text("没有取到")
    server.faults.clear()
    page.click('details.many [data-action="fetch-again"]')
    state(page, "empty")
    expect(page.locator(".lost")).to_have_count(0)
    complaints.forgive()


def test_a_part_that_does_not_come_is_told_and_asked_for_again(
    page: Page, server: Server, complaints: Complaints
) -> None:
    opened(page, server)
    server.faults["rows.zip"] = lambda body: Reply(body=body[:-1])
    paste(page, [HEADER, *PEOPLE[:1]])
    expect(page.locator(".many-told[data-wrong]")).to_contain_text("运行文件不完整")
    server.faults.clear()
    paste(page, [HEADER, *PEOPLE[:1]])
    state(page, "ready")
    assert complaints.said == []


def test_the_form_to_fill_in_is_read_again(page: Page, server: Server, tmp_path: Path) -> None:
    opened(page, server)
    form = fetched(page, "下载空表", tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(form)
    assert book.sheetnames == ["填这一张", "怎么填"]
    help_ = list(book.worksheets[1].iter_rows(values_only=True))
    assert ("本期净积分（点）", "要填", "数字", 40) in help_
    heads = [cell.value for cell in book.worksheets[0][1]]
    example = {row[0]: row[3] for row in help_}
    book.worksheets[0].append([example.get(head) for head in heads])
    book.save(form)
    page.set_input_files(".many input[type=file]", form)
    state(page, "ready")
    expect(page.locator(".many-complaint")).to_have_count(0)
    computed(page)
    expect(page.locator(".many-wrong")).to_have_count(0)


def test_axe_finds_nothing_in_any_state(page: Page, server: Server) -> None:
    opened(page, server)
    assert found(page) == [], "empty"
    paste(
        page,
        [
            ["姓名", "级别", "carried", "points", "half"],
            ["陈静", 4, 3, 40, 2],
            ["甲", "x", 1, 2, 3],
        ],
    )
    state(page, "ready")
    assert found(page) == [], "preview, with a complaint"
    page.get_by_label("级别", exact=True).select_option(label="当前级别（级）")
    with_slow_core(page)
    page.get_by_role("button", name="算这").click()
    state(page, "running")
    assert found(page) == [], "running"
    page.evaluate("letGo()")
    state(page, "done")
    assert found(page) == [], "done, with a bad row"
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def with_slow_core(page: Page, after: int = 0) -> None:
    """Hold the slices back from the worker until they are let go, all but the first ones."""
    page.evaluate(
        """(after) => {
        const post = Worker.prototype.postMessage;
        const held = [];
        Worker.prototype.postMessage = function (...given) {
            if (given[0]?.request?.call === "rows" && after-- <= 0) held.push(() => post.apply(this, given));
            else post.apply(this, given);
        };
        window.letGo = () => { Worker.prototype.postMessage = post; held.forEach((each) => each()); };
    }""",
        after,
    )
