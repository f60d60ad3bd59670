"""Work on chunks by several processes, in order, with no more in memory than they can do at once.

Each process has a pipe of its own. The pool of the standard library has one for the results of all: where a
process is killed in the middle of one, the rest of it is waited for without end.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast

# Chunks that a process may have had and whose results were not taken yet.
AHEAD = 3


class WorkerError(Exception):
    """A process ended before its work did."""


def in_order[Chunk, Result](
    work: Callable[[Chunk], Result], chunks: Iterable[Chunk], jobs: int
) -> Iterator[Result]:
    """Yield the result of each chunk, in their order, at most `AHEAD` chunks a process before it is taken.

    Raises:
        WorkerError: a process ended before its work did.

    """
    if jobs == 1:
        yield from map(work, chunks)
        return
    with processes(work, jobs) as pipes:
        waiting: deque[Pipe] = deque()
        for chunk, pipe in zip(chunks, cycle(pipes), strict=False):
            # A process that is gone is noticed where its result is taken.
            with suppress(OSError):
                pipe.send(chunk)
            waiting.append(pipe)
            if len(waiting) >= AHEAD * jobs:
                yield cast("Result", taken(waiting.popleft()))
        while waiting:
            yield cast("Result", taken(waiting.popleft()))


type Pipe = Connection[Any, Any]


@contextmanager
def processes(work: Callable[[Any], object], jobs: int) -> Iterator[list[Pipe]]:
    """Start processes and give the pipe to each; at the end none is left."""
    # A fresh interpreter for each: nothing of this one's threads and files comes along.
    context = get_context("spawn")
    pipes, started = [], []
    try:
        for _ in range(jobs):
            pipe, theirs = context.Pipe()
            process = context.Process(target=serve, args=(work, theirs), daemon=True)
            process.start()
            # Only the process itself holds its end, so that the end of the one is the end of the other.
            theirs.close()
            pipes.append(pipe)
            started.append(process)
        yield pipes
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.join()


def taken(pipe: Pipe) -> object:
    """Take the next result of a process; what its work raised is raised here."""
    try:
        result, error = pipe.recv()
    except (EOFError, OSError) as end:
        raise WorkerError("a process ended before its work did") from end
    if error is not None:
        raise error
    return result


def serve(work: Callable[[Any], object], pipe: Pipe) -> None:
    """Do each chunk that comes, until the pipe is closed."""
    # Ctrl+C is for the process that gives out the work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Chunks are taken in while a result waits to be taken: else both ends could wait for each other.
    chunks: SimpleQueue[tuple[object] | None] = SimpleQueue()
    Thread(target=take_in, args=(pipe, chunks), daemon=True).start()
    # Where the one that gives out the work is gone, there is nobody to tell.
    with suppress(OSError):
        while (chunk := chunks.get()) is not None:
            pipe.send(answered(work, *chunk))


def answered(work: Callable[[Any], object], chunk: object) -> tuple[object, Exception | None]:
    """Do a chunk: its result, or what the work raised."""
    try:
        return work(chunk), None
    except Exception as error:  # noqa: BLE001 - raised again where the result is taken
        return None, error


def take_in(pipe: Pipe, chunks: SimpleQueue[tuple[object] | None]) -> None:
    """Put by the chunks of a pipe; None is the end."""
    try:
        with suppress(EOFError, OSError):
            while True:
                chunks.put((pipe.recv(),))
    finally:
        chunks.put(None)
