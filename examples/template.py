"""Template: copy this file, ask one question, answer it, and let the last lines be assertions.

Every script here is one question, runs in seconds, prints a short answer, and is run by the tests.
"""

import verify


def main() -> None:
    """Answer the question."""
    dictionary = verify.load("builtin:gaussian:20x40:7")
    result = verify.check_dictionary(dictionary, sparsity=1)
    (verdict,) = result.verdicts
    print(type(verdict).__name__, "at level", verdict.level)
    assert isinstance(verdict, verify.Guaranteed)


if __name__ == "__main__":
    main()
