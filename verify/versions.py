"""The versions that matter for a result."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

VERSION = "0.1.0"
PRODUCER = f"sparse-verify {VERSION}"

_PACKAGES = ("numpy", "python-flint", "sympy", "cvxpy", "torch")


def versions() -> dict[str, str]:
    """Return the versions of sparse-verify, Python and the packages that results depend on; imports none of them."""
    found = {"sparse-verify": VERSION, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
