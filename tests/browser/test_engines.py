"""Firefox and WebKit: the main journeys, the answers of CPython, and a clear word when a file is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from build_scripts.bootstrap import has_engine
from build_scripts.runtime import ARCHIVE, MEMORY, WHOLE
from tests.amounts import PROVING
from tests.browser.conftest import Fault, Server, serving
from tests.browser.test_offline import KEPT
from tests.browser.test_runtime import (
    DOUBLE,
    FAULTS,
    FILES,
    FIVE_SECONDS,
    PAGES,
    QUESTION,
    WAYS,
    agrees_with_cpython,
    answered,
    flipped,
    missing,
)  # fmt: skip
from tests.browser.webdriver import ENGINES, Tab

pytestmark = pytest.mark.browser


def few[Each](all_of_it: list[Each], chosen: slice) -> list[Each]:
    """Try all of it in a proof, else some: Chromium's tests try all of it every time."""
    return all_of_it if PROVING else all_of_it[chosen]


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Start an engine once, and end it before other tests want the machine; where there is none, say so."""
    name: str = request.param
    if not has_engine(name):
        pytest.skip(f"{name} is not on this machine, or nothing that drives it")
    with ENGINES[name]() as tab:
        yield tab


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """Serve the handbook at an address of its own: what another test kept lies elsewhere."""
    with serving(site) as server:
        yield server


@pytest.fixture
def tab(engine: Tab, server: Server) -> Iterator[Tab]:
    """Lend the tab to one test, and leave its page before the server stops."""
    assert server.url
    yield engine
    engine.goto("about:blank")


# ---- the main journeys -----------------------------------------------------------------------------------


def test_it_starts_from_memory(tab: Tab, server: Server) -> None:
    tab.goto(server.url + QUESTION)
    assert answered(tab)["outcome"]["levels"] == 2
    assert "升 2 级，到 6 级" in tab.inner_text("policy-calculator output")
    asked = [path.rpartition("/")[2] for path in server.requests]
    assert MEMORY in asked
    assert not {ARCHIVE, WHOLE} & set(asked)


def test_what_is_typed_is_answered_and_its_link_opens_the_same(tab: Tab, server: Server) -> None:
    tab.goto(f"{server.url}calculators/grade-from-points/")
    for name, value in {"grade": "4", "carried": "3", "points": "40"}.items():
        tab.fill(f'[name="{name}"]', value)
    tab.click('label:has([name="half"][value="2"])')
    given = answered(tab)
    assert given["outcome"]["levels"] == 2
    tab.wait_for_selector("policy-calculator svg.chart")
    # Until all that is asked about the answer stands there, what is below it still moves.
    tab.until("() => document.querySelector('policy-calculator .asks:not([aria-busy])') !== null")
    # Whether copying is allowed is each engine's own affair: refused, the link is laid out in the page.
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    tab.click('[data-action="link"]')
    link = tab.input_value(".copied-by-hand textarea")
    tab.goto("about:blank")
    tab.goto(link)
    assert answered(tab) == given
    assert tab.input_value('[name="points"]') == "40"
    tab.fill('[name="points"]', "60")
    tab.until("() => document.querySelector('output').innerText.includes('升 3 级')")


def test_the_dark_look_is_chosen_and_kept(tab: Tab, server: Server) -> None:
    tab.goto(f"{server.url}policies/rd-grades/#c-8-2")
    scheme = "() => document.body.dataset.mdColorScheme"
    seen = [tab.evaluate(scheme)]
    for _ in range(2):
        tab.click(".scheme-switch")
        tab.until(f"(before) => ({scheme})() !== before || localStorage.length > 0", seen[-1])
        seen.append(tab.evaluate(scheme))
    assert set(seen) == {"default", "slate"}
    tab.reload()
    assert tab.evaluate(scheme) == seen[-1]
    tab.wait_for_selector("#c-8-2 summary")
    tab.click("#c-8-2 summary")
    tab.wait_for_selector("#c-8-2 .doubt-panel")


def test_a_round_of_the_quiz_goes_on_after_a_reload(tab: Tab, server: Server) -> None:
    tab.goto(f"{server.url}quiz/service-etiquette/")
    tab.click('[data-action="start"]')
    tab.click('[data-item="1.1"] label:has([value="A"])')
    tab.click('[data-action="step"]')
    tab.until(
        "() => document.querySelector('[data-item=\"1.1\"] .verdict')?.innerText.includes('应选 C')"
    )
    tab.reload()
    tab.until("() => document.querySelector('policy-quiz').answers?.['1.1']?.join() === 'A'")


def test_the_search_finds_a_clause_and_opens_it(tab: Tab, server: Server) -> None:
    tab.goto(f"{server.url}policies/service-ladder/")
    tab.fill(".md-search site-search input", "九.1")
    first = ".md-search site-search [role=option]"
    tab.until(f"() => document.querySelector('{first}')?.innerText.includes('九.1')")
    tab.click(first)
    tab.until(
        "() => location.pathname.endsWith('/policies/rd-grades/') && location.hash === '#c-9-1'"
    )
    tab.wait_for_selector("#c-9-1")


def test_after_one_visit_it_works_without_the_server(tab: Tab, server: Server, site: Path) -> None:
    tab.goto(server.url)
    tab.until(f"() => document.querySelector('.kept')?.innerText === '{KEPT}'")
    server.root = site / "nowhere"
    tab.goto(f"{server.url}policies/rd-grades/")
    assert "等级晋升" in tab.inner_text("#c-9-1")
    tab.goto(server.url + QUESTION)
    assert answered(tab)["outcome"]["levels"] == 2


# ---- the answers -----------------------------------------------------------------------------------------


# On a busy machine the memory may stand still on its way for longer than is waited where another way is open.
TRIED = """() => {
    document.querySelector('[data-state="error"] [data-action="retry"]')?.click();
    return document.querySelector('policy-calculator[data-state="answered"]') !== null;
}"""


@pytest.mark.parametrize("way", few(list(WAYS), slice(1)))
def test_every_case_gives_the_same_json_as_cpython(tab: Tab, server: Server, way: str) -> None:
    server.faults[WAYS[way]] = missing
    tab.goto(server.url + QUESTION)
    tab.until(TRIED)
    agrees_with_cpython(tab)


# ---- damage ----------------------------------------------------------------------------------------------


def fails(tab: Tab, server: Server) -> None:
    """Open the question: what is wrong is said in the answer's place, and the form and the text stay.

    The machine may be busy; in a proof it is not, and the sentence comes within five seconds.
    """
    tab.goto(server.url + QUESTION)
    said = """() => document.querySelector('[data-state="error"] .answer--failed')
        ?.innerText.includes('运行文件不完整') && performance.now()"""
    spent = tab.until(said)
    assert spent < FIVE_SECONDS or not PROVING
    assert tab.input_value('[name="points"]') == "40"
    assert "净积分" in tab.inner_text(".md-content")


@pytest.mark.parametrize(
    ("file", "fault"),
    [*product(FILES, FAULTS.values()), *product(FILES[2:], [flipped])]
    if PROVING
    else list(zip(FILES, [*FAULTS.values(), flipped], strict=True)),
)
def test_a_broken_file_is_said_in_five_seconds_and_can_be_retried(
    tab: Tab, server: Server, file: str, fault: Fault
) -> None:
    server.faults[file] = fault
    fails(tab, server)
    server.faults.clear()
    tab.click('[data-action="retry"]')
    assert answered(tab)["outcome"]["levels"] == 2


@pytest.mark.parametrize(
    ("file", "fault"),
    few(list(product(DOUBLE, [*FAULTS.values(), flipped])), slice(5, None, 3)),
)
def test_where_one_way_is_broken_the_other_one_answers(
    tab: Tab, server: Server, file: str, fault: Fault
) -> None:
    server.faults[file] = fault
    tab.goto(server.url + QUESTION)
    assert answered(tab)["outcome"]["levels"] == 2


@pytest.mark.parametrize("fault", few([*FAULTS.values(), flipped], slice(-1, None)))
def test_where_both_ways_are_broken_it_is_said(tab: Tab, server: Server, fault: Fault) -> None:
    server.faults |= dict.fromkeys(WAYS.values(), fault)
    fails(tab, server)


@pytest.mark.parametrize("fault", few([missing, flipped], slice(-1, None)))
@pytest.mark.parametrize("path", few(list(PAGES), slice(1)))
def test_a_page_whose_own_module_is_broken_says_so_and_can_be_tried_again(
    tab: Tab, server: Server, path: str, fault: Fault
) -> None:
    server.faults[f"/{PAGES[path][-1]}"] = fault
    tab.goto(server.url + path)
    tab.until(
        "() => document.querySelector('.answer--failed')?.innerText.includes('页面的文件没有取全')"
    )
    server.faults.clear()
    tab.click(".answer--failed button")
    tab.wait_for_selector(":is(policy-calculator, policy-quiz):defined")
    tab.until("() => document.querySelector('.answer--failed') === null")
