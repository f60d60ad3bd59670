"""Firefox and WebKit as their makers ship them, through the one language that both speak: WebDriver.

WebKit's driver takes a command as an HTTP request; Firefox takes the same command through a socket of its
own, Marionette. What geckodriver does between the two is a dozen lines, and it comes from no registry.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from io import BufferedRWPair
from pathlib import Path
from typing import Any

Settings = dict[str, bool | int | str]

LONGEST_S = 120  # a test that passes never waits for it, however busy the machine is
TIMES = {"script": 1000 * LONGEST_S, "pageLoad": 1000 * LONGEST_S}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the standard's own name of an element's number
# What a profile needs for quiet: no first-run pages, no way out, the reader's language.
QUIET: Settings = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "intl.accept_languages": "zh-CN",
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "startup.homepage_welcome_url": "about:blank",
    "toolkit.telemetry.server": "",
}
# What is asked is evaluated as Playwright does it: a function gets what is given, promises are waited for.
EVALUATED = """
const done = arguments[arguments.length - 1];
const given = arguments[0];
const tell = (error) => done({error: String(error)});
try {
    const asked = (%s);
    Promise.resolve(typeof asked === "function" ? asked(given) : asked).then((value) => done({value}), tell);
} catch (error) {
    tell(error);
}
"""
SHOWN = """(selector) => {
    const found = document.querySelector(selector);
    return found !== null && found.checkVisibility() && found.getClientRects().length > 0;
}"""


class DriverError(Exception):
    """The browser refused a command, or a script failed in the page."""


def spoken(value: object) -> Any:  # noqa: ANN401 - a script's value is what the script says
    """Give the value of a reply, or raise what the browser refused."""
    if isinstance(value, dict) and value.keys() >= {"error", "message"}:
        raise DriverError(f"{value['error']}: {value['message']}")
    return value


@dataclass
class Tab:
    """A page in another engine, with those of Playwright's words for a page that the tests share."""

    ask: Callable[[str, str, dict[str, object]], Any]  # the command's name, its address, its parts

    def goto(self, url: str) -> None:
        """Open a page and wait for its load."""
        self.ask("Navigate", "url", {"url": url})

    def reload(self) -> None:
        """Load the page anew."""
        self.ask("Refresh", "refresh", {})

    def evaluate(self, asked: str, given: object = None) -> Any:  # noqa: ANN401 - as in Playwright
        """Evaluate an expression, or a function of what is given."""
        parts: dict[str, object] = {"script": EVALUATED % asked, "args": [given]}
        said: dict[str, Any] | None = self.ask("ExecuteAsyncScript", "execute/async", parts)
        if said is None or "error" in said:
            raise DriverError(said["error"] if said else "the page was left")
        return said.get("value")

    def until(self, condition: str, given: object = None) -> Any:  # noqa: ANN401 - what it was that came
        """Wait until a function of the page, or of the next one, is true; give what it said."""
        end = time.monotonic() + LONGEST_S
        while True:
            failure = "it never came"
            try:
                if found := self.evaluate(condition, given):
                    return found
            except DriverError as error:  # a page that is just being left answers nothing
                failure = str(error)
            if time.monotonic() > end:
                raise DriverError(f"{condition} {given}: {failure}")
            time.sleep(0.05)

    def wait_for_selector(self, selector: str, *, timeout: int = 0) -> None:  # noqa: ARG002 - as in Playwright
        """Wait until an element is shown."""
        self.until(SHOWN, selector)

    def get_attribute(self, selector: str, name: str) -> str | None:
        """Give an element's attribute."""
        found: str | None = self._of(selector, "found.getAttribute(part)", name)
        return found

    def inner_text(self, selector: str) -> str:
        """Give an element's text as it is shown."""
        return str(self._of(selector, "found.innerText"))

    def input_value(self, selector: str) -> str:
        """Give what stands in a field."""
        return str(self._of(selector, "found.value"))

    def click(self, selector: str) -> None:
        """Click the middle of an element, as a hand does."""
        number = self._element(selector)
        self.ask("ElementClick", f"element/{number}/click", {"id": number})

    def fill(self, selector: str, text: str) -> None:
        """Type a text in the place of what stands in a field."""
        number = self._element(selector)
        self.evaluate("(selector) => document.querySelector(selector).select()", selector)
        parts: dict[str, object] = {"id": number, "text": text}
        self.ask("ElementSendKeys", f"element/{number}/value", parts)

    def _element(self, selector: str) -> str:
        self.wait_for_selector(selector)
        parts: dict[str, object] = {"using": "css selector", "value": selector}
        found = self.ask("FindElement", "element", parts)
        return str(found.get("value", found)[ELEMENT])

    def _of(self, selector: str, part: str, name: str = "") -> Any:  # noqa: ANN401 - a property's value
        self.until("(selector) => document.querySelector(selector) !== null", selector)
        return self.evaluate(
            f"([selector, part]) => {{ const found = document.querySelector(selector); return {part}; }}",
            [selector, name],
        )


def waited(look: Callable[[], str]) -> str:
    """Wait until a starting program says something."""
    end = time.monotonic() + LONGEST_S
    while not (said := look()):
        if time.monotonic() > end:
            raise DriverError("the browser did not start")
        time.sleep(0.05)
    return said


@contextmanager
def running(*command: str, given: dict[str, str], passed: tuple[int, ...] = ()) -> Iterator[None]:
    """Run a program beside, and end it."""
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | given,
        pass_fds=passed,
    ) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def firefox() -> Iterator[Tab]:
    """Start Firefox without a window."""
    with ExitStack() as stack:
        profile = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(QUIET[key])});" for key in QUIET]
        (profile / "user.js").write_text("\n".join(lines))
        start = (
            "firefox-esr",
            "--headless",
            "--marionette",
            "--no-remote",
            "--profile",
            str(profile),
        )
        stack.enter_context(running(*start, given={"MOZ_HEADLESS_WIDTH": "1280"}))
        port = profile / "MarionetteActivePort"
        number = waited(lambda: port.read_text() if port.exists() else "")
        stream = stack.enter_context(
            socket.create_connection(("127.0.0.1", int(number)), timeout=LONGEST_S)
        )
        line = stack.enter_context(stream.makefile("rwb"))
        heard(line)  # its greeting

        def ask(name: str, _address: str, parts: dict[str, object]) -> Any:  # noqa: ANN401
            packet = json.dumps([0, 1, f"WebDriver:{name}", parts]).encode()
            line.write(b"%d:%b" % (len(packet), packet))
            line.flush()
            _, _, error, value = heard(line)
            spoken(error)
            return value if name == "NewSession" else value.get("value", value)

        ask("NewSession", "", {"capabilities": {"alwaysMatch": {"timeouts": TIMES}}})
        yield Tab(ask)


def heard(line: BufferedRWPair) -> Any:  # noqa: ANN401 - a packet is any JSON
    """Read a packet of Marionette's: its length, a colon, JSON."""
    length = b""
    while (byte := line.read(1)) != b":":
        if not byte:
            raise DriverError("the browser has gone")
        length += byte
    return json.loads(line.read(int(length)))


@contextmanager
def webkit() -> Iterator[Tab]:
    """Start WebKit's small browser in a display that no one sees."""
    with ExitStack() as stack:
        told, tell = os.pipe()
        stack.callback(os.close, told)
        screen = (
            "Xvfb",
            "-displayfd",
            str(tell),
            "-screen",
            "0",
            "1400x1000x24",
            "-nolisten",
            "tcp",
        )
        stack.enter_context(running(*screen, given={}, passed=(tell,)))
        os.close(tell)
        display = os.read(told, 20).decode().strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        quiet = {"DISPLAY": f":{display}", "LANG": "zh_CN.UTF-8", "GTK_A11Y": "none"}
        stack.enter_context(running("WebKitWebDriver", f"--port={port}", given=quiet))
        session = ""

        def ask(_name: str, address: str, parts: dict[str, object], method: str = "POST") -> Any:  # noqa: ANN401
            connection = HTTPConnection("127.0.0.1", port, timeout=LONGEST_S)
            try:
                connection.request(
                    method, f"/session{session}/{address}".rstrip("/"), json.dumps(parts)
                )
                return spoken(json.loads(connection.getresponse().read())["value"])
            finally:
                connection.close()

        def started() -> str:
            with suppress(OSError):
                found = ask("", "", {"capabilities": {"alwaysMatch": {"timeouts": TIMES}}})
                return str(found["sessionId"])
            return ""

        session = f"/{waited(started)}"
        stack.callback(ask, "", "", {}, "DELETE")
        yield Tab(ask)


ENGINES = {"Firefox": firefox, "WebKit": webkit}
