"""Built-in dictionaries of algebraic numbers, `exact:NAME:ARGS`; `builtin:` has their nearest binary64 matrices."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import InputError
from ..families.arguments import is_prime, numbers
from ..families.frames import alltop_turns, difference_set
from .dictionary import refuse_too_many

Texts = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactFamily:
    """A family of algebraic dictionaries: its name, the pattern of its arguments, one line about it, an example."""

    name: str
    arguments: str
    description: str
    example: str
    make: Callable[[str], Texts]

    @property
    def pattern(self) -> str:
        """The source as one types it, with the arguments' names."""
        return f"exact:{self.name}" + (f":{self.arguments}" if self.arguments else "")


def build_exact(name: str, arguments: str = "") -> tuple[Texts, str]:
    """Return the entries of `exact:NAME:ARGUMENTS` as expressions, row by row, and what they are.

    Raises InputError for an unknown name or unusable arguments, LimitError if it would be too large.
    """
    family = next((family for family in EXACT_FAMILIES if family.name == name), None)
    if family is None:
        names = [family.name for family in EXACT_FAMILIES]
        near = difflib.get_close_matches(name[:100].lower(), names, cutoff=0.5)
        advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
        raise InputError(f"unknown exact dictionary {name[:40]!r}: {advice}")
    try:
        return family.make(arguments), f"{family.description}, exactly"
    except InputError as error:
        raise type(error)(f"exact:{name}:{ascii(arguments[:40])[1:-1]}: {error}") from None


def _number(arguments: str, least: int) -> int:
    (n,) = numbers(arguments, "#", f"n >= {least}")
    if n < least:
        raise InputError(f"expected n >= {least}, got {n}")
    return n


def _cosine(i: int, j: int, n: int) -> str:
    return f"cos(pi*{(2 * i + 1) * j % (4 * n)}/{2 * n})"


def _wave(turns: int, n: int) -> str:
    return f"exp(-2*pi*I*{turns % n}/{n})"


def _beside_identity(rows: Texts) -> Texts:
    return [[*("1" if i == j else "0" for j in range(len(rows))), *row] for i, row in enumerate(rows)]


def cosines(arguments: str) -> Texts:
    """Atom j, j < n, is cos(pi (2i + 1) j / 2n), i < m."""
    m, n = numbers(arguments, "#x#", "n or mxn") if "x" in arguments else (_number(arguments, 2),) * 2
    if not (1 <= m <= n and n >= 2):
        raise InputError(f"expected m from 1 to n and n >= 2, got {m}x{n}")
    refuse_too_many(m, n)
    return [[_cosine(i, j, n) for j in range(n)] for i in range(m)]


def dirac_dct(arguments: str) -> Texts:
    """[I, C], C the orthonormal DCT-II of order n."""
    n = _number(arguments, 2)
    refuse_too_many(n, 2 * n)
    scale = [f"1/sqrt({n})", *[f"sqrt(2)/sqrt({n})"] * (n - 1)]
    return _beside_identity([[f"{scale[j]}*{_cosine(i, j, n)}" for j in range(n)] for i in range(n)])


def dirac_dft(arguments: str) -> Texts:
    """[I, F], F the unitary Fourier matrix of order n."""
    n = _number(arguments, 2)
    refuse_too_many(n, 2 * n)
    return _beside_identity([[f"{_wave(i * j, n)}/sqrt({n})" for j in range(n)] for i in range(n)])


def real_dirac_dft(arguments: str) -> Texts:
    """[I, F], F the real Fourier basis: cosines of 2 pi i j / n, 0 <= j <= n/2, and sines, 0 < j < n/2."""
    n = _number(arguments, 2)
    refuse_too_many(n, 2 * n)
    waves = [("cos", j) for j in range(n // 2 + 1)] + [("sin", j) for j in range(1, (n + 1) // 2)]
    return _beside_identity([[f"{name}(2*pi*{i * j % n}/{n})" for name, j in waves] for i in range(n)])


def mercedes_benz(arguments: str) -> Texts:
    """Three unit atoms of the plane at angles of 120 degrees."""
    if arguments:
        raise InputError(f"expected no argument, got {arguments[:40]!r}")
    return [["0", "sqrt(3)/2", "-sqrt(3)/2"], ["1", "-1/2", "-1/2"]]


def simplex(arguments: str) -> Texts:
    """The n vertices of a regular simplex in R^(n-1): row k is 1/sqrt(k (k+1)), k times, then -k/sqrt(k (k+1))."""
    n = _number(arguments, 2)
    refuse_too_many(n - 1, n)
    return [
        [
            f"1/sqrt({k * (k + 1)})" if j < k else f"-{k}/sqrt({k * (k + 1)})" if j == k else "0"
            for j in range(n)
        ]
        for k in range(1, n)
    ]  # fmt: skip


def harmonic(arguments: str) -> Texts:
    """The rows of the n-point Fourier matrix whose numbers form a difference set."""
    rows, n = difference_set(arguments)
    refuse_too_many(len(rows), n)
    return [[_wave(row * j, n) for j in range(n)] for row in rows.tolist()]


def alltop(arguments: str) -> Texts:
    """Alltop's Gabor frame: all p^2 shifts and modulations of exp(2 pi i t^3 / p), t < p."""
    p = _number(arguments, 5)
    if p > 10_000 or not is_prime(p):
        raise InputError(f"expected a prime p from 5 on, got {p}")
    refuse_too_many(p, p * p)
    return [[_wave(turn, p) for turn in row] for row in alltop_turns(p).tolist()]


EXACT_FAMILIES: tuple[ExactFamily, ...] = (
    ExactFamily(
        name="dct",
        arguments="n or mxn",
        description="cosines of n frequencies on m points; m = n: the DCT-II basis",
        example="exact:dct:8x16",
        make=cosines,
    ),
    ExactFamily(
        name="dirac-dct",
        arguments="n",
        description="[I, C], spikes and the orthonormal DCT-II",
        example="exact:dirac-dct:16",
        make=dirac_dct,
    ),
    ExactFamily(
        name="dirac-dft",
        arguments="n",
        description="[I, F], spikes and complex exponentials; mu = 1/sqrt(n)",
        example="exact:dirac-dft:16",
        make=dirac_dft,
    ),
    ExactFamily(
        name="real-dirac-dft",
        arguments="n",
        description="[I, F], spikes and real waves; mu = sqrt(2/n)",
        example="exact:real-dirac-dft:16",
        make=real_dirac_dft,
    ),
    ExactFamily(
        name="mercedes-benz",
        arguments="",
        description="three atoms of the plane at 120 degrees; mu = 1/2",
        example="exact:mercedes-benz",
        make=mercedes_benz,
    ),
    ExactFamily(
        name="simplex",
        arguments="n",
        description="n atoms of R^(n-1) with all cosines -1/(n-1), the Grassmannian simplex",
        example="exact:simplex:8",
        make=simplex,
    ),
    ExactFamily(
        name="harmonic",
        arguments="residues:p or singer:q",
        description="equiangular tight frame from a difference set; mu is Welch's bound",
        example="exact:harmonic:singer:3",
        make=harmonic,
    ),
    ExactFamily(
        name="alltop",
        arguments="p",
        description="Gabor frame of p^2 atoms, p >= 5 a prime; mu = 1/sqrt(p)",
        example="exact:alltop:5",
        make=alltop,
    ),
)
