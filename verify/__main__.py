"""`python -m verify`: the portable form of the command `verify`, and what that command runs."""

import sys


def run() -> int:
    """Run the command line; an interruption while it is still being imported ends it in one line too."""
    try:
        from .cli import main

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("verify: interrupted\n")
        return 130


if __name__ == "__main__":
    sys.exit(run())
