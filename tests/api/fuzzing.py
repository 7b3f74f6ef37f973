"""Schemathesis over the whole document, against the hall on a real port: positive and negative data, and chains of
requests that follow the document's links.

`make fuzz` runs it long; the suite runs a short form (``test_fuzzing.py``).
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.generation.meta import TestPhase
from sqlmodel import Session
from werkzeug.serving import make_server

from scenario_hall.api.products import PRODUCTS
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.app import create_app
from scenario_hall.core.db import make_engine
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.tokens import Scope, make_token
from tests.conftest import prepare, settings_in
from tests.world import World

NO_LIMIT = 10**6
OWN = 1  # the organisation that the token speaks for, which also may list products
# What a request of the declared form may be answered beside success: the services' own rules (422, told apart by its
# type), a record that is not there or in another state, a version or log that is over, too many of something.
MAY_REFUSE = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "429"]
MUST_REFUSE = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "422", "428", "429"]
LACKS_A_HEADER = ["400", "401", "403", "406", "415", "422", "428"]


@dataclass
class Walk:
    """What came of it: every failure in words, and how often each phase got which status."""

    failures: list[str] = field(default_factory=list)
    cases: int = 0
    statuses: Counter[tuple[str, str, int]] = field(default_factory=Counter)  # phase, operation, status


def configured(token: str, *, examples: int, chains: int, steps: int, **more: Any) -> SchemathesisConfig:
    """``examples`` of each operation; ``chains`` of up to ``steps`` requests."""
    # A NUL in a text is refused as a malformed request, which no schema can say without a pattern on every text.
    generation = {"mode": "all", "max-examples": examples, "allow-x00": False, "no-shrink": True, "database": "none"}
    checks = {
        "positive_data_acceptance": {"expected-statuses": MAY_REFUSE},
        "negative_data_rejection": {"expected-statuses": MUST_REFUSE},
        "missing_required_header": {"expected-statuses": LACKS_A_HEADER},
    }
    # Nobody makes an application or trial by chance: chains are those of scenarios and products.
    elsewhere = {"include-path-regex": "^/api/v1/(?!scenarios|products)", "phases": {"stateful": {"enabled": False}}}
    operations = [*more.pop("operations", []), elsewhere]
    stateful = {"max-steps": steps, "generation": {**generation, "mode": "positive", "max-examples": chains}}
    phases = {"stateful": stateful, **more.pop("phases", {})}
    return SchemathesisConfig.from_dict(
        {
            "seed": 20261128,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {**generation, "deterministic": True},
            "checks": checks,
            "phases": phases,
            "operations": operations,
            **more,
        }
    )


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application on a port of its own; its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def hall_with_everything(folder: Path) -> tuple[Flask, str]:
    """A hall with records in several states, and the token of somebody who may everything that one person may."""
    url = f"sqlite:///{folder / 'hall.sqlite'}"
    engine = make_engine(url)
    prepare(engine, with_people=True)
    with Session(engine) as session:
        world = World(session)
        world.application()
        world.draft_scenario()
        world.submitted_product()
        person = world.port_person
        person.is_administrator, world.port.side = True, Side.BOTH
        session.add_all([person, world.port])
        session.commit()
        _, token = make_token(
            world.actor(person),
            session=session,
            account=person,
            name="fuzzing",
            scopes=list(Scope),
            organization_id=world.port.pk,
            days=1,
            longest=1,
        )
    engine.dispose()
    return create_app(replace(settings_in(folder, url), api_rate=NO_LIMIT)), token


def walk(app: Flask, config: SchemathesisConfig) -> Walk:
    """Run it, and hear what it has to say."""
    found = Walk()
    with served(app) as address:
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json?lang=en", config=config)
        schema.hook(_begin_chains)
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError):
                found.failures.append(f"{event.label}: {event.value}")
            elif isinstance(event, events.FatalError):
                found.failures.append(str(event.exception))
            elif isinstance(event, events.ScenarioFinished):
                _hear(event, found)
    return found


def map_case(_context: Any, case: Any) -> Any:
    """Chains begin with a scenario or product that is one: of random content nobody could go on with much."""
    begins = {f"POST /api/v1/{kind.subject}": kind.example for kind in (SCENARIOS, PRODUCTS)}
    content = begins.get(case.operation.label)
    if content is not None and case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL:
        case.body = {"organization": OWN, "content": dict(content)}
    return case


_begin_chains = map_case  # the hook goes by its name


def _hear(event: events.ScenarioFinished, found: Walk) -> None:
    recorder = event.recorder
    found.cases += len(recorder.cases)
    for key, interaction in recorder.interactions.items():
        if interaction.response is not None:
            label = recorder.cases[key].value.operation.label
            found.statuses[event.phase.name, label, interaction.response.status_code] += 1
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                found.failures.append(
                    f"{recorder.label}: {failure.title}: {failure.message}\n{check.failure_info.code_sample}"
                )


def told(found: Walk) -> Mapping[str, int]:
    """How many answers of each status there were."""
    statuses: Counter[str] = Counter()
    for (_phase, _operation, status), count in found.statuses.items():
        statuses[str(status)] += count
    return dict(sorted(statuses.items()))


def main() -> int:
    """The long form; prints what failed, and exits with 1 when something did."""
    with tempfile.TemporaryDirectory() as folder:
        app, token = hall_with_everything(Path(folder))
        found = walk(app, configured(token, examples=40, chains=200, steps=8))
    for failure in dict.fromkeys(found.failures):
        print(failure, end="\n\n")
    print(f"{found.cases} cases, {len(found.failures)} failures, answers by status: {told(found)}")
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
