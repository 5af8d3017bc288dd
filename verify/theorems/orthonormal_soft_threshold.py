"""Orthonormal atoms: soft thresholding solves the lasso."""

from dataclasses import replace

from .language.code_variables import THRESHOLD, V
from .theorem import Observable, QuantitativeTheorem, Section, Status

CORRELATION = replace(V, meaning="d_i^T y, what unit i is given")

THEOREM = QuantitativeTheorem(
    id="orthonormal-soft-threshold",
    title="A layer with orthonormal atoms solves the lasso",
    section=Section.layers,
    variables=(CORRELATION, THRESHOLD),
    hypotheses=("D^T D = I",),
    constants={"solution": "Max(v - t, 0) - Max(-v - t, 0)"},
    conclusion="T_t(D^T y) is the only minimiser of |y - Dx|_2^2/2 + t |x|_1; its entry i is solution.",
    proof="|y - Dx|^2/2 = |x - D^T y|^2/2 + a constant, so every entry is apart: 0 is in x - v + t sign(x) iff x "
    "= v - t > 0, x = v + t < 0, or x = 0 and |v| <= t.",
    source="Bowren 2021",
    status=Status.proved,
    remark="D may be tall. Otherwise it is the first step of the network of lista-linf with W = D.",
    depends=("lfz2024-lemma-14",),
    observables=(Observable(quantity="minimiser", relation="=", bound="solution"),),
)
