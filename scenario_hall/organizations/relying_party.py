"""The site that passkeys are bound to (W3C Web Authentication, level 3): that of the hall's own address."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RelyingParty:
    """The site that passkeys are bound to: its domain, and the origin that browsers name."""

    id: str
    origin: str


def relying_party(base_url: str) -> RelyingParty | None:
    """The site at ``base_url``. None where browsers make no passkeys: its host is a number instead of a name, or it is
    not reached by https (on this machine it need not be)."""
    parts = urlsplit(base_url)
    try:
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:  # no host name, or no port
        return None
    is_here = host == "localhost" or host.endswith(".localhost")
    if not host or _is_number(host) or not (parts.scheme == "https" or (parts.scheme == "http" and is_here)):
        return None
    is_usual = port in (None, {"https": 443, "http": 80}[parts.scheme])
    return RelyingParty(host, f"{parts.scheme}://{host}" if is_usual else f"{parts.scheme}://{host}:{port}")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
