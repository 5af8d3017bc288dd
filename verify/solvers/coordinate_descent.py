"""LASSO by scikit-learn's coordinate descent or least-angle regression, where it is installed."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .l1_programs import Effort, L1Program, Proposal

_MOST_SWEEPS = 20_000


def lasso_by_scikit_learn(program: L1Program, effort: Effort) -> Proposal:
    """Propose a code for a real LASSO. `method` among the options is `coordinate-descent` (default) or `lars`."""
    from sklearn.linear_model import Lasso, LassoLars

    options: dict[str, Any] = dict(effort.options)
    method = str(options.pop("method", "coordinate-descent"))
    m = program.atoms.shape[0]
    settings: dict[str, Any] = {"alpha": program.parameter / m, "fit_intercept": False, "positive": program.nonnegative}
    if method == "lars":
        model = LassoLars(**settings, **options)
    else:
        defaults = {"tol": effort.tolerance, "max_iter": _MOST_SWEEPS}
        model = Lasso(**settings, **{**defaults, **options})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(program.atoms / program.costs, program.signal)
    code = np.asarray(model.coef_, dtype=np.float64) / program.costs
    return Proposal(code=code, dual=None, status=f"{method}, {model.n_iter_} iterations")
