"""The network the user handed in besides the dictionary: its layers, exactly as stored, and its digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .dictionary import Dictionary, SubjectError


@dataclass(frozen=True, slots=True)
class FloatFormat:
    """An IEEE binary format: unit roundoff 2^-`digits`, least normal number 2^`lowest`, numbers below 2^`highest`."""

    digits: int
    lowest: int
    highest: int


FORMATS = {"float32": FloatFormat(24, -126, 128), "float64": FloatFormat(53, -1022, 1024)}


@dataclass(frozen=True, slots=True)
class Tensor:
    """A matrix, or a vector as one row, of finite floating-point numbers, row by row."""

    rows: int
    columns: int
    values: tuple[float, ...]

    @property
    def largest(self) -> float:
        """The greatest modulus of an entry."""
        return max(max(self.values), -min(self.values))

    def row(self, at: int) -> tuple[float, ...]:
        """Return one row."""
        return self.values[at * self.columns : (at + 1) * self.columns]

    def column(self, at: int) -> tuple[float, ...]:
        """Return one column."""
        return self.values[at :: self.columns]


@dataclass(frozen=True, slots=True)
class Layer:
    """Names of tensors: of M (None for no state), V, t with x+ = T_t(M x + V y), or of W, D' and t.

    The latter (`residual`) is x+ = T_t(x + W^T (y - D' x)).
    """

    residual: bool
    first: str | None
    second: str
    threshold: str

    @property
    def matrices(self) -> tuple[str | None, str]:
        """What the matrices of the layer are made of: layers with the same pair share them."""
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class Activation:
    """What stands for relu: `relu` itself, or another function with its parameter (a slope, or a scale tau)."""

    name: str
    parameter: Fraction | None = None


@dataclass(frozen=True)
class Network:
    """What unrolled networks have in common: n entries of codes meet the m entries of signals that a row sees.

    T_t(v) = relu(v - t) - relu(-v - t) entrywise, and relu(v - t) where `nonnegative`.
    """

    m: int
    n: int
    digest: str
    nonnegative: bool
    dtype: str
    activation: Activation
    layers: tuple[Layer, ...]
    tensors: dict[str, Tensor]

    @property
    def one_sided(self) -> bool:
        """Whether no output can be negative, so that codes are bounded from each side by itself."""
        return self.nonnegative and self.activation.name == "relu"

    @property
    def format(self) -> FloatFormat:
        """The floating-point format."""
        return FORMATS[self.dtype]


@dataclass(frozen=True)
class StoredNetwork(Network):
    """An unrolled network for signals of length m and codes of length n; `networks.py` reads one."""


@dataclass(frozen=True, slots=True)
class NetworkInstance:
    """A real dictionary and a network for it. Build one with `of`, which checks that they fit."""

    dictionary: Dictionary
    network: StoredNetwork

    @staticmethod
    def of(dictionary: Dictionary, network: StoredNetwork) -> NetworkInstance:
        """Return both together; raise SubjectError if they do not fit."""
        if dictionary.field != "real":
            raise SubjectError("a network is for a real dictionary, and this one is complex")
        shape = (dictionary.m, dictionary.n)
        if (network.m, network.n) != shape:
            raise SubjectError(
                f"the network is for dictionaries of shape {(network.m, network.n)}, and this one has shape {shape}"
            )
        return NetworkInstance(dictionary, network)


def runs(layers: Sequence[Layer]) -> int:
    """Return how often the matrices change from one layer to the next, the first time included."""
    return sum(at == 0 or layer.matrices != layers[at - 1].matrices for at, layer in enumerate(layers))
