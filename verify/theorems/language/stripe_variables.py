"""Variables: numbers of convolutional dictionaries, for signals of every size; docs/notation.md fixes the symbols."""

from __future__ import annotations

from dataclasses import replace

from .code_variables import STRIPE
from .dictionary_variables import BABEL, BABEL_BEFORE, MU, MU_TILDE, SET, SPARK

SIZES = (
    "the atoms are the shifts of filters, unit atoms, boundary 'full', 'circular' with a period of at least 2r - 1, or "
    "'same'"
)
"""The hypothesis of all statements that are about filters."""

LEVEL = replace(STRIPE, meaning="stripe sparsity: a bound of the nonzeros of a code in the stripe of one atom")
STRIPE_SET = replace(SET, meaning="number of nonzeros of a null vector in a stripe")
MU_FILTERS = replace(
    MU,
    meaning="coherence of the filters: the largest |<d^_i, d^_j>| of two atoms of any size, cut ones too",
    measured=None,
)
STRIPE_BABEL = replace(
    BABEL,
    plain="mu_1(s)",
    latex=r"\mu_1(s)",
    meaning="Babel function of the filters at s: the largest sum of s values |<d^_i, d^_j>| in the stripe of one "
    "atom of any size, or an upper bound",
)
STRIPE_BABEL_BEFORE = replace(
    BABEL_BEFORE,
    plain="mu_1(s-1)",
    latex=r"\mu_1(s-1)",
    meaning="Babel function of the filters at s-1, or an upper bound",
)
MU_WEIGHT_FILTERS = replace(
    MU_TILDE,
    meaning="the largest |w_i^T d^_j|, j != i, at any size, of weights w_i that are 0 off the taps of atom i, "
    "w_i^T d^_i = 1, or an upper bound",
    measured=None,
)
STRIPE_SPARK = replace(
    SPARK,
    name="stripe_spark",
    plain="spark^S",
    latex=r"\operatorname{spark}^S",
    meaning="stripe spark: the least |h|^S of a null vector h != 0 of any size, or a lower bound",
)
