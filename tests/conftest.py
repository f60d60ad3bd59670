"""One built site for all tests, and coverage for the rules alone: it makes Python twice as slow."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage

from build_scripts.pages import build_site
from tests.copies import made_once

RULES = Path(__file__).with_name("policy_core")
COVERAGE = Coverage.current()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop the measuring while a test runs that is not of the rules, or tries them by brute force."""
    # With it every command that a test calls would be measured as well.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    if COVERAGE is None or (
        item.path.is_relative_to(RULES) and not item.get_closest_marker("brute")
    ):
        return (yield)
    COVERAGE.stop()
    try:
        return (yield)
    finally:
        COVERAGE.start()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the handbook and the settings of its server, once for all."""
    return made_once(
        tmp_path_factory, "built", lambda to: build_site(to / "site", settings=to / "server")
    )


@pytest.fixture(scope="session")
def site(built: Path) -> Path:
    """Give the built site."""
    return built / "site"


@pytest.fixture(scope="session")
def settings(built: Path) -> Path:
    """Give the settings that were built for the site's server."""
    return built / "server"
