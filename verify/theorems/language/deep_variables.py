"""Variables of networks for deep sparse codes; docs/notation.md fixes the symbols."""

from __future__ import annotations

from dataclasses import replace

from .domains import reals
from .variables import Variable

GAIN = Variable(name="gain", meaning="bound of |w_i^T e| for model errors of 1 in every layer", domain=reals(0))
NOISE_GAIN = replace(GAIN, meaning="bound of |y - D[J] x_J|_2 for model errors of 1 in every layer")
REACH = Variable(name="reach", meaning="bound of the spectral norm of D[j:J]; 1 for j = J", domain=reals(0))
TAIL = Variable(
    name="tail",
    meaning="bound of |x_j - D[j:J] x_J|_2 for model errors of 1 in every layer; 0 for j = J",
    domain=reals(0),
)
SMIN_PRODUCT = Variable(
    name="smin",
    plain="smin",
    latex=r"\sigma_{\min}",
    meaning="lower bound of the singular values of any lam_J atoms of D[J]",
    domain=reals(0),
)
ENTRY_ERROR = Variable(name="a", meaning="bound of |(x~_J - x_J)_i| for every i", domain=reals(0))
OMEGA_J = Variable(
    name="omega",
    plain="omega_j",
    latex=r"\omega_j",
    meaning="bound of |w_i|_2 for the weights of D_j",
    domain=reals(0),
    each=True,
)
SPREAD_J = Variable(
    name="spread",
    plain="h_j",
    latex="h_j",
    meaning="bound of the sum of the lam_(j-1) largest |entries of w_i|; any number in the first layer",
    domain=reals(0),
    each=True,
)
C_1_BEFORE = Variable(
    name="C_1_before",
    plain="C_1(j-1)",
    latex="C_1(j-1)",
    meaning="C_1 of the layer before; 0 at the first",
    domain=reals(0),
    each=True,
)
C_2_BEFORE = replace(
    C_1_BEFORE, name="C_2_before", plain="C_2(j-1)", latex="C_2(j-1)", meaning="C_2 of the layer before; 0 at the first"
)
RATE_BEFORE = Variable(
    name="rate_before", meaning="largest q of the layers before; 0 at the first", domain=reals(0), each=True
)
