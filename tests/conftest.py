"""Makes `exact_reference`, the exact arithmetic of the tests, importable from every folder of tests."""
