"""Whom one can be in the demonstration."""

from __future__ import annotations

import click

from scenario_hall.config import Settings
from scenario_hall.demonstration.cast import ADMINISTRATORS, rows


def tell_accounts(settings: Settings) -> None:
    click.echo(f"  Demonstration accounts (password of all: {settings.demo_password})")
    for email, name in ADMINISTRATORS:
        click.echo(f"    {email:<34} administrator · {name}")
    for side in ("demand", "supply"):
        row = next(row for row in rows("organizations") if row["side"] == side and row["state"] == "verified")
        click.echo(f"    {row['people'][0]['email']:<34} {side} side · {row['name']}")
    click.echo("")
