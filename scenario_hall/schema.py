"""Lists every table of the hall and runs the migrations."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, delete, insert, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Field, SQLModel, select

from scenario_hall.alerts.models import AlertHit, SavedSearch, SavedSearchKey
from scenario_hall.applications.tables import APPLICATION_TABLES
from scenario_hall.bookmarks.service import Bookmark
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.config import ROOT
from scenario_hall.core.tables import CORE_TABLES
from scenario_hall.exchange.models import ImportChange, ImportedContent, ImportRow, ImportRun, ImportUpload
from scenario_hall.log.tables import LOG_TABLES
from scenario_hall.matching.tables import MATCHING_TABLES
from scenario_hall.notices.models import Notice, NoticeChoice, QuietHours, StoredLetter
from scenario_hall.organizations.tables import ORGANIZATION_TABLES
from scenario_hall.outcomes.tables import OUTCOME_TABLES
from scenario_hall.privacy.models import PersonRequest, RetentionRun
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.recovery.models import BackupRun
from scenario_hall.reviewing.models import Absence, ReviewTurn
from scenario_hall.scenarios.models import Question, Scenario, ScenarioRevision
from scenario_hall.taxonomy.models import TagProposal, TagRecord, Target
from scenario_hall.webhooks.models import WebhookDelivery, WebhookEndpoint

MIGRATION_LOCK = 0x4841_4C4C  # one number for all that migrate; “HALL”
LOCK_MS, TRIES, PAUSE_SECONDS = 3000, 20, 1.0


class SchemaFloor(SQLModel, table=True):
    """The oldest schema whose code may run on this database; one row, which the migrations keep."""

    __tablename__ = "schema_floor"

    id: int = Field(default=1, primary_key=True)
    revision: str = Field(max_length=32)


TABLES = (
    Absence,
    AlertHit,
    BackupRun,
    Bookmark,
    Bulletin,
    ImportChange,
    ImportedContent,
    ImportRow,
    ImportRun,
    ImportUpload,
    StoredLetter,
    Notice,
    NoticeChoice,
    PersonRequest,
    Product,
    ProductRevision,
    ProposedRevision,
    Question,
    QuietHours,
    RetentionRun,
    ReviewTurn,
    SavedSearch,
    SavedSearchKey,
    SchemaFloor,
    Scenario,
    ScenarioRevision,
    TagProposal,
    TagRecord,
    Target,
    WebhookDelivery,
    WebhookEndpoint,
    *APPLICATION_TABLES,
    *CORE_TABLES,
    *LOG_TABLES,
    *MATCHING_TABLES,
    *ORGANIZATION_TABLES,
    *OUTCOME_TABLES,
)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    migrate(engine, command.upgrade, "head")


def migrate(engine: Engine, move: Callable[[Config, str], object], target: str) -> None:
    """Move the schema to ``target``, one migration a transaction (on SQLite all in one): whoever stops it leaves it
    between two.

    One process migrates at a time. On PostgreSQL no change waits longer than LOCK_MS for a lock, since everybody
    who asks for the table meanwhile waits behind it; it is tried again instead. Raises RuntimeError when rows would
    point at nothing afterwards, OperationalError when TRIES were not enough.
    """
    config = alembic_config()
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(hall_writes=True) as connection, _in_one_piece(connection):
            config.attributes["connection"] = connection
            move(config, target)
            _keep_floor(connection)
        return
    with _alone(engine), _impatient(engine) as connection:
        config.attributes["connection"] = connection
        for left in reversed(range(TRIES)):
            try:
                move(config, target)
                break
            except OperationalError as error:
                connection.rollback()
                if not isinstance(error.orig, LockNotAvailable) or not left:
                    raise
            time.sleep(PAUSE_SECONDS)
        _keep_floor(connection)
        connection.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """For as long as this connection lives nobody else migrates. A lock of a transaction would go with the first of
    several."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})


@contextmanager
def _impatient(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execute(text(f"SET lock_timeout = '{LOCK_MS}ms'"))
        connection.commit()
        try:
            yield connection
        finally:
            # Not back into the pool with its impatience.
            connection.invalidate()


@contextmanager
def _in_one_piece(connection: Connection) -> Iterator[None]:
    # SQLite changes some columns by making the table anew, which other tables' keys would not let go meanwhile.
    # https://www.sqlite.org/lang_altertable.html#otheralter; the switch does nothing inside a transaction.
    driver = connection.connection.cursor()
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"the migration would leave {len(lost)} rows that point at nothing: {lost[:5]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
        driver.close()


def is_current(engine: Engine) -> bool:
    """Is the database at the newest schema?"""
    with engine.connect() as connection:
        return revision_of(connection) == newest_revision()


def is_behind(engine: Engine) -> bool:
    """Is the database at an older schema than this version's, or at none?"""
    with engine.connect() as connection:
        revision = revision_of(connection)
    return revision is None or (revision != newest_revision() and is_known(revision))


def may_serve(engine: Engine) -> bool:
    """Can this version work on the database: is it at this version's schema, or at a newer one that still serves it?
    So a new version's migrations run while the processes of the one before go on."""
    with engine.connect() as connection:
        revision = revision_of(connection)
        if revision is None or is_known(revision):
            return revision == newest_revision()
        floor = connection.execute(select(SchemaFloor.revision)).scalar_one_or_none()
    return floor is not None and is_known(floor)


def _keep_floor(connection: Connection) -> None:
    """Say in the database which code its schema still serves: that of the newest migration which says
    ``breaks_older_code``, and of all later ones."""
    if not inspect(connection).has_table(SchemaFloor.__tablename__):
        return
    scripts = ScriptDirectory.from_config(alembic_config())
    below = scripts.iterate_revisions(revision_of(connection) or "base", "base")
    floor = next(each.revision for each in below if getattr(each.module, "breaks_older_code", False))
    connection.execute(delete(SchemaFloor))
    connection.execute(insert(SchemaFloor), {"id": 1, "revision": floor})


@cache
def newest_revision() -> str:
    """The schema that this version of the hall has. Alembic runs every file of the migrations to tell: once a process,
    since whoever asks whether the hall is ready asks every few seconds."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def is_known(revision: str) -> bool:
    """Can this version of the hall bring a database of that schema to its own?"""
    return revision in _known_revisions()


@cache
def _known_revisions() -> frozenset[str]:
    return frozenset(script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions())


def revision_of(connection: Connection) -> str | None:
    """The schema that the database has; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()
