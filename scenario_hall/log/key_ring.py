"""Which keys the hall signs with: those in its folder, or those in its database."""

from __future__ import annotations

from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.keys import KeyRing, Ring
from scenario_hall.core.shared_keys import SharedRing


def key_ring(session: Session, settings: Settings) -> Ring:
    """The hall's ring by its settings."""
    if settings.signing_keys is None:
        return SharedRing(session, settings.secret_key)
    return KeyRing(settings.signing_keys)
