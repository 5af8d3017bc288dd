"""How many threads work takes: products of matrices in one, or jobs in a thread for every core."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which products of matrices run in one thread.

    For many small products: handing them to threads costs more than it saves, most of all where other work is running.
    """
    return _libraries("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas")


@cache
def _libraries(with_scipy: bool) -> Any:
    """Return the libraries that are loaded, looked for once, and again when scipy has brought its own."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def in_threads(work: Callable[[Job], Result], jobs: Iterable[Job], workers: int | None = None) -> Iterator[Result]:
    """Yield the results of all jobs in their order; whoever stops asking stops the jobs that have not begun."""
    with one_thread():
        pool = ThreadPoolExecutor(workers or os.cpu_count())
        try:
            yield from pool.map(work, jobs)
        finally:
            pool.shutdown(cancel_futures=True)
