"""Facts from filters equal those of the matrices of all shifts, at every size they speak of."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.filters_of import load_convolutional
from verify.errors import InputError
from verify.facts.babel import babel
from verify.facts.coherence import mutual_coherence
from verify.facts.convolutional import coherence, cross_correlations
from verify.facts.convolutional.babel import convolutional_babel
from verify.facts.convolutional.coherence import convolutional_coherence
from verify.facts.convolutional.cross_correlations import cross_correlation
from verify.facts.convolutional.stripes import patch_sparsity, stripe_sparsity

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "alista_conv_7x7x64.npy"
of = ConvolutionalDictionary.of
ONE_AXIS = [
    (boundary, C, M, t, s)
    for boundary, C, M, t, s in product(["full", "circular", "same"], (1, 2), (1, 2), (1, 2, 3, 4), (1, 2, 3))
    if s <= t and not (boundary == "same" and (s > 1 or t % 2 == 0))
]


def drawn(boundary: str, C: int, M: int, support, stride=1, seed: int = 0) -> ConvolutionalDictionary:
    rng = np.random.default_rng([C, M, *support, seed])
    filters = rng.integers(1, 5, (C, M, *support)) * rng.choice([-1, 1], (C, M, *support))
    return of(filters, stride=stride, boundary=boundary)


def sizes(dictionary: ConvolutionalDictionary):
    """All small sizes on one axis that the facts speak of, and some on two."""
    least, reach = dictionary.least_code, dictionary.reach
    if dictionary.grid_axes == 1:
        last = least[0] + 2 * reach[0] + 2
        return [(n,) for n in range(least[0], last) if dictionary.channels[0] * n > 1]
    return [least, (least[0] + reach[0], least[1]), tuple(n + r for n, r in zip(least, reach, strict=True))]


def normalised_squared(matrix, i: int, j: int) -> Fraction:
    a, b = ([Fraction(x) for x in matrix.real[:, k].tolist()] for k in (i, j))
    dot, first, second = (sum(x * y for x, y in zip(*pair, strict=True)) for pair in ((a, b), (a, a), (b, b)))
    return dot * dot / (first * second)


def assert_coherence(dictionary: ConvolutionalDictionary) -> None:
    found = convolutional_coherence(dictionary)
    values = {code: mutual_coherence(dictionary.matrix(code)).squared for code in sizes(dictionary)}
    assert all(value <= found.squared for value in values.values())
    matrix = dictionary.matrix(found.code)
    i, j = (dictionary.atom_index(c, p, found.code) for c, p in zip(found.pair, found.positions, strict=True))
    assert i != j
    assert normalised_squared(matrix, i, j) == found.squared
    assert found.shift == tuple(q - p for p, q in zip(*found.positions, strict=True))
    if dictionary.boundary != "same":  # it does not depend on the size, once that is large enough
        enough = [v for code, v in values.items() if all(n > r for n, r in zip(code, dictionary.reach, strict=True))]
        assert set(enough) <= {found.squared}


def test_coherence_is_that_of_every_size() -> None:
    for boundary, C, M, t, s in ONE_AXIS:
        assert_coherence(drawn(boundary, C, M, (t,), s))
    for boundary, support, stride in [
        ("full", (2, 3), (1, 2)), ("full", (1, 3), 1), ("circular", (2, 2), (2, 1)), ("same", (3, 1), 1),
    ]:  # fmt: skip
        assert_coherence(drawn(boundary, 2, 1, support, stride))


def test_coherence_in_two_dimensions_at_the_ends() -> None:
    dictionary = drawn("same", 1, 1, (3, 3))
    found = convolutional_coherence(dictionary)
    values = [mutual_coherence(dictionary.matrix(code)).squared for code in product((3, 4, 5), repeat=2)]
    assert max(values) == found.squared
    assert convolutional_coherence(dictionary.interior).squared < found.squared


@pytest.mark.parametrize("planted", ["off by one", "no stride", "flipped", "too few shifts"])
def test_wrong_shifts_are_seen(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    met, filters = cross_correlations._met, coherence._Exact.filter
    if planted == "off by one":
        monkeypatch.setattr(cross_correlations, "_met", lambda d, s, *rest: met(d + np.sign(d), s, *rest))
    elif planted == "no stride":
        monkeypatch.setattr(cross_correlations, "_met", lambda d, s, *rest: met(d, 1, *rest))
    elif planted == "flipped":
        flipped = lambda self, c: filters(self, c)[..., :: -1 if c else 1]  # noqa: E731
        monkeypatch.setattr(coherence._Exact, "filter", flipped)
    else:
        monkeypatch.setattr(cross_correlations, "_met", lambda d, s, *rest: met(d, s, *rest) if d == 0 else None)
    with pytest.raises((AssertionError, InputError)):  # an atom outside the code, or another value
        for seed in range(6):
            assert_coherence(drawn("full", 2, 1, (4,), 2 if planted == "no stride" else 1, seed))


def test_shifts_of_each_other_are_shown() -> None:
    found = convolutional_coherence(of([[[1, 2, 0, 0]], [[3, 1, 1, 1]], [[0, 0, -2, -4]]]))
    assert (found.squared, found.pair, found.shift) in [(1, (0, 2), (-2,)), (1, (2, 0), (2,))]
    assert found.largest_level == 0
    assert cross_correlation(of([[[1, 2, 0, 0]], [[0, 0, -2, -4]]]), 1, 0, (2,)) == -10


def test_orthogonal_shifts_have_coherence_zero() -> None:
    for filters, stride in [([[[1]]], 1), ([[[1, 1]]], 2), ([[[1, 1]], [[1, -1]]], 2), ([[[2.0, 0.0, 0.0, 0.0]]], 1)]:
        found = convolutional_coherence(of(filters, stride=stride))
        assert found.squared == 0
        assert found.largest_level is None
        assert set(convolutional_babel(of(filters, stride=stride), found).lower) == {0}


def test_ties_are_decided_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    base = np.random.default_rng(3).standard_normal((6, 2, 3))
    base[3:] = base[:3, :, ::-1]
    base[0, 0, 0] = np.nextafter(base[0, 0, 0], 2)
    exact = of([[[Fraction(x) for x in row] for row in part] for part in base.tolist()])
    first = convolutional_coherence(of(base))
    monkeypatch.setattr(coherence, "_FEW_PAIRS", 0)
    assert convolutional_coherence(of(base)) == convolutional_coherence(exact) == first
    assert first.squared == max(mutual_coherence(of(base).matrix((n,))).squared for n in (3, 4))
    signs = of(np.random.default_rng(0).choice([-1, 1], (9, 1, 2, 2)))
    assert convolutional_coherence(signs).squared == mutual_coherence(signs.matrix((2, 2))).squared


def test_babel_is_that_of_codes_with_a_whole_stripe() -> None:
    for boundary, C, M, t, s in ONE_AXIS[::3]:
        dictionary = drawn(boundary, C, M, (t,), s)
        found = convolutional_babel(dictionary, convolutional_coherence(dictionary))
        assert all(low <= up for low, up in zip(found.lower, found.upper, strict=True))
        for code in [*sizes(dictionary), (6 * t,)]:
            matrix = dictionary.matrix(code)
            own = babel(matrix, mutual_coherence(matrix))
            assert all(low <= up for low, up in zip(own.lower, found.upper, strict=False))
            whole = 2 * dictionary.reach[0] + 1 if boundary != "same" else 5 * t
            if code[0] >= whole:
                assert all(low <= up + Fraction(1, 2**40) for low, up in zip(found.lower, own.upper, strict=False))


def test_stripes_are_the_atoms_whose_boxes_meet() -> None:
    rng = np.random.default_rng(2)
    for boundary, C, M, t, s in ONE_AXIS:
        boxes = of(np.ones((C, M, t), dtype=int), stride=s, boundary=boundary)
        for code in sizes(boxes):
            x = rng.integers(-1, 2, (C, *code))
            atoms = (boxes.matrix(code).real != 0).astype(int)
            truth = ((atoms.T @ atoms != 0).astype(int) @ (x.ravel() != 0)).reshape(C, *code)
            found = stripe_sparsity(boxes, x)
            assert (truth == found.counts).all()
            assert (found.largest, found.total) == (truth.max(), (x != 0).sum())
            assert found.counts[found.position] == found.largest


def test_stripes_and_patches_in_two_dimensions() -> None:
    dictionary = of(np.ones((2, 3, 2, 3)), stride=(1, 2))
    code = np.zeros((2, 5, 4))
    code[0, 0, 0] = code[1, 1, 1] = code[0, 2, 3] = 1
    assert stripe_sparsity(dictionary, code).counts[:, 0].tolist() == [2, 2, 1, 0, 0]
    signal = np.zeros((3, 4, 4))
    signal[:, 1, 1] = signal[0, 2, 3] = 1
    assert patch_sparsity(dictionary, signal).largest == 4
    assert patch_sparsity(dictionary, signal).position == (1, 1)
    around = of(np.ones((1, 1, 3)), boundary="circular")
    assert patch_sparsity(around, [[1, 0, 0, 0, 1, 0]]).counts.tolist() == [1, 0, 1, 1, 2, 1]
    assert patch_sparsity(around, [[1, 0, 1]]).counts.tolist() == [2, 2, 2]


def test_what_cannot_be_counted_is_refused() -> None:
    dictionary = of(np.ones((2, 1, 3)))
    for entries, message in [
        (np.ones(4), r"a code of shape \(2, length\), got shape \(4,\)"),
        (np.ones((3, 4)), r"got shape \(3, 4\)"),
        (np.full((2, 4), np.nan), "finite numbers in a code"),
        (np.full((2, 4), "a"), "finite numbers in a code"),
    ]:
        with pytest.raises(InputError, match=message):
            stripe_sparsity(dictionary, entries)
    with pytest.raises(InputError, match=r"filter 1 cut to zero at the end of a signal .taps 0 to 1 are left"):
        convolutional_coherence(of([[[1, 2, 1]], [[0, 0, 1]]], boundary="same"))


def test_the_published_filters() -> None:
    if not DATA.exists():
        pytest.skip("the shared data are not here")
    dictionary = load_convolutional(DATA, axes="hwc")
    found = convolutional_coherence(dictionary)
    entries = np.load(DATA)
    a, b = (entries[:, :, c].astype(float) for c in found.pair)
    (p, q) = found.shift
    whole = np.pad(a, 6)[6 + p : 13 + p, 6 + q : 13 + q]
    assert abs(float(found.squared) ** 0.5 - abs((whole * b).sum()) / np.linalg.norm(a) / np.linalg.norm(b)) < 1e-12
    assert found.largest_level == 1
