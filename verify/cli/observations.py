"""What a report of a dictionary shows beside what is proved: pictures of pairs, and atoms as images."""

from __future__ import annotations

from dataclasses import replace

from ..dictionaries.dictionary import Dictionary
from ..facts.atom_tiles import atom_tiles
from ..facts.gram_picture import gram_picture
from ..facts.pairs_picture import PairsPicture, SeenPair, pairs_picture
from ..facts.welch import welch_bound_squared
from ..report import Observation, Report, Tile

MOST_TILES = 100
_WORST = "Worst pairs of atoms"
_SHADES = {
    "signed": "Mid-grey is 0",
    "nonnegative": "Black is 0",
    "moduli": "Moduli of complex entries; black is 0",
}


def pairs_observed(dictionary: Dictionary) -> tuple[Observation, ...]:
    """Return the coherence of every pair where atoms are few, else a histogram and the worst pairs."""
    cells = gram_picture(dictionary)
    if cells is not None:
        data = {"values": cells, "atoms": dictionary.shape[1]}
        return (Observation(title="Coherence of every pair of atoms", kind="heat-map", data=data),)
    seen = pairs_picture(dictionary)
    if seen is None:
        return ()
    pairs = [(pair.first, pair.second, _words(pair)) for pair in seen.worst]
    return (_histogram(dictionary, seen), Observation(title=_WORST, kind="pairs", data={"pairs": pairs}))


def with_tiles(model: Report, dictionary: Dictionary, shape: tuple[int, ...] | None) -> Report:
    """Return the report with its atoms, and the worst pairs of them, as images."""
    if shape is None:
        return model
    n = dictionary.shape[1]
    seen = pairs_picture(dictionary)
    worst = () if seen is None else seen.worst
    marked = sorted({atom for pair in worst for atom in (pair.first, pair.second)})
    others = (atom for atom in range(n) if atom not in marked)
    chosen = sorted([*marked, *(atom for atom, _ in zip(others, range(MOST_TILES - len(marked)), strict=False))])
    found = atom_tiles(dictionary, shape, chosen)
    tiles = {
        t.atom: Tile(atom=t.atom, height=t.height, width=t.width, channels=t.channels, pixels=t.pixels)
        for t in found.tiles
    }
    every = "All atoms" if len(chosen) == n else f"{len(chosen)} of the {n} atoms"
    frames = ", framed those of the worst pairs" if marked else ""
    note = f"{every}{frames}. {_SHADES[found.shades]}, and each atom is stretched to its own largest entry."
    shown = [
        Observation(
            title="Atoms", kind="tiles", data={"tiles": list(tiles.values()), "marked": frozenset(marked)}, note=note
        )
    ]
    if worst:
        pairs = [(tiles[pair.first], tiles[pair.second], _words(pair)) for pair in worst]
        shown.insert(0, Observation(title=_WORST, kind="tile-pairs", data={"pairs": pairs}))
    return replace(model, observations=(*(o for o in model.observations if o.kind != "pairs"), *shown))


def _histogram(dictionary: Dictionary, seen: PairsPicture) -> Observation:
    m, n = dictionary.shape
    marks = [("μ", seen.worst[0].coherence)]
    note = f"All {n * (n - 1) // 2:,} pairs of the {n:,} atoms, counted on a logarithmic scale."
    if n > m:
        marks.append(("Welch bound", float(welch_bound_squared(m, n)) ** 0.5))
        note += f" μ is the largest; no {m} × {n} dictionary has one below the Welch bound."
    data = {"edges": seen.edges, "counts": seen.counts, "marks": marks, "scale": "log"}
    return Observation(title="Coherences of pairs of atoms", kind="histogram", data=data, note=note)


def _words(pair: SeenPair) -> str:
    return f"about {pair.coherence:.6f}{', opposite signs' if pair.opposite else ''}"
