"""The runtime's bytes follow from its sources alone: not from the folder, the hour, or what runs beside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import types
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from build_scripts import stand_in, touched
from build_scripts.runtime import ROOT, STAND_INS, build_runtime, hash_of, sources, store
from tests.amounts import PROVING

BUILD = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from build_scripts.runtime import build_runtime
print(build_runtime(Path(sys.argv[1])))
"""
SOURCES = (
    "build_scripts", "calculators", "docs", "policy_core", "pyproject.toml", "README.md", "tests/cases",
)  # fmt: skip
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


@pytest.mark.skipif(not PROVING, reason="test_supply.py builds all of the site twice; `make proof`")
def test_builds_beside_each_other_and_elsewhere_give_the_same_bytes(tmp_path: Path) -> None:
    cache = tmp_path / "here"
    here = [start(ROOT, cache, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C") for _ in range(2)]
    there = start(elsewhere(tmp_path / "other checkout"), tmp_path / "there", **ABROAD)
    first, second, third = map(finish, [*here, there])
    assert first == second
    assert sorted(each.name for each in cache.iterdir()) == sorted([first.name, "built.json"])
    assert first.name == third.name
    assert contents(first) == contents(third)


def test_what_is_asked_of_the_engine_is_a_source_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    before = hash_of(sources())
    assert before == hash_of(sources())
    # The requests are made up from several rooms: whichever of them changes, the runtime is built anew.
    monkeypatch.setattr(touched, "DAYS", ("2020-01-31",))
    assert hash_of(sources()) != before


def test_what_stands_in_is_imported_and_holds_nothing() -> None:
    with zipfile.ZipFile(build_runtime(ROOT / ".cache" / "runtime") / "python.zip") as archive:
        held = {name.removesuffix(".pyc").replace("/", ".") for name in archive.namelist()}
    assert set(STAND_INS) <= held  # none stands in for what nothing imports
    assert not any(name.startswith(f"{each}.") for name in held for each in STAND_INS)


def test_builds_that_store_the_same_bytes_at_one_time_all_succeed(tmp_path: Path) -> None:
    files = {f"{number}.bin": bytes(20_000) for number in range(40)}
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda _: contents(store(tmp_path, files)), range(32)))
    assert stored == [files] * 32
    assert len(list(tmp_path.iterdir())) == 1


def test_what_stands_in_bears_all_that_an_import_does_with_it() -> None:
    library: Any = stand_in

    class Loop(library.AbstractEventLoop):  # type: ignore[misc]
        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    @library.coroutine  # type: ignore[untyped-decorator]
    def given() -> int:
        return 1

    task = library.tasks.Task[Loop]
    assert Loop("a").name == "a"
    assert given() == 1
    assert list(library.NAMES.items()) == []
    assert isinstance(task | None, types.UnionType)
    assert not hasattr(library, "__wrapped__")
    assert not hasattr(task, "__wrapped__")
