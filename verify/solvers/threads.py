"""How many threads linear algebra takes."""

from __future__ import annotations

from contextlib import AbstractContextManager


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which products of matrices run in one thread.

    For many small products: handing them to threads costs more than it saves, most of all where other work is running.
    """
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1, user_api="blas")
