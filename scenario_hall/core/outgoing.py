"""What the hall asks of other machines: over TLS with a certificate that is checked, and of no machine that an answer
sends it on to (OWASP ASVS 5.0, 12.3 and 15.3.2)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

# Of PostgreSQL's modes those that check whom they talk to: by its name, or by the authority alone.
# https://www.postgresql.org/docs/current/libpq-ssl.html
CHECKED_MODES = ("verify-full", "verify-ca")


def ask(request: Request | str, *, seconds: float) -> Any:
    """The open answer to a request by http or https, which its reader closes; no byte for ``seconds`` is a failure.
    Raises OSError, HTTPError for a status of 300 and more: a redirect is not followed."""
    return _opener().open(request, timeout=seconds)


def checked_tls() -> ssl.SSLContext:
    """TLS 1.2 or newer with a server whose certificate is good for its name: by the machine's authorities, or those in
    the file that ``SSL_CERT_FILE`` names."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def hosts_in_the_clear(url: str, environment: Mapping[str, str]) -> list[str]:
    """The other machines that this setting's address would reach without TLS, or without checking whom; none for those
    that are reached with, for this machine, and for an address that names none."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme == "s3":  # a bucket, whose store has an address of its own
        return hosts_in_the_clear(query.get("endpoint", [""])[0], environment)
    if parts.scheme.startswith("postgresql"):
        is_clear = query.get("sslmode", [environment.get("PGSSLMODE", "")])[0] not in CHECKED_MODES
    else:
        is_clear = parts.scheme in ("http", "smtp", "opensearch")
    named = parts.netloc.rpartition("@")[2] or query.get("host", [""])[0]
    hosts = [urlsplit(f"//{each}").hostname or "" for each in named.split(",") if not each.startswith("/")]
    return [host for host in hosts if host and not _is_here(host)] if is_clear else []


def _opener() -> OpenerDirector:
    made = OpenerDirector()
    for handler in (
        ProxyHandler(),
        UnknownHandler(),
        HTTPHandler(),
        HTTPSHandler(context=checked_tls()),
        HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):
        made.add_handler(handler)
    return made


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"
