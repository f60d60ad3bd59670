"""One built site, one server that can break things, one real browser."""

from __future__ import annotations

import mimetypes
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Frame,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)  # fmt: skip

from build_scripts.bootstrap import BROWSERS, MAC_BROWSER
from tests.copies import WorkingCopy, copy_to, made_once, with_stricter_version

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    # Each new window would render the address bar's list, at most of a core for a second.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxFullPopup,WebUIOmniboxAimPopup,PreloadTopChromeWebUI",
)
LONGEST_MS = 20_000  # a busy machine's start of the runtime; a test that passes never waits for it
TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


@dataclass
class Reply:
    """What the server says to a request instead of the file."""

    status: int = 200
    body: bytes = b""
    type: str = "application/octet-stream"


type Fault = Callable[[bytes], Reply]


@dataclass
class Server:
    """A static server; `faults` answer for paths that contain their keys, `headers` go with all."""

    root: Path
    url: str = ""
    faults: dict[str, Fault] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def reply(self, path: str) -> Reply:
        """Answer one request."""
        self.requests.append(path)
        file = self.root / unquote(path).lstrip("/")
        if file.is_dir():
            file /= "index.html"
        if not file.resolve().is_relative_to(self.root.resolve()) or not file.is_file():
            return Reply(status=404, body=b"not here", type="text/plain")
        body = file.read_bytes()
        for part, fault in self.faults.items():
            if part in path:
                return fault(body)
        kind = (
            TYPES.get(file.suffix)
            or mimetypes.guess_type(file.name)[0]
            or "application/octet-stream"
        )
        return Reply(body=body, type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)


@contextmanager
def held(server: Server, file: str, seconds: float = 30) -> Iterator[threading.Event]:
    """Keep a file back until it is let go, or for some seconds."""
    gate = threading.Event()

    def wait(body: bytes) -> Reply:
        gate.wait(timeout=seconds)
        return Reply(body=body, type=TYPES.get(Path(file).suffix, Reply.type))

    server.faults[file] = wait
    try:
        yield gate
    finally:
        gate.set()


def until(where: Page | Frame, condition: str, given: object = None) -> None:
    """Wait until a function of the page is true of what is given.

    Playwright's own waiting evaluates it again and again in the page, which the pages' policy refuses:
    it fails unless the first look finds it true.
    """
    where.evaluate(
        f"""(given) => new Promise((resolve, reject) => {{
            const end = performance.now() + {LONGEST_MS};
            const look = () => Promise.resolve(given).then({condition}).then((found) => {{
                if (found) resolve();
                else if (performance.now() > end) reject(new Error('it never came'));
                else setTimeout(look, 50);
            }}).catch(reject);
            look();
        }})""",
        given,
    )


@pytest.fixture(scope="session")
def next_year(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """Build a copy in which a text has a second version, and a tenth policy has its calculator.

    From 2025 on rd-grades:8.1 says 6, 9.3 moved, and a clause and a figure are new.
    """
    return WorkingCopy(made_once(tmp_path_factory, "next-year", make_next_year))


def make_next_year(folder: Path) -> None:
    """Lay out and build the copy."""
    copy = copy_to(folder)
    text, figures = "docs/policies/rd-grades.txt", "policy_core/parameters/rd-grades.toml"
    shutil.copy(copy.root / text, copy.root / "docs/policies/rd-grades@2024-01-01.txt")
    copy.change(text, "生效日期：2024-01-01", "生效日期：2025-01-01")
    copy.change(text, "如果少于或等于5个", "如果少于或等于6个")
    copy.change(text, "\n3、供考核评定参考。", "\n3、可以换成休假。\n4、供考核评定参考。")
    before = (copy.root / figures).read_text(encoding="utf-8")
    (copy.root / figures).write_text(with_stricter_version(before, "2025-01-01"), encoding="utf-8")
    copy.change(figures, '"9.3"', '"9.3..9.4"')
    for words in (
        ("new", "policy", "staff-leave"),
        ("new", "calculator", "leave-days", "--policy", "staff-leave"),
        ("build", "--quick"),
    ):
        done = copy.run(*words)
        assert done.returncode == 0, done.stderr


@contextmanager
def serving(site: Path) -> Iterator[Server]:
    """Serve a site under a sub-path, as an intranet may."""
    server = Server(root=site)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each small file waits 40 ms for a reader's word

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            reply = (
                server.reply(path.removeprefix("/handbook"))
                if path.startswith("/handbook/")
                else Reply(status=404)
            )
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.type)
            self.send_header("Content-Length", str(len(reply.body)))
            for name, value in {"Cache-Control": "no-store", **server.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            """Keep quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # a page that was left does not wait for its files

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{http.server_address[1]}/handbook/"
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


@pytest.fixture(scope="session")
def running(site: Path) -> Iterator[Server]:
    """Serve the handbook."""
    with serving(site) as server:
        yield server


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """Lend the server to one test, and mend what the test broke."""
    running.requests.clear()
    yield running
    running.faults.clear()
    running.headers.clear()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once."""
    with sync_playwright() as started:
        yield started


def browser_path() -> str | None:
    """Find the machine's own Chromium; Playwright's is taken where there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or (str(MAC_BROWSER) if MAC_BROWSER.exists() else None)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Start Chromium once; where there is none, say so, and fail where everything must be tried."""
    try:
        started = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
    except Error as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Chromium on this machine: {error}")
    yield started
    started.close()


@dataclass
class Complaints:
    """What the browser complained of; a test that breaks something forgives it, the last breath too."""

    said: list[str] = field(default_factory=list)
    forgiven: bool = False

    def forgive(self) -> None:
        """Expect complaints: some come as late as the page is closed."""
        self.forgiven = True


@pytest.fixture
def complaints() -> Complaints:
    """Gather the browser's complaints of one test."""
    return Complaints()


@pytest.fixture
def page(browser: Browser, complaints: Complaints, running: Server) -> Iterator[Page]:
    """Open a page that fails its test on any error that it did not expect, and on any way out."""
    # What a test breaks must be missed: nothing is kept from one visit to the next (test_offline.py).
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1280, "height": 900}, service_workers="block"
    )
    opened = context.new_page()
    opened.set_default_timeout(LONGEST_MS)
    expect.set_options(timeout=LONGEST_MS)
    elsewhere: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.said.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith((running.url, "blob:", "data:")):
            elsewhere.append(request.url)

    opened.on("request", asked)
    opened.on("console", heard)
    opened.on("pageerror", lambda error: complaints.said.append(str(error)))
    yield opened
    context.close()
    assert complaints.forgiven or complaints.said == []
    assert elsewhere == []
