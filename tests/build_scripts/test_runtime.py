"""The runtime's bytes follow from its sources alone: not from the folder, the hour, or what runs beside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from build_scripts.runtime import ROOT, store

BUILD = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from build_scripts.runtime import build_runtime
print(build_runtime(Path(sys.argv[1])))
"""
SOURCES = ("build_scripts", "calculators", "docs", "policy_core", "pyproject.toml", "README.md")
ABROAD = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "zh_CN.UTF-8", "LANG": "C"}

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node")


def start(root: Path, cache: Path, **environment: str) -> subprocess.Popen[str]:
    """Start a build of the runtime from a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(cache)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(build: subprocess.Popen[str]) -> Path:
    """Wait for a build and give its folder."""
    printed, _ = build.communicate(timeout=240)
    assert build.returncode == 0
    return Path(printed.strip())


def contents(folder: Path) -> dict[str, bytes]:
    """Read a built folder."""
    return {each.name: each.read_bytes() for each in sorted(folder.iterdir())}


def elsewhere(folder: Path) -> Path:
    """Copy the sources as another checkout has them."""
    folder.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    (folder / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def test_two_builds_give_the_same_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    here = start(ROOT, tmp_path / "here", PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C")
    there = start(elsewhere(tmp_path / "other checkout"), tmp_path / "there", **ABROAD)
    first, second = finish(here), finish(there)
    assert first.name == second.name
    assert contents(first) == contents(second)


def test_two_builds_into_one_cache_do_not_disturb_each_other(tmp_path: Path) -> None:
    builds = [start(ROOT, tmp_path), start(ROOT, tmp_path)]
    first, second = map(finish, builds)
    assert first == second
    assert "python.zip" in contents(first)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([first.name, "built.json"])


def test_builds_that_store_the_same_bytes_at_one_time_all_succeed(tmp_path: Path) -> None:
    files = {f"{number}.bin": bytes(20_000) for number in range(40)}
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: contents(store(tmp_path, files)), range(32)))
    assert stored == [files] * 32
    assert len(list(tmp_path.iterdir())) == 1
