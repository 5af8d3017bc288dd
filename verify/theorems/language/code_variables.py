"""Variables: codes, noise, thresholds and layers of an unrolled network; docs/notation.md fixes the symbols."""

from __future__ import annotations

from dataclasses import replace

from .domains import integers, reals
from .variables import Variable

S = Variable(name="s", meaning="sparsity: the most nonzeros of the code", domain=integers(1))
STRIPE = replace(S, meaning="stripe sparsity: the most nonzeros of the code in the stripe of one atom")
STEPS = Variable(name="K", meaning="number of layers of the network", domain=integers(0), optional=True)
B = Variable(name="B", meaning="bound of |x*|_inf", domain=reals(0))
SIGMA = Variable(
    name="sigma",
    latex=r"\sigma",
    meaning="bound of |w_i^T e| for every i; |e|_2 <= sigma gives it for W = D^",
    domain=reals(0),
)
EPS = Variable(name="eps", latex=r"\varepsilon", meaning="bound of |y - Dx|_2", domain=reals(0))
X_MIN = Variable(
    name="x_min",
    plain="|x|_min",
    latex=r"|x|_{\min}",
    meaning="smallest modulus of the nonzeros of x",
    domain=reals(0, above=True),
)
X_MAX = Variable(
    name="x_max",
    plain="|x|_max",
    latex=r"|x|_{\max}",
    meaning="largest modulus of the entries of x",
    domain=reals(0, above=True),
)
ATOM_NOISE = Variable(name="eps", latex=r"\varepsilon", meaning="bound of |d_i^T e| for every atom", domain=reals(0))
THRESHOLD = Variable(name="t", meaning="threshold", domain=reals(0))
V = Variable(name="v", meaning="a number: what a unit is given", domain=reals())
TOLERANCE = Variable(
    name="delta",
    latex=r"\delta",
    meaning="tolerance: basis pursuit asks for |y - Dx|_2 <= delta",
    domain=reals(0),
)
RESIDUAL = Variable(
    name="residual",
    plain="|y - Dx~|_2",
    latex=r"|y - D\tilde x|_2",
    meaning="norm of the residual of the code x~ at hand",
    domain=reals(0),
)
LASSO_WEIGHT = Variable(name="xi", latex=r"\xi", meaning="weight of |x|_1", domain=reals(0, above=True))
A = Variable(name="a", meaning="bound of |x^k - x*|_inf", domain=reals(0))
ETA_I = Variable(name="eta", plain="eta_i", latex=r"\eta_i", meaning="bound of |w_i^T e|", domain=reals(0), each=True)
THRESHOLD_I = Variable(name="t", plain="t_i", latex="t_i", meaning="threshold of atom i", domain=reals(0), each=True)
