from __future__ import annotations

import numpy as np
import planted_codes
import planted_networks
import planted_stripes
import pytest
from planted_codes import Planted

from verify.attack.engine import attack
from verify.attack.experiment import NotAnInstance
from verify.attack.floats import scored
from verify.attack.proof import examined
from verify.attack.trial import Trial
from verify.theorems import theorem

PLANTED = planted_codes.PLANTED + planted_networks.PLANTED + planted_stripes.PLANTED
WEAKER = [p.weaker for p in PLANTED if p.weaker is not None]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.id)
def test_a_planted_error_is_refuted_exactly(planted: Planted) -> None:
    found = attack(planted.trial, instances=planted.instances, seed=1).counterexample
    assert found is not None, planted.wrong
    again = examined(planted.trial, found.instance)
    assert again.violation is not None
    try:  # on the same instance the truth holds, or its hypotheses do not
        true = examined(Trial(statement=theorem(planted.of), experiment=planted.trial.experiment), found.instance)
    except NotAnInstance:
        return
    assert true.violation is None or not planted.comparable


@pytest.mark.parametrize("planted", [p for p in PLANTED if p.comparable], ids=lambda planted: planted.id)
def test_a_planted_error_says_more_than_the_truth(planted: Planted) -> None:
    """Every instance of the truth is one of the false statement, which is at least as near to its bound there."""
    experiment, random = planted.trial.experiment, np.random.default_rng(7)
    more = 0
    for rounds in range(24):
        if more and rounds >= 4:
            break
        measured = experiment.measure(experiment.draw(random, 25), "cpu")
        true, false = (scored(statement, measured, 25) for statement in (theorem(planted.of), planted.trial.statement))
        assert bool((false.satisfied | ~true.satisfied).all())
        assert bool((false.raw >= true.raw - 1e-9)[true.satisfied].all())
        more += int((false.satisfied & ~true.satisfied).sum())
        more += int((false.satisfied & true.satisfied & (false.raw > true.raw + 1e-9)).sum())
    assert more


@pytest.mark.parametrize("trial", WEAKER, ids=lambda trial: trial.statement.id)
def test_a_weaker_statement_survives(trial: Trial) -> None:
    assert not attack(trial, instances=300, seed=1).violated
