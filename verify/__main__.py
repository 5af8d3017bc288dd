"""`python -m verify`: the portable form of the command `verify`."""

import sys

from .cli import main

sys.exit(main())
