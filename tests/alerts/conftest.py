"""A hall in which somebody has saved searches, and what stands in the letters to them."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from scenario_hall.alerts.asked import AskedSearch
from scenario_hall.alerts.models import AlertHit, Rhythm, SavedSearch, Watch
from scenario_hall.alerts.post import AlertPost
from scenario_hall.alerts.reader import AlertReader
from scenario_hall.alerts.service import save_search
from scenario_hall.config import Settings
from scenario_hall.log.readers import catch_up
from scenario_hall.matching.reader import MatchReader
from scenario_hall.notices.sender import LetterSender
from scenario_hall.organizations.models import Account
from scenario_hall.taxonomy.service import load_taxonomy
from tests.world import World


class Watcher:
    """Somebody who is told, and the hall's work up to their letters."""

    def __init__(self, world: World, engine: Engine, settings: Settings) -> None:
        self.world, self.engine, self.settings = world, engine, settings
        self.person: Account = world.person("watcher@watch.example", "Watcher")
        self.person.locale = "en"
        world.session.add(self.person)
        world.session.commit()

    def save(
        self,
        rhythm: Rhythm = Rhythm.AT_ONCE,
        *,
        person: Account | None = None,
        watch: Watch = Watch.SEARCH,
        subject: tuple[str, int] | None = None,
        name: str = "",
        **asked: Any,
    ) -> SavedSearch:
        found = save_search(
            self.world.actor(person or self.person),
            session=self.world.session,
            taxonomy=load_taxonomy(self.world.session),
            name=name or f"{watch} {asked}"[:100],
            watch=watch,
            rhythm=rhythm,
            asked=AskedSearch.model_validate(asked) if watch is Watch.SEARCH else None,
            subject=subject,
        )
        self.world.session.commit()
        return found

    def read(self, *, matches: bool = False) -> None:
        """As the worker does, up to the stored hits."""
        self.world.session.commit()
        if matches:
            catch_up(self.engine, MatchReader(None))
        catch_up(self.engine, AlertReader())
        self.world.session.expire_all()

    def hits(self) -> list[AlertHit]:
        self.world.session.commit()
        self.world.session.expire_all()
        return list(self.world.session.exec(select(AlertHit).order_by(AlertHit.id)))  # type: ignore[arg-type]

    def post(self, settings: Settings | None = None) -> int:
        """Write what is due; how many people were seen to."""
        self.world.session.commit()
        return AlertPost(self.engine, settings or self.settings).run_slice(30.0)

    def letters(self, *, matches: bool = False) -> list[EmailMessage]:
        """What is new in the outbox."""
        self.read(matches=matches)
        self.post()
        LetterSender(self.engine, self.settings).run_slice(30.0)
        with Session(self.engine) as session:
            session.rollback()
        found = []
        for path in sorted(self.settings.outbox.glob("*.eml")):
            found.append(message_from_bytes(path.read_bytes(), policy=policy.default))
            path.unlink()
        return found


@pytest.fixture
def watcher(small_world: World, sqlite_engine: Engine, hall_settings: Settings) -> Watcher:
    return Watcher(small_world, sqlite_engine, hall_settings)


@pytest.fixture
def text_of() -> Callable[[EmailMessage], str]:
    def text(message: EmailMessage) -> str:
        body = message.get_body(("plain",))
        assert body is not None
        return str(body.get_content())

    return text
