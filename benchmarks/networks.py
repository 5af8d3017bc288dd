"""A network's forward pass beside the loop one would type in torch, on the same device, interleaved, as ratios.

    python benchmarks/networks.py                       # 250 x 500, batch 4096, 16 layers, float32, on the CPU
    python benchmarks/networks.py --device cuda --threads 16
    python benchmarks/networks.py --shape 64 512        # where the other factoring is cheaper

The loop is x = soft(x + (y - x @ D.T) @ W) with soft = sign(v) relu(|v| - t), one threshold per atom and layer. All run
without gradients, after one run that does not count; the best of the repeats counts.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch

from verify.dictionaries.dictionary import Dictionary
from verify.networks.build import build_unrolled
from verify.networks.unrolled import UnrolledNetwork


def networks(m: int, n: int, layers: int) -> dict[str, UnrolledNetwork]:
    atoms = np.random.default_rng(0).standard_normal((m, n))
    dictionary = Dictionary.from_array((atoms / np.linalg.norm(atoms, axis=0)).astype(np.float32))
    wishes = {"sparsity": 1, "bound": 1, "noise": "1e-3", "layers": layers, "weights": "dictionary"}
    forms = ("auto", "state", "residual")
    return {form: build_unrolled(dictionary, form=form, **wishes).network for form in forms}


def loop(residual: UnrolledNetwork, device: str) -> Callable[[torch.Tensor], torch.Tensor]:
    """What one would type."""
    parts = residual.layers[0].parts
    W, D = (torch.from_numpy(np.array(parts[name])).to(device) for name in ("analysis", "synthesis"))
    thresholds = [torch.from_numpy(np.array(layer.threshold)).to(device) for layer in residual.layers]

    def soft(v: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return torch.sign(v) * torch.relu(torch.abs(v) - t)

    def run(y: torch.Tensor) -> torch.Tensor:
        x = torch.zeros(len(y), D.shape[1], device=device)
        for t in thresholds:
            x = soft(x + (y - x @ D.T) @ W, t)
        return x

    return run


def seconds(work: Callable[[torch.Tensor], torch.Tensor], y: torch.Tensor, clock: Callable[[], float]) -> float:
    if y.device.type == "cuda":
        torch.cuda.synchronize()
    start = clock()
    work(y)
    if y.device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", nargs=2, type=int, default=(250, 500))
    parser.add_argument("--batch", type=int, default=4096)
    parser.add_argument("--layers", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--processor-time", action="store_true", help="seconds of the processor, on a busy machine")
    parser.add_argument("--compile", action="store_true", help="also the module and the loop under torch.compile")
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    m, n = given.shape
    made = networks(m, n, given.layers)
    works = {"the loop": loop(made["residual"], given.device)}
    works |= {f"the module, {form}": network.to_torch().to(given.device) for form, network in made.items()}
    if given.compile:
        works |= {f"{name}, compiled": torch.compile(work) for name, work in works.items()}
    y = torch.randn(given.batch, m, generator=torch.Generator().manual_seed(0)).to(given.device)
    times: dict[str, list[float]] = {name: [] for name in works}
    clock = time.process_time if given.processor_time else time.perf_counter
    with torch.no_grad():
        for repeat in range(given.repeats + 1):
            for name, work in works.items():
                taken = seconds(work, y, clock)
                times[name] += [taken] if repeat else []
    best = {name: min(taken) for name, taken in times.items()}
    print(f"{m} x {n}, batch {given.batch}, {given.layers} layers, {given.device}, {torch.get_num_threads()} threads")
    for name, taken in best.items():
        print(f"{name:32} {taken:8.4f} s  {taken / best['the loop']:6.2f}")


if __name__ == "__main__":
    main()
