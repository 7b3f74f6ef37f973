"""Whom and what of the demonstration data the routes are asked for: two sides of one trial, and a record of each state."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text

from scenario_hall.bulletins.months import Month
from scenario_hall.core.clock import now

ADMINISTRATOR = "admin@hall.example"
# A record in the state, of the organisation if it has one; else what it has, whose page then says why not.
_OF = "SELECT code FROM {table} ORDER BY ({owner}) = :owner AND state = :state DESC, state = :state DESC, id LIMIT 1"
_STATES = {
    "open": ("scenario", "organization_id", "demand", "released"),
    "draft": ("scenario", "organization_id", "demand", "draft"),
    "submitted": ("scenario", "organization_id", "demand", "submitted"),
    "listed": ("product", "organization_id", "supplier", "listed"),
    "draft_product": ("product", "organization_id", "supplier", "draft"),
    **{
        state: ("outcome", "supplier_id", "supplier", state)
        for state in ("planned", "running", "claimed", "approved", "confirmed")
    },
    "noticed": ("outcome", "supplier_id", "supplier", "on_notice"),
}
_TRIAL = (
    "SELECT outcome.demand_id, outcome.supplier_id, application.code, certificate.number FROM outcome "
    "JOIN application ON application.id = outcome.application_id JOIN certificate ON certificate.outcome_id = outcome.id "
    "WHERE outcome.state = 'approved' ORDER BY outcome.id LIMIT 1"
)
_MEMBER = (
    "SELECT email FROM account JOIN membership ON membership.account_id = account.id "
    "WHERE organization_id = :id AND membership.is_active ORDER BY role = 'owner' DESC, account.id LIMIT 1"
)


def demonstration_places(engine: Engine) -> tuple[dict[str, str], dict[str, str]]:
    """The e-mail address of each role, and what stands for each name in the routes of tests/web/test_access.py."""
    with engine.connect() as connection:
        demand, supplier, application, certificate = connection.execute(text(_TRIAL)).one()
        sides = {"demand": demand, "supplier": supplier}
        emails = {side: str(_first(connection, _MEMBER, id=number)) for side, number in sides.items()}
        places = {
            name: str(_first(connection, _OF.format(table=table, owner=owner), owner=sides[side], state=state))
            for name, (table, owner, side, state) in _STATES.items()
        }
        places |= {
            "month": Month.of(now()).previous().code,
            "application": application,
            "certificate": certificate,
            "port": str(demand),
            "unverified": str(_first(connection, "SELECT id FROM organization WHERE state = 'registered'")),
            "proposed": str(_first(connection, "SELECT id FROM proposed_revision ORDER BY id LIMIT 1")),
            "attachment": str(_first(connection, "SELECT id FROM stored_file WHERE role = 'attachment'") or 0),
        }
    return {**emails, "administrator": ADMINISTRATOR}, places


def _first(connection: Connection, query: str, **values: object) -> object:
    return connection.execute(text(query), values).scalar()
