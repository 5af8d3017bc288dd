"""Built-in dictionaries, listed by hand in `FAMILIES`."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from .dictionary import Dictionary, Origin
from .entries import MOST_ENTRIES, Entries
from .load_npy import read_npy
from .roots_of_unity import roots_of_unity

_DIGITS = Path(__file__).parent / "data" / "digits.npy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of built-in dictionaries: its name, the pattern of its arguments, one line about it, an example."""

    name: str
    arguments: str
    description: str
    example: str
    make: Callable[[str], Entries]

    @property
    def pattern(self) -> str:
        """The source as one types it, with the arguments' names."""
        return f"builtin:{self.name}" + (f":{self.arguments}" if self.arguments else "")


def build(name: str, arguments: str = "") -> Dictionary:
    """Return the built-in dictionary `builtin:NAME:ARGUMENTS`.

    Guarantee: the same name and arguments give the same exact entries (gaussian: for one version of numpy). Raises
    InputError for an unknown name or unusable arguments, LimitError if it would have more than 20 million entries.
    """
    family = next((family for family in FAMILIES if family.name == name), None)
    if family is None:
        names = [family.name for family in FAMILIES]
        near = difflib.get_close_matches(name[:100].lower(), names, cutoff=0.5)
        advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
        raise InputError(f"unknown built-in dictionary {name[:40]!r}: {advice}")
    try:
        entries = family.make(arguments)
    except InputError as error:
        got = f"builtin:{name}:{arguments[:40]}"
        raise type(error)(f"{got if got.isprintable() else ascii(got)}: {error}") from None
    origin = Origin(source=f"builtin:{name}:{arguments}".rstrip(":"), loader="builtin", remarks=entries.remarks)
    return Dictionary.from_array(entries.real, origin=origin, copy=False)


def _numbers(text: str, pattern: str, wanted: str) -> list[int]:
    """Return the numbers of `text` if it is of the pattern, in which # stands for a number of at most 18 digits."""
    match = re.fullmatch(pattern.replace("#", "([0-9]{1,18})"), text)
    if match is None:
        raise InputError(f"expected {wanted}, got {text[:40]!r}" if text else f"expected {wanted}, got no argument")
    return [int(number) for number in match.groups()]


def _refuse_too_large(m: int, n: int, bytes_each: int) -> None:
    if m * n > MOST_ENTRIES:
        memory, limit = m * n * bytes_each >> 20, MOST_ENTRIES * bytes_each >> 20
        raise LimitError(
            f"{m} x {n} entries need {memory} MiB; the limit is {MOST_ENTRIES} entries ({limit} MiB), "
            "as many as the checker reads"
        )


def hadamard(n: int) -> NDArray[np.int64]:
    """Return Sylvester's n x n Hadamard matrix, n a power of two: entry (i, j) is (-1)^(common binary ones of i, j)."""
    matrix = np.ones((1, 1), dtype=np.int64)
    while len(matrix) < n:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


def _identity_hadamard(arguments: str) -> Entries:
    wanted = "n, a power of two from 2 on"
    (n,) = _numbers(arguments, "#", wanted)
    if n < 2 or n & (n - 1):
        raise InputError(f"expected {wanted}, got {n}")
    _refuse_too_large(n, 2 * n, 8)
    return Entries(
        real=np.hstack([np.eye(n, dtype=np.int64), hadamard(n)]),
        remarks=("[I, H] in integers, not normalised: Hadamard atoms have norm sqrt(n)",),
    )


def _dirac_dft(arguments: str) -> Entries:
    """[I, F], F_jk = exp(-2 pi i j k / n), each part the nearest binary64; exact for n = 1, 2, 4."""
    (n,) = _numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    _refuse_too_large(n, 2 * n, 16)
    at = np.arange(n)
    waves = roots_of_unity(n)[np.outer(at, at) % n]
    rounded = "each part the nearest binary64, and that matrix is what is measured and certified"
    remark = f"[I, F] not normalised, F_jk = exp(-2 pi i j k / n): {'exact' if n in (2, 4) else rounded}"
    return Entries(real=np.hstack([np.eye(n, dtype=np.complex128), waves]), remarks=(remark,))


def _simplex(arguments: str) -> Entries:
    (n,) = _numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    _refuse_too_large(n, n, 8)
    real = n * np.eye(n, dtype=np.int64) - 1
    return Entries(real=real, remarks=("atoms n e_i - (1, ..., 1) in integers, not normalised: rank n - 1, sum zero",))


def _gaussian(arguments: str) -> Entries:
    m, n, seed = _numbers(arguments, "#x#:#", "mxn:seed, for example 20x40:7")
    if m < 1 or n < 2:
        raise InputError(f"expected at least one row and two atoms, got {m}x{n}")
    _refuse_too_large(m, n, 8)
    real = np.random.default_rng(seed).standard_normal((m, n))
    drawn = f"default_rng({seed}).standard_normal of numpy {np.__version__}; other versions may draw other numbers"
    return Entries(real=real, remarks=(f"{drawn}; not normalised",))


def _steiner(arguments: str) -> Entries:
    """One row per pair of 4 points; to point p belong 4 atoms: a row of H, without the first, in each pair with p."""
    if arguments != "6x16":
        raise InputError(f"expected 6x16, the one size there is, got {arguments[:40]!r}")
    pairs = list(combinations(range(4), 2))
    rows = hadamard(4)
    real = np.zeros((6, 16), dtype=np.int64)
    for point in range(4):
        through = [at for at, pair in enumerate(pairs) if point in pair]
        real[through, 4 * point : 4 * point + 4] = rows[1:]
    return Entries(real=real, remarks=("entries 0, 1, -1, not normalised: every atom has norm sqrt(3)",))


def _digits(arguments: str) -> Entries:
    if arguments:
        raise InputError(f"expected no argument, got {arguments[:40]!r}")
    with _DIGITS.open("rb") as file:
        entries = read_npy(file)
    learned = "learned from 8 x 8 images of digits; pixels row by row; see examples/learn_digits_dictionary.py"
    return Entries(real=entries.real, remarks=(*entries.remarks, learned))


FAMILIES: tuple[Family, ...] = (
    Family(
        name="identity-hadamard",
        arguments="n",
        description="[I, H], two orthogonal bases, n a power of two, exact integers; mu = 1/sqrt(n)",
        example="builtin:identity-hadamard:16",
        make=_identity_hadamard,
    ),
    Family(
        name="dirac-dft",
        arguments="n",
        description="[I, F], spikes and complex exponentials, complex128; mu close to 1/sqrt(n)",
        example="builtin:dirac-dft:16",
        make=_dirac_dft,
    ),
    Family(
        name="simplex",
        arguments="n",
        description="n atoms with sum zero and all cosines -1/(n-1), exact integers; mu = 1/(n-1)",
        example="builtin:simplex:50",
        make=_simplex,
    ),
    Family(
        name="gaussian",
        arguments="mxn:seed",
        description="independent standard normal entries, float64, not normalised",
        example="builtin:gaussian:20x40:7",
        make=_gaussian,
    ),
    Family(
        name="steiner",
        arguments="6x16",
        description="equiangular tight frame from the pairs of 4 points, exact integers; mu = 1/3",
        example="builtin:steiner:6x16",
        make=_steiner,
    ),
    Family(
        name="digits",
        arguments="",
        description="128 atoms learned from 8 x 8 images of handwritten digits, float32",
        example="builtin:digits",
        make=_digits,
    ),
)
