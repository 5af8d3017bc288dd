"""A convolutional network for every layer of a chain of filters."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-filters-layer-by-layer",
    title="Networks for chains of filters, layer by layer",
    section=Section.deep,
    hypotheses=(
        "|x_(j-1) - D_j x_j|_2 <= e_j under the taps of every atom of D_j, for j = 1..J, x_0 = y; |x_j|^S <= s_j "
        "in the stripes of D_j, |x_j|_inf <= B_j",
        "network j finds x~_j from x~_(j-1), x~_0 = y; a_c and o_c bound its error in channel c on the support "
        "and off it",
        "k_j = s_(j-1) times the product over the axes of ceil(t_j/(2 K_(j-1) + 1)), K = (t-1)//stride, one "
        "stripe more where taps go round a circle that stripes do not",
    ),
    conclusion="At every size lista-linf-local bounds x~_j - x_j, with noise of norm e_j + E_j under the taps of an "
    "atom, E_j^2 = sum of all o^2 + the k_j largest a^2 - o^2 there (E_1 = 0).",
    proof="x~_(j-1) = D_j x_j + noise + (x~_(j-1) - x_(j-1)). The places under the taps are covered by boxes inside"
    " one stripe of D_(j-1) each, so x_(j-1) is not 0 in at most k_j of them: there the error is at most a, "
    "elsewhere at most o.",
    source="lista-linf-local and dsc-layer-by-layer, by stripes; certificates/SPEC.md, section 6.16",
    status=Status.proved,
    remark="Rounding is counted in the certificate.",
    depends=("lista-linf-local",),
)
