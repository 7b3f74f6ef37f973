"""The commands ``token …``: tokens of programs, made, listed and revoked by the hall's operator."""

from __future__ import annotations

import click
from sqlmodel import Session

from scenario_hall.cli.context import opened, operator
from scenario_hall.cli.reporting import report_errors
from scenario_hall.core.errors import NotFound
from scenario_hall.organizations.accounts import find_account
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.service import find_organization
from scenario_hall.organizations.tokens import Scope, make_token, revoke_token, tokens_of


@click.group()
def token() -> None:
    """Tokens, by which programs use the API in a person's name."""


@token.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What program will use it.")
@click.option("--scope", "scopes", type=click.Choice([each.value for each in Scope]), multiple=True, required=True)
@click.option("--organization", default="", help="Number or name of the organisation that it speaks for.")
@click.option("--days", type=int, default=90, show_default=True, help="How long it is good for.")
@report_errors
def create(email: str, name: str, scopes: tuple[str, ...], organization: str, days: int) -> None:
    """Make a token of the account EMAIL and print it, this once."""
    with opened() as (settings, _engine, session):
        speaks_for = find_organization(session, organization).pk if organization else None
        _made, text = make_token(
            operator(session, None),
            session=session,
            account=_account(session, email),
            name=name,
            scopes=[Scope(each) for each in scopes],
            organization_id=speaks_for,
            days=days,
            longest=settings.token_days,
        )
        click.echo(text)


@token.command("list")
@click.argument("email")
@report_errors
def list_tokens(email: str) -> None:
    """The tokens of the account EMAIL, without their secrets."""
    with opened() as (_settings, _engine, session):
        for each in tokens_of(session, _account(session, email).pk):
            state = "over" if each.is_over else f"until {each.expires_at:%Y-%m-%d}"
            used = f"used {each.used_at:%Y-%m-%d %H:%M} from {each.used_address}" if each.used_at else "never used"
            click.echo(f"{each.pk}\t{each.name}\t{','.join(each.scopes)}\t{state}\t{used}")


@token.command("revoke")
@click.argument("email")
@click.argument("number", type=int)
@report_errors
def revoke(email: str, number: int) -> None:
    """End token NUMBER of the account EMAIL at once."""
    with opened() as (_settings, _engine, session):
        account = _account(session, email)
        revoke_token(operator(session, None), session=session, account=account, token_id=number)
        click.echo(f"token {number} is revoked")


def _account(session: Session, email: str) -> Account:
    account = find_account(session, email)
    if account is None:
        raise NotFound("there is no account %(email)s", email=email)
    return account
