"""The signing keys in a backup: sealed with a passphrase, so that whoever has the backup cannot sign as the hall."""

from __future__ import annotations

import base64
import io
import os
import tarfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from scenario_hall.recovery.databases import RecoveryError

SALT_BYTES = 16
# RFC 7914, section 2: N, r and p for what is opened seldom and by hand (128 MB, about half a second).
COST = {"n": 2**17, "r": 8, "p": 1}


def seal(folder: Path, passphrase: str) -> bytes:
    """The files of ``folder``, sealed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix in (".private", ".json"):
                archive.add(path, arcname=path.name)
    salt = os.urandom(SALT_BYTES)
    return salt + Fernet(_key(passphrase, salt)).encrypt(packed.getvalue())


def unseal(sealed: bytes, passphrase: str, folder: Path) -> None:
    """Write the files into ``folder``. Raises RecoveryError for another passphrase, or what was changed."""
    salt, token = sealed[:SALT_BYTES], sealed[SALT_BYTES:]
    try:
        packed = Fernet(_key(passphrase, salt)).decrypt(token)
    except InvalidToken:
        raise RecoveryError("HALL_BACKUP_KEY does not open the keys of this backup") from None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    for path in folder.iterdir():
        path.chmod(0o600)


def _key(passphrase: str, salt: bytes) -> bytes:
    return base64.urlsafe_b64encode(Scrypt(salt=salt, length=32, **COST).derive(passphrase.encode()))
