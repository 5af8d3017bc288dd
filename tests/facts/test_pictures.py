"""What pictures show of pairs and atoms, against the whole Gram matrix and known dictionaries."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import InputError
from verify.facts import pairs_picture as module
from verify.facts.atom_tiles import atom_tiles
from verify.facts.gram_picture import gram_picture
from verify.facts.pairs_picture import PairsPicture, pairs_picture


def seen(dictionary: Dictionary) -> PairsPicture:
    found = pairs_picture(dictionary)
    assert found is not None
    return found


@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("tile", [7, 16, 1024])
def test_the_tiles_count_what_the_whole_gram_matrix_has(
    is_complex: bool, tile: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TILE", tile)
    random = np.random.default_rng(3)
    matrix = random.standard_normal((6, 40)) * 10.0 ** random.integers(-200, 200, 40)
    matrix = matrix + 1j * random.standard_normal((6, 40)) * np.abs(matrix).max(axis=0) if is_complex else matrix
    scaled = matrix / np.abs(matrix).max(axis=0)
    scaled = scaled / np.linalg.norm(scaled, axis=0)
    gram = scaled.conj().T @ scaled
    moduli = np.abs(gram)[np.triu_indices(40, 1)]
    found = seen(Dictionary.from_array(matrix))
    assert sum(found.counts) == 40 * 39 // 2
    for (low, high), count in zip(itertools.pairwise(found.edges), found.counts, strict=True):
        assert ((moduli >= low + 3e-6) & (moduli < high - 3e-6)).sum() <= count
        assert count <= ((moduli >= low - 3e-6) & (moduli < high + 3e-6)).sum()
    assert found.edges[-1] > moduli.max() or found.edges[-1] == 1
    order = sorted(((-abs(gram[i, j]), i, j) for i, j in itertools.combinations(range(40), 2)))[:8]
    assert [(pair.first, pair.second) for pair in found.worst] == [(i, j) for _, i, j in order]
    for pair in found.worst:
        assert pair.coherence == pytest.approx(abs(gram[pair.first, pair.second]), abs=1e-12)
        assert pair.opposite == (not is_complex and gram[pair.first, pair.second].real < 0)


def test_ties_come_in_the_order_of_the_atoms_and_fall_into_one_bin() -> None:
    found = seen(build("identity-hadamard", "64"))
    assert [(pair.first, pair.second) for pair in found.worst] == [(0, j) for j in range(64, 72)]
    assert [count for count in found.counts if count] == [64 * 63, 64 * 64]
    at = [b for b, count in enumerate(found.counts) if count]
    assert at[0] == 0
    assert found.edges[at[1]] <= 1 / 8 < found.edges[at[1] + 1]
    repeated = seen(Dictionary.from_array(np.ones((2, 3))))
    assert (repeated.edges[-1], repeated.counts[-1], len(repeated.worst)) == (1, 3, 3)
    assert all(pair.coherence <= 1 for pair in repeated.worst)


def test_how_many_atoms_have_which_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = gram_picture(build("identity-hadamard", "2"))
    assert cells is not None
    h = math.sqrt(0.5)
    assert np.allclose(cells, [[1, 0, h, h], [0, 1, h, h], [h, h, 1, 0], [h, h, 0, 1]], atol=1e-6)
    assert gram_picture(Dictionary.from_array(np.eye(129))) is None
    monkeypatch.setattr(module, "MOST_IN_PAIRS_PICTURE", 3)
    assert pairs_picture(Dictionary.from_array(np.eye(4))) is None


def test_tiles_show_signs_moduli_and_colours() -> None:
    signed = atom_tiles(Dictionary.from_array(np.array([[1, 0], [-2, 4], [0, 4], [2, 2]])), (2, 2), [1, 0])
    assert signed.shades == "signed"
    assert [(t.atom, list(t.pixels)) for t in signed.tiles] == [(1, [128, 255, 255, 192]), (0, [192, 1, 128, 255])]
    plain = atom_tiles(Dictionary.from_array(np.array([[0.0, 1], [1, 0], [2, 0]])), (1, 1, 3), [0])
    assert (plain.shades, plain.tiles[0].channels, list(plain.tiles[0].pixels)) == ("nonnegative", 3, [0, 128, 255])
    moduli = atom_tiles(Dictionary.from_array(np.array([[3 + 4j, 1], [5, -1j]])), (2, 1), [0, 1])
    assert moduli.shades == "moduli"
    assert [list(t.pixels) for t in moduli.tiles] == [[255, 255], [255, 255]]


def test_large_atoms_are_averaged() -> None:
    image = np.zeros((128, 3))
    image[:, 1] = np.arange(128) // 2 * 4
    tile = atom_tiles(Dictionary.from_array(image.reshape(-1, 1) * [1, 2]), (128, 3), [1]).tiles[0]
    assert (tile.height, tile.width) == (64, 3)
    pixels = np.frombuffer(tile.pixels, dtype=np.uint8).reshape(64, 3)
    assert pixels[:, 0].tolist() == [0] * 64
    assert pixels[:, 1].tolist() == [round(255 * i / 63) for i in range(64)]


@pytest.mark.parametrize("shape", [(2, 3), (4, 1, 2), (2, 1, 3)])
def test_shapes_that_do_not_hold_an_atom_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="does not hold the 4 entries of an atom"):
        atom_tiles(Dictionary.from_array(np.ones((4, 2))), shape, [0])
