"""How many threads linear algebra takes."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from functools import cache
from typing import Any


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
