"""Convolutional dictionaries equal the matrix written down atom by atom, and torch's layers, in every convention."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from verify.dictionaries import convolution, convolutional
from verify.dictionaries.convolutional import Boundary, ConvolutionalDictionary
from verify.errors import InputError, LimitError

RNG = np.random.default_rng(0)
ONE_AXIS = [
    (boundary, C, M, t, s)
    for boundary, C, M, t, s in product(Boundary, (1, 2), (1, 2), (1, 2, 3, 4, 5), (1, 2, 3))
    if s <= t and not (boundary == "same" and (s > 1 or t % 2 == 0))
]
TWO_AXES = [
    (boundary, t, s)
    for boundary, t, s in product(Boundary, [(2, 3), (3, 3), (1, 4), (3, 1)], [(1, 1), (2, 1), (2, 3), (1, 3)])
    if s[0] <= t[0] and s[1] <= t[1]
    if not (boundary == "same" and (s != (1, 1) or t[0] % 2 == 0 or t[1] % 2 == 0))
]


def drawn(boundary: str, C: int, M: int, support: tuple[int, ...], stride: tuple[int, ...]) -> ConvolutionalDictionary:
    filters = np.random.default_rng(len(support) + C).integers(1, 9, (C, M, *support))
    return ConvolutionalDictionary.of(filters, stride=stride, boundary=boundary)


def atom_by_atom(dictionary: ConvolutionalDictionary, code: tuple[int, ...]) -> np.ndarray:
    """The matrix from the definition d_(c,p)[m, q] = F[c, m, q - p * stride], one entry at a time."""
    F, (C, M), signal = dictionary.filters, dictionary.channels, dictionary.signal_lengths(code)
    same = dictionary.boundary == "same"
    rows, columns = list(product(range(M), *map(range, signal))), list(product(range(C), *map(range, code)))
    result = np.zeros((len(rows), len(columns)), dtype=int)
    for j, (c, *p) in enumerate(columns):
        for m, *u in product(range(M), *map(range, dictionary.support)):
            q = [
                x * s + v - ((t - 1) // 2 if same else 0)
                for x, s, v, t in zip(p, dictionary.stride, u, dictionary.support, strict=True)
            ]
            if dictionary.boundary == "circular":
                q = [x % n for x, n in zip(q, signal, strict=True)]
            if all(0 <= x < n for x, n in zip(q, signal, strict=True)):
                result[rows.index((m, *q)), j] += F[(c, m, *u)]
    return result


def cases() -> Iterator[tuple[ConvolutionalDictionary, tuple[int, ...]]]:
    for boundary, C, M, t, s in ONE_AXIS:
        for length in (1, 2, 5):
            yield drawn(boundary, C, M, (t,), (s,)), (length,)
    for boundary, t, s in TWO_AXES:
        for code in ((1, 2), (3, 2)):
            yield drawn(boundary, 2, 2, t, s), code


def assert_all_forms_agree(dictionary: ConvolutionalDictionary, code: tuple[int, ...]) -> None:
    truth = atom_by_atom(dictionary, code)
    (C, M), signal = dictionary.channels, dictionary.signal_lengths(code)
    codes, signals = RNG.integers(-9, 9, (2, C, *code)), RNG.integers(-9, 9, (2, M, *signal))
    assert (dictionary.synthesis(codes).reshape(2, -1) == codes.reshape(2, -1) @ truth.T).all()
    if all(n >= t for n, t in zip(signal, dictionary.support, strict=True)):
        assert dictionary.code_lengths(signal) == code
        assert (dictionary.analysis(signals).reshape(2, -1) == signals.reshape(2, -1) @ truth).all()
    if truth.shape[1] > 1:
        matrix = dictionary.matrix(code)
        assert (matrix.real == truth).all()
        c, *position = (C - 1, *(n - 1 for n in code))
        assert dictionary.atom_index(c, position, code) == truth.shape[1] - 1


def test_matrix_synthesis_and_analysis_are_what_the_definition_says() -> None:
    for dictionary, code in cases():
        assert_all_forms_agree(dictionary, code)


@pytest.mark.parametrize("planted", ["flipped", "offset", "swapped channels", "cut instead of wrapped"])
def test_wrong_conventions_are_seen(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taps, folded = convolution.Geometry.taps, convolution._folded
    if planted == "flipped":
        flip = lambda self: zip(reversed([u for u, _ in taps(self)]), [w for _, w in taps(self)], strict=True)  # noqa: E731
        monkeypatch.setattr(convolution.Geometry, "taps", flip)
    elif planted == "offset":
        monkeypatch.setattr(convolution, "_folded", lambda g, x, first: folded(g, np.roll(x, 1, axis=-1), first))
    elif planted == "swapped channels":
        monkeypatch.setattr(convolution, "synthesis", lambda g, F, x: x[:, :1])
    else:
        monkeypatch.setattr(convolution, "_folded", lambda g, x, first: x[..., : g.signal[-1]])
    with pytest.raises(AssertionError):
        for dictionary, code in cases():
            if dictionary.boundary == "circular":
                assert_all_forms_agree(dictionary, code)


def test_torch_computes_the_same_in_every_convention() -> None:
    import torch

    names = {1: ("conv1d", "conv_transpose1d"), 2: ("conv2d", "conv_transpose2d")}
    for dictionary, code in cases():
        if dictionary.boundary == "circular" or min(code) < 2:
            continue
        conv, back = (getattr(torch.nn.functional, name) for name in names[dictionary.grid_axes])
        padding = dictionary.offset
        weight = torch.tensor(dictionary.filters, dtype=torch.float64)
        codes = torch.tensor(RNG.integers(-9, 9, (3, dictionary.channels[0], *code)), dtype=torch.float64)
        signals = back(codes, weight, stride=dictionary.stride, padding=padding)
        assert (dictionary.synthesis(codes.numpy()) == signals.numpy()).all()
        if min(n - t for n, t in zip(signals.shape[2:], dictionary.support, strict=True)) >= 0:
            coded = conv(signals, weight, stride=dictionary.stride, padding=padding)
            assert (dictionary.analysis(signals.numpy()) == coded.numpy()).all()


def test_entries_are_exact() -> None:
    third = ConvolutionalDictionary.of([[[Fraction(1, 3), Fraction(1, 7)]]])
    assert third.synthesis([[1, 2]]).tolist() == [[Fraction(1, 3), Fraction(17, 21), Fraction(2, 7)]]
    assert third.analysis([[0.5, 1, 0]]).tolist() == [[Fraction(13, 42), Fraction(1, 3)]]
    small = ConvolutionalDictionary.of(np.array([[[100, 100]]], dtype=np.int8), boundary="circular")
    assert small.synthesis(np.array([[100, 100]], dtype=np.int8)).tolist() == [[20000, 20000]]
    wrapped = ConvolutionalDictionary.of([[[0.1, 0.2, 0.3]]], boundary="circular").matrix((2,))
    assert wrapped.real[0, 0] == Fraction(0.1) + Fraction(0.3)
    mixed = ConvolutionalDictionary.of([[[1, 2]]])
    assert mixed.synthesis(np.array([[0.5]])).dtype == np.float64


def test_the_digest_is_of_shape_stride_boundary_and_values() -> None:
    filters = [[[1.0, -0.0, 2.5]], [[0.0, 1.0, 0.0]]]
    entries = struct.pack("<6d", 1.0, 0.0, 2.5, 0.0, 1.0, 0.0)
    head = b"sparse-verify filters\nreal 2 1 3\nstride 2\nboundary circular\nbinary64\n"
    found = ConvolutionalDictionary.of(filters, stride=2, boundary="circular").digest
    assert found == hashlib.sha256(head + entries).hexdigest()
    exact = ConvolutionalDictionary.of([[[[Fraction(1, 3), -2]]]])
    head = b"sparse-verify filters\nreal 1 1 1 2\nstride 1 1\nboundary full\nrational\n1/3\n-2/1\n"
    assert exact.digest == hashlib.sha256(head).hexdigest()
    whole = ConvolutionalDictionary.of(np.array(filters)[..., :1].astype(np.float32) + 1)
    assert whole.digest == ConvolutionalDictionary.of([[[2]], [[1]]]).digest


def test_lengths_and_places() -> None:
    full = drawn("full", 2, 1, (5, 3), (2, 1))
    assert (full.grid_axes, full.channels, full.support, full.reach) == (2, (2, 1), (5, 3), (2, 2))
    assert full.signal_lengths((4, 2)) == (11, 4)
    assert full.least_code == (1, 1)
    assert drawn("circular", 1, 1, (5,), (2,)).least_code == (5,)
    assert drawn("same", 1, 1, (5,), (1,)).least_code == (5,)
    assert drawn("same", 1, 1, (5,), (1,)).interior.boundary == "full"
    assert full.atom_index(1, (0, 1), (4, 2)) == 9


ONES = np.ones((2, 1, 3))
REFUSED = {
    "a matrix": (lambda: ConvolutionalDictionary.of(np.ones((2, 2))), r"expected filters of shape .* got shape \(2, 2\)"),
    "nothing": (lambda: ConvolutionalDictionary.of(np.ones((2, 0, 3))), r"at least one filter.* got shape \(2, 0, 3\)"),
    "complex": (lambda: ConvolutionalDictionary.of(ONES * 1j), "expected real filters"),
    "NaN": (lambda: ConvolutionalDictionary.of(ONES * np.nan), r"finite numbers, got nan in filter 0, at \(0, 0\)"),
    "a zero filter": (lambda: ConvolutionalDictionary.of([[[1]], [[0]], [[0]]]), r"zeros only in filter 1 \(and 1 more"),
    "no stride": (lambda: ConvolutionalDictionary.of(ONES, stride=0), "whole stride of at least 1 for one axis, got 0"),
    "half a stride": (lambda: ConvolutionalDictionary.of(ONES, stride=1.5), "for one axis, got 1.5"),
    "true": (lambda: ConvolutionalDictionary.of(ONES, stride=(True,)), "for one axis, got .True,."),
    "one number": (lambda: ConvolutionalDictionary.of(ONES).matrix(4), "a tuple of one length of at least 1 for a code, got 4"),
    "strides": (lambda: ConvolutionalDictionary.of(ONES, stride=(1, 1)), r"for one axis, got \(1, 1\)"),
    "long stride": (lambda: ConvolutionalDictionary.of(ONES, stride=4), "at most the filters' length 3, got 4"),
    "boundary": (lambda: ConvolutionalDictionary.of(ONES, boundary="valid"), "full, circular or same, got 'valid'"),
    "same, stride": (lambda: ConvolutionalDictionary.of(ONES, stride=2, boundary="same"), "stride 1 for .* 'same', got 2"),
    "same, even": (lambda: ConvolutionalDictionary.of(np.ones((1, 1, 4)), boundary="same"), "odd length .* got 4"),
    "code": (lambda: ConvolutionalDictionary.of(ONES).synthesis(np.ones((3, 4))), r"codes of shape \(..., 2, length\)"),
    "complex code": (lambda: ConvolutionalDictionary.of(ONES).synthesis([[1j], [0]]), "expected real codes"),
    "signal": (lambda: ConvolutionalDictionary.of(ONES).analysis(np.ones(3)), r"signals of shape \(..., 1, length\)"),
    "short": (lambda: ConvolutionalDictionary.of(ONES).analysis(np.ones((1, 2))), "at least as long as the filters, 3, got 2"),
    "uneven": (lambda: ConvolutionalDictionary.of(ONES, stride=2).code_lengths((4,)), "3 plus a multiple of the stride 2, got 4"),
    "period": (lambda: ConvolutionalDictionary.of(ONES, stride=2, boundary="circular").code_lengths((5,)), "a multiple of the stride 2, got 5"),
    "lengths": (lambda: ConvolutionalDictionary.of(ONES).matrix((2, 2)), r"one length of at least 1 for a code, got \(2, 2\)"),
    "cut to zero": (lambda: ConvolutionalDictionary.of([[[1, 0, 0]]], boundary="same").matrix((4,)), "filter 0 cut to zero at position 0"),
    "place": (lambda: ConvolutionalDictionary.of(ONES).atom_index(2, (0,), (3,)), r"channel below 2 and a position below 3, got \(2, 0\)"),
    "one atom": (lambda: ConvolutionalDictionary.of([[[1, 2]]]).matrix((1,)), "two atoms"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_convolutional_dictionary_is_refused(name: str) -> None:
    make, message = REFUSED[name]
    with pytest.raises(InputError, match=message) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = ConvolutionalDictionary.of(ONES)
    monkeypatch.setattr(convolutional, "MOST_ENTRIES", 5)
    with pytest.raises(LimitError, match="the matrix of all shifts would be 4 x 4"):
        dictionary.matrix((2,))
    with pytest.raises(LimitError, match="6 entries of filters"):
        ConvolutionalDictionary.of(ONES)
