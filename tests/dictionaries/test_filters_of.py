"""Filters from every kind of file and from torch's layers: axes, groups, dilation, padding, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from verify.dictionaries import filters_of as module
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.filters_of import load_convolutional
from verify.errors import InputError, LimitError

F = np.random.default_rng(1).integers(1, 99, (2, 3, 4, 5)).astype(float)
DATA = Path(__file__).parents[2].parent / "shared" / "data" / "alista_conv_7x7x64.npy"


def test_every_order_of_axes_means_the_same_filters() -> None:
    for axes in map("".join, permutations("cmhw")):
        array = F.transpose(["cmhw".index(letter) for letter in axes])
        assert (load_convolutional(array, axes=axes).filters == F).all()
    for axes in map("".join, permutations("cmt")):
        array = F[..., 0].transpose(["cmt".index(letter) for letter in axes])
        assert (load_convolutional(array, axes=axes).filters == F[..., 0]).all()


def test_axes_that_are_left_out_have_one_entry() -> None:
    assert load_convolutional(F[0, 0], axes="hw").filters.shape == (1, 1, 4, 5)
    assert (load_convolutional(F[:, 0].transpose(1, 2, 0), axes="hwc").filters == F[:, :1]).all()
    assert (load_convolutional(F[0], axes="mhw").filters == F[:1]).all()
    assert load_convolutional(F).filters.shape == F.shape
    assert load_convolutional(F[0]).filters.shape == (3, 4, 5)
    assert load_convolutional(F[0]).origin.remarks[-1] == (
        "axes: 3 are c, filters (code channels), 4 are m, signal channels, 5 are t, taps"
    )


def saved(path: Path, array: np.ndarray) -> Path:
    kind = path.suffix
    if kind == ".npy":
        np.save(path, array)
    elif kind == ".npz":
        np.savez(path, bias=np.ones(3), weight=array)
    elif kind == ".mat":
        from scipy.io import savemat

        savemat(path, {"bias": np.ones((1, 3)), "weight": array})
    elif kind == ".h5":
        import h5py

        with h5py.File(path, "w") as file:
            file["weight"], file["bias"] = array, np.ones(3)
    elif kind == ".safetensors":
        from safetensors.numpy import save_file

        save_file({"weight": np.ascontiguousarray(array), "bias": np.ones(3)}, path)
    elif kind == ".pt":
        import torch

        torch.save({"weight": torch.tensor(array), "bias": torch.ones(3)}, path)
    else:
        path.write_text(json.dumps(array.astype(int).tolist()))
    return path


@pytest.mark.parametrize("kind", [".npy", ".npz", ".mat", ".h5", ".safetensors", ".pt", ".json"])
def test_every_format_holds_filters(kind: str, tmp_path: Path) -> None:
    path = saved(tmp_path / f"filters{kind}", F)
    assert (load_convolutional(path).filters == F).all()
    with pytest.raises(InputError, match="filters"):
        load_convolutional(path, axes="cmt")
    if kind not in (".npy", ".json"):
        found = load_convolutional(str(path), key="weight", axes="mchw")
        assert found.origin.key == "weight"
        assert (found.filters == F.transpose(1, 0, 2, 3)).all()


def test_text_holds_filters_on_one_axis(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1/2,1\n3,4\n")
    assert load_convolutional(tmp_path / "a.csv", axes="ct").filters.tolist() == [[[0.5, 1]], [[3, 4]]]
    (tmp_path / "a.json").write_text('[[["1/3", 1]], [[2, 0]]]')
    assert str(load_convolutional(tmp_path / "a.json").filters[0, 0, 0]) == "1/3"
    (tmp_path / "b.json").write_text("[1, 2, 1]")
    assert load_convolutional(tmp_path / "b.json", axes="t").filters.tolist() == [[[1, 2, 1]]]


def test_the_published_filters() -> None:
    if not DATA.exists():
        pytest.skip("the shared data are not here")
    found = load_convolutional(DATA, axes="hwc")
    assert found.filters.shape == (64, 1, 7, 7)
    assert (found.filters[9, 0] == np.load(DATA)[:, :, 9]).all()


def torch_layers() -> list[tuple[object, str]]:
    from torch import nn

    return [
        (nn.Conv1d(2, 3, 4, stride=2), "full"),
        (nn.Conv1d(4, 6, 3, groups=2, dilation=2, padding="valid"), "full"),
        (nn.Conv2d(2, 4, (3, 5), padding=(1, 2), groups=2), "same"),
        (nn.Conv2d(1, 2, 3, dilation=2, padding="same", bias=False), "same"),
        (nn.Conv1d(2, 3, 3, padding=1, padding_mode="circular"), "circular"),
        (nn.Conv1d(2, 3, 4, stride=2, padding=1, padding_mode="circular"), "circular"),
        (nn.ConvTranspose1d(6, 4, 3, stride=2, groups=2, dilation=2), "full"),
        (nn.ConvTranspose2d(2, 3, (3, 1), padding=(1, 0)), "same"),
        (nn.ConvTranspose2d(2, 3, 2, stride=2), "full"),
    ]


def test_layers_of_torch_are_analysis_or_synthesis() -> None:
    import torch

    for layer, boundary in torch_layers():
        found = ConvolutionalDictionary.from_module(layer)
        assert found.boundary == boundary
        assert found.layer.kind == type(layer).__name__
        assert ("its bias is left out" in found.origin.remarks) == (layer.bias is not None)
        code = tuple(max(4, n) for n in found.least_code)
        transposed, channels = "Transpose" in found.layer.kind, found.channels
        shape = (channels[0], *code) if transposed else (channels[1], *found.signal_lengths(code))
        entries = torch.randn(2, *shape)
        layer.bias = None
        with torch.no_grad():
            wanted = layer(entries).numpy()
        if boundary == "circular":  # torch begins `padding` entries earlier
            padding = found.layer.padding
            entries = torch.roll(entries, padding, dims=tuple(range(-len(padding), 0)))
        own = found.synthesis(entries.numpy()) if transposed else found.analysis(entries.numpy())
        assert np.allclose(own, wanted, atol=1e-5)


def refused_layers() -> dict[str, tuple[Callable[[], object], str]]:
    from torch import nn

    return {
        "Linear": (lambda: nn.Linear(2, 2), "expected a Conv1d.*got Linear"),
        "Conv3d": (lambda: nn.Conv3d(1, 1, 2), "expected a Conv1d.*got Conv3d"),
        "lazy": (lambda: nn.LazyConv1d(2, 3), "has no weight yet"),
        "partly": (lambda: nn.Conv1d(1, 2, 5, padding=1), "got padding 1 .zeros. for filters of length 5 at stride 1"),
        "strided": (lambda: nn.Conv1d(1, 2, 3, padding=1, stride=2), "cut in another way"),
        "one axis": (lambda: nn.Conv2d(1, 2, 3, padding=(1, 0)), "got padding 1 x 0"),
        "even": (lambda: nn.Conv1d(1, 2, 4, padding="same"), "odd length for padding 'same'.*got 4"),
        "reflected": (lambda: nn.Conv1d(1, 2, 3, padding=1, padding_mode="reflect"), "got padding 1 .reflect."),
        "circular": (lambda: nn.Conv1d(1, 2, 3, padding=2, padding_mode="circular"), "t - stride <= 2p < t"),
        "output": (lambda: nn.ConvTranspose1d(1, 2, 3, stride=2, output_padding=1), "no output_padding"),
        "meta": (lambda: nn.Conv1d(1, 2, 3, device="meta"), "without entries"),
    }


def test_other_layers_are_refused() -> None:
    for make, message in refused_layers().values():
        with pytest.raises(InputError, match=message):
            ConvolutionalDictionary.from_module(make())
    with pytest.raises(InputError, match="boundary 'same', but the padding of this Conv1d makes it 'full'"):
        ConvolutionalDictionary.from_module(torch_layers()[0][0], boundary="same")


REFUSED = {
    "letters": ({"axes": "cx"}, "axes: expected each letter once.*got 'cx'"),
    "twice": ({"axes": "cct"}, "each letter once"),
    "grids": ({"axes": "cth"}, "t or h and w among them"),
    "no grid": ({"axes": "cm"}, "t or h and w among them"),
    "few": ({"axes": "hw"}, r"2 axes for 'hw', got an array of shape \(2, 3, 4, 5\): 2 would be h, rows, 3 would be w, columns, 4 has no letter, 5 has no letter"),
    "one letter": ({"axes": "t"}, "1 axis for 't'"),
    "groups": ({"groups": 3}, "divides the 2 filters, got 3"),
    "half groups": ({"groups": True}, "number of groups"),
    "dilation": ({"dilation": (1, 2, 3)}, r"whole dilation of at least 1, one number or two, got \(1, 2, 3\)"),
    "stride": ({"stride": 5}, "a ndarray: expected a stride of at most the filters' length 4 x 5"),
    "key": ({"key": "x"}, "source: the key 'x' is for files"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    options, message = REFUSED[name]
    with pytest.raises(InputError, match=message):
        load_convolutional(F, **options)


def test_other_arrays_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"axes cmhw or cmt .*got an array of shape \(4, 5\)"):
        load_convolutional(F[0, 0])
    with pytest.raises(InputError, match="5 would be h, rows, w, columns has no axis"):
        load_convolutional(np.ones((4, 5)), axes="mhwc")
    with pytest.raises(InputError, match="expected real filters"):
        load_convolutional(F + 1j)
    with pytest.raises(InputError, match="no built-in filters"):
        load_convolutional("builtin:dct:8")
    (tmp_path / "a.json").write_text("[[[1, 2]], [[1]]]")
    with pytest.raises(InputError, match="rows of one length"):
        load_convolutional(tmp_path / "a.json")
    (tmp_path / "b.json").write_text("[[[1, 2], [3, 4]], [[1, 2]]]")
    with pytest.raises(InputError, match="lists of one length, 2 as in the first"):
        load_convolutional(tmp_path / "b.json")
    (tmp_path / "c.json").write_text('{"real": [[[1]]], "imaginary": [[[1]]]}')
    with pytest.raises(InputError, match="expected real filters"):
        load_convolutional(tmp_path / "c.json")
    np.savez(tmp_path / "d.npz", a=F, b=F)
    with pytest.raises(InputError, match="2 arrays of filters: choose one by its name"):
        load_convolutional(tmp_path / "d.npz")
    monkeypatch.setattr(module, "MOST_ENTRIES", 100)
    with pytest.raises(LimitError, match="with groups and dilation have more than 100 entries"):
        load_convolutional(F)
