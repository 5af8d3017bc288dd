"""Verdicts have three values and no truth value."""

from __future__ import annotations

import dataclasses

import pytest

from verify.progress import silent
from verify.verdict import Guaranteed, Question, Refuted, Scaling, Undecided
from verify.versions import PRODUCER, VERSION, versions

ASKED = {"question": Question.l1, "level": 3, "scaling": Scaling.unit}
VERDICTS = [
    Guaranteed(**ASKED, theorem="recovery-by-coherence"),
    Refuted(**ASKED, theorem="failure-by-two-codes"),
    Undecided(**ASKED, reason="a gap", remedy="a better bound"),
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: type(v).__name__)
def test_no_verdict_has_a_truth_value(verdict) -> None:
    with pytest.raises(TypeError, match="three values and no truth value: ask isinstance"):
        bool(verdict)
    with pytest.raises(TypeError, match=type(verdict).__name__):
        if verdict:
            pass
    with pytest.raises(TypeError):
        _ = not verdict


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: type(v).__name__)
def test_verdicts_are_frozen_and_of_one_type_only(verdict) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.level = 4
    assert sum(isinstance(verdict, kind) for kind in (Guaranteed, Refuted, Undecided)) == 1


def test_questions_and_scalings_are_spelled_as_in_certificates() -> None:
    assert [str(question) for question in Question] == ["l0", "l1", "network", "omp"]
    assert [str(scaling) for scaling in Scaling] == ["unit", "as-given"]


def test_versions() -> None:
    found = versions()
    assert found["sparse-verify"] == VERSION
    assert f"sparse-verify {VERSION}" == PRODUCER
    assert {"python", "numpy", "python-flint", "sympy"} <= set(found)


def test_a_package_that_is_missing_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.versions._PACKAGES", ("numpy", "a-package-that-nobody-made"))
    assert versions()["a-package-that-nobody-made"] == "not installed"


def test_silence() -> None:
    assert silent("work", 1, 2) is None
