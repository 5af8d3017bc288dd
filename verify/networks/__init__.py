"""Explicit networks that compute sparse codes: built, stored, run and exported (docs/networks.md)."""
