"""The rules for migrations: each kind of statement that stops the version before is found, and the way round is not;
and every migration since the rules keeps them."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import event

from scenario_hall.core.db import make_engine
from scenario_hall.schema import alembic_config, migrate
from tests.postgres import PrivatePostgres
from tools.check_migrations import faults_of

FIRST = "0054"  # with the rules

WRONG = {
    "CREATE INDEX ix_a ON scenario (a)": "create_index_online",
    'CREATE UNIQUE INDEX ix_a ON "scenario" (a)': "create_index_online",
    "DROP INDEX ix_a": "CONCURRENTLY",
    "ALTER TABLE scenario ADD COLUMN a INTEGER NOT NULL": "nullable first",
    'ALTER TABLE "scenario" ADD COLUMN a VARCHAR(20) NOT NULL': "nullable first",
    "ALTER TABLE scenario ALTER COLUMN a TYPE BIGINT": "anew",
    "ALTER TABLE scenario ALTER COLUMN a SET DATA TYPE BIGINT": "anew",
    "ALTER TABLE scenario ALTER COLUMN a SET NOT NULL": "whole table",
    "ALTER TABLE scenario ADD FOREIGN KEY(a) REFERENCES account (id)": "NOT VALID",
    "ALTER TABLE scenario ADD CONSTRAINT f FOREIGN KEY(a) REFERENCES account (id)": "NOT VALID",
    "ALTER TABLE scenario ADD CONSTRAINT c CHECK (a > 0)": "NOT VALID",
    "ALTER TABLE scenario ADD CONSTRAINT u UNIQUE (a)": "USING INDEX",
    "DROP TABLE scenario": "breaks_older_code",
    "ALTER TABLE scenario DROP COLUMN a": "breaks_older_code",
    "ALTER TABLE scenario RENAME TO record": "breaks_older_code",
    "ALTER TABLE scenario RENAME COLUMN a TO b": "breaks_older_code",
    "alter table scenario rename a to b": "breaks_older_code",
}
RIGHT = [
    "CREATE TABLE fresh (id INTEGER NOT NULL, PRIMARY KEY (id))",
    "CREATE INDEX CONCURRENTLY ix_a ON scenario (a)",
    "DROP INDEX CONCURRENTLY IF EXISTS ix_a",
    "ALTER TABLE scenario ADD COLUMN a INTEGER",
    "ALTER TABLE scenario ADD COLUMN a INTEGER DEFAULT 0 NOT NULL",
    "ALTER TABLE scenario ADD CONSTRAINT f FOREIGN KEY(a) REFERENCES account (id) NOT VALID",
    "ALTER TABLE scenario VALIDATE CONSTRAINT f",
    "ALTER TABLE scenario ADD CONSTRAINT u UNIQUE USING INDEX ix_u",
    "ALTER TABLE scenario ALTER COLUMN a DROP NOT NULL",
    "UPDATE scenario SET a = 1 WHERE id < 1000",
]


@pytest.mark.parametrize("statement", WRONG)
def test_what_stops_the_version_before_is_found_with_its_reason(statement: str) -> None:
    for written in (statement, statement.replace(" ", "\n  ", 2) + ";"):
        (fault,) = faults_of([written])
        assert WRONG[statement] in fault


@pytest.mark.parametrize("statement", RIGHT)
def test_the_way_round_is_no_fault(statement: str) -> None:
    assert faults_of([statement]) == []


def test_a_table_that_the_migration_made_is_nobody_s_yet() -> None:
    made = [
        "CREATE TABLE fresh (id INTEGER)",
        "CREATE INDEX i ON fresh (id)",
        "ALTER TABLE fresh ADD COLUMN a INT NOT NULL",
    ]
    assert faults_of(made) == []
    assert len(faults_of([*made, "CREATE INDEX i ON scenario (id)"])) == 1


def test_what_older_code_uses_goes_with_a_word_and_no_lock_is_excused_by_it() -> None:
    assert faults_of(["ALTER TABLE scenario DROP COLUMN a"], breaks_older_code=True) == []
    assert faults_of(["CREATE INDEX i ON scenario (a)"], breaks_older_code=True) != []


def test_every_migration_since_the_rules_keeps_them(postgres: PrivatePostgres) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    before = scripts.get_revision(FIRST).down_revision
    newer = list(reversed(list(scripts.iterate_revisions("head", before))))
    postgres.create_database("hall_migrated")
    engine = make_engine(postgres.url("hall_migrated"))
    migrate(engine, command.upgrade, str(before))
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for each in newer:
        statements.clear()
        migrate(engine, command.upgrade, each.revision)
        breaks = getattr(each.module, "breaks_older_code", False)
        faults = faults_of(statements, breaks_older_code=breaks)
        assert statements
        assert faults == [], each.revision
    engine.dispose()
