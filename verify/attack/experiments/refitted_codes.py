"""Experiment on least squares on a support that was found: dsc-refit.

An instance is two dictionaries of any norms, the code x_2, the model errors e_1 and e_2, the layer that is asked about,
and the error of x~_2 on the support of x_2. Where x~_2 comes from does not matter to the statement, so nothing runs.
Everything is rational; smin, gain, reach and eps are proved bounds, a little off the numbers that they bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import root
from .. import exact_matrices as exact
from .. import set_spectra, unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm
from . import chain_steps as steps

_SHAPES = ((1, 1, 1, 1), (2, 2, 2, 1), (2, 2, 2, 2), (2, 3, 3, 1), (3, 3, 3, 2))


@dataclass(frozen=True, kw_only=True)
class RefittedCode(Experiment):
    """Least squares on a support. `shapes` are (m, h, n, lam): D_1 is m x h, D_2 is h x n.

    Values: x_min, a, gain, smin, eps, reach, tail. Quantities: error_l2 of the layer that is asked about, and
    support_errors, the entries that are 0 in one of x~_2 and x_2 alone. smin is that of lam_2 atoms, or with
    `of_one_atom` that of one.
    """

    shapes: tuple[tuple[int, int, int, int], ...] = _SHAPES
    of_one_atom: bool = False

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw chains; errors at random, or along the atoms' worst direction, and supports found just so."""
        m, middle, n, most = self.shapes[random.integers(len(self.shapes))]
        D = [
            unit_atoms.float_unit_atoms(unit_atoms.drawn(random, count, *shape)) for shape in ((m, middle), (middle, n))
        ]
        D = [d * np.where(random.random((count, 1, 1)) < 0.5, 1.0, 2.0 ** random.uniform(-1, 1, d.shape)) for d in D]
        code = steps.drawn_code(random, np.ones((count, n)), most)
        product = (D[0] @ D[1]) * (code != 0)[:, None]
        left, singular = np.linalg.svd(product, full_matrices=False)[:2]
        weakest = np.argmin(np.where(singular > 1e-9, singular, np.inf), axis=1)
        aim = left[np.arange(count), :, weakest] * random.choice((-1.0, 1.0), (count, 1))
        size = variation.sizes(random, count)
        least = np.abs(np.where(code == 0, np.inf, code)).min(axis=1, keepdims=True)
        found = random.uniform(-1, 1, (count, n)) * least
        found = np.where(random.random((count, 1)) < 0.2, -code * (np.abs(code) == least), found)
        return {
            "D0": D[0],
            "D1": D[1],
            "code": code,
            "offset": found * (code != 0),
            "error0": steps.of_size(random, aim, size),
            "error1": steps.of_size(random, (D[0].transpose(0, 2, 1) @ aim[:, :, None])[:, :, 0], size),
            "layer": random.integers(1, 3, count),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move dictionaries, codes and errors, each in some of the instances."""
        return {name: variation.moved(random, a, scale) if name != "layer" else a for name, a in batch.items()}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Solve all least-squares problems at once."""
        torch = torch_module()
        D0, D1, code, offset, e0, e1, layer = (
            on_device(batch[name], device) for name in ("D0", "D1", "code", "offset", "error0", "error1", "layer")
        )
        true = code != 0
        offset = torch.where(true, offset, 0.0)
        product, kept = D0 @ D1, (code + offset != 0) & true
        part = product * kept.double()[:, None]
        left = e0 + (D0 @ e1[:, :, None])[:, :, 0] + (product @ torch.where(kept, 0.0, code)[:, :, None])[:, :, 0]
        matrix = part.transpose(1, 2) @ part + torch.diag_embed((~kept).double())
        change = torch.linalg.solve_ex(matrix, part.transpose(1, 2) @ left[:, :, None])[0][:, :, 0]
        off = torch.where(kept, change, -code)
        below = (D1 @ off[:, :, None])[:, :, 0] - e1
        last = layer == 2
        level = torch.ones_like(layer) if self.of_one_atom else steps.levels(code)
        shortest = torch.linalg.vector_norm(product, dim=1).amin(dim=1)
        scaled = product / shortest[:, None, None]
        values = {
            "x_min": torch.where(true, code.abs(), torch.inf).amin(dim=1),
            "a": offset.abs().amax(dim=1),
            "gain": 1 + set_spectra.norm(D0),
            "smin": shortest * set_spectra.least_singular_value(scaled, level, torch.zeros_like(true)),
            "eps": torch.maximum(torch.linalg.vector_norm(e0, dim=1), torch.linalg.vector_norm(e1, dim=1)),
            "reach": torch.where(last, 1.0, set_spectra.norm(D1)),
            "tail": torch.where(last, 0.0, 1.0).double(),
        }
        error = torch.where(last, torch.linalg.vector_norm(off, dim=1), torch.linalg.vector_norm(below, dim=1))
        wrong = (kept != true).sum(dim=1).double()
        quantities = {"error_l2": error, "support_errors": wrong}
        return Measurement(values=values, quantities=quantities, rounding={"error_l2": 1e-11 * error})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Solve one least-squares problem in rationals."""
        D0, D1 = exact.matrix(instance["D0"]), exact.matrix(instance["D1"])
        code, offset, e0, e1 = (exact.vector(instance[name]) for name in ("code", "offset", "error0", "error1"))
        support = [i for i, x in enumerate(code) if x]
        if not support:
            raise NotAnInstance("a code that is not 0")
        last = int(instance["layer"]) == 2
        product = exact.product(D0, D1)
        G = exact.gram(product)
        kept = [i for i in support if code[i] + offset[i]]
        signal = [a + b for a, b in zip(exact.times(D0, exact.times(D1, code)), e0, strict=True)]
        signal = [a + b for a, b in zip(signal, exact.times(D0, e1), strict=True)]
        atoms = exact.columns(product)
        smin = root(set_spectra.least_square(G, 1 if self.of_one_atom else len(support), []))
        found = exact.solved(exact.part(G, kept), [exact.dot(atoms[i], signal) for i in kept])
        if found is None:
            raise NotAnInstance("smin > 0: the atoms of the support are dependent")
        refitted = dict(zip(kept, found, strict=True))
        off = [refitted.get(i, Fraction(0)) - x for i, x in enumerate(code)]
        error = off if last else exact.difference(exact.times(D1, off), e1)
        return ExactMeasurement(
            values={
                "x_min": min(abs(code[i]) for i in support),
                "a": exact.greatest(offset[i] for i in support),
                "gain": 1 + steps.upper_root(set_spectra.norm_square_upper(D0)),
                "smin": smin,
                "eps": steps.upper_root(max(exact.square(e0), exact.square(e1))),
                "reach": Fraction(1) if last else root(set_spectra.norm_square_upper(D1)),
                "tail": Fraction(0 if last else 1),
            },
            quantities={"error_l2": euclidean_norm(error), "support_errors": Fraction(len(support) - len(kept))},
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield no errors, and fewer atoms."""
        yield from steps.simpler(instance, ("D1", "code", "offset"))


EXPERIMENTS: Mapping[str, Experiment] = {"dsc-refit": RefittedCode()}
