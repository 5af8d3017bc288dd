"""How long the commands take as whole processes: start-up beside a bare typer program, a check, the checker.

    python benchmarks/command_line.py [DICTIONARY.npy]

The bare program has the same commands with the same parameters and empty bodies, generated from ours. DICTIONARY
(default: a Gaussian 250 x 500) is what the certificate for the checker is about. Best of several runs each.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import certificates

CHECKER = Path(certificates.__file__).parent / "checker.py"


def seconds(command: list[str], repeats: int = 5) -> float:
    """Return the best wall time of a command that must succeed."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        best = min(best, time.perf_counter() - start)
    return best


def bare_program() -> str:
    """Return a typer program with our commands' names, options and help texts, and nothing behind them."""
    from verify.budget import Effort
    from verify.cli import app, options
    from verify.verdict import Question, Scaling

    bodies = []
    for command in app.registered_commands:
        source = inspect.getsource(command.callback)
        head = source[: source.index('"""', source.index('"""') + 3) + 3]
        bodies.append(f"{head}\n    return 0\n\napp.command({command.name!r})({command.callback.__name__})\n")
    shared = inspect.getsource(options).replace("from __future__ import annotations", "")
    enums = ""
    for line in ("from ..verdict import Question, Scaling", "from ..budget import Effort"):
        shared = shared.replace(line, "")
    for kind in (Question, Scaling, Effort):
        members = "".join(f"    {member.name} = {member.value!r}\n" for member in kind)
        enums += f"class {kind.__name__}(StrEnum):\n{members}\n\n"
    start = "from __future__ import annotations\nfrom enum import StrEnum\nfrom pathlib import Path\n"
    return start + enums + shared + "\napp = typer.Typer()\n" + "\n".join(bodies) + "\napp()\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare, small = Path(folder) / "bare.py", Path(folder) / "small.npy"
        bare.write_text(bare_program())
        ours, theirs = (
            seconds([sys.executable, "-m", "verify", "--help"]),
            seconds([sys.executable, str(bare), "--help"]),
        )
        ratio = ours / theirs
        print(f"verify --help                     {ours:6.2f} s, bare typer program {theirs:.2f} s, ratio {ratio:.2f}")

        np.save(small, np.random.default_rng(0).standard_normal((100, 200)))
        check = [sys.executable, "-m", "verify", "check-dictionary"]
        print(f"check-dictionary 100 x 200        {seconds([*check, str(small)]):6.2f} s, whole process")

        large, certificate = Path(folder) / "large.npy", Path(folder) / "certificate.json"
        np.save(
            large, np.load(sys.argv[1]) if len(sys.argv) > 1 else np.random.default_rng(0).standard_normal((250, 500))
        )
        made = seconds([*check, str(large), "--certificate", str(certificate)], repeats=1)
        checked = seconds(
            [sys.executable, "-I", "-S", str(CHECKER), str(certificate), "--dictionary", str(large)], repeats=2
        )
        size = certificate.stat().st_size
        print(f"check-dictionary 250 x 500        {made:6.2f} s, whole process, with certificate of {size} bytes")
        print(f"checker.py on that certificate    {checked:6.2f} s, bare interpreter")


if __name__ == "__main__":
    main()
