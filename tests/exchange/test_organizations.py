"""Organisations of a list that the hall knows already."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import col, select

from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.service import import_list
from scenario_hall.organizations.accounts import find_account, operator_of
from scenario_hall.organizations.facts import confirm_current, keep_facts
from scenario_hall.organizations.models import Organization
from tests.world import World

ROWS = '{{"id": "o1", "title": "某局", "registration_number": "12345678", "side": "需求方", "text": "{text}"}}\n'


def test_a_list_taken_again_leaves_what_it_has_no_column_for(small_world: World, tmp_path: Path) -> None:
    """Else a routine import would empty the owners that independence is judged by, and ask for verification anew."""
    session, path = small_world.session, tmp_path / "list.jsonl"
    operator = operator_of(session, find_account(session, "admin@hall.example"))
    take = {"session": session, "kind": ListKind.ORGANIZATIONS, "path": path, "options": ImportOptions(releases=True)}
    path.write_text(ROWS.format(text="从前"), encoding="utf-8")
    assert import_list(operator, **take).released == 1
    found = session.exec(select(Organization).where(col(Organization.external_reference) == "o1")).one()
    found.owners, found.legal_person, found.address = ["某集团"], "王某", "科技路1号"
    keep_facts(session, small_world.admin, found)
    confirm_current(session, small_world.admin, found)
    session.commit()
    path.write_text(ROWS.format(text="现在"), encoding="utf-8")
    assert import_list(operator, **take).updated == 1
    session.refresh(found)
    assert found.description == "现在"
    assert (found.owners, found.legal_person, found.address) == (["某集团"], "王某", "科技路1号")
    assert found.facts_changed_at is None
