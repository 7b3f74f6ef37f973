"""Requests of every shape at every route, as everybody: no answer is an error of the hall.

Addresses, queries, forms and headers are drawn by Hypothesis: odd values that are known to hurt, texts, numbers and days
of its own, and what the hall itself shows in its forms. It runs without a server, so that a minute is thousands of them.
(``make fuzz`` has Schemathesis do the same to the API by its own document, on a real port.)
"""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from sqlmodel import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from scenario_hall.app import create_app
from scenario_hall.organizations.accounts import actor_of, find_account
from scenario_hall.organizations.tokens import OF_ADMINISTRATORS, Scope, make_token
from tests.conftest import settings_in
from tests.places import PLACES
from tests.soak.drawn import Form, Request, requests_at
from tests.web.access_table import OK, TABLE
from tests.web.access_table import ROLES as COLUMNS
from tests.web.conftest import EMAILS, token
from tests.web.test_odd_values import Forms
from tests.world import PASSWORD

PEOPLE = ("visitor", "demand", "supplier", "other", "administrator")
PROGRAMS = {"program": "demand", "office": "administrator"}  # with whose tokens
A_HALL = 2_000  # requests; then a new one, since what they change leaves less and less to ask for
LOOKED_AT_EVERY = 100  # requests: is everybody still logged in?
NO_LIMIT = 1_000_000
NOT_SENT = {"/logout", "/account/close"}  # leave the rest of the walk to visitors


@dataclass
class Fuzzed:
    """What came of it."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)  # endpoints with their method
    failures: dict[str, str] = field(default_factory=dict)  # one request for each fault, by where it was raised
    failed: int = 0


def fuzz(template: Path, folder: Path, *, requests: int, start: int = 0) -> Fuzzed:
    """``requests`` at halls that are copies of ``template``, the data folder of one with a record of each kind and state
    (``tests/places.py``). With the same ``start`` the same requests are drawn. A third as many pages are looked at for
    their forms at first, at most all."""
    found, number, forms = Fuzzed(), start, list[Form]()
    while found.requests < requests:
        here = folder / f"hall-{number}"
        shutil.copytree(template, here)
        walk = Walk(here, found)
        forms = forms or walk.forms(requests // 3, random.Random(start))
        walk.run(min(A_HALL, requests - found.requests), number, forms)
        shutil.rmtree(here)
        number += 1
    return found


class Raised(logging.Handler):
    """What the hall last logged with a traceback, instead of being written anywhere."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.error: BaseException | None = None
        self._logger = logging.getLogger("scenario_hall")

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.error = record.exc_info[1]

    def listen(self) -> None:
        self._logger.addHandler(self)
        self._logger.propagate = False

    def hush(self) -> None:
        self._logger.removeHandler(self)
        self._logger.propagate = True


class Walk:
    """One hall, the people in it, and what they send."""

    def __init__(self, folder: Path, found: Fuzzed) -> None:
        self.found = found
        hall = replace(settings_in(folder, f"sqlite:///{folder / 'hall.sqlite'}"), api_rate=NO_LIMIT)
        self.app = create_app(hall)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.raised = Raised()
        self.raised.listen()
        self.chance = random.Random(2026)
        self.places: dict[str, str] = json.loads((folder / PLACES).read_text("utf-8"))
        self.clients = {role: self._client(role) for role in PEOPLE}
        self.clients |= {name: self._program(role) for name, role in PROGRAMS.items()}

    def run(self, requests: int, number: int, forms: Sequence[Form]) -> None:
        """Draw and send so many."""
        drawn = requests_at(self.app, sorted(self.clients), self.places, forms)
        goal = self.found.requests + requests

        @seed(number)
        @settings(
            max_examples=requests,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(drawn)
        def send(request: Request) -> None:
            if self.found.requests < goal:
                self.send(request)

        while self.found.requests < goal:
            send()
        self.raised.hush()
        self.app.extensions["hall_engine"].dispose()

    def send(self, request: Request) -> None:
        """Send one request, and note what became of it."""
        if self.found.requests % LOOKED_AT_EVERY == LOOKED_AT_EVERY - 1:
            self._log_in_again()
        self.raised.error = None
        answer = self.clients[request.role].open(
            request.path,
            method=request.method,
            data=request.body,
            content_type=request.content_type or None,
            headers=list(request.headers),
        )
        self.found.requests += 1
        self.found.statuses[answer.status_code] += 1
        self.found.asked.add(f"{request.method} {self._endpoint(request)}")
        if answer.status_code >= 500:
            self.found.failed += 1
            self.found.failures.setdefault(f"{answer.status_code}: {place_of(self.raised.error)}", str(request))
        answer.close()

    def forms(self, pages: int, chance: random.Random) -> list[Form]:
        """The forms of so many pages, as those are shown them who may see them."""
        seen = [
            (role, path.format(**self.places))
            for path, expected in TABLE.items()
            for role in PEOPLE
            if expected[COLUMNS.index(role)] == OK
        ]
        forms: dict[tuple[str, str, tuple[str, ...]], Form] = {}
        for role, page in chance.sample(seen, min(pages, len(seen))):
            answer, reader = self.clients[role].get(page), Forms()
            if answer.mimetype == "text/html":
                reader.feed(answer.text)
            for action, fields in reader.found:
                target = action or page
                if target not in NOT_SENT:
                    forms[role, target, tuple(sorted(fields))] = Form(role, target, fields)
        return list(forms.values())

    def _log_in_again(self) -> None:
        for role in PEOPLE[1:]:
            if self.clients[role].get("/account").status_code != 200:
                self.clients[role] = self._client(role)

    def _client(self, role: str) -> FlaskClient:
        """Somebody from an address of his own; logged in, where he still can."""
        client = self.app.test_client()
        client.environ_base["REMOTE_ADDR"] = ".".join(["10", *(str(self.chance.randrange(256)) for _ in range(3))])
        if role != "visitor":
            form = {"csrf_token": token(client, "/password/forgotten"), "email": EMAILS[role], "password": PASSWORD}
            client.post("/login", data=form)
        return client

    def _program(self, role: str) -> FlaskClient:
        client, is_office = self.app.test_client(), role == "administrator"
        with Session(self.app.extensions["hall_engine"]) as session:
            person = find_account(session, EMAILS[role])
            assert person is not None
            _, text = make_token(
                actor_of(session, person),
                session=session,
                account=person,
                name="fuzzing",
                scopes=set(Scope) if is_office else set(Scope) - OF_ADMINISTRATORS,
                organization_id=None if is_office else int(self.places["port"]),
                days=1,
                longest=1,
            )
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {text}"
        return client

    def _endpoint(self, request: Request) -> str:
        adapter = self.app.url_map.bind("hall.test")
        try:
            return str(adapter.match(request.path.partition("?")[0], method=request.method)[0])
        except (HTTPException, RequestRedirect):
            return "nowhere"


def place_of(error: BaseException | None) -> str:
    """The error, and the last line of ours that it went through."""
    if error is None:
        return "answered so, nothing raised"
    ours, step = "", error.__traceback__
    while step is not None:
        _before, is_ours, name = step.tb_frame.f_code.co_filename.rpartition("scenario_hall/")
        if is_ours:
            ours = f"{name}:{step.tb_lineno} {step.tb_frame.f_code.co_name}"
        step = step.tb_next
    return f"{type(error).__name__} at {ours}: {error}"[:300]
