"""Unrolled networks of convolutions: built, stored, evaluated, and bounded for signals of every size."""
