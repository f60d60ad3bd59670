"""A copy of the working copy that a test may change, build and ask, as a person in HR would."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """The folder, and the `handbook` command in it."""

    root: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Call the copy's own command."""
        return self.python("-m", "build_scripts", *words)

    def python(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy."""
        return subprocess.run(
            [sys.executable, *words], cwd=self.root, capture_output=True, text=True, check=False
        )

    def change(self, file: str, before: str, after: str) -> None:
        """Change the one place of a file that reads so."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, (file, before, text.count(before))
        path.write_text(text.replace(before, after), encoding="utf-8")


def copy_to(folder: Path) -> WorkingCopy:
    """Copy what the working copy tracks or is about to; what was installed is shared."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return WorkingCopy(folder)


def with_stricter_version(figures: str, since: str) -> str:
    """Add a second version to rd-grades' figures: from that day on six points are void by 8.1, not five."""
    first = figures[figures.index("[[version]]") : figures.index("[[finding]]")]
    second = first.replace("2024-01-01", since).replace(
        "void_points = { value = 5", "void_points = { value = 6"
    )
    return figures.replace(first, first + second)


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder once for all the processes of one test run: the first makes it, the others wait.

    Nobody may change it.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    done = folder.with_suffix(".done")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
