"""Does the coherence condition hold at equality? Fifty atoms that sum to zero say no.

The 50 corners of a simplex have mu = 1/49, so (1 + 1/mu)/2 is exactly 25. The theorem wants k < 25. Computing
`ceil((1 + 1/mu)/2) - 1` in floats can give 25; at level 25 two codes of one signal exist: half of the atoms, and
minus the other half.
"""

from fractions import Fraction

import verify


def main() -> None:
    """Compare the float recipe with the proved levels."""
    result = verify.check_dictionary(verify.load("builtin:simplex:50"), sparsity=25)
    mu_squared = result.facts.coherence.squared
    assert mu_squared == Fraction(1, 49**2)
    print("mu^2 =", mu_squared)
    print("guaranteed up to level", result.levels.l1.guaranteed, "by", result.levels.l1.guaranteed_by)
    print("refuted from level", result.levels.l1.refuted, "by", result.levels.l1.refuted_by)
    assert result.levels.l1.guaranteed == 24
    assert result.levels.l1.refuted == 25

    vector = result.facts.null_vector
    assert vector is not None
    assert set(vector.real) == {1}  # all fifty atoms, with the same weight
    print("null vector:", len(vector.support), "atoms, all with weight", vector.real[0])


if __name__ == "__main__":
    main()
