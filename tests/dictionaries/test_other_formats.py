"""One dictionary through every format and object, with the same digest; hostile files are refused in one line."""

from __future__ import annotations

import io
import json
import pickle
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from verify.dictionaries import load_mat, members
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.load_signals import load_signals
from verify.dictionaries.sources import load
from verify.errors import InputError, LimitError

D = np.random.default_rng(1).standard_normal((6, 9)).astype(np.float32)
Z = (D + 1j * D[::-1]).astype(np.complex128)
DIGEST = Dictionary.from_array(D).digest


def save_npz(path: Path, **arrays: Any) -> None:
    np.savez_compressed(path, **arrays)


def save_mat(path: Path, **arrays: Any) -> None:
    scipy_io = pytest.importorskip("scipy.io")
    scipy_io.savemat(path, arrays, do_compression=True)


def save_mat73(path: Path, **arrays: Any) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, array in arrays.items():
            if array.dtype.kind == "c":
                pairs = np.empty(array.T.shape, dtype=[("real", "<f8"), ("imag", "<f8")])
                pairs["real"], pairs["imag"] = array.real.T, array.imag.T
                file[name] = pairs
            else:
                file[name] = array.T
            file[name].attrs["MATLAB_class"] = np.bytes_("single" if array.dtype == np.float32 else "double")
        file.create_group("#refs#")["hidden"] = np.eye(3)


def save_h5(path: Path, **arrays: Any) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[f"group/{name}"] = array


def save_torch(path: Path, **arrays: Any) -> None:
    import torch

    torch.save({"layers": [{name: torch.tensor(array)} for name, array in arrays.items()]}, path)


def save_safetensors(path: Path, **arrays: Any) -> None:
    from safetensors.numpy import save_file

    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def save_parquet(path: Path, **arrays: Any) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    (array,) = arrays.values()
    parquet.write_table(pyarrow.table({f"atom {i}": column for i, column in enumerate(array.T)}), path)


SAVERS: dict[str, Callable[..., None]] = {
    "d.npz": save_npz,
    "d.mat": save_mat,
    "d73.mat": save_mat73,
    "d.h5": save_h5,
    "d.pt": save_torch,
    "d.safetensors": save_safetensors,
    "d.parquet": save_parquet,
}
SEVERAL = [name for name in SAVERS if name != "d.parquet"]


@pytest.mark.parametrize("name", SAVERS)
def test_one_dictionary_through_every_format_has_one_digest(name: str, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name, D=D)
    found = load(tmp_path / name)
    assert found.digest == DIGEST
    assert found.real.dtype == np.float32
    assert any("6 x 9" in remark for remark in found.origin.remarks)


@pytest.mark.parametrize("name", ["d.npz", "d.mat", "d73.mat", "d.h5", "d.pt"])
def test_complex_matrices_keep_both_parts(name: str, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name, Z=Z)
    assert load(tmp_path / name).digest == Dictionary.from_array(Z).digest


@pytest.mark.parametrize("name", SEVERAL)
def test_key_chooses_among_several_matrices(name: str, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name, D=D, E=np.eye(3))
    with pytest.raises(InputError, match=r"2 matrices: choose one by its name .--key.; it has .*6 x 9.*3 x 3"):
        load(tmp_path / name)
    with pytest.raises(InputError, match=r"nothing named 'X'; it has .*6 x 9.*3 x 3"):
        load(tmp_path / name, key="X")
    key = {"d.h5": "group/D", "d.pt": "layers.0.D"}.get(name, "D")
    assert load(tmp_path / name, key=key).digest == DIGEST


@pytest.mark.parametrize("name", [name for name in SEVERAL if not name.endswith(".mat")])
def test_one_column_is_a_signal_but_no_dictionary(name: str, tmp_path: Path) -> None:
    SAVERS[name](tmp_path / name, y=D[:, 0])
    assert load_signals(tmp_path / name).shape == (6, 1)
    with pytest.raises(InputError, match="no matrix of numbers; it has"):
        load(tmp_path / name)


def test_key_is_refused_where_a_file_holds_one_matrix(tmp_path: Path) -> None:
    np.save(tmp_path / "d.npy", D)
    with pytest.raises(InputError, match=r"a \.npy file holds one matrix, and the key 'D' was given"):
        load(tmp_path / "d.npy", key="D")
    with pytest.raises(InputError, match="a built-in dictionary has no key"):
        load("builtin:identity-hadamard:4", key="D")
    with pytest.raises(InputError, match="for files that hold several arrays"):
        load(D, key="D")
    save_parquet(tmp_path / "d.parquet", D=D)
    with pytest.raises(InputError, match="holds one table, and --key was given"):
        load(tmp_path / "d.parquet", key="D")


def test_sparse_matlab_matrices_are_filled(tmp_path: Path) -> None:
    sparse = pytest.importorskip("scipy.sparse")
    kept = np.where(D > 0, D, 0).astype(float) + np.eye(6, 9)
    save_mat(tmp_path / "s.mat", S=sparse.csc_matrix(kept))
    assert load(tmp_path / "s.mat").digest == Dictionary.from_array(kept).digest


def test_brain_floats_become_single_floats_exactly(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    tensor = torch.tensor(D).bfloat16()
    wide = Dictionary.from_array(tensor.float().numpy()).digest
    save_file({"w": tensor}, tmp_path / "w.safetensors")
    torch.save(tensor, tmp_path / "w.pt")
    assert {load(tmp_path / "w.safetensors").digest, load(tmp_path / "w.pt").digest, load(tensor).digest} == {wide}
    assert "held as float32" in load(tensor).origin.remarks[0]


def test_objects_are_taken_without_a_copy_where_they_can(tmp_path: Path) -> None:
    import torch

    tensor = torch.tensor(D, requires_grad=True)
    assert np.shares_memory(load(tensor).real, tensor.detach().numpy())
    np.save(tmp_path / "d.npy", D)
    mapped = np.load(tmp_path / "d.npy", mmap_mode="r")
    found = load(mapped)
    assert np.shares_memory(found.real, mapped)
    assert found.digest == load(tensor).digest == DIGEST
    assert load(tensor.T, atoms="rows").digest == DIGEST


def test_data_frames_and_estimators(tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    decomposition = pytest.importorskip("sklearn.decomposition", reason="scikit-learn is not installed")
    assert load(pandas.DataFrame(D)).digest == DIGEST
    with pytest.raises(InputError, match="columns of types"):
        load(pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]}))
    with pytest.raises(InputError, match="integers beyond 2\\^53"):
        load(pandas.DataFrame({"a": [1.0, 2.0], "b": [2**53 + 1, 1]}))
    learner = decomposition.PCA(n_components=3)
    with pytest.raises(InputError, match="no components_: fit it first"):
        load(learner, atoms="rows")
    learner.fit(D)
    with pytest.raises(InputError, match="one atom per row: say atoms='rows'"):
        load(learner)
    assert load(learner, atoms="rows").shape == (9, 3)
    with pytest.raises(InputError, match="expected a path, builtin:NAME:ARGS, an array"):
        load(3)


def test_tensors_that_are_no_dense_numbers() -> None:
    import torch

    for tensor, message in (
        (torch.eye(3).to_sparse(), "layout torch.sparse_coo"),
        (torch.eye(3, device="meta"), "without entries"),
        (torch.eye(3).bool(), "entries of type bool"),
    ):
        with pytest.raises(InputError, match=message):
            load(tensor)


class Call:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, ("raise SystemExit('a pickle was executed')",)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def npy(array: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def claiming(shape: str, body: int = 64) -> bytes:
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + b"\0" * body


def safetensors(header: bytes, length: int | None = None, body: bytes = b"\0" * 16) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + body


def header(**tensors: Any) -> bytes:
    return json.dumps(tensors).encode()


def matlab(element: bytes) -> bytes:
    return b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + element


def torch_bytes(value: object) -> bytes:
    import torch

    buffer = io.BytesIO()
    torch.save(value, buffer)
    return buffer.getvalue()


def mat_bytes(**values: Any) -> bytes:
    scipy_io = pytest.importorskip("scipy.io")
    buffer = io.BytesIO()
    scipy_io.savemat(buffer, values)
    return buffer.getvalue()


PICKLE = pickle.dumps(Call())
GOOD_NPZ = zipped({"D.npy": npy(D)})
HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "zip cut": (lambda: GOOD_NPZ[:-30], "x.npz", "not an .npz file that can be read"),
    "zip damaged": (lambda: GOOD_NPZ[:80] + b"\xff" * 40 + GOOD_NPZ[120:], "x.npz", "not an .npz|holds no matrix"),
    "zip without matrix": (lambda: zipped({"a.txt": b"hello"}), "x.npz", r"no matrix of numbers; it has 'a\.txt'"),
    "zip empty": (lambda: zipped({}), "x.npz", "no matrix of numbers; it has nothing"),
    "zip of objects": (lambda: zipped({"D.npy": npy(np.array([Call()], dtype=object))}), "x.npz", "pickled objects"),
    "zip of a pickle": (lambda: zipped({"D.npy": PICKLE}), "x.npz", "not an .npy file: it begins with"),
    "zip bomb": (lambda: zipped({"D.npy": claiming("(9, 9)", 1 << 26)}), "x.npz", "holds something after the array"),
    "zip of terabytes": (lambda: zipped({"D.npy": claiming("(1000000, 1000000)")}), "x.npz", "more than 20000000"),
    "zip short": (lambda: zipped({"D.npy": claiming("(9, 9)")}), "x.npz", "is truncated: shape"),
    "zip of another name": (lambda: GOOD_NPZ, "x.csv", r"a zip archive: expected the extension \.npz"),
    "pickle as npz": (lambda: PICKLE, "x.npz", "a pickle, which is never loaded"),
    "pickle as pt": (lambda: PICKLE, "x.pt", "a pickle, which is never loaded"),
    "pickle as parquet": (lambda: PICKLE, "x.parquet", "a pickle, which is never loaded"),
    "torch with a call": (lambda: torch_bytes({"w": Call()}), "x.pt", "more than tensors and plain containers"),
    "torch cut": (lambda: torch_bytes({"w": 1})[:-20], "x.pt", r"not a \.pt file that can be read"),
    "torch of npz": (lambda: zipped({"D.npy": npy(D)}, zipfile.ZIP_STORED), "x.pt", "torch does not read it"),
    "torch compressed": (lambda: zipped({"a/data.pkl": PICKLE}), "x.pt", "is compressed, which torch.save does not"),
    "torch of numbers": (lambda: torch_bytes({"w": 1.0}), "x.pt", "no matrix of numbers; it has nothing"),
    "safetensors cut": (lambda: safetensors(header(w={"dtype": "F32", "shape": [9, 9], "data_offsets": [0, 324]})), "x.safetensors", "not a safetensors file"),
    "safetensors header of 8 EiB": (lambda: safetensors(b"{}", 1 << 63), "x.safetensors", "header claims 9223372036854775808 bytes"),
    "safetensors nested": (lambda: safetensors(b"[" * 100_000), "x.safetensors", "not a safetensors file"),
    "safetensors empty": (lambda: b"\x01", "x.safetensors", "not a safetensors file"),
    "safetensors of bools": (lambda: safetensors(header(w={"dtype": "BOOL", "shape": [4, 4], "data_offsets": [0, 16]})), "x.safetensors", "entries of type BOOL"),
    "mat cut": (lambda: mat_bytes(D=D)[:200], "x.mat", "SciPy does not read it|no matrix"),
    "mat of text": (lambda: b"hello, world" * 20, "x.mat", "SciPy does not read it"),
    "mat of a structure": (lambda: mat_bytes(s={"a": 1}), "x.mat", "no matrix of numbers; it has 's' .of class struct"),
    "mat of cells": (lambda: mat_bytes(c=np.array([D, 1], dtype=object)), "x.mat", "of class cell"),
    "mat damaged": (lambda: matlab(struct.pack("<II", 15, 20) + b"\xff" * 20), "x.mat", "a compressed variable is damaged"),
    "hdf5 cut": (lambda: b"\x89HDF\r\n\x1a\n" + b"\0" * 40, "x.h5", "h5py does not read it"),
    "parquet cut": (lambda: b"PAR1" + b"\0" * 40, "x.parquet", "pyarrow does not read it"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_line(name: str, tmp_path: Path) -> None:
    make, file, message = HOSTILE[name]
    if file.endswith((".h5", ".parquet")) and b"PAR1" not in PICKLE:
        pytest.importorskip("h5py" if file.endswith(".h5") else "pyarrow")
    (tmp_path / file).write_bytes(make())
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match=message) as caught:
            load(tmp_path / file)
        assert tracemalloc.get_traced_memory()[1] < 150e6
    finally:
        tracemalloc.stop()
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / file))
    assert str(caught.value).isprintable()


def test_matlab_variables_that_unpack_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load_mat, "_LARGEST_VARIABLE", 1 << 20)
    packed = zlib.compress(b"\0" * (3 << 20))
    (tmp_path / "x.mat").write_bytes(matlab(struct.pack("<II", 15, len(packed)) + packed))
    with pytest.raises(LimitError, match="a variable unpacks to more than 1048576 bytes"):
        load(tmp_path / "x.mat")


def test_a_damaged_stream_in_an_archive(tmp_path: Path) -> None:
    """At any place of the packed bytes: one line, whatever zlib or the sum of the archive says."""
    at = GOOD_NPZ.index(b"D.npy") + len("D.npy")
    for place in (at, at + 10, at + 100):
        (tmp_path / "x.npz").write_bytes(GOOD_NPZ[:place] + b"\xff" * 8 + GOOD_NPZ[place + 8 :])
        with pytest.raises(InputError, match=r"x\.npz: "):
            load(tmp_path / "x.npz")


def test_hdf5_reads_this_file_alone(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py", reason="h5py is not installed")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["secret"] = D
    (tmp_path / "raw.bin").write_bytes(D.tobytes())
    with h5py.File(tmp_path / "x.h5", "w") as file:
        file["linked"] = h5py.ExternalLink("other.h5", "/secret")
        file["soft"] = h5py.SoftLink("/linked")
        file.create_dataset("raw", shape=D.shape, dtype="f4", external=[("raw.bin", 0, D.nbytes)])
        layout = h5py.VirtualLayout(shape=D.shape, dtype="f4")
        layout[:] = h5py.VirtualSource("other.h5", "secret", shape=D.shape)
        file.create_virtual_dataset("virtual", layout)
        file["text"] = "hello"
        file["nothing"] = h5py.Empty("f4")
    with pytest.raises(InputError, match="no matrix of numbers; it has"):
        load(tmp_path / "x.h5")
    for key, message in (
        ("linked", "a link to another file"),
        ("soft", "a symbolic link"),
        ("raw", "entries in other files"),
        ("virtual", "entries in other files"),
        ("text", "entries of type"),
        ("nothing", "no entries"),
    ):
        with pytest.raises(InputError, match=message):
            load(tmp_path / "x.h5", key=key)


def test_tables_with_gaps_words_or_long_integers(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    for columns, message in (
        ({"a": [1.0, None], "b": [1.0, 2.0]}, "column 'a' has 1 missing value"),
        ({"a": [1.0, 2.0], "b": ["x", "y"]}, "expected columns of numbers, got 'b' of type string"),
        ({"a": [1.0, 2.0], "b": [2**53 + 1, 1]}, "integers beyond 2\\^53"),
    ):
        parquet.write_table(pyarrow.table(columns), path)
        with pytest.raises(InputError, match=message):
            load(path)
    parquet.write_table(pyarrow.table({"a": [1, 2], "b": [0.5, 1], "__index_level_0__": [7, 8]}), path)
    found = load(path)
    assert found.real.tolist() == [[1, 0.5], [2, 1]]
    assert "1 column(s) of a pandas index left out" in found.origin.remarks[0]


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.h5").write_bytes(b"\x89HDF\r\n\x1a\n")
    (tmp_path / "x.parquet").write_bytes(b"PAR1")
    for name in ("h5py", "pyarrow"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(InputError, match="need the package h5py, which is not installed"):
        load(tmp_path / "x.h5")
    with pytest.raises(InputError, match="need the package pyarrow, which is not installed"):
        load(tmp_path / "x.parquet")


def test_files_with_too_many_members(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    save_npz(tmp_path / "d.npz", D=D, E=D)
    monkeypatch.setattr(members, "MOST_MEMBERS", 1)
    with pytest.raises(LimitError, match="holds 2 arrays, and at most 1 are looked at"):
        load(tmp_path / "d.npz")
