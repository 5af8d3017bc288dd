"""How much a search may cost: effort, time limit, and a clean stop that keeps what is proved."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from .progress import Progress


class Effort(StrEnum):
    """How hard to look before a level is left undecided; `glance` does without any search."""

    glance = "glance"
    quick = "quick"
    standard = "standard"
    thorough = "thorough"


_OPERATIONS = {Effort.glance: 0.0, Effort.quick: 4e9, Effort.standard: 4e11, Effort.thorough: math.inf}
_OPERATIONS_PER_ENTRY = 4e6
"""Quick work grows with the dictionary: this much for every entry, if that is more."""
_SECONDS = {Effort.glance: math.inf, Effort.quick: math.inf, Effort.standard: 60.0, Effort.thorough: math.inf}


class _StoppedError(Exception):
    """The time was over within a piece of work; it never leaves `Budget.interruptible`."""


@dataclass(slots=True, kw_only=True)
class Budget:
    """What the searches for one dictionary may cost, and on which device their matrices are factored.

    Work is planned in floating-point operations, so that the answer does not depend on the machine; a time limit
    (seconds) and Ctrl-C stop it early. Once stopped, a budget stays stopped.
    """

    effort: Effort = Effort.quick
    time_limit: float | None = None
    entries: int = 0
    device: str = "cpu"
    _started: float = field(default_factory=time.monotonic)
    _interrupted: bool = False
    _cut_short: bool = False

    @property
    def operations(self) -> float:
        """The most operations that one piece of work may plan."""
        scale = {Effort.glance: 0, Effort.standard: 100}.get(self.effort, 1)
        return max(_OPERATIONS[self.effort], scale * _OPERATIONS_PER_ENTRY * self.entries)

    def affords(self, operations: float) -> bool:
        """Say whether a piece of work of this size may begin."""
        return operations <= self.operations and not self.stopped()

    def stopped(self) -> bool:
        """Say whether the time is over, or the user has asked to stop."""
        limit = _SECONDS[self.effort] if self.time_limit is None else self.time_limit
        self._cut_short = self._cut_short or self._interrupted or time.monotonic() - self._started > limit
        return self._cut_short

    @property
    def interrupted(self) -> bool:
        """Whether the user has asked to stop."""
        return self._interrupted

    @property
    def cut_short(self) -> bool:
        """Whether a search was told to stop before it was done, by the user or by the time."""
        return self._cut_short or self._interrupted

    def watched(self, progress: Progress) -> Progress:
        """Return a callback that also ends the innermost `interruptible` block once the budget is stopped."""

        def report(work: str, done: int, total: int) -> None:
            progress(work, done, total)
            if done < total and self.stopped():
                raise _StoppedError

        return report

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Turn Ctrl-C within the block into the end of the searches: what was proved before is kept."""
        try:
            yield
        except _StoppedError:
            pass
        except KeyboardInterrupt:
            if self._interrupted:
                raise
            self._interrupted = True
