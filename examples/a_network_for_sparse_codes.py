"""From a dictionary to a torch module in three lines: how close do its codes come, and how close must they?"""

import torch

import verify


def main() -> None:
    """Build a network, run it on codes at the level, compare with the planned bound."""
    hadamard = verify.load("builtin:identity-hadamard:64").real
    dictionary = verify.Dictionary.from_array(hadamard / (hadamard**2).sum(axis=0) ** 0.5)
    built = verify.build_unrolled(dictionary, sparsity=4, bound=1, noise="1e-3", layers=24, weights="dictionary")
    module = built.network.to_torch()

    generator = torch.Generator().manual_seed(0)
    codes = torch.zeros(1000, 128)
    for row in codes:
        row[torch.randperm(128, generator=generator)[:4]] = 1.0
    codes *= torch.randint(0, 2, codes.shape, generator=generator) * 2 - 1
    noise = torch.randn(1000, 64, generator=generator)
    signals = codes @ torch.tensor(dictionary.real, dtype=torch.float32).T + 0.999e-3 * torch.nn.functional.normalize(
        noise
    )

    with torch.no_grad():
        errors = [float((x - codes).abs().max()) for x in module.layers_of(signals)]
    for at in (0, 7, 15, 23):
        print(f"layer {at + 1:2}: error {errors[at]:.5f}, planned bound {built.plan.linf[at]:.5f}")
    print(f"q = {built.rate}, {built.network.counts.units} units")
    assert all(error <= bound for error, bound in zip(errors, built.plan.linf, strict=True))
    assert built.plan.linf[-1] < 0.1


if __name__ == "__main__":
    main()
