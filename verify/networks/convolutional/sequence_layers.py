"""Layers of a 1-D convolutional network over a sequence, with exact weights: gather, map, spread."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..unrolled import Matrix

Channels = list[list[Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SequenceLayer:
    """One convolution along the sequence, its thresholds and its ReLUs.

    `weight` is as torch's conv1d takes it, (out, in/groups, taps), or with `transposed` conv_transpose1d's,
    (in, out/groups, taps). Where `mirror` is given, channels v are followed by as many more, -v where it is 1 and 0
    where it is 0: the weights of the layer are then W stacked on -mirror W. `threshold` is subtracted from either half.
    """

    weight: Matrix
    groups: int
    stride: int
    transposed: bool = False
    mirror: Matrix | None = None
    threshold: Matrix | None = None
    relu: bool = True

    @property
    def taps(self) -> int:
        """The kernel size."""
        return self.weight.shape[2]

    @property
    def inputs(self) -> int:
        """The number of channels that come in."""
        return self.weight.shape[0] if self.transposed else self.weight.shape[1] * self.groups

    @property
    def outputs(self) -> int:
        """The number of channels that come out."""
        found = self.weight.shape[1] * self.groups if self.transposed else self.weight.shape[0]
        return found if self.mirror is None else 2 * found

    @property
    def nonzero(self) -> int:
        """The number of weights that are not 0, the mirrored ones included."""
        copies = 1 if self.mirror is None else 1 + (self.mirror != 0)[:, None, None]
        return int(((self.weight != 0) * copies).sum())

    @property
    def plain(self) -> Matrix:
        """The weights without groups, (out, in, taps) or transposed (in, out, taps), the mirrored ones included."""
        parts, groups = np.split(self.weight, self.groups, axis=0), range(self.groups)
        rows, columns = parts[0].shape[:2]
        full = np.zeros((self.weight.shape[0], columns * self.groups, self.taps), self.weight.dtype)
        for g, part in zip(groups, parts, strict=True):
            full[g * rows : (g + 1) * rows, g * columns : (g + 1) * columns] = part
        if self.mirror is None:
            return full
        return np.concatenate([full, -self.mirror[:, None, None] * full], axis=0)

    def exact(self, channels: Channels) -> Channels:
        """Return what the layer makes of a sequence, in rational arithmetic, from the definition of a convolution."""
        weight, length = self.plain, len(channels[0])
        size = (length - 1) * self.stride + self.taps if self.transposed else (length - self.taps) // self.stride + 1
        found = [[Fraction(0)] * size for _ in range(self.outputs)]
        for first, second, tap in np.argwhere(weight).tolist():
            value = Fraction(float(weight[first, second, tap]))
            if self.transposed:
                for p in range(length):
                    found[second][p * self.stride + tap] += value * channels[first][p]
            else:
                for p in range(size):
                    found[first][p] += value * channels[second][p * self.stride + tap]
        if self.threshold is not None:
            thresholds = [Fraction(float(t)) for t in self.threshold] * 2
            found = [[v - t for v in channel] for channel, t in zip(found, thresholds, strict=True)]
        return [[max(v, Fraction(0)) for v in channel] for channel in found] if self.relu else found


def gather(channels: int, r: int, dtype: str, *, mirrored: bool = False) -> SequenceLayer:
    """Return the layer that turns r neighbours into channels: output c r + u at p is channel c at p r + u."""
    weight = np.tile(np.eye(r, dtype=dtype)[:, None], (channels, 1, 1))
    mirror = np.ones(channels * r, dtype) if mirrored else None
    return SequenceLayer(weight=weight, groups=channels, stride=r, mirror=mirror)


def spread(channels: int, r: int, dtype: str) -> SequenceLayer:
    """Return the layer that undoes `gather`: from channels * r channels to `channels`, r times as long."""
    weight = np.tile(np.eye(r, dtype=dtype)[:, None], (channels, 1, 1))
    return SequenceLayer(weight=weight, groups=channels, stride=r, transposed=True)


def read_out(r: int, dtype: str) -> SequenceLayer:
    """Return the last layer, which spreads positive and negative parts into one signed channel, without a ReLU."""
    eye = np.eye(r, dtype=dtype)[:, None]
    return SequenceLayer(weight=np.concatenate([eye, -eye]), groups=1, stride=r, transposed=True, relu=False)
