"""Every column that could hold something of a person is in the declaration, or stands by name among those that do not."""

from __future__ import annotations

import pytest
from sqlalchemy import JSON, Column, LargeBinary, String, Table
from sqlmodel import SQLModel

from scenario_hall.organizations.models import Account
from scenario_hall.privacy.declaration import DECLARED, By, Closing
from scenario_hall.privacy.not_of_people import NOT_OF_PEOPLE
from scenario_hall.schema import TABLES

ALL = [SQLModel.metadata.tables[str(table.__tablename__)] for table in TABLES]
# Whatever else a table holds, columns with such a name are somebody's.
PERSONAL = ("email", "phone", "password", "agent", "network", "legal_person", "owners", "address", "contact", "secret")


def names_an_account(column: Column[object]) -> bool:
    is_key = any(key.column.table.name == Account.__tablename__ for key in column.foreign_keys)
    return is_key or column.name.endswith(("account_id", "actor_id", "_by", "uploaded_by"))


def could_be_personal(column: Column[object]) -> bool:
    return isinstance(column.type, (String, JSON, LargeBinary)) or names_an_account(column)


def declared(table: Table) -> set[str]:
    return {name for held in DECLARED if held.table == table.name for name in held.columns}


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_column_was_thought_about(table: Table) -> None:
    told, others = declared(table), set(NOT_OF_PEOPLE.get(table.name, "").split())
    assert not told & others
    assert {column.name for column in table.columns if could_be_personal(column)} - told - others == set()
    assert others <= {column.name for column in table.columns}  # and none that is gone
    personal = {
        column.name
        for column in table.columns
        if names_an_account(column) or any(word in column.name for word in PERSONAL)
    }
    assert personal <= told | {"subject_id"}


def test_the_declaration_names_tables_and_columns_that_there_are() -> None:
    for held in DECLARED:
        columns = SQLModel.metadata.tables[held.table].columns
        assert set(held.columns) <= set(columns.keys()), held
        assert (held.by is By.OTHERS) == (held.owner == ""), held
        assert held.owner == "" or held.owner in columns, held
        assert held.what and held.purpose and held.kept


def test_secrets_are_marked_as_such() -> None:
    for held in DECLARED:
        is_one = any(word in name for name in held.columns for word in ("hash", "secret"))
        assert held.is_secret == is_one, held
        assert not held.is_secret or held.closing is Closing.GOES
