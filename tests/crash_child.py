"""A hall that is going to be killed: posts and releases scenarios, and acknowledges each only after its commit, while
a thread of its own keeps index, matches and mail up to date."""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path
from threading import Thread

from sqlalchemy import Engine
from sqlmodel import Session

from scenario_hall.config import Settings
from scenario_hall.core.db import make_engine
from scenario_hall.log.readers import catch_up
from scenario_hall.organizations.accounts import actor_of, find_account
from scenario_hall.organizations.service import find_organization
from scenario_hall.scenarios import service
from scenario_hall.worker.readers import make_readers
from tests.conftest import settings_in
from tests.world import SCENARIO


def follow(engine: Engine, settings: Settings) -> None:
    readers = make_readers(settings)
    while True:
        for reader in readers:
            catch_up(engine, reader)
        time.sleep(0.01)


def main(folder: Path, url: str) -> None:
    engine = make_engine(url)
    Thread(target=follow, args=(engine, settings_in(folder, url)), daemon=True).start()
    with Session(engine) as session:
        owner, administrator = find_account(session, "port@port.example"), find_account(session, "admin@hall.example")
        assert owner is not None and administrator is not None
        organization = find_organization(session, "湾澜港务")
        for number in count():
            content = {**SCENARIO, "title": f"崩溃演练{os.getpid()}第{number}项"}
            made = service.create_scenario(
                actor_of(session, owner), session=session, organization=organization, content=content
            )
            service.submit_scenario(actor_of(session, owner), session=session, scenario=made, version=None)
            service.release_scenario(actor_of(session, administrator), session=session, scenario=made, version=None)
            print(made.code, flush=True)
