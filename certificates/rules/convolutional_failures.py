"""Rules that refute a level at one size of a convolutional dictionary (SPEC.md section 6.13)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

from .convolutional_levels import ASKED, Asked, read_asked
from .filters import Filters
from .grids import Grid, read_grid
from .values import Fields, Reject, Statement, Task, root_enclosure

_VECTOR = ("lengths", "real", "support")


def filter_null_vector(filters: Filters, evidence: object) -> Task:
    """Derive that D h = 0 at one size, exactly; `size` includes finding stripes and norms of these atoms."""
    fields = Fields(evidence, _VECTOR)
    grid = read_grid(filters, fields)
    support = fields.indices("support", grid.n)
    values, _ = fields.integers("real", len(support))
    if not support or not all(values):
        raise Reject("support is empty, or a value on it is zero")
    digits = max(value.bit_length() for value in values) // 30 + 1
    scales = _scale_bits(filters) // 30 + 1

    def derive(_: object) -> Statement:
        atoms = [grid.numbered(number) for number in support]
        common = math.lcm(*{filters.scale[c].denominator for c, *_ in atoms})
        signal: dict[int, int] = {}
        for atom, value in zip(atoms, fields.integers("real", len(support))[0], strict=True):
            scale, vector = filters.scale[atom[0]], filters.vectors[atom[0]]
            weight = value * scale.numerator * (common // scale.denominator)
            for at, place in grid.places(atom):
                signal[place] = signal.get(place, 0) + weight * vector[at]
        if any(signal.values()):
            raise Reject("D h is not zero")
        return {"kind": "convolutional-null-vector", **{name: fields.raw(name) for name in _VECTOR}}

    entry = (digits + scales) * (filters.bits // 30 + 1) + digits + scales
    work = len(support) * (filters.length * (1000 + entry) + digits * scales + 5000)
    positions = math.prod(2 * reach + 1 for reach in filters.reach)
    weighing = 300 * (filters.bits // 30 + filters.longest_scale // 10 + digits + 10) ** 2
    size = len(support) * (1000 + digits**2 + 500 * positions + weighing)
    return Task((), work + size, derive, size)


def _scale_bits(filters: Filters) -> int:
    """Return no less than the lengths of the numerators and of the least common denominator of the scales."""
    odd, twos = 0, 0
    for denominator in {scale.denominator for scale in filters.scale}:
        two = denominator & -denominator
        twos, odd = max(twos, two.bit_length()), odd + (denominator // two).bit_length()
    return twos + odd + max(scale.numerator.bit_length() for scale in filters.scale)


def failure_by_filter_dimension(filters: Filters, evidence: object) -> Task:
    """Signals of one size have m < 2k entries, and there are more atoms."""
    fields = Fields(evidence, (*ASKED, "lengths"))
    asked, grid = read_asked(fields), read_grid(filters, fields)

    def derive(_: object) -> Statement:
        if grid.n <= grid.m or grid.m + 1 > 2 * asked.level:
            raise Reject(f"{grid.n} atoms with {grid.m} entries do not refute level {asked.level}")
        return _refuted(asked, grid, "failure-by-filter-dimension")

    return Task((), 100, derive)


def failure_by_filter_codes(filters: Filters, evidence: object) -> Task:
    """A null vector is the difference of two codes, each sparse enough."""
    fields = Fields(evidence, (*ASKED, "part"))
    asked, part = read_asked(fields), fields.naturals("part")

    def derive(premises: Sequence[Statement]) -> Statement:
        grid, support, _ = _read(filters, premises[0])
        _check_part(part, support)
        _check_sparse(asked, grid, part)
        _check_sparse(asked, grid, set(support).difference(part))
        return _refuted(asked, grid, "failure-by-filter-codes")

    return Task(("convolutional-null-vector",), 1000 * len(part), derive)


def failure_by_filter_heavy_part(filters: Filters, evidence: object) -> Task:
    """A part of a null vector, sparse enough, weighs at least as much as the rest."""
    fields = Fields(evidence, (*ASKED, "part"))
    asked, part = read_asked(fields, ("l1",)), fields.naturals("part")

    def derive(premises: Sequence[Statement]) -> Statement:
        grid, support, values = _read(filters, premises[0])
        _check_part(part, support)
        _check_sparse(asked, grid, part)
        chosen, first = set(part), grid.numbered(support[0])
        norms = filters.all_norms
        reference = filters.scale[first[0]] ** 2 * norms[grid.windows(first)][first[0]]
        heavy, rest = 0, 0
        for number, value in zip(support, values, strict=True):
            weight = Fraction(1)
            if asked.scaling == "unit":
                c, *_ = atom = grid.numbered(number)
                weight = filters.scale[c] ** 2 * norms[grid.windows(atom)][c] / reference
            lower, upper = root_enclosure(value * value * weight.numerator, weight.denominator)
            heavy, rest = (heavy + lower, rest) if number in chosen else (heavy, rest + upper)
        if heavy < rest:
            raise Reject("the part is not proved to weigh half of the null vector")
        found = {name: premises[0][name] for name in ("real", "support")}
        return {**_refuted(asked, grid, "failure-by-filter-heavy-part"), **found, "part": part}

    return Task(("convolutional-null-vector",), filters.norms_work + 1000 * len(part), derive)


def _refuted(asked: Asked, grid: Grid, theorem: str) -> Statement:
    return {**asked.statement("convolutional-refuted", theorem), "lengths": list(grid.lengths)}


def _read(filters: Filters, premise: Statement) -> tuple[Grid, list[int], Sequence[int]]:
    fields = Fields(premise, ("kind", *_VECTOR), "the null vector")
    grid = read_grid(filters, fields)
    support = fields.indices("support", grid.n)
    return grid, support, fields.integers("real", len(support))[0]


def _check_part(part: list[int], support: list[int]) -> None:
    if part != sorted(set(part)) or not set(part) <= set(support):
        raise Reject("part is not a list of increasing indices from the support")


def _check_sparse(asked: Asked, grid: Grid, numbers: Iterable[int]) -> None:
    chosen = list(numbers)
    found = len(chosen) if asked.sparsity == "total" else grid.stripe_sparsity(chosen)
    if found > asked.level:
        raise Reject(f"a code has {asked.sparsity} sparsity {found}, more than {asked.level}")
