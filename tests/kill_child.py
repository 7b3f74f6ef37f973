"""Work that is going to be killed: says “ready”, then rebuilds the index, delivers letters or migrates until then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.notices.sender import LetterSender
from scenario_hall.schema import upgrade
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from scenario_hall.search.reader import rebuild
from scenario_hall.worker.readers import match_reader
from tests.conftest import settings_in


def reindex(engine: Engine, settings: Settings) -> None:
    while True:
        with Session(engine) as session:
            rebuild(session, WhooshIndex(settings.search_index))
            match_reader(settings).recompute(session)


def send(engine: Engine, settings: Settings) -> None:
    sender = LetterSender(engine, settings)
    while True:
        sender.run_slice(1.0)


def migrate(engine: Engine, _settings: Settings) -> None:
    upgrade(engine)


def main(job: str, folder: Path, url: str, smtp_url: str) -> None:
    engine, settings = make_engine(url), replace(settings_in(folder, url), smtp_url=smtp_url)
    print("ready", flush=True)
    {"reindex": reindex, "send": send, "migrate": migrate}[job](engine, settings)
