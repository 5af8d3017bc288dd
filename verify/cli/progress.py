"""Progress on stderr, on a terminal only, and only if the work takes more than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..progress import Progress, silent

_PATIENCE_SECONDS = 1.0
_MOST_BARS = 4


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Yield a progress callback that draws the last few works as bars on stderr, or a silent one if nobody watches."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    started = time.monotonic()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def progress(work: str, done: int, total: int) -> None:
            if work not in tasks:
                if time.monotonic() - started < _PATIENCE_SECONDS and done < total:
                    return
                # One piece of work of unknown length: a bar that moves until it is done.
                tasks[work] = bars.add_task(work, total=None if total == 1 else total)
                # A long search names its levels one after the other; the last works show how the gap shrinks.
                while len(tasks) > _MOST_BARS:
                    bars.remove_task(tasks.pop(next(iter(tasks))))
            bars.update(tasks[work], completed=done, total=None if total == 1 and not done else total)

        yield progress
