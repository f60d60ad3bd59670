"""Firefox and WebKit: the main journeys, the answers of CPython, and a clear word when a file is damaged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Server, serving
from tests.browser.test_runtime import QUESTION, WAYS, agrees_with_cpython, answered, missing
from tests.browser.webdriver import ENGINES, Tab, installed

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Tab]:
    """Start an engine once; where there is none, say so."""
    name: str = request.param
    if not installed(name):
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


@pytest.mark.parametrize("way", WAYS)
def test_every_case_gives_the_same_json_as_cpython(tab: Tab, server: Server, way: str) -> None:
    server.faults[WAYS[way]] = missing
    tab.goto(server.url + QUESTION)
    answered(tab)
    agrees_with_cpython(tab)
