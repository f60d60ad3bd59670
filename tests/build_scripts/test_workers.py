"""Several processes: the order, what their work raises, and a process that ends at any moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from build_scripts.workers import AHEAD, in_order

ROOT = Path(__file__).resolve().parent.parent.parent
LARGE = 50_000_000


def slower_at_first(number: int) -> tuple[int, int]:
    """Give the number back; the first takes longest."""
    time.sleep(0.2 if number == 0 else 0)
    return number, os.getpid()


def test_results_come_in_order_from_all_processes() -> None:
    done = list(in_order(slower_at_first, range(40), 3))
    assert [number for number, _ in done] == list(range(40))
    assert len({process for _, process in done}) == 3


def test_no_more_is_read_than_can_be_worked_on() -> None:
    read: list[int] = []
    results = in_order(slower_at_first, (read.append(at) or at for at in range(100)), 2)  # type: ignore[func-returns-value]
    next(results)
    assert len(read) == 2 * AHEAD
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def doubled(data: bytes) -> bytes:
    """Give a result larger than what a pipe holds."""
    return data * 2


def test_large_chunks_and_results_do_not_wait_for_each_other() -> None:
    done = list(in_order(doubled, [bytes(3_000_000)] * 12, 2))
    assert [len(each) for each in done] == [6_000_000] * 12


def refuse(number: int) -> int:
    """Refuse the fifth."""
    if number == 5:
        raise OSError(f"no {number}")
    return number


def test_what_the_work_raises_is_raised_at_its_turn() -> None:
    results = in_order(refuse, range(10), 2)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(OSError, match="no 5"):
        next(results)
    assert not multiprocessing.active_children()


def die_at_work(number: int) -> int:
    """End the process of the fifth chunk."""
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_in_mid_result(number: int) -> bytes:
    """End the process while it writes its result."""
    writer = threading.main_thread().ident or 0

    def watch() -> None:
        while sys._current_frames()[writer].f_code.co_name != "_send":
            time.sleep(0.0005)
        os.kill(os.getpid(), signal.SIGKILL)

    if number == 5:
        threading.Thread(target=watch).start()
    return bytes(LARGE)


@pytest.mark.parametrize("work", [die_at_work, die_in_mid_result])
def test_a_process_that_ends_is_noticed_at_any_moment(work: object) -> None:
    script = (
        "from build_scripts.workers import WorkerError, in_order\n"
        f"from {__name__} import {work.__name__}\n"  # type: ignore[attr-defined]
        "try:\n"
        f"    for _ in in_order({work.__name__}, range(20), 2): pass\n"  # type: ignore[attr-defined]
        "except WorkerError:\n"
        "    print('noticed')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("noticed\n", "")
