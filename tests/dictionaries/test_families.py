"""Built-in dictionaries against theory, in exact fractions."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from decimal import Decimal, getcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import FAMILIES, Family, build, hadamard
from verify.dictionaries.roots_of_unity import roots_of_unity
from verify.dictionaries.sources import load
from verify.errors import InputError, LimitError
from verify.facts.rank import exact_rank
from verify.facts.welch import welch_bound_squared


def squared_cosines(dictionary: Dictionary) -> list[Fraction]:
    """cos^2 of every pair of atoms, by brute force."""
    parts = [[[Fraction(v) for v in row] for row in part.tolist()] for part in dictionary.parts]
    columns = [list(zip(*part, strict=True)) for part in parts]

    def dot(a: int, i: int, b: int, j: int) -> Fraction:
        return sum((x * y for x, y in zip(columns[a][i], columns[b][j], strict=True)), Fraction(0))

    norms = [sum(dot(a, i, a, i) for a in range(len(parts))) for i in range(dictionary.shape[1])]
    result: list[Fraction] = []
    for i, j in itertools.combinations(range(dictionary.shape[1]), 2):
        squared = sum(dot(a, i, a, j) for a in range(len(parts))) ** 2
        if len(parts) == 2:
            squared += (dot(0, i, 1, j) - dot(1, i, 0, j)) ** 2
        result.append(Fraction(squared) / (norms[i] * norms[j]))
    return result


@pytest.mark.parametrize("n", [2, 4, 8, 16])
def test_identity_hadamard_has_coherence_one_over_root_n(n: int) -> None:
    dictionary = build("identity-hadamard", str(n))
    assert dictionary.shape == (n, 2 * n)
    assert max(squared_cosines(dictionary)) == Fraction(1, n)
    assert set(squared_cosines(dictionary)) == {Fraction(0), Fraction(1, n)}


@pytest.mark.parametrize("n", [1, 2, 4, 8, 32])
def test_hadamard_is_hadamard(n: int) -> None:
    matrix = hadamard(n)
    assert (matrix @ matrix.T == n * np.eye(n, dtype=np.int64)).all()
    signs = [[(-1) ** (i & j).bit_count() for j in range(n)] for i in range(n)]
    assert matrix.tolist() == signs


@pytest.mark.parametrize("n", [2, 3, 5, 12, 50])
def test_simplex_is_equiangular_with_sum_zero(n: int) -> None:
    dictionary = build("simplex", str(n))
    assert dictionary.shape == (n, n)
    assert set(squared_cosines(dictionary)) == {Fraction(1, (n - 1) ** 2)}
    assert not dictionary.real.sum(axis=1).any()
    gram = dictionary.real.T @ dictionary.real
    assert (gram[~np.eye(n, dtype=bool)] < 0).all()


def test_simplex_50_is_the_case_that_floats_get_wrong() -> None:
    assert max(squared_cosines(build("simplex", "50"))) == Fraction(1, 49) ** 2


def test_steiner_is_an_equiangular_tight_frame() -> None:
    dictionary = build("steiner", "6x16")
    assert dictionary.shape == (6, 16)
    assert set(squared_cosines(dictionary)) == {Fraction(1, 9)}
    assert (dictionary.real @ dictionary.real.T == 8 * np.eye(6, dtype=np.int64)).all()
    assert Fraction(1, 9) == Fraction(16 - 6, 6 * (16 - 1))  # Welch's bound, squared, attained


@pytest.mark.parametrize(
    ("name", "arguments", "mu_squared"),
    [
        ("steiner", "28x64", Fraction(1, 49)),
        ("steiner", "7x28", Fraction(1, 9)),
        ("steiner", "35x120", Fraction(1, 49)),
        ("paley", "3", Fraction(1, 9)),
        ("paley", "5", Fraction(1, 25)),
    ],
)
def test_exact_equiangular_tight_frames(name: str, arguments: str, mu_squared: Fraction) -> None:
    dictionary = build(name, arguments)
    n = dictionary.shape[1]
    assert set(squared_cosines(dictionary)) == {mu_squared}
    m = exact_rank(dictionary)
    assert m == (n // 2 if name == "paley" else dictionary.shape[0])
    assert mu_squared == welch_bound_squared(m, n)


@pytest.mark.parametrize(
    ("name", "arguments", "m", "n"),
    [
        ("harmonic", "residues:7", 3, 7),
        ("harmonic", "residues:11", 5, 11),
        ("harmonic", "singer:2", 3, 7),
        ("harmonic", "singer:3", 4, 13),
        ("harmonic", "singer:7", 8, 57),
        ("mercedes-benz", "", 2, 3),
    ],
)
def test_rounded_equiangular_tight_frames(name: str, arguments: str, m: int, n: int) -> None:
    dictionary = build(name, arguments)
    assert dictionary.shape == (m, n)
    cosines = [float(square) for square in squared_cosines(dictionary)]
    welch = float(welch_bound_squared(m, n))
    assert max(cosines) - welch < 1e-14
    assert welch - min(cosines) < 1e-14


@pytest.mark.parametrize("p", [5, 7])
def test_alltop_frames_take_two_angles(p: int) -> None:
    dictionary = build("alltop", str(p))
    assert dictionary.shape == (p, p * p)
    assert all(min(c, abs(c - 1 / p)) < 1e-14 for c in map(float, squared_cosines(dictionary)))


@pytest.mark.parametrize("n", [3, 8, 9])
def test_bases_of_cosines_and_waves(n: int) -> None:
    i, j = np.arange(n)[:, None], np.arange(n)
    cosines = np.cos(np.pi * (2 * i + 1) * j / (2 * n))
    assert np.abs(build("dirac-dct", str(n)).real - np.hstack([np.eye(n), cosines])).max() < 1e-14
    assert np.abs(build("dct", f"{n - 1}x{n}").real - cosines[: n - 1]).max() < 1e-14
    waves = build("real-dirac-dft", str(n)).real[:, n:]
    gram = waves.T @ waves
    assert np.abs(gram - np.diag(np.diag(gram))).max() < 1e-13
    assert np.abs(waves[:, : n // 2 + 1] - np.cos(2 * np.pi * i * np.arange(n // 2 + 1) / n)).max() < 1e-14
    assert np.abs(waves[:, n // 2 + 1 :] - np.sin(2 * np.pi * i * np.arange(1, (n + 1) // 2) / n)).max() < 1e-14


def test_partial_bases_are_rows_of_the_whole() -> None:
    rows = np.sort(np.random.default_rng(3).permutation(16)[:5])
    assert (build("partial-hadamard", "5x16:3").real == hadamard(16)[rows]).all()
    found = build("partial-fourier", "5x16:3")
    whole = np.fft.fft(np.eye(16))[rows]
    assert np.abs(found.real + 1j * np.asarray(found.imaginary) - whole).max() < 1e-14


def test_bernoulli_entries_are_signs() -> None:
    found = build("bernoulli", "50x40:1")
    assert set(found.real.ravel().tolist()) == {1, -1}
    assert abs(found.real.mean()) < 0.1
    assert found.digest != build("bernoulli", "50x40:2").digest


@pytest.mark.parametrize("n", [2, 4])
def test_dirac_dft_is_exact_for_two_and_four(n: int) -> None:
    dictionary = build("dirac-dft", str(n))
    assert dictionary.field == "complex"
    assert set(squared_cosines(dictionary)) == {Fraction(0), Fraction(1, n)}


@pytest.mark.parametrize("n", [3, 8, 12])
def test_dirac_dft_is_nearly_so_for_others(n: int) -> None:
    dictionary = build("dirac-dft", str(n))
    assert dictionary.shape == (n, 2 * n)
    assert abs(float(max(squared_cosines(dictionary))) - 1 / n) < 1e-15
    waves = (dictionary.real + 1j * np.asarray(dictionary.imaginary))[:, n:]
    assert np.abs(waves - np.fft.fft(np.eye(n))).max() < 1e-13


def decimal_cosine(x: Decimal) -> Decimal:
    total, term, k = Decimal(1), Decimal(1), 0
    while abs(term) > Decimal(10) ** -55:
        term *= -x * x / ((k + 1) * (k + 2))
        total, k = total + term, k + 2
    return total


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 8, 12, 30, 97])
def test_roots_of_unity_are_the_nearest_floats(n: int) -> None:
    getcontext().prec = 60
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
    roots = roots_of_unity(n)
    for r in range(n):
        for value, angle in ((roots[r].real, 2 * pi * r / n), (-roots[r].imag, 2 * pi * r / n - pi / 2)):
            truth = decimal_cosine(angle)
            if abs(truth) < Decimal(10) ** -50:
                assert value == 0
                assert math.copysign(1, value) in (1, -1)
            else:
                assert float(truth) == value
    if n % 2 == 0:
        assert (roots[n // 2 :] == -roots[: n // 2]).all()
    if n > 1:
        assert (roots[1:][::-1] == np.conj(roots[1:])).all()


def test_gaussian_is_reproducible_and_depends_on_the_seed() -> None:
    dictionary = build("gaussian", "20x40:7")
    assert dictionary.shape == (20, 40)
    assert dictionary.digest == build("gaussian", "20x40:7").digest
    assert dictionary.digest != build("gaussian", "20x40:8").digest
    assert (dictionary.real == np.random.default_rng(7).standard_normal((20, 40))).all()
    assert np.__version__ in dictionary.origin.remarks[0]


def test_digits_are_as_described() -> None:
    dictionary = build("digits")
    assert dictionary.shape == (64, 128)
    assert dictionary.real.dtype == np.float32
    atoms = dictionary.real.astype(np.float64)
    assert np.abs(np.linalg.norm(atoms, axis=0) - 1).max() < 1e-6
    assert np.abs(atoms.sum(axis=0)).max() < 1e-5
    assert len({atoms[:, i].tobytes() for i in range(128)}) == 128
    gram = np.abs(atoms.T @ atoms)
    assert gram[~np.eye(128, dtype=bool)].max() < 0.3001
    assert any("learn_digits_dictionary" in remark for remark in dictionary.origin.remarks)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_every_family_is_described_by_an_example_that_works(family: Family) -> None:
    dictionary = load(family.example)
    assert dictionary.origin.source == family.example
    assert dictionary.origin.loader == "builtin"
    assert dictionary.origin.remarks
    assert family.pattern.startswith(f"builtin:{family.name}")
    assert "\n" not in family.description
    assert dictionary.digest == build(*family.example.split(":", 2)[1:]).digest


BAD = {
    ("identity-hadamard", ""): "got no argument",
    ("identity-hadamard", "0"): "power of two",
    ("identity-hadamard", "1"): "power of two",
    ("identity-hadamard", "12"): "a power of two from 2 on, got 12",
    ("identity-hadamard", "-4"): "got '-4'",
    ("identity-hadamard", "4\n"): r"got '4\\n'",
    ("identity-hadamard", "4:4"): "got '4:4'",
    ("identity-hadamard", "9" * 5000): "power of two",
    ("identity-hadamard", "٤"): "power of two",
    ("dirac-dft", "1"): "n >= 2, got 1",
    ("dirac-dft", "x"): "n >= 2, got 'x'",
    ("simplex", "1"): "n >= 2, got 1",
    ("simplex", "1.5"): "n >= 2, got '1.5'",
    ("gaussian", "20x40"): "mxn:seed",
    ("gaussian", "20x1:0"): "two atoms",
    ("gaussian", "0x4:0"): "at least one row",
    ("gaussian", "4x4:-1"): "mxn:seed",
    ("steiner", "7x29"): "expected 6x16",
    ("steiner", ""): "expected mxn",
    ("dct", "5x4"): "m from 1 to n",
    ("dct", "4"): "expected mxn",
    ("dirac-dct", "1"): "n >= 2, got 1",
    ("real-dirac-dft", "1"): "n >= 2, got 1",
    ("partial-fourier", "5x4:1"): "m from 1 to n",
    ("partial-hadamard", "5x12:1"): "a power of two, got 12",
    ("bernoulli", "4x1:0"): "two atoms",
    ("mercedes-benz", "3"): "no argument",
    ("paley", "9"): "odd prime p below 100, got 9",
    ("paley", "2"): "odd prime p below 100, got 2",
    ("alltop", "3"): "a prime p from 5 on, got 3",
    ("alltop", "999999999999999989"): "a prime p from 5 on",
    ("harmonic", "residues:13"): "of the form 4 l [+] 3",
    ("harmonic", "singer:4"): "singer:q, q a prime",
    ("harmonic", "plane:3"): "singer:q, q a prime",
    ("harmonic", "3"): "singer:q, q a prime",
    ("digits", "8"): "no argument",
    ("simplx", "5"): "did you mean simplex",
    ("Simplex", "5"): "did you mean simplex",
    ("", ""): "there are identity-hadamard",
    ("zzz\n\x1b", ""): "there are",
    ("x" * 100000, ""): "there are",
}


@pytest.mark.parametrize(("name", "arguments"), BAD, ids=lambda text: ascii(text[:20]))
def test_bad_names_and_arguments_are_refused_in_one_line(name: str, arguments: str) -> None:
    with pytest.raises(InputError, match=BAD[name, arguments]) as error:
        load(f"builtin:{name}:{arguments}")
    assert not isinstance(error.value, LimitError)
    assert str(error.value).isprintable()
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("identity-hadamard", "4096"),
        ("identity-hadamard", str(2**59)),
        ("dirac-dft", "3163"),
        ("simplex", "4473"),
        ("gaussian", "1000000x1000000:0"),
        ("gaussian", "999999999999999999x999999999999999999:0"),
    ],
)
def test_huge_sizes_are_refused_with_memory_and_limit(name: str, arguments: str) -> None:
    with pytest.raises(LimitError, match=r"need [0-9]+ MiB; the limit is 20000000 entries \([0-9]+ MiB\)") as error:
        build(name, arguments)
    assert str(error.value).startswith(f"builtin:{name}:{arguments}:")


@pytest.mark.thorough
def test_the_script_that_learns_the_digits_writes_a_dictionary(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    root = Path(__file__).parents[2]
    output = tmp_path / "digits.npy"
    done = subprocess.run(
        [sys.executable, str(root / "examples" / "learn_digits_dictionary.py"), "--rounds", "2", "-o", str(output)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert "mutual coherence" in done.stdout
    dictionary = load(output)
    assert dictionary.shape == (64, 128)
    assert dictionary.real.dtype == np.float32
