"""One piece of work for each of many sources: here, or in a process for every core."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Generic, TypeVar

from ..interruption import Interruptible, Interruption, ignoring_interruptions, interrupt

Task = TypeVar("Task")
Result = TypeVar("Result")

_SMALL, _LARGE = 8192, 1 << 22
"""In entries: below, a few are done sooner than a process starts; above, one is done at a time, for its memory."""
_FEW = 4
_LOOKS_EVERY = 0.2
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Lost:
    """What stands for a result if the process ended without one: killed, most likely for its memory."""


class NotBegun:
    """What stands for a result that Ctrl-C prevented."""


def entries_of(source: str) -> int:
    """Return about how many entries a source has, from the length of its file or the numbers in a built-in's name."""
    if source.startswith("builtin:"):
        product = 1
        for number in re.findall("[0-9]{1,9}", source)[:2]:
            product *= max(1, int(number))
        return product
    try:
        return Path(source).stat().st_size // 4
    except (OSError, ValueError):
        return 0


class Work(Generic[Task, Result]):
    """`do` (a function that processes can import) for every task; `sources` say how large the tasks are."""

    def __init__(self, do: Callable[[Task], Result], sources: Sequence[str], tasks: Sequence[Task]) -> None:
        self.do, self.tasks = do, tasks
        self.sizes = [entries_of(source) for source in sources]
        self.cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def results(self) -> Iterator[tuple[int, Result | Lost | NotBegun]]:
        """Yield the place and the result of each task, in the order in which they are done.

        At most one process a core; large sources are done last and one at a time, with all cores. A process that is
        killed costs only the task that it was at. Ctrl-C ends what runs (it keeps what is proved) and prevents the
        rest; a second one is an interruption.
        """
        order = range(len(self.tasks))
        if len(order) <= _FEW and sum(self.sizes) <= _SMALL:
            yield from self._here(order)
            return
        with Interruption(raises=False) as interruption:
            for large in (False, True):
                some = [at for at in order if (self.sizes[at] >= _LARGE) is large]
                workers = 1 if large else min(self.cores, len(some))
                while some:
                    lost: list[int] = []
                    for at, result in self._in_processes(some, workers, interruption):
                        if isinstance(result, Lost):
                            lost.append(at)
                        else:
                            yield at, result
                    if lost and workers == 1:  # it works in order: the first one is to blame
                        yield min(lost), Lost()
                        lost.remove(min(lost))
                    some, workers = sorted(lost), 1

    def _here(self, order: Sequence[int]) -> Iterator[tuple[int, Result | Lost | NotBegun]]:
        with Interruption() as interruption:
            for at in order:
                result: Result | NotBegun = NotBegun()
                if not interruption.happened:
                    with contextlib.suppress(KeyboardInterrupt):
                        result = self.do(self.tasks[at])
                yield at, result

    def _in_processes(
        self, some: Sequence[int], workers: int, interruption: Interruption
    ) -> Iterator[tuple[int, Result | Lost | NotBegun]]:
        with ignoring_interruptions(), _threads(max(1, self.cores // workers)):  # what processes inherit at their start
            pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), Interruptible.listen)
            futures = {pool.submit(_run, self.do, self.tasks[at]): at for at in some}
        processes = list((pool._processes or {}).values())  # pyright: ignore[reportPrivateUsage]
        try:
            while futures:
                if interruption.happened:
                    for future in futures:
                        future.cancel()
                    interrupt(process.pid for process in processes)
                done, _ = wait(futures, timeout=_LOOKS_EVERY, return_when=FIRST_COMPLETED)
                for future in done:
                    yield futures.pop(future), _result(future)
        except BaseException:
            for process in processes:
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _run(do: Callable[[Task], Result], task: Task) -> Result | NotBegun:
    try:
        with Interruptible():
            return do(task)
    except KeyboardInterrupt:
        return NotBegun()


def _result(future: Future[Result | NotBegun]) -> Result | Lost | NotBegun:
    try:
        return future.result()
    except CancelledError:
        return NotBegun()
    except BrokenProcessPool:
        return Lost()


@contextlib.contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let processes that start within the block compute with so many threads each."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, str(count)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
