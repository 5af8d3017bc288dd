"""Any weights bound mu~_i from above."""

from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

DIAGONAL = Variable(
    name="diagonal", plain="|w^T d^_i|", latex=r"|w^T \hat d_i|", meaning="|w^T d^_i|", domain=reals(0, above=True)
)
LARGEST = Variable(
    name="largest",
    plain="max |w^T d^_j|",
    latex=r"\max_{j \ne i} |w^T \hat d_j|",
    meaning="the largest |w^T d^_j|, j != i",
    domain=reals(0),
)

THEOREM = QuantitativeTheorem(
    id="generalized-coherence",
    title="Weights bound the generalized coherence",
    section=Section.dictionary,
    variables=(DIAGONAL, LARGEST),
    hypotheses=("w is any vector with w^T d^_i != 0",),
    constants={"mu_upper": "largest/diagonal"},
    conclusion="mu~_i <= mu_upper.",
    observables=(Observable(quantity="mu_tilde_i", relation="<=", bound="mu_upper"),),
    proof="Divide w by w^T d^_i: it satisfies the condition of the minimum.",
    source="Chen, Liu, Wang, Yin 2018; Liu, Chen, Wang, Yin 2019; certificates/SPEC.md, section 6.5",
    status=Status.proved,
)
