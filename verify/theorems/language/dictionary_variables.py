"""Variables: sizes and constants of dictionaries; docs/notation.md fixes the symbols."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ...facts.measure import Facts
from .domains import integers, reals
from .values import Value, root
from .variables import Variable


def _mu_tilde(facts: Facts) -> Value | None:
    return None if facts.generalized is None else facts.generalized.enclosure


def _rank(facts: Facts) -> Value | None:
    return Fraction(facts.rank.lower) if facts.rank.lower == facts.rank.upper else None


M = Variable(name="m", meaning="dimension of the signals", domain=integers(1), measured=lambda f: Fraction(f.m))
N = Variable(name="n", meaning="number of atoms", domain=integers(2), measured=lambda f: Fraction(f.n))
K = Variable(name="k", meaning="sparsity level", domain=integers(1))
SET = Variable(name="s", meaning="number of atoms in a set", domain=integers(2))
RANK = Variable(
    name="rank",
    plain="rank D",
    latex=r"\operatorname{rank} D",
    meaning="rank of the dictionary",
    domain=integers(1),
    measured=_rank,
)
SPARK = Variable(
    name="spark",
    plain="spark(D)",
    latex=r"\operatorname{spark}(D)",
    meaning="spark of the dictionary, or a lower bound of it",
    domain=integers(2),
)
NONZEROS = Variable(
    name="nonzeros", plain="|h|_0", latex="|h|_0", meaning="number of nonzeros of a null vector h", domain=integers(2)
)

MU = Variable(
    name="mu",
    latex=r"\mu",
    meaning="mutual coherence of the dictionary",
    domain=reals(0, 1),
    measured=lambda f: root(f.coherence.squared),
)
MU_TILDE = Variable(
    name="mu_tilde",
    plain="mu~",
    latex=r"\tilde\mu",
    meaning="generalized coherence of the dictionary, or an upper bound",
    domain=reals(0),
    measured=_mu_tilde,
)
MU_WEIGHTS = Variable(
    name="mu",
    latex=r"\mu",
    meaning="the largest |w_i^T d_j|, j != i, of weights with w_i^T d_i = 1; mu(D) for W = D^",
    domain=reals(0),
)
MU_TILDE_I = replace(
    MU_TILDE,
    plain="mu~_i",
    latex=r"\tilde\mu_i",
    meaning="generalized coherence of atom i",
    each=True,
    measured=None,
)
BABEL = Variable(
    name="babel",
    plain="mu_1(k)",
    latex=r"\mu_1(k)",
    meaning="Babel function at k, or an upper bound",
    domain=reals(0),
)
BABEL_BEFORE = Variable(
    name="babel_before",
    plain="mu_1(k-1)",
    latex=r"\mu_1(k-1)",
    meaning="Babel function at k-1, or an upper bound",
    domain=reals(0),
)
BABEL_SET = replace(BABEL, plain="mu_1(s-1)", latex=r"\mu_1(s-1)", meaning="Babel function at s-1, or an upper bound")
BABEL_ALL = replace(BABEL, plain="mu_1(n-1)", latex=r"\mu_1(n-1)", meaning="Babel function at n-1, or an upper bound")
P = Variable(
    name="P",
    plain="P_i(k)",
    latex="P_i(k)",
    meaning="sum of the k largest |w_i^T d_j|, j != i",
    domain=reals(0),
    each=True,
)
P_BEFORE = Variable(
    name="P_before",
    plain="P_i(k-1)",
    latex="P_i(k-1)",
    meaning="sum of the k-1 largest |w_i^T d_j|, j != i",
    domain=reals(0),
    each=True,
)
P_S = replace(P, plain="P_i(s)", latex="P_i(s)", meaning="sum of the s largest |w_i^T d_j|, j != i")
P_S_BEFORE = replace(P_BEFORE, plain="P_i(s-1)", latex="P_i(s-1)", meaning="sum of the s-1 largest |w_i^T d_j|, j != i")
GENERALIZED_BABEL_SET = Variable(
    name="W_1",
    plain="W_1(s-1)",
    latex="W_1(s-1)",
    meaning="generalized Babel function at s-1: the largest P_i(s-1), or an upper bound",
    domain=reals(0),
)
DELTA_K = Variable(
    name="delta",
    plain="delta_k",
    latex=r"\delta_k",
    meaning="restricted isometry constant at level k, or an upper bound",
    domain=reals(0),
)
DELTA_2K = replace(
    DELTA_K,
    plain="delta_2k",
    latex=r"\delta_{2k}",
    meaning="restricted isometry constant at level 2k, or an upper bound",
)
DELTA_3K = replace(
    DELTA_K,
    plain="delta_3k",
    latex=r"\delta_{3k}",
    meaning="restricted isometry constant at level 3k, or an upper bound",
)
DELTA_N = replace(
    DELTA_K,
    plain="delta_n",
    latex=r"\delta_n",
    meaning="restricted isometry constant at level n, or an upper bound",
)
NSC = Variable(
    name="nsc",
    plain="nsc_k",
    latex=r"\mathrm{nsc}_k",
    meaning="null-space constant at level k, or an upper bound",
    domain=reals(0),
)
OMEGA = Variable(
    name="omega",
    latex=r"\omega",
    meaning="the largest |w_i|_2 of the weights of mu~",
    domain=reals(0, above=True),
)
SMIN = Variable(
    name="smin",
    latex=r"s_{\min}",
    meaning="a lower bound, above 0, of a least singular value",
    domain=reals(0, above=True),
)
U_NORM = Variable(
    name="u_norm", plain="|u|_1", latex="|u|_1", meaning="sum of the moduli of u", domain=reals(0, above=True)
)
REMAINDER = Variable(name="r", meaning="Euclidean norm of d^_i - sum of u_j d^_j", domain=reals(0))
EXTENT = Variable(name="r", meaning="extent of a filter, dilation included", domain=integers(1))
