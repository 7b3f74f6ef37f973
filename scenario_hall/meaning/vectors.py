"""Vectors as they are stored and compared: eight bits a dimension, which costs no rank and a quarter of the memory."""

from __future__ import annotations

import numpy as np
import simsimd
from numpy.typing import NDArray

Packed = NDArray[np.int8]
"""Shape (texts, dimensions)."""
Floats = NDArray[np.float32]


def pack(vectors: Floats) -> Packed:
    """The vectors with their longest coordinate as 127."""
    longest = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    return np.asarray(np.rint(vectors * (127 / np.where(longest > 0, longest, 1))), np.int8)


def cosines(one: Packed, other: Packed) -> Floats:
    """The cosine of every row of the one with every row of the other, shape (rows, rows)."""
    if not len(one) or not len(other):
        return np.zeros((len(one), len(other)), np.float32)
    distances = simsimd.cdist(np.ascontiguousarray(one), np.ascontiguousarray(other), metric="cosine")
    return 1 - np.asarray(distances, np.float32).reshape(len(one), len(other))


def to_bytes(vectors: Packed) -> bytes:
    return vectors.tobytes()


def from_bytes(stored: bytes, rows: int) -> Packed:
    """What ``to_bytes`` gave for so many rows."""
    return np.frombuffer(stored, np.int8).reshape(rows, -1) if rows else np.zeros((0, 0), np.int8)
