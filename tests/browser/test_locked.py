"""Locked down: what is not ours does not run, and all that is ours runs, by header and by page alone."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from build_scripts.lockdown import allowing, policy_for, sha256, with_policy
from tests.browser.conftest import Complaints, Reply, Server, until
from tests.browser.nginx import BROTLI, nginx, trusting
from tests.browser.observatory import score
from tests.browser.test_offline import KEPT

pytestmark = pytest.mark.browser

QUESTION = "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2"
QUIZ = "quiz/service-etiquette/"
EMBED = "embed/grade-from-points.html"
# What a page under a policy tells of what was refused, in the page itself.
HEAR = """window.refused = [];
addEventListener("securitypolicyviolation", (event) => {
    refused.push(`${event.effectiveDirective} ${event.blockedURI}`);
});"""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


@pytest.fixture(scope="module")
def published(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the site as it is published, with a page to be framed and files pressed beforehand."""
    folder = tmp_path_factory.mktemp("published") / "site"
    shutil.copytree(site, folder, copy_function=os.link)
    (folder / "pressed.txt").write_text("as it is")
    (folder / "pressed.txt.gz").write_bytes(b"gzip, pressed beforehand")
    (folder / "pressed.txt.br").write_bytes(b"brotli, pressed beforehand")
    return folder


@pytest.fixture(scope="module")
def behind_nginx(
    published: Path, settings: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Answer]]:
    """Serve the site behind nginx; give a way to ask it, whose `url` is where it is over HTTPS."""
    folder = tmp_path_factory.mktemp("nginx")
    with nginx(published, settings / "nginx.conf", folder) as (secure, plain):

        def ask(path: str, accept: str = "", *, https: bool = True) -> Answer:
            where = urlsplit(secure if https else plain)
            line: http.client.HTTPConnection = (
                http.client.HTTPSConnection(where.netloc, context=trusting(folder), timeout=10)
                if https
                else http.client.HTTPConnection(where.netloc, timeout=10)
            )
            line.request("GET", f"/{path}", headers={"Accept-Encoding": accept})
            answer = line.getresponse()
            body = answer.read()
            line.close()
            return Answer(
                answer.status, {name.lower(): each for name, each in answer.getheaders()}, body
            )

        ask.url = secure  # type: ignore[attr-defined]
        yield ask


def pages(site: Path) -> list[str]:
    return [path.relative_to(site).as_posix() for path in sorted(site.rglob("*.html"))]


def test_the_observatory_gives_every_page_more_than_a_hundred(
    site: Path, behind_nginx: Callable[..., Answer]
) -> None:
    scores = {}
    for each in pages(site):
        answer = behind_nginx(each)
        scores[each] = score(answer.headers, answer.body.decode())[0]
    # CSP 10, integrity 5, framing 5, referrer 5, resource and opener policy 10 each;
    # what is made to be framed has none for framing, and a page without scripts none for integrity.
    assert {each: given for each, given in scores.items() if given != 145} == {
        each: 140 if each == "404.html" else 135
        for each in scores
        if each == "404.html" or each.startswith("embed/")
    }


BARE_PAGE = "<!doctype html><script src='/x.js'></script>"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 30),  # the policy -25, HSTS -20, nosniff -5, framing -20
        ({"strict-transport-security": "max-age=60"}, 40),
        ({"content-security-policy": "default-src 'none'"}, 55),
        ({"content-security-policy": "default-src 'self' 'unsafe-inline'"}, 35),
        ({"content-security-policy": "script-src 'self'; script-src 'self'"}, 30),
        ({"content-security-policy": "default-src 'none'; frame-ancestors *"}, 75),
    ],
)  # fmt: skip
def test_the_observatorys_rules_take_points_too(headers: dict[str, str], expected: int) -> None:
    assert score(headers, BARE_PAGE)[0] == expected


def runtime_file(site: Path, name: str) -> str:
    return next(site.glob(f"runtime/*/{name}")).relative_to(site).as_posix()


def test_each_kind_of_file_goes_out_with_its_type_and_its_time(
    site: Path, behind_nginx: Callable[..., Answer]
) -> None:
    kept, fresh = "public, max-age=31536000, immutable", "no-cache"
    material = next(site.glob("assets/stylesheets/main.*.min.css")).relative_to(site).as_posix()
    expected = {
        "": ("text/html; charset=utf-8", fresh),
        "assets/handbook/define.js": ("text/javascript; charset=utf-8", fresh),
        "doubts.csv": ("text/csv; charset=utf-8", fresh),
        material: ("text/css; charset=utf-8", kept),
        runtime_file(site, "*.wasm"): ("application/wasm", kept),
        runtime_file(site, "*.mjs"): ("text/javascript; charset=utf-8", kept),
        runtime_file(site, "*.zip"): ("application/zip", kept),
        runtime_file(site, "runtime-worker.js"): ("text/javascript; charset=utf-8", kept),
    }
    found = {path: behind_nginx(path).headers for path in expected}
    assert {
        path: (each["content-type"], each["cache-control"]) for path, each in found.items()
    } == expected
    # The worker has a policy of its own, which must let it start the engine.
    assert {each["content-security-policy"] for each in found.values()} == {
        found[""]["content-security-policy"]
    }
    assert "'wasm-unsafe-eval'" in found[""]["content-security-policy"]


def test_what_is_missing_is_said_with_all_headers_and_not_kept(
    site: Path, behind_nginx: Callable[..., Answer]
) -> None:
    missing = behind_nginx(runtime_file(site, "*.zip") + "x")
    assert missing.status == http.client.NOT_FOUND
    assert "cache-control" not in missing.headers
    assert "content-security-policy" in missing.headers


def test_hsts_goes_over_https_alone(behind_nginx: Callable[..., Answer]) -> None:
    assert "strict-transport-security" in behind_nginx("").headers
    assert "strict-transport-security" not in behind_nginx("", https=False).headers


def test_what_was_pressed_beforehand_is_sent(behind_nginx: Callable[..., Answer]) -> None:
    assert behind_nginx("pressed.txt").body == b"as it is"
    pressed = behind_nginx("pressed.txt", "gzip")
    assert pressed.body == b"gzip, pressed beforehand"
    assert pressed.headers["content-encoding"] == "gzip"
    assert pressed.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.skipif(not BROTLI, reason="nginx has no brotli here")
def test_the_brotli_line_works_where_the_module_is(
    published: Path, settings: Path, tmp_path: Path
) -> None:
    with nginx(published, settings / "nginx.conf", tmp_path, own="brotli_static on;") as (url, _):
        line = http.client.HTTPSConnection(urlsplit(url).netloc, context=trusting(tmp_path))
        line.request("GET", "/pressed.txt", headers={"Accept-Encoding": "br, gzip"})
        assert line.getresponse().read() == b"brotli, pressed beforehand"
        line.close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet."""


@pytest.fixture
def plainly_served(published: Path) -> Iterator[str]:
    """Serve the site by Python's own server, which sends none of our headers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_only_what_is_made_for_it_may_be_framed(
    browser: Browser, behind_nginx: Callable[..., Answer], published: Path, plainly_served: str
) -> None:
    assert "frame-ancestors 'none'" in behind_nginx("").headers["content-security-policy"]
    assert "frame-ancestors *" in behind_nginx(EMBED).headers["content-security-policy"]
    url = behind_nginx.url  # type: ignore[attr-defined]
    frames = "".join(f'<iframe src="{url}{path}"></iframe>' for path in ("figures/", EMBED))
    (published / "another-site.html").write_text(frames)
    context = browser.new_context(ignore_https_errors=True, service_workers="block")
    page = context.new_page()
    page.goto(plainly_served + "another-site.html")
    expect(page.frame_locator("iframe >> nth=1").locator("body")).to_contain_text("当前级别")
    assert [each.url for each in page.frames[1:]] == ["chrome-error://chromewebdata/", url + EMBED]
    context.close()


def use(browser: Browser, url: str) -> list[str]:
    """Calculate, take the quiz and search, as a reader does; give what the browser complained of."""
    context = browser.new_context(ignore_https_errors=True, locale="zh-CN", service_workers="block")
    page = context.new_page()
    said: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        # No browser keeps pages of a server whose certificate was made on the fly.
        if "Service Worker" not in message.text:
            said.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(url + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    page.fill('[name="points"]', "60")
    page.wait_for_selector('policy-calculator[data-state="answered"]')
    page.goto(url + QUIZ)
    page.evaluate("document.querySelector('policy-quiz').answers = {'1.1': ['A']}")
    page.evaluate("document.querySelector('policy-quiz form').requestSubmit()")
    expect(page.locator(".quiz-score").first).to_be_visible(timeout=30_000)
    page.goto(url + "policies/rd-grades/")
    page.fill(".md-search input", "积分")
    expect(page.locator("[role=option]").first).to_be_attached(timeout=30_000)
    context.close()
    return said


def test_a_reader_behind_nginx_is_refused_nothing(
    browser: Browser, behind_nginx: Callable[..., Answer]
) -> None:
    assert use(browser, behind_nginx.url) == []  # type: ignore[attr-defined]


def test_what_nginx_has_sent_is_there_when_nginx_is_not(
    browser: Browser, published: Path, settings: Path, tmp_path: Path
) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    with nginx(published, settings / "nginx.conf", tmp_path) as (_, plain):
        page.goto(plain)
        expect(page.locator(".kept")).to_have_text(KEPT, timeout=30_000)
    page.goto(plain + QUESTION)
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    context.close()


def test_a_reader_under_the_pages_own_policy_is_refused_nothing(
    browser: Browser, plainly_served: str
) -> None:
    assert use(browser, plainly_served) == []


ATTACKS = {
    "inline": ("<script>window.attacked = true</script>", "script-src-elem inline"),
    "handler": ('<img src="x" onerror="window.attacked = true">', "script-src-attr inline"),
    "link": ('<a id="bait" href="javascript:window.attacked = true">x</a>', "script-src-elem inline"),
    "style": ("<style>body { display: none }</style>", "style-src-elem inline"),
    "frame": ('<iframe src="/handbook/"></iframe>', "frame-src"),
    "base": ('<base href="https://elsewhere.test/">', "base-uri"),
    "form": ('<form id="sent" action="https://elsewhere.test/"><input name="x"></form>', "form-action"),
    "script": ('<script src="data:text/javascript,window.attacked = true"></script>', "script-src-elem data"),
    "plugin": ('<object data="/handbook/index.html"></object>', "object-src"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_slips_into_a_page_does_nothing(
    page: Page, server: Server, complaints: Complaints, attack: str
) -> None:
    markup, refusal = ATTACKS[attack]
    server.faults["policies/rd-grades/"] = lambda body: Reply(
        body=body.replace(b"</article>", markup.encode() + b"</article>"),
        type="text/html; charset=utf-8",
    )
    page.add_init_script(HEAR)
    page.goto(server.url + "policies/rd-grades/")
    page.evaluate(
        "document.querySelector('#bait')?.click(); document.querySelector('#sent')?.submit()"
    )
    until(page, "(start) => refused.some((each) => each.startsWith(start))", refusal)
    assert page.evaluate("window.attacked") is None
    assert page.url.startswith(server.url)
    complaints.forgive()


def test_text_does_not_become_code_and_nothing_is_sent_elsewhere(
    page: Page, server: Server, complaints: Complaints
) -> None:
    page.goto(server.url + "policies/rd-grades/")
    # In the page's own time: what a test evaluates itself is under no policy.
    made = """() => new Promise((tell) => setTimeout(() => {
        try { tell(new Function("return 'ran'")()); } catch (error) { tell(error.name); }
    }))"""
    assert page.evaluate(made) == "EvalError"
    sent = "fetch('data:text/plain,x').then(() => 'sent', () => 'refused')"
    assert page.evaluate(sent) == "refused"
    complaints.forgive()


@pytest.mark.parametrize(
    "file", ["define.js", "dom.js", "runtime-client.js", "bundle.", "handbook.css"]
)
def test_a_file_that_was_changed_is_not_used(
    page: Page, server: Server, complaints: Complaints, file: str
) -> None:
    mark = {"css": b"\nbody{outline:7px solid}"}.get(
        file.rpartition(".")[2], b"\nwindow.changed = true;"
    )
    kind = "text/css" if file.endswith("css") else "text/javascript"
    server.faults[f"/{file}"] = lambda body: Reply(body=body + mark, type=kind)
    page.goto(server.url + QUESTION)
    page.wait_for_load_state("load")
    assert page.evaluate(
        "[window.changed, getComputedStyle(document.body).outlineWidth === '7px']"
    ) == [None, False]
    assert any("integrity" in each for each in complaints.said)
    complaints.forgive()


class Tags(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


IMPORT = re.compile(r'(?:\bfrom|\bimport)\s*\(?\s*"(\./[^"]+)"')


def closure(file: Path) -> set[Path]:
    """Give a module with all that it imports, directly or not."""
    seen, waiting = set(), [file]
    while waiting:
        module = waiting.pop()
        if module not in seen:
            seen.add(module)
            waiting += [
                module.parent / each for each in IMPORT.findall(module.read_text(encoding="utf-8"))
            ]
    return {each.resolve() for each in seen}


MAP = re.compile(r'<script type="importmap">(.*?)</script>')


def mapped(site: Path, place: str, page: str) -> set[Path]:
    """Give the modules whose hashes a page's import map names, and that are what it says."""
    found = MAP.search(page)
    hashes: dict[str, str] = json.loads(found[1])["integrity"] if found else {}
    files = {
        site / urlsplit(urljoin(f"http://x/{place}", url)).path.lstrip("/"): given
        for url, given in hashes.items()
    }
    assert all(given == sha256(file.read_bytes()) for file, given in files.items()), place
    return {file.resolve() for file in files}


def test_every_page_says_of_all_that_it_loads_what_it_must_be(site: Path) -> None:
    for place in pages(site):
        page = (site / place).read_text(encoding="utf-8")
        sealed, modules = mapped(site, place, page), set()
        for tag, given in Tags(page).found:
            url = given.get("src") if tag == "script" else given.get("href")
            loads = tag == "script" or (
                tag == "link" and given["rel"] in ("stylesheet", "modulepreload")
            )
            if not url or not loads:
                continue
            file = site / urlsplit(urljoin(f"http://x/{place}", url)).path.lstrip("/")
            assert given["integrity"] == sha256(file.read_bytes()), (place, url)
            sealed.add(file.resolve())
            if given.get("type") == "module":
                modules |= closure(file)
        assert modules <= sealed, (place, sorted(each.name for each in modules - sealed))
        assert modules or place == "404.html", place


def test_the_policy_stands_before_all_that_it_must_hold_for(site: Path) -> None:
    policies = set()
    for place in pages(site):
        head = (site / place).read_text(encoding="utf-8").partition("<head>")[2]
        found = Tags(head).found
        assert [tag for tag, _ in found[:2]] == ["meta", "meta"], place
        assert found[0][1] == {"charset": "utf-8"}
        assert found[1][1]["http-equiv"] == "Content-Security-Policy"
        assert sum("charset" in given for tag, given in found if tag == "meta") == 1
        policies.add(found[1][1]["content"])
    (policy,) = policies
    assert "unsafe-inline" not in policy
    assert "'unsafe-eval'" not in policy
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-")


def test_a_host_that_reads_a_file_of_headers_finds_each_place_once(site: Path) -> None:
    rules: dict[str, dict[str, str]] = {}
    for line in (site / "_headers").read_text(encoding="utf-8").splitlines():
        assert len(line) < 2_000  # the longest line that such hosts read
        if line.startswith("/"):
            assert line not in rules
            rules[line] = {}
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            rules[list(rules)[-1]][name] = value
    for each in ["index.html", *pages(site), runtime_file(site, "*.wasm")]:
        matching = [
            rule
            for rule in rules
            if f"/{each}" == rule or (rule.endswith("*") and f"/{each}".startswith(rule[:-1]))
        ]
        assert len(matching) == 1, each
        framed_by = "*" if each.startswith("embed/") else "'none'"
        assert f"frame-ancestors {framed_by}" in rules[matching[0]]["Content-Security-Policy"]
    assert "immutable" in rules["/runtime/*"]["Cache-Control"]
    assert rules["/"]["Cache-Control"] == "no-cache"
    assert len(rules) <= 100


def test_a_script_that_is_put_in_later_is_allowed_by_its_own_hash() -> None:
    page = "<html><head></head><body><script>one()</script></body></html>"
    locked = with_policy(page, policy_for([page]))
    served = allowing(locked.replace("</body>", "<script>two()</script></body>"))
    for script in (b"one()", b"two()"):
        assert f"'{sha256(script)}'" in served
    assert served.count("sha256-") == 2
