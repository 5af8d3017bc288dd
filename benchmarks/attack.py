"""Attacks on lista-linf beside the loop one would type in numpy, one instance at a time, in one run: their rates.

    python benchmarks/attack.py                    # 100 000 instances, 64 x 128, 30 layers
    python benchmarks/attack.py --instances 20000 --device cuda

Both draw random dictionaries, codes and noise of the same kinds, run 30 layers, and keep the largest ratio of error and
bound. The attack also climbs from the best instances and decides the last ones in exact arithmetic; all of that is
in its time, but not the import of torch. The loop uses 2000 instances, at most; its rate is extrapolated.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from verify.arrays import torch_module
from verify.attack import Trial, attack
from verify.attack.experiments import unrolled_instances
from verify.attack.experiments.unrolled_network import UnrolledNetwork
from verify.theorems import theorem

M, N, LAYERS = 64, 128, 30
LOOP = 2000
SHARING = 1000


def loop(count: int, seed: int) -> float:
    """What people type: one instance after another, a new dictionary for every 1000, and the largest ratio."""
    random = np.random.default_rng(seed)
    worst = 0.0
    D = W = np.zeros((M, N))
    mu = 0.0
    for at in range(count):
        if at % SHARING == 0:
            D, W, mu = unrolled_instances.dictionary(random, M, N)
            W = W / (W * D).sum(axis=0)
        (code,) = unrolled_instances.codes(random, 1, N, mu)
        (noise,) = unrolled_instances.noise(random, D, code[None])
        s, a, sigma = np.count_nonzero(code), np.abs(code).max(), np.abs(W.T @ noise).max()
        if (2 * s - 1) * mu >= 1:
            continue
        y = D @ code + noise
        x = np.zeros(N)
        for _ in range(LAYERS):
            u = x + W.T @ (y - D @ x)
            t = s * mu * a + sigma
            x = np.sign(u) * np.maximum(np.abs(u) - t, 0)
            a = (2 * s - 1) * mu * a + 2 * sigma
        worst = max(worst, np.abs(x - code).max() / a)
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instances", type=int, default=100_000)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    torch = torch_module()
    torch.zeros(1, device=asked.device)
    trial = Trial(statement=theorem("lista-linf"), experiment=UnrolledNetwork(shapes=((M, N),), layers=LAYERS))
    attack(trial, instances=100, seed=asked.seed, device=asked.device)

    start, used = time.perf_counter(), time.process_time()
    outcome = attack(trial, instances=asked.instances, seed=asked.seed, device=asked.device)
    ours, used = 60 * outcome.instances / (time.perf_counter() - start), time.process_time() - used
    start, spent, count = time.perf_counter(), time.process_time(), min(LOOP, asked.instances)
    ratio = loop(count, asked.seed)
    theirs, spent = 60 * count / (time.perf_counter() - start), time.process_time() - spent

    print(f"{M} x {N}, {LAYERS} layers, torch {torch.__version__} on {asked.device}")
    print(f"attack      {ours:12,.0f} instances a minute, exact ratio {float(outcome.max_ratio or 0):.12f}")
    print(f"numpy loop  {theirs:12,.0f} instances a minute, float ratio {ratio:.12f}")
    rates = 60 * outcome.instances / used, 60 * count / spent
    print(f"in a minute of a processor: {rates[0]:,.0f} and {rates[1]:,.0f}, ratio {rates[0] / rates[1]:.1f}")
    print(f"ratio       {ours / theirs:12.1f}")


if __name__ == "__main__":
    main()
