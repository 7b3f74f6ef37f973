"""The commands ``verify-certificate`` and ``signing-keys``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import load_settings
from scenario_hall.core.keys import KeyRing, PublicKey, Ring
from scenario_hall.core.shared_keys import SharedRing
from scenario_hall.outcomes.certificate.credential_check import is_credential, verify_credential
from scenario_hall.outcomes.certificate.signing import Finding, verify

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
REVOCATION_NOT_CHECKED = 3  # exit status
TOLD_UNCHECKED = (
    "signed by the hall; REVOCATION NOT CHECKED: give the hall's list with --revocations"
    " (/certificates/revocations.json or, for a credential, /certificates/status)"
)
TOLD = {
    Finding.VALID: "valid: the signature is the hall's, and the certificate is not on its list of revocations",
    Finding.REVOKED: "REVOKED",
    Finding.CHANGED: "NOT VALID: the document was changed after it was signed",
    Finding.UNKNOWN_KEY: "NOT VALID: it is signed by a key that is not among the hall's",
    Finding.OUT_OF_VALIDITY: "NOT VALID: it was signed while its key was not in use",
    Finding.REVOKED_KEY: "NOT VALID: the hall has revoked the key under it; get it anew from the hall",
    Finding.UNREADABLE: "NOT VALID: this is no signed certificate",
    Finding.OTHER_KIND: "NOT VALID: the hall signed this, but it is no certificate",
    Finding.NO_LIST: "NOT CHECKED: what was given with --revocations is not this hall's list of revocations",
    Finding.OLD_LIST: "NOT CHECKED: the list of revocations is older than the certificate; get the hall's newest",
}


@click.command("verify-certificate")
@click.argument("file", type=FILE)
@click.option("--keys", type=FILE, help="The hall's /.well-known/scenario-hall-keys.json; else this hall's own keys.")
@click.option("--revocations", type=FILE, help="The hall's list: revocations.json; for a credential, status.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_errors
def verify_certificate(file: Path, keys: Path | None, revocations: Path | None, as_json: bool) -> None:
    """Check a signed certificate, or a certificate as a credential, offline.

    Exit status 0 when it is valid and not revoked, 1 when it is not, 3 when its signature is good but no list of
    revocations was given, so that it may have been revoked since.
    """
    known = _keys(keys)
    document, listed = _read(file), _read(revocations) if revocations is not None else None
    check = verify_credential if is_credential(document) else verify
    found = check(document, known, listed)
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        told = TOLD_UNCHECKED if found.is_valid and not found.is_revocation_checked else TOLD[found.finding]
        click.echo(" ".join(part for part in (found.number, told, found.reason) if part))
    if not found.is_valid:
        raise SystemExit(1)
    if not found.is_revocation_checked:
        raise SystemExit(REVOCATION_NOT_CHECKED)


@click.command("signing-keys")
@click.option("--rotate", is_flag=True, help="Make a new key; the one before signs no more.")
@click.option("--revoke", "revoked", metavar="KEY", help="Others may have this key: nothing that it signed counts.")
@click.option("--take", type=FOLDER, help="Take a folder's keys into the database (HALL_SIGNING_KEYS=database).")
@report_errors
def signing_keys(rotate: bool, revoked: str | None, take: Path | None) -> None:
    """Show the keys that certificates are signed with.

    After --revoke each certificate is signed anew, by another key, when it is next asked for; copies that people hold
    are told as not valid by whoever has the new list of keys.
    """
    with _ring() as ring:
        if take is not None:
            if not isinstance(ring, SharedRing):
                raise click.UsageError("--take is for a hall with HALL_SIGNING_KEYS=database")
            ring.take(KeyRing(take))
        if rotate:
            ring.rotate()
        if revoked is not None:
            try:
                ring.revoke(revoked)
            except KeyError:
                raise click.UsageError(f"there is no key {revoked}") from None
        for key in ring.public_keys():
            until = key.valid_until.isoformat() if key.valid_until else "now"
            told = f", REVOKED {key.revoked_at.isoformat()}" if key.revoked_at else ""
            click.echo(f"{key.id}  {key.valid_from.isoformat()} to {until}{told}")


@contextmanager
def _ring() -> Iterator[Ring]:
    """The hall's; without its database where the keys are in a folder."""
    folder = load_settings().signing_keys
    if folder is not None:
        yield KeyRing(folder)
        return
    # Whoever checks a certificate by a list of keys, or by a folder's, need not wait for the database's libraries.
    from scenario_hall.cli.context import opened  # noqa: PLC0415
    from scenario_hall.log.key_ring import key_ring  # noqa: PLC0415

    with opened() as (settings, _engine, session):
        yield key_ring(session, settings)


def _keys(path: Path | None) -> list[PublicKey]:
    if path is None:
        with _ring() as ring:
            known = ring.public_keys()
        if not known:
            raise click.UsageError("this hall has no keys yet; give the issuing hall's with --keys")
        return known
    told_keys = _read(path)
    try:
        return [PublicKey.read(row) for row in told_keys["keys"]]
    except (KeyError, TypeError, ValueError):
        raise click.UsageError(f"{path} is no list of keys") from None


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None
