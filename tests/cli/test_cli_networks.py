"""`verify build-network`, `export-network` and `import-network`: one line for what is bad, files for what is good."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from verify.cli import main
from verify.networks.stored import load_network

SOURCE = "builtin:identity-hadamard:16"
GOOD = ["--sparsity", "2", "--bound", "1", "--noise", "1e-3", "--weights", "dictionary"]


def test_build_then_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = tmp_path / "net.safetensors"
    assert main(["build-network", SOURCE, *GOOD, "--layers", "4", "-o", str(net)]) == 0
    printed = capsys.readouterr().out
    network = load_network(net)
    assert f"Network {network.digest}\n4 layers of 64 relu units, float32" in printed
    assert "the level of the weights is 2" in printed
    assert "a factor of 0.75 a layer at most" in printed
    onnx = tmp_path / "net.onnx"
    pytest.importorskip("onnx")
    assert main(["export-network", str(net), "-o", str(onnx)]) == 0
    printed = capsys.readouterr()
    if "onnxruntime is not installed" not in printed.err:
        assert f"Network {network.digest}\nonnxruntime " in printed.out
        assert "and torch agree on 32 signals: codes at most" in printed.out
    assert onnx.stat().st_size > network.counts.stored * 4 // 2


def test_an_export_that_was_not_compared_says_so(tmp_path: Path, capsys, monkeypatch) -> None:
    pytest.importorskip("onnx")
    net, onnx = tmp_path / "net.safetensors", tmp_path / "net.onnx"
    assert main(["build-network", SOURCE, *GOOD, "--layers", "1", "-o", str(net)]) == 0
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert main(["export-network", str(net), "-o", str(onnx)]) == 0
    assert "only its form was checked, not what it computes: onnxruntime is not installed" in capsys.readouterr().err
    assert onnx.is_file()


def test_build_with_weights_from_a_file_a_smooth_unit_and_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    net, file = tmp_path / "net.safetensors", tmp_path / "W.npy"
    np.save(file, np.asarray(np.concatenate([np.eye(16), np.ones((16, 16)) * np.eye(16)[0] + np.eye(16)], axis=1)))
    wishes = ["--sparsity", "1", "--bound", "1/2", "--noise", "0", "--error", "1/100", "--dtype", "float64"]
    more = ["--activation", "gelu", "--weights", "dictionary", "--form", "residual", "--nonnegative"]
    assert main(["build-network", SOURCE, *wishes, *more, "-o", str(net)]) == 0
    assert "gelu units, scaled by tau = 1/" in capsys.readouterr().out
    assert main(["build-network", SOURCE, *wishes, "--weights", str(file), "-o", str(net)]) == 2
    assert "sparsity: the level of these weights is 0" in capsys.readouterr().err


def test_the_scale_of_a_smooth_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wishes = [*GOOD, "--layers", "2", "--activation", "silu", "--tau", "1/1024"]
    assert main(["build-network", SOURCE, *wishes, "-o", str(tmp_path / "net.safetensors")]) == 0
    assert "silu units, scaled by tau = 1/1024 (weights grow by 1024)" in capsys.readouterr().out
    assert load_network(tmp_path / "net.safetensors").activation.tau == Fraction(1, 1024)


def test_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trained, net, source = tmp_path / "trained.safetensors", tmp_path / "net.safetensors", tmp_path / "D.npy"
    np.save(source, np.eye(2, 3) + 1)
    tensors = {"layers.0.weights": np.ones((2, 3), np.float32), "layers.0.threshold": np.float32([0.5])}
    trained.write_bytes(safetensors.numpy.save(tensors))
    assert main(["import-network", str(trained), "-o", str(net)]) == 2
    assert "expected a tensor synthesis, or the dictionary" in capsys.readouterr().err
    assert main(["import-network", str(trained), "--dictionary", str(source), "-o", str(net)]) == 0
    assert load_network(net).digest in capsys.readouterr().out


BAD = [
    (["--sparsity", "3", "--layers", "4"], "sparsity: the level of these weights is 2, and at 3"),
    (["--bound", "-1", "--layers", "4"], "bound: expected a number from 0"),
    (["--noise", "few", "--layers", "4"], "noise: expected a number such as"),
    ([], "expected either a number of layers or an error"),
    (["--error", "1e-9"], "error: 1e-09 is below the floor"),
    (["--layers", "4", "--tau", "1/64"], "activation relu: expected no parameter and nothing else"),
    (["--layers", "4", "--activation", "silu", "--tau", "0.3"], "tau: expected a power of two from 2^-63 to 2^63"),
    (["--layers", "4", "--activation", "silu", "--tau", "nan"], "tau: expected a number such as"),
    (["--layers", "4", "--weights", "none.npy"], "none.npy: no such file"),
    (["--layers", "4", "-o", "net.npz"], "net.npz: expected a network named .safetensors"),
    (["--layers", "4", "-o", "no/net.safetensors"], "no/net.safetensors: cannot be written"),
    (["--layers", "4", "--dtype", "float16"], "'float16' is not one of 'float32', 'float64'"),
]


@pytest.mark.parametrize(("changes", "message"), BAD)
def test_bad_wishes_are_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["build-network", SOURCE, *GOOD, "-o", "net.safetensors", *changes]) == 2
    written = capsys.readouterr()
    assert written.out == ""
    lines = [line for line in written.err.splitlines() if line.startswith("verify: ")]
    assert len(lines) == 1
    assert message in lines[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("missing", ["--sparsity", "--bound", "--noise"])
def test_what_must_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str], missing: str) -> None:
    at = GOOD.index(missing)
    wishes = [*GOOD[:at], *GOOD[at + 2 :]]
    assert main(["build-network", SOURCE, *wishes, "--layers", "4", "-o", str(tmp_path / "n.safetensors")]) == 2
    assert f"Missing option '{missing}'" in capsys.readouterr().err


def test_build_as_a_cnn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    net = tmp_path / "net.safetensors"
    assert (
        main(["build-network", SOURCE, *GOOD, "--layers", "4", "--as-cnn", "--kernel-size", "2", "-o", str(net)]) == 0
    )
    assert "As a CNN: 52 layers (13 a step), kernels of size 2 and 1, up to 128 channels" in capsys.readouterr().out
    assert net.exists() and net.with_suffix(".json").exists() and net.with_suffix(".cnn.json").exists()
    for wishes, message in (
        (["--kernel-size", "2"], "--kernel-size is for --as-cnn"),
        (["--method", "refit"], "--method is for a chain: add --deep"),
        (["--as-cnn", "--kernel-size", "1"], "kernel size: expected an integer from 2"),
        (["--as-cnn", "--activation", "silu"], "expected relu units, got silu"),
    ):
        assert main(["build-network", SOURCE, *GOOD, "--layers", "4", *wishes, "-o", str(net)]) == 2
        error = capsys.readouterr().err
        assert message in error and error.count("\n") == 1
