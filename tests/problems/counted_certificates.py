"""Certificates of outcomes, written by hand from SPEC.md, and what the checker says of them."""

from __future__ import annotations

import certificates
from certificates import format as spelled
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.problems.outcome import Outcome
from verify.problems.proofs import (
    Enumerated,
    ExactCode,
    MinimiserBound,
    SearchTree,
    UniqueByEnumeration,
    UniqueBySearch,
    UniqueZero,
)


def code_fields(code: ExactCode) -> dict[str, spelled.Json]:
    assert code.exponent == 0
    return {
        "divisor": f"{code.divisor:x}",
        "imaginary": None,
        "real": spelled.integers(code.real),
        "support": list(code.support),
    }


def unique(draft: spelled.Draft, outcome: Outcome, common: dict[str, spelled.Json]) -> int:
    """Write that there is one minimiser."""
    found = outcome.unique
    assert found is not None
    says = {**code_fields(found.centre), "radius": "0"}
    if isinstance(found, UniqueZero):
        step = draft.step("unique-minimiser-by-zero", **common)
    elif isinstance(found, UniqueBySearch):
        duals = spelled.integers([int(x) for x in found.duals.ravel()], found.duals_exponent)
        cases = {"duals": duals, "tree": list(found.tree)}
        step = draft.step("unique-minimiser-by-search", **common, **code_fields(found.centre), **cases)
    else:
        assert isinstance(found, UniqueByEnumeration)
        step = draft.step("unique-minimiser-by-enumeration", **common, **code_fields(found.centre))
    draft.claim(step, "unique-minimiser", **common, **says)
    return step


def drafted(outcome: Outcome, dictionary: Dictionary, signals: Signals, at: int = 0) -> spelled.Draft:
    """A certificate of all that an outcome proves."""
    m, n = dictionary.shape
    subject = {"digest": dictionary.digest, "field": "real", "shape": [m, n]}
    signal = {"digest": signals.digest, "field": "real", "role": "signal", "shape": list(signals.shape)}
    draft = spelled.Draft(subject=subject, loader="test", producer="test", signal=signal)
    common: dict[str, spelled.Json] = {"problem": outcome.problem.statement, "signal": at}
    if outcome.infeasible is not None:
        dual = outcome.infeasible.dual
        real = spelled.integers(dual.real, dual.exponent)
        draft.claim(draft.step("infeasible-by-dual", **common, imaginary=None, real=real), "infeasible", **common)
    located = None
    if outcome.unique is not None:
        located = unique(draft, outcome, common)
    if outcome.upper is not None:
        upper = spelled.rational(outcome.upper.upper)
        if isinstance(outcome.upper, MinimiserBound):
            step = draft.step("upper-value-by-minimiser", [located], upper=upper)
        else:
            step = draft.step("value-by-code", **common, **code_fields(outcome.upper.code), upper=upper)
        draft.claim(step, "value-upper", **common, upper=upper)
    if outcome.lower is not None:
        lower = spelled.rational(outcome.lower.lower)
        if isinstance(outcome.lower, MinimiserBound):
            step = draft.step("lower-value-by-minimiser", [located], lower=lower)
        elif isinstance(outcome.lower, SearchTree):
            values = [int(x) for x in outcome.lower.duals.ravel()]
            duals = spelled.integers(values, outcome.lower.duals_exponent)
            step = draft.step("value-by-search", **common, duals=duals, lower=lower, tree=list(outcome.lower.tree))
        else:
            assert isinstance(outcome.lower, Enumerated)
            step = draft.step("value-by-enumeration", **common, lower=lower)
        draft.claim(step, "value-lower", **common, lower=lower)
        if outcome.several is not None:
            codes = {"first": code_fields(outcome.several.first), "second": code_fields(outcome.several.second)}
            draft.claim(
                draft.step("several-minimisers", [step], **common, **codes), "several-minimisers", **common, **codes
            )
    return draft


def assert_accepted(outcome: Outcome, dictionary: Dictionary, signals: Signals, at: int = 0) -> None:
    """Assert that the independent checker accepts every proof of an outcome."""
    draft = drafted(outcome, dictionary, signals, at)
    if not draft.claims:
        return
    answer = certificates.check(draft.sealed(), dictionary=dictionary.to_rows()[0], signal=signals.real.tolist())
    assert isinstance(answer, certificates.Accepted), answer
