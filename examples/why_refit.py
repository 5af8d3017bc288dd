"""Why does a network for deep sparse codes end with least squares on the support that it found?

A chain of two dictionaries: codes of codes. Three networks of ReLUs compute the deepest code x_2 from a signal with
model errors of at most eps in each layer, and each has proved constants with |x~_2 - x_2|_2 <= C_1 e^(-cK) + C_2 eps
after K steps. Thresholds pay for noise with a factor 2/(1 - q), and layer by layer they pay twice; a refit on the
support, once it is proved to be right, forgets all that.

    python examples/why_refit.py [-o PICTURE.svg]
"""

import argparse
from fractions import Fraction

import numpy as np

from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.networks.deep_bounds import (
    DeepClass,
    deepest_first,
    entries_error,
    layer_by_layer,
    layer_weights,
    refit,
    unit_weights,
)

SIZE, STEPS, DRAWS = 16, 100, 60
TOLERANCES = [Fraction(10) ** -k for k in range(6, 0, -1)]
MEMBERS = DeepClass(levels=(2, 1), bounds=(Fraction(1), Fraction(1)), smallest=Fraction(1, 2))


def chain(eps: Fraction) -> DeepDictionary:
    """Return identity and Hadamard matrix of unit atoms, then atoms of two neighbours each."""
    hadamard = np.array([[1.0]])
    while len(hadamard) < SIZE:
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    first = np.hstack([np.eye(SIZE), hadamard / np.sqrt(SIZE)])
    second = np.eye(2 * SIZE) + np.roll(np.eye(2 * SIZE), 1, axis=0) / 4
    return DeepDictionary.of([Dictionary.from_array(first), Dictionary.from_array(second)], tolerances=[eps, eps])


class Unrolled:
    """x <- T(x + W (y - D x)) for the unit atoms of one dictionary, in floats: what is observed, not what is proved."""

    def __init__(self, dictionary: Dictionary, level: int, bound: float) -> None:
        self.norms = np.linalg.norm(dictionary.real, axis=0)
        self.atoms = dictionary.real / self.norms
        self.weights = unit_weights(dictionary)
        coherence = layer_weights(dictionary).coherence
        mu = float(coherence) if isinstance(coherence, Fraction) else float(coherence.square) ** 0.5
        self.thresholded, self.q, self.bound = level * mu, (2 * level - 1) * mu, bound * self.norms.max()

    def run(self, signals: np.ndarray, sigma: float) -> np.ndarray:
        """Return the codes of the columns of `signals`."""
        codes, bound = np.zeros((self.atoms.shape[1], signals.shape[1])), self.bound
        for _ in range(STEPS):
            moved = codes + self.weights @ (signals - self.atoms @ codes)
            codes = np.sign(moved) * np.maximum(np.abs(moved) - self.thresholded * bound - sigma, 0)
            bound = self.q * bound + 2 * sigma
        return codes / self.norms[:, None]


def draw(deep: DeepDictionary, eps: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return deepest codes and their signals, with errors of exactly eps in each layer that keep the code sparse."""
    first, second = (d.real for d in deep.dictionaries)
    codes = np.zeros((second.shape[1], DRAWS))
    codes[rng.integers(0, len(codes), DRAWS), range(DRAWS)] = rng.uniform(0.5, 0.99, DRAWS) * rng.choice([-1, 1], DRAWS)
    middle = second @ codes
    noise = rng.standard_normal(middle.shape) * (middle != 0)
    middle += eps * noise / np.linalg.norm(noise, axis=0)
    noise = rng.standard_normal((first.shape[0], DRAWS))
    return codes, first @ middle + eps * noise / np.linalg.norm(noise, axis=0)


def largest(errors: np.ndarray) -> float:
    """Return the largest Euclidean norm of a column."""
    return float(np.linalg.norm(errors, axis=0).max())


def least_squares(product: np.ndarray, signals: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return the least-squares codes on the supports of `found`."""
    codes = np.zeros_like(found)
    for j, column in enumerate(found.T):
        support = np.flatnonzero(column)
        codes[support, j] = np.linalg.lstsq(product[:, support], signals[:, j])[0]
    return codes


def observed(deep: DeepDictionary, eps: float, sigmas: tuple[float, float, float]) -> tuple[float, float, float]:
    """Return the largest errors of the three networks on random codes; `sigmas` are what thresholds allow for noise."""
    deepest, first, second = sigmas
    codes, signals = draw(deep, eps, np.random.default_rng(0))
    product = deep.product(0, 2)
    whole = Unrolled(product, 1, 1.0).run(signals, deepest)
    middle = Unrolled(deep.dictionaries[0], 2, 1.0).run(signals, first)
    layered = Unrolled(deep.dictionaries[1], 1, 1.0).run(middle, second)
    refitted = least_squares(product.real, signals, layered)
    return largest(whole - codes), largest(layered - codes), largest(refitted - codes)


def upper(value: object) -> float:
    """Return a float no smaller, but for its rounding, than an exact or enclosed number."""
    return float(getattr(value, "upper", value))


def main() -> None:
    """Compare proved and observed errors while the noise grows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", help="write a picture here")
    output = parser.parse_args().output
    rows: list[tuple[float, ...]] = []
    print("     eps   proved: deepest   layers    refit   observed: deepest   layers    refit")
    for eps in TOLERANCES:
        deep = chain(eps)
        whole, layers = deepest_first(deep, MEMBERS, steps=STEPS), layer_by_layer(deep, MEMBERS, steps=STEPS)
        proved = [upper(whole["error"]), upper(layers["error_l2"][-1])]
        try:
            proved.append(upper(refit(deep, MEMBERS, entries_error(layers))["error"]))
        except InputError:  # the network may err by more than the smallest entry, so the support may be wrong
            proved.append(np.inf)
        seen = observed(deep, float(eps), (upper(whole["sigma"]), *map(upper, layers["sigma"])))
        rows.append((float(eps), *proved, *seen))
        shown = "".join(f"{value:9.1e}" if np.isfinite(value) else "     none" for value in proved)
        print(f"{float(eps):8.0e}          {shown}            " + "".join(f"{value:9.1e}" for value in seen))
        assert all(a <= b for a, b in zip(seen, proved, strict=True))
        if np.isfinite(proved[2]):
            assert proved[2] < proved[0] / 3 < proved[1] / 3
    if output:
        picture(rows, output)


def picture(rows: list[tuple[float, ...]], output: str) -> None:
    """Draw proved bounds as lines and observed errors as dots, over the noise."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "why-refit"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    columns = list(zip(*rows, strict=True))
    for at, (name, colour) in enumerate(
        (("deepest first", "#4477aa"), ("layer by layer", "#cc6677"), ("refit", "#117733"))
    ):
        axes.loglog(columns[0], columns[1 + at], color=colour, label=f"{name}, proved")
        axes.loglog(columns[0], columns[4 + at], "o", color=colour, label=f"{name}, observed, not proved")
    axes.set(xlabel="model error eps in each layer", ylabel="error of the deepest code, Euclidean norm")
    axes.legend(fontsize=8)
    figure.savefig(output, metadata={"Date": None})


if __name__ == "__main__":
    main()
