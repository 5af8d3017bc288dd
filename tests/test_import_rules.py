"""Who may import whom (CONTRIBUTING.md), read from the source text."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "verify").rglob("*.py"))
# Each layer may import those before it, and itself. Files of the package's top level are layers of their own.
LAYERS = [
    "errors", "verdict", "versions", "progress", "budget", "files", "interruption", "exact", "rounding", "arrays", "solvers", "dictionaries",
    "facts", "problems", "theorems", "networks", "attack", "judge", "judge_deep", "judge_algebraic",
    "judge_convolutional", "judge_cuts", "certify", "report", "cli", "pytest_plugin",
]  # fmt: skip
STRANGERS = [("facts", "problems"), ("problems", "facts"), ("problems", "theorems"), ("facts", "theorems")]
MAY_IMPORT_CERTIFICATES = {"certify", "report", "cli"}
DOORS = {
    "flint": ["verify/exact.py"],
    "torch": ["verify/arrays.py", "verify/networks/", "verify/dictionaries/load_"],
    "clarabel": ["verify/solvers/"],
    "cvxpy": ["verify/solvers/"],
    "highspy": ["verify/solvers/"],
    "pyscipopt": ["verify/solvers/"],
    "h5py": ["verify/dictionaries/load_hdf5.py"],
    "pyarrow": ["verify/dictionaries/load_parquet.py"],
    "safetensors": ["verify/dictionaries/load_safetensors.py", "verify/networks/"],
    "scipy": ["verify/solvers/", "verify/dictionaries/load_mat.py"],
    "sklearn": ["verify/solvers/"],
    "threadpoolctl": ["verify/solvers/"],
    "sympy": ["verify/theorems/", "verify/dictionaries/algebraic/"],
    "networkx": ["verify/theorems/", "verify/facts/confusable_groups.py"],
    "matplotlib": ["verify/report/"],
    "jinja2": ["verify/report/"],
    "onnx": ["verify/networks/"],
    "onnxruntime": ["verify/networks/"],
}


def imports(path: Path) -> Iterator[tuple[ast.AST, str, bool]]:
    """Yield (node, absolute dotted name, whether at module level) of every import in a file."""
    tree = ast.parse(path.read_text())
    package = list(path.relative_to(ROOT).with_suffix("").parts[:-1])
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name, id(node) in top
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield node, ".".join([*base, *([node.module] if node.module else [])]), id(node) in top


def layer(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "verify" and len(parts) > 1 else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layers_import_only_what_stands_below(path: Path) -> None:
    own = path.relative_to(ROOT / "verify").with_suffix("").parts[0]
    if own in ("__init__", "__main__"):
        return
    assert own in LAYERS, f"{own} has no place in the order of layers"
    for node, name, _ in imports(path):
        other = layer(name)
        if other is not None:
            assert LAYERS.index(other) <= LAYERS.index(own), f"line {node.lineno}: {own} imports {other}"
            assert (own, other) not in STRANGERS, f"line {node.lineno}: {own} imports {other}"
        if name.split(".")[0] == "certificates":
            assert own in MAY_IMPORT_CERTIFICATES, f"line {node.lineno}: {own} imports certificates"
        if own == "report" and other is not None:
            assert other in {"errors", "verdict", "files", "report"}, f"line {node.lineno}: report imports {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_dependencies_have_one_door(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    for node, name, _ in imports(path):
        doors = DOORS.get(name.split(".")[0])
        if doors is not None:
            assert any(where.startswith(door) for door in doors), f"{where}:{node.lineno} imports {name}"


def test_theorem_files_do_not_import_each_other() -> None:
    for path in (ROOT / "verify/theorems").glob("*.py"):
        if path.stem in ("__init__", "theorem"):
            continue
        others = {name for _, name, _ in imports(path) if name.startswith("verify.theorems")}
        assert all(n == "verify.theorems.theorem" or n.startswith("verify.theorems.language.") for n in others), path


def test_no_star_imports_and_no_vague_modules() -> None:
    for path in [*FILES, *(ROOT / "certificates").rglob("*.py")]:
        assert path.stem not in ("utils", "misc", "helpers"), path
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert all(alias.name != "*" for alias in node.names), path


def test_files_stay_small() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in FILES}
    assert not {path: length for path, length in lengths.items() if length > 400}


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(name.split('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.split())


def test_import_verify_is_light() -> None:
    heavy = {"torch", "clarabel", "cvxpy", "sympy", "matplotlib", "numpy", "flint", "rich", "typer"}
    assert not loaded_after("import verify") & heavy


def test_a_check_loads_nothing_it_does_not_need() -> None:
    loaded = loaded_after("import verify; verify.check_dictionary([[1, 0, 1], [0, 1, 1]])")
    assert {"numpy", "flint", "certificates"} <= loaded
    assert not loaded & {"torch", "cvxpy", "sympy", "matplotlib", "scipy", "jinja2", "rich"}


def test_a_quick_check_of_some_size_loads_no_solver() -> None:
    """Above 48 dimensions large factorizations come from SciPy."""
    code = "import numpy as np, verify; verify.check_dictionary(np.random.default_rng(0).standard_normal((20, 40)))"
    assert not loaded_after(code) & {"torch", "cvxpy", "sympy", "matplotlib", "scipy", "jinja2", "rich"}


def test_help_loads_neither_numpy_nor_sympy() -> None:
    code = "import sys; sys.argv = ['verify', '--help']; from verify.cli import main; main()"
    code += "; print('LOADED', ' '.join(name.split('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split("LOADED")[1].split())
    assert not loaded & {"numpy", "sympy", "torch", "cvxpy", "matplotlib", "flint", "scipy"}


def test_the_public_surface_exists() -> None:
    import verify

    for name in verify.__all__:
        assert getattr(verify, name) is not None
    assert set(dir(verify)) == set(verify.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = verify.nothing
