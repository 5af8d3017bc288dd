"""What the searches left out, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .measure import Facts


def unfinished(facts: Facts, *, stopped: bool) -> tuple[str, ...]:
    """Name what was not measured of dependent atoms and could be, given more time or effort; each once.

    `stopped` says that the budget ended, or Ctrl-C.
    """
    left: list[str] = []
    if facts.babel is None:
        left.append("Babel function")
    sets = facts.enumeration
    size = 1 if sets is None else sets.size
    if (sets is None or sets.circuit is None) and size < min(facts.m, facts.n - 1):
        left.append(f"independence of all sets of {size + 1} atoms")
    if facts.generalized is None:
        left.append("generalized coherence")
    elif facts.generalized.unfinished:
        atoms = facts.generalized.unfinished
        left.append(f"generalized coherence of {atoms} atom{'s' if atoms > 1 else ''}")
    left += _null_space(facts, stopped=stopped)
    last = facts.isometries[-1] if facts.isometries else None
    level = 1 if last is None else last.level
    if level < facts.n and (last is None or last.lower < 1):
        left.append(f"restricted isometry constants from level {level + 1} on")
    return tuple(dict.fromkeys(left))


def _null_space(facts: Facts, *, stopped: bool) -> list[str]:
    if not facts.is_real:
        return []
    if facts.null_space is None:
        return ["null-space constants"]
    guaranteed, refuted = facts.null_space.guaranteed, facts.null_space.refuted
    level = 1 + (0 if guaranteed is None else guaranteed.level)
    is_open = refuted is None or refuted.level > level
    left = list(facts.null_space.unfinished)
    return [*left, f"null-space constants from level {level} on"] if stopped and is_open else left
