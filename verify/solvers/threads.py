"""Work in a thread for every core, each with one thread for its matrix products."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_threads(work: Callable[[Job], Result], jobs: Iterable[Job], workers: int | None = None) -> Iterator[Result]:
    """Yield the results of all jobs in their order; whoever stops asking stops the jobs that have not begun."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        pool = ThreadPoolExecutor(workers or os.cpu_count())
        try:
            yield from pool.map(work, jobs)
        finally:
            pool.shutdown(cancel_futures=True)
