"""How does one learn a dictionary that is both useful and certifiable? The atoms of `builtin:digits`.

This script made `verify/dictionaries/data/digits.npy`, the dictionary behind `builtin:digits`: 128 atoms for 8 x 8
images, a 64 x 128 matrix of float32 whose columns are the atoms (unit norm up to rounding), pixels row by row.

The images are the 1797 handwritten digits that come with scikit-learn, the test set of UCI's Optical Recognition of
Handwritten Digits (E. Alpaydin and C. Kaynak); nothing is downloaded. Each image loses its mean and is scaled to unit
norm, so every atom has mean zero as well. From a fixed seed, each round does three things:

1. codes every image with at most 5 atoms by orthogonal matching pursuit;
2. updates the atoms one after another by the rank-one step of K-SVD, and replaces an atom that hardly any image uses
   by the image that is coded worst;
3. moves the atoms towards incoherence: damped gradient steps on the sum, over pairs of atoms, of the squared excess
   of their |cosine| over a target of 0.3. Without this step a learned dictionary has near-duplicates, and coherence
   0.9 guarantees something about codes with one atom only; below 1/3 it does so for codes with two.

Every round ends with step 3, and the result is rounded to float32. Coherence is bought with coding error, on purpose;
both are printed.

Run it (some seconds), and look at an atom:

    python examples/learn_digits_dictionary.py -o digits.npy --show 5

    import numpy as np, matplotlib.pyplot as plt
    plt.imshow(np.load("digits.npy")[:, 5].reshape(8, 8), cmap="gray"); plt.show()

Floating-point sums may differ in the last digits between machines, and so may the learned atoms; the shipped file is
what is measured and certified.
"""

from __future__ import annotations

import argparse
import io

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from verify.files import write_atomically

Array = NDArray[np.float64]

ATOMS = 128
NONZEROS = 5
ROUNDS = 40
TARGET = 0.3
SEED = 8


def main() -> None:
    """Learn, print what came out, and write the file."""
    parser = argparse.ArgumentParser(description="Learn 128 atoms for 8 x 8 images of digits.")
    parser.add_argument("-o", "--output", metavar="PATH", help="write the atoms as .npy (default: only print)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of learning (default: %(default)s)")
    parser.add_argument("--show", type=int, metavar="ATOM", help="print one atom as 8 x 8 characters")
    options = parser.parse_args()
    images = centred_images()
    atoms = learn(images, options.rounds).astype(np.float32)
    stored = atoms.astype(np.float64)
    for nonzeros in (2, 4, 6, 8):
        error = np.linalg.norm(images - stored @ pursue(stored, images, nonzeros), axis=0)
        print(f"{nonzeros} atoms: mean relative error {error.mean():.4f}, worst {error.max():.4f}")
    norms = np.linalg.norm(stored, axis=0)
    print(f"mutual coherence {coherence(stored / norms):.6f}, norms in [{norms.min():.7f}, {norms.max():.7f}]")
    if options.show is not None:
        print(drawn(stored[:, options.show]))
    if options.output:
        buffer = io.BytesIO()
        np.save(buffer, atoms, allow_pickle=False)
        write_atomically(options.output, buffer.getvalue())
        print(f"written to {options.output}")


def centred_images() -> Array:
    """Return the images as columns, shape (64, 1797): mean zero, unit norm."""
    images = np.asarray(load_digits(return_X_y=True)[0], dtype=np.float64).T / 16.0
    images -= images.mean(axis=0)
    return images / np.linalg.norm(images, axis=0)


def learn(images: Array, rounds: int) -> Array:
    """Return 128 unit atoms of mean zero, shape (64, 128)."""
    random = np.random.default_rng(SEED)
    atoms = images[:, random.choice(images.shape[1], ATOMS, replace=False)].copy()
    for _ in range(rounds):
        codes = pursue(atoms, images, NONZEROS)
        atoms = updated(atoms, codes, images)
        atoms = spread(atoms, steps=200)
    signs = np.sign(atoms.sum(axis=0, where=np.abs(atoms) == np.abs(atoms).max(axis=0)))
    return atoms * signs


def pursue(atoms: Array, signals: Array, nonzeros: int) -> Array:
    """Return codes of all signals by orthogonal matching pursuit, shape (atoms, signals); atoms have unit norm."""
    gram, correlations = atoms.T @ atoms, atoms.T @ signals
    count = signals.shape[1]
    each = np.arange(count)
    supports = np.zeros((count, 0), dtype=np.int64)
    values = np.zeros((count, 0))
    remaining = correlations
    for _ in range(nonzeros):
        free = np.abs(remaining)
        free[supports.T, each] = -1.0
        supports = np.hstack([supports, free.argmax(axis=0)[:, None]])
        system = gram[supports[:, :, None], supports[:, None, :]] + 1e-12 * np.eye(supports.shape[1])
        values = np.linalg.solve(system, correlations[supports, each[:, None]][:, :, None])[:, :, 0]
        codes = np.zeros((atoms.shape[1], count))
        codes[supports.T, each] = values.T
        remaining = correlations - gram @ codes
    return codes


def updated(atoms: Array, codes: Array, images: Array) -> Array:
    """Return the atoms after one K-SVD sweep (one power step each), rarely used ones replaced by bad images."""
    atoms = atoms.copy()
    residual = images - atoms @ codes
    for i in range(ATOMS):
        users = np.flatnonzero(codes[i])
        if len(users) < 4:
            worst = int(np.linalg.norm(residual, axis=0).argmax())
            atoms[:, i] = images[:, worst]
            residual[:, worst] = 0.0
            continue
        own = residual[:, users] + np.outer(atoms[:, i], codes[i, users])
        direction = own @ codes[i, users]
        atoms[:, i] = direction / np.linalg.norm(direction)
        codes[i, users] = atoms[:, i] @ own
        residual[:, users] = own - np.outer(atoms[:, i], codes[i, users])
    return atoms


def spread(atoms: Array, steps: int) -> Array:
    """Return the atoms after gradient steps on the sum over pairs of the squared excess of |cosine| over the target."""
    for _ in range(steps):
        gram = atoms.T @ atoms
        np.fill_diagonal(gram, 0.0)
        excess = np.sign(gram) * np.maximum(np.abs(gram) - TARGET, 0.0)
        atoms = atoms - 0.5 * atoms @ excess / max(1.0, np.abs(excess).sum(axis=0).max())
        atoms -= atoms.mean(axis=0)
        atoms /= np.linalg.norm(atoms, axis=0)
    return atoms


def coherence(atoms: Array) -> float:
    """Return the estimated mutual coherence of unit atoms: a float, not a certified number."""
    gram = np.abs(atoms.T @ atoms)
    np.fill_diagonal(gram, 0.0)
    return float(gram.max())


def drawn(atom: Array) -> str:
    """Return an atom as 8 lines of 8 characters, two wide, dark to light."""
    shades = " .:-=+*#%@"
    levels = (atom - atom.min()) / (atom.max() - atom.min()) * (len(shades) - 1)
    return "\n".join("".join(2 * shades[round(level)] for level in row) for row in levels.reshape(8, 8))


if __name__ == "__main__":
    main()
