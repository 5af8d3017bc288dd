"""Facts of dictionaries that are not there, for the levels that theorems compute from them."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

from hypothesis import strategies as st

from verify.facts.babel import Babel
from verify.facts.coherence import MutualCoherence
from verify.facts.measure import Facts
from verify.facts.norms import AtomNorms
from verify.facts.rank import Rank
from verify.theorems import (
    Case,
)
from verify.verdict import Question, Scaling

ONE = Fraction(1)
EQUAL, UNEQUAL = AtomNorms(squared_min=ONE, squared_max=ONE), AtomNorms(squared_min=ONE, squared_max=2 * ONE)
BASE = Facts(
    m=5,
    n=12,
    norms=EQUAL,
    welch_squared=Fraction(0),
    coherence=MutualCoherence(squared=Fraction(1, 9), pair=(0, 1)),
    babel=None,
    rank=Rank(lower=1, upper=5, minor=None),
    null_vector=None,
    orthogonal_family=None,
)

ONE = Fraction(1)
EQUAL, UNEQUAL = AtomNorms(squared_min=ONE, squared_max=ONE), AtomNorms(squared_min=ONE, squared_max=2 * ONE)
BASE = Facts(
    m=5,
    n=12,
    norms=EQUAL,
    welch_squared=Fraction(0),
    coherence=MutualCoherence(squared=Fraction(1, 9), pair=(0, 1)),
    babel=None,
    rank=Rank(lower=1, upper=5, minor=None),
    null_vector=None,
    orthogonal_family=None,
)
CASES = [Case(question=question, scaling=scaling) for question in Question for scaling in Scaling]
L0, L1, NETWORK, OMP = (Case(question=question, scaling=Scaling.unit) for question in Question)
L1_AS_GIVEN = Case(question=Question.l1, scaling=Scaling.as_given)


def facts(squared: Fraction = Fraction(1, 9), n: int = 12, **changes: object) -> Facts:
    return dataclasses.replace(BASE, n=n, coherence=MutualCoherence(squared=squared, pair=(0, 1)), **changes)


def babel(*upper: Fraction) -> Babel:
    return Babel(lower=(Fraction(0),) * len(upper), upper=upper)


# Squares, their neighbours, and anything else from 0 to 1.
squares = st.one_of(
    st.builds(lambda r: Fraction(1, r * r), st.integers(1, 60)),
    st.builds(
        lambda r, p: Fraction(1, r * r) * (1 + Fraction(p, 10**40)), st.integers(2, 60), st.sampled_from([-1, 1])
    ),
    st.builds(lambda p, q: Fraction(min(p, q), max(p, q)) ** 2, st.integers(1, 999), st.integers(1, 999)),
    st.fractions(min_value=0, max_value=1, max_denominator=10**6),
)
sizes = st.integers(2, 40)
increments = st.lists(st.fractions(min_value=0, max_value=Fraction(2, 3), max_denominator=12), min_size=1, max_size=12)
