"""The command ``witness``: keep another hall to its log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request

import click

from scenario_hall.cli.reporting import report_errors
from scenario_hall.config import load_settings
from scenario_hall.core.cosignatures import Witness
from scenario_hall.core.keys import KeyRing, PublicKey
from scenario_hall.core.outgoing import ask
from scenario_hall.log.checkpoints import origin_of
from scenario_hall.log.watching import ForkedError, Memory, OtherKeysError, cosign, watch

FORKED = 4  # exit status
SECONDS, MAX_BYTES = 30.0, 1_000_000
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("witness")
@click.option("--of", "url", default=None, help="The other hall's address, such as https://hall.example.org.")
@click.option("--keys", type=FILE, help="Its scenario-hall-keys.json, had from its operator; pinned the first time.")
@click.option("--no-post", is_flag=True, help="Only print the cosigned checkpoint.")
@report_errors
def witness(url: str | None, keys: Path | None, no_post: bool) -> None:
    """Compare another hall's newest checkpoint with the one seen before, and cosign it if it leads there.

    Without --of, print this hall's key as a witness, for the other hall's HALL_WITNESSES. The first time the other
    hall's keys are pinned: those of --keys, else those that it publishes. Exit status 4 when its log was cut, rewritten
    or forked; then nothing is signed, now or later, until its operator has explained it and the file was removed.
    """
    settings = load_settings()
    ring, name = (
        KeyRing(settings.data_dir / "witness-key"),
        origin_of(settings.base_url).removesuffix("/log") + "/witness",
    )
    if url is None:
        click.echo(str(Witness(name, ring.ensure_key().raw)))
        return
    base = _address(url)
    memory = Memory(settings.data_dir / "witnessed", origin_of(base))
    with memory.held():
        try:
            if (before := memory.read()) is None:
                pinned = _keys(json.loads(keys.read_text(encoding="utf-8")) if keys else _json(base, _KEYS))
            else:
                pinned = list(before.keys)
            seen, is_news = watch(
                memory, _text(base, "/log/checkpoint"), lambda old, new: _proof(base, old, new), keys=pinned
            )
        except ForkedError as error:
            click.echo(f"REFUSED: {base}: {error}. What was seen before is kept in {memory.path}", err=True)
            raise SystemExit(FORKED) from None
        except OtherKeysError as error:
            raise click.ClickException(f"{base}: {error}. Pinned: {', '.join(key.id for key in pinned)}") from None
        except (OSError, ValueError) as error:
            raise click.ClickException(f"{base}: {error}") from None
    _me, cosigned = cosign(seen, name, ring)
    if before is None:
        told = ", ".join(f"{key.id} {key.key}" for key in pinned)
        click.echo(f"pinned the keys of {base}, compare them with its operator's: {told}", err=True)
    if seen.stated is not None:
        click.echo(f"{base}: {seen.stated.size} entries{', more than before' if is_news else ', as before'}", err=True)
    click.echo(cosigned, nl=False)
    if not no_post:
        _post(base, cosigned)


_KEYS = "/.well-known/scenario-hall-keys.json"


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise click.UsageError(f"“{url}” is no address of a hall")
    return url.rstrip("/")


def _fetched(request: Request | str) -> bytes:
    """Raises OSError, with the answer's own words where it has some; ValueError for an endless answer."""
    try:
        with ask(request, seconds=SECONDS) as answer:
            told: bytes = answer.read(MAX_BYTES + 1)
    except HTTPError as error:
        raise OSError(f"{error.url} answers {error.code}") from None
    if len(told) > MAX_BYTES:
        raise ValueError("the answer is too long")
    return told


def _text(base: str, path: str) -> str:
    return _fetched(base + path).decode("utf-8")


def _json(base: str, path: str) -> Any:
    return json.loads(_fetched(base + path))


def _keys(told: Any) -> list[PublicKey]:
    """Raises ValueError."""
    try:
        return [PublicKey.read(row) for row in told["keys"]]
    except (KeyError, TypeError):
        raise ValueError("this is no list of a hall's keys") from None


def _proof(base: str, old: int, new: int) -> Sequence[bytes]:
    """Raises OSError, ValueError."""
    told = _json(base, f"/log/proof?from={old}&size={new}")
    try:
        return [bytes.fromhex(each) for each in told["proof"]]
    except (KeyError, TypeError):
        raise ValueError("the answer is no proof") from None


def _post(base: str, cosigned: str) -> None:
    body = Request(f"{base}/log/cosignatures", cosigned.encode(), {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    try:
        _fetched(body)
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"cosigned, but {base} has not taken it ({error}); send it the printed checkpoint"
        ) from None
