"""Answer JSON Lines with Dask: the rows that `handbook batch` gives, on as many machines as Dask has.

    python on_dask.py grade-from-points 'in/*.jsonl' out/ 2024-06-01

Nothing is needed but Dask and the `policy_core` wheel on every worker. As it stands it runs on all cores of
this machine; with `dask.distributed.Client("tcp://scheduler:8786")` opened first, on that cluster.
`answers`, what is done with each block, is plain Python from lines to lines and knows nothing of Dask.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date

import dask.bag

from policy_core import InputErrors, calculate
from policy_core._browser import read_json

BLOCK = "16MB"


def answers(lines: Iterable[str], calculator: str, as_of: date) -> Iterator[str]:
    """Answer each record with its outcome, or with all that is wrong with it."""
    for line in lines:
        if not line.strip():
            continue
        try:
            answer = calculate(calculator, read_json(line), as_of, outcome_only=True).to_json()
            given = {key: answer[key] for key in ("calculator", "version", "outcome")}
        except InputErrors as error:
            given = error.to_json()
        yield json.dumps(given, ensure_ascii=False, separators=(",", ":"))


def main(calculator: str, source: str, target: str, as_of: str) -> None:
    """Answer all files of a pattern, a file of answers for each block of records, in their order."""
    lines = dask.bag.read_text(source, blocksize=BLOCK, encoding="utf-8")
    done = lines.map_partitions(answers, calculator, date.fromisoformat(as_of))
    done.to_textfiles(f"{target}/*.jsonl", last_endline=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
