"""What a certificate is about, as it was typed: dictionaries, filters, or the matrix of filters of one size."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError
from .completion import complete_source
from .convolutional import Filtering, whole_numbers
from .options import Atoms

if TYPE_CHECKING:
    import certificates

    from ..dictionaries.convolutional import ConvolutionalDictionary
    from ..dictionaries.dictionary import Dictionary
    from ..dictionaries.signals import Signals

AboutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--dictionary",
        metavar="SOURCE",
        help="The dictionary that the certificate is about; for a chain once for each, in order.",
        autocompletion=complete_source,
        show_default=False,
    ),
]
FiltersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--filters",
        metavar="SOURCE",
        help="The filters that it is about, as for the checker; for a chain once for each, and --stride 2:1 and so on "
        "have a part for each. --dictionary SOURCE --convolutional says the same.",
        show_default=False,
    ),
]
SizeOption = Annotated[
    str | None,
    typer.Option(
        "--size",
        metavar="N[,N]",
        help="With filters, the lengths of the signals: what is meant is the matrix of this one size.",
        show_default=False,
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """Sources of dictionaries, or of filters and how they are read; `size` is that of signals, for their matrix."""

    sources: tuple[str, ...]
    atoms: Atoms
    key: str | None
    filtering: Filtering
    size: tuple[int, ...] | None = None
    is_filters: bool = False

    @staticmethod
    def matrices(sources: Sequence[str], atoms: Atoms, key: str | None) -> HandedIn:
        """Return dictionaries."""
        how = Filtering(axes=None, stride=None, dilation=None, groups=None, boundary=None)
        return HandedIn(sources=tuple(sources), atoms=atoms, key=key, filtering=how)

    @staticmethod
    def of(
        dictionary: Sequence[str] | None,
        filters: Sequence[str] | None,
        filtering: Filtering,
        *,
        convolutional: bool,
        size: str | None,
        read: tuple[Atoms, str | None],
    ) -> HandedIn:
        """Return what was typed; raise InputError for options that do not belong together."""
        atoms, key = read
        sources = tuple(dictionary or ())
        if filters and sources:
            raise InputError("--filters goes in place of --dictionary, got both")
        if not sources and not filters:
            raise InputError("expected --dictionary SOURCE, or --filters SOURCE, got neither")
        is_filters = convolutional or bool(filters)
        if not is_filters:
            filtering.refuse_without()
            if size is not None:
                raise InputError("--size is for filters: add --convolutional")
        else:
            sources = sources or tuple(filters or ())
            if len(sources) > 1 and size is not None:
                raise InputError(f"--size is for the filters of one source, got {len(sources)}")
            filtering.refuse_rows(atoms)
        lengths = None if size is None else whole_numbers(size, "--size")
        return HandedIn(sources=sources, atoms=atoms, key=key, filtering=filtering, size=lengths, is_filters=is_filters)

    def sized(self, signal: str | None, code: str | None) -> HandedIn:
        """Return the same with the size of the signals, or of those of the codes, where filters come with a file."""
        if not self.is_filters or len(self.sources) > 1 or (signal is None) == (code is None):
            return self
        from .convolutional_matrix import lengths_of

        role, file = ("signal", signal) if code is None else ("code", code)
        return replace(self, size=lengths_of(self.filters(), file or "", role, self.size))

    @property
    def is_matrix(self) -> bool:
        """Whether dictionaries are meant: also the matrix of filters of one size."""
        return not self.is_filters or self.size is not None

    @property
    def typed(self) -> str:
        """The options of filters as they were typed, with a space before each; nothing for dictionaries."""
        if not self.is_filters:
            return ""
        key = "" if self.key is None else f" --key {shlex.quote(self.key)}"
        size = "" if self.size is None else f" --size {','.join(map(str, self.size))}"
        return f" --convolutional{self.filtering.typed}{key}{size}"

    def filters(self, at: int = 0) -> ConvolutionalDictionary:
        """Return the filters, of a chain those in one place."""
        return self.filtering.for_layer(at, len(self.sources)).load(self.sources[at], self.key)

    @property
    def grid(self) -> tuple[int, ...]:
        """For the matrix of filters of one size, their number and the lengths of codes; else nothing."""
        if not self.is_filters or self.size is None:
            return ()
        filters = self.filters()
        return (filters.channels[0], *filters.code_lengths(self.size))

    def dictionaries(self, most: int | None = None) -> list[Dictionary]:
        """Return the dictionaries, or the matrix of filters of one size, of at most so many entries."""
        from ..dictionaries import load

        if self.is_filters:
            from .convolutional_matrix import matrix_of

            return [matrix_of(self.filters(), self.size or (), most)]
        return [load(source, atoms=self.atoms.value, key=self.key) for source in self.sources]

    def filter_subject(self, loaders: list[str]) -> certificates.Filters | list[certificates.Filters]:
        """Return filters, or those of a chain, for the checker; see `_filters_at`."""
        found = [self._filters_at(at, loaders) for at in range(len(self.sources))]
        return found if len(found) > 1 else found[0]

    def _filters_at(self, at: int, loaders: list[str]) -> certificates.Filters:
        """Return filters for the checker: read by itself if it can, else by verify's loader, which is then noted."""
        import certificates
        from certificates.filters import read_filters

        from ..certify.check_convolutional import filters_subject

        dictionary, how = self.filters(at), self.filtering
        if Path(self.sources[at]).suffix.lower() == ".npy" and how.axes is how.dilation is how.groups is None:
            stride = ",".join(map(str, dictionary.stride))
            with contextlib.suppress(certificates.SubjectError):
                return read_filters(Path(self.sources[at]), stride, dictionary.boundary.value)
        loaders.append(f"verify's loader {dictionary.origin.loader!r}, for reading the filters handed in")
        return filters_subject(dictionary)

    def signals(self, file: str, role: str) -> Signals | None:
        """Return the signals or codes of a file where they are those of filters, else None: columns, as they stand."""
        if not self.is_filters:
            return None
        from .convolutional_matrix import columns_of

        return columns_of(self.filters(), file, role, self.size)
