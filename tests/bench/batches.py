"""Rows a second and the memory of a batch, for every form and for one process and two."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import product
from pathlib import Path

from build_scripts.batch import Wishes, run_batch

ROOT = Path(__file__).resolve().parent.parent.parent
FORMS = ("jsonl", "csv", "xlsx", "parquet")
SIZES = (10_000, 100_000)
DAY = date(2024, 6, 1)


def records(number: int) -> str:
    """Make lines of records, some with decimals, some of a first half-year."""
    chance = random.Random(number)  # noqa: S311 - the same rows every time
    lines = []
    for _ in range(number):
        record = {"grade": chance.randrange(26), "carried": chance.randrange(20), "half": 2}
        points = chance.choice([chance.randrange(-5, 90), chance.randrange(900) / 10])
        year = chance.randrange(60)
        first = {"half": 1, "previous_year_points": year, "first_year": False} if year % 2 else {}
        lines.append(json.dumps({**record, "points": points, **first}))
    return "\n".join(lines) + "\n"


def measured(source: Path, target: Path, jobs: int) -> tuple[float, int]:
    """Run a batch as people do; give its seconds and the most memory that its first process took, in MB."""
    command = [sys.executable, "-m", "build_scripts", "batch", "grade-from-points", source, "-o", target,
               "--outcome-only", "--jobs", str(jobs)]  # fmt: skip
    start = time.perf_counter()
    with subprocess.Popen(list(map(str, command)), cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - start, used.ru_maxrss // 1024


def table(runs: int) -> str:
    """Measure every form, size and number of processes in turn; print medians, with the start counted in."""
    found: dict[tuple[str, int, int], list[tuple[float, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            first = Path(folder) / f"in{size}.jsonl"
            first.write_text(records(size), encoding="utf-8")
            for form in FORMS[1:]:
                # A result brings its inputs along, so it is a table to read, wider than most.
                wider = str(first.with_suffix(f".{form}"))
                run_batch("grade-from-points", str(first), wider, DAY, Wishes(jobs=2))
        for _, size, form, jobs in product(range(runs), SIZES, FORMS, (1, 2)):
            source, out = Path(folder) / f"in{size}.{form}", Path(folder) / f"out.{form}"
            found.setdefault((form, size, jobs), []).append(measured(source, out, jobs))
    lines = [f"batch, grade-from-points: rows a second, and MB of memory, medians of {runs} runs"]
    for (form, size, jobs), each in found.items():
        spent, memory = (statistics.median(one) for one in zip(*each, strict=True))
        lines.append(
            f"  {form:8} {size:7} rows, {jobs} jobs {size / spent:8.0f}/s {memory:5.0f} MB"
        )
    return "\n".join(lines) + "\n"
