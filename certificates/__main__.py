"""`python -m certificates CERTIFICATE --dictionary FILE` is the checker."""

import sys

from .checker import main

sys.exit(main())
