"""The rule that looks at all sets of s atoms (SPEC.md section 6.2)."""

from __future__ import annotations

from .dictionary import Dictionary
from .facts import read_modulus
from .values import Fields, Reject, Statement, Task

_ENDLESS = 1 << 100
"""Work that nobody can wait for; it is not counted further."""


def spark_by_enumeration(dictionary: Dictionary, evidence: object) -> Task:
    """Every s atoms are independent modulo p: spark >= s + 1."""
    fields = Fields(evidence, ("modulus", "point", "root", "size"))
    modulus, root = read_modulus(dictionary, fields)
    point, size = fields.natural("point"), fields.natural("size")
    if size == dictionary.n:
        raise Reject("size is the number of atoms: use independence-by-rank")
    most = min(dictionary.m, dictionary.n - 1)
    if not 2 <= size <= most:
        raise Reject(f"size is not from 2 to {most}, the dimension and the atoms but one")

    def derive(_: object) -> Statement:
        first, *rows = _images(dictionary, [pow(point, r, modulus) for r in range(1, size + 1)], modulus, root)
        inverses = _inverses(first, modulus)
        _compare([[x * i % modulus for x, i in zip(row, inverses, strict=True)] for row in rows], modulus)
        return {"kind": "spark-lower", "theorem": "spark-by-enumeration", "value": size + 1}

    return Task((), _work(dictionary, size, modulus), derive)


def _work(dictionary: Dictionary, size: int, modulus: int) -> int:
    """Count the columns that elimination brings to (1, y, ..): one for every set of 1 .. size - 1 atoms."""
    n, digits = dictionary.n, modulus.bit_length() // 30 + 1
    product = 60 + 40 * digits**2
    entries = dictionary.parts * n * dictionary.m
    work = entries * (60 + digits * (dictionary.bits // 30 + 1)) + n * dictionary.m * size * product
    before = 1
    for t in range(1, size):
        sets = before * (n - t + 1) // t
        work += before * 4000 + sets * (3 + size - t) * product
        before = sets
        if work > _ENDLESS:
            break
    return work


def _images(dictionary: Dictionary, points: list[int], modulus: int, root: int) -> list[list[int]]:
    """Return row by row the values of the atoms, read as polynomials, at some points."""
    atoms = [[a % modulus for a in column] for column in dictionary.real]
    for atom, column in zip(atoms, dictionary.imaginary, strict=False):
        atom[:] = [(a + root * b) % modulus for a, b in zip(atom, column, strict=True)]
    rows: list[list[int]] = []
    for point in points:
        row = [0] * len(atoms)
        for at, atom in enumerate(atoms):
            value = 0
            for a in reversed(atom):
                value = (value * point + a) % modulus
            row[at] = value
        rows.append(row)
    return rows


def _inverses(values: list[int], modulus: int) -> list[int]:
    """Invert all values, with one division."""
    found: list[int] = []
    product = 1
    for value in values:
        found.append(product)
        product = product * value % modulus
    try:
        inverse = pow(product, -1, modulus)
    except ValueError:
        raise Reject("a minor of fewer than `size` atoms is not invertible modulo the modulus") from None
    for at in range(len(values) - 1, -1, -1):
        found[at] = found[at] * inverse % modulus
        inverse = inverse * values[at] % modulus
    return found


def _compare(rows: list[list[int]], modulus: int) -> None:
    """Eliminate every set of `size` - 2 atoms from the columns after it, and compare the one value that is left."""
    waiting = [(rows, 0)]
    while waiting:
        rows, at = waiting.pop()
        if len(rows) == 1:
            if len(set(rows[0])) < len(rows[0]):
                raise Reject("some `size` atoms are not proved to be independent")
        elif at < len(rows[0]) - 1:
            waiting.append((rows, at + 1))
            waiting.append((_eliminated(rows, at, modulus), 0))


def _eliminated(rows: list[list[int]], at: int, modulus: int) -> list[list[int]]:
    """Eliminate one column from those after it; columns are (1, y, ..), here and in the result without the 1."""
    pivot = rows[0][at]
    inverses = _inverses([y - pivot for y in rows[0][at + 1 :]], modulus)
    reduced: list[list[int]] = []
    for row in rows[1:]:
        pivot = row[at]
        reduced.append([(y - pivot) * i % modulus for y, i in zip(row[at + 1 :], inverses, strict=True)])
    return reduced
