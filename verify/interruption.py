"""Ctrl-C where work runs in several processes: the first one ends the work and keeps what is proved."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from typing import Any


class Interruption:
    """Notes Ctrl-C. The first one raises KeyboardInterrupt only with `raises`, every other one always."""

    def __init__(self, *, raises: bool = True) -> None:
        self.happened = False
        self._raises = raises
        self._before: Any = None

    def __enter__(self) -> Interruption:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, *_: object) -> None:
        again, self.happened = self.happened, True
        if again or self._raises:
            raise KeyboardInterrupt


@contextlib.contextmanager
def ignoring_interruptions() -> Iterator[None]:
    """Ignore Ctrl-C within the block; processes that start there inherit that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupt(pids: Iterable[int | None]) -> None:
    """Interrupt processes, as Ctrl-C does."""
    for pid in pids:
        if pid is not None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGINT)


class Interruptible:
    """In a process that works for another: Ctrl-C raises KeyboardInterrupt within the block, once, and nowhere else."""

    _working = False

    @classmethod
    def listen(cls) -> None:
        """Let Ctrl-C reach the blocks of this process."""
        signal.signal(signal.SIGINT, cls._interrupt)

    def __enter__(self) -> None:
        type(self)._working = True

    def __exit__(self, *_: object) -> None:
        type(self)._working = False

    @classmethod
    def _interrupt(cls, *_: object) -> None:
        if cls._working:
            cls._working = False
            raise KeyboardInterrupt
