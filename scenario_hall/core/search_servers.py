"""Where the search servers of a hall are: the address that the setting HALL_SEARCH_URL gives.

opensearch://host1,host2:9201/name            in the clear, for a network of the hall's own
opensearch+tls://user:password@host/name      with TLS and a log-in
opensearch+tls://host/name?ca=/etc/ca.pem&shards=3
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from scenario_hall.core.bounds import whole_number

PORT = 9200
MOST_SHARDS = 64
SCHEMES = {"opensearch": False, "opensearch+tls": True}
# Names of indexes are lower case; the hall adds its own endings, with dots and hyphens.
_NAME = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")


@dataclass(frozen=True)
class SearchServers:
    """One cluster, and what the hall's index is called there."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    is_encrypted: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    authority: Path | None = None  # of the certificates; None: those that the system trusts
    shards: int = 1


def read_search_url(url: str, *, user: str = "", password: str = "", authority: str = "") -> SearchServers | None:
    """The servers that ``url`` names; None where it is empty: the hall has its index in a folder. What the address does
    not say of log-in and authority is taken from the other values.

    Raises ValueError, with what is wrong; it never repeats the password.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError("is no address") from None
    if parts.scheme not in SCHEMES:
        raise ValueError("must begin with opensearch:// or opensearch+tls://")
    log_in, _, hosts = parts.netloc.rpartition("@")
    own_user, _, own_password = log_in.partition(":")
    options = _options(parts)
    found = SearchServers(
        hosts=tuple(_host(each) for each in hosts.split(",")),
        name=_name(parts.path),
        is_encrypted=SCHEMES[parts.scheme],
        user=unquote(own_user) or user,
        password=unquote(own_password) or password,
        authority=_authority(options.get("ca") or authority),
        shards=_shards(options.get("shards", "1")),
    )
    if found.password and not found.is_encrypted and not all(_is_here(host) for host, _ in found.hosts):
        raise ValueError("would send its password in the clear; use opensearch+tls://")
    return found


def _options(parts: SplitResult) -> Mapping[str, str]:
    found = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := found.keys() - {"ca", "shards"}:
        raise ValueError(f"has an option {min(unknown)}, which is not known; there are ca and shards")
    return found


def _host(text: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not host.isascii() or any(each.isspace() for each in host):
        raise ValueError(f"has a host “{text}”; each is a name or a name:port, with commas between")
    return host, port or PORT


def _name(path: str) -> str:
    name = path.strip("/")
    if not _NAME.fullmatch(name):
        raise ValueError("must end with the index's name: lower-case letters, digits and _, such as /hall")
    return name


def _authority(path: str) -> Path | None:
    if path and not Path(path).is_file():
        raise ValueError(f"names an authority {path}, which is no file")
    return Path(path) if path else None


def _shards(text: str) -> int:
    found = whole_number(text, 1, MOST_SHARDS)
    if found is None:
        raise ValueError(f"has shards={text}; it must be a whole number from 1 to {MOST_SHARDS}")
    return found


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
