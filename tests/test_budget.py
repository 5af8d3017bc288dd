"""Budgets: planned work, time, and a clean stop."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

import pytest

from verify import budget as module
from verify.budget import Budget, Effort


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    now = [time.monotonic()]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    yield now


def test_more_effort_affords_more() -> None:
    for entries in (0, 10, 10**4, 10**8):
        glance, quick, standard, thorough = (Budget(effort=effort, entries=entries).operations for effort in Effort)
        assert 0 == glance < quick < standard <= thorough == math.inf
    assert Budget(entries=10**8).operations > Budget(entries=10).operations
    assert Budget().effort is Effort.quick


def test_what_fits_is_afforded_until_the_budget_is_stopped() -> None:
    budget = Budget()
    assert budget.affords(budget.operations)
    assert not budget.affords(budget.operations * 1.001)
    with budget.interruptible():
        raise KeyboardInterrupt
    assert not budget.affords(0)


@pytest.mark.parametrize(("effort", "limit", "seconds"), [("quick", None, math.inf), ("standard", None, 60), ("thorough", None, math.inf), ("quick", 5, 5), ("standard", 5, 5), ("thorough", 1000, 1000)])  # fmt: skip
def test_time(clock: list[float], effort: str, limit: float | None, seconds: float) -> None:
    budget = Budget(effort=Effort(effort), time_limit=limit)
    clock[0] += min(seconds, 10**9)
    assert not budget.stopped()
    assert budget.affords(1)
    clock[0] += 1
    assert budget.stopped() is (seconds < math.inf)
    assert budget.affords(1) is (seconds == math.inf)
    assert not budget.interrupted


def test_the_first_interrupt_stops_and_the_second_goes_through() -> None:
    budget = Budget(effort=Effort.thorough)
    reached = []
    with budget.interruptible():
        reached.append(1)
    assert not budget.stopped()
    with budget.interruptible():
        reached.append(2)
        raise KeyboardInterrupt
    assert reached == [1, 2]
    assert budget.interrupted
    assert budget.stopped()
    with budget.interruptible():
        reached.append(3)
    with pytest.raises(KeyboardInterrupt), budget.interruptible():
        raise KeyboardInterrupt
    assert budget.stopped()


def test_other_errors_go_through() -> None:
    budget = Budget()
    with pytest.raises(ValueError, match="other"), budget.interruptible():
        raise ValueError("other")
    assert not budget.interrupted
