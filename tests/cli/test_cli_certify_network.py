"""`verify certify-network` and `check-certificate --network`: what they print and write, refuse, and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import torch

from certificates import Accepted
from verify import cli
from verify.certify.network import certify_network
from verify.cli import main
from verify.cli.network_output import accepted_network_report
from verify.dictionaries.sources import load
from verify.errors import InputError
from verify.networks.stored import load_network, save_network
from verify.networks.unrolled import Code, DType, ResidualLayer, UnrolledNetwork

torch.set_num_threads(1)  # so small that threads only wait for each other
SCHEMA = json.loads((Path(cli.__file__).parent.parent / "report/certify-network.schema.json").read_text())
ATOMS = np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.save(tmp_path / "D.npy", ATOMS)
    np.save(tmp_path / "other.npy", 2 * ATOMS)
    np.save(tmp_path / "small.npy", ATOMS[:, :7])
    atoms = ATOMS.astype(np.float32)
    layers = tuple(
        ResidualLayer(analysis=atoms, synthesis=atoms, threshold=np.full(8, 0.5 ** (at + 1) + 1e-4, dtype=np.float32))
        for at in range(3)
    )
    for name, used in (("net", layers), ("bad", (layers[2],) * 3)):
        network = UnrolledNetwork(
            code=Code.signed,
            dtype=DType.float32,
            shape=(4, 8),
            layers=used,
            dictionary_sha256="75" * 32 if name == "bad" else None,
        )
        save_network(network, tmp_path / f"{name}.safetensors")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def certify(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: object, network: str = "net.safetensors"):
    return run(
        capsys, "certify-network", folder / network, "--dictionary", folder / "D.npy", "--trials", 16, *arguments
    )


def test_a_network_is_certified_and_the_certificate_checks(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    reports = [option for name in ("r.html", "r.md", "r.json") for option in ("--report", folder / name)]
    certificate = folder / "c.json"
    code, out, err = certify(capsys, folder, "--sparsity", 1, "--certificate", certificate, *reports)
    assert (code, err) == (0, "")
    for text in ("Proved: every code of the class", "Observed: the greatest error seen", "layer", "To check it"):
        assert text in out
    found = json.loads((folder / "r.json").read_text())
    jsonschema.validate(found, SCHEMA)
    assert found["class"] == {"sparsity": 1, "bound": "1", "noise": "0", "arithmetic": "ieee", "searched": False}
    assert found["status"] == "checked"
    assert found["promises"] is True
    assert 0.9 < found["observed"]["ratio"] <= 1
    assert len(found["per_layer"]) == 3
    assert found["certificate"] == str(certificate)
    assert "<svg" in (folder / "r.html").read_text()
    assert "| layer | bound on |" in (folder / "r.md").read_text()
    subjects = ("--dictionary", folder / "D.npy", "--network", folder / "net.safetensors")
    code, out, err = run(capsys, "check-certificate", certificate, *subjects)
    assert (code, err) == (0, "")
    assert out.startswith("accepted\n  network-error: arithmetic ieee")
    code, out, _ = run(capsys, "check-certificate", certificate, *subjects[:2], "--network", folder / "bad.safetensors")
    assert code == 4
    assert "it is about another network" in out


def test_a_report_from_a_certificate_of_a_network(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    certificate = folder / "c.json"
    assert certify(capsys, folder, "--sparsity", 1, "--certificate", certificate, "--report", folder / "r.json")[0] == 0
    first = json.loads((folder / "r.json").read_text())
    subjects = ("--dictionary", folder / "D.npy", "--network", folder / "net.safetensors")
    outputs = [option for name in ("s.html", "s.md", "s.json") for option in ("-o", folder / name)]
    assert run(capsys, "report", certificate, *subjects, *outputs) == (0, "", "")
    again = json.loads((folder / "s.json").read_text())
    jsonschema.validate(again, SCHEMA)
    assert again["observed"] is None
    assert [layer.pop("observed") for layer in again["per_layer"]] == [None] * 3
    for layer in first["per_layer"]:
        del layer["observed"]
    for name in ("status", "promises", "error", "per_layer", "network", "floor", "class", "check_command"):
        assert again[name] == first[name], name
    assert "<svg" in (folder / "s.html").read_text()
    assert "**Proved**: every code" in (folder / "s.md").read_text()
    code, out, _ = run(capsys, "report", certificate, *subjects[:2], "-o", folder / "t.md")
    assert code == 4
    assert "it names 2 subjects" in out
    code, _, err = run(capsys, "report", certificate, *subjects, "-o", folder / "net.json")
    assert code == 2
    assert "the same file is named twice" in err


def test_a_certificate_with_no_or_several_bounds(folder: Path) -> None:
    dictionary, network = load(str(folder / "D.npy")), load_network(folder / "net.safetensors")
    result = certify_network(network, dictionary, sparsity=1)
    assert isinstance(result.answer, Accepted)
    assert result.certificate is not None
    result.certificate.save(folder / "c.json")
    claim = result.answer.claims[0]
    none = Accepted(({"kind": "welch-bound", "squared": "0"},), ())
    with pytest.raises(InputError, match="it claims no bound of the error of a network"):
        accepted_network_report(network, dictionary, none, "net", folder / "c.json")
    two = Accepted((claim, {**claim, "l2": "1000"}), ())
    report = accepted_network_report(network, dictionary, two, "net", folder / "c.json")
    assert report.claim == claim
    assert "bounds the error of this network for 2 classes" in report.subject.remarks[-1]


def test_json_on_stdout_and_the_level_searched(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = certify(capsys, folder, "--noise", "1/1000", "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert code == 0
    assert found["class"]["searched"] is True
    assert found["class"]["noise"] == "1/1000"
    assert found["floor"]["noise"] > 0
    assert found["certificate"] is None


def test_a_network_that_promises_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "bad.json").write_text((folder / "bad.json").read_text().replace('"' + "75" * 32 + '"', "null"))
    code, out, _ = certify(capsys, folder, "--sparsity", 3, network="bad.safetensors")
    assert code == 3
    out = " ".join(out.split())
    assert "Nothing promised: for codes with at most 3 nonzeros this network ends with no bound below 1" in out
    assert "layer 1 breaks it" in out


def test_an_unchecked_bound_is_only_claimed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = certify(capsys, folder, "--sparsity", 1, "--check-seconds", 0, "--format", "json")
    assert code == 3
    assert json.loads(out)["status"] == "unchecked"
    code, out, _ = certify(capsys, folder, "--sparsity", 1, "--check-seconds", 0)
    assert code == 3
    assert out.startswith("Unchecked")
    assert "--work-limit" in out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--sparsity", 0], "sparsity: expected a level from 1 to 8"),
        (["--bound", "-1"], "bound: expected a number from 0"),
        (["--noise", "much"], "noise: expected a number such as"),
        (["--arithmetic", "fp8"], "arithmetic: expected one of ieee, tf32, bf16"),
        (["--report", "r.pdf"], "expected a report named .html, .md or .json"),
        (["--device", "abacus", "--sparsity", 1], "expected a torch device"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], folder: Path, arguments: list, why: str) -> None:
    code, out, err = certify(capsys, folder, *arguments)
    assert (code, out) == (2, "")
    assert why in err
    assert err.count("\n") == 1


def test_networks_that_do_not_fit(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, _, err = certify(capsys, folder, network="bad.safetensors")
    assert code == 2
    assert "it was built for a dictionary with digest 757575757575..." in err
    code, _, err = run(capsys, "certify-network", folder / "net.safetensors", "--dictionary", folder / "small.npy")
    assert code == 2
    assert "do not belong together" in err
    data = (folder / "net.safetensors").read_bytes()
    (folder / "net.safetensors").write_bytes(data[:-1])
    code, _, err = certify(capsys, folder)
    assert code == 2
    assert "cut short, changed or exchanged" in err
