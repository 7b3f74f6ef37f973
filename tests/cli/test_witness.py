"""Two halls that are served: one watches the other's log, cosigns it, and refuses it once it is cut or rewritten."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlmodel import Session, col, delete, select
from werkzeug.serving import BaseWSGIServer, make_server

from scenario_hall.app import create_app
from scenario_hall.cli.commands import hall as commands
from scenario_hall.cli.witness import FORKED
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.cosignatures import Witness
from scenario_hall.core.keys import KeyRing
from scenario_hall.log.chain import Event, LogHead, line_hash
from scenario_hall.log.checkpoints import Checkpoint, make_checkpoint, origin_of
from scenario_hall.log.tree import LogNode
from scenario_hall.log.witnesses import STALE, newest_words
from tests.conftest import settings_in
from tests.world import World

EN = {"Accept-Language": "en"}


class Watched:
    """The hall that is watched: served on a port of this machine, by the real application."""

    def __init__(self, world: World, engine: Engine, folder: Path, witness: Witness) -> None:
        self.world, self.engine = world, engine
        self.server: BaseWSGIServer = make_server("127.0.0.1", 0, self.serve, True)
        self.base = f"http://127.0.0.1:{self.server.port}"
        self.settings = replace(
            settings_in(folder, engine.url.render_as_string()), base_url=self.base, witnesses=(witness,)
        )
        self.app = create_app(self.settings)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.app(environ, start_response)

    def sign(self) -> Checkpoint | None:
        self.world.session.rollback()
        ring, origin = KeyRing(self.settings.signing_keys), origin_of(self.base)
        made = make_checkpoint(self.world.session, ring, origin=origin, file=self.settings.checkpoints)
        self.world.session.commit()
        return made

    def page(self) -> str:
        return self.app.test_client().get("/log", headers=EN).text


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line of the hall that watches."""
    monkeypatch.setenv("HALL_ENVIRONMENT", "development")
    monkeypatch.setenv("HALL_DATA_DIR", str(tmp_path / "witness"))
    monkeypatch.setenv("HALL_BASE_URL", "https://zhuhai.example")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(commands, ["witness", *arguments], catch_exceptions=False)

    return call


@pytest.fixture
def watched(small_world: World, sqlite_engine: Engine, tmp_path: Path, run: Callable[..., Result]) -> Iterator[Watched]:
    told = run()
    assert told.exit_code == 0 and told.output.startswith("zhuhai.example/witness+")
    made = Watched(small_world, sqlite_engine, tmp_path / "watched", Witness.read(told.output.strip()))
    small_world.released_scenario()
    made.sign()
    yield made
    made.server.shutdown()


def test_a_log_that_grows_is_cosigned_each_time_and_the_page_says_by_whom(
    watched: Watched, run: Callable[..., Result]
) -> None:
    assert "Nobody outside the hall has countersigned" in watched.page()
    first = run("--of", watched.base)
    assert first.exit_code == 0 and "pinned the keys" in first.stderr and "zhuhai.example/witness" in first.stdout
    page = watched.page()
    assert "Nobody outside" not in page and "zhuhai.example/witness has seen" in page
    served = watched.app.test_client().get("/log/checkpoint").text
    assert served == first.stdout
    watched.world.listed_product()
    watched.sign()
    second = run("--of", watched.base + "/")
    assert second.exit_code == 0 and "more than before" in second.stderr and "pinned" not in second.stderr
    assert "as before" in run("--of", watched.base).stderr
    watched.world.session.rollback()
    (word,) = newest_words(watched.world.session)
    assert word.size == int(second.stdout.splitlines()[1])
    with clock.at(now() + STALE):
        assert "Nobody outside the hall has countersigned" in watched.page()


def hash_anew(session: Session, after: int) -> None:
    """As somebody would who controls the database: the chain, the head and the tree all fit again."""
    previous = session.get_one(Event, after).hash
    for event in session.exec(select(Event).where(col(Event.id) > after).order_by(col(Event.id))):
        event.previous_hash = previous
        event.hash = previous = line_hash(event)
        session.add(event)
    head = session.get_one(LogHead, 1)
    head.last_hash = previous
    session.exec(delete(LogNode))
    session.exec(delete(Checkpoint))
    session.add(head)
    session.commit()


def is_cut(watched: Watched) -> None:
    session = watched.world.session
    last = session.get_one(LogHead, 1).last_id
    session.execute(text("DELETE FROM event WHERE id > :last"), {"last": last - 3})
    session.execute(text("UPDATE log_head SET last_id = :last"), {"last": last - 3})
    hash_anew(session, last - 4)


def is_rewritten(watched: Watched) -> None:
    watched.world.session.execute(text("UPDATE event SET subject_code = 'S-2026-999999' WHERE id = 3"))
    hash_anew(watched.world.session, 1)


def is_rewritten_and_grows(watched: Watched) -> None:
    is_rewritten(watched)
    watched.world.released_scenario()


@pytest.mark.parametrize("tamper", [is_cut, is_rewritten, is_rewritten_and_grows])
def test_a_log_that_does_not_lead_to_what_was_seen_is_refused_and_stays_so(
    watched: Watched, run: Callable[..., Result], tamper: Callable[[Watched], None]
) -> None:
    assert run("--of", watched.base).exit_code == 0
    tamper(watched)
    assert watched.sign() is not None  # its own keys sign the new history all the same
    for _ in range(2):
        refused = run("--of", watched.base)
        assert refused.exit_code == FORKED and "REFUSED" in refused.stderr and refused.stdout == ""


def test_another_key_than_the_pinned_one_is_refused(watched: Watched, run: Callable[..., Result]) -> None:
    assert run("--of", watched.base).exit_code == 0
    KeyRing(watched.settings.signing_keys).rotate()
    watched.world.released_scenario()
    watched.sign()
    refused = run("--of", watched.base)
    assert refused.exit_code == 1 and "none of the hall's keys" in refused.output


def test_keys_that_were_had_from_the_operator_are_pinned_instead_of_those_that_are_published(
    watched: Watched, run: Callable[..., Result], tmp_path: Path
) -> None:
    theirs = tmp_path / "keys.json"
    theirs.write_text(json.dumps({"keys": [KeyRing(tmp_path / "other").ensure_key().as_json()]}))
    refused = run("--of", watched.base, "--keys", str(theirs))
    assert refused.exit_code == 1 and "none of the hall's keys" in refused.output


def test_a_damaged_memory_is_not_begun_anew(watched: Watched, run: Callable[..., Result], tmp_path: Path) -> None:
    assert run("--of", watched.base).exit_code == 0
    (memory,) = (tmp_path / "witness" / "witnessed").glob("*.json")
    for damaged in ("", "{}", "[]", memory.read_text()[:-20]):
        memory.write_text(damaged)
        refused = run("--of", watched.base)
        assert refused.exit_code == 1 and "has to retire" in refused.output


def test_what_no_known_witness_signed_is_not_taken_nor_is_another_log_s(
    watched: Watched, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = watched.app.test_client()
    good = run("--of", watched.base, "--no-post").stdout
    assert "Nobody outside" in watched.page()
    monkeypatch.setenv("HALL_DATA_DIR", str(tmp_path / "stranger"))
    strange = run("--of", watched.base, "--no-post").stdout
    body = client.get("/log/checkpoint").text
    for note in (body, strange, "", "x" * 50_000, good.replace("\n", "\n\n", 1), good.replace("/log", "/dog")):
        assert client.post("/log/cosignatures", data=note).status_code == 422, note[:80]
    assert "Nobody outside" in watched.page()
    assert client.post("/log/cosignatures", data=good).status_code == 200
    assert "zhuhai.example/witness has seen" in watched.page()


def test_a_cosigned_checkpoint_is_also_taken_from_a_file(
    watched: Watched, run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cosigned.txt"
    path.write_text(run("--of", watched.base, "--no-post").stdout, encoding="utf-8")
    monkeypatch.setenv("HALL_DATA_DIR", str(watched.settings.data_dir))
    monkeypatch.setenv("HALL_DATABASE_URL", watched.settings.database_url)
    monkeypatch.setenv("HALL_BASE_URL", watched.base)
    for witnesses, taken in (("", False), (str(watched.settings.witnesses[0]), True)):
        monkeypatch.setenv("HALL_WITNESSES", witnesses)
        told = CliRunner().invoke(commands, ["checkpoint", "--cosigned", str(path)])
        assert (told.exit_code == 0) is taken and ("has cosigned" in told.output) is taken, told.output


def test_a_hall_that_is_not_there_is_no_fork(run: Callable[..., Result]) -> None:
    for address in ("http://127.0.0.1:9", "file:///etc/passwd", "hall.example"):
        refused = run("--of", address)
        assert refused.exit_code in (1, 2) and "REFUSED" not in refused.output
