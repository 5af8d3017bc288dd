"""Any unrolled network as a 1-D convolutional network with kernels of one size: gather, map, spread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...errors import InputError, LimitError
from ..unrolled import Code, Layer, Matrix, ResidualLayer, StateLayer, UnrolledNetwork
from .sequence_layers import SequenceLayer, gather, read_out, spread

if TYPE_CHECKING:
    from .sequence_module import SequenceModule

MOST_KERNEL = 10_000
MOST_MAP_ENTRIES = 50_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceCounts:
    """How large a SequenceCNN is; weights are counted in each layer, `weights` as without groups, zeros included."""

    layers: int
    pointwise: int
    channels: int
    weights: int
    nonzero: int


def gathering_layers(length: int, kernel_size: int) -> int:
    """Return the least integer L with kernel_size^L >= length, by integer arithmetic."""
    found, reach = 0, 1
    while reach < length:
        found, reach = found + 1, reach * kernel_size
    return found


def refuse_no_cnn(kernel_size: int, activation: str) -> None:
    """Raise InputError for a kernel size below 2, and for units other than relu."""
    if isinstance(kernel_size, bool) or not isinstance(kernel_size, int) or not 2 <= kernel_size <= MOST_KERNEL:
        raise InputError(f"kernel size: expected an integer from 2 to {MOST_KERNEL}, got {kernel_size!r:.40}")
    if activation != "relu":
        raise InputError(f"a network as a CNN: expected relu units, got {activation}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SequenceCNN:
    """An unrolled network as convolutions of kernel size r, kernel size 1, and ReLUs, over the sequence (y, x, 0, ..).

    A layer of `network` becomes L strided convolutions that gather r^L >= m + n places into channels, positive and
    negative parts apart; one pointwise map (two where the layer is y - D x, then x + W^T r) with the thresholds; and L
    transposed convolutions that spread y and the new x again. All weights are 0, 1, -1 or entries of the network.

    Guarantee: in exact arithmetic the codes are those of `network`. In floating point gathering and spreading round
    nothing, as each sum has at most one term that is not 0, and a map sums the same terms as the network in an order of
    its own: evaluated as by `to_torch` it is an evaluation of `network` as certificates/SPEC.md, section 6.10, defines
    it for `ieee`, so that a certificate of `network` with that arithmetic is one of this. Source: Li, Feng, Zhou 2024,
    corollary 7 (lfz2024-corollary-7 counts the layers).
    """

    network: UnrolledNetwork
    kernel_size: int
    layers: tuple[SequenceLayer, ...]

    @staticmethod
    def of(network: UnrolledNetwork, kernel_size: int) -> SequenceCNN:
        """Return the convolutional form of a network of ReLUs.

        Raises InputError for a kernel size below 2 and for other activations, LimitError for maps that are too large.
        """
        refuse_no_cnn(kernel_size, network.activation.name)
        return SequenceCNN(
            network=network, kernel_size=kernel_size, layers=tuple(_Builder(network, kernel_size).layers())
        )

    @property
    def gathering(self) -> int:
        """The number L of gathering, and of spreading, layers of each step."""
        return gathering_layers(sum(self.network.shape), self.kernel_size)

    @property
    def reach(self) -> int:
        """The length r^L of the sequence."""
        return self.kernel_size**self.gathering

    @property
    def counts(self) -> SequenceCounts:
        """How many layers, channels and weights there are."""
        return SequenceCounts(
            layers=len(self.layers),
            pointwise=sum(layer.taps == 1 for layer in self.layers),
            channels=max(layer.outputs for layer in self.layers),
            weights=sum(layer.inputs * layer.outputs * layer.taps for layer in self.layers),
            nonzero=sum(layer.nonzero for layer in self.layers),
        )

    def forward_exact(self, signal: Iterable[float | Fraction]) -> list[Fraction]:
        """Return the code of a signal by convolutions in rational arithmetic. Cost: for tests and small networks.

        Raises InputError for a signal of another length.
        """
        m, n = self.network.shape
        y = [Fraction(value) for value in signal]
        if len(y) != m:
            raise InputError(f"signal: expected {m} numbers, got {len(y)}")
        channels = [[*y, *[Fraction(0)] * (self.reach - m)]]
        for layer in self.layers:
            channels = layer.exact(channels)
        return channels[0][m : m + n]

    def to_torch(self) -> SequenceModule:
        """Return the network as a torch module of convolutions, on the CPU; `.to(device)` moves it."""
        from .sequence_module import SequenceModule

        return SequenceModule(self)


class _Builder:
    """Makes the layers, each different one once."""

    def __init__(self, network: UnrolledNetwork, r: int) -> None:
        self._network, self._r, self._dtype = network, r, network.dtype.value
        self._m, self._n = network.shape
        self._gathering = gathering_layers(self._m + self._n, r)
        self._reach = r**self._gathering
        self._place = np.array([_reversed(q, r, self._gathering) for q in range(self._m + self._n)])
        self._maps: dict[tuple[int, ...], tuple[Matrix, ...]] = {}

    def layers(self) -> Iterator[SequenceLayer]:
        """Yield all layers in order."""
        self._refuse_large()
        widths = [2 * self._r**level for level in range(self._gathering)]
        first = gather(1, self._r, self._dtype, mirrored=True)
        gathers = [gather(width, self._r, self._dtype) for width in widths]
        spreads = [spread(width, self._r, self._dtype) for width in reversed(widths)]
        for at, layer in enumerate(self._network.layers):
            yield from gathers if at else [first, *gathers[1:]]
            yield from self._step(layer)
            yield from spreads[:-1]
            yield spreads[-1] if at + 1 < len(self._network.layers) else read_out(self._r, self._dtype)

    def _step(self, layer: Layer) -> Iterator[SequenceLayer]:
        key = _key(layer)
        if key not in self._maps:
            self._maps[key] = self._state(layer) if isinstance(layer, StateLayer) else self._residual(layer)
        *before, last = self._maps[key]
        for weight in before:
            yield SequenceLayer(weight=weight, groups=1, stride=1, mirror=np.ones(len(weight), self._dtype))
        mirror, threshold = np.ones(self._reach, self._dtype), np.zeros(self._reach, self._dtype)
        codes = self._place[self._m :]
        threshold[codes] = layer.threshold
        if self._network.code is Code.nonnegative:
            mirror[codes] = 0
        yield SequenceLayer(weight=last, groups=1, stride=1, mirror=mirror, threshold=threshold)

    def _refuse_large(self) -> None:
        """Raise LimitError before anything large is made."""
        kinds = {_key(layer): isinstance(layer, ResidualLayer) for layer in self._network.layers}
        entries = sum(2 * self._reach**2 + (4 * self._m * self._reach if kind else 0) for kind in kinds.values())
        if entries > MOST_MAP_ENTRIES:
            raise LimitError(
                f"as a CNN with kernels of size {self._r} the maps of {self._reach} places have {entries} entries, "
                f"more than {MOST_MAP_ENTRIES}: take another kernel size or a smaller network"
            )

    def _state(self, layer: StateLayer) -> tuple[Matrix, ...]:
        signal, code = self._place[: self._m], self._place[self._m :]
        rows = np.zeros((self._reach, self._reach), self._dtype)
        rows[signal, signal] = 1
        rows[np.ix_(code, signal)] = layer.signal
        if layer.state is not None:
            rows[np.ix_(code, code)] = layer.state
        return (_signed(rows),)

    def _residual(self, layer: ResidualLayer) -> tuple[Matrix, ...]:
        """Return the maps (y, x) -> (y, x, y - D x), and (y, x, r) -> (y, x + W^T r)."""
        signal, code, size = self._place[: self._m], self._place[self._m :], self._reach + self._m
        first, second = np.zeros((size, self._reach), self._dtype), np.zeros((self._reach, size), self._dtype)
        first[self._place, self._place] = second[self._place, self._place] = 1
        first[self._reach + np.arange(self._m), signal] = 1
        first[self._reach :, code] = -layer.synthesis
        second[code, self._reach :] = layer.analysis.T
        return _signed(first), _signed(second)


def _key(layer: Layer) -> tuple[int, ...]:
    """Return what layers with the same matrices share."""
    return tuple(id(array) for name, array in layer.parts.items() if name != "threshold")


def _signed(rows: Matrix) -> Matrix:
    """Return the kernel of size 1 of a map that is handed positive and negative parts."""
    return np.concatenate([rows, -rows], axis=1)[:, :, None]


def _reversed(place: int, r: int, digits: int) -> int:
    """Return the channel that gathering brings a place to: its digits in base r, reversed."""
    found = 0
    for _ in range(digits):
        place, digit = divmod(place, r)
        found = found * r + digit
    return found
