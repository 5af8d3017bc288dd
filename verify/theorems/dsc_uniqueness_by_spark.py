"""The same by the spark."""

from dataclasses import replace

from .language.dictionary_variables import SPARK
from .language.layer_variables import LAM
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

SPARK_J = replace(
    SPARK, plain="spark(D_j)", latex=r"\operatorname{spark}(D_j)", meaning="spark of D_j, or a lower bound", each=True
)

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness-by-spark",
    title="Uniqueness of deep sparse codes by the spark",
    section=Section.deep,
    variables=(LAM, SPARK_J),
    hypotheses=(Condition("2*lam < spark"), "eps_j = 0 and rho_j is injective, for every layer j"),
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="uniqueness-by-spark, layer by layer.",
    source="Murray, Tanner 2018; Li, Feng, Zhou 2024",
    status=Status.proved,
    depends=("uniqueness-by-spark",),
    each=Each.layer,
    observables=(Observable(quantity="dependent_atoms", relation=">=", bound="2*lam + 1"),),
)
