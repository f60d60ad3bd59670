"""From navigation to the first answer, cold cache, against stock Pyodide's 1+1: in turn, in one run.

The answer comes once with both ways open, once with the archive alone, and on a second visit; then over a
slow line, against stock on the same line. All sides come from the same
local server, gzip as a plain server sends it. Times are the page's own clock, bytes are what the server sent.
A new context is a new window for Chromium, whose own parts then work for half a second: navigation waits for
that. Then what a reader waits for who types on: the warm answers.
"""

from __future__ import annotations

import gzip
import mimetypes
import statistics
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from build_scripts.bootstrap import has_engine
from build_scripts.pages import ROOT, build_site
from build_scripts.runtime import MEMORY
from tests.browser.conftest import FLAGS, TYPES, browser_path, until
from tests.browser.webdriver import ENGINES

FLOOR = """<!doctype html><meta charset="utf-8"><title>stock</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
const pyodide = await loadPyodide();
window.done = pyodide.runPython("1+1") === 2 && performance.now();
</script>"""
QUESTION = "calculators/grade-from-points/#grade=4&carried=3&points=40&half=2"
HEARD = "document.addEventListener('policy:answer', () => { window.done ??= performance.now(); });"
# The other engines take no script before the page's own: their page names one of the server's.
HEARD_IN = {"/heard.js": (HEARD.encode(), "text/javascript")}
BUSY_MS = 60_000
WINDOW_MS = 1000
SLOW_BYTES, SLOW_S, PIECE = 1_250_000, 0.04, 16_384
STOCK = "stock loadPyodide() and 1+1"
FIRST = "first answer on the calculator's page"
WARM = 60
TYPED = """async (points) => {
    const field = document.querySelector('[name="points"]');
    const answered = new Promise((resolve) =>
        document.addEventListener('policy:answer', resolve, {once: true}));
    const start = performance.now();
    field.value = points;
    field.dispatchEvent(new Event('input', {bubbles: true}));
    await answered;
    return performance.now() - start;
}"""
BROTLI = """
const {readFileSync} = require("node:fs"), {brotliCompressSync} = require("node:zlib");
for (const file of process.argv.slice(1)) console.log(brotliCompressSync(readFileSync(file)).length);
"""


@dataclass(frozen=True, slots=True)
class Side:
    """What is measured: a page, maybe without one file, the second visit to it, over a slow line."""

    path: str
    closed: str = ""
    again: bool = False
    slow: bool = False


SIDES = {
    STOCK: Side("stock/"),
    FIRST: Side(f"site/{QUESTION}"),
    "the same from the archive": Side(f"site/{QUESTION}", MEMORY),
    "the same on a second visit": Side(f"site/{QUESTION}", again=True),
    "stock at 10 Mbit/s and 40 ms": Side("stock/", slow=True),
    "first answer at 10 Mbit/s and 40 ms": Side(f"site/{QUESTION}", slow=True),
}


class Bench:
    """Serves both sides and counts what it sends."""

    def __init__(self, site: Path) -> None:
        self.roots = {"site": site, "heard": site, "stock": ROOT / "node_modules" / "pyodide"}
        self.sent = 0
        self.closed, self.slow = "", False
        bench, line = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else each small file waits 40 ms for a reader's word

            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                closed = bench.closed and path.endswith(bench.closed)
                body, kind = (b"", "text/plain") if closed else bench.file(path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
                if "/runtime/" in path:  # as the settings say that the build writes for servers
                    self.send_header("Cache-Control", "max-age=31536000, immutable")
                self.end_headers()
                if not bench.slow:
                    bench.sent += len(body)
                    self.wfile.write(body)
                    return
                time.sleep(SLOW_S)
                for start in range(0, len(body), PIECE):
                    piece = body[start : start + PIECE]
                    with line:  # one line for all that is asked for at one time
                        time.sleep(len(piece) / SLOW_BYTES)
                    self.wfile.write(piece)
                    bench.sent += len(piece)  # less where the page lets go

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
                """Keep quiet."""

            def handle(self) -> None:
                with suppress(ConnectionError):  # an engine that was stopped waits for no file
                    super().handle()

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_address[1]}/"

    @cache  # noqa: B019 - one bench a process
    def file(self, path: str) -> tuple[bytes, str]:
        """Give a file as it is sent."""
        side, _, name = path.lstrip("/").partition("/")
        if path == "/stock/":
            return gzip.compress(FLOOR.encode(), 9), "text/html"
        if path in HEARD_IN:
            body, kind = HEARD_IN[path]
            return gzip.compress(body, 9), kind
        file = self.roots.get(side, Path("/nowhere")) / name
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            return b"", "text/plain"
        kind = (
            TYPES.get(file.suffix)
            or mimetypes.guess_type(file.name)[0]
            or "application/octet-stream"
        )
        body = file.read_bytes()
        if side == "heard" and kind == "text/html":
            body = body.replace(b"<head>", b'<head><script async src="/heard.js"></script>', 1)
        return gzip.compress(body, 9), kind

    def run(self, browser: Browser, side: Side) -> tuple[float, int]:
        """Open a page with an empty cache; give milliseconds and bytes."""
        self.closed, self.slow = side.closed, side.slow
        context = browser.new_context(service_workers="block")
        page = context.new_page()
        page.add_init_script(HEARD)
        page.wait_for_timeout(WINDOW_MS)
        for _ in range(1 + side.again):
            page.goto("about:blank")
            before = self.sent
            page.goto(self.url + side.path)
            until(page, "() => window.done")
        spent = float(page.evaluate("window.done"))
        context.close()
        return spent, self.sent - before

    def run_in(self, engine: str, path: str) -> tuple[float, int]:
        """Open a page in another engine, started for it alone; give milliseconds and bytes."""
        with ENGINES[engine]() as tab:
            time.sleep(WINDOW_MS / 1000)
            before = self.sent
            tab.goto(self.url + path)
            return float(tab.until("() => window.done")), self.sent - before

    def warm(self, browser: Browser) -> list[float]:
        """Type other points, again and again; give the milliseconds to each answer."""
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{self.url}site/{QUESTION}")
        page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=BUSY_MS)
        spent = [float(page.evaluate(TYPED, str(20 + number))) for number in range(WARM)]
        context.close()
        return spent


def brotli_line(site: Path) -> str:
    """Give the size of the runtime's files with brotli 11, which Node brings."""
    files = sorted(path for path in (site / "runtime").rglob("*") if path.is_file())
    node = ["node", "-e", BROTLI, *map(str, files)]
    sizes = subprocess.run(node, capture_output=True, text=True, check=True).stdout.split()
    each = ", ".join(f"{path.name} {int(size):,}" for path, size in zip(files, sizes, strict=True))
    return f"  with brotli {sum(map(int, sizes)):,} bytes: {each}"


def table(runs: int) -> str:
    """Measure both sides in turn and print medians and ratios."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build_site(Path(folder))
        bench = Bench(Path(folder))
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        for side in SIDES.values():
            bench.run(browser, side)
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in SIDES}
        for _ in range(runs):
            for name, side in SIDES.items():
                found[name].append(bench.run(browser, side))
        bench.closed, bench.slow = "", False
        warm = bench.warm(browser)
        compressed = brotli_line(Path(folder))
        browser.close()
        elsewhere = others(bench, runs)
        bench.http.shutdown()
        bench.http.server_close()
    lines = told("Chromium", found)
    middle, late = statistics.median(warm), statistics.quantiles(warm, n=20)[-1]
    lines.append(
        f"  from typing to the answer, {WARM} times: median {middle:.0f} ms, p95 {late:.0f} ms"
    )
    return "\n".join([*lines, compressed, *elsewhere]) + "\n"


def others(bench: Bench, runs: int) -> list[str]:
    """Measure both sides in turn in the other engines that are here."""
    lines = []
    for engine in filter(has_engine, ENGINES):
        sides = {STOCK: "stock/", FIRST: f"heard/{QUESTION}"}
        found: dict[str, list[tuple[float, int]]] = {name: [] for name in sides}
        for _ in range(runs):
            for name, path in sides.items():
                found[name].append(bench.run_in(engine, path))
        lines += told(engine, found)
    return lines


def told(engine: str, found: dict[str, list[tuple[float, int]]]) -> list[str]:
    """Give medians, and the ratios to stock above."""
    runs = len(next(iter(found.values())))
    lines = [
        f"start, {engine}, cold cache, {runs} runs in turn: medians, MB sent with gzip, ratios"
    ]
    floor = 1.0, 1.0
    for name, measured in found.items():
        spent = statistics.median(each[0] for each in measured)
        sent = statistics.median(each[1] for each in measured)
        if SIDES[name].path == SIDES[STOCK].path:
            floor = spent, sent
        ratios = f"{spent / floor[0]:.2f}  {sent / floor[1]:.2f}"
        lines.append(f"  {name:40} {spent:6.0f} ms  {sent / 1e6:5.2f} MB  {ratios}")
    return lines
