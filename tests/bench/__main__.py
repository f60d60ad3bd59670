"""Run every bench: `python -m tests.bench [RUNS]`."""

from __future__ import annotations

import sys

from tests.bench import batches, rules, start

if __name__ == "__main__":
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    sys.stdout.write(rules.table(runs))
    sys.stdout.write(batches.table(runs))
    sys.stdout.write(start.table(runs))
