"""Numerical solvers: raw problem in, `Candidate` out. What comes out proves nothing."""

from .candidate import Candidate

__all__ = ["Candidate"]
