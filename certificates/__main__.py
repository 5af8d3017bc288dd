"""`python -m certificates CERTIFICATE --dictionary FILE` is the checker."""

from .checker import run

run()
