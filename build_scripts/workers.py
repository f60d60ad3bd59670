"""Work on chunks by several processes, in order, with no more in memory than they can do at once."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, cast

AHEAD = 3

# What each process of a pool works with, set once when it starts.
WORK: list[Callable[[Any], object]] = []


def in_order[Chunk, Result](
    work: Callable[[Chunk], Result], chunks: Iterable[Chunk], jobs: int
) -> Iterator[Result]:
    """Yield the result of each chunk, in their order, at most `AHEAD` chunks a process before it is taken.

    Raises:
        BrokenProcessPool: a process ended before its work did.

    """
    if jobs == 1:
        yield from map(work, chunks)
        return
    # A fresh interpreter for each process: nothing of this one's threads and files comes along.
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), begin, (work,))
    try:
        waiting: deque[Future[object]] = deque()
        for chunk in chunks:
            waiting.append(pool.submit(do, chunk))
            if len(waiting) >= AHEAD * jobs:
                yield cast("Result", waiting.popleft().result())
        while waiting:
            yield cast("Result", waiting.popleft().result())
    finally:
        pool.shutdown(cancel_futures=True)


def begin(work: Callable[[Any], object]) -> None:
    """Start a process; Ctrl+C is for the one that gives out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    WORK[:] = [work]


def do(chunk: object) -> object:
    """Do one chunk."""
    return WORK[0](chunk)
