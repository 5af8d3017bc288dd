"""Outcomes to certificates: every kind of proof is accepted by the checker, and says what theory says."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import certificates
import verify
from verify.certify import solutions as solutions_module
from verify.certify import solve as solve_module
from verify.certify.check import Unchecked
from verify.certify.solutions import certify_outcomes
from verify.certify.solve import SolveResult, solve_problem, solve_problems
from verify.dictionaries.signals import Signals
from verify.errors import InputError, LimitError
from verify.problems import BasisPursuit, Bpdn, KSparse, Lasso, Problem, SolveOptions, Sparsest
from verify.problems.outcome import Outcome, Status
from verify.problems.proofs import (
    CodeBound,
    DualBound,
    ExactCode,
    MinimiserBound,
    UniqueBasisPursuit,
    UniqueBpdn,
    UniqueByGuarantee,
    UniqueLasso,
    UniqueZero,
)

F = Fraction
TWICE = [[1, 1, 0], [0, 0, 1]]
"""An atom that stands twice."""
PLANE = [[1, 0], [0, 1], [0, 0]]
WIDE = [[3, 0, 2], [0, 3, 2]]
COMPLEX = [[1, 1j, 2], [0, 1, 1 + 1j]]


def claims(result: SolveResult) -> dict[str, dict[str, Any]]:
    assert result.certificate is not None
    assert isinstance(result.answer, certificates.Accepted)
    return {claim["kind"]: claim for claim in result.answer.claims}


def rules(result: SolveResult) -> set[str]:
    assert result.certificate is not None
    return {step["rule"] for step in json.loads(result.certificate.data)["steps"]}


# What the value is by hand: min |x|_1 over WIDE x = (4, 4) is 2 at x_3 = 2; LASSO of orthogonal atoms shrinks, and so on.
CASES: dict[str, tuple[Problem, Status, bool | None, Fraction | None]] = {
    "one atom does": (BasisPursuit.of(WIDE, [4, 4]), Status.proved_optimal, True, F(2)),
    "by norms": (BasisPursuit.of(WIDE, [4, 4], scaling="unit"), Status.proved_optimal, True, None),
    "atom twice": (BasisPursuit.of(TWICE, [1, 1]), Status.proved_optimal, False, F(2)),
    "zero": (BasisPursuit.of(WIDE, [0, 0]), Status.proved_optimal, True, F(0)),
    "outside the range": (BasisPursuit.of(PLANE, [1, 2, 1]), Status.proved_infeasible, None, None),
    "outside the cone": (BasisPursuit.of(TWICE, [-1, 1], nonnegative=True), Status.proved_infeasible, None, None),
    "everything allowed": (Bpdn.of(WIDE, [3, 4], epsilon=5), Status.proved_optimal, True, F(0)),
    "too far": (Bpdn.of(PLANE, [1, 2, 1], epsilon="1/2"), Status.proved_infeasible, None, None),
    "shrunk": (Lasso.of([[1, 0], [0, 1]], [2, 0], weight="1/2"), Status.proved_optimal, True, F(7, 8)),
    "shrunk to zero": (Lasso.of([[1, 0], [0, 1]], [2, 1], weight=3), Status.proved_optimal, True, F(5, 2)),
    "shrunk twice": (Lasso.of(TWICE, [1, 1], weight="1/4"), Status.proved_optimal, False, F(7, 16)),
    "sparsest": (Sparsest.of(WIDE, [4, 4]), Status.proved_optimal, None, F(1)),
    "sparsest within": (Sparsest.of(WIDE, [4, 5], epsilon="3/4", box=9), Status.proved_optimal, None, F(1)),
    "box too small": (Sparsest.of(PLANE, [9, 9, 0], box=1), Status.proved_infeasible, None, None),
    "two atoms needed": (Sparsest.of(PLANE, [1, 2, 0], box=3), Status.proved_optimal, None, F(2)),
    "one of two": (KSparse.of(PLANE, [1, 2, 1], sparsity=1), Status.proved_optimal, None, F(2)),
    "all of two": (KSparse.of(PLANE, [1, 2, 1], sparsity=2, box=5), Status.proved_optimal, None, F(1)),
    "complex": (BasisPursuit.of(COMPLEX, [2, 1 + 1j]), Status.enclosed, None, F(1)),
    "complex lasso": (Lasso.of(COMPLEX, [2, 1 + 1j], weight="1/8"), Status.enclosed, None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_proved_is_accepted(name: str) -> None:
    problem, status, unique, value = CASES[name]
    result = solve_problem(problem)
    assert result.statuses in ((status,), (Status.proved_optimal,))  # a complex problem may be proved after all
    if unique is not None:
        assert result.outcomes[0].is_unique is unique
    found = claims(result)
    assert ("unique-minimiser" in found) == (result.outcomes[0].unique is not None)
    assert ("infeasible" in found) == (status is Status.proved_infeasible)
    if value is not None and "value-upper" in found:
        assert F(found["value-upper"]["upper"]) >= value
        if "value-lower" in found:
            assert F(found["value-lower"]["lower"]) <= value
            if status is Status.proved_optimal and unique is not True:
                assert F(found["value-lower"]["lower"]) == value == F(found["value-upper"]["upper"])


def test_bpdn_lies_between_two_lasso_problems() -> None:
    rng = np.random.default_rng(3)
    result = solve_problem(Bpdn.of(rng.standard_normal((6, 12)), rng.standard_normal(6), epsilon="1/3"))
    assert isinstance(result.outcomes[0].unique, UniqueBpdn)
    assert rules(result) >= {"unique-minimiser-of-bpdn", "unique-minimiser-of-lasso"}
    said = claims(result)["unique-minimiser"]
    assert said["problem"]["name"] == "bpdn"
    assert said["support"] == list(result.outcomes[0].unique.centre.support)
    assert F(said["radius"]) == result.outcomes[0].unique.radius


def test_many_signals_have_one_certificate() -> None:
    dictionary = verify.Dictionary.from_array(WIDE)
    signals = Signals.from_array([[4, 0, 3, 1], [4, 0, 0, 0]])
    problems = [BasisPursuit(dictionary=dictionary, signal=signal) for signal in signals]
    result = solve_problems(problems, signals)
    assert isinstance(result.answer, certificates.Accepted)
    assert [claim["signal"] for claim in result.answer.claims if claim["kind"] == "unique-minimiser"] == [0, 1, 2, 3]
    assert result.certificate is not None
    again = certificates.check(result.certificate.data, dictionary=WIDE, signal=[[4, 0, 3, 1], [4, 0, 0, 0]])
    assert isinstance(again, certificates.Accepted)
    other = certificates.check(result.certificate.data, dictionary=WIDE, signal=[[4, 0, 3, 2], [4, 0, 0, 0]])
    assert isinstance(other, certificates.Rejected)
    assert "another signal" in other.why


def test_a_certificate_may_be_about_codes() -> None:
    dictionary = verify.Dictionary.from_array([[F(1, 3), 0, 2], [0, F(1, 7), 2]])
    codes = Signals.from_array([[0], [0], [F(1, 10)]])
    signals = Signals.from_codes(dictionary, codes)
    result = solve_problems([BasisPursuit(dictionary=dictionary, signal=signals[0])], signals)
    assert result.outcomes[0].solution is not None
    assert result.outcomes[0].solution.values == ([F(1, 10)], None)
    assert result.certificate is not None
    assert json.loads(result.certificate.data)["subjects"][1]["role"] == "code"
    rows = [[F(1, 3), 0, 2], [0, F(1, 7), 2]]
    assert isinstance(
        certificates.check(result.certificate.data, dictionary=rows, code=[0, 0, F(1, 10)]), certificates.Accepted
    )
    assert isinstance(
        certificates.check(result.certificate.data, dictionary=rows, signal=[F(1, 5), F(1, 5)]), certificates.Rejected
    )


# --- guarantees handed in ---

HADAMARD = verify.load("builtin:identity-hadamard:16")


def guarantee() -> bytes:
    return verify.check_dictionary(HADAMARD).certificate.data


def sparse_signal() -> Signals:
    code = np.zeros((32, 1), dtype=np.int64)
    code[[1, 20], 0] = 3, -2
    return Signals.from_codes(HADAMARD, Signals.from_array(code))


def test_a_guarantee_is_appended_and_checked_again() -> None:
    signals, certificate = sparse_signal(), guarantee()
    problem = Sparsest(dictionary=HADAMARD, signal=signals[0])
    result = solve_problems([problem], signals, options=SolveOptions(guarantee=certificate))
    assert isinstance(result.outcomes[0].unique, UniqueByGuarantee)
    found = claims(result)
    assert found["unique-minimiser"]["support"] == [1, 20]
    assert found["value-lower"]["lower"] == found["value-upper"]["upper"] == "2"
    needed = rules(result)
    assert "unique-minimiser-by-guarantee" in needed
    assert "uniqueness-by-spark" in needed
    assert "omp" not in str(found)  # only what the level needs is taken over
    assert len(json.loads(result.certificate.data)["steps"]) < len(json.loads(certificate)["steps"])  # type: ignore[union-attr]


def resealed(data: bytes, edit: Any) -> bytes:
    from certificates.format import canonical, seal

    content = json.loads(data)
    edit(content)
    content.pop("seal")
    return canonical({**content, "seal": seal(content)})


def test_guarantees_that_cannot_be_used() -> None:
    signals, certificate = sparse_signal(), guarantee()
    problem = Sparsest(dictionary=HADAMARD, signal=signals[0])
    other = verify.check_dictionary(verify.load("builtin:identity-hadamard:8")).certificate.data

    def more(content: dict[str, Any]) -> None:
        for claim in content["claims"]:
            if claim["statement"].get("question") == "l0" and claim["statement"]["kind"] == "guaranteed":
                claim["statement"]["level"] = 4
                content["steps"][claim["step"]]["evidence"]["level"] = 4

    def forward(content: dict[str, Any]) -> None:
        content["steps"][0]["uses"] = [0]

    def beyond(content: dict[str, Any]) -> None:
        content["claims"][0]["step"] = 9999

    code = np.zeros((32, 1), dtype=np.int64)
    code[[1, 3, 20, 24], 0] = 3, 1, -2, 5
    four = Signals.from_codes(HADAMARD, Signals.from_array(code))
    for data, wanted in (
        (b"{}", "the certificate of the dictionary cannot be used"),
        (b"[" * 100_000 + b"\n", "the certificate of the dictionary cannot be used"),
        (other, "not about this dictionary alone"),
        (resealed(certificate, forward), "refers to steps that are not there"),
        (resealed(certificate, beyond), "refers to steps that are not there"),
    ):
        with pytest.raises(InputError, match=wanted):
            solve_problems([problem], signals, options=SolveOptions(guarantee=data))
    # A level that is not true is caught by the checker, and the blame is on what was handed in.
    options = SolveOptions(guarantee=resealed(certificate, more))
    with pytest.raises(InputError, match="the certificate of the dictionary was rejected at step"):
        solve_problems([Sparsest(dictionary=HADAMARD, signal=four[0])], four, options=options)


# --- refusals and limits ---


def test_what_does_not_belong_together() -> None:
    first, second = BasisPursuit.of(WIDE, [4, 4]), BasisPursuit.of(WIDE, [4, 4])
    with pytest.raises(InputError, match="at least one problem, got none"):
        solve_problems([])
    with pytest.raises(InputError, match="one and the same dictionary"):
        solve_problems([first, second])
    with pytest.raises(InputError, match="one problem for each of 2 signals, got 1"):
        solve_problems([first], Signals.from_array([[4, 4], [4, 4]]))
    dictionary = verify.Dictionary.from_array(COMPLEX)
    mixed = [Signals.from_array(entries)[0] for entries in ([1, 0], [1j, 0])]
    with pytest.raises(InputError, match="all real or all complex"):
        solve_problems([BasisPursuit(dictionary=dictionary, signal=signal) for signal in mixed])


@pytest.mark.parametrize(
    ("name", "limit", "wanted"),
    [("MOST_STEPS", 1, "steps"), ("LARGEST_CERTIFICATE", 100, "bytes"), ("MOST_VALUES", 10, "values")],
)
def test_what_does_not_fit_is_refused_with_advice(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: int, wanted: str
) -> None:
    monkeypatch.setattr(solutions_module, name, limit)
    problem = BasisPursuit.of(WIDE, [4, 4])
    with pytest.raises(LimitError, match=rf"would have \d+ {wanted}, and at most {limit} are read; round the entries"):
        solve_problem(problem)
    signals = Signals.from_array([[4, 4], [4, 4]])
    with pytest.raises(LimitError, match="solve fewer than these 2 signals at a time"):
        solve_problems([BasisPursuit(dictionary=problem.dictionary, signal=signal) for signal in signals], signals)


def test_numbers_that_are_too_long_are_refused() -> None:
    problem = BasisPursuit.of(WIDE, [4, 4])
    long = Outcome(problem=problem, upper=CodeBound(code=ExactCode(support=(2,), real=(2,)), upper=F(10**4001)))
    with pytest.raises(LimitError, match="more than 4000 digits"):
        certify_outcomes(problem.dictionary, Signals.from_array([4, 4]), [long])


def test_nothing_proved_is_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = BasisPursuit.of(WIDE, [4, 4])
    monkeypatch.setattr(solve_module, "solve_all", lambda problems, *_, **__: [Outcome(problem=problems[0])])
    result = solve_problem(problem)
    assert result.certificate is None
    assert result.answer is None
    assert result.statuses == (Status.not_solved,)


def test_a_check_that_takes_too_long_is_not_run() -> None:
    result = solve_problems([BasisPursuit.of(WIDE, [4, 4])], check_seconds=0)
    assert isinstance(result.answer, Unchecked)
    assert result.answer.work > 0


def test_the_checker_may_refuse_the_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise certificates.SubjectError("too long")

    monkeypatch.setattr(certificates.Signals, "from_rows", staticmethod(refuse))
    with pytest.raises(LimitError, match="does not take these signals: too long"):
        solve_problem(BasisPursuit.of(WIDE, [4, 4]))


def test_every_kind_of_proof_was_seen() -> None:
    seen = {
        type(part)
        for problem, *_ in CASES.values()
        for outcome in solve_problem(problem).outcomes
        for part in (outcome.lower, outcome.upper, outcome.unique)
    }
    assert seen >= {CodeBound, DualBound, MinimiserBound, UniqueBasisPursuit, UniqueLasso, UniqueZero}
