"""The example for Dask, on this machine, with the built wheel alone: the same rows as `handbook batch`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from build_scripts.batch import Wishes, run_batch

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = Path(__file__).with_name("on_dask.py")
DAY = "2024-06-01"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel that every worker of an engine gets."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run([sys.executable, "-m", "build", *options], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def records(number: int) -> str:
    """Make records of which every seventh is wrong and every tenth is empty."""
    return "".join(
        "\n" if at % 10 == 9
        else json.dumps({"grade": at % 26, "carried": at % 20, "points": at / 4, "half": 2 + (at % 7 == 0)})
        + "\n"
        for at in range(number)
    )  # fmt: skip


def test_dask_gives_the_rows_of_the_batch(tmp_path: Path, wheel: Path) -> None:
    parts = [tmp_path / "in" / f"{name}.jsonl" for name in "ab"]
    parts[0].parent.mkdir()
    for part, number in zip(parts, (40, 60), strict=True):
        part.write_text(records(number), encoding="utf-8")
    call = ["grade-from-points", f"{tmp_path}/in/*.jsonl", f"{tmp_path}/out", DAY]
    # A wheel is an archive that Python imports from; the working copy is out of reach.
    environment = os.environ | {"PYTHONPATH": str(wheel)}
    alone = tmp_path / EXAMPLE.name
    alone.write_bytes(EXAMPLE.read_bytes())
    code = "import policy_core; print(policy_core.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(wheel) in found.stdout
    subprocess.run([sys.executable, alone, *call], cwd=tmp_path, env=environment, check=True)
    rows = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").glob("*.jsonl")))
    whole = tmp_path / "whole.jsonl"
    whole.write_text("".join(part.read_text("utf-8") for part in parts), encoding="utf-8")
    run_batch(
        "grade-from-points", str(whole), str(tmp_path / "batch.jsonl"), date.fromisoformat(DAY),
        Wishes(outcome_only=True),
    )  # fmt: skip
    assert rows == (tmp_path / "batch.jsonl").read_text("utf-8")
    assert rows.count('"errors"') > 5
