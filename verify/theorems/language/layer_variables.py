"""Variables with one value for every layer of a deep model; docs/notation.md fixes the symbols."""

from __future__ import annotations

from dataclasses import replace

from .code_variables import EPS, LASSO_WEIGHT, STRIPE, X_MAX, X_MIN
from .dictionary_variables import DELTA_K, MU, MU_TILDE
from .domains import integers, reals
from .variables import Variable

LAM = Variable(
    name="lam",
    plain="lam_j",
    latex=r"\lambda_j",
    meaning="the most nonzeros of x_j",
    domain=integers(1),
    each=True,
)
MU_J = replace(MU, plain="mu_j", latex=r"\mu_j", meaning="mutual coherence of D_j", each=True, measured=None)
MU_TILDE_J = replace(
    MU_TILDE,
    plain="mu~_j",
    latex=r"\tilde\mu_j",
    meaning="generalized coherence of D_j, or an upper bound",
    each=True,
    measured=None,
)
EPS_J = replace(EPS, plain="eps_j", latex=r"\varepsilon_j", meaning="bound of |x_(j-1) - rho_j(D_j x_j)|_2", each=True)
BETA_J = Variable(
    name="beta",
    plain="beta_j",
    latex=r"\beta_j",
    meaning="|rho_j(a) - rho_j(b)| >= beta_j |a - b|; 1 for the identity",
    domain=reals(0, above=True),
    each=True,
)
NORM_J = Variable(
    name="norm_min",
    plain="min N_j",
    latex=r"\min N_j",
    meaning="least norm of the atoms of D_j",
    domain=reals(0, above=True),
    each=True,
)
E_BEFORE = Variable(
    name="E_before",
    plain="E_(j-1)",
    latex="E_{j-1}",
    meaning="bound of the layer before; 0 at the first",
    domain=reals(0),
    each=True,
)
DELTA_J = replace(
    DELTA_K,
    plain="delta_(2 lam_j)",
    latex=r"\delta_{2\lambda_j}",
    meaning="restricted isometry constant of D_j at level 2 lam_j, or an upper bound",
    each=True,
)
STRIPE_J = replace(STRIPE, each=True)
X_MIN_J = replace(X_MIN, each=True)
X_MAX_J = replace(X_MAX, each=True)
LASSO_WEIGHT_J = replace(LASSO_WEIGHT, plain="xi_j", latex=r"\xi_j", each=True)
THRESHOLD_J = Variable(name="b", meaning="threshold of layer j", domain=reals(0), each=True)
NONZEROS_IN_ATOM = Variable(
    name="k", meaning="the most nonzeros of the code below inside the support of one atom", domain=integers(1)
)
NONZEROS_IN_ATOM_J = replace(NONZEROS_IN_ATOM, each=True)
NOISE = Variable(name="noise", meaning="bound of |d_i^T (model error)| of the layer", domain=reals(0))
NOISE_J = replace(NOISE, each=True)
ERROR_BEFORE = Variable(
    name="error_before", meaning="error of the layer below, entry by entry; 0 at the first", domain=reals(0), each=True
)
