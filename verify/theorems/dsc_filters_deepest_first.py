"""A convolutional network for the product of a chain of filters."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-filters-deepest-first",
    title="Networks for chains of filters, the deepest code first",
    section=Section.deep,
    hypotheses=(
        "|x_(j-1) - D_j x_j|_2 <= e_j under the taps of every atom of D_j, for j = 1..J, x_0 = y; |x_J|^S <= s in"
        " the stripes of D[J] = D_1...D_J, |x_J|_inf <= B",
        "R and Q bound the sums of moduli in the rows and columns of D[j-1], and P_j boxes of taps of D_j cover "
        "the places of x_(j-1) that D[j-1] has under the taps of one atom of D[J]",
        "the network finds x~_J from y; x~_j = D[j:J] x~_J",
    ),
    conclusion="At every size lista-linf-local bounds x~_J - x_J, with noise of norm sum over j of e_j sqrt(R Q P_j) "
    "under the taps of an atom; and |x~_j - x_j|_inf is at most the s largest moduli that meet in one place "
    "of D[j:J], times the error on the support, and the others times that off it, plus sum over i of "
    "R(D[j:i-1]) e_i.",
    proof="y = D[J] x_J + sum over j of D[j-1] f_j, |D[j-1]|_2 <= sqrt(R Q) (Schur), and f_j has norm at most e_j "
    "in each of the P_j boxes. x_j = D[j:J] x_J + sum over i = j+1..J of D[j:i-1] f_i; the atoms of D[j:J] "
    "that meet in one place are in one stripe of D[J].",
    source="lista-linf-local and dsc-deepest-first, by stripes; certificates/SPEC.md, section 6.16",
    status=Status.proved,
    remark="Nothing is asked of the codes before the last but the model.",
    depends=("lista-linf-local",),
)
