"""Codes are drawn from streams of their own, uniformly, and for ever the same."""

from __future__ import annotations

import numpy as np
import pytest

from verify.problems.recovery.codes import draw, drawn_with
from verify.problems.recovery.kinds import Magnitudes


@pytest.mark.parametrize("magnitudes", Magnitudes)
def test_a_code_does_not_depend_on_its_company(magnitudes: Magnitudes) -> None:
    together = draw(3, [(2, trial) for trial in range(6)], 9, 2, magnitudes)
    for trial in (5, 0, 3):
        alone = draw(3, [(2, trial)], 9, 2, magnitudes)
        assert alone.supports.tolist() == together.supports[trial : trial + 1].tolist()
        assert alone.values.tolist() == together.values[trial : trial + 1].tolist()
    other = draw(4, [(2, trial) for trial in range(6)], 9, 2, magnitudes)
    assert other.supports.tolist() != together.supports.tolist()


def test_the_codes_of_version_0_1() -> None:
    """Changing the way of drawing would make old files of results wrong."""
    codes = draw(7, [(3, 0), (3, 1)], 20, 3, Magnitudes.uniform)
    words = np.random.PCG64(np.random.SeedSequence(7, spawn_key=(3, 1))).random_raw(29)
    assert sorted(np.argsort(words[:20])[:3]) == codes.supports[1].tolist()
    signs = [-1 if word % 2 else 1 for word in words[20:23].tolist()]
    assert codes.values[1].tolist() == [
        sign * ((word >> 11) + 1) / 2**53 for sign, word in zip(signs, words[23:26].tolist(), strict=True)
    ]


@pytest.mark.parametrize("magnitudes", Magnitudes)
def test_supports_and_signs_are_uniform(magnitudes: Magnitudes) -> None:
    codes = draw(0, [(2, trial) for trial in range(3000)], 5, 2, magnitudes)
    assert (np.diff(codes.supports, axis=1) > 0).all()
    assert (codes.values != 0).all()
    pairs = np.unique(codes.supports, axis=0, return_counts=True)[1]
    assert len(pairs) == 10
    assert 240 < pairs.min() <= pairs.max() < 360  # 300 each, standard deviation 16
    assert abs(codes.signs.mean()) < 0.06
    sizes = np.abs(codes.values)
    mean = {Magnitudes.sign: 1.0, Magnitudes.uniform: 0.5, Magnitudes.gaussian: np.sqrt(2 / np.pi)}[magnitudes]
    assert abs(sizes.mean() - mean) < 0.03
    assert magnitudes is Magnitudes.gaussian or sizes.max() <= 1


def test_all_atoms_can_be_drawn() -> None:
    codes = draw(0, [(4, 0)], 4, 4, Magnitudes.sign)
    assert codes.supports.tolist() == [[0, 1, 2, 3]]
    assert codes[np.array([False])].values.shape == (0, 4)


def test_what_drawing_depends_on_is_named() -> None:
    assert "numpy" not in drawn_with(Magnitudes.sign)
    assert np.__version__ in drawn_with(Magnitudes.gaussian)
