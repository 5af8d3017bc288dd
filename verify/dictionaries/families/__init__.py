"""Built-in dictionaries, listed by hand in `FAMILIES`."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import InputError
from ..dictionary import Dictionary, Origin
from ..entries import Entries
from .bases import (
    cosines,
    dirac_dct,
    dirac_dft,
    hadamard,
    identity_hadamard,
    partial_fourier,
    partial_hadamard,
    real_dirac_dft,
)
from .drawn import bernoulli, digits, gaussian
from .frames import alltop, harmonic, mercedes_benz, paley, simplex, steiner


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


FAMILIES: tuple[Family, ...] = (
    Family(
        name="identity-hadamard",
        arguments="n",
        description="[I, H], two orthogonal bases, n a power of two, exact integers; mu = 1/sqrt(n)",
        example="builtin:identity-hadamard:16",
        make=identity_hadamard,
    ),
    Family(
        name="dirac-dft",
        arguments="n",
        description="[I, F], spikes and complex exponentials, complex128; mu close to 1/sqrt(n)",
        example="builtin:dirac-dft:16",
        make=dirac_dft,
    ),
    Family(
        name="dirac-dct",
        arguments="n",
        description="[I, C], spikes and cosines, float64; mu below sqrt(2/n)",
        example="builtin:dirac-dct:16",
        make=dirac_dct,
    ),
    Family(
        name="real-dirac-dft",
        arguments="n",
        description="[I, F], spikes and real waves, float64; mu close to sqrt(2/n)",
        example="builtin:real-dirac-dft:16",
        make=real_dirac_dft,
    ),
    Family(
        name="dct",
        arguments="mxn",
        description="cosines of n frequencies on m points, float64; m = n: the DCT-II basis",
        example="builtin:dct:8x16",
        make=cosines,
    ),
    Family(
        name="simplex",
        arguments="n",
        description="n atoms with sum zero and all cosines -1/(n-1), exact integers; mu = 1/(n-1)",
        example="builtin:simplex:50",
        make=simplex,
    ),
    Family(
        name="mercedes-benz",
        arguments="",
        description="three atoms of the plane at 120 degrees, float64; mu close to 1/2",
        example="builtin:mercedes-benz",
        make=mercedes_benz,
    ),
    Family(
        name="paley",
        arguments="p",
        description="equiangular tight frame of p^2 + 1 atoms, p an odd prime, exact integers; mu = 1/p",
        example="builtin:paley:3",
        make=paley,
    ),
    Family(
        name="harmonic",
        arguments="residues:p or singer:q",
        description="equiangular tight frame from a difference set, complex128; mu close to Welch's bound",
        example="builtin:harmonic:singer:3",
        make=harmonic,
    ),
    Family(
        name="alltop",
        arguments="p",
        description="Gabor frame of p^2 atoms, p >= 5 a prime, complex128; mu close to 1/sqrt(p)",
        example="builtin:alltop:5",
        make=alltop,
    ),
    Family(
        name="gaussian",
        arguments="mxn:seed",
        description="independent standard normal entries, float64, not normalised",
        example="builtin:gaussian:20x40:7",
        make=gaussian,
    ),
    Family(
        name="bernoulli",
        arguments="mxn:seed",
        description="independent signs, exact integers, not normalised",
        example="builtin:bernoulli:20x40:7",
        make=bernoulli,
    ),
    Family(
        name="partial-fourier",
        arguments="mxn:seed",
        description="m random rows of the n-point Fourier matrix, complex128",
        example="builtin:partial-fourier:8x16:7",
        make=partial_fourier,
    ),
    Family(
        name="partial-hadamard",
        arguments="mxn:seed",
        description="m random rows of a Hadamard matrix, n a power of two, exact integers",
        example="builtin:partial-hadamard:8x16:7",
        make=partial_hadamard,
    ),
    Family(
        name="steiner",
        arguments="mxn",
        description="equiangular tight frame from pairs of points or binary lines, exact integers; mu = 1/3, 1/7, ...",
        example="builtin:steiner:6x16",
        make=steiner,
    ),
    Family(
        name="digits",
        arguments="",
        description="128 atoms learned from 8 x 8 images of handwritten digits, float32",
        example="builtin:digits",
        make=digits,
    ),
)

__all__ = ["FAMILIES", "Family", "build", "hadamard"]
