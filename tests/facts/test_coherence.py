"""mu^2 is exact, on every way through the code: compared with brute force in Fractions."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from exact_reference import KINDS, Reference, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.unit_atoms import UnitAtoms, unit_atoms
from verify.facts import coherence
from verify.facts.coherence import mutual_coherence
from verify.rounding import float_lower

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(params=[(512, 1024, 512), (2, 3, 0), (1, 1, 512), (3, 2, 1)], ids=str)
def tiny_tiles(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int, int]:
    """Tiles and thresholds so small that every branch runs on small dictionaries."""
    height, width, few = request.param
    monkeypatch.setattr(coherence, "_TILE", (height, width))
    monkeypatch.setattr(coherence, "_FEW_PAIRS", few)
    return request.param


def assert_exact(dictionary: Dictionary) -> None:
    truth = Reference(dictionary)
    found = mutual_coherence(dictionary)
    assert found.squared == truth.mu_squared
    assert found.pair[0] < found.pair[1]
    assert truth.pairs[found.pair] == truth.mu_squared


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_every_kind_equals_brute_force(kind: str, tiny_tiles: tuple[int, int, int]) -> None:
    for arguments in samples([kind], 6):
        assert_exact(sample(*arguments))


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "complex64", "single-near-ties", "near-ties"])
@pytest.mark.sampled(3)
def test_many_atoms_in_few_dimensions(kind: str, tiny_tiles: tuple[int, int, int]) -> None:
    for seed in range(3):
        assert_exact(sample(kind, seed, 2, 24))


def test_the_tiles_cover_the_upper_triangle_and_no_pair_below_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for shape in [(2, 3), (3, 2), (1, 1), (4, 8), (5, 7)]:
        monkeypatch.setattr(coherence, "_TILE", shape)
        for n in range(2, 20):
            seen = np.zeros((n, n), dtype=int)
            for tile in coherence._tiles(n):
                block = np.ones((tile.rows.stop - tile.rows.start, tile.columns.stop - tile.columns.start))
                seen[tile.rows, tile.columns] += tile.above_diagonal(block) > 0
            assert (seen == np.triu(np.ones((n, n), dtype=int), 1)).all()


def test_a_dictionary_larger_than_a_tile_finds_its_planted_pair_in_every_corner() -> None:
    rng = np.random.default_rng(3)
    for i, j in [(0, 1), (0, 1299), (511, 512), (1023, 1024), (1298, 1299), (700, 1100)]:
        array = rng.standard_normal((24, 1300)).astype(np.float32)
        array[:, j] = array[:, i] + np.float32(0.05) * array[:, j]
        found = mutual_coherence(Dictionary.from_array(array))
        assert found.pair == (i, j)
        assert found.squared == Reference(Dictionary.from_array(array[:, [i, j]])).mu_squared


def test_a_tie_across_tiles_is_decided_by_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pairs whose coherences differ by far less than float32, and also than float64, can tell."""
    monkeypatch.setattr(coherence, "_TILE", (2, 2))
    for dtype in (np.float32, np.float64):
        for position in range(4):
            array = np.kron(np.eye(4), np.array([[1.0, 0.75], [0.0, 1.0]])).astype(dtype)
            other = dtype(0.75)
            array[2 * position, 2 * position + 1] = np.nextafter(other, dtype(1))
            found = mutual_coherence(Dictionary.from_array(array))
            assert found.pair == (2 * position, 2 * position + 1)
            assert found.squared > Fraction(9, 25)


def test_float32_tiles_are_scanned_again_in_float64(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second scan leaves the exact part fewer tiles than the first one does."""
    monkeypatch.setattr(coherence, "_TILE", (2, 2))
    array = np.kron(np.eye(4), np.array([[1.0, 0.75], [0.0, 1.0]])).astype(np.float32)
    array[6, 7] = np.nextafter(np.float32(0.75), np.float32(1))
    dictionary = Dictionary.from_array(array)
    atoms = unit_atoms(dictionary, np.float32)
    first = coherence._scan(atoms, list(coherence._tiles(8)), lambda *_: None)
    second = coherence._scan_selected(dictionary, first)
    assert (len(first), len(second)) == (4, 1)
    calls: list[int] = []
    monkeypatch.setattr(coherence, "_scan_selected", lambda d, tiles: calls.append(len(tiles)) or second)
    mutual_coherence(dictionary)
    assert calls == [4]
    calls.clear()
    mutual_coherence(Dictionary.from_array(array.astype(np.float64)))
    assert calls == []


def test_the_gram_matrix_is_used_for_many_candidates_only(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    exact = coherence._many_inner_products_squared
    monkeypatch.setattr(
        coherence, "_many_inner_products_squared", lambda a, b, pairs: calls.append(len(pairs)) or exact(a, b, pairs)
    )
    dictionary = sample("simplex", 0, 40, 40)  # 780 ties
    assert mutual_coherence(dictionary).squared == Fraction(1, 39**2)
    assert calls == [780]
    assert mutual_coherence(sample("float64", 0, 40, 40)).squared < 1
    assert calls == [780]


def test_extreme_values_are_attained_exactly() -> None:
    for kind in ("antipodal", "complex-parallel"):
        assert mutual_coherence(sample(kind, 1, 5, 6)).squared == 1
    assert mutual_coherence(Dictionary.from_array([[1.5, 1.5], [2.5, 2.5]])).squared == 1
    assert mutual_coherence(sample("orthogonal", 1, 6, 6)).squared == 0
    assert mutual_coherence(Dictionary.from_array([[0.1, 0.3]])).squared == 1
    almost = mutual_coherence(Dictionary.from_array([[1.0, np.nextafter(1, 2)], [1.0, 1.0]])).squared
    assert 1 - Fraction(1, 2**100) < almost < 1
    barely = mutual_coherence(Dictionary.from_array([[1.0, 5e-324], [0.0, 1e300]])).squared
    assert 0 < barely < Fraction(1, 10**1200)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_the_error_bound_of_unit_atoms_holds(kind: str, dtype: type) -> None:
    for arguments in samples([kind], 4):
        assert_error_bound(sample(*arguments), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_error_bound_holds_for_long_and_cancelling_atoms(dtype: type) -> None:
    rng = np.random.default_rng(5)
    long = rng.standard_normal((400, 3))
    signs = np.where(np.arange(400) % 2, 1.0, -1.0)
    cancelling = np.column_stack([np.full(400, 1 / 3), signs / 7 + rng.standard_normal(400) * 1e-9, 1 + 1e-7 * signs])
    tails = np.column_stack([np.r_[1.0, np.full(399, 2.0**-24)], np.r_[1.0, np.full(399, 2.0**-53)], np.ones(400)])
    for array in (long, cancelling, tails, long + 1j * cancelling):
        assert_error_bound(Dictionary.from_array(array), dtype)


def assert_error_bound(dictionary: Dictionary, dtype: type) -> None:
    truth = Reference(dictionary)
    atoms = unit_atoms(dictionary, dtype)
    assert atoms.rows.dtype == dtype
    computed = atoms.moduli(slice(0, truth.n), slice(0, truth.n))
    for (i, j), squared in truth.pairs.items():
        for value in (Fraction(float(computed[i, j])), Fraction(float(computed[j, i]))):
            low, high = max(Fraction(0), value - atoms.error), value + atoms.error
            assert low**2 <= squared <= high**2  # |computed - exact| <= error
    length = atoms.rows.shape[1]
    unit = 2**-24 if dtype is np.float32 else 2**-53
    assert 0 < atoms.error < 8 * (length + 20) * unit  # and the bound is not idle


def test_a_complex_modulus_has_the_errors_of_both_parts() -> None:
    real, complex_ = (unit_atoms(sample(kind, 0, m, 2)).error for kind, m in (("float64", 8), ("complex128", 4)))
    assert complex_ > 2 * real


def test_a_threshold_is_rounded_down() -> None:
    best, error = 0.1, Fraction(1, 3 * 2**60)
    assert Fraction(coherence._threshold(best, error)) <= Fraction(best) - 2 * error
    assert coherence._threshold(best, error) == float_lower(Fraction(best) - 2 * error)


def test_a_wrong_estimate_within_the_error_bound_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever floats do within the proven bound, the answer is the same: noise as large as the bound is added."""
    honest = UnitAtoms.moduli
    rng = np.random.default_rng(9)

    def noisy(self: UnitAtoms, first: slice, second: slice) -> np.ndarray:
        exact = honest(self, first, second)
        return exact + rng.uniform(-0.9, 0.9, exact.shape) * float(self.error)

    monkeypatch.setattr(UnitAtoms, "moduli", noisy)
    monkeypatch.setattr(coherence, "_TILE", (3, 3))
    for kind in ("near-ties", "hadamard", "simplex", "complex128", "float32"):
        for seed in range(5):
            assert_exact(sample(kind, seed, 4, 9))


def test_progress_ends_where_it_should() -> None:
    seen: list[tuple[str, int, int]] = []
    mutual_coherence(sample("float64", 0, 4, 6), lambda *step: seen.append(step))
    assert ("coherence", 1, 1) in seen
    assert all(done <= total for _, done, total in seen)


@pytest.mark.parametrize(
    ("name", "squared"), [("alista_250x500.npy", 0.28470366**2), ("sloane_complex_10x91.npy", 0.09)]
)
def test_real_dictionaries(name: str, squared: float) -> None:
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not here: it is no part of the repository")
    dictionary = Dictionary.from_array(np.load(path))
    found = mutual_coherence(dictionary)
    assert abs(float(found.squared) - squared) < 1e-8
    pair = Dictionary.from_array(np.load(path)[:, list(found.pair)])
    assert Reference(pair).mu_squared == found.squared


def test_many_atoms_widen_the_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coherence, "_TILE", (2, 3))
    monkeypatch.setattr(coherence, "_MANY_ATOMS", 8)
    assert {tile.pairs for tile in coherence._tiles(7)} <= {1, 2, 3, 4, 6}
    assert max(tile.pairs for tile in coherence._tiles(12)) == 2 * 6
    for n in (7, 8, 13):
        assert_exact(Dictionary.from_array(np.random.default_rng(n).standard_normal((3, n)).astype(np.float32)))
