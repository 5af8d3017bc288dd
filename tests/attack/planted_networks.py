"""Statements about networks and layers with an error planted in each, as in planted_codes.py."""

from __future__ import annotations

from dataclasses import replace

from planted_codes import Planted, changed

from verify.attack.experiments.small_layers import ScalarUnit
from verify.attack.experiments.unrolled_network import UnrolledNetwork
from verify.attack.trial import Trial
from verify.theorems import theorem
from verify.theorems.language.domains import reals

NETWORK = UnrolledNetwork(shapes=((3, 4), (3, 3)), layers=4)
_LEMMA_14 = theorem("lfz2024-lemma-14")
_NEGATIVE = replace(
    _LEMMA_14,
    id="lfz2024-lemma-14--negative",
    variables=tuple(replace(v, domain=reals(-1)) if v.name == "t" else v for v in _LEMMA_14.variables),
)

PLANTED = (
    Planted(
        of="lista-l2",
        wrong="sqrt(s) left out of the l2 bound",
        why="that is the bound of the largest entry",
        instances=4000,
        trial=changed("lista-l2", "no-root", constants={"C_1": "B", "C_2": "2/(1 - q)"}, experiment=NETWORK),
        weaker=changed("lista-l2", "whole-s", constants={"C_1": "s*B", "C_2": "2*s/(1 - q)"}, experiment=NETWORK),
    ),
    Planted(
        of="lista-l1",
        wrong="sqrt(s) for s",
        why="that is the bound of the Euclidean norm",
        instances=2000,
        trial=changed(
            "lista-l1", "root", constants={"C_1": "sqrt(s)*B", "C_2": "2*sqrt(s)/(1 - q)"}, experiment=NETWORK
        ),
    ),
    Planted(
        of="lista-linf",
        wrong="the noise without its factor 2",
        why="the threshold holds the noise once more",
        trial=changed("lista-linf", "noise-once", constants={"C_2": "1/(1 - q)"}, experiment=NETWORK),
    ),
    Planted(
        of="lista-linf",
        wrong="the bound at depth K + 1 claimed at depth K",
        why="one layer more than there is",
        trial=changed(
            "lista-linf",
            "one-layer-more",
            constants={"error_linf": "C_1*q**(K + 1) + floor*(1 - q**(K + 1))"},
            experiment=NETWORK,
        ),
        comparable=False,
    ),
    Planted(
        of="lista-step",
        wrong="thresholds 10 % too small",
        why="entries off the support survive",
        trial=changed("lista-step", "small-thresholds", conditions={"t >= P*a + eta": "t >= 9*(P*a + eta)/10"}),
        weaker=changed("lista-step", "large-thresholds", conditions={"t >= P*a + eta": "t >= 11*(P*a + eta)/10"}),
    ),
    Planted(
        of="lista-step",
        wrong="rows of W of 1.05 times the right scale: kappa left out",
        why="a wrong scale is an error of its own",
        trial=changed("lista-step", "any-scale", constants={"a_next": "t + P_before*a + eta"}),
    ),
    Planted(
        of="lista-step",
        wrong="noise left out of the thresholds",
        why="noise alone passes them",
        trial=changed("lista-step", "no-noise", conditions={"t >= P*a + eta": "t >= P*a"}),
    ),
    Planted(
        of="lista-nonnegative",
        wrong="P^+ and P^- swapped",
        why="the thresholds miss what adds up",
        trial=changed(
            "lista-nonnegative",
            "swapped",
            constants={"a_next": "t + P_plus*a + eta"},
            conditions={"t >= P_plus*a + eta": "t >= P_minus*a + eta"},
        ),
        comparable=False,
    ),
    Planted(
        of="rate-by-generalized-babel",
        wrong="2 P_i(k-1) for P_i(k) + P_i(k-1)",
        why="off the support k atoms add up",
        trial=changed(
            "rate-by-generalized-babel",
            "one-atom-less",
            constants={"rate": "2*P_before"},
            conditions={"P + P_before < 1": "2*P_before < 1"},
        ),
    ),
    Planted(
        of="convergence-by-generalized-babel",
        wrong="2 P_i(k-1) for P_i(k) + P_i(k-1)",
        why="off the support k atoms add up",
        trial=changed(
            "convergence-by-generalized-babel",
            "one-atom-less",
            constants={"rate": "2*P_before"},
            conditions={"P + P_before < 1": "2*P_before < 1"},
        ),
    ),
    Planted(
        of="convergence-by-generalized-coherence",
        wrong="rate (2k - 2) mu~",
        why="one neighbour less",
        trial=changed(
            "convergence-by-generalized-coherence",
            "one-neighbour-less",
            constants={"rate": "(2*k - 2)*mu_tilde"},
            conditions={"(2*k - 1)*mu_tilde < 1": "(2*k - 2)*mu_tilde < 1"},
        ),
    ),
    Planted(
        of="alista-theorem-1",
        wrong="|1 - gamma| left out of the rate",
        why="a short step leaves a part of the error",
        trial=changed("alista-theorem-1", "free-step", constants={"rate": "gamma*(2*s - 1)*mu"}),
    ),
    Planted(
        of="clwy2018-theorem-2",
        wrong="C without its factor 2",
        why="the threshold holds the noise once more",
        trial=changed("clwy2018-theorem-2", "noise-once", constants={"C": "s*C_W/(1 + mu - 2*mu*s)"}),
    ),
    Planted(
        of="lista-rate-attained",
        wrong="error B mu^(K + 1)",
        why="one layer more than there is",
        trial=changed("lista-rate-attained", "one-layer-more", constants={"error": "B*mu**(K + 1)"}),
        comparable=False,
    ),
    Planted(
        of="hard-thresholding-by-isometry",
        wrong="1 for (1 + sqrt 5)/2",
        why="entries that are dropped by mistake count twice",
        trial=changed("hard-thresholding-by-isometry", "no-factor", constants={"rate": "delta"}),
        weaker=changed("hard-thresholding-by-isometry", "root-three", constants={"rate": "sqrt(3)*delta"}),
    ),
    Planted(
        of="lfz2024-lemma-14",
        wrong="thresholds from -1 on",
        why="for t < 0 both units are active near 0",
        trial=Trial(statement=_NEGATIVE, experiment=ScalarUnit(signed=True)),
    ),
    Planted(
        of="leaky-relu-identity",
        wrong="1/(1 - a^2) left out",
        why="the two units give (1 - a^2) v",
        trial=changed(
            "leaky-relu-identity",
            "no-factor",
            constants={"relu": "Max(v, 0) + a*Min(v, 0) + a*(Max(-v, 0) + a*Min(-v, 0))"},
        ),
        comparable=False,
    ),
    Planted(
        of="shrinkage-nonnegative",
        wrong="|v| - t for v - t",
        why="negative numbers would survive",
        trial=changed("shrinkage-nonnegative", "both-signs", constants={"solution": "Max(Abs(v) - t, 0)"}),
        comparable=False,
    ),
    Planted(
        of="orthonormal-soft-threshold",
        wrong="one ReLU unit",
        why="negative coefficients are lost",
        trial=changed("orthonormal-soft-threshold", "one-unit", constants={"solution": "Max(v - t, 0)"}),
        comparable=False,
    ),
    Planted(
        of="orthonormal-relu",
        wrong="only thresholds t >= 0 act",
        why="a negative t moves the minimiser, too",
        trial=changed("orthonormal-relu", "no-negative", constants={"solution": "Max(v - Max(t, 0), 0)"}),
        comparable=False,
    ),
    Planted(
        of="convolution-coherence",
        instances=2000,
        wrong="fewer positions than the extent",
        why="large shifts do not occur then",
        trial=changed("convolution-coherence", "short", conditions={"length >= r": "length >= r - 1"}),
    ),
    Planted(
        of="convolution-coherence-circular",
        instances=2000,
        wrong="p >= r for p >= 2r - 1",
        why="correlations of both sides add",
        trial=changed("convolution-coherence-circular", "small-period", conditions={"p >= 2*r - 1": "p >= r"}),
    ),
    Planted(
        of="inner-product-rounding",
        wrong="g without a factor 2: m u/2",
        why="rounding to the nearest errs by u, not u/2",
        trial=changed("inner-product-rounding", "half", constants={"g": "m*u/2"}),
        weaker=changed("inner-product-rounding", "double", constants={"g": "2*m*u/(1 - m*u)"}),
    ),
)
