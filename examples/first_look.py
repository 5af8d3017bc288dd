"""What do results look like in a notebook? Runs the cells below and writes first_look.ipynb with what they show.

No notebook server is needed: a cell shows what it prints and, as a notebook does, the HTML of its last expression.

    python examples/first_look.py [-o NOTEBOOK.ipynb]
"""

import argparse
import ast
import contextlib
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

CELLS = (
    "# A first look\n\nWhat does a dictionary guarantee about its sparse codes? Everything shown was accepted by the "
    "independent checker.",
    'import verify\nimport verify.problems\n\nD = verify.load("builtin:identity-hadamard:16")\n'
    'verify.check_dictionary(D, sparsity=2, questions=("l0", "l1", "omp"))',
    "At level 4 basis pursuit fails: there is an exact counterexample.",
    "result = verify.check_dictionary(D, sparsity=4)\nassert isinstance(result.verdicts[0], verify.Refuted)\n"
    "print(result.verdicts[0].theorem)\nresult",
    "One signal, solved with proof.",
    "verify.solve_problem(verify.problems.BasisPursuit.of([[3, 0, 2], [0, 3, 2]], [4, 4]))",
    "An explicit ReLU network for the 1-sparse codes, and the bound of its error, rounding included.",
    'built = verify.build_unrolled(D, sparsity=1, bound=1, noise="1/1000", layers=8, weights="dictionary")\n'
    'verify.certify_network(built.network, D, sparsity=1, noise="1/1000")',
)
"""Text and code in turn."""


def executed(code: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a cell and return its outputs in the notebook format."""
    body = ast.parse(code).body
    last = body.pop() if isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None
    outputs: list[dict[str, Any]] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": printed.getvalue()})
    if value is not None:
        shown = {"text/html": value._repr_html_(), "text/plain": type(value).__name__}
        outputs.append({"data": shown, "execution_count": None, "metadata": {}, "output_type": "execute_result"})
    return outputs


def notebook() -> dict[str, Any]:
    """Return the notebook, executed."""
    names: dict[str, Any] = {}
    cells: list[dict[str, Any]] = []
    for at, text in enumerate(CELLS):
        cell: dict[str, Any] = {"id": f"cell-{at}", "metadata": {}, "source": text}
        if at % 2 == 0:
            cells.append({"cell_type": "markdown", **cell})
            continue
        cells.append({"cell_type": "code", "execution_count": None, "outputs": executed(text, names), **cell})
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def main() -> None:
    """Write the notebook, by default to a temporary folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", type=Path, help="write the notebook here")
    output = parser.parse_args().output or Path(tempfile.mkdtemp()) / "first_look.ipynb"
    text = json.dumps(notebook(), indent=1, sort_keys=True) + "\n"
    output.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(text)} characters, {text.count('execute_result')} results\n")


if __name__ == "__main__":
    main()
