"""Lists every table of the hall and runs the migrations."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from scenario_hall.applications.judging.models import Declaration, Judging, Score
from scenario_hall.applications.models import Application
from scenario_hall.config import ROOT
from scenario_hall.core.files import StoredFile
from scenario_hall.core.limits import Attempt
from scenario_hall.exchange.models import ImportChange, ImportedContent, ImportRow, ImportRun, ImportUpload
from scenario_hall.log.tables import LOG_TABLES
from scenario_hall.matching.models import MatchOpinion, StoredMatch
from scenario_hall.notices.models import StoredLetter
from scenario_hall.organizations.facts import OrganizationFact
from scenario_hall.organizations.models import Account, FormerMembership, Membership, Organization
from scenario_hall.outcomes.tables import OUTCOME_TABLES
from scenario_hall.products.models import Product, ProductRevision
from scenario_hall.publishing.models import ProposedRevision
from scenario_hall.scenarios.models import Question, Scenario, ScenarioRevision
from scenario_hall.search.vectors import RecordVector
from scenario_hall.taxonomy.models import TagProposal, TagRecord, Target
from scenario_hall.worker.schedule import JobRun

TABLES = (
    Account,
    Application,
    Attempt,
    Declaration,
    FormerMembership,
    ImportChange,
    ImportedContent,
    ImportRow,
    ImportRun,
    ImportUpload,
    JobRun,
    StoredLetter,
    Judging,
    MatchOpinion,
    Membership,
    Organization,
    OrganizationFact,
    Product,
    ProductRevision,
    ProposedRevision,
    Question,
    RecordVector,
    Scenario,
    ScenarioRevision,
    Score,
    StoredFile,
    StoredMatch,
    TagProposal,
    TagRecord,
    Target,
    *LOG_TABLES,
    *OUTCOME_TABLES,
)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Is the database at the newest schema?"""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
