"""The work that rules about networks for deep codes announce, and the time that they take."""

from __future__ import annotations

import contextlib
import random
import time
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

import certificates
from certificates import checker
from certificates.rules import DEEP_NETWORK_RULES
from certificates.rules.chain import Chain
from certificates.rules.deep_class import ChainNetworks, DeepInstance
from certificates.rules.spectral import spans
from certificates.rules.values import Reject, squaring_work
from verify.certify.check import as_subject
from verify.certify.deep_network import certify_deep_network
from verify.certify.network import as_network_subject
from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.networks.build_deep import deep_class
from verify.networks.deep_network import DeepNetwork
from verify.networks.unrolled import Code, DType, StateLayer, UnrolledNetwork

LONG = 3990
"""Digits, nearly as many as a number of a statement may have."""


def network(atoms: np.ndarray, layers: int = 6) -> UnrolledNetwork:
    """State layers with the dictionary as weights, and thresholds that fall."""
    m, n = atoms.shape
    state = np.eye(n) - atoms.T @ atoms
    return UnrolledNetwork(
        code=Code.signed,
        dtype=DType("float64"),
        shape=(m, n),
        layers=tuple(
            StateLayer(state=state if at else None, signal=atoms.T.copy(), threshold=np.full(n, 2.0 ** -(at + 2)))
            for at in range(layers)
        ),
    )


@cache
def plan(networks: int) -> checker.Plan:
    """The steps of a certificate about two dictionaries of 32 atoms, near orthogonal ones, and their networks."""
    draws = np.random.default_rng(networks)
    parts = [np.eye(32) + draws.standard_normal((32, 32)) / 2000 for _ in range(2)]
    deep = DeepDictionary.of([Dictionary.from_array(part) for part in parts], tolerances=[Fraction(1, 10**4)] * 2)
    stored = [network(part) for part in (parts if networks == 2 else [parts[0] @ parts[1]])]
    result = certify_deep_network(DeepNetwork.of(deep, stored), deep_class(deep, (2, 2), [1, 1], Fraction(1, 2)))
    assert isinstance(result.answer, certificates.Accepted)
    assert result.certificate is not None
    subjects = checker._subjects(
        [as_subject(d) for d in deep.dictionaries], None, None, [as_network_subject(n) for n in stored], None
    )
    return checker._plan(result.certificate.data, subjects, 10**15)


@pytest.mark.parametrize("networks", [1, 2])
def test_the_announced_work_of_networks_is_about_the_time_taken(networks: int) -> None:
    found, seen, statements = plan(networks), set(), []
    for step, task in zip(found.certificate.steps, found.tasks, strict=True):
        premises = [checker._premise(step, used, statements[used]) for used in step.uses]
        start = time.process_time()
        statement = task.derive(premises)
        taken = time.process_time() - start
        statements.append(statement if step.about is None else {**statement, "about": list(step.about)})
        if step.rule in DEEP_NETWORK_RULES:
            seen.add(step.rule)
            assert taken / 5 < task.work / checker.WORK_PER_SECOND < 300 * taken + 0.5, step.rule
    method = ("dsc-deepest-first", "dsc-layer-by-layer")[networks - 1]
    assert seen == {method, f"{method}-constants", "dsc-refit", "dsc-refit-constants"}


def long_number(draws: random.Random, factor: Fraction = Fraction(1)) -> str:
    """About `factor`, spelled with as many digits as may be."""
    number = Fraction(draws.randrange(9 * 10 ** (LONG - 1), 10**LONG), draws.randrange(9 * 10 ** (LONG - 1), 10**LONG))
    return str(number * factor)


def refit_steps(depth: int) -> dict[str, tuple[dict, list[dict]]]:
    """Evidence and premises of the rules about least squares, all numbers as long as they may be."""
    draws = random.Random(depth)
    few, great = (lambda n, f=Fraction(f): [long_number(draws, f) for _ in range(n)] for f in (1, 10**6))
    isometry = {"about": [0, depth], "kind": "isometry-upper", "level": 1, "theorem": "isometry-by-babel"}
    isometry["upper"] = long_number(draws, Fraction(1, 4))
    norms = {
        "about": [0, depth],
        "equal": False,
        "kind": "atom-norms",
        "squared_max": few(1)[0],
        "squared_min": few(1)[0],
    }
    spectral = [{"about": list(s), "kind": "spectral-norm-upper", "upper": few(1)[0]} for s in spans(depth)]
    error = {"arithmetic": "ieee", "kind": "deep-network-error", "levels": [1] * depth, "theorem": "dsc-deepest-first"}
    error |= {"bounds": few(depth), "tolerances": few(depth), "l2": few(depth), "linf": few(depth)}
    error |= {"off": [few(1)], "on": [few(1)]}
    numbers = {"l2": great(depth), "linf": great(depth), "slack": few(1)[0], "smallest": great(1)[0]}
    return {
        "dsc-refit": (numbers, [error, isometry, norms, *spectral]),
        "dsc-refit-constants": ({"C_2": great(depth), "levels": [1] * depth}, [isometry, norms, *spectral]),
    }


@pytest.mark.parametrize("depth", [2, 4])
def test_the_announced_work_of_a_refit_bounds_that_of_the_longest_numbers(depth: int) -> None:
    """Not much more than those need: about a tenth of a second for two dictionaries."""
    dictionaries = tuple(certificates.checker.dictionary_from_values([[1, 0], [0, 1]]) for _ in range(depth))
    chain = Chain.of(dictionaries)
    networks = ChainNetworks.of(chain, [as_network_subject(network(np.eye(2), 1))])
    for rule, (evidence, premises) in refit_steps(depth).items():
        start = time.process_time()
        task = DEEP_NETWORK_RULES[rule](DeepInstance(networks, chain, 10**15), evidence)
        statement = task.derive(premises)
        taken = time.process_time() - start
        assert taken / 5 < task.work / checker.WORK_PER_SECOND < 40 * taken, rule
        lists = (statement[name] for name in ("bounds", "tolerances", "l2", "linf", "C_2") if name in statement)
        spelled = [x for values in lists for x in values]
        spelled += [statement[name] for name in ("kept", "slack", "smallest") if name in statement]
        assert task.size >= squaring_work(part for x in spelled for part in Fraction(x).as_integer_ratio()), rule


@pytest.mark.parametrize("rule", ["dsc-deepest-first", "dsc-deepest-first-constants"])
def test_the_announced_work_bounds_that_of_long_norms(rule: str) -> None:
    """Spectral norms, and the bounds that they enter, with as many digits as may be."""
    draws, found = random.Random(0), plan(1)
    at = next(at for at, step in enumerate(found.certificate.steps) if step.rule == rule)
    norms = [{"about": list(s), "kind": "spectral-norm-upper", "upper": long_number(draws)} for s in spans(2)]
    start = time.process_time()
    with contextlib.suppress(Reject):  # these norms are greater than the true ones
        found.tasks[at].derive(norms)
    taken = time.process_time() - start
    announced = found.tasks[at].work / checker.WORK_PER_SECOND
    assert taken / 5 < announced < 300 * taken + 0.1
