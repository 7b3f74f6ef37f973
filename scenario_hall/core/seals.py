"""Small secrets that the hall itself has to read again, sealed with its secret key: a copy of the database alone does
not tell them."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class SealError(Exception):
    """The seal is another secret key's, another purpose's, or was changed."""


def seal(secret_key: str, purpose: str, text: str) -> str:
    """``text``, readable with the same secret key and purpose alone."""
    return _fernet(secret_key, purpose).encrypt(text.encode()).decode()


def unseal(secret_key: str, purpose: str, sealed: str) -> str:
    """What was sealed. Raises SealError."""
    try:
        return _fernet(secret_key, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError from None


def _fernet(secret_key: str, purpose: str) -> Fernet:
    # RFC 5869; the purpose parts this key from those that sign cookies and mailed links.
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"seal:{purpose}".encode()).derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(derived))
