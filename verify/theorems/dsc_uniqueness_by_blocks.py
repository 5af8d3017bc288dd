"""Deep codes are unique block by block."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness-by-blocks",
    title="Uniqueness of deep sparse codes, block by block",
    section=Section.deep,
    hypotheses=(
        "eps_j = 0 and rho_j is injective, for every layer j",
        "0 = t_0 < t_1 < .. < t_r = J, and for i = t_(k-1), j = t_k no two codes of D[i:j] = D_(i+1)...D_j with at "
        "most lam_j nonzeros have one signal",
        "rho_l is the identity for all l from t_(k-1) + 2 to t_k",
    ),
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="Let x_i be known. rho_(i+1)^(-1)(x_i) = D[i:j] x_j determines x_j, and x_(l-1) = D_l x_l the codes between.",
    source="Li, Feng, Zhou 2024, theorem 1, for single layers and for one block",
    status=Status.proved,
    remark="Single layers are dsc-uniqueness-by-spark, one block is dsc-uniqueness-of-product.",
)
