"""Lists every table of the hall and runs the migrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from scenario_hall.alerts.models import AlertHit, SavedSearch, SavedSearchKey
from scenario_hall.applications.tables import APPLICATION_TABLES
from scenario_hall.bookmarks.service import Bookmark
from scenario_hall.bulletins.models import Bulletin
from scenario_hall.config import ROOT
from scenario_hall.core.tables import CORE_TABLES
from scenario_hall.exchange.models import ImportChange, ImportedContent, ImportRow, ImportRun, ImportUpload
from scenario_hall.log.tables import LOG_TABLES
from scenario_hall.matching.tables import MATCHING_TABLES
from scenario_hall.notices.models import StoredLetter
from scenario_hall.organizations.tables import ORGANIZATION_TABLES
from scenario_hall.outcomes.tables import OUTCOME_TABLES
from scenario_hall.privacy.models import PersonRequest, RetentionRun
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.recovery.models import BackupRun
from scenario_hall.reviewing.models import Absence, ReviewTurn
from scenario_hall.scenarios.models import Question, Scenario, ScenarioRevision
from scenario_hall.taxonomy.models import TagProposal, TagRecord, Target

MIGRATION_LOCK = 0x4841_4C4C  # one number for all that migrate; “HALL”

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
    PersonRequest,
    Product,
    ProductRevision,
    ProposedRevision,
    Question,
    RetentionRun,
    ReviewTurn,
    SavedSearch,
    SavedSearchKey,
    Scenario,
    ScenarioRevision,
    TagProposal,
    TagRecord,
    Target,
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
    """Move the schema to ``target`` in one transaction, so that whoever stops it leaves it where it was.

    One process migrates at a time. Raises RuntimeError when rows would point at nothing afterwards.
    """
    config = alembic_config()
    with engine.connect().execution_options(hall_writes=True) as connection, _migrating(connection):
        config.attributes["connection"] = connection
        move(config, target)


@contextmanager
def _migrating(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            yield
        return
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


@cache
def newest_revision() -> str:
    """The schema that this version of the hall has. Alembic runs every file of the migrations to tell: once a process,
    since whoever asks whether the hall is ready asks every few seconds."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head() or ""


def is_known(revision: str) -> bool:
    """Can this version of the hall bring a database of that schema to its own?"""
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    return revision in known


def revision_of(connection: Connection) -> str | None:
    """The schema that the database has; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()
