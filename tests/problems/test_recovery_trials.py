"""Recovered and missed are true, for every code of small dictionaries and for some of larger ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from recovery_truths import basis_pursuit_recovers, matching_pursuit_recovers
from small_truths import corners, small

from verify.problems.recovery.basis_pursuit import BasisPursuitTrials
from verify.problems.recovery.codes import Codes, draw
from verify.problems.recovery.kinds import Magnitudes
from verify.problems.recovery.matching_pursuit import MatchingPursuitTrials
from verify.problems.recovery.outcomes import MISSED, RECOVERED, UNDECIDED
from verify.verdict import Scaling

METHODS = {"l1": BasisPursuitTrials, "omp": MatchingPursuitTrials}


def some_codes(n: int, level: int, seed: int) -> Codes:
    magnitudes = list(Magnitudes)[seed % 3]
    return draw(seed, [(level, trial) for trial in range(4)], n, level, magnitudes)


def true_answer(truth, codes: Codes, at: int, method: str, scaling: Scaling) -> bool | None:
    support = codes.supports[at].tolist()
    if method == "l1":
        return basis_pursuit_recovers(truth, support, codes.signs[at].tolist(), scaling.value)
    return matching_pursuit_recovers(truth, support, [Fraction(x) for x in codes.values[at].tolist()], scaling.value)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("scaling", Scaling)
def test_outcomes_of_small_dictionaries_are_true(method: str, scaling: Scaling) -> None:
    counts = {RECOVERED: 0, MISSED: 0, UNDECIDED: 0}
    for seed, (name, dictionary, truth) in enumerate([*small(130), *corners()]):
        trials = METHODS[method](dictionary, scaling)
        n = dictionary.shape[1]
        for level in range(1, n + 1):
            codes = some_codes(n, level, seed)
            for at, outcome in enumerate(trials(codes).tolist()):
                counts[outcome] += 1
                if outcome != UNDECIDED:
                    answer = true_answer(truth, codes, at, method, scaling)
                    assert answer is None or answer == (outcome == RECOVERED), (name, level, codes[at : at + 1])
    assert counts[UNDECIDED] * 20 < counts[RECOVERED] + counts[MISSED]
    assert min(counts[RECOVERED], counts[MISSED]) > 200
