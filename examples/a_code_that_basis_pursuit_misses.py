"""Which code does basis pursuit miss, and what does it find instead?

Atom t = -4 .. 4 is the vector of the powers 1, t, .., t^5: any six atoms are independent, so every code with at most 3
nonzeros is the only one that sparse. Basis pursuit misses some of them all the same. A null vector h with at least half
of its weight on few atoms shows one: x is h there, x' is -h elsewhere, D x = D x', and x' costs no more.
"""

from fractions import Fraction

import certificates
import verify

POINTS = range(-4, 5)
ROWS = [[t**power for t in POINTS] for power in range(6)]


def main() -> None:
    """Read one refutation aloud."""
    result = verify.check_dictionary(ROWS, questions=["l0", "l1"], scaling="as-given", effort="standard")
    missed, unique = result.levels["l1"].refuted, result.levels["l0"].guaranteed
    assert missed is not None
    assert missed <= unique

    answer = certificates.check(result.certificate.data, dictionary=ROWS)
    assert isinstance(answer, certificates.Accepted)
    claim = next(c for c in answer.claims if c["kind"] == "refuted" and c["question"] == "l1")
    values = {i: int(text, 16) for i, text in zip(claim["support"], claim["real"]["integers"], strict=True)}
    x = {i: value for i, value in values.items() if i in claim["part"]}
    other = {i: -value for i, value in values.items() if i not in claim["part"]}
    assert claim["real"]["exponent"] == 0

    print(f"Codes with at most {unique} nonzeros are unique, and basis pursuit misses one with {missed}:")
    print("  the code x    ", spoken(x))
    print("  its signal    ", signal(x))
    print("  the code x'   ", spoken(other))
    print("  its signal    ", signal(other))
    print(f"  |x|_1 = {cost(x)}, |x'|_1 = {cost(other)}")
    print("The certificate is accepted:", certificates.describe(claim))
    assert len(x) <= missed
    assert signal(x) == signal(other)
    assert cost(other) <= cost(x)


def spoken(code: dict[int, int]) -> str:
    """Say a code in words."""
    return ", ".join(f"{value} of atom {i}" for i, value in code.items())


def signal(code: dict[int, int]) -> list[int]:
    """Return D x, exactly."""
    return [sum(row[i] * value for i, value in code.items()) for row in ROWS]


def cost(code: dict[int, int]) -> Fraction:
    """Return |x|_1."""
    return sum((Fraction(abs(value)) for value in code.values()), Fraction(0))


if __name__ == "__main__":
    main()
