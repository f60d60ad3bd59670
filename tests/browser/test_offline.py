"""Without a network what was visited stays, builds never mix, and what cannot be kept works online."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from build_scripts.offline import write_worker
from build_scripts.preview import Preview
from build_scripts.runtime import ITS_SCRIPT, WHOLE
from tests.amounts import PROVING
from tests.browser.conftest import LONGEST_MS, Reply, Server, serving, until

pytestmark = pytest.mark.browser
hangs_on_the_browsers_clock = pytest.mark.skipif(
    not PROVING,
    reason="hangs on the browser's own clock, once in thirty runs too long: in `make proof`",
)

QUESTION = "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2"
QUIZ = "quiz/service-etiquette/"
POLICY = "policies/rd-grades/"
LOOKS = 5
STARTED = """async () => {
    const {runtime} = await import(document.querySelector('link[href$="/runtime-client.js"]').href);
    runtime().start();
    while (runtime().state !== "ready") await new Promise((resolve) => setTimeout(resolve, 50));
}"""
UPDATE = "navigator.serviceWorker.getRegistration().then((each) => each.update())"
# The moment of rest before a page asks to be kept; the tests do not wait for it.
AT_ONCE = """const later = setTimeout;
window.setTimeout = (act, wait, ...rest) => later(act, wait === 2000 ? 0 : wait, ...rest);"""
KEPT = "手册已经存在本机，没有网络也能用。"
NOTHING = "浏览器没有留下手册，没有网络时打不开。"
WITHOUT_RUNTIME = "条文已经存在本机。地方不够，算一算和测一测没有网络时用不了。"
BUILDS = "async () => (await caches.keys()).filter((each) => /[0-9a-f]{16}$/.test(each))"
FORGET = """async (ends) => {
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const {url} of await cache.keys())
            if (ends.some((each) => url.endsWith(each))) await cache.delete(url);
    }
}"""
HAS = """async (end) => {
    for (const name of await caches.keys())
        for (const {url} of await (await caches.open(name)).keys())
            if (url.endsWith(end)) return true;
    return false;
}"""


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """Serve the site alone: another address is another store."""
    with serving(site) as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that may keep things."""
    opened = browser.new_context(locale="zh-CN")
    opened.add_init_script(AT_ONCE)
    opened.set_default_timeout(LONGEST_MS)
    expect.set_options(timeout=LONGEST_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def newer(site: Path, tmp_path: Path) -> Path:
    """Make the next build: other words on the pages, another bank, another place of the runtime."""
    new = tmp_path / "site"
    shutil.copytree(site, new, copy_function=os.link)
    (runtime,) = (new / "runtime").iterdir()
    runtime.rename(runtime.with_name("0123456789abcdef"))
    bank = (new / QUIZ / "bank.bin").read_bytes()
    texts = {
        each: each.read_text().replace(runtime.name, "0123456789abcdef").replace("<h1", "<h1 data-new")
        for each in new.rglob("*.html")
    }  # fmt: skip
    contents = {each: text.encode() for each, text in texts.items()}
    for path, content in {**contents, new / QUIZ / "bank.bin": b"new" + bank}.items():
        path.unlink()  # the old build's file has the same one
        path.write_bytes(content)
    (new / "service-worker.js").unlink()
    write_worker(new)
    return new


def visit(page: Page, server: Server, says: str = KEPT) -> None:
    """Open the home page and wait until it says what is kept."""
    page.goto(server.url)
    expect(page.locator(".kept")).to_have_text(says)


def calculate(page: Page, server: Server) -> None:
    page.goto(server.url + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="answered"]')


def hand_in(page: Page) -> None:
    page.evaluate("document.querySelector('policy-quiz').answers = {'1.1': ['A']}")
    page.evaluate("document.querySelector('policy-quiz form').requestSubmit()")


def take_the_quiz(page: Page) -> None:
    hand_in(page)
    expect(page.locator(".quiz-score").first).to_be_visible()


def told_of_the_update(page: Page) -> None:
    expect(page.locator(".update-bar")).to_contain_text("有新版本，刷新后使用")


def storage(page: Page, command: str, **options: object) -> None:
    """Tell the browser what to do with the store of this site."""
    origin = page.evaluate("location.origin")
    page.context.new_cdp_session(page).send(f"Storage.{command}", {"origin": origin, **options})


def stop_workers(page: Page) -> None:
    """Stop the service workers, which then know only what they have noted."""
    session = page.context.new_cdp_session(page)
    session.send("ServiceWorker.enable")
    session.send("ServiceWorker.stopAllWorkers")


def limit(page: Page, quota: int) -> None:
    storage(page, "overrideQuotaForOrigin", quotaSize=quota)


def used(page: Page) -> int:
    found: int = page.evaluate("navigator.storage.estimate().then(({usage}) => usage)")
    return found


def test_after_one_visit_all_works_without_the_server(
    page: Page, server: Server, site: Path
) -> None:
    visit(page, server)
    server.root = site / "nowhere"
    server.requests.clear()
    calculate(page, server)
    page.goto(server.url + POLICY.rstrip("/"))
    expect(page.locator("h1")).to_contain_text("研发")
    page.keyboard.press("/")
    page.keyboard.type("季度考核")
    expect(page.locator(".md-search [role=option]").first).to_be_visible()
    page.goto(server.url + QUIZ)
    take_the_quiz(page)
    # The browser asks for a newer worker at every visit, and for nothing else.
    assert set(server.requests) <= {"/service-worker.js"}


def stubbed(line: str) -> Callable[[bytes], Reply]:
    """Put a line before the service worker, in which a browser refuses something."""
    return lambda body: Reply(body=f"{line}\n".encode() + body, type="text/javascript")


def test_a_new_build_waits_for_the_reader_and_never_mixes_with_the_old_one(
    context: BrowserContext, page: Page, server: Server, newer: Path
) -> None:
    visit(page, server)
    page.goto(server.url + QUIZ)
    other = context.new_page()
    other.goto(server.url + POLICY)
    server.root = newer
    page.evaluate(UPDATE)
    for each in (page, other):
        told_of_the_update(each)
    # The bank and the runtime that this page needs are no longer on the server.
    take_the_quiz(page)
    other.reload()
    expect(other.locator("h1[data-new]")).to_be_visible()
    expect(other.locator(".update-bar")).to_have_count(0)
    page.click(".update-bar button >> nth=0")
    expect(page.locator("h1[data-new]")).to_be_visible()
    calculate(page, server)


def test_the_old_build_goes_with_the_last_page_that_was_opened_from_it(
    page: Page, server: Server, newer: Path
) -> None:
    # The browser's own cache is behind then, and may not stand in the way of the new build.
    server.headers["Cache-Control"] = "max-age=3600"
    visit(page, server)
    server.root = newer
    page.evaluate(UPDATE)
    told_of_the_update(page)
    assert len(page.evaluate(BUILDS)) == 2
    for _ in range(LOOKS):  # every navigation looks which pages are gone
        page.goto(server.url)
        if len(page.evaluate(BUILDS)) == 1:
            break
    assert len(page.evaluate(BUILDS)) == 1
    server.root = newer / "nowhere"
    page.goto(server.url + POLICY)
    expect(page.locator("h1[data-new]")).to_be_visible()


@hangs_on_the_browsers_clock
def test_where_only_one_build_has_room_it_is_the_new_one(
    page: Page, server: Server, newer: Path
) -> None:
    visit(page, server)
    page.goto(server.url + QUIZ)
    limit(page, used(page) + 500_000)
    server.root = newer
    page.evaluate(UPDATE)
    told_of_the_update(page)
    assert len(page.evaluate(BUILDS)) == 1
    # What the open page still lacks is gone, and is not taken from the new build.
    hand_in(page)
    expect(page.locator("policy-quiz")).to_contain_text("现在判不了分")
    page.click(".update-bar button >> nth=0")
    expect(page.locator("h1[data-new]")).to_be_visible()
    calculate(page, server)
    server.root = newer / "nowhere"
    page.goto(server.url + POLICY)
    expect(page.locator("h1[data-new]")).to_be_visible()


def test_what_the_browser_lost_is_fetched_again(page: Page, server: Server) -> None:
    visit(page, server)
    lost = ["/define.js", "/engine.wasm", f"/{POLICY}", "/bank.bin"]
    page.evaluate(FORGET, lost)
    page.goto(server.url + POLICY)
    calculate(page, server)
    for each in lost:
        until(page, HAS, each)


def test_a_file_that_only_the_new_build_has_is_not_given_to_an_old_page(
    page: Page, server: Server, newer: Path
) -> None:
    visit(page, server)
    page.goto(server.url + QUIZ)
    # Else it starts on what is gone by then, where the machine is too slow for the memory.
    page.evaluate(STARTED)
    page.evaluate(FORGET, ["/bank.bin"])
    server.root = newer
    server.faults["service-worker.js"] = lambda _: Reply(status=404)
    hand_in(page)
    expect(page.locator("policy-quiz")).to_contain_text("没有取到")
    # What leads to a page that is not kept leads to the new one, with all that belongs to it.
    page.evaluate(FORGET, ["/handbook/"])
    page.goto(server.url)
    expect(page.locator("h1[data-new]")).to_be_visible()


def test_a_page_whose_build_is_gone_gets_no_file_of_another_one(
    context: BrowserContext, page: Page, server: Server, newer: Path
) -> None:
    visit(page, server)
    server.root = newer
    page.evaluate(UPDATE)
    told_of_the_update(page)
    second = context.new_page()
    second.goto(server.url + QUIZ)
    expect(second.locator("h1[data-new]")).to_be_visible()
    second.evaluate(STARTED)
    # A third build comes, for which the browser had to let go of the second; the worker has forgotten it.
    server.faults["bank.bin"] = lambda body: Reply(body=b"third" + body)
    _, late = second.evaluate(BUILDS)
    assert second.evaluate("(name) => caches.delete(name)", late)
    stop_workers(second)
    hand_in(second)
    expect(second.locator("policy-quiz")).to_contain_text("没有取到")
    # What is named by its contents is the right one wherever it lies.
    server.root = newer / "nowhere"
    named = "document.querySelector('meta[name=handbook-search]').content"
    assert second.evaluate(f"fetch({named}).then(({{ok}}) => ok)")


def test_a_page_that_was_forgotten_says_where_it_is_from(
    page: Page, server: Server, newer: Path
) -> None:
    visit(page, server)
    visit(page, server)  # which the worker has opened
    storage(page, "clearDataForOrigin", storageTypes="cache_storage")
    stop_workers(page)
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    until(page, HAS, f"/{POLICY}")
    server.root = newer
    page.evaluate(UPDATE)
    told_of_the_update(page)


REFUSED = """const refused = () => Promise.reject(new DOMException('no', 'SecurityError'));
caches.open = caches.match = caches.keys = caches.has = refused;"""
FAILS = {
    "from the start": REFUSED,
    "later": f"self.addEventListener('message', () => {{ {REFUSED} }});",
}


@pytest.mark.parametrize("fails", FAILS)
def test_storage_that_is_refused_does_not_stop_a_page(
    page: Page, server: Server, fails: str
) -> None:
    server.faults["service-worker.js"] = stubbed(FAILS[fails])
    works_online(page, server, NOTHING)


# Too little for the pages, and enough for them but not for the runtime.
ROOM = {500_000: NOTHING, 8_000_000: WITHOUT_RUNTIME}


@pytest.mark.parametrize("room", ROOM)
def test_what_has_no_room_is_said_and_works_online(page: Page, server: Server, room: int) -> None:
    page.goto(server.url + "404.html")  # which keeps nothing
    limit(page, room)
    works_online(page, server, ROOM[room])


def works_online(page: Page, server: Server, says: str) -> None:
    visit(page, server, says)
    calculate(page, server)
    page.goto(server.url + QUIZ)
    take_the_quiz(page)


CLEARED = {"the files": "cache_storage", "the worker too": "all"}


@pytest.mark.parametrize("cleared", CLEARED)
def test_what_is_cleared_in_mid_use_stops_nothing_and_is_kept_anew(
    page: Page, server: Server, site: Path, cleared: str
) -> None:
    visit(page, server)
    page.goto(server.url + QUIZ)
    take_the_quiz(page)
    storage(page, "clearDataForOrigin", storageTypes=CLEARED[cleared])
    take_the_quiz(page)
    calculate(page, server)
    visit(page, server)
    server.root = site / "nowhere"
    calculate(page, server)


def test_who_saves_data_keeps_of_the_runtime_what_was_used(
    context: BrowserContext, page: Page, server: Server
) -> None:
    page.add_init_script("Object.defineProperty(navigator.connection, 'saveData', {value: true});")
    server.faults["memory.bin"] = lambda _: Reply(status=404)
    visit(page, server, "条文已经存在本机。省流量时，算一算和测一测用过才留下。")
    assert not [each for each in server.requests if each.startswith("/runtime/")]
    calculate(page, server)
    (runtime,) = (server.root / "runtime").iterdir()
    unused = {"memory.bin", "rows.zip", WHOLE, ITS_SCRIPT}
    for each in {path.name for path in runtime.iterdir()} - unused:  # each has come in on its own
        until(page, HAS, f"/{each}")
    # Who no longer saves gets the rest; but not the other way into Python, where one is there.
    server.requests.clear()
    visit(context.new_page(), server)
    fetched = [each for each in server.requests if each.startswith("/runtime/")]
    assert fetched == [f"/runtime/{runtime.name}/rows.zip"]


def test_the_handbook_can_be_installed(context: BrowserContext, page: Page, server: Server) -> None:
    visit(page, server)
    session = context.new_cdp_session(page)
    assert session.send("Page.getAppManifest")["errors"] == []
    found = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [each["errorId"] for each in found] == ["in-incognito"]  # as every test is


class Quiet(SimpleHTTPRequestHandler):
    """Any server of files."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet."""


@contextmanager
def served_plainly(site: Path) -> Iterator[int]:
    """Serve a site at the top of an address; give its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        try:
            yield http.server_address[1]
        finally:
            http.shutdown()
            thread.join()


@contextmanager
def previewed(site: Path, port: int) -> Iterator[None]:
    """Serve a site as `handbook serve` does."""
    preview = Preview(lambda: None, host="127.0.0.1", port=port, root=str(site))
    preview.watch(str(site / "quiz"))  # it looks after pages as long as something may change them
    thread = threading.Thread(target=preview.serve)
    thread.start()
    try:
        yield
    finally:
        preview.shutdown()
        thread.join()


@hangs_on_the_browsers_clock
def test_the_preview_lets_go_of_what_was_kept_at_its_address(
    page: Page, site: Path, newer: Path
) -> None:
    with served_plainly(site) as port:
        url = f"http://127.0.0.1:{port}/"
        page.goto(url)
        expect(page.locator(".kept")).to_have_text(KEPT)
    with previewed(newer, port):
        page.goto(url)
        # Once it has asked to be kept: a page that asks later takes back that it was let go of.
        expect(page.locator(".kept")).not_to_be_empty()
        page.evaluate(UPDATE)
        told_of_the_update(page)
        page.click(".update-bar button >> nth=0")
        expect(page.locator("h1[data-new]")).to_be_visible()
        until(page, "async () => !(await navigator.serviceWorker.getRegistrations()).length")
        expect(page.locator('meta[name="handbook-offline"]')).to_have_count(0)
        page.goto("about:blank")  # which ends the page's waiting for the next build
