"""The bound with a gradient is the bound of certificates without rounding, and it refuses what is no layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from test_build import random_dictionary

from verify.errors import InputError
from verify.networks.build import build_unrolled
from verify.networks.code_class import CodeClass
from verify.networks.error_bounds import ErrorBounder
from verify.networks.training_bound import training_bound

DICTIONARY = random_dictionary()
ATOMS = torch.tensor(np.array(DICTIONARY.real))


def layers_of(form: str) -> tuple[Any, list[dict[str, torch.Tensor]]]:
    built = build_unrolled(
        DICTIONARY, sparsity=1, bound=2, noise="0.01", layers=5, weights="dictionary", form=form, dtype="float64"
    )
    names = {"analysis": "weights"}
    return built.network, [
        {names.get(name, name): torch.tensor(np.array(a)) for name, a in layer.parts.items() if a is not None}
        for layer in built.network.layers
    ]


@pytest.mark.parametrize("form", ["state", "residual"])
@pytest.mark.parametrize("level", [1, 3])
def test_it_is_the_bound_without_rounding(form: str, level: int) -> None:
    network, layers = layers_of(form)
    for layer in layers:
        layer["threshold"] *= 0.7  # so that errors off the support are not all 0
    other = network.to_torch(trainable=True)
    with torch.no_grad():
        for name, parameter in other.named_parameters():
            if "threshold" in name:
                parameter *= 0.7
    wanted = ErrorBounder(other.to_network(), DICTIONARY).bounds(CodeClass.of(level, 2, "0.01", 10), rounding=False)
    assert max(wanted.off) > 0
    found = training_bound(layers, ATOMS, sparsity=level, bound=2, noise=0.01)
    assert float(found) == pytest.approx(wanted.linf, rel=1e-9)


def test_steps_and_gradients() -> None:
    _, layers = layers_of("residual")
    for layer in layers:
        del layer["synthesis"]
    stepped = [layer | {"weights": layer["weights"] / 2, "step": torch.tensor(2.0)} for layer in layers]
    plain, same = (float(training_bound(given, ATOMS, sparsity=1)) for given in (layers, stepped))
    assert plain == pytest.approx(same, rel=1e-12)
    threshold = layers[-1]["threshold"] = layers[-1]["threshold"].clone().requires_grad_()
    training_bound(layers, ATOMS, sparsity=1).backward()
    assert threshold.grad is not None
    assert float(threshold.grad.sum()) == 1  # one entry is the worst, and its threshold is added to its error


def test_what_is_refused() -> None:
    _, layers = layers_of("residual")
    for sparsity in (0, 11):
        with pytest.raises(InputError, match="a level from 1 to n"):
            training_bound(layers, ATOMS, sparsity=sparsity)
    with pytest.raises(InputError, match="at least one layer"):
        training_bound([], ATOMS, sparsity=1)
    with pytest.raises(InputError, match="layer 0: expected a tensor signal, got threshold"):
        training_bound([{"threshold": layers[0]["threshold"]}], ATOMS, sparsity=1)
    with pytest.raises(InputError, match=r"layer 0: expected weights of shape \(6, 10\), got \(6, 9\)"):
        training_bound([layers[0] | {"weights": ATOMS[:, 1:]}], ATOMS, sparsity=1)
    with pytest.raises(InputError, match="layer 0: expected a threshold of 1 or 10 numbers, got 3"):
        training_bound([layers[0] | {"threshold": torch.ones(3)}], ATOMS, sparsity=1)
