"""Several best codes with residual 0: the certificate says so, as the outcome does."""

from __future__ import annotations

from fractions import Fraction

import pytest

import certificates
from verify.certify.solve import solve_problem
from verify.problems import KSparse

ATOMS = [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]  # the third atom is the sum of the first two
SIGNAL = [1, 2, 0]


@pytest.mark.parametrize("box", [None, 2])
def test_codes_that_fit_exactly_are_claimed_to_be_several(box: int | None) -> None:
    result = solve_problem(KSparse.of(ATOMS, SIGNAL, sparsity=2, box=box))
    outcome = result.outcomes[0]
    assert outcome.status == "proved-optimal"
    assert outcome.value_lower == outcome.value_upper == 0
    assert outcome.is_unique is False
    assert isinstance(result.answer, certificates.Accepted)
    assert "several-minimisers" in {claim["kind"] for claim in result.answer.claims}
    for code in (outcome.several.first, outcome.several.second):
        image = [sum(ATOMS[r][i] * v for i, v in zip(code.support, code.values[0], strict=True)) for r in range(3)]
        assert image == SIGNAL


def test_where_no_rule_can_say_so_neither_does_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KSparse, "most_supports", 3)
    monkeypatch.setattr(KSparse, "few_supports", 3)
    outcome = KSparse.of(ATOMS, SIGNAL, sparsity=2).solve()
    assert outcome.value_upper == Fraction(0)
    assert outcome.is_unique is None
