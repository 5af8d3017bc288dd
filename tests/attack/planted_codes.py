"""Statements about codes with an error planted in each: stronger than the truth, so some instance refutes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from verify.attack.experiment import Experiment
from verify.attack.experiments import experiment_of
from verify.attack.experiments.layered_codes import LayeredCodes
from verify.attack.experiments.refitted_codes import RefittedCode
from verify.attack.trial import Trial
from verify.theorems import theorem
from verify.theorems.language.conditions import Condition


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A trial of a false statement, the id of the true one, what is wrong, and why it says more than is true.

    `comparable`: every instance of the truth is one of the false statement, and its bounds are no larger. `weaker` is
    a false reading of the same place in the other direction, which is true.
    """

    of: str
    wrong: str
    why: str
    trial: Trial
    comparable: bool = True
    weaker: Trial | None = None
    instances: int = 400

    @property
    def id(self) -> str:
        return self.trial.statement.id


def changed(
    of: str,
    name: str,
    *,
    constants: Mapping[str, str] | None = None,
    conditions: Mapping[str, str | None] | None = None,
    experiment: Experiment | None = None,
) -> Trial:
    """A statement of the registry with other constants, and conditions replaced (None: left out), under a new id."""
    statement = theorem(of)
    conditions = conditions or {}
    assert set(constants or {}) <= set(statement.constants)
    texts = {h.text for h in statement.hypotheses if isinstance(h, Condition)}
    assert set(conditions) <= texts, (texts, set(conditions))
    hypotheses: list[str | Condition] = []
    for hypothesis in statement.hypotheses:
        if not isinstance(hypothesis, Condition):
            hypotheses.append(hypothesis)
        elif (text := conditions.get(hypothesis.text, hypothesis.text)) is not None:
            hypotheses.append(Condition(text))
    return Trial(
        statement=replace(
            statement,
            id=f"{of}--{name}",
            constants={**statement.constants, **(constants or {})},
            hypotheses=tuple(hypotheses) or ("all numbers are real",),
        ),
        experiment=experiment or experiment_of(of),
    )


PLANTED = (
    Planted(
        of="stability-l0",
        wrong="(2k - 2) mu for (2k - 1) mu",
        why="the difference has 2k nonzeros, each with 2k - 1 neighbours",
        trial=changed(
            "stability-l0",
            "one-neighbour-less",
            constants={"error_l2": "2*eps/sqrt(1 - (2*k - 2)*mu)"},
            conditions={"(2*k - 1)*mu < 1": "(2*k - 2)*mu < 1"},
        ),
        weaker=changed(
            "stability-l0",
            "one-neighbour-more",
            constants={"error_l2": "2*eps/sqrt(1 - 2*k*mu)"},
            conditions={"(2*k - 1)*mu < 1": "2*k*mu < 1"},
        ),
    ),
    Planted(
        of="stability-l0",
        wrong="(k - 1) mu for (2k - 1) mu",
        why="the level of one code in place of the difference's",
        trial=changed(
            "stability-l0",
            "level-of-one",
            constants={"error_l2": "2*eps/sqrt(1 - (k - 1)*mu)"},
            conditions={"(2*k - 1)*mu < 1": "(k - 1)*mu < 1"},
        ),
    ),
    Planted(
        of="stability-l0-linf",
        wrong="eps for 2 eps",
        why="both codes have a residual",
        trial=changed(
            "stability-l0-linf", "one-residual", constants={"error_linf": "omega*eps/(1 - (2*k - 1)*mu_tilde)"}
        ),
    ),
    Planted(
        of="a-posteriori-by-coherence",
        wrong="the noise of the true code left out",
        why="a vanishing residual would make the computed code exact",
        trial=changed(
            "a-posteriori-by-coherence",
            "no-noise",
            constants={"error_l2": "residual/sqrt(1 - (found + k - 1)*mu)"},
        ),
    ),
    Planted(
        of="a-posteriori-by-singular-value",
        wrong="the norm of both residuals together for their sum",
        why="they may point in opposite directions",
        trial=changed(
            "a-posteriori-by-singular-value", "orthogonal", constants={"error_l2": "sqrt(residual**2 + eps**2)/smin"}
        ),
    ),
    Planted(
        of="bpdn-stability",
        wrong="(2k - 1) mu for (4k - 1) mu",
        why="the difference is not 2k-sparse",
        trial=changed(
            "bpdn-stability",
            "as-if-sparse",
            constants={"error_l2": "(eps + delta)/sqrt(1 - (2*k - 1)*mu)"},
            conditions={"(4*k - 1)*mu < 1": "(2*k - 1)*mu < 1"},
        ),
    ),
    Planted(
        of="bpdn-stability",
        wrong="delta < eps allowed",
        why="the true code is infeasible then",
        trial=changed("bpdn-stability", "tight-tolerance", conditions={"eps <= delta": None}),
    ),
    Planted(
        of="bpdn-stability-generalized",
        wrong="eps left out",
        why="the true code is not on the centre of the ball",
        trial=changed(
            "bpdn-stability-generalized",
            "no-noise",
            constants={"error_linf": "omega*delta/(1 - (2*k - 1)*mu_tilde)"},
        ),
    ),
    Planted(
        of="lasso-support-simple",
        wrong="xi = 2 eps with error 3 eps",
        why="2 eps is less than eps (1 + kappa)/(1 - kappa) for kappa near 1/2",
        trial=changed(
            "lasso-support-simple",
            "two-eps",
            constants={"xi": "2*eps", "error_linf": "3*eps"},
            experiment=LayeredCodes(algorithm="lasso", shapes=(((3, 3, 2),),), level="multiple", multiple=Fraction(2)),
        ),
        comparable=False,
    ),
    Planted(
        of="lasso-support",
        wrong="xi > eps for xi > eps (1 + kappa)/(1 - kappa)",
        why="the error on the support is noise for the atoms off it",
        trial=changed("lasso-support", "noise-alone", conditions={"xi > xi_lower": "xi > eps"}),
    ),
    Planted(
        of="pre2017-lasso",
        wrong="error 5 eps for 15/2 eps",
        why="neighbours on the support count for nothing",
        trial=changed("pre2017-lasso", "five-eps", constants={"error_linf": "5*eps"}),
    ),
    Planted(
        of="layered-basis-pursuit",
        wrong="error_before for sqrt(k) error_before",
        why="one atom meets k wrong entries",
        trial=changed("layered-basis-pursuit", "no-root", constants={"eps": "error_before + noise"}),
    ),
    Planted(
        of="layered-hard-thresholding",
        wrong="error_before for sqrt(k) error_before",
        why="one atom meets k wrong entries",
        trial=changed("layered-hard-thresholding", "no-root", constants={"eps": "error_before + noise"}),
    ),
    Planted(
        of="layered-soft-thresholding",
        wrong="the threshold left out of the error",
        why="soft thresholding moves every entry by it",
        trial=changed("layered-soft-thresholding", "no-bias", constants={"error": "eps + mu*(s - 1)*x_max"}),
    ),
    Planted(
        of="thresholding-next-layer",
        wrong="error for sqrt(k) error",
        why="one atom meets k wrong entries",
        trial=changed("thresholding-next-layer", "no-root", constants={"eps": "error + noise"}),
        weaker=changed("thresholding-next-layer", "whole-k", constants={"eps": "k*error + noise"}),
    ),
    Planted(
        of="thresholding-support",
        wrong="b <= b_upper for b < b_upper",
        why="an entry at the threshold is not kept",
        trial=changed("thresholding-support", "equality", conditions={"b < b_upper": "b <= b_upper"}),
    ),
    Planted(
        of="thresholding-support",
        wrong="mu |x|_max for mu s |x|_max",
        why="s atoms add up off the support",
        trial=changed("thresholding-support", "one-neighbour", constants={"b_lower": "mu*x_max + eps"}),
    ),
    Planted(
        of="thresholding-by-babel",
        wrong="mu_1(s-1) off the support, too",
        why="off the support s atoms add up",
        instances=1000,
        trial=changed("thresholding-by-babel", "one-atom-less", constants={"b_lower": "babel_before*x_max + eps"}),
    ),
    Planted(
        of="thresholding-next-layer-by-entries",
        wrong="the model error of the layer left out",
        why="the layer has an error of its own",
        trial=changed("thresholding-next-layer-by-entries", "no-noise", constants={"eps": "spread*error"}),
    ),
    Planted(
        of="thresholding-level",
        wrong="the factor 1/2 of the level left out",
        why="twice as many nonzeros",
        trial=changed(
            "thresholding-level", "twice", constants={"level_bound": "1 + x_min/(mu*x_max) - eps/(mu*x_max)"}
        ),
    ),
    Planted(
        of="thresholding-typical",
        wrong="Hoeffding with 1/4 for 1/8",
        why="the exponent is twice too large",
        trial=changed("thresholding-typical", "twice-the-exponent", constants={"g": "(x_min - 2*eps)**2/(4*x_max**2)"}),
        weaker=changed(
            "thresholding-typical", "half-the-exponent", constants={"g": "(x_min - 2*eps)**2/(16*x_max**2)"}
        ),
    ),
    Planted(
        of="thresholding-typical-local",
        wrong="Hoeffding with 1/2 for 1/8",
        why="the exponent is four times too large",
        trial=changed(
            "thresholding-typical-local", "four-times-the-exponent", constants={"g": "(x_min - 2*eps)**2/(2*x_max**2)"}
        ),
    ),
    Planted(
        of="dsc-stability",
        instances=2000,
        wrong="the incoming error left out",
        why="layer j sees two signals that differ by E_(j-1)",
        trial=changed(
            "dsc-stability", "no-incoming", constants={"E": "2*eps/(beta*norm_min*sqrt(1 - (2*lam - 1)*mu))"}
        ),
    ),
    Planted(
        of="dsc-stability-by-isometry",
        wrong="beta left out",
        why="a flat activation hides differences",
        trial=changed(
            "dsc-stability-by-isometry", "no-slope", constants={"E": "(E_before + 2*eps)/(norm_min*sqrt(1 - delta))"}
        ),
    ),
    Planted(
        of="dsc-uniqueness",
        instances=2000,
        wrong="(2 lam - 1) mu <= 1",
        why="the simplex attains equality",
        trial=changed("dsc-uniqueness", "equality", conditions={"(2*lam - 1)*mu < 1": "(2*lam - 1)*mu <= 1"}),
    ),
    Planted(
        of="dsc-uniqueness-by-spark",
        wrong="2 lam <= spark",
        why="a null vector with 2 lam nonzeros splits into two codes",
        trial=changed("dsc-uniqueness-by-spark", "equality", conditions={"2*lam < spark": "2*lam <= spark"}),
    ),
    Planted(
        of="dsc-uniqueness-by-generalized-coherence",
        wrong="(2 lam - 2) mu~ < 1",
        why="one neighbour less",
        instances=2000,
        trial=changed(
            "dsc-uniqueness-by-generalized-coherence",
            "less",
            conditions={"(2*lam - 1)*mu_tilde < 1": "(2*lam - 2)*mu_tilde < 1"},
        ),
    ),
    Planted(
        of="dsc-uniqueness-of-product",
        instances=2000,
        wrong="(2 lam - 2) mu < 1",
        why="one neighbour less",
        trial=changed("dsc-uniqueness-of-product", "less", conditions={"(2*lam - 1)*mu < 1": "(2*lam - 2)*mu < 1"}),
    ),
    Planted(
        of="dsc-uniqueness-by-isometry",
        instances=2000,
        wrong="delta_(2 lam) <= 1",
        why="dependent atoms have delta = 1",
        trial=changed("dsc-uniqueness-by-isometry", "equality", conditions={"delta < 1": "delta <= 1"}),
    ),
    Planted(
        of="dsc-recovery",
        wrong="(2 lam - 1) mu <= 1",
        why="the simplex attains equality",
        trial=changed("dsc-recovery", "equality", conditions={"(2*lam - 1)*mu < 1": "(2*lam - 1)*mu <= 1"}),
    ),
    Planted(
        of="dsc-deepest-first",
        wrong="the noise without its factor 2",
        why="the threshold holds the noise once more",
        trial=changed(
            "dsc-deepest-first",
            "noise-once",
            constants={"C_2": "reach*sqrt(lam)*gain/((1 - q)*norm_min) + tail"},
        ),
    ),
    Planted(
        of="dsc-deepest-first",
        wrong="min N left out",
        why="the network finds the code of unit atoms",
        trial=changed(
            "dsc-deepest-first",
            "no-norms",
            constants={"C_1": "reach*sqrt(lam)*B", "C_2": "2*reach*sqrt(lam)*gain/(1 - q) + tail"},
        ),
        comparable=False,
    ),
    Planted(
        of="dsc-layer-by-layer",
        wrong="the incoming error left out",
        why="the error of one layer is noise for the next",
        trial=changed(
            "dsc-layer-by-layer",
            "no-incoming",
            constants={"C_1": "B/norm_min", "C_2": "2*omega/(beta*(1 - q)*norm_min)"},
        ),
    ),
    Planted(
        of="dsc-layer-by-layer",
        wrong="beta left out",
        why="a flat activation makes errors larger",
        trial=changed(
            "dsc-layer-by-layer",
            "no-slope",
            constants={
                "C_1": "(B + 2*spread*C_1_before/(1 - q))/norm_min",
                "C_2": "2*(omega + spread*C_2_before)/((1 - q)*norm_min)",
            },
        ),
    ),
    Planted(
        of="dsc-refit",
        wrong="a <= |x|_min for a < |x|_min",
        why="the smallest entry may be lost",
        trial=changed("dsc-refit", "equality", conditions={"a < x_min": "a <= x_min"}),
    ),
    Planted(
        of="dsc-refit",
        wrong="smin of one atom for that of lam_J",
        why="two atoms near each other are nearly dependent",
        trial=changed("dsc-refit", "one-atom", experiment=RefittedCode(of_one_atom=True)),
        comparable=False,
    ),
)
