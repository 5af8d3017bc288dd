"""How the names of constants are written in LaTeX."""

from __future__ import annotations

import re

from ..theorem import Theorem

_GREEK = {"kappa": r"\kappa", "eps": r"\varepsilon", "xi": r"\xi", "alpha": r"\alpha", "mu": r"\mu", "delta": r"\delta"}
_WORDS = {"linf": r"\infty", "l1": "1", "l2": "2"}


def tex_symbols(entry: Theorem) -> dict[str, str]:
    """Return how the variables and the constants of a statement are written in LaTeX."""
    return {v.name: v.tex for v in entry.variables} | {name: tex_name(name) for name in entry.constants}


def tex_name(name: str) -> str:
    """Return a name as LaTeX: `C_2` stays, `error_linf` becomes an upright word with an index."""
    stem, _, index = name.partition("_")
    shown = _GREEK.get(stem) or (stem if re.fullmatch("[A-Za-z]", stem) else rf"\mathrm{{{stem}}}")
    if not index:
        return shown
    words = (_WORDS.get(word) or (word if len(word) == 1 else rf"\mathrm{{{word}}}") for word in index.split("_"))
    return rf"{shown}_{{{','.join(words)}}}"
