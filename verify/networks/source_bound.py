"""The bound of the literature for a network's error, to be drawn beside the certified one."""

from __future__ import annotations

import math

import numpy as np

from ..dictionaries.dictionary import Dictionary
from .code_class import CodeClass
from .unrolled import ResidualLayer, UnrolledNetwork


def source_bound(network: UnrolledNetwork, dictionary: Dictionary, codes: CodeClass) -> tuple[float, ...]:
    """Return s B q^K + 2 s C_W |e|_1 / (1 + mu - 2 mu s), q = (2s-1) mu, for K = 1, 2, .. layers; empty if q >= 1.

    mu is the greatest |<w_i, d_j>|, i != j, for the weights of the last layer scaled to <w_i, d_i> = 1, C_W their
    greatest entry, and |e|_1 <= sqrt(m) |e|_2. Estimated, for a picture. Source: Chen, Liu, Wang, Yin 2018, theorem 2
    (`clwy2018-theorem-2`), whose thresholds need not be those of the network.
    """
    last = network.layers[-1]
    stored = last.analysis.T if isinstance(last, ResidualLayer) else last.signal
    rows = np.asarray(stored, dtype=np.float64)
    atoms = np.asarray(dictionary.real, dtype=np.float64)
    own = np.einsum("il,li->i", rows, atoms)
    if not own.all():
        return ()
    rows = rows / own[:, None]
    products = np.abs(rows @ atoms)
    np.fill_diagonal(products, 0)
    mu, s = float(products.max()), codes.sparsity
    rate = (2 * s - 1) * mu
    if not rate < 1:
        return ()
    noise = float(codes.noise) * math.sqrt(network.shape[0])
    constant = 2 * s * float(np.abs(rows).max()) / (1 + mu - 2 * mu * s)
    return tuple(s * float(codes.bound) * rate**k + constant * noise for k in range(1, network.depth + 1))
