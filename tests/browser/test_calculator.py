"""Every calculator as people use it: typed, linked, read back; and one of them turned over by hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import policy_core
from build_scripts.words import field_words, form_environment, script_json
from policy_core._inputs import (
    boolean,
    choice,
    choices,
    day,
    declared,
    integer,
    integers,
    number,
    numbers,
    records,
    text,
)  # fmt: skip
from tests.amounts import PROVING
from tests.browser.conftest import Server, held, until
from tests.browser.forms import (
    ELEMENT,
    answered,
    enter,
    expected,
    fragment,
    inputs_of,
    set_inputs,
    settled,
)  # fmt: skip
from tests.cases import load_cases

pytestmark = pytest.mark.browser

CALCULATORS = [each.id for each in policy_core.calculators()]
CASES = load_cases()
TODAY = date(2026, 3, 5)
POINTS = "calculators/grade-from-points/"
FILLED = {"grade": 4, "carried": 3, "points": 40, "half": 2}
QUESTION = POINTS + fragment(FILLED)
SHORT = 4  # seconds after which the page has not yet said that the line is dead


# ---- every calculator ------------------------------------------------------------------------------------


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_every_case_in_the_form_gives_the_answer_of_cpython(
    page: Page, server: Server, calculator: str
) -> None:
    page.clock.set_fixed_time(TODAY.isoformat() + "T12:00:00")
    page.goto(f"{server.url}calculators/{calculator}/")
    fields = policy_core.calculator(calculator).fields
    element = page.locator(ELEMENT)
    cases = [case for case in CASES if case.calculator == calculator and not case.errors]
    for place, case in enumerate(cases):
        wanted = expected(calculator, case.input, TODAY.isoformat())
        set_inputs(page, {})
        set_inputs(page, case.input)
        assert answered(page) == wanted, f"set: {case}"
        put = inputs_of(page)
        assert agrees(put, case.input), f"{put} is not what was set: {case}"
        if place and not PROVING:
            continue  # one is linked and typed as well
        set_inputs(page, {})
        page.evaluate("(hash) => { location.hash = hash; }", fragment(case.input))
        assert answered(page) == wanted, f"linked: {case}"
        assert inputs_of(page) == put, f"linked: {case}"
        set_inputs(page, {})
        enter(element, fields, case.input)
        assert answered(page) == wanted, f"typed: {case}"
        assert inputs_of(page) == put, f"typed: {case}"


def agrees(read: object, given: object) -> bool:
    """Tell whether a form holds what was typed; defaults are there too, what does not matter is not."""
    if isinstance(read, dict) and isinstance(given, dict):
        return all(agrees(read[name], given[name]) for name in read.keys() & given.keys())
    if isinstance(read, list) and isinstance(given, list):
        return len(read) == len(given) and all(map(agrees, read, given))
    return read == given


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_every_wrong_case_is_told_at_its_fields(
    page: Page, server: Server, calculator: str
) -> None:
    page.goto(f"{server.url}calculators/{calculator}/")
    blank = inputs_of(page)
    for case in CASES:
        if case.calculator != calculator or not case.errors:
            continue
        set_inputs(page, case.input)
        settled(page)
        given = inputs_of(page)
        if given == blank:
            expect(page.locator(".answer-headline")).to_contain_text("就能算")
            continue
        for error in expected(calculator, given, TODAY.isoformat()).get("errors", []):
            told = page.locator(".field-error:visible", has_text=error["message"])
            name = re.split(r"[.\[]", error["field"])[0]
            wanted = page.locator(f'[data-field="{error["field"]}"][data-wanted]')
            asked = page.locator(f'.answer-missing [data-goto^="{name}"]')
            assert told.count() + wanted.count() + asked.count() > 0, f"{error} of {case}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry with a kind of each sort, one of them under a condition."""

    name: str = text()
    marks: tuple[Fraction, ...] = numbers(0, 100)
    sort: str = choice("a", "b")
    more: Fraction = integer(0, when={"sort": ("b",)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """An input of every kind that can be declared, with and without a default."""

    decimal: Fraction = number(-10, 10)
    whole: Fraction = integer(0, 9, default=0)
    count: Fraction = integer(0, default=3)
    flag: Fraction = integer(0, 1, default=0)
    sure: bool = boolean()
    ticked: bool = boolean(default=False)
    few: str = choice("a", "b", "c")
    figure: int = choice(1, 2, default=1)
    many: str = choice(*"abcdefg")
    start: date = day()
    words: str | None = text(default=None)
    decimals: tuple[Fraction, ...] = numbers(0, 100, at_least=1)
    wholes: tuple[Fraction, ...] = integers(1)
    letters: tuple[str, ...] = choices("A", "B", "C", "D")
    entries: tuple[dict[str, Any], ...] = records(Entry)
    depends: str = text(when={"few": ("c",), "ticked": (True,)})


TRIAL = {
    "decimal": -2.5, "whole": 7, "count": 12, "flag": 1, "sure": False, "ticked": True, "few": "c",
    "figure": 2, "many": "e", "start": "2024-02-29", "words": "甲 & 乙=丙#", "decimals": [0, 99.5, 100],
    "wholes": [3, 1, 2],
    "letters": ["A", "D", "A"],
    "entries": [
        {"name": "第一", "marks": [1, 2.5], "sort": "a"},
        {"name": "第二", "marks": [3], "sort": "b", "more": 4},
        {"name": "第三", "marks": [], "sort": "b", "more": 0},
    ],
    "depends": "有关",
}  # fmt: skip


def trial(href: str) -> str:
    """Render a calculator that no rule stands behind, with every kind of field."""
    labels: dict[str, Any] = {"label": "一项", "options": {}}
    entry = {"label": "一项", "items": {each.name: labels for each in declared(Entry)}}
    words = {
        "id": "trial", "href": href, "title": "试", "note": "", "facts": [], "outcome": {}, "headlines": [],
        "fields": [
            field_words(each, entry if each.kind == "records" else labels) for each in declared(Everything)
        ],
        "clauses": {}, "findings": {}, "example": TRIAL,
    }  # fmt: skip
    return (
        form_environment()
        .get_template("form/calculator.html")
        .render(words=words, json=script_json(words))
    )


def test_every_kind_of_field_is_typed_linked_set_and_read_back(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    page.evaluate(
        "(html) => { document.querySelector('policy-calculator').outerHTML = html; }",
        trial(server.url + POINTS),
    )
    element = page.locator(ELEMENT)
    blank = inputs_of(page)
    enter(element, declared(Everything), TRIAL)
    assert inputs_of(page) == TRIAL
    set_inputs(page, {})
    assert inputs_of(page) == blank
    page.evaluate("(hash) => { location.hash = hash; }", fragment(TRIAL))
    until(page, f"() => document.querySelector('{ELEMENT}').inputs.many === 'e'")
    assert inputs_of(page) == TRIAL
    set_inputs(page, {})
    set_inputs(page, TRIAL)
    assert inputs_of(page) == TRIAL
    element.locator(".entry").nth(1).get_by_role("button", name="去掉这一条").click()
    assert [each["name"] for each in inputs_of(page)["entries"]] == ["第一", "第三"]
    ids = element.locator("[id]").evaluate_all("(all) => all.map((each) => each.id)")
    assert len(ids) == len(set(ids))
    unnamed = element.locator("input, select").evaluate_all(
        "(all) => all.filter((each) => each.labels.length === 0).map((each) => each.name)"
    )
    assert unnamed == []
    element.get_by_role("button", name="清空").click()
    assert inputs_of(page) == blank


def test_values_that_no_control_can_show_are_told_and_never_dropped(
    page: Page, server: Server
) -> None:
    page.goto(server.url + POINTS)
    odd = {"grade": "四", "carried": [3], "points": {"a": 1}, "half": 3, "first_year": "yes"}
    set_inputs(page, odd)
    assert settled(page) == "error"
    assert inputs_of(page)["half"] == 3
    for name in ("grade", "carried", "points", "half"):
        expect(page.locator(f'[data-field="{name}"] .field-error')).to_be_visible()


# ---- one calculator by hand ------------------------------------------------------------------------------


def test_a_half_filled_form_says_what_is_needed_and_leads_there(page: Page, server: Server) -> None:
    needed = page.locator(".answer-missing button")
    with held(server, "engine.wasm", SHORT):
        page.goto(server.url + POINTS)
        expect(page.locator(".answer-headline")).to_contain_text("左边就能算")
        page.fill('[name="grade"]', "4")
        expect(needed).to_have_text(["上期结转", "本期净积分", "结算的是哪个半年"])
    assert settled(page) == "ready"
    # What decides most comes first, as soon as the core was asked.
    expect(needed).to_have_text(["本期净积分", "上期结转", "结算的是哪个半年"])
    expect(page.locator(".field-error:visible, [aria-invalid]")).to_have_count(0)
    for index, name in enumerate(("points", "carried", "half")):
        needed.nth(index).click()
        assert focused(page) == name
    dashed = page.locator("[data-wanted] > :is(.line input, .segments), [data-wanted] .line input")
    assert set(
        dashed.evaluate_all("(all) => all.map((each) => getComputedStyle(each).borderStyle)")
    ) == {"dashed"}
    expect(page.locator(".field-wanted:visible")).to_have_text(["还没填", "还没填", "还没选"])
    page.fill('[name="carried"]', "-")
    expect(needed).to_have_count(3)


def focused(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.name ?? ''")
    return found


def test_a_wrong_entry_is_told_beside_its_field_and_the_old_answer_stays(
    page: Page, server: Server
) -> None:
    page.goto(server.url + QUESTION)
    answered(page)
    page.fill('[name="grade"]', "4.5")
    page.focus('[name="carried"]')
    assert settled(page) == "error"
    grade = page.locator('[name="grade"]')
    expect(grade).to_have_attribute("aria-invalid", "true")
    expect(grade).to_have_accessible_description(
        re.compile("当前级别填的是 4.5，应是整数，例如 4 或 5。")
    )
    assert focused(page) == "carried"
    expect(page.locator(".answer-wrong")).to_have_text(
        "左边有 1 项要改。下面是上一次的结果，改好后更新。"
    )
    expect(page.locator(".answer--stale .answer-headline")).to_contain_text("到 6 级")
    expect(page.locator(".answer-actions")).to_be_hidden()
    expect(page.locator("output")).not_to_have_attribute("data-answer", re.compile(""))
    page.press('[name="carried"]', "Enter")
    expect(grade).to_be_focused()
    page.fill('[name="grade"]', "5")
    assert answered(page)["outcome"]["new_grade"] == 7
    expect(grade).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field-error:visible, .answer-wrong, .answer--stale")).to_have_count(0)


def test_numbers_are_read_as_people_type_them(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    typed = {
        "４０": 40, "1,040": 1040, "１，０４０": 1040, "−8": -8, "－8": -8, "–8": -8, " 40 ": 40,
        "4 0": 40,
        "40。5": 40.5, "４０．５": 40.5, ".5": 0.5, "+40": 40,
        "40分": "40分", "1,04": "1,04", "1e400": "1e400",
    }  # fmt: skip
    read = {}
    for words in typed:
        page.fill('[name="points"]', words)
        read[words] = inputs_of(page)["points"]
    assert read == typed
    page.fill('[name="points"]', "8")
    page.locator('[data-field="points"] [data-action="sign"]').click()
    assert inputs_of(page)["points"] == -8
    page.locator('[data-field="points"] [data-action="sign"]').click()
    assert inputs_of(page)["points"] == 8


def test_a_column_pasted_from_a_sheet_fills_the_list(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.url + "calculators/candidate-score/")
    cells = page.locator('[name="interview"]')
    cells.first.fill("70")
    for column, given in (
        ("85\r\n90.5\r\n７７\r\n", [70, 85, 90.5, 77]),
        ("60\t61", [70, 85, 90.5, 77, 60, 61]),
    ):
        page.evaluate("(text) => navigator.clipboard.writeText(text)", column)
        cells.last.focus()
        page.keyboard.press("Control+V")
        assert inputs_of(page)["interview"] == given
    expect(cells).to_have_count(7)
    cells.nth(1).fill("101")
    expect(cells.nth(1)).to_have_attribute("aria-invalid", "true")
    cells.nth(0).fill("")
    expect(page.locator('[data-field="interview"] .field-error')).to_contain_text(
        "面试考评第 1 个填的是 101"
    )


def test_example_and_reset(page: Page, server: Server) -> None:
    page.goto(server.url + QUESTION + "&levels_since_raise=1")
    answered(page)
    page.get_by_role("button", name="清空", exact=True).click()
    until(page, "() => location.hash === ''")
    assert inputs_of(page) == {"levels_since_raise": 0}
    assert focused(page) == "grade"
    expect(page.locator(".answer-headline")).to_contain_text("就能算")
    page.get_by_role("button", name="试试示例").click()
    first = next(case for case in CASES if case.calculator == "grade-from-points")
    assert answered(page)["outcome"]["levels"] == first.outcome["levels"]


def test_the_result_and_its_link_are_copied(page: Page, server: Server) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server.url + POINTS + fragment({**FILLED, "half": 1, "previous_year_points": 8}))
    wanted = answered(page)
    page.get_by_role("button", name="复制结果").click()
    expect(page.locator(".copied")).to_have_text("已复制")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("我的积分能升几级？\n升 2 级，到 6 级")
    assert "奖金合计：2000–3000 元" in text
    page.get_by_role("button", name="复制链接").click()
    until(page, "async () => (await navigator.clipboard.readText()).startsWith('http')")
    link = page.evaluate("navigator.clipboard.readText()")
    assert text.endswith(link)
    assert "levels_since_raise" not in link
    page.goto("about:blank")
    page.goto(link)
    assert answered(page) == wanted


def test_where_copying_is_refused_the_text_is_laid_out(page: Page, server: Server) -> None:
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'));")
    page.goto(server.url + QUESTION)
    answered(page)
    for name, words in (
        ("复制结果", "到 6 级"),
        ("复制链接", "#grade=4&carried=3&points=40&half=2"),
    ):
        page.get_by_role("button", name=name).click()
        area = page.locator("textarea")
        expect(area).to_have_count(1)
        expect(area).to_be_focused()
        assert words in area.input_value()
        assert page.evaluate("getSelection().toString()") == area.input_value()
        expect(area).to_have_accessible_name(re.compile("自己复制"))


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_a_printed_sheet_stands_alone(page: Page, server: Server, scheme: str) -> None:
    page.set_viewport_size({"width": 665, "height": 900})
    page.goto(server.url + POINTS + fragment({**FILLED, "half": 1, "previous_year_points": 8}))
    answered(page)
    page.evaluate("(scheme) => { document.body.dataset.mdColorScheme = scheme; }", scheme)
    page.emulate_media(media="print")
    for hidden in (
        "form",
        ".answer-actions",
        ".asks",
        ".answer-bar",
        "progress",
        ".md-header",
        ".md-footer",
        "#figures",
    ):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".print-inputs div")).to_have_text(
        [
            re.compile(each)
            for each in (
                "当前级别\\s*4 级",
                "上期结转\\s*3 点",
                "本期净积分\\s*40 点",
                "上半年",
                "8 点",
            )
        ]
    )
    for shown in (".print-quotes div", ".print-end", ".doubt-panel", ".steps li .clause-link"):
        expect(page.locator(shown).first).to_be_visible()
    expect(page.locator(".print-end")).to_contain_text(
        "#grade=4&carried=3&points=40&half=1&previous_year_points=8"
    )
    cut = page.locator("article *").evaluate_all(
        """(all) => all.filter((each) => each.getClientRects().length && !each.closest(".unseen")
            && (each.getBoundingClientRect().right > innerWidth + 1
                || (getComputedStyle(each).overflow !== "visible"
                    && each.scrollWidth > each.clientWidth + 1)))
            .map((each) => each.outerHTML.slice(0, 120))"""
    )
    assert cut == []
    pages = len(re.findall(rb"/Type\s*/Page[^s]", page.pdf()))
    assert 1 <= pages <= 2


def test_on_a_phone_a_bar_holds_the_headline_until_the_answer_is_seen(
    page: Page, server: Server
) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(server.url + POINTS)
    bar = page.locator(".answer-bar")
    expect(bar).to_be_hidden()
    page.fill('[name="grade"]', "4")
    expect(bar).to_contain_text("再填 3 项就能算")
    bar.get_by_role("button", name="去填").click()
    expect(page.locator('[name="carried"]')).to_be_focused()
    set_inputs(page, FILLED)
    answered(page)
    page.evaluate("scrollTo(0, 0)")
    expect(bar).to_contain_text("升 2 级，到 6 级")
    assert page.evaluate(
        """() => {
            const bar = document.querySelector(".answer-bar").getBoundingClientRect();
            return bar.left === 0 && bar.right === innerWidth && Math.round(bar.bottom) === innerHeight;
        }"""
    )
    bar.get_by_role("button", name="看结果").click()
    expect(page.locator(".answer-headline")).to_be_in_viewport()
    expect(bar).to_be_hidden()
    page.fill('[name="grade"]', "4.5")
    page.evaluate("scrollTo(0, 0)")
    expect(bar).to_contain_text("当前级别要改")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(bar).to_be_hidden()  # what stands below the answer is not covered
    page.evaluate("scrollTo(0, 0)")
    bar.get_by_role("button", name="去改").click()
    assert focused(page) == "grade"
    expect(page.locator('[name="grade"]')).to_be_in_viewport(ratio=1)
    expect(page.locator('[data-field="grade"] .field-error')).to_be_in_viewport(ratio=1)


def test_what_changed_is_marked_for_a_moment_or_until_the_next_change(
    page: Page, server: Server
) -> None:
    page.goto(server.url + QUESTION)
    answered(page)
    expect(page.locator(".changed")).to_have_count(0)
    page.fill('[name="points"]', "41")
    page.wait_for_selector(".changed")
    marked = page.locator(".changed").evaluate_all("(all) => all.map((each) => each.dataset.value)")
    assert "remainder" in marked
    assert "bonus" not in marked
    expect(page.locator(".changed")).to_have_count(0)
    page.emulate_media(reduced_motion="reduce")
    page.fill('[name="points"]', "42")
    page.wait_for_selector(".changed")
    page.wait_for_timeout(1500)
    expect(page.locator('dd.changed[data-value="remainder"]')).to_have_text("5 点")


def test_a_field_shows_when_it_matters(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    before = page.locator('[data-field="previous_year_points"]')
    first = page.locator('[data-field="first_year"]')
    expect(before).to_be_hidden()
    page.get_by_label("上半年").check()
    expect(before).to_be_visible()
    page.fill('[name="previous_year_points"]', "8")
    page.get_by_label("没有上一年").check()
    expect(before).to_be_hidden()
    assert "previous_year_points" not in inputs_of(page)
    page.get_by_label("下半年").check()
    expect(first).to_be_hidden()
    assert inputs_of(page) == {"half": 2, "levels_since_raise": 0}


def test_what_is_typed_while_the_runtime_loads_is_answered_once_in_its_last_state(
    page: Page, server: Server
) -> None:
    page.add_init_script(
        "window.heard = []; document.addEventListener('policy:answer', (event) => heard.push(event.detail));"
    )
    with held(server, "engine.wasm", SHORT) as gate:
        page.goto(server.url + POINTS, wait_until="domcontentloaded")
        set_inputs(page, {"grade": 4, "carried": 3, "half": 2})
        page.locator('[name="points"]').press_sequentially("123456")
        for text in ("9", "99", "4"):
            page.fill('[name="points"]', text)
        page.locator('[name="points"]').press_sequentially("0")
        assert page.get_attribute(ELEMENT, "data-state") == "loading"
        expect(page.locator("progress")).to_be_visible()
        expect(page.locator(".answer-headline")).to_contain_text("填好的已经记下")
        gate.set()
        wanted = answered(page)
    expect(page.locator("progress")).to_be_hidden()
    assert wanted["outcome"]["counted"] == 40
    assert page.evaluate("heard") == [wanted]


def test_later_answers_come_without_a_reload_and_only_for_the_last_state(
    page: Page, server: Server
) -> None:
    page.add_init_script(
        "window.heard = []; document.addEventListener('policy:answer', (event) => heard.push(event.detail));"
    )
    page.goto(server.url + QUESTION)
    answered(page)
    server.requests.clear()
    for points in range(6, 60):
        page.evaluate(
            """(points) => {
                const input = document.querySelector('[name="points"]');
                input.value = String(points);
                input.dispatchEvent(new Event("input", {bubbles: true}));
            }""",
            points,
        )
    assert answered(page)["outcome"]["counted"] == 59
    counted = [each["outcome"]["counted"] for each in page.evaluate("heard")]
    assert counted[1:] == sorted(set(counted[1:]))
    assert [path for path in server.requests if "/runtime/" in path or path.endswith("/")] == []


def test_going_to_a_clause_and_back_keeps_what_was_typed(page: Page, server: Server) -> None:
    page.goto(server.url + POINTS)
    enter(page.locator(ELEMENT), policy_core.calculator("grade-from-points").fields, FILLED)
    wanted = answered(page)
    page.locator(".steps .clause-link").first.click()
    page.wait_for_url("**/policies/rd-grades/#*")
    page.go_back()
    assert answered(page) == wanted
    page.goto(server.url + POINTS + fragment({**FILLED, "points": 60}))
    assert answered(page)["outcome"]["counted"] == 60
    page.fill('[name="points"]', "80")
    assert answered(page)["outcome"]["counted"] == 80
    page.go_back()
    page.go_forward()
    assert answered(page)["outcome"]["counted"] == 80
    page.reload()
    assert answered(page)["outcome"]["counted"] == 80


def test_two_calculators_open_by_their_chips_and_keep_what_was_typed(
    page: Page, server: Server
) -> None:
    page.goto(server.url + "policies/rd-grades/")
    page.locator('.chip--try[data-try="grade-from-points"]').first.click()
    set_inputs(page, FILLED)
    assert answered(page)["calculator"] == "grade-from-points"
    other = page.locator('.chip--try[data-try="initial-grade"]').first
    other.click()
    expect(other).to_have_attribute("aria-expanded", "true")
    expect(page.locator(f"{ELEMENT}:visible")).to_have_count(1)
    shown = page.locator(f'{ELEMENT}[calculator="initial-grade"]')
    shown.get_by_label("本科").check()
    shown.locator('[name="years"]').fill("2")
    shown.locator('[name="skill"]').fill("0")
    expect(shown.locator("output[data-answer]")).to_be_visible()
    page.locator('.chip--try[data-try="grade-from-points"]').first.click()
    expect(page.locator(f"{ELEMENT}:visible")).to_have_count(1)
    expect(page.locator('[name="points"]')).to_have_value("40")
    assert page.url.endswith("policies/rd-grades/")


def test_the_keyboard_alone_leads_from_the_top_to_the_answer_and_its_links(
    page: Page, server: Server
) -> None:
    page.goto(server.url + POINTS)

    def tab_to(selector: str, most: int = 40) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """(selector) => {
                    const at = document.activeElement;
                    // A switch that is not drawn shows its focus on its label.
                    const drawn = at.getClientRects().length && at.clientWidth + at.offsetWidth > 0;
                    const around = at.closest(".segments, .md-search__form");
                    const marked = [drawn ? at : at.nextElementSibling, around].filter(Boolean);
                    const ring = marked.some((each) => getComputedStyle(each).outlineStyle !== "none");
                    return {here: at.matches(selector), ring};
                }""",
                selector,
            )
            assert seen["ring"], page.evaluate("document.activeElement.outerHTML")
            if seen["here"]:
                return
        raise AssertionError(selector)

    tab_to('[name="grade"]')
    page.keyboard.type("4")
    tab_to('[name="carried"]', 1)
    page.keyboard.type("3")
    tab_to('[name="points"]', 1)
    page.keyboard.type("40")
    tab_to('[name="half"]', 2)
    page.keyboard.press("ArrowRight")
    answered(page)
    tab_to('[name="levels_since_raise"]', 1)
    tab_to('[data-action="example"]', 1)
    tab_to('[type="reset"]', 1)
    tab_to(".steps .clause-link", 8)
    page.keyboard.press("Enter")
    page.wait_for_url("**/policies/rd-grades/#c-*")
