"""Which solvers of l1 problems there are, what each can solve, and whether it is installed."""

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

_ALL = ("basis-pursuit", "bpdn", "lasso")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A solver by name: the problems it takes, whether complex ones too, and the packages it is made of."""

    name: str
    kinds: tuple[str, ...]
    solver: Solver
    packages: tuple[str, ...]
    modules: tuple[str, ...] = ()
    for_complex: bool = False

    def load(self) -> None:
        """Import what the solver needs, so that its seconds are those of solving; what fails here fails in `solve`."""
        for module in self.modules:
            with suppress(Exception):
                import_module(module)

    def solve(self, program: L1Program, effort: Effort) -> Proposal:
        """Return what the solver proposes; what it raises besides InputError becomes a status."""
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
        others = f"; for this problem: auto, {', '.join(available(kind, is_complex=is_complex))}"
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
            kinds=("basis-pursuit",),
            solver=basis_pursuit_by_highs,
            packages=("highspy",),
            modules=("highspy",),
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
    )
}


def backend(name: str) -> Backend:
    """Return a backend by name; raise InputError for an unknown one."""
    if name not in BACKENDS:
        raise InputError(f"expected a backend among auto, {', '.join(BACKENDS)}, got {name!r}")
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
