"""The Merkle tree over the log's lines (RFC 9162, 2.1): roots, inclusion and consistency proofs, and their checks.

Nothing here knows a database. A tree's leaves are numbered from 0; ``Subtrees`` gives the hash of the whole subtree of
2^level leaves that begins at leaf ``index * 2^level``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()
Subtrees = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The root of a tree that only grows, with at most one hash kept for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[tuple[int, bytes]] = []  # (level, hash), the largest first

    def append(self, leaf: bytes) -> None:
        level, value = 0, leaf
        while self._peaks and self._peaks[-1][0] == level:
            value = node_hash(self._peaks.pop()[1], value)
            level += 1
        self._peaks.append((level, value))
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        value = self._peaks[-1][1]
        for _, left in reversed(self._peaks[:-1]):
            value = node_hash(left, value)
        return value


def root_of(size: int, subtrees: Subtrees) -> bytes:
    """The root over the first ``size`` leaves."""
    return _range_hash(0, size, subtrees) if size else EMPTY


def inclusion_proof(leaf: int, size: int, subtrees: Subtrees) -> list[bytes]:
    """The audit path of a leaf (RFC 9162, 2.1.3.1), the lowest hash first.

    Raises ValueError when the tree of ``size`` leaves has no such leaf.
    """
    if not 0 <= leaf < size:
        raise ValueError(f"a log of {size} lines has no line {leaf + 1}")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if leaf < middle:
            path.append(_range_hash(middle, end, subtrees))
            end = middle
        else:
            path.append(_range_hash(begin, middle, subtrees))
            begin = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtrees: Subtrees) -> list[bytes]:
    """That the tree of ``new`` leaves begins with that of ``old`` (RFC 9162, 2.1.4.1).

    Raises ValueError unless 0 < old <= new.
    """
    if not 0 < old <= new:
        raise ValueError(f"there is no proof from {old} lines to {new}")
    proof: list[bytes] = []
    begin, end, is_whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            proof.append(_range_hash(middle, end, subtrees))
            end = middle
        else:
            proof.append(_range_hash(begin, middle, subtrees))
            begin, is_whole = middle, False
    if not is_whole:
        proof.append(_range_hash(begin, end, subtrees))
    return proof[::-1]


def root_from_inclusion(leaf_value: bytes, leaf: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that the audit path leads to (RFC 9162, 2.1.3.2); None when the path cannot belong to it."""
    if not 0 <= leaf < size:
        return None
    position, last, value = leaf, size - 1, leaf_value
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            value = node_hash(sibling, value)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        position, last = position >> 1, last >> 1
    return value if last == 0 else None


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does the proof show that the tree of ``new`` leaves begins with that of ``old`` (RFC 9162, 2.1.4.2)?"""
    if old == new:
        return old_root == new_root and not proof
    if not 0 < old < new or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _range_hash(begin: int, end: int, subtrees: Subtrees) -> bytes:
    size = end - begin
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtrees(level, begin >> level)
    middle = begin + _split(size)
    return node_hash(_range_hash(begin, middle, subtrees), _range_hash(middle, end, subtrees))


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def subtrees_of(leaves: Iterable[bytes]) -> Subtrees:
    """The subtrees of leaves in memory."""
    kept = list(leaves)

    def subtree(level: int, index: int) -> bytes:
        if level == 0:
            return kept[index]
        return node_hash(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1))

    return subtree
