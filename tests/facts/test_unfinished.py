"""What the time limit or Ctrl-C leaves is what was complete, and everything left out is named."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from exact_reference import sample

from verify.budget import Budget, Effort
from verify.certify.check import check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.working_space import working_space
from verify.facts.generalized import generalized_coherence
from verify.facts.isometry import isometries
from verify.facts.measure import Facts, measure
from verify.verdict import Scaling

measuring = import_module("verify.facts.measure")  # the name in the package is the function
DICTIONARY = sample("float64", 1, 6, 10)


class Interrupt:
    """Raises KeyboardInterrupt at one call of those whose work begins so."""

    def __init__(self, at: int, work: str = "") -> None:
        self.at, self.work, self.calls = at, work, 0

    def __call__(self, work: str, done: int, total: int) -> None:
        if work.startswith(self.work):
            self.calls += 1
            if self.calls == self.at:
                raise KeyboardInterrupt


def test_levels_of_isometry_that_are_complete_are_kept() -> None:
    whole = isometries(DICTIONARY)
    lengths = []
    for at in range(1, 100):
        interrupt, budget = Interrupt(at), Budget(effort=Effort.thorough)
        found = isometries(DICTIONARY, progress=interrupt, budget=budget)
        assert found == whole[: len(found)]
        assert budget.interrupted is (interrupt.calls >= at)
        lengths.append(len(found))
        if not budget.interrupted:
            break
    assert lengths == sorted(lengths)
    assert lengths[0] == 0
    assert lengths[-1] == len(whole) > 1


def test_time_ends_isometry_within_a_level() -> None:
    calls: list[str] = []
    budget = Budget(effort=Effort.thorough, time_limit=1e-9)
    assert isometries(DICTIONARY, progress=lambda work, *_: calls.append(work), budget=budget) == ()
    assert len(calls) == 1


def test_atoms_that_were_not_reached_are_their_own_weights() -> None:
    dictionary = sample("float64", 2, 20, 150)  # three chunks of atoms
    space = working_space(dictionary, Scaling.unit)
    whole = generalized_coherence(dictionary, space)
    sums, left = [], []
    for at in range(1, 5):
        budget = Budget(effort=Effort.thorough)
        found = generalized_coherence(dictionary, space, Interrupt(at), budget) if at < 4 else whole
        assert budget.interrupted is (at < 4)
        assert found.lower <= max(whole.upper)
        assert whole.lower <= max(found.upper) <= 1 + 1e-9
        sums.append(sum(found.upper))
        left.append(found.unfinished)
    assert left == [150, 86, 22, 0]
    assert sums == sorted(sums, reverse=True)
    stopped = generalized_coherence(dictionary, space, budget=Budget(time_limit=1e-9))
    assert stopped.unfinished == 150


def at_work(work: str) -> Facts:
    """Measured until the first call of this work."""
    return measure(DICTIONARY, Interrupt(1, work), budget=Budget(effort=Effort.standard))


def test_what_an_interrupt_leaves_out_is_named() -> None:
    assert at_work("sets of 4").unfinished == (
        "independence of all sets of 4 atoms",
        "generalized coherence",
        "null-space constants",
        "restricted isometry constants from level 2 on",
    )
    later = at_work("generalized coherence")
    assert later.unfinished[0] == "generalized coherence of 10 atoms"
    assert "restricted isometry constants from level 2 on" in later.unfinished
    vectors = at_work("null vectors")
    assert vectors.generalized is not None
    assert any(name.startswith("null-space constants from level ") for name in vectors.unfinished)
    last = at_work("restricted isometry")
    assert last.unfinished == ("restricted isometry constants from level 2 on",)
    assert measure(DICTIONARY, budget=Budget(effort=Effort.standard)).unfinished == ()


def test_what_time_leaves_out_is_named() -> None:
    result = check_dictionary(DICTIONARY, time_limit=1e-9)
    assert result.stopped
    assert result.unfinished == (
        "independence of all sets of 2 atoms",
        "generalized coherence",
        "null-space constants",
        "restricted isometry constants from level 2 on",
    )
    rng = np.random.default_rng(0)
    complex_ = Dictionary.from_array(rng.standard_normal((3, 6)) + 1j * rng.standard_normal((3, 6)))
    named = check_dictionary(complex_, time_limit=1e-9).unfinished
    assert "generalized coherence" in named
    assert "null-space constants" not in named  # there are none for complex dictionaries


def test_too_much_work_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "generalized_work", lambda _: float("inf"))
    monkeypatch.setattr(measuring, "LARGEST_BABEL", 5)
    monkeypatch.setitem(measuring.ISOMETRY_CASES, Effort.quick, 50)
    monkeypatch.setitem(measuring.ENUMERATION_WORK, Effort.quick, 8 * 60 + 60)
    facts = measure(DICTIONARY)
    assert facts.generalized is None
    assert facts.unfinished[:3] == (
        "Babel function",
        "independence of all sets of 4 atoms",
        "generalized coherence",
    )
    assert facts.unfinished[-1] == "restricted isometry constants from level 3 on"


def test_independent_atoms_leave_nothing_out() -> None:
    assert measure(Dictionary.from_array(np.eye(3)), budget=Budget(time_limit=1e-9)).unfinished == ()
