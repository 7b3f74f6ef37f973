"""An import that is going to be killed: takes a list by the command's own function, one row a slice."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import Session

from scenario_hall.core.db import make_engine
from scenario_hall.exchange.columns import ListKind
from scenario_hall.exchange.report import ImportOptions
from scenario_hall.exchange.service import import_list
from scenario_hall.organizations.accounts import find_account, operator_of


def main(path: Path, url: str) -> None:
    with Session(make_engine(url)) as session:
        actor = operator_of(session, find_account(session, "admin@hall.example"))
        options = ImportOptions(
            releases=True,
            slice_seconds=0.0,
            progress=lambda done, _total: print(done, flush=True),
        )
        import_list(actor, session=session, kind=ListKind.PRODUCTS, path=path, options=options)
