"""A producer that is wrong about a problem is caught: the independent checker rejects what it writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from verify.certify import solve as solve_module
from verify.certify.solve import solve_problem
from verify.cli import main
from verify.errors import CheckerDisagreementError
from verify.problems import BasisPursuit, Bpdn, KSparse, Lasso, Problem, Sparsest
from verify.problems.outcome import Outcome
from verify.problems.proofs import (
    CodeBound,
    DualVector,
    Enumerated,
    ExactCode,
    InfeasibleByDual,
    MinimiserBound,
    SeveralMinimisers,
    UniqueBasisPursuit,
    UniqueByEnumeration,
    UniqueByGuarantee,
    UniqueBySearch,
    UniqueLasso,
    UniqueZero,
)

RNG = np.random.default_rng(5)
D = RNG.standard_normal((6, 12))
Y = RNG.standard_normal(6)
PURSUIT = BasisPursuit.of(D, Y)
LASSO = Lasso.of(D, Y, weight="1/3")
BPDN = Bpdn.of(D, Y, epsilon="1/3")
SPARSEST = Sparsest.of(D, Y, epsilon="1/2", box=10)
K_SPARSE = KSparse.of(D, Y, sparsity=2)
TINY = Fraction(1, 10**6)

Lie = Callable[[Outcome], Outcome]


def only(**parts: Any) -> Lie:
    """Claim these things and nothing else."""
    return lambda outcome: Outcome(problem=outcome.problem, **parts)


def lower(outcome: Outcome) -> Outcome:
    assert outcome.lower is not None
    assert outcome.upper is not None
    more = 1 if isinstance(outcome.problem, Sparsest) else TINY
    return replace(outcome, lower=replace(outcome.lower, lower=outcome.upper.upper + more), unique=None, several=None)


def upper(outcome: Outcome) -> Outcome:
    assert outcome.upper is not None
    assert outcome.lower is not None
    less = 1 if isinstance(outcome.problem, Sparsest) else TINY
    return replace(outcome, upper=replace(outcome.upper, upper=outcome.lower.lower - less), unique=None, several=None)


def moved(outcome: Outcome) -> Outcome:
    """Say that the minimiser is a little elsewhere."""
    unique = outcome.unique
    assert isinstance(unique, UniqueBasisPursuit | UniqueLasso)
    values, _ = unique.centre.values
    exact = [int(value * 2**40) for value in (values[0] + Fraction(1, 2**10), *values[1:])]
    centre = ExactCode(support=unique.centre.support, real=tuple(exact), exponent=-40)
    return Outcome(problem=outcome.problem, unique=replace(unique, centre=centre, radius=Fraction(1, 2**20)))


def turned(outcome: Outcome) -> Outcome:
    """Say that it has the opposite signs."""
    assert isinstance(outcome.unique, UniqueBasisPursuit | UniqueLasso)
    centre = replace(outcome.unique.centre, real=tuple(-value for value in outcome.unique.centre.real))
    return Outcome(problem=outcome.problem, unique=replace(outcome.unique, centre=centre))


def elsewhere(outcome: Outcome) -> Outcome:
    """Say that it uses another atom."""
    assert isinstance(outcome.unique, UniqueBasisPursuit | UniqueLasso)
    support = outcome.unique.centre.support
    free = next(i for i in range(12) if i not in support)
    other = tuple(sorted((free, *support[1:])))
    return Outcome(
        problem=outcome.problem, unique=replace(outcome.unique, centre=replace(outcome.unique.centre, support=other))
    )


def unproved(outcome: Outcome) -> Outcome:
    """Hand in no dual vector."""
    assert isinstance(outcome.unique, UniqueBasisPursuit)
    return Outcome(problem=outcome.problem, unique=replace(outcome.unique, dual=DualVector(real=(0,) * 6)))


def bounded_by(outcome: Outcome) -> Outcome:
    """Draw too much from a true minimiser."""
    assert outcome.unique is not None
    assert outcome.lower is not None
    value = outcome.lower.lower
    bound = MinimiserBound(unique=outcome.unique, lower=value + 1, upper=value + 2)
    return Outcome(problem=outcome.problem, unique=outcome.unique, lower=bound)


def swapped(outcome: Outcome) -> Outcome:
    """Let the two lasso problems of bpdn change places."""
    unique: Any = outcome.unique
    return Outcome(problem=outcome.problem, unique=replace(unique, first=unique.second, second=unique.first))


def doubled(outcome: Outcome) -> Outcome:
    """Say that the only best code is twice as large."""
    assert isinstance(outcome.unique, UniqueByEnumeration | UniqueBySearch)
    centre = replace(outcome.unique.centre, real=tuple(2 * value for value in outcome.unique.centre.real))
    return Outcome(problem=outcome.problem, unique=replace(outcome.unique, centre=centre))


def twice(outcome: Outcome) -> Outcome:
    """Call one minimiser two."""
    assert outcome.solution is not None
    return replace(outcome, several=SeveralMinimisers(first=outcome.solution, second=outcome.solution))


ZERO = ExactCode(support=(), real=())
ANY = DualVector(real=(1, 0, 0, 0, 0, 0))
LIES: dict[str, tuple[Problem, Lie, str]] = {
    "pursuit costs less": (PURSUIT, upper, "upper-value-by-minimiser"),
    "pursuit costs more": (PURSUIT, lower, "lower-value-by-minimiser"),
    "pursuit costs nothing": (PURSUIT, only(upper=CodeBound(code=ZERO, upper=Fraction(0))), "value-by-code"),
    "pursuit is infeasible": (PURSUIT, only(infeasible=InfeasibleByDual(dual=ANY)), "infeasible-by-dual"),
    "pursuit is zero": (PURSUIT, only(unique=UniqueZero()), "unique-minimiser-by-zero"),
    "pursuit's minimiser moved": (PURSUIT, moved, "unique-minimiser-of-basis-pursuit"),
    "pursuit's signs turned": (PURSUIT, turned, "unique-minimiser-of-basis-pursuit"),
    "pursuit's support is another": (PURSUIT, elsewhere, "unique-minimiser-of-basis-pursuit"),
    "pursuit without a dual": (PURSUIT, unproved, "unique-minimiser-of-basis-pursuit"),
    "pursuit's bound": (PURSUIT, bounded_by, "lower-value-by-minimiser"),
    "lasso costs less": (LASSO, upper, "value"),
    "lasso costs more": (LASSO, lower, "value"),
    "lasso's minimiser moved": (LASSO, moved, "unique-minimiser-of-lasso"),
    "lasso's signs turned": (LASSO, turned, "unique-minimiser-of-lasso"),
    "lasso's support is another": (LASSO, elsewhere, "unique-minimiser-of-lasso"),
    "bpdn costs less": (BPDN, upper, "value"),
    "bpdn costs more": (BPDN, lower, "value"),
    "bpdn between wrong problems": (BPDN, swapped, "unique-minimiser-of-bpdn"),
    "bpdn is zero": (BPDN, only(unique=UniqueZero()), "unique-minimiser-by-zero"),
    "fewer atoms do": (SPARSEST, upper, "value-by-code"),
    "more atoms are needed": (SPARSEST, lower, "value-by"),
    "more by enumeration": (SPARSEST, only(lower=Enumerated(lower=Fraction(7))), "value-by-enumeration"),
    "nearer with two": (K_SPARSE, upper, "upper-value-by-minimiser"),
    "not so near with two": (K_SPARSE, lower, "lower-value-by-minimiser"),
    "the only two are others": (K_SPARSE, doubled, "unique-minimiser-by"),
    "two of one": (K_SPARSE, twice, "several-minimisers"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_rejected(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    problem, lie, rule = LIES[name]
    true = solve_problem(problem)  # accepted as it is
    lied = lie(true.outcomes[0])
    monkeypatch.setattr(solve_module, "solve_all", lambda *_, **__: [lied])
    with pytest.raises(CheckerDisagreementError, match=rf"rejected this certificate at step \d+ \({rule}"):
        solve_problem(problem)


def test_a_guarantee_that_does_not_reach_far_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    import verify
    from verify.problems.problem import SolveOptions

    dictionary = verify.load("builtin:identity-hadamard:8")
    data = verify.check_dictionary(dictionary).certificate.data
    claim = next(
        at for at, claim in enumerate(json.loads(data)["claims"])
        if claim["statement"]["kind"] == "guaranteed" and claim["statement"]["question"] == "l0"
    )  # fmt: skip
    problem = Sparsest.of(dictionary, np.ones(8, dtype=np.int64))
    centre = ExactCode(support=tuple(range(8)), real=(1,) * 8)
    lied = Outcome(problem=problem, unique=UniqueByGuarantee(centre=centre, certificate=data, claim=claim))
    monkeypatch.setattr(solve_module, "solve_all", lambda *_, **__: [lied])
    with pytest.raises(CheckerDisagreementError, match=r"unique-minimiser-by-guarantee\): the code has 8 nonzeros"):
        solve_problem(problem, SolveOptions(guarantee=data))


def test_the_command_line_ends_with_4_and_prints_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Any
) -> None:
    np.save(tmp_path / "D.npy", D)
    np.save(tmp_path / "y.npy", Y)
    true = solve_problem(PURSUIT)
    monkeypatch.setattr(solve_module, "solve_all", lambda *_, **__: [turned(true.outcomes[0])])
    files = ["--dictionary", str(tmp_path / "D.npy"), "--signal", str(tmp_path / "y.npy")]
    code = main(["solve", "basis-pursuit", *files, "--certificate", str(tmp_path / "c.json")])
    captured = capsys.readouterr()
    assert code == 4
    assert captured.out == ""
    assert "the independent checker rejected this certificate" in captured.err
    assert not (tmp_path / "c.json").exists()
