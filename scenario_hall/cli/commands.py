"""The command group: each command is imported when it is asked for, so that none waits for what it does not need."""

from __future__ import annotations

import os
from importlib import import_module

import click

from scenario_hall import __version__
from scenario_hall.core.logs import log_to_stderr

# Where each command is: the module below this package, and its name there.
COMMANDS = {
    "backup": ("recovery", "backup"),
    "bench": ("bench", "bench"),
    "checkpoint": ("log", "checkpoint"),
    "demo": ("demonstration", "demo"),
    "doctor": ("doctor", "doctor"),
    "evaluate": ("evaluate", "evaluate"),
    "export": ("lists", "export_list"),
    "gaps": ("search", "gaps"),
    "import": ("lists", "import_list"),
    "init": ("index", "init"),
    "lacks": ("search", "lacks"),
    "match": ("search", "match"),
    "prune": ("retention", "prune"),
    "reindex": ("index", "reindex"),
    "restore": ("recovery", "restore_backup"),
    "search": ("search", "search"),
    "serve": ("serve", "serve"),
    "signing-keys": ("certificates", "signing_keys"),
    "token": ("tokens", "token"),
    "user": ("users", "user"),
    "verify-certificate": ("certificates", "verify_certificate"),
    "verify-log": ("log", "verify_log"),
    "witness": ("witness", "witness"),
    "worker": ("worker", "worker"),
}


class Commands(click.Group):
    """A group that knows its commands by name.

    https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        found: click.Command = getattr(import_module(f"scenario_hall.cli.{module}"), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="Scenario Hall %(version)s")
def hall() -> None:
    """The application-scenario release hall (应用场景发布厅)."""
    os.umask(0o077)  # only the hall's user reads what a command writes: letters with links, the database
    log_to_stderr()
