"""How many layers a CNN needs that has kernels of one size, for any dictionaries."""

from dataclasses import replace

from .language.code_variables import STEPS
from .language.domains import integers, reals
from .language.variables import Variable
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

KERNEL = Variable(name="r", meaning="kernel size", domain=integers(2))
STEPS_TAKEN = replace(STEPS, meaning="number of steps for each dictionary", domain=integers(1), optional=False)
ROWS = Variable(
    name="d_before", plain="d_(j-1)", latex="d_{j-1}", meaning="number of rows of D_j", domain=integers(1), each=True
)
ATOMS = Variable(name="d", plain="d_j", latex="d_j", meaning="number of atoms of D_j", domain=integers(1), each=True)
GATHERING = Variable(
    name="L", plain="L_j", latex="L_j", meaning="gathering layers of a step", domain=integers(0), each=True
)
LAYERS_BEFORE = Variable(
    name="layers_before", meaning="layers for D_1 .. D_(j-1); 0 at the first", domain=reals(0), each=True
)
LOG_BEFORE = Variable(
    name="log_before",
    meaning="log_r of the product of d_(i-1) + d_i over i < j; 0 at the first",
    domain=reals(0),
    each=True,
)
COUNT_BEFORE = Variable(name="count_before", plain="j - 1", latex="j - 1", meaning="j - 1", domain=reals(0), each=True)

THEOREM = QuantitativeTheorem(
    id="lfz2024-corollary-7",
    title="Layers of a CNN with kernels of one size",
    section=Section.networks,
    variables=(KERNEL, STEPS_TAKEN, ROWS, ATOMS, GATHERING, LAYERS_BEFORE, LOG_BEFORE, COUNT_BEFORE),
    hypotheses=(
        Condition("r**L >= d_before + d"),
        Condition("r**L < r*(d_before + d)"),
        "K steps x+ = T_t(M x + V y) for each D_j, one dictionary after another",
    ),
    constants={
        "layers": "layers_before + K*(2*L + 1)",
        "channels": "2*r**L",
        "log_product": "log_before + log(d_before + d)/log(r)",
        "count": "count_before + 1",
        "layers_bound": "K*(2*log_product + 3*count)",
        "channels_bound": "2*r*(d_before + d)",
    },
    conclusion="There is a 1-D CNN of ReLUs with kernels of size r and 1 that computes the codes exactly. For D_1 .. "
    "D_j it has layers < layers_bound layers, so O(K log_r of the product of the d_(j-1) + d_j), and in the part for "
    "D_j at most channels < channels_bound channels.",
    proof="L layers of stride r bring the r^L >= d_(j-1) + d_j places of (y, x, 0, ..) into r^L channels, with weights "
    "0 and 1; relu(v) and relu(-v) carry v. A layer of kernel size 1 applies (y, x) -> (y, Mx + Vy), and its ReLUs are "
    "the shrinkage pair (lfz2024-lemma-14); L transposed layers bring y and the new x back into a sequence. r^(L-1) < "
    "d_(j-1) + d_j gives L < 1 + log_r(d_(j-1) + d_j).",
    source="Li, Feng, Zhou 2024, corollary 7 (without the constants)",
    status=Status.proved,
    remark="For x+ = T_t(x + W^T (y - D x)), not multiplied out, there are two layers of kernel size 1 in a step, so "
    "2L + 2. Where D is convolutional a step is two convolutions of its own filters' size: prefer it.",
    depends=("lfz2024-lemma-14",),
    each=Each.layer,
    carried={"layers_before": "layers", "log_before": "log_product", "count_before": "count"},
    observables=(
        Observable(quantity="layers", relation="=", bound="layers"),
        Observable(quantity="channels", relation="=", bound="channels"),
        Observable(quantity="layers", relation="<", bound="layers_bound"),
        Observable(quantity="channels", relation="<", bound="channels_bound"),
    ),
)
