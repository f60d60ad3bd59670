"""The whole site follows from its sources: two builds agree, and its lists say what is in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from build_scripts.bootstrap import ROOT
from tests.copies import copy_to

ABROAD = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "zh_CN.UTF-8", "LANG": "C"}


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from another checkout under other customs."""
    folder = tmp_path_factory.mktemp("far away")
    (folder / "check out").mkdir()
    # A site that was built there before, whose pressed files a server would send instead of the new ones.
    (folder / "site").mkdir()
    for name in ("sitemap.xml", "index.html.gz"):
        (folder / "site" / name).write_text("of an earlier build", encoding="utf-8")
    kept = {name: each for name, each in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    root = copy_to(folder / "check out").root
    places = ["--site", str(folder / "site"), "--server", str(folder / "server")]
    done = subprocess.run(
        [sys.executable, "-m", "build_scripts", "build", "--quick", *places],
        cwd=root,
        env={**kept, "PYTHONPATH": str(root), **ABROAD},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file under a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_builds_of_the_site_give_the_same_bytes(built: Path, abroad: Path) -> None:
    for part in ("site", "server"):
        here, there = contents(built / part), contents(abroad / part)
        assert here.keys() == there.keys()
        assert [name for name in here if here[name] != there[name]] == []


def test_the_list_of_hashes_is_checked_by_the_usual_tool(site: Path) -> None:
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=site, check=False).returncode == 0
    listed = [line[66:] for line in (site / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert [*listed, "SHA256SUMS"] == sorted(
        [*contents(site)], key=lambda each: (each == "SHA256SUMS", Path(each))
    )


def test_the_bill_of_materials_is_valid_and_names_every_pin(site: Path) -> None:
    text = (site / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    named = {each["purl"] for each in bill["components"]}
    requirements = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([\w.-]+)==(\S+)", requirements, re.MULTILINE)
    assert {f"pkg:pypi/{name}@{version}".lower() for name, version in pinned} <= {
        each.lower() for each in named
    }
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len([each for each in named if each.startswith("pkg:npm/")]) == len(lock) - 1
    shipped = {each["name"] for each in bill["components"] if each["scope"] == "required"}
    assert shipped == {"cpython", "emscripten", "mkdocs-material", "policy-core", "pyodide"}


def test_every_dependency_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-node.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        lines = re.sub(r"\\\n", "", text).splitlines()
        pins = [line for line in lines if line and not line.lstrip().startswith("#")]
        assert pins
        assert [line for line in pins if "==" not in line or "--hash=sha256:" not in line] == []
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [
        name
        for name, each in lock.items()
        if name and not each.get("integrity", "").startswith("sha512-")
    ] == []
    setup = (ROOT / "build_scripts" / "bootstrap.py").read_text(encoding="utf-8")
    assert setup.count('"--require-hashes"') == setup.count('"sync"') + setup.count('"-r"')
    assert '"npm", "ci"' in setup
