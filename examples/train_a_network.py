"""What is a trained network guaranteed, beside a built one, and which training earns a guarantee?

    python examples/train_a_network.py
    python examples/train_a_network.py --dictionary D.npy --sparsity 6 --layers 16 --weights generalized --train ALISTA

All networks start from the built one. LISTA and LISTA-CP, with weights and thresholds of their own in every layer, are
trained on the error of random codes alone; of ALISTA, whose weights stay as built, the thresholds are, on that error
and on the bound of the class. With -o their tensors are kept, for `verify import-network` and `verify
certify-network`.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

import verify

Tensor = torch.Tensor
KINDS = ("ALISTA", "LISTA", "LISTA-CP")
torch.set_num_threads(1)  # so small that threads only wait for each other


class Lista(torch.nn.Module):
    """x+ = T_t(M x + V y), or with `weights` x+ = T_t(x + W^T (y - D x)); for ALISTA W is shared, as built."""

    def __init__(self, built: verify.UnrolledNetwork, atoms: Tensor, kind: str) -> None:
        super().__init__()
        self.atoms, self.layers = atoms, torch.nn.ModuleList()
        self.weights = torch.tensor(np.array(built.layers[0].parts["analysis"])) if kind == "ALISTA" else None
        for at, layer in enumerate(built.layers):
            analysis = torch.tensor(np.array(layer.parts["analysis"]))
            tensors = {"threshold": torch.tensor(np.array(layer.threshold))}
            if kind == "LISTA-CP":
                tensors["weights"] = analysis
            elif kind == "LISTA":
                tensors["signal"] = analysis.T.contiguous()
                if at:
                    tensors["state"] = torch.eye(atoms.shape[1]) - analysis.T @ atoms
            self.layers.append(torch.nn.ParameterDict(tensors))

    def forward(self, y: Tensor) -> Tensor:
        """Return the codes of signals, one a row."""
        x = torch.zeros(len(y), self.atoms.shape[1])
        for layer in self.tensors():
            if "weights" in layer:
                v = x + (y - x @ self.atoms.T) @ layer["weights"]
            else:
                v = y @ layer["signal"].T + (x @ layer["state"].T if "state" in layer else 0)
            x = torch.relu(v - layer["threshold"]) - torch.relu(-v - layer["threshold"])
        return x

    def tensors(self) -> list[dict[str, Tensor]]:
        """Return the tensors of every layer by the names of docs/networks.md."""
        shared = {} if self.weights is None else {"weights": self.weights}
        return [shared | dict(layer.items()) for layer in self.layers]


class Codes:
    """Random codes of the class with their noisy signals."""

    def __init__(self, atoms: Tensor, sparsity: int, noise: float) -> None:
        self.atoms, self.sparsity, self.noise = atoms, sparsity, noise
        self.generator = torch.Generator().manual_seed(0)

    def draw(self, count: int) -> tuple[Tensor, Tensor]:
        """Return codes and their signals, one a row."""
        m, n = self.atoms.shape
        places = torch.rand(count, n, generator=self.generator).topk(self.sparsity).indices
        values = 2 * torch.rand(count, self.sparsity, generator=self.generator) - 1
        codes = torch.zeros(count, n).scatter_(1, places, values)
        noise = torch.nn.functional.normalize(torch.randn(count, m, generator=self.generator))
        return codes, codes @ self.atoms.T + 0.999 * self.noise * noise


def trained(model: Lista, codes: Codes, steps: int, rate: float, *, guarded: bool) -> Lista:
    """Train on the mean squared error; guarded, on that and on the bound of the class, each as a share of its start."""
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    start: list[Tensor] = []
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = rate * (1 - step / steps)
        x, y = codes.draw(128)
        parts = [((model(y) - x) ** 2).sum(dim=1).mean()]
        if guarded:
            class_ = {"sparsity": codes.sparsity, "bound": 1.0, "noise": codes.noise}
            parts.append(verify.training_bound(model.tensors(), model.atoms, **class_))
        start = start or [part.detach() for part in parts]
        optimizer.zero_grad()
        sum(part / first for part, first in zip(parts, start, strict=True)).backward()
        optimizer.step()
        with torch.no_grad():
            for layer in model.layers:
                layer["threshold"].clamp_(min=0)
    return model


def imported(model: Lista, folder: Path, name: str, dictionary: verify.Dictionary) -> verify.UnrolledNetwork:
    """Write the tensors by the names of docs/networks.md, and take them from the file as `import-network` does."""
    tensors = {name: value.detach().clone() for name, value in model.named_parameters()}
    if model.weights is not None:
        tensors["weights"] = model.weights
    path = folder / f"{name}.tensors.safetensors"
    path.write_bytes(safetensors.torch.save(tensors))
    network = verify.load_outside(path, dictionary)
    verify.save_network(network, folder / f"{name}.safetensors")
    return network


def line(name: str, network: verify.UnrolledNetwork, dictionary: verify.Dictionary, codes: Codes) -> float | None:
    """Print what a network does on random codes and what it promises at the level; return the bound proved."""
    x, y = codes.draw(2000)
    with torch.no_grad():
        typical = float((network.to_torch()(y) - x).abs().amax(dim=1).median())
    wanted = {"bound": 1, "noise": f"{codes.noise}"}
    result = verify.certify_network(network, dictionary, sparsity=codes.sparsity, **wanted)
    seen = result.observe(trials=128).linf
    found = result.promise
    if found.broken is None:
        print(f"{name:12} {typical:9.4f} {seen:9.4f} {found.bounds.linf:9.4f}  level {codes.sparsity}")
        return found.bounds.linf
    most = verify.certify_network(network, dictionary, **wanted).promise
    reach = f"level {most.codes.sparsity}: {most.bounds.linf:.4f}" if most.broken is None else "no level"
    print(f"{name:12} {typical:9.4f} {seen:9.4f}   nothing  layer {found.broken} breaks it; {reach}")
    return None


def main() -> None:
    """Build, train, certify all networks, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dictionary", metavar="SOURCE")
    parser.add_argument("--sparsity", type=int, default=2)
    parser.add_argument("--noise", type=float, default=1e-3)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--weights", default="dictionary")
    parser.add_argument("--train", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("-o", dest="folder", type=Path)
    given = parser.parse_args()
    if given.dictionary:
        dictionary = verify.load(given.dictionary)
    else:
        hadamard = verify.load("builtin:identity-hadamard:16").real
        dictionary = verify.Dictionary.from_array(hadamard / (hadamard**2).sum(axis=0) ** 0.5)
    atoms = torch.tensor(np.asarray(dictionary.real), dtype=torch.float32)
    codes = Codes(atoms, given.sparsity, given.noise)
    built = verify.build_unrolled(
        dictionary, sparsity=given.sparsity, bound=1, noise=f"{given.noise}", layers=given.layers,
        weights=given.weights, form="residual",
    ).network  # fmt: skip

    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(exist_ok=True)
        verify.save_network(built, folder / "built.safetensors")
        print(f"{'':12}   typical     worst     bound")
        proved = {"built": line("built", built, dictionary, codes)}
        for kind in given.train:
            start = time.time()
            model = trained(Lista(built, atoms, kind), codes, given.steps, given.rate, guarded=kind == "ALISTA")
            seconds = time.time() - start
            network = imported(model, folder, kind.lower(), dictionary)
            proved[kind] = line(kind, network, dictionary, codes)
            if given.dictionary:
                print(f"    {given.steps} steps in {seconds:.0f} s", flush=True)
    if "ALISTA" in proved:
        assert proved["built"] is not None
        assert proved["ALISTA"] is not None
        assert proved["ALISTA"] < proved["built"]


if __name__ == "__main__":
    main()
