"""The convolutional form of a stored network: NET.cnn.json beside NET.safetensors and NET.json (docs/networks.md)."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ...errors import InputError
from ...files import reason, shown, write_atomically
from ..stored import LARGEST_DESCRIPTION, load_network, parsed, save_network
from .general_construction import SequenceCNN

_KIND = "sequence-cnn"


def description_path(path: str | os.PathLike[str]) -> Path:
    """Return where the description of the convolutional form of the network at `path` is."""
    return Path(path).with_suffix(".cnn.json")


def save_sequence_cnn(cnn: SequenceCNN, path: str | os.PathLike[str]) -> None:
    """Write the network to `path`, which ends in .safetensors, and beside it its description and that of the CNN.

    The weights of the CNN are those of the network, 0, 1 and -1, so that its description is the kernel size and the
    digest of the network. Guarantee: as `save_network`. Raises InputError if that is impossible.
    """
    save_network(cnn.network, path)
    fields = {"kernel_size": cnn.kernel_size, "kind": _KIND, "network_sha256": cnn.network.digest, "schema": 1}
    write_atomically(description_path(path), json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def load_sequence_cnn(path: str | os.PathLike[str]) -> SequenceCNN:
    """Read a network and its convolutional form.

    Raises InputError, one line, for what `load_network` refuses, and for a description that is not exactly one of this
    network.
    """
    network, target = load_network(path), description_path(path)
    try:
        with target.open("rb") as file:
            data = file.read(LARGEST_DESCRIPTION)
    except OSError as error:
        raise InputError(f"{shown(target)}: cannot be read: {reason(error)}") from None
    fields = parsed(data, f"{shown(target)}: the description")
    if set(fields) != {"kernel_size", "kind", "network_sha256", "schema"}:
        raise InputError(f"{shown(target)}: expected the fields kernel_size, kind, network_sha256 and schema")
    if type(fields["schema"]) is not int or fields["schema"] != 1 or fields["kind"] != _KIND:
        raise InputError(f"{shown(target)}: the description is not of schema 1 and kind {_KIND}")
    if fields["network_sha256"] != network.digest:
        raise InputError(f"{shown(target)}: the description is of another network than the one beside it")
    return SequenceCNN.of(network, fields["kernel_size"])
