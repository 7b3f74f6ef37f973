"""The commands ``user …``: accounts that no page has made, and second factors that were lost."""

from __future__ import annotations

import sys

import click

from scenario_hall.cli.context import opened, operator
from scenario_hall.cli.reporting import report_errors
from scenario_hall.core.errors import NotFound
from scenario_hall.organizations.accounts import find_account, register_account, set_administrator
from scenario_hall.organizations.second_factor import reset_second_factor


@click.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.argument("email")
@click.option("--name", default="", help="The person's name; the address's first part by default.")
@click.option("--administrator", is_flag=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Read the password from standard input.")
@report_errors
def create_user(email: str, name: str, administrator: bool, password_stdin: bool) -> None:
    """Create an account whose address counts as confirmed."""
    password = sys.stdin.readline().rstrip("\n")
    with opened() as (_settings, _engine, session):
        made = register_account(
            session, email=email, name=name or email.split("@", maxsplit=1)[0], password=password, is_confirmed=True
        )
        if administrator:
            set_administrator(operator(session, None), session=session, account=made, is_administrator=True)
        click.echo(f"created {made.email}{' as administrator' if administrator else ''}")


@user.command("reset-second-factor")
@click.argument("email")
@report_errors
def reset_factor(email: str) -> None:
    """Take away the second factor of somebody who has lost it; its owner gets a letter."""
    with opened() as (_settings, _engine, session):
        account = find_account(session, email)
        if account is None:
            raise NotFound("there is no account %(email)s", email=email)
        reset_second_factor(operator(session, None), session=session, account=account)
        click.echo(f"{account.email} logs in with the password alone")
