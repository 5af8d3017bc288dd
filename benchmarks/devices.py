"""The same stored networks on two devices: the errors seen on each beside the proved bound, and what a pass takes.

    python benchmarks/devices.py FILE                   # FILE: an .npy dictionary, for instance the 250 x 500 of ALISTA
    python benchmarks/devices.py FILE --devices cpu     # without a GPU

Networks of 16 layers, built, certified and checked on the CPU in the arithmetics ieee (float32 and float64), tf32 and
bf16, at the level asked for, then tried on 4096 codes and driven uphill by gradients on every device; a CNN of 10
layers on images with many nonzeros in the same way. `beyond` is the greatest error seen as a part of the bound. Where
an arithmetic promises nothing at that level, the next lower level that it promises something at is taken.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import torch

import verify
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError
from verify.networks.convolutional.build import build_convolutional
from verify.networks.convolutional.general_construction import SequenceCNN
from verify.networks.weights import GENERALIZED, network_weights
from verify.progress import silent

ARITHMETICS = [("float32", "ieee"), ("float64", "ieee"), ("float32", "tf32"), ("float32", "bf16")]


def dense(dictionary: verify.Dictionary, level: int, devices: list[str], trials: int) -> None:
    """One line for each arithmetic: the bound, and what is seen on every device."""
    weights = network_weights(dictionary, GENERALIZED, silent)
    print("| type | arithmetic | nonzeros | proved | " + " | ".join(f"seen, {d} | of it" for d in devices) + " |")
    for dtype, arithmetic in ARITHMETICS:
        result = None
        for s in range(level, 0, -1):
            try:
                built = verify.build_unrolled(
                    dictionary,
                    sparsity=s,
                    bound=1,
                    noise="1e-3",
                    layers=16,
                    dtype=dtype,
                    arithmetic=arithmetic,
                    weights=weights,
                )
            except InputError:
                continue
            result = verify.certify_network(
                built.network, dictionary, sparsity=s, bound=1, noise="1e-3", arithmetic=arithmetic
            )
            break
        if result is None or result.claim is None:
            print(f"| {dtype} | {arithmetic} | | nothing | |")
            continue
        bound = result.promise.bounds.linf
        cells = [f"{dtype}", arithmetic, str(result.promise.codes.sparsity), f"{bound:.6f}"]
        for device in devices:
            seen = result.observe(trials=trials, device=device).linf
            cells += [f"{seen:.6f}", f"{seen / bound:.3f}"]
        print("| " + " | ".join(cells) + " |", flush=True)


def difference(devices: list[str]) -> None:
    """How far the same float32 module is from itself in float64 on each device: dense, general construction, CNN."""
    dictionary = verify.load("builtin:identity-hadamard:16")
    built = verify.build_unrolled(dictionary, sparsity=1, bound=1, noise="1e-3", layers=8)
    rows = torch.randn(512, 16, generator=torch.Generator().manual_seed(0))
    F = np.random.default_rng(7).standard_normal((32, 3, 5, 5)) / 200
    for c in range(32):
        F[c, c % 3, c % 5, c // 7] += 1
    filters = ConvolutionalDictionary.of(F.astype(np.float32), stride=(5, 5), boundary="full")
    cnn = build_convolutional(filters, sparsity=1, bound=1, noise="1/100", layers=10, weights="dictionary").network
    images = torch.randn(2, 3, 255, 255, generator=torch.Generator().manual_seed(1))
    modules = {
        "dense": (built.network.to_torch(), rows),
        "dense as a CNN with kernels of 3": (SequenceCNN.of(built.network, 3).to_torch(), rows),
        "convolutional": (cnn.to_torch(), images),
        "convolutional, fast (cuDNN as it is)": (cnn.to_torch(), images),
    }
    wide = {"dense": built.network.to_torch().double(), "convolutional": cnn.to_torch().double()}
    print("| module | " + " | ".join(f"{d}: error, seconds" for d in devices) + " |")
    with torch.no_grad():
        for name, (module, y) in modules.items():
            module.fast = "fast" in name
            exact = wide[name.split(",")[0].split(" ")[0]](y.double())
            cells = []
            for device in devices:
                moved, there = module.to(device), y.to(device)
                found = moved(there)
                error = float((found.double().cpu() - exact).abs().max() / exact.abs().max())
                start = time.perf_counter()
                for _ in range(5):
                    moved(there)
                if device.startswith("cuda"):
                    torch.cuda.synchronize()
                cells.append(f"{error:.1e}, {(time.perf_counter() - start) / 5:.4f}")
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--level", type=int, default=6)
    parser.add_argument("--trials", type=int, default=4096)
    parser.add_argument("--devices", nargs="+", default=["cpu", "cuda"])
    given = parser.parse_args()
    for device in given.devices:
        name = torch.cuda.get_device_name() if device.startswith("cuda") else f"{torch.get_num_threads()} threads"
        print(f"{device}: {name}, torch {torch.__version__}")
    difference(given.devices)
    dense(verify.load(given.file), given.level, given.devices, given.trials)


if __name__ == "__main__":
    main()
