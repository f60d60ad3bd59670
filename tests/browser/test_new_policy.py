"""A tenth policy with a calculator, from nothing: two commands, a build, and an answer everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, serving
from tests.copies import WorkingCopy, copy_to

pytestmark = pytest.mark.browser

FILES = [
    "docs/policies/staff-leave.txt",
    "policy_core/parameters/staff-leave.toml",
    "policy_core/staff_leave.py",
    "calculators/leave-days.toml",
    "tests/cases/leave-days.toml",
]


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """Lay out a policy and a calculator in a copy."""
    copy = copy_to(tmp_path_factory.mktemp("tenth"))
    first = copy.run("new", "policy", "staff-leave")
    second = copy.run("new", "calculator", "leave-days", "--policy", "staff-leave")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    said = first.stderr + second.stderr
    assert [name for name in FILES if f"写好了 {name}\n" not in said] == []
    assert "改了 policy_core/__init__.py" in said
    assert "handbook new calculator 计算的编号 --policy staff-leave" in said
    return copy


@pytest.fixture(scope="module")
def running(next_year: WorkingCopy) -> Iterator[Server]:
    """Serve a copy that has been built with such a policy."""
    with serving(next_year.root / "site") as server:
        yield server


def test_the_example_is_sound_and_passes_the_tests_of_the_house(tenth: WorkingCopy) -> None:
    assert tenth.run("check", "--strict").returncode == 0
    tests = ["tests/policy_core/test_cases.py", "tests/policy_core/test_parameters.py",
             "tests/test_texts.py", "tests/build_scripts/test_checks.py"]  # fmt: skip
    done = tenth.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert done.returncode == 0, done.stdout
    house = ["tests/test_house.py", "-k", "not tracked"]
    done = tenth.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *house)
    assert done.returncode == 0, done.stdout
    done = tenth.python("-m", "ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_the_command_line_answers(tenth: WorkingCopy) -> None:
    answer = json.loads(tenth.run("calc", "leave-days", '{"count": 3}').stdout)
    assert answer["outcome"] == {"total": 15}
    assert [step["clause"] for step in answer["steps"]] == ["staff-leave:2.1"]


def test_the_browser_answers_the_same(page: Page, server: Server, tenth: WorkingCopy) -> None:
    page.goto(server.url)
    page.click("text=新的计算：一共是多少？")
    page.fill('[name="count"]', "3")
    page.wait_for_selector('policy-calculator[data-state="answered"]', timeout=30_000)
    expect(page.locator(".answer-headline")).to_contain_text("一共 15 天")
    answer = json.loads(page.get_attribute("output", "data-answer") or "")
    assert answer == json.loads(tenth.run("calc", "leave-days", '{"count": 3}').stdout)
    page.locator(".steps .clause-link").first.click()
    page.wait_for_url("**/policies/staff-leave/#c-2-1")
    expect(page.locator("#c-2-1 .figure-mark")).to_have_text("5天")


def test_nothing_that_is_there_is_written_over(tenth: WorkingCopy) -> None:
    before = {path: path.read_bytes() for path in tenth.root.rglob("*.toml") if path.is_file()}
    again = tenth.run("new", "policy", "staff-leave")
    assert (again.returncode, "已经有一篇在用" in again.stderr) == (2, True)
    (tenth.root / "docs/policies/free-days.txt").write_text("一、甲\n二、乙\n", encoding="utf-8")
    for words in (["policy", "free-days"], ["calculator", "leave-days", "--policy", "staff-leave"]):
        assert tenth.run("new", *words).returncode == 2
    (tenth.root / "docs/policies/free-days.txt").unlink()
    (tenth.root / "calculators/leave-hours.toml").write_text("mine", encoding="utf-8")
    done = tenth.run("new", "calculator", "leave-hours", "--policy", "staff-leave")
    (tenth.root / "calculators/leave-hours.toml").unlink()
    assert (done.returncode, "已经有 calculators/leave-hours.toml" in done.stderr) == (2, True)
    assert not (tenth.root / "policy_core/staff_leave_leave_hours.py").exists()
    after = {path: path.read_bytes() for path in tenth.root.rglob("*.toml") if path.is_file()}
    assert before == after


def test_a_second_calculator_gets_a_module_beside_the_first(tenth: WorkingCopy) -> None:
    rule = (tenth.root / "policy_core/rd_grades.py").read_bytes()
    done = tenth.run("new", "calculator", "points-needed", "--policy", "rd-grades")
    assert done.returncode == 0, done.stderr
    assert (tenth.root / "policy_core/rd_grades.py").read_bytes() == rule
    answer = json.loads(tenth.run("calc", "points-needed", '{"count": 2}').stdout)
    assert answer["outcome"] == {"total": 40}
    assert tenth.run("check").returncode == 0
