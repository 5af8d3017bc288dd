"""Whether the claims of an accepted certificate of a small real dictionary are true, by exact null spaces."""

from __future__ import annotations

import math
from fractions import Fraction

from exact_null_space import NullSpace
from small_truths import true_answer

from certificates import Accepted
from verify.verdict import Question


def numbers(array: dict) -> list[Fraction]:
    return [Fraction(int(x, 16)) * Fraction(2) ** array["exponent"] for x in array["integers"]]


def is_true(truth: NullSpace, claim: dict) -> bool | None:
    """Whether a claim is true; None if exact null spaces do not tell."""
    kind = claim["kind"]
    if kind == "generalized-coherence-upper":
        return all(truth.mu_tilde(i, "unit").lower <= t for i, t in enumerate(numbers(claim["upper"])))
    if kind == "generalized-coherence-at-most":
        return truth.generalized_coherence("unit").lower <= Fraction(claim["upper"])
    if kind == "generalized-coherence-lower":
        return Fraction(claim["lower"]) <= truth.mu_tilde(claim["atom"], "unit").upper
    if kind in ("generalized-babel", "network-rate"):
        # No weights have smaller sums than those of mu~ at the levels that it guarantees (docs/adr/0005).
        least = truth.generalized_coherence("unit").lower
        sums = enumerate(claim["sums"], 1) if kind == "generalized-babel" else [(claim["level"], claim["rate"])]
        return all((2 * k - 1) * least <= Fraction(total) for k, total in sums)
    if kind == "null-space-upper":
        return truth.null_space_constant(claim["level"], claim["scaling"]).lower <= Fraction(claim["upper"])
    if kind == "null-space-lower":
        return Fraction(claim["lower"]) <= truth.null_space_constant(claim["level"], claim["scaling"]).upper
    if kind == "spark-lower":
        return claim["value"] <= truth.spark
    if kind == "spark-upper":
        return truth.spark <= claim["value"]
    if kind == "independent":
        return truth.spark == math.inf
    if kind in ("guaranteed", "refuted"):
        return _level(truth, claim)
    return None


def _level(truth: NullSpace, claim: dict) -> bool | None:
    question, scaling = Question(claim["question"]), claim["scaling"]
    if claim["kind"] == "refuted":
        answer = true_answer(truth, question, claim["level"], scaling)
        return None if answer is None else not answer
    answers = [true_answer(truth, question, k, scaling) for k in range(1, claim["level"] + 1)]
    return False if False in answers else None if None in answers else True


def assert_claims(truth: NullSpace, answer: object) -> dict[str, int]:
    """Accepted, and nothing false is claimed; how often each kind is known to be true."""
    assert isinstance(answer, Accepted), answer
    seen: dict[str, int] = {}
    for claim in answer.claims:
        told = is_true(truth, claim)
        assert told is not False, claim
        seen[claim["kind"]] = seen.get(claim["kind"], 0) + (told is True)
    return seen
