"""Filters from a convolutional layer of torch: which boundary its padding is, and what cannot be one is refused."""

from __future__ import annotations

from typing import Any

from ..errors import InputError
from .convolutional import Boundary, ConvolutionalDictionary, SourceLayer
from .dictionary import Origin
from .filters_of import expanded
from .load_tensor import entries_of_tensor

_LAYERS = ("Conv1d", "Conv2d", "ConvTranspose1d", "ConvTranspose2d")


def module_filters(module: object, boundary: str | None = None) -> ConvolutionalDictionary:
    """Return the dictionary of a torch layer: D^T is a Conv1d or Conv2d, D a ConvTranspose1d or ConvTranspose2d.

    The weight is the filters, groups and dilation expanded. Without padding the boundary is `full`; zeros of (t-1)/2
    on both sides at stride 1, t the dilated length, make it `same`; padding circularly by p with t - stride <= 2 p < t
    makes it `circular`, the signals rolled by p. A `boundary` that is given must be the one found. A bias is left out,
    and the remarks say so. Raises InputError for other modules, padding modes and paddings.
    """
    name = next((name for name in _LAYERS if name in _torch_names(module)), None)
    if name is None:
        wanted = "a Conv1d, Conv2d, ConvTranspose1d or ConvTranspose2d of torch"
        raise InputError(f"expected {wanted}, got {type(module).__name__[:60]}")
    layer: Any = module
    if hasattr(layer.weight, "materialize"):
        raise InputError(f"{type(module).__name__[:60]} has no weight yet: call it once first")
    entries = entries_of_tensor(layer.weight)
    extents = [d * (t - 1) + 1 for d, t in zip(layer.dilation, layer.kernel_size, strict=True)]
    padding = _padding(layer, extents)
    found = _boundary(layer, extents, padding)
    if boundary is not None and boundary != found:
        raise InputError(f"expected the boundary {boundary!r}, but the padding of this {name} makes it '{found}'")
    remarks = [*entries.remarks, f"the weight of a {name}"]
    if layer.bias is not None:
        remarks.append("its bias is left out")
    if found is Boundary.circular and any(padding):
        remarks.append(f"its signals are rolled by {' x '.join(map(str, padding))}")
    return expanded(
        entries.real,
        stride=layer.stride,
        dilation=layer.dilation,
        groups=layer.groups,
        boundary=found,
        origin=Origin(source=f"a {name}", loader="torch module", remarks=tuple(remarks)),
        layer=SourceLayer(kind=name, padding=tuple(padding)),
    )


def _torch_names(module: object) -> set[str]:
    return {base.__name__ for base in type(module).__mro__ if base.__module__ == "torch.nn.modules.conv"}


def _padding(layer: Any, extents: list[int]) -> list[int]:
    if layer.padding == "valid":
        return [0] * len(extents)
    if layer.padding == "same":
        if any(t % 2 == 0 for t in extents):
            lengths = " x ".join(map(str, extents))
            raise InputError(
                f"expected filters of odd length for padding 'same', where they are centred, got {lengths}"
            )
        return [(t - 1) // 2 for t in extents]
    return [int(p) for p in layer.padding]


def _boundary(layer: Any, extents: list[int], padding: list[int]) -> Boundary:
    sizes = f"padding {' x '.join(map(str, padding))} ({layer.padding_mode})"
    stated = f"filters of length {' x '.join(map(str, extents))} at stride {' x '.join(map(str, layer.stride))}"
    if any(getattr(layer, "output_padding", ())):
        raise InputError(
            f"expected no output_padding, got {layer.output_padding}: it adds entries that no atom reaches"
        )
    if layer.padding_mode == "circular":
        if all(t - s <= 2 * p < t for t, s, p in zip(extents, layer.stride, padding, strict=True)):
            return Boundary.circular
        raise InputError(f"expected circular padding p with t - stride <= 2p < t, got {sizes} for {stated}")
    if layer.padding_mode != "zeros" and any(padding):
        raise InputError(f"expected padding with zeros or circular padding, got {sizes}: no dictionary has such atoms")
    if not any(padding):
        return Boundary.full
    centred = all(2 * p == t - 1 for t, p in zip(extents, padding, strict=True))
    if centred and set(layer.stride) == {1}:
        return Boundary.same
    raise InputError(
        f"expected no padding ('full'), or (t-1)/2 at stride 1 ('same'), got {sizes} for {stated}: "
        "the atoms at the ends would be cut in another way"
    )
