"""Rules for linear independence and the spark (SPEC.md section 6.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from .dictionary import Dictionary
from .values import Fields, Reject, Statement, Task, rational


def _least_integer_with_square_at_least(value: Fraction) -> int:
    """Return the least s >= 0 with s^2 >= value >= 0."""
    s = math.isqrt(value.numerator // value.denominator)
    return s if s * s >= value else s + 1


def _squared(premise: Statement) -> Fraction:
    return rational(premise["squared"], "squared")


def independence_by_rank(dictionary: Dictionary, evidence: object) -> Task:
    """Rank n: independent atoms."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        if premises[0]["lower"] != dictionary.n:
            raise Reject("the rank is not proved to be the number of atoms")
        return {"kind": "independent"}

    return Task(("rank",), 1, derive)


def spark_by_coherence(_: Dictionary, evidence: object) -> Task:
    """Spark >= 1 + 1/mu."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        squared = _squared(premises[0])
        if squared == 0:
            raise Reject("the coherence is 0: use independence-by-coherence")
        value = 1 + _least_integer_with_square_at_least(1 / squared)
        return {"kind": "spark-lower", "theorem": "spark-by-coherence", "value": value}

    return Task(("mutual-coherence",), 1, derive)


def independence_by_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """(n-1) mu < 1: independent atoms."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        if (dictionary.n - 1) ** 2 * _squared(premises[0]) >= 1:
            raise Reject("(n-1) mu is not below 1")
        return {"kind": "independent"}

    return Task(("mutual-coherence",), 1, derive)


def _babel_upper(premise: Statement) -> list[Fraction]:
    fields = Fields(premise, ("kind", "lower", "upper"), "the babel statement")
    return fields.rationals("upper")


def spark_by_babel(dictionary: Dictionary, evidence: object) -> Task:
    """Spark >= the least s with mu_1(s-1) >= 1."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        upper = _babel_upper(premises[0])
        value = next((s for s, bound in enumerate(upper, 2) if bound >= 1), len(upper) + 2)
        if value > dictionary.n:
            raise Reject("the Babel function stays below 1: use independence-by-babel")
        return {"kind": "spark-lower", "theorem": "spark-by-babel", "value": value}

    return Task(("babel",), dictionary.n, derive)


def independence_by_babel(dictionary: Dictionary, evidence: object) -> Task:
    """mu_1(n-1) < 1: independent atoms."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        upper = _babel_upper(premises[0])
        if len(upper) != dictionary.n - 1 or max(upper) >= 1:
            raise Reject("mu_1(n-1) is not proved to be below 1")
        return {"kind": "independent"}

    return Task(("babel",), dictionary.n, derive)


def _isometry(premise: Statement) -> int:
    """Return the level of an isometry statement that makes so many atoms independent."""
    fields = Fields(premise, ("kind", "level", "theorem", "upper"), "the isometry statement")
    if rational(fields.raw("upper"), "upper") >= 1:
        raise Reject("the restricted isometry constant is not proved to be below 1")
    return fields.natural("level")


def spark_by_isometry(dictionary: Dictionary, evidence: object) -> Task:
    """delta_k < 1: spark > k."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        level = _isometry(premises[0])
        if level >= dictionary.n:
            raise Reject("the constant is that of all atoms: use independence-by-isometry")
        return {"kind": "spark-lower", "theorem": "spark-by-isometry", "value": level + 1}

    return Task(("isometry-upper",), 1, derive)


def independence_by_isometry(dictionary: Dictionary, evidence: object) -> Task:
    """delta_n < 1: independent atoms."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        if _isometry(premises[0]) < dictionary.n:
            raise Reject("the restricted isometry constant is not that of all atoms")
        return {"kind": "independent"}

    return Task(("isometry-upper",), 1, derive)


def spark_by_orthogonal_families(dictionary: Dictionary, evidence: object) -> Task:
    """Spark >= 2/mu for the union of two orthogonal families."""
    first = Fields(evidence, ("first",)).indices("first", dictionary.n)

    def derive(premises: Sequence[Statement]) -> Statement:
        second = sorted(set(range(dictionary.n)).difference(first))
        for family in (first, second):
            if not family:
                raise Reject("one of the families is empty")
            for at, a in enumerate(family):
                for b in family[at + 1 :]:
                    if dictionary.cross_squared(a, b):
                        raise Reject(f"atoms {a} and {b} of one family are not orthogonal")
        squared = _squared(premises[0])
        if squared == 0:
            raise Reject("the coherence is 0: use independence-by-coherence")
        value = _least_integer_with_square_at_least(4 / squared)
        return {"kind": "spark-lower", "theorem": "spark-by-orthogonal-families", "value": value}

    return Task(("mutual-coherence",), dictionary.gram_work + dictionary.pair_work, derive)


def dependence_by_dimension(dictionary: Dictionary, evidence: object) -> Task:
    """Any m + 1 atoms in m dimensions are dependent."""
    Fields(evidence, ())

    def derive(_: Sequence[Statement]) -> Statement:
        if dictionary.n <= dictionary.m:
            raise Reject("there are no more atoms than dimensions")
        return {"kind": "dependent-atoms", "count": dictionary.m + 1}

    return Task((), 1, derive)


def spark_by_null_vector(_: Dictionary, evidence: object) -> Task:
    """Spark <= |h|_0."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        support = Fields(premises[0], ("kind", "imaginary", "real", "support"), "the null vector").list("support")
        return {"kind": "spark-upper", "value": len(support)}

    return Task(("null-vector",), 1, derive)


def spark_by_dimension(_: Dictionary, evidence: object) -> Task:
    """Spark <= the number of atoms known to be dependent."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        return {"kind": "spark-upper", "value": premises[0]["count"]}

    return Task(("dependent-atoms",), 1, derive)
