"""The matrices that bound the error of a layer: |M| or its two parts, |C| = |M + V D - I|, and norms, as floats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from .unrolled import Code, Layer, ResidualLayer, UnrolledNetwork

Floats = NDArray[np.float64]

_UNIT = 2.0**-53


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerMatrices:
    """Moduli, slightly too large, of one layer's matrices; see certificates/SPEC.md section 6.10 for the symbols.

    `same` is |M|, or M^+ with `cross` M^- where outputs cannot be negative; `residual` is |C|, None where C = 0;
    `norms` are |V_i|_2; `columns` |d'_j|_2 and `differences` |d_j - d'_j|_2, None unless the layer is residual;
    `signal` are the rows of V as stored.
    """

    same: Floats
    cross: Floats | None
    residual: Floats | None
    norms: Floats
    columns: Floats | None
    differences: Floats | None
    largest: float
    signal: Floats


class NetworkMatrices:
    """The matrices of every layer of a network for a dictionary, each pair of stored matrices multiplied once."""

    def __init__(self, network: UnrolledNetwork, dictionary: Dictionary) -> None:
        if dictionary.field != "real":
            raise InputError("expected a real dictionary for a network, got a complex one")
        if dictionary.shape != network.shape:
            raise InputError(
                f"network and dictionary do not belong together: the network is for shape {network.shape}, "
                f"the dictionary has shape {dictionary.shape}"
            )
        self._atoms = np.asarray(dictionary.real, dtype=np.float64)
        self._exact = dictionary.fits_binary64
        self.one_sided = network.code is Code.nonnegative and network.activation.name == "relu"
        self.norms: Floats = np.linalg.norm(self._atoms, axis=0)
        self.sizes = dictionary.shape
        self.own = self.kinds = np.arange(dictionary.shape[1])
        self._known: dict[tuple[int, int], LayerMatrices] = {}

    def of(self, layer: Layer) -> LayerMatrices:
        """Return the matrices of a layer."""
        parts = [array for name, array in layer.parts.items() if name != "threshold"]
        key = (id(parts[0]), id(parts[1]))
        if key not in self._known:
            first, second = (None if a is None else np.asarray(a, dtype=np.float64) for a in parts)
            assert second is not None
            if isinstance(layer, ResidualLayer):
                assert first is not None
                self._known[key] = self._residual(first, second)
            else:
                self._known[key] = self._direct(first, second)
        return self._known[key]

    def _residual(self, weights: Floats, synthesis: Floats) -> LayerMatrices:
        m, n = weights.shape
        norms, columns = np.linalg.norm(weights, axis=0), np.linalg.norm(synthesis, axis=0)
        rounding = 2 * (m + 2) * _UNIT * np.outer(norms, columns)
        state = np.eye(n) - weights.T @ synthesis
        difference = self._atoms - synthesis
        differences = np.linalg.norm(difference, axis=0) + (0 if self._exact else _UNIT * self.norms)
        residual = None
        if differences.any():
            residual = np.abs(weights.T @ difference) + np.outer(norms, differences * (m + 2) * 2 * _UNIT)
            if not self._exact:
                residual += np.outer(norms, _UNIT * self.norms)
        largest = max(np.abs(weights).max(), np.abs(synthesis).max())
        known = {"columns": columns, "differences": differences, "signal": weights.T}
        return self._matrices(state, rounding, residual, norms, largest, **known)

    def _direct(self, state: Floats | None, signal: Floats) -> LayerMatrices:
        n, m = signal.shape
        norms = np.linalg.norm(signal, axis=1)
        stored = np.zeros((n, n)) if state is None else state
        rounding = 4 * (m + 4) * _UNIT * (np.outer(norms, self.norms) + np.abs(stored) + np.eye(n))
        residual = np.abs(stored + signal @ self._atoms - np.eye(n)) + rounding
        largest = max(np.abs(stored).max(), np.abs(signal).max())
        return self._matrices(stored, np.zeros((n, n)), residual, norms, largest, signal=signal)

    def _matrices(
        self, state: Floats, rounding: Floats, residual: Floats | None, norms: Floats, largest: float, **others: Any
    ) -> LayerMatrices:
        cross = np.maximum(0, -state) + rounding if self.one_sided else None
        same = (np.maximum(0, state) if self.one_sided else np.abs(state)) + rounding
        known: dict[str, Any] = {"columns": None, "differences": None, **others}
        return LayerMatrices(same=same, cross=cross, residual=residual, norms=norms, largest=float(largest), **known)
