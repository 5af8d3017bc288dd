"""Does it matter whether the atoms have unit norm? For basis pursuit, yes.

D = [e1, e2, c(e1 + e2)] with c = 1/10 has mu = 1/sqrt(2), so for unit atoms level 1 is guaranteed. As given, the
third atom is short and therefore expensive: its code (0, 0, 1) costs 1, while (c, c, 0) has the same signal and
costs 2c = 1/5.
"""

from fractions import Fraction

import verify


def main() -> None:
    """Ask the same question for both scalings."""
    c = Fraction(1, 10)
    dictionary = [[1, 0, c], [0, 1, c]]
    for scaling in verify.Scaling:
        (verdict,) = verify.check_dictionary(dictionary, sparsity=1, scaling=scaling).verdicts
        print(f"{scaling.value}: {type(verdict).__name__}")
        expected = verify.Guaranteed if scaling is verify.Scaling.unit else verify.Refuted
        assert isinstance(verdict, expected)


if __name__ == "__main__":
    main()
