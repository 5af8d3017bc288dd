"""Makes `exact_reference`, the exact arithmetic of the tests, importable from every folder of tests.

Every process of the tests, and every program that they start, computes with one thread: matrices are small here, and
threads that wait for each other would take the cores from the other worker.
"""

import os
import zlib

import pytest

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked `sampled(n)` one instance in n, and the first of each, is not `thorough`: always the same ones."""
    seen: set[str] = set()
    for item in items:
        mark = item.get_closest_marker("sampled")
        function = item.nodeid.split("[")[0]
        if mark is not None and function in seen and zlib.crc32(item.nodeid.encode()) % mark.args[0]:
            item.add_marker("thorough")
        seen.add(function)
