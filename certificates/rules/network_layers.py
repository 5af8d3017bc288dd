"""One layer of the recursion of SPEC.md section 6.10: from bounds of a code's errors before it to bounds after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add, mul, sub

from .network_activations import ActivationError
from .network_matrices import LayerMatrices, root_up
from .network_rounding import LayerRounding, times
from .values import Reject


@dataclass(frozen=True, slots=True)
class Errors:
    """Bounds per atom: x_i - x*_i <= `above` and x*_i - x_i <= `below` on the support, |x_i| <= `off` elsewhere."""

    above: list[int]
    below: list[int]
    off: list[int]

    @property
    def on(self) -> list[int]:
        """Bounds of |x_i - x*_i| on the support."""
        return list(map(max, self.above, self.below))

    def spread(self, kinds: Sequence[int]) -> Errors:
        """Return the bounds of columns, column j of which has those of number `kinds`[j]."""
        return Errors(*([bounds[kind] for kind in kinds] for bounds in (self.above, self.below, self.off)))

    def weighted(self, weights: list[int], sparsity: int, bits: int) -> int:
        """Return a bound of the sum of weights_i |x_i - x*_i| over all atoms."""
        return _most(list(map(mul, weights, self.on)), list(map(mul, weights, self.off)), sparsity, bits)

    def norm(self, sparsity: int) -> int:
        """Return a bound of |x - x*|_2."""
        on, off = self.on, self.off
        return root_up(_most(list(map(mul, on, on)), list(map(mul, off, off)), sparsity, 0))

    def sizes(self, bound: int) -> Errors:
        """Return the bounds of |x_i| in the place of those of the errors."""
        sizes = [bound + error for error in self.above]
        return Errors(sizes, sizes, self.off)


def greatest(parts: Sequence[Errors]) -> Errors:
    """Return bounds that hold for the rows of all parts."""
    names = ("above", "below", "off")
    return Errors(
        *([max(values) for values in zip(*(getattr(part, name) for part in parts), strict=True)] for name in names)
    )


def _most(on: list[int], off: list[int], sparsity: int, bits: int) -> int:
    """Return the greatest sum of `on` over a support and `off` over the rest, in units of 2^-bits of theirs."""
    gains = sorted(map(sub, on, off))[-sparsity:]
    return -(-(sum(off) + sum(gain for gain in gains if gain > 0)) >> bits)


@dataclass(frozen=True, slots=True)
class LayerStep:
    """Everything a layer needs: `noises` bound |V_i e| with the signal's rounding, `bound` the entries of x*.

    Column j of the matrices is an entry of codes with the bounds of number `kinds`[j]; `own`[i] is the column that row
    i is about. For a matrix of atoms both count 0, 1, 2, ...
    """

    matrices: LayerMatrices
    rounding: LayerRounding
    activation: ActivationError
    thresholds: tuple[list[int], int]
    residual: bool
    sparsity: int
    bound: int
    noises: list[int]
    bits: int
    limit: int
    own: Sequence[int]
    kinds: Sequence[int]

    def after(self, errors: Errors) -> Errors:
        """Return the bounds after the layer; raise Reject if a sum may overflow."""
        matrices, cross = self.matrices, self.matrices.cross
        columns = errors.spread(self.kinds)
        gaps = list(map(sub, columns.above, columns.off))
        above: list[int] = []
        below: list[int] = []
        off: list[int] = []
        exact_zeros = not any(errors.off)
        for i in range(len(errors.off)):
            same = matrices.same[i]
            opposite = None if cross is None else cross[i]
            extra = None if matrices.residual is None else matrices.residual[i]
            more = self._side(i, (same, opposite, extra), gaps, columns, exact_zeros)
            less = more if opposite is None else self._side(i, (opposite, same, extra), gaps, columns, exact_zeros)
            for bounds, value in zip((above, below, off), self._thresholded(i, more, less, errors), strict=True):
                bounds.append(value)
        return Errors(above, below, off)

    def _side(
        self,
        i: int,
        rows: tuple[list[int], list[int] | None, list[int] | None],
        gaps: list[int],
        errors: Errors,
        exact_zeros: bool,
    ) -> tuple[int, int]:
        """Bound how far the sum of atom i leaves x*_i to one side, without the noise: on the support, and off it."""
        same, opposite, extra = rows
        at = self.own[i]
        values = list(map(mul, same, gaps))
        own = same[at] * errors.above[at]
        if opposite is not None:
            values = [a + b * c for a, b, c in zip(values, opposite, errors.below, strict=True)]
            own += opposite[at] * errors.below[at]
        if extra is not None:
            values = list(map(add, values, extra))
            own += extra[at]
        values[at] = 0
        top = [value for value in sorted(values)[-self.sparsity :] if value > 0]
        base = 0 if exact_zeros else sum(map(mul, same, errors.off))
        others = base - same[at] * errors.off[at] + sum(top)
        least = top[0] if len(top) == self.sparsity else 0
        on, off = others - least + own, base + sum(top)
        return -(-on >> self.bits), -(-off >> self.bits)

    def _thresholded(
        self, i: int, more: tuple[int, int], less: tuple[int, int], errors: Errors
    ) -> tuple[int, int, int]:
        """Return the bounds `above`, `below` and `off` of atom i after thresholding."""
        bits, matrices, rounding, bound = self.bits, self.matrices, self.rounding, self.bound
        norm = matrices.norms[i]
        low = self.thresholds[0][i]
        high = low + self.thresholds[1]
        noise = self.noises[i]
        if self.residual:
            moduli = max(bound + errors.above[i], errors.off[i])
        else:
            moduli = max(more) - (-bound * matrices.heavy[i] >> bits)
            moduli += 0 if matrices.cross is None else max(less)
        moduli += high - (-norm * rounding.vector >> bits)
        if moduli > self.limit:
            raise Reject(f"the sum of atom {i} may overflow")
        error = times(moduli, rounding.theta) + rounding.underflow - (-norm * rounding.shared >> bits)
        after = self.activation.error(moduli + error)
        if matrices.cross is None:
            after += self.activation.last_error(2 * max(0, error - low), moduli + error)
            on = more[0] + noise + high + error + after
            return on, on, max(0, more[1] + noise + error - low) + after
        above, off = (max(0, side + noise + error - low) for side in more)
        return above, min(bound, less[0] + noise + high + error), off
