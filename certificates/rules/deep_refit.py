"""The rule about least squares on the support that networks for deep codes have found (SPEC.md section 6.13)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import cast

from .chain import Chain
from .deep_class import LONGEST_DIGITS, DeepClass, DeepInstance, numbers_work, read_levels, read_numbers, sums_work
from .dictionary import Dictionary
from .network_matrices import LARGEST_WEIGHT
from .spectral import reach, reach_work, read_norms, spans
from .values import ROOT_BITS, Fields, Reject, Statement, Task, rational, root_enclosure, spell

_PREMISE = ("arithmetic", "bounds", "kind", "l2", "levels", "linf", "off", "on", "theorem", "tolerances")


def refit(instance: DeepInstance, evidence: object) -> Task:
    """If no nonzero of x_J is small, the support is found, and least squares forgets how."""
    fields, chain = Fields(evidence, ("l2", "linf", "slack", "smallest")), instance.chain
    l2, linf = (read_numbers(chain, fields, name) for name in ("l2", "linf"))
    slack, smallest = (rational(fields.raw(name), name) for name in ("slack", "smallest"))
    if min(slack, smallest) < 0 or max(slack, smallest) > 1 << LARGEST_WEIGHT:
        raise Reject(f"slack and smallest are not from 0 to 2^{LARGEST_WEIGHT}")
    network, after = instance.first_network, instance.reaches()

    def derive(premises: Sequence[Statement]) -> Statement:
        before = Fields(premises[0], _PREMISE, "the error of the networks")
        codes = DeepClass.read(chain, before)
        on, off = (_last(before, name) for name in ("on", "off"))
        if not on + off < smallest:
            raise Reject("smallest is not proved to be above the errors of the networks, on the support and off it")
        norms = read_norms(list(premises[3:]), chain.depth)
        least, greatest = least_singular_value(chain, premises[1:3], codes.levels[-1])
        noise = codes.noise(norms, 0)
        largest = codes.bounds[-1] * codes.levels[-1] * greatest + noise
        dtype = network.format
        noise += largest / (1 << dtype.digits) + network.m * Fraction(2) ** dtype.lowest
        error = noise / least + slack / least**2
        _check((l2, linf), [*_images(codes, norms, after, error, slack), error])
        return {
            "kind": "deep-refit-error",
            **codes.spelled,
            "arithmetic": before.raw("arithmetic"),
            "kept": spell(off),
            "l2": list(map(spell, l2)),
            "linf": list(map(spell, linf)),
            "network": before.raw("theorem"),
            "slack": spell(slack),
            "smallest": spell(smallest),
            "theorem": "dsc-refit",
        }

    spelled = (2 * chain.depth + 1) * 2 * (500 + LONGEST_DIGITS**2)
    size = numbers_work(l2, linf, (slack, smallest)) + spelled
    kinds = ("deep-network-error", "isometry-upper", "atom-norms", *("spectral-norm-upper",) * len(spans(chain.depth)))
    return Task(kinds, sums_work(chain.depth, 8) + sum(map(reach_work, after)) + size, derive, size)


def refit_constants(instance: DeepInstance, evidence: object) -> Task:
    """What the refit makes of model errors of at most eps, whatever found the support."""
    fields, chain = Fields(evidence, ("C_2", "levels")), instance.chain
    constants, levels = read_numbers(chain, fields, "C_2"), read_levels(chain, fields)
    if chain.dictionaries[0].field != "real":
        raise Reject("this rule is for real chains")
    after = instance.reaches()

    def derive(premises: Sequence[Statement]) -> Statement:
        ones = [Fraction(1)] * chain.depth
        codes = DeepClass(levels, ones, ones)
        norms = read_norms(list(premises[2:]), chain.depth)
        least, _ = least_singular_value(chain, premises[:2], levels[-1])
        error = codes.noise(norms, 0) / least
        _check((constants,), [*_images(codes, norms, after, error, Fraction(0)), error])
        spelled = list(map(spell, constants))
        return {"C_2": spelled, "kind": "deep-refit-constants", "levels": list(levels), "theorem": "dsc-refit"}

    size = numbers_work(constants)
    kinds = ("isometry-upper", "atom-norms", *("spectral-norm-upper",) * len(spans(chain.depth)))
    return Task(kinds, sums_work(chain.depth, 2) + sum(map(reach_work, after)) + size, derive, size)


def least_singular_value(chain: Chain, premises: Sequence[Statement], level: int) -> tuple[Fraction, Fraction]:
    """Return a lower bound > 0 of the singular values of any `level` atoms of D[0:J], an upper one of their norms."""
    isometry = Fields(premises[0], ("about", "kind", "level", "theorem", "upper"), "the isometry statement")
    norms = Fields(premises[1], ("about", "equal", "kind", "squared_max", "squared_min"), "the norms")
    for known in (isometry, norms):
        if known.naturals("about") != [0, chain.depth]:
            raise Reject("isometry and norms are not about the product of all dictionaries")
    if isometry.natural("level") < min(level, chain.dictionaries[-1].n):
        raise Reject(f"the isometry statement is not for {level} atoms")
    left = 1 - rational(isometry.raw("upper"), "upper")
    if left <= 0:
        raise Reject("the restricted isometry constant is not proved to be below 1")
    square = left * rational(norms.raw("squared_min"), "squared_min")
    least = Fraction(root_enclosure(*square.as_integer_ratio())[0], 1 << ROOT_BITS)
    if least <= 0:
        raise Reject("the least singular value is too small for this rule")
    greatest = rational(norms.raw("squared_max"), "squared_max")
    return least, Fraction(root_enclosure(*greatest.as_integer_ratio())[1], 1 << ROOT_BITS)


def _last(fields: Fields, name: str) -> Fraction:
    lists = fields.list(name)
    values = lists[-1] if lists else None
    if not isinstance(values, list) or not values:
        raise Reject(f"{name} is empty")
    return rational(cast("list[object]", values)[-1], name)


def _images(
    codes: DeepClass,
    norms: dict[tuple[int, int], Fraction],
    after: Sequence[Dictionary],
    error: Fraction,
    slack: Fraction,
) -> list[Fraction]:
    """Bound |x^_j - x_j|_2 for j < J by the error of x^_J, which is 0 off the support."""
    depth, level = len(codes.levels), codes.levels[-1]
    return [
        reach(dictionary, level, norms[j, depth]) * error + codes.noise(norms, j) + slack
        for j, dictionary in enumerate(after, 1)
    ]


def _check(claimed: Sequence[Sequence[Fraction]], found: Sequence[Fraction]) -> None:
    for values in claimed:
        for j, (value, wanted) in enumerate(zip(found, values, strict=True), 1):
            if value > wanted:
                raise Reject(f"the bound of the error of code {j} is not proved")
