"""Which solvers there are, what each can solve, and whether it is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

from ..errors import InputError
from .active_set import bpdn_by_active_set, lasso_by_active_set
from .cones import by_cvxpy
from .coordinate_descent import lasso_by_scikit_learn
from .highs import basis_pursuit_by_highs
from .l1_programs import Effort, L1Program, Proposal, Solver
from .mixed_integer import Counter, by_highs, by_scip

_ALL = ("basis-pursuit", "bpdn", "lasso")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A solver by name: the problems it takes, whether complex ones too, and the packages it is made of.

    `solver` is for l1 problems, `counter` for those that count nonzeros.
    """

    name: str
    kinds: tuple[str, ...]
    packages: tuple[str, ...]
    solver: Solver | None = None
    counter: Counter | None = None
    modules: tuple[str, ...] = ()
    for_complex: bool = False

    def load(self) -> None:
        """Import what the solver needs, so that its seconds are those of solving; what fails here fails in `solve`."""
        for module in self.modules:
            with suppress(Exception):
                import_module(module)

    def solve(self, program: L1Program, effort: Effort) -> Proposal:
        """Return what the solver proposes; what it raises besides InputError becomes a status."""
        assert self.solver is not None
        try:
            return self.solver(program, effort)
        except InputError:
            raise
        except Exception as error:  # a solver that fails costs time, never an answer
            return Proposal(code=None, dual=None, status=f"failed: {type(error).__name__}: {str(error)[:120]}")

    def versions(self) -> dict[str, str]:
        """Return the versions of its packages."""
        return {package: version(package) for package in self.packages}

    def missing(self) -> list[str]:
        """Return its packages that are not installed."""
        return [package for package in self.packages if not _is_installed(package)]

    def refuse(self, kind: str, *, is_complex: bool) -> None:
        """Raise InputError if it cannot solve a problem of this kind, or is not installed."""
        others = "; for this problem: " + ", ".join(["auto", *available(kind, is_complex=is_complex)])
        if kind not in self.kinds:
            raise InputError(f"the backend {self.name} does not solve {kind}{others}")
        if is_complex and not self.for_complex:
            raise InputError(f"the backend {self.name} does not solve {kind} for complex dictionaries{others}")
        missing = self.missing()
        if missing:
            raise InputError(f"the backend {self.name} needs {missing[0]}: pip install {' '.join(missing)}")


_ACTIVE: Callable[[L1Program, Effort], Proposal] = lambda program, effort: (  # noqa: E731
    lasso_by_active_set if program.kind == "lasso" else bpdn_by_active_set
)(program, effort)

BACKENDS: dict[str, Backend] = {
    found.name: found
    for found in (
        Backend(name="active-set", kinds=("bpdn", "lasso"), solver=_ACTIVE, packages=("numpy",)),
        Backend(
            name="highs",
            kinds=("basis-pursuit", "sparsest"),
            solver=basis_pursuit_by_highs,
            counter=by_highs,
            packages=("highspy",),
            modules=("highspy", "scipy.optimize"),
        ),
        Backend(
            name="clarabel",
            kinds=_ALL,
            solver=partial(by_cvxpy, "CLARABEL"),
            packages=("clarabel", "cvxpy"),
            modules=("cvxpy", "clarabel"),
            for_complex=True,
        ),
        Backend(
            name="scs",
            kinds=_ALL,
            solver=partial(by_cvxpy, "SCS"),
            packages=("scs", "cvxpy"),
            modules=("cvxpy", "scs"),
            for_complex=True,
        ),
        Backend(
            name="osqp",
            kinds=("basis-pursuit", "lasso"),
            solver=partial(by_cvxpy, "OSQP"),
            packages=("osqp", "cvxpy"),
            modules=("cvxpy", "osqp"),
        ),
        Backend(
            name="scikit-learn",
            kinds=("lasso",),
            solver=lasso_by_scikit_learn,
            packages=("scikit-learn",),
            modules=("sklearn.linear_model",),
        ),
        Backend(
            name="scip",
            kinds=("sparsest", "k-sparse"),
            counter=by_scip,
            packages=("pyscipopt",),
            modules=("pyscipopt",),
        ),
    )
}


def backend(name: str, kind: str) -> Backend:
    """Return a backend by name; raise InputError for an unknown one, naming those for the problem."""
    if name not in BACKENDS:
        names = [other for other, found in BACKENDS.items() if kind in found.kinds]
        raise InputError(f"expected a backend among {', '.join(['auto', *names])} for {kind}, got {name!r}")
    return BACKENDS[name]


def available(kind: str, *, is_complex: bool) -> Iterator[str]:
    """Yield the names of the installed backends for a kind of problem."""
    for name, found in BACKENDS.items():
        if kind in found.kinds and (found.for_complex or not is_complex) and not found.missing():
            yield name


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
