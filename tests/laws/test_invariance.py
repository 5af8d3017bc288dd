"""Laws across modules: what a change of the dictionary may and may not change."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import KINDS, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts.babel import Babel
from verify.facts.coherence import mutual_coherence
from verify.facts.measure import Facts, measure
from verify.judge import judge
from verify.verdict import Guaranteed, Question, Refuted, Scaling

pytestmark = pytest.mark.sampled(3)

EXACT = [
    "float32",
    "float64",
    "near-ties",
    "hadamard",
    "int8",
    "uint16",
    "fractions",
    "complex64",
    "gaussian-rationals",
]


def parts_of(dictionary: Dictionary) -> list[np.ndarray]:
    """The exact parts as arrays of Fractions, free to be changed."""
    found = []
    for part in dictionary.parts:
        array = np.empty(part.shape, dtype=object)
        for at, value in np.ndenumerate(part):
            array[at] = Fraction(*value.as_integer_ratio()) if isinstance(value, Fraction | float) else Fraction(*value.item().as_integer_ratio())  # fmt: skip
        found.append(array)
    return found


def made_of(parts: list[np.ndarray]) -> Dictionary:
    return Dictionary.from_parts(parts[0], parts[1] if len(parts) == 2 else None)


def assert_same_facts(before: Facts, after: Facts) -> None:
    """The same values; witnesses and enclosures may differ."""
    assert after.coherence.squared == before.coherence.squared
    assert after.rank.lower == before.rank.lower
    assert (after.orthogonal_family is None) is (before.orthogonal_family is None)
    first, second = before.babel, after.babel
    assert isinstance(first, Babel)
    assert isinstance(second, Babel)
    for a, b, c, d in zip(first.lower, first.upper, second.lower, second.upper, strict=False):
        assert max(a, c) <= min(b, d)  # two enclosures of one number meet


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_atoms_does_not_matter(kind: str) -> None:
    for arguments in samples([kind], 4):
        dictionary = sample(*arguments)
        order = np.random.default_rng(arguments[1]).permutation(dictionary.shape[1])
        shuffled = made_of([np.array(part[:, order]) for part in dictionary.parts])
        before, after = measure(dictionary), measure(shuffled)
        assert_same_facts(before, after)
        assert before.norms == after.norms
        for question in Question:
            a, b = judge(before).levels[question], judge(after).levels[question]
            assert a.guaranteed == b.guaranteed
            for one, other in ((a, b), (b, a)):  # the null vectors found may differ, no verdict contradicts another
                assert one.refuted is None or one.refuted > other.guaranteed


@pytest.mark.parametrize("kind", KINDS)
def test_signs_and_powers_of_two_do_not_matter(kind: str) -> None:
    for arguments in samples([kind], 4):
        parts = parts_of(sample(*arguments))
        before = measure(made_of([part.copy() for part in parts]))
        rng = np.random.default_rng(arguments[1])
        factors = [Fraction(int(s)) * Fraction(2) ** int(e) for s, e in zip(rng.choice([1, -1], parts[0].shape[1]), rng.integers(-90, 90, parts[0].shape[1]), strict=True)]  # fmt: skip
        scaled = [part * np.array(factors, dtype=object) for part in parts]
        after = measure(made_of(scaled))
        assert_same_facts(before, after)
        unit = [judge(facts).levels for facts in (before, after)]
        for question in Question:
            assert unit[0][question].guaranteed == unit[1][question].guaranteed


@pytest.mark.parametrize("kind", EXACT)
def test_rational_scales_do_not_matter(kind: str) -> None:
    for arguments in samples([kind], 4):
        parts = parts_of(sample(*arguments))
        rng = np.random.default_rng(arguments[1])
        factors = np.array([Fraction(int(p), int(q)) for p, q in rng.integers(1, 10**9, (parts[0].shape[1], 2))], dtype=object)  # fmt: skip
        before, after = made_of([part.copy() for part in parts]), made_of([part * factors for part in parts])
        assert_same_facts(measure(before), measure(after))


@pytest.mark.parametrize("kind", ["complex64", "complex128", "gaussian-rationals", "gaussian-integers", "complex-parallel"])  # fmt: skip
def test_factors_i_do_not_matter(kind: str) -> None:
    for arguments in samples([kind], 6):
        real, imaginary = parts_of(sample(*arguments))
        turned = [real.copy(), imaginary.copy()]
        for j in np.random.default_rng(arguments[1]).permutation(real.shape[1])[::2]:
            turned[0][:, j], turned[1][:, j] = -imaginary[:, j], real[:, j]
        assert_same_facts(measure(made_of([real, imaginary])), measure(made_of(turned)))


@pytest.mark.parametrize("kind", KINDS)
def test_permuted_and_negated_rows_do_not_matter(kind: str) -> None:
    for arguments in samples([kind], 3):
        parts = parts_of(sample(*arguments))
        rng = np.random.default_rng(arguments[1])
        order, signs = rng.permutation(len(parts[0])), rng.choice([1, -1], (len(parts[0]), 1))
        assert_same_facts(measure(made_of([part.copy() for part in parts])), measure(made_of([part[order] * signs for part in parts])))  # fmt: skip


@pytest.mark.parametrize("kind", EXACT)
def test_a_rational_rotation_does_not_matter(kind: str) -> None:
    """The rotation with cosine 3/5 and sine 4/5 of two coordinates."""
    for arguments in samples([kind], 3):
        parts = parts_of(sample(*arguments[:2], arguments[2] + 1, arguments[3]))
        before = measure(made_of([part.copy() for part in parts]))
        for part in parts:
            part[[0, -1]] = [(3 * part[0] - 4 * part[-1]) / 5, (4 * part[0] + 3 * part[-1]) / 5]
        after = measure(made_of(parts))
        assert_same_facts(before, after)
        assert before.norms == after.norms


@pytest.mark.parametrize("kind", KINDS)
def test_one_more_atom_never_lowers_the_coherence_or_raises_a_guarantee(kind: str) -> None:
    for arguments in samples([kind], 4):
        dictionary = sample(*arguments)
        n = dictionary.shape[1]
        if n < 3:
            continue
        fewer = made_of([np.array(part[:, : n - 1]) for part in dictionary.parts])
        assert mutual_coherence(fewer).squared <= mutual_coherence(dictionary).squared
        few, all_ = measure(fewer), measure(dictionary)
        assert few.rank.lower <= all_.rank.lower
        for k, upper in enumerate((all_.babel or few.babel).upper[: len(few.babel.lower)]):  # type: ignore[union-attr]
            assert few.babel.lower[k] <= upper  # type: ignore[union-attr]
        for question in (Question.l1, Question.l0):
            refuted = judge(few).levels[question].refuted  # a refutation stays one with more atoms
            assert refuted is None or refuted > judge(all_).levels[question].guaranteed


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", KINDS)
def test_verdicts_are_monotone_and_l1_implies_l0(kind: str, scaling: Scaling) -> None:
    for arguments in samples([kind], 5):
        levels = judge(measure(sample(*arguments)), scaling).levels
        assert levels.l1.guaranteed <= levels.l0.guaranteed
        for refuted in (levels.l1.refuted, levels.omp.refuted):
            assert levels.l0.refuted is None or (refuted is not None and refuted <= levels.l0.refuted)
        for question in Question:
            verdicts = [levels[question].at(k) for k in range(1, levels[question].n + 1)]
            ranks = [0 if isinstance(v, Guaranteed) else 2 if isinstance(v, Refuted) else 1 for v in verdicts]
            assert ranks == sorted(ranks)


@pytest.mark.parametrize("kind", KINDS)
def test_equal_norms_make_the_scalings_one(kind: str) -> None:
    for arguments in samples([kind], 4):
        facts = measure(sample(*arguments))
        unit, given = judge(facts).levels, judge(facts, Scaling.as_given).levels
        assert unit.l0.guaranteed == given.l0.guaranteed
        if facts.norms.equal:
            for question in Question:
                assert dataclasses.replace(given[question], case=unit[question].case) == unit[question]
