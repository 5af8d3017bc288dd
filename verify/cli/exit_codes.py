"""Exit codes that are no verdicts, and errors as one line."""

from __future__ import annotations

import sys

BAD_INPUT, REJECTED, BUG, INTERRUPTED = 2, 4, 70, 130


def fail(message: str, code: int) -> int:
    """Say on stderr, in one printable line, what is wrong; return the exit code."""
    line = " ".join(message.split())
    sys.stderr.write(f"verify: {line if line.isprintable() else ascii(line)[1:-1]}\n")
    return code
