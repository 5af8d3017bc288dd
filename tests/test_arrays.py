"""The door to torch: devices, and normal equations that agree with numpy's."""

from __future__ import annotations

import numpy as np
import pytest

import verify
from verify.arrays import DeviceNormals, usable_device
from verify.errors import InputError
from verify.solvers.row_space import RowSpace


def test_a_device_that_is_not_here_is_refused_in_one_line() -> None:
    assert usable_device("cpu") == "cpu"
    assert usable_device("cpu:0") == "cpu:0"
    for name in ("no such device", "cuda:97"):
        with pytest.raises(InputError, match=r"expected a torch device with float64 \(cpu, cuda\), got") as refused:
            usable_device(name)
        assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match="expected a torch device"):
        verify.check_dictionary([[1, 0, 1], [0, 1, 1]], device="nowhere")


def test_the_normal_equations_are_those_of_numpy() -> None:
    generator = np.random.default_rng(0)
    basis, weights = generator.standard_normal((9, 4)), generator.uniform(0.1, 2, (3, 9))
    vectors = generator.standard_normal((3, 4))
    solve = DeviceNormals(basis, "cpu")(weights)
    for row, vector, found in zip(weights, vectors, solve(vectors), strict=True):
        np.testing.assert_allclose(basis.T @ (row[:, None] * basis) @ found, vector, rtol=0, atol=1e-12)
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        DeviceNormals(basis, "cpu")(-weights)


@pytest.mark.parametrize("device", ["cpu:0", "cuda"])
def test_a_device_changes_no_bound_beyond_rounding(device: str) -> None:
    if device == "cuda":
        torch = pytest.importorskip("torch")
        if not torch.cuda.is_available():
            pytest.skip("no CUDA device here")
    rows = np.random.default_rng(1).standard_normal((24, 9))
    here, there = (RowSpace(rows, name).approximate(np.eye(24), tolerance=1e-7) for name in ("cpu", device))
    np.testing.assert_allclose(there.distance, here.distance, rtol=1e-5)
    np.testing.assert_allclose(there.value, here.value, rtol=1e-5)


def test_a_check_on_a_device_is_accepted_as_any_other() -> None:
    result = verify.check_dictionary(verify.load("builtin:gaussian:6x9:1"), device="cpu:0")
    plain = verify.check_dictionary(verify.load("builtin:gaussian:6x9:1"))
    assert result.levels.l1.guaranteed == plain.levels.l1.guaranteed
    assert type(result.answer).__name__ == "Accepted"
