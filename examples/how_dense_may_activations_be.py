"""How dense may a code be so that one forward pass still finds its support, and what happens as signals grow?

Identity and Hadamard matrix, n = 2m: the level of the worst case grows like sqrt(m), so the share s/n of active atoms
falls; for random signs it may stay nearly constant (Murray, Tanner 2018). All nonzeros have one modulus, the threshold
is half of it. Both bounds are proved; dots are observed, with exact Clopper-Pearson intervals.
"""

from __future__ import annotations

import argparse
from fractions import Fraction

import numpy as np

import verify
from verify.problems.recovery.clopper_pearson import clopper_pearson
from verify.theorems.language.values import root

MISSED = Fraction(1, 10)
CONFIDENCE = Fraction(95, 100)


def transformed(rows: np.ndarray) -> np.ndarray:
    """Return the rows times the normalised Hadamard matrix, by the fast transform."""
    count, m = rows.shape
    step = 1
    while step < m:
        parts = rows.reshape(count, m // (2 * step), 2, step)
        rows = np.stack([parts[:, :, 0] + parts[:, :, 1], parts[:, :, 0] - parts[:, :, 1]], axis=2).reshape(count, m)
        step *= 2
    return rows / np.sqrt(m)


def found(m: int, s: int, trials: int, random: np.random.Generator) -> int:
    """Return for how many of so many random codes thresholding D^T D x at 1/2 finds the support; in floats."""
    total = 0
    for start in range(0, trials, 50):
        count = min(50, trials - start)
        x = np.zeros((count, 2 * m))
        for row in x:
            row[random.permutation(2 * m)[:s]] = random.choice((-1.0, 1.0), s)
        y = x[:, :m] + transformed(x[:, m:])
        v = np.concatenate([y, transformed(y)], axis=1)
        total += int(((np.abs(v) > 0.5) == (x != 0)).all(axis=1).sum())
    return total


def guaranteed(m: int) -> int:
    """Return the greatest s at which 1/2 finds every support, by thresholding-support; mu^2 = 1/m."""
    values = {"mu": root(Fraction(1, m)), "x_min": Fraction(1), "x_max": Fraction(1), "eps": Fraction(0)}
    return greatest(m, lambda s: verify.theorem("thresholding-support").apply(values | {"s": s, "b": Fraction(1, 2)}))


def typical(m: int) -> int:
    """Return the greatest s at which random signs are missed with probability <= MISSED; mu_2(s)^2 = s/m."""

    def holds(s: Fraction) -> None:
        values = {"n": Fraction(2 * m), "s": s, "x_min": Fraction(1), "x_max": Fraction(1), "eps": Fraction(0)}
        values |= {"mu_2": root(s / m), "mu_2_before": root(max(s - 1, Fraction(1)) / m)}
        probability = verify.theorem("thresholding-typical").apply(values)["probability"]
        if getattr(probability, "upper", probability) > MISSED:
            raise verify.InputError("too likely to be missed")

    return greatest(m, holds)


def greatest(m: int, holds) -> int:
    """Return the greatest s up to m at which a monotone statement holds, 0 if none."""
    low, high = 0, m
    while high - low > 1:
        middle = (low + high) // 2
        try:
            holds(Fraction(middle))
        except verify.InputError:
            high = middle
        else:
            low = middle
    return low


def observed(m: int, least: int, trials: int, random: np.random.Generator) -> tuple[int, int]:
    """Return the last s surely, and the first surely not, found with probability 1 - MISSED, by intervals."""
    good, bad, s = 0, m, max(1, least)
    while s < m:
        count = found(m, s, trials, random)
        interval = clopper_pearson(count, trials - count, trials, CONFIDENCE)
        if interval.lower >= 1 - MISSED:
            good = s
        if interval.upper < 1 - MISSED:
            bad = s
            break
        s = max(s + 1, int(s * 1.15))
    return good, bad


def main() -> None:
    """Print and perhaps draw the three densities over the size of the signal."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", help="write a picture here")
    parser.add_argument("--largest", type=int, default=8, help="sizes up to m = 2^LARGEST")
    parser.add_argument("--trials", type=int, default=100)
    options = parser.parse_args()
    rows, random = [], np.random.default_rng(0)
    print("     m      n   s guaranteed   s typical   s observed       density s/n: guaranteed   typical   observed")
    for power in range(4, options.largest + 1):
        m = 2**power
        worst, likely = guaranteed(m), typical(m)
        good, bad = observed(m, worst, options.trials, random)
        rows.append((m, worst / (2 * m), likely / (2 * m), good / (2 * m), bad / (2 * m)))
        shares = "".join(f"{share:10.4f}" for share in rows[-1][1:3]) + f" {rows[-1][3]:.4f} to {rows[-1][4]:.4f}"
        print(f"{m:6} {2 * m:6} {worst:14} {likely:11} {good:6} to {bad:<6}      {shares}")
        assert max(worst, likely) <= bad
        assert worst < np.sqrt(m) / 2 + 1
    if options.output:
        picture(rows, options.output)


def picture(rows: list[tuple[float, ...]], output: str) -> None:
    """Draw proved bounds as lines and what is observed as intervals, over the size of the signal."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "how-dense"
    import matplotlib.pyplot as plt

    m, worst, likely, good, bad = (np.array(column) for column in zip(*rows, strict=True))
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    axes.loglog(m[worst > 0], worst[worst > 0], color="#117733", label="every code, proved")
    axes.loglog(m[likely > 0], likely[likely > 0], color="#cc6677", label="random signs, 90 %, proved")
    axes.vlines(
        m, np.maximum(good, 1e-4), bad, color="#4477aa", linewidth=4, alpha=0.7, label="random codes, 90 %, observed"
    )
    axes.set(xlabel="signal size m (n = 2m atoms)", ylabel="density s/n of nonzeros that one forward pass finds")
    axes.legend(fontsize=8)
    figure.savefig(output, metadata={"Date": None})


if __name__ == "__main__":
    main()
