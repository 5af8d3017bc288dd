"""Makes `exact_reference`, the exact arithmetic of the tests, importable from every folder of tests.

Every process of the tests, and every program that they start, computes with one thread: matrices are small here, and
threads that wait for each other would take the cores from the other worker.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
