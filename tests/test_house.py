"""The house itself: what may import what, and that every calculator has all its rooms."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import policy_core
from build_scripts.cli import handbook as command
from build_scripts.source import load

ROOT = Path(__file__).resolve().parent.parent
CALCULATORS = [each.id for each in policy_core.calculators()]


def imported(folder: str) -> Iterator[tuple[Path, str]]:
    """Yield every module that the Python files of a folder import, by its top-level name."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, each.name.partition(".")[0]) for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield path, node.module.partition(".")[0]


def test_the_core_imports_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"policy_core"}
    assert [
        (path.name, name) for path, name in imported("policy_core") if name not in allowed
    ] == []


def test_only_the_hook_and_the_build_import_mkdocs() -> None:
    users = {path.name for path, name in imported("build_scripts") if name == "mkdocs"}
    assert users <= {"hook.py", "pages.py", "preview.py"}


def test_the_core_imports_without_site_packages() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import policy_core, policy_core._browser"
    )
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


def test_rules_divide_exactly() -> None:
    # Whole numbers flow through a rule as int, which `/` would turn into a float.
    divide = [
        f"{path.name}:{node.lineno}"
        for path in sorted((ROOT / "policy_core").glob("[a-z]*.py"))
        if re.search(r"import .*\bWorking\b", text := path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
    ]
    assert divide == []


QUOTE = re.compile(r"^ *# (.*)\n *# ([a-z-]+:[\w.]+)$", re.MULTILINE)


@pytest.mark.parametrize(
    "module", sorted((ROOT / "policy_core").glob("[a-z]*.py")), ids=lambda path: path.stem
)
def test_the_quotes_above_the_code_are_the_text_s(module: Path) -> None:
    for quote, clause in QUOTE.findall(module.read_text(encoding="utf-8")):
        document = load(ROOT / f"docs/policies/{clause.partition(':')[0]}.txt")
        found = document.find(clause)
        assert found, clause
        text = re.sub(r"\s", "", found.full_text())
        for words in quote.split("…"):
            assert re.sub(r"\s", "", words) in text, (clause, words)


@pytest.mark.parametrize("calculator", CALCULATORS)
def test_every_calculator_has_labels_and_cases(calculator: str) -> None:
    assert tomllib.loads((ROOT / f"calculators/{calculator}.toml").read_text(encoding="utf-8"))[
        "title"
    ]
    cases = tomllib.loads((ROOT / f"tests/cases/{calculator}.toml").read_text(encoding="utf-8"))
    assert len(cases["case"]) > 1


def test_no_labels_without_a_calculator() -> None:
    assert {path.stem for path in (ROOT / "calculators").glob("*.toml")} == set(CALCULATORS)


def test_the_readme_names_every_command_and_is_short() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in command.commands if f"`{name}" not in text] == []
    assert len(text.splitlines()) <= 120


def test_no_generated_file_is_tracked() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    endings = (".pyc", ".whl", ".wasm")
    assert [path for path in tracked if path.endswith(endings) or path.startswith("site/")] == []
