"""One built site for all tests, and coverage for the rules alone: it makes Python twice as slow."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import is_hypothesis_test

from build_scripts.pages import build_site
from tests.copies import made_once

RULES = Path(__file__).with_name("policy_core")
COVERAGE = Coverage.current()


def measured(item: pytest.Item) -> bool:
    """Tell whether a test counts for the coverage: of the rules, by tables, not by chance or brute force."""
    return (
        item.path.is_relative_to(RULES)
        and not is_hypothesis_test(getattr(item, "obj", None))
        and not item.get_closest_marker("brute")
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Stop the measuring while a test runs that does not count, with all that it sets up."""
    # With it every command that a test calls would be measured as well.
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    if COVERAGE is None or measured(item):
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
