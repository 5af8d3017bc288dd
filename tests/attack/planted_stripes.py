"""Statements about filters and stripes with an error planted in each, as in planted_codes.py."""

from __future__ import annotations

from planted_codes import Planted, changed

from verify.attack.experiments.stripe_codes import StripeCodes
from verify.attack.experiments.stripe_networks import StripeNetwork

SHARE = ("share", "greedy")

PLANTED = (
    Planted(
        of="stripe-spark-by-coherence",
        wrong="2 + 1/mu for 1 + 1/mu",
        why="the place of the largest entry counts once",
        trial=changed("stripe-spark-by-coherence", "one-more", constants={"stripe_spark_lower": "2 + 1/mu"}),
        weaker=changed("stripe-spark-by-coherence", "one-less", constants={"stripe_spark_lower": "1/mu"}),
    ),
    Planted(
        of="stripe-spark-by-babel",
        wrong="mu_1(s-1) <= 1",
        why="a row of sum 1 may be dependent",
        trial=changed("stripe-spark-by-babel", "equality", conditions={"babel_before < 1": "babel_before <= 1"}),
    ),
    Planted(
        of="stripe-spark-by-weights",
        wrong="2 + 1/mu~ for 1 + 1/mu~",
        why="the place of the largest entry counts once",
        trial=changed("stripe-spark-by-weights", "one-more", constants={"stripe_spark_lower": "2 + 1/mu_tilde"}),
    ),
    Planted(
        of="stripe-uniqueness-by-spark",
        wrong="2s <= spark^S",
        why="a null vector with 2s nonzeros in a stripe may split into two codes",
        trial=changed(
            "stripe-uniqueness-by-spark", "equality", conditions={"2*s < stripe_spark": "2*s <= stripe_spark"}
        ),
    ),
    Planted(
        of="stripe-uniqueness-by-coherence",
        wrong="(2s - 2) mu < 1",
        why="one neighbour less",
        trial=changed(
            "stripe-uniqueness-by-coherence",
            "one-neighbour-less",
            conditions={"(2*s - 1)*mu < 1": "(2*s - 2)*mu < 1"},
        ),
    ),
    Planted(
        of="stripe-uniqueness-by-weights",
        wrong="(2s - 2) mu~ < 1",
        why="one neighbour less",
        trial=changed(
            "stripe-uniqueness-by-weights",
            "one-neighbour-less",
            conditions={"(2*s - 1)*mu_tilde < 1": "(2*s - 2)*mu_tilde < 1"},
        ),
    ),
    Planted(
        of="recovery-by-filter-coherence",
        wrong="(2s - 1) mu <= 1",
        why="a simplex at one tap attains equality",
        trial=changed("recovery-by-filter-coherence", "equality", conditions={"(2*s - 1)*mu < 1": "(2*s - 1)*mu <= 1"}),
    ),
    Planted(
        of="recovery-by-filter-coherence",
        wrong="s counts nonzeros in a patch",
        why="a stripe is nearly two patches wide",
        trial=changed(
            "recovery-by-filter-coherence", "patch", experiment=StripeCodes(quantities=SHARE, counted="patch")
        ),
        comparable=False,
    ),
    Planted(
        of="recovery-by-filter-coherence",
        wrong="a stripe of half the width",
        why="an atom meets others on both sides, as far as its taps reach",
        trial=changed("recovery-by-filter-coherence", "half", experiment=StripeCodes(quantities=SHARE, counted="half")),
        comparable=False,
    ),
    Planted(
        of="recovery-by-filter-babel",
        wrong="2 mu_1(s-1) < 1",
        why="off the support s atoms add up",
        trial=changed(
            "recovery-by-filter-babel",
            "one-atom-less",
            conditions={"babel_before + babel < 1": "2*babel_before < 1"},
            constants={"rate": "2*babel_before"},
        ),
    ),
    Planted(
        of="recovery-by-filter-babel",
        wrong="shifts of the filter itself alone",
        why="the other filters at the same places are left out",
        trial=changed("recovery-by-filter-babel", "own-shifts", experiment=StripeCodes(quantities=SHARE, cross=False)),
        comparable=False,
    ),
    Planted(
        of="recovery-by-filter-weights",
        wrong="(2s - 2) mu~ < 1",
        why="one neighbour less",
        trial=changed(
            "recovery-by-filter-weights",
            "one-neighbour-less",
            conditions={"(2*s - 1)*mu_tilde < 1": "(2*s - 2)*mu_tilde < 1"},
        ),
    ),
    Planted(
        of="recovery-by-filter-weights",
        wrong="a stripe of half the width",
        why="an atom meets others on both sides, as far as its taps reach",
        trial=changed(
            "recovery-by-filter-weights", "half", experiment=StripeCodes(quantities=("share",), counted="half")
        ),
        comparable=False,
    ),
    Planted(
        of="lista-linf-local",
        wrong="s counts nonzeros in a patch",
        why="a stripe is nearly two patches wide",
        trial=changed("lista-linf-local", "patch", experiment=StripeNetwork(counted="patch", layers=4)),
        comparable=False,
    ),
    Planted(
        of="lista-linf-local",
        wrong="a stripe of half the width",
        why="an atom meets others on both sides, as far as its taps reach",
        trial=changed("lista-linf-local", "half", experiment=StripeNetwork(counted="half", layers=4)),
        comparable=False,
    ),
    Planted(
        of="lista-linf-local",
        wrong="the noise without its factor 2",
        why="the threshold holds the noise once more",
        trial=changed(
            "lista-linf-local", "noise-once", constants={"C_2": "1/(1 - q)"}, experiment=StripeNetwork(layers=4)
        ),
    ),
    Planted(
        of="lista-linf-local",
        wrong="q = (2s - 2) mu",
        why="off the support s atoms add up, on it s - 1",
        trial=changed(
            "lista-linf-local",
            "one-neighbour-less",
            constants={"q": "(2*s - 2)*mu"},
            experiment=StripeNetwork(layers=4),
        ),
    ),
)
