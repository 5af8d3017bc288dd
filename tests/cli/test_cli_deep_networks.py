"""`verify build-network --deep` and `certify-network` for a chain: what they write, print, refuse, and exit with."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import torch

import verify.report
from verify.cli import main

torch.set_num_threads(1)
SCHEMA = json.loads((Path(verify.report.__file__).parent / "deep-network.schema.json").read_text())
CLASS = ["--sparsity", "2,1", "--tolerances", "0.001"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("chain")
    np.save(path / "D1.npy", np.linalg.qr(np.random.default_rng(0).standard_normal((12, 6)))[0])
    np.save(path / "D2.npy", np.eye(6) + np.roll(np.eye(6), 1, axis=0) / 4)
    for method, name in (("refit", "L"), ("deepest-first", "P")):
        build = ["build-network", path / "D1.npy", path / "D2.npy", "--deep", *CLASS, "--bound", "1", "--layers", "6"]
        options = ["--method", method, "--weights", "dictionary", "-o", path / f"{name}.safetensors"]
        assert main(list(map(str, [*build, *options]))) == 0
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def chain(folder: Path) -> list[object]:
    return ["--dictionary", folder / "D1.npy", "--dictionary", folder / "D2.npy"]


def test_networks_of_a_chain_are_certified_and_checked(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    networks = [folder / "L.1.safetensors", folder / "L.2.safetensors"]
    reports = [option for name in ("r.html", "r.md", "r.json") for option in ("--report", folder / name)]
    certificate = folder / "c.json"
    options = [*CLASS, "--smallest", "1/4", "--trials", 16, "--certificate", certificate, *reports]
    code, out, err = run(capsys, "certify-network", *networks, *chain(folder), *options)
    assert (code, err) == (0, "")
    for text in ("Proved (layer-by-layer)", "Proved (refit)", "Observed (refit)", "Errors of the codes", "--network"):
        assert text in out
    found = json.loads((folder / "r.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert found["status"] == "checked"
    assert [one["method"] for one in found["methods"]] == ["layer-by-layer", "refit"]
    for one in found["methods"]:
        assert all(a <= b for a, b in zip(one["observed"]["l2"], one["error"]["l2"], strict=True))
    assert [len(layers) for layers in found["per_layer"]] == [6, 6]
    assert "<svg" in (folder / "r.html").read_text()
    assert "| method | code |" in (folder / "r.md").read_text()
    given = [option for network in networks for option in ("--network", network)]
    code, out, _ = run(capsys, "check-certificate", certificate, *chain(folder), *given)
    assert code == 0
    assert out.startswith("accepted\n  deep-network-error")
    code, out, err = run(capsys, "report", certificate, *chain(folder), *given, "-o", folder / "s.md")
    assert (code, out) == (2, "")
    assert err.endswith(
        "is for one network and one dictionary; for chains, verify certify-network --report writes it\n"
    )
    assert not (folder / "s.md").exists()
    code, out, _ = run(capsys, "check-certificate", certificate, *chain(folder), "--network", folder / "P.safetensors")
    assert code == 4


def test_one_network_for_the_product(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    arguments = [*chain(folder), *CLASS, "--trials", 0, "--format", "json"]
    code, out, _ = run(capsys, "certify-network", folder / "P.safetensors", *arguments)
    assert code == 0
    found = json.loads(out)
    assert found["method"] == "deepest-first"
    assert found["notes"] == ["no refit: no smallest nonzero of the deepest code is given"]
    assert 0 < found["methods"][0]["constants"]["rate"][0] < 1
    code, out, _ = run(capsys, "certify-network", folder / "P.safetensors", *arguments, "--tolerances", "10")
    assert code == 3
    assert json.loads(out)["promises"] is False


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        ("build", [], "several dictionaries, and --tolerances, are for a chain: say --deep"),
        ("build", ["--deep", "--noise", "1"], "--noise, --nonnegative and --key are for one dictionary"),
        ("build", ["--deep", "--sparsity", "2"], "expected 2 sparsity levels"),
        ("build", ["--deep", "--weights", "W.npy"], "--weights with --deep: expected generalized or dictionary"),
        ("certify", ["--noise", "1"], "--noise and --key are for one dictionary: for a chain say --tolerances"),
        ("certify", ["--smallest", "0"], "smallest: expected a number above 0"),
        ("certify", ["--sparsity", "two"], "--sparsity: expected a level"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], folder: Path, command: str, arguments: list[str], message: str
) -> None:
    if command == "build":
        sources = [
            folder / "D1.npy",
            folder / "D2.npy",
            "--bound",
            "1",
            "--layers",
            "2",
            "-o",
            folder / "x.safetensors",
        ]
        code, out, err = run(capsys, "build-network", *sources, *CLASS, *arguments)
    else:
        code, out, err = run(capsys, "certify-network", folder / "P.safetensors", *chain(folder), *CLASS, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_what_is_for_a_chain_is_not_for_one_dictionary(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    one = ["certify-network", folder / "L.1.safetensors", "--dictionary", folder / "D1.npy"]
    for more in (["--smallest", "1"], ["--tolerances", "1"], [folder / "L.2.safetensors"]):
        code, _, err = run(capsys, *one, *more)
        assert code == 2
        assert "are for a chain" in err
    code, _, err = run(capsys, *one, "--sparsity", "2,1")
    assert code == 2
    assert "expected one level" in err
    code, _, err = run(capsys, "certify-network", folder / "P.safetensors", *chain(folder))
    assert code == 2
    assert "--sparsity: expected a level for each dictionary" in err
