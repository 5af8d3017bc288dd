"""The layers of a forward pass as they were typed: sources, and options for all layers or one for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError
from .convolutional import Filtering, whole_numbers

if TYPE_CHECKING:
    from ..networks.forward_pass.layers import Layer

_OF_FILTERS = ("axes", "stride", "dilation", "groups", "boundary")


def _parts(name: str, values: Sequence[str]) -> tuple[str, ...]:
    """Return what was given; of one text with colons the parts between: 2:1 is 2 for layer 1, and 1 for layer 2."""
    return tuple(values[0].split(":")) if len(values) == 1 and name in _OF_FILTERS else tuple(values)


def _groups(text: str) -> int:
    numbers = whole_numbers(text, "--groups")
    if len(numbers) != 1:
        raise InputError(f"--groups: expected one whole number for each layer, got {text[:40]!r}")
    return numbers[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """One source for each layer; `options` has by name what was typed, one value for all layers or one for each."""

    sources: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]]
    convolutional: bool
    atoms: str

    @staticmethod
    def of(
        sources: Sequence[str],
        options: Mapping[str, Sequence[str] | None],
        *,
        convolutional: bool,
        atoms: str,
    ) -> Layers:
        """Return the layers; raise InputError for options of filters without --convolutional, and other counts."""
        given = {name: _parts(name, values) for name, values in options.items() if values}
        for name, values in given.items():
            if name in _OF_FILTERS and not convolutional:
                raise InputError(f"--{name} is for filters: add --convolutional")
            if len(values) not in (1, len(sources)):
                raise InputError(
                    f"--{name}: expected one for all layers or {len(sources)}, one for each, got {len(values)}"
                )
        if convolutional and atoms != "columns":
            raise InputError("--atoms is for matrices: say the axes of filters by --axes")
        return Layers(sources=tuple(sources), options=given, convolutional=convolutional, atoms=atoms)

    def at(self, name: str, layer: int) -> str | None:
        """Return an option of one layer, None where it was not given."""
        values = self.options.get(name)
        return None if values is None else values[layer if len(values) > 1 else 0]

    def load(self) -> list[Layer]:
        """Return the dictionaries; raise InputError, which names the layer, for what cannot be read or does not fit."""
        found: list[Layer] = []
        for layer in range(len(self.sources)):
            try:
                found.append(self._load(layer))
            except InputError as error:
                where = f"layer {layer + 1}: " if len(self.sources) > 1 else ""
                raise type(error)(f"{where}{error}") from None
        return found

    def _load(self, layer: int) -> Layer:
        from ..dictionaries import load

        source, key = self.sources[layer], self.at("key", layer)
        if not self.convolutional:
            return load(source, atoms=self.atoms, key=key)
        groups = self.at("groups", layer)
        filtering = Filtering(
            axes=self.at("axes", layer),
            stride=self.at("stride", layer),
            dilation=self.at("dilation", layer),
            groups=None if groups is None else _groups(groups),
            boundary=self.at("boundary", layer),
        )
        return filtering.load(source, key)

    @property
    def typed(self) -> list[str]:
        """The options as they were typed."""
        words = ["--convolutional"] if self.convolutional else []
        words += [word for name, values in self.options.items() for value in values for word in (f"--{name}", value)]
        return words + (["--atoms", self.atoms] if self.atoms != "columns" else [])
