"""Every console block of the README prints what the README shows, and every Python block runs.

`python tests/test_readme.py` writes the blocks anew after the program has changed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"```(console|python)\n(.*?)```", re.DOTALL)


def run(command: str, folder: Path) -> str:
    """Run a shell command as a reader would, in a folder that holds the checker, and return its stdout."""
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"}
    environment.pop("COLUMNS", None)
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert "Traceback" not in done.stderr, done.stderr
    return re.sub(r"[ ]+$", "", done.stdout, flags=re.MULTILINE)


def rendered(text: str, folder: Path) -> str:
    """Return the README with every block's output replaced by what the program prints now."""
    (folder / "certificates").symlink_to(README.parent / "certificates")

    def replace(match: re.Match[str]) -> str:
        language, body = match[1], match[2]
        if language == "python":
            script = folder / "block.py"
            script.write_text(body)
            assert run(f"python {script}", folder) == ""
            return match[0]
        commands = [line for line in body.splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{run(line[2:], folder)}" for line in commands) + "```"

    return BLOCK.sub(replace, text)


def test_readme_blocks_print_what_the_readme_shows(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    assert len(BLOCK.findall(text)) >= 4
    assert rendered(text, tmp_path) == text


def test_a_failing_python_block_is_noticed(tmp_path: Path) -> None:
    try:
        rendered("```python\nassert False\n```", tmp_path)
    except AssertionError:
        return
    raise RuntimeError("a failing block went unnoticed")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        README.write_text(rendered(README.read_text(encoding="utf-8"), Path(name)), encoding="utf-8")
