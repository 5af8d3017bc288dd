"""Why does a network for deep sparse codes end with least squares on the support that it found?

A chain of two dictionaries: codes of codes. Three networks of ReLUs compute the deepest code x_2 from a signal with
model errors of at most eps in each layer: one for the product of both dictionaries (deepest sparsity first), one for
each dictionary (layer by layer), and the latter followed by least squares on its support (refit). All are built and
stored, the checker proves their errors for the whole class, rounding included, and the three run on the same signals.
Thresholds pay for noise with a factor 2/(1 - q), and layer by layer they pay twice; a refit on the support, once it is
proved to be right, forgets all that.

    python examples/why_refit.py [--layers K] [--tolerances N] [-o PICTURE.svg]
"""

import argparse
from fractions import Fraction

import numpy as np
import torch

from verify.certify.deep_network import certify_deep_network
from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.networks.build_deep import build_deep
from verify.networks.deep_bounds import DeepClass

SIZE, DRAWS = 16, 500
METHODS = (("deepest first", "#4477aa"), ("layer by layer", "#cc6677"), ("refit", "#117733"))
MEMBERS = DeepClass(levels=(2, 1), bounds=(Fraction(1), Fraction(1)), smallest=Fraction(1, 2))


def chain(eps: Fraction) -> DeepDictionary:
    """Return identity and Hadamard matrix of unit atoms, then atoms of two neighbours each."""
    hadamard = np.array([[1.0]])
    while len(hadamard) < SIZE:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    first = np.hstack([np.eye(SIZE), hadamard / np.sqrt(SIZE)])
    second = np.eye(2 * SIZE) + np.roll(np.eye(2 * SIZE), 1, axis=0) / 4
    return DeepDictionary.of([Dictionary.from_array(first), Dictionary.from_array(second)], tolerances=[eps, eps])


def draw(deep: DeepDictionary, eps: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return deepest codes and their signals, with errors of exactly eps in each layer that keep the code sparse."""
    rng = np.random.default_rng(0)
    first, second = (d.real for d in deep.dictionaries)
    codes = np.zeros((second.shape[1], DRAWS))
    codes[rng.integers(0, len(codes), DRAWS), range(DRAWS)] = rng.uniform(0.5, 0.99, DRAWS) * rng.choice([-1, 1], DRAWS)
    middle = second @ codes
    noise = rng.standard_normal(middle.shape) * (middle != 0)
    middle += eps * noise / np.linalg.norm(noise, axis=0)
    noise = rng.standard_normal((first.shape[0], DRAWS))
    signals = first @ middle + eps * noise / np.linalg.norm(noise, axis=0)
    return torch.from_numpy(codes.T.copy()), torch.from_numpy(signals.T.copy())


def compared(eps: Fraction, layers: int) -> tuple[list[float], list[float]]:
    """Return what is proved of |x~_2 - x_2|_2 for the three networks, infinite where nothing is, and what is seen."""
    deep = chain(eps)
    codes, signals = draw(deep, float(eps))
    proved: list[float] = []
    seen: list[float] = []
    for method in ("deepest-first", "layer-by-layer"):
        network = build_deep(deep, MEMBERS, method=method, layers=layers, dtype="float64").network
        found = certify_deep_network(network, MEMBERS)
        kinds = ["deep-network-error"] + ["deep-refit-error"] * (method == "layer-by-layer")
        for kind in kinds:
            claim = found.claim(kind)  # None: the network may err by more than the smallest entry, so the support, too
            proved.append(float("inf") if claim is None else float(found.bounds(kind, "l2")[-1]))
            kept = 0.0 if claim is None else float(Fraction(str(claim.get("kept", "0"))))
            module = network.to_torch(refit=kind == "deep-refit-error", kept=kept)
            with torch.no_grad():
                seen.append(float((module(signals)[-1] - codes).norm(dim=1).max()))
    return proved, seen


def main() -> None:
    """Compare proved and observed errors while the noise grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", type=int, default=24, help="layers of every network (default %(default)s)")
    parser.add_argument("--tolerances", type=int, default=2, help="eps = 10^-N .. 1/10 (default %(default)s)")
    parser.add_argument("-o", "--output", help="write a picture here")
    options = parser.parse_args()
    rows: list[tuple[float, ...]] = []
    print("     eps   proved: deepest   layers    refit   observed: deepest   layers    refit")
    for eps in (Fraction(10) ** -k for k in range(options.tolerances, 0, -1)):
        proved, seen = compared(eps, options.layers)
        rows.append((float(eps), *proved, *seen))
        shown = "".join(f"{value:9.1e}" if np.isfinite(value) else "     none" for value in proved)
        print(f"{float(eps):8.0e}          {shown}            " + "".join(f"{value:9.1e}" for value in seen))
        assert all(a <= b for a, b in zip(seen, proved, strict=True))
    if options.output:
        picture(rows, options.output)


def picture(rows: list[tuple[float, ...]], output: str) -> None:
    """Draw proved bounds as lines and observed errors as dots, over the noise."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "why-refit"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    columns = list(zip(*rows, strict=True))
    for at, (name, colour) in enumerate(METHODS):
        axes.loglog(columns[0], columns[1 + at], color=colour, label=f"{name}, proved")
        axes.loglog(columns[0], columns[4 + at], "o", color=colour, label=f"{name}, observed, not proved")
    axes.set(xlabel="model error eps in each layer", ylabel="error of the deepest code, Euclidean norm")
    axes.legend(fontsize=8)
    figure.savefig(output, metadata={"Date": None})


if __name__ == "__main__":
    main()
