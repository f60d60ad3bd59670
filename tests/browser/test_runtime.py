"""The core in the browser: the same answers as in CPython, and a clear word when anything is broken."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from build_scripts.runtime import ARCHIVE, ENGINE, ITS_SCRIPT, MEMORY, SCRIPT, WHOLE
from policy_core._browser import answer
from tests.amounts import PROVING
from tests.browser.conftest import Complaints, Fault, Reply, Server, held
from tests.browser.webdriver import Tab
from tests.cases import load_cases
from tests.policy_core.test_agreement import SECOND, drawn

pytestmark = pytest.mark.browser

QUESTION = "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2"
# What is missing or damaged is told at once; what stands still, by a clock that starts with the last byte,
# which comes late on a busy machine.
FIVE_SECONDS = 5_000
# The page's own clock starts with the navigation; a busy machine's start of the browser is not in it.
FAILED_AT = """new MutationObserver(() => {
    if (document.querySelector('[data-state="error"] .answer--failed')) window.failedAt ??= performance.now();
}).observe(document, {subtree: true, childList: true, attributes: true});"""


# A worker beside the page's own, which is kept: it answers as many requests as come, in their order.
ASKED = """(requests) => {
    const place = document.querySelector('meta[name="handbook-runtime"]').content;
    const url = new URL(place + "runtime-worker.js", document.baseURI);
    const worker = window.asked ??= new Worker(url, {type: "module"});
    return new Promise((resolve) => {
        const results = [];
        worker.onmessage = ({data}) => {
            if (data.id === undefined) return;
            results.push(data.result);
            if (results.length === requests.length) resolve(results);
        };
        requests.forEach((request, id) => worker.postMessage({id, request}));
    });
}"""
AT_ONCE = 500


def answered(page: Page | Tab) -> dict[str, Any]:
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    found: dict[str, Any] = json.loads(
        page.get_attribute("policy-calculator output", "data-answer") or ""
    )
    return found


# Where one of the two ways into Python is closed, the other one is taken.
WAYS = {"memory": ARCHIVE, "archive": MEMORY}
# Where one of these is broken, something else stands in.
DOUBLE = (*WAYS.values(), ENGINE, SCRIPT)


@pytest.mark.parametrize("closed", DOUBLE)
def test_every_case_gives_the_same_json_as_cpython(
    page: Page, server: Server, complaints: Complaints, closed: str
) -> None:
    server.faults[closed] = missing
    page.goto(server.url + QUESTION)
    answered(page)
    agrees_with_cpython(page)
    # The small engine has all that these need.
    assert any(WHOLE in each for each in server.requests) == (closed in {ENGINE, SCRIPT})
    complaints.forgive()


@cache
def questions() -> list[dict[str, Any]]:
    """Give every case of the tables, and random inputs of every calculator."""
    asked = [(case.calculator, case.input) for case in load_cases()]
    asked += [
        (name, inputs) for name, (inputs_of, _) in SECOND.items() for inputs in drawn(inputs_of)
    ]
    told: list[dict[str, Any]] = json.loads(
        json.dumps(
            [
                {
                    "call": "calculate",
                    "calculator": calculator,
                    "inputs": inputs,
                    "as_of": "2026-01-01",
                }
                for calculator, inputs in asked
            ],
            default=float,
        )
    )
    return told


def agrees_with_cpython(page: Page | Tab) -> None:
    """Ask the page's runtime all questions: it must say what CPython says, to the byte."""
    for start in range(0, len(questions()), AT_ONCE):
        some = questions()[start : start + AT_ONCE]
        given = page.evaluate(ASKED, some)
        assert given == [answer(json.dumps(each)) for each in some]


def failed(page: Page, server: Server) -> str:
    """Open the question; give what is said in the answer's place within five seconds; the form stays."""
    page.add_init_script(FAILED_AT)
    page.goto(server.url + QUESTION)
    page.wait_for_selector(".answer--failed")
    assert page.evaluate("window.failedAt") < FIVE_SECONDS
    assert page.get_attribute("policy-calculator", "data-state") == "error"
    assert page.input_value('[name="points"]') == "40"
    return page.inner_text(".answer--failed")


def cut(body: bytes) -> Reply:
    return Reply(body=body[: len(body) // 2])


def flipped(body: bytes) -> Reply:
    middle = len(body) // 2
    return Reply(body=body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :])


def html_instead(_: bytes) -> Reply:
    return Reply(body="<h1>登录</h1>".encode(), type="text/html")


def missing(_: bytes) -> Reply:
    return Reply(status=404)


FAULTS: dict[str, Fault] = {"missing": missing, "cut": cut, "html": html_instead}
FILES = ("runtime-worker.js", "manifest.json", "pyodide.mjs", ".wasm")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("file", FILES)
def test_a_broken_file_is_said_in_five_seconds_and_can_be_retried(
    page: Page, server: Server, complaints: Complaints, file: str, fault: str
) -> None:
    server.faults[file] = FAULTS[fault]
    assert "填好的内容还在" in failed(page, server)
    if fault == "missing" or PROVING:
        server.faults.clear()
        page.click('[data-action="retry"]')
        assert answered(page)["outcome"]["levels"] == 2
    complaints.forgive()


@pytest.mark.parametrize("file", FILES)
def test_what_the_browser_kept_damaged_is_fetched_anew(
    page: Page, server: Server, complaints: Complaints, file: str
) -> None:
    # A proxy damaged it on its way; as the settings for servers say, it may be kept for a year.
    server.headers["Cache-Control"] = "max-age=31536000, immutable"
    server.faults[file] = flipped
    assert "运行文件不完整" in failed(page, server)
    server.faults.clear()
    page.click('[data-action="retry"]')
    assert answered(page)["outcome"]["levels"] == 2
    complaints.forgive()


@pytest.mark.parametrize("fault", [*FAULTS.values(), flipped])
@pytest.mark.parametrize("file", DOUBLE)
def test_where_one_way_is_broken_the_other_one_answers(
    page: Page, server: Server, complaints: Complaints, file: str, fault: Fault
) -> None:
    server.faults[file] = fault
    page.goto(server.url + QUESTION)
    assert answered(page)["outcome"]["levels"] == 2
    complaints.forgive()


@pytest.mark.parametrize("fault", [cut, flipped])
def test_on_a_slow_line_too_the_other_one_answers(
    page: Page, server: Server, complaints: Complaints, fault: Fault
) -> None:
    looks = b"SOON_LOOKS = 30"

    def slow(body: bytes) -> Reply:
        assert body.count(looks) == 1
        return Reply(body=body.replace(looks, b"SOON_LOOKS = 0"), type="text/javascript")

    server.faults |= {"runtime-worker.js": slow, "python.zip": fault}
    page.goto(server.url + QUESTION)
    assert answered(page)["outcome"]["levels"] == 2
    complaints.forgive()


@pytest.mark.parametrize("fault", [*FAULTS.values(), flipped])
def test_where_both_ways_are_broken_it_is_said(
    page: Page, server: Server, complaints: Complaints, fault: Fault
) -> None:
    server.faults |= dict.fromkeys(WAYS.values(), fault)
    assert "运行文件不完整" in failed(page, server)
    complaints.forgive()


@pytest.mark.parametrize("closed", WAYS.values())
def test_what_the_engine_has_not_is_answered_by_the_whole_one(
    page: Page, server: Server, complaints: Complaints, closed: str
) -> None:
    """Who asks Python for what no rule does is answered all the same, and so is who asks next."""
    door = b"return answer(JSON.stringify(request));"
    # A function of C that nothing of ours calls: a calculation with complex numbers.
    more = (
        b"if (spare && request.inputs?.points === 41) python.runPython('(2+1j)**(1+2j)'); " + door
    )
    shown = b"const { answer, learn, spare } = await ready;"

    def asking(body: bytes) -> Reply:
        assert body.count(door) == body.count(shown) == 1
        body = body.replace(b"#python;", b"python;").replace(b"this.#python", b"this.python")
        body = body.replace(b"spare: startWhole }", b"spare: startWhole, python: engine.python }")
        body = body.replace(shown, b"const { answer, learn, spare, python } = await ready;")
        return Reply(body=body.replace(door, more), type="text/javascript")

    server.faults |= {"runtime-worker.js": asking, closed: missing if closed == MEMORY else cut}
    page.goto(server.url + QUESTION)
    assert answered(page)["outcome"]["available"] == 43
    assert not any(WHOLE in each for each in server.requests)
    server.faults.pop(closed)
    for points, available in (("41", "44"), ("42", "45")):
        page.fill('[name="points"]', points)
        page.wait_for_selector(
            f"policy-calculator[data-state='answered'] output[data-answer*='\"available\":{available}']"
        )
    assert sum(each.endswith(f"/{WHOLE}") for each in server.requests) == 1
    complaints.forgive()


def test_without_the_whole_engine_what_the_small_one_has_not_is_said(
    page: Page, server: Server, complaints: Complaints
) -> None:
    door = b"return answer(JSON.stringify(request));"
    broken = b"if (request.inputs?.points === 41) throw new Error('broken'); " + door
    server.faults |= {
        "runtime-worker.js": lambda body: Reply(
            body=body.replace(door, broken), type="text/javascript"
        ),
        WHOLE: missing,
    }
    page.goto(server.url + QUESTION)
    answered(page)
    page.fill('[name="points"]', "41")
    page.wait_for_selector('[data-state="error"] .answer--failed')
    page.fill('[name="points"]', "42")
    page.click('[data-action="retry"]')
    page.wait_for_selector("policy-calculator[data-state='answered'] output[data-answer*='45']")
    complaints.forgive()


def test_a_memory_that_stands_still_on_its_way_is_not_waited_for(
    page: Page, server: Server
) -> None:
    with held(server, "memory.bin"):
        page.goto(server.url + QUESTION)
        assert answered(page)["outcome"]["levels"] == 2


def test_a_file_that_comes_late_still_answers(
    page: Page, server: Server, complaints: Complaints
) -> None:
    def late(body: bytes) -> Reply:
        time.sleep(7)
        return Reply(body=body)

    server.faults |= {"python.zip": late, "memory.bin": missing}
    page.goto(server.url + QUESTION)
    page.wait_for_selector(".answer--failed")
    assert "运行文件没有取到" in page.inner_text(".answer--failed")
    assert answered(page)["outcome"]["levels"] == 2
    complaints.forgive()


@pytest.mark.parametrize("file", FILES[2:])
def test_one_flipped_byte_never_gives_an_answer(
    page: Page, server: Server, complaints: Complaints, file: str
) -> None:
    server.faults[file] = flipped
    assert "运行文件不完整" in failed(page, server)
    complaints.forgive()


def test_a_start_that_fails_before_the_page_is_ready_is_told_as_what_it_was(
    page: Page, server: Server, complaints: Complaints
) -> None:
    def late(body: bytes) -> Reply:
        time.sleep(1)
        return Reply(body=body, type="text/javascript")

    # The worker has failed by then, and goes on telling what comes in.
    server.faults |= {"pyodide.mjs": flipped, "runtime-client.js": late}
    assert "运行文件不完整" in failed(page, server)
    complaints.forgive()


def test_a_script_that_runs_but_is_not_what_was_built_gives_no_answer(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults["pyodide.mjs"] = other_blank
    assert "运行文件不完整" in failed(page, server)
    complaints.forgive()


def test_a_script_of_the_engine_that_runs_but_is_not_what_was_built_is_not_used(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults[SCRIPT] = other_blank
    page.goto(server.url + QUESTION)
    assert answered(page)["outcome"]["levels"] == 2
    assert any(WHOLE in each for each in server.requests)
    # Its other way is not tried first: the archive comes in for the whole engine alone.
    assert sum(each.endswith(ARCHIVE) for each in server.requests) == 1
    complaints.forgive()


def test_where_both_engines_have_another_script_it_is_said(
    page: Page, server: Server, complaints: Complaints
) -> None:
    server.faults |= dict.fromkeys((SCRIPT, ITS_SCRIPT), other_blank)
    assert "运行文件不完整" in failed(page, server)
    complaints.forgive()


def other_blank(body: bytes) -> Reply:
    return Reply(body=body[:-1] + b"\t", type="text/javascript")


PAGES = {
    QUESTION: ("define.js", "dom.js"),
    "embed/grade-from-points.html": ("embed.js",),
    "quiz/service-etiquette/": ("quiz-store.js",),
}


@pytest.mark.parametrize(
    ("path", "file", "fault"),
    [
        (path, file, fault)
        for path, files in PAGES.items()
        for file in files
        for fault in (missing, flipped)
    ],
)
def test_a_page_whose_own_module_is_broken_says_so_and_can_be_tried_again(
    page: Page, server: Server, complaints: Complaints, path: str, file: str, fault: Fault
) -> None:
    server.faults[f"/{file}"] = fault
    page.add_init_script(FAILED_AT.replace('[data-state="error"] ', ""))
    page.goto(server.url + path)
    page.wait_for_selector(".answer--failed")
    assert page.evaluate("window.failedAt") < FIVE_SECONDS
    assert "页面的文件没有取全" in page.inner_text(".answer--failed")
    server.faults.clear()
    page.click(".answer--failed button")
    page.wait_for_selector(":is(policy-calculator, policy-quiz):defined")
    expect(page.locator(".answer--failed")).to_have_count(0)
    complaints.forgive()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_whose_own_module_stands_still_says_so_and_goes_on_when_it_comes(
    page: Page, server: Server, path: str
) -> None:
    page.add_init_script(FAILED_AT.replace('[data-state="error"] ', ""))
    with held(server, f"/{PAGES[path][-1]}"):
        page.goto(server.url + path, wait_until="commit")
        page.wait_for_selector(".answer--failed")
        assert page.evaluate("window.failedAt") < FIVE_SECONDS or not PROVING
        assert "页面的文件没有取全" in page.inner_text(".answer--failed")
    page.wait_for_selector(":is(policy-calculator, policy-quiz):defined")
    expect(page.locator(".answer--failed")).to_have_count(0)


def test_nothing_that_answers_waits_for_the_script_of_the_theme(page: Page, server: Server) -> None:
    with held(server, "/bundle."):
        page.goto(server.url + QUESTION, wait_until="commit")
        assert answered(page)["outcome"]["levels"] == 2
        page.fill('[name="points"]', "60")
        expect(page.locator("policy-calculator output")).to_contain_text("升 3 级")


@pytest.mark.parametrize("taken", ["WebAssembly", "Worker"])
def test_a_browser_that_cannot_says_so(
    page: Page, server: Server, complaints: Complaints, taken: str
) -> None:
    if taken == "WebAssembly":
        server.headers["Content-Security-Policy"] = "script-src 'self' 'unsafe-inline'"
    else:
        page.add_init_script(
            "window.Worker = class { constructor() { throw new Error('no workers'); } };"
        )
    assert "换一个新一点的浏览器" in failed(page, server)
    complaints.forgive()


@pytest.mark.parametrize("file", [*FILES, SCRIPT, ARCHIVE])
def test_a_line_that_says_nothing_more_is_taken_for_dead_in_five_seconds(
    page: Page, server: Server, complaints: Complaints, file: str
) -> None:
    server.faults[MEMORY] = missing
    page.add_init_script(FAILED_AT)
    with held(server, file):
        page.goto(server.url + QUESTION)
        page.wait_for_selector('policy-calculator[data-state="loading"]')
        page.fill('[name="points"]', "41")
        page.wait_for_selector('[data-state="error"] .answer--failed')
        assert page.evaluate("window.failedAt") < FIVE_SECONDS or not PROVING
        assert "请检查网络后重试" in page.inner_text(".answer--failed")
        assert page.input_value('[name="points"]') == "41"
    complaints.forgive()


def test_nothing_comes_from_elsewhere(page: Page, server: Server) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url + QUESTION)
    answered(page)
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []
