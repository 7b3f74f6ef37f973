"""No contact crosses the border of a jurisdiction without consent: every page, file, answer of the API and letter that
one side gets is searched for the names, addresses and telephone numbers of the other side's people."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import chain
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from scenario_hall.api.operations import OPERATIONS
from scenario_hall.applications.inviting import invite_supplier
from scenario_hall.applications.messages import send_message
from scenario_hall.applications.models import Application
from scenario_hall.config import ROOT, Settings
from scenario_hall.log.chain import events_after
from scenario_hall.matching.likeness import propose_jointly
from scenario_hall.notices.tokens import INVITATION, make_token
from scenario_hall.notices.writing import letters_for
from scenario_hall.organizations.consents import PURPOSES, set_consent
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.tokens import Scope
from scenario_hall.organizations.tokens import make_token as make_api_token
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import create_scenario, get_scenario
from tests.web.access_table import OK, ROLES, TABLE
from tests.world import SCENARIO, World

# Of the demand side: its person, who is a contact too, and a contact without an account.
NAME, EMAIL, PHONE = "Wen Unmistakable", "port@port.example", "0756-7654321"
WORDS = (NAME, EMAIL, PHONE, "陈秘密", "secret-contact@port.example")
MESSAGES, INVITED, LETTER = "/applications/{application}", "/invitations/{invited}", "letter scenario.joint_proposed"
# Pages that show nobody's records, or only the reader's own settings.
WITHOUT_RECORDS = ("/api", "/metrics", "/readyz", "/healthz", "/register", "/password", "/.well-known", "/did.json")
PROPOSED = ("scenario.joint_proposed",)


def move(hall: World, port: str, maker: str) -> None:
    hall.port.region, hall.maker.region = port, maker
    hall.session.add_all([hall.port, hall.maker])
    hall.session.commit()


def say(hall: World, is_given: bool) -> None:
    for purpose in PURPOSES.values():
        set_consent(
            hall.demand,
            session=hall.session,
            account=hall.port_person,
            purpose=purpose.key,
            version=purpose.version,
            is_given=is_given,
        )


@pytest.fixture
def met(hall: World, places: dict[str, str], hall_settings: Settings) -> dict[str, str]:
    """The places, with all that brings a contact of the demand side before the supplier: a message, an invitation, a
    proposal to post jointly."""
    session, found = hall.session, dict(places)
    hall.port_person.name, hall.maker.side, hall.maker_person.locale = NAME, Side.BOTH, "en"
    session.add_all([hall.port_person, hall.maker, hall.maker_person])
    session.commit()
    application = session.exec(select(Application).where(col(Application.code) == found["application"])).one()
    send_message(hall.demand, session=session, application=application, text="请来现场看看")
    scenario = get_scenario(session, found["open"])
    invitation = invite_supplier(
        hall.demand, session=session, scenario=open_scenario(session), email="maker@maker.example", locale="en"
    )
    found["invited"] = make_token(hall_settings.secret_key, INVITATION, invitation.pk, invitation.number)
    content = {**SCENARIO, "contact_name": "Maker", "contact_email": "maker@maker.example"}
    theirs = create_scenario(hall.supplier, session=session, organization=hall.maker, content=content)
    theirs.state = scenario.state
    session.add(theirs)
    session.commit()
    mine = hall.draft_scenario(contact_name=NAME, contact_email=EMAIL, contact_phone=PHONE)
    propose_jointly(hall.demand, session=session, scenario=mine, other_code=theirs.code)
    return found


def open_scenario(session: Session) -> Scenario:
    return next(each for each in session.exec(select(Scenario)) if each.is_open())


def places_of(shown: Iterable[tuple[str, str]]) -> set[str]:
    """Where one of the words stands."""
    return {place for place, text in shown if any(word in text for word in WORDS)}


def pages(maker: FlaskClient, met: dict[str, str], paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        yield path, text_of(maker.get(path.format(**met)).data)


def text_of(answer: bytes) -> str:
    """What can be read of it; a workbook is unpacked."""
    if answer.startswith(b"PK"):
        with ZipFile(BytesIO(answer)) as book:
            answer = b"".join(book.read(name) for name in book.namelist())
    return answer.decode("utf-8", "replace")


def answers(hall: World, app: Flask, met: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every operation of the API that reads, at every record of its kind."""
    _, text = make_api_token(
        hall.actor(hall.maker_person),
        session=hall.session,
        account=hall.maker_person,
        name="test",
        scopes=[each for each in Scope if each not in (Scope.REVIEW, Scope.CERTIFY)],
        organization_id=hall.maker.pk,
        days=1,
        longest=1,
    )
    hall.session.rollback()
    codes = {
        "scenarios": ("open", "draft"),
        "products": ("listed",),
        "applications": ("application",),
        "outcomes": ("approved", "running", "claimed"),
    }
    client = app.test_client()
    for operation in OPERATIONS:
        if operation.method != "GET":
            continue
        records = codes.get(operation.path.split("/")[1], ("open",))
        for place in records if "code" in operation.parameters else records[:1]:
            files = operation.path.startswith("/files")
            values = {"code": met[place], "number": met["certificate"], "id": 999 if files else hall.port.pk}
            path = operation.path.format(**{name: values.get(name, 1) for name in operation.parameters})
            told = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {text}"})
            assert told.status_code in (200, 404, 403, 422), (path, told.text)
            yield f"api {operation.name}", text_of(told.data)


def letters(hall: World, settings: Settings, kinds: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
    """Every letter to the supplier's person that any line of the log causes, or any of these kinds."""
    for event in events_after(hall.session, 0, limit=100_000, kinds=kinds):
        for letter in letters_for(hall.session, event, settings):
            if letter.to == "maker@maker.example":
                yield f"letter {event.kind}", letter.subject + letter.text


def test_a_contact_crosses_a_border_only_with_consent(
    app: Flask,
    hall: World,
    as_person: Callable[[str], FlaskClient],
    met: dict[str, str],
    hall_settings: Settings,
) -> None:
    maker, known = as_person("maker@maker.example"), (MESSAGES, INVITED)

    def seen() -> set[str]:
        hall.session.rollback()
        return places_of(chain(pages(maker, met, known), letters(hall, hall_settings, PROPOSED)))

    assert seen() == {MESSAGES, LETTER}  # in one jurisdiction
    move(hall, "440300", "810000")
    supplier = ROLES.index("supplier")
    shown = (path for path, told in TABLE.items() if told[supplier] == OK and not path.startswith(WITHOUT_RECORDS))
    everywhere = (*(path for path in shown if not path.endswith((".pdf", ".svg"))), INVITED)
    walk = chain(pages(maker, met, everywhere), answers(hall, app, met), letters(hall, hall_settings))
    assert places_of(walk) == seen() == set()
    say(hall, is_given=True)
    assert seen() == {MESSAGES, INVITED, LETTER}
    say(hall, is_given=False)
    assert seen() == set()


@pytest.mark.parametrize("regions", [("810000", "440300"), ("820000", "810000")])
def test_what_to_do_otherwise_is_said(
    hall: World,
    as_person: Callable[[str], FlaskClient],
    met: dict[str, str],
    hall_settings: Settings,
    regions: tuple[str, str],
) -> None:
    move(hall, *regions)
    page = MESSAGES.format(**met)
    english = {"Accept-Language": "en"}
    reader = as_person("maker@maker.example").get(page, headers=english).text
    assert "name not passed to your jurisdiction" in reader and hall.port.name in reader
    writer = as_person(EMAIL)
    assert "Without your consent it sees your organisation" in writer.get(page, headers=english).text
    assert NAME in writer.get(page, headers=english).text  # one's own side sees it
    hall.session.rollback()
    (letter,) = [text for place, text in letters(hall, hall_settings, PROPOSED)]
    assert "not in this letter" in letter and f"/organizations/{hall.port.pk}" in letter
    say(hall, is_given=True)
    assert "You have consented to its seeing your name" in writer.get(page, headers=english).text


# Where the sources read a contact or a person's name to show it; whoever adds a place thinks of borders, too.
READ = re.compile(r"\b(?:contact_(?:name|phone|email)|invited_by|author)\b")
READERS = {
    "templates/applications/_messages.html",
    "templates/organizations/invited.html",
    "templates/scenarios/_facts.html",  # one's own side and administrators
    "templates/scenarios/reading.html",  # its writer
}
CODE_READERS = {
    "scenario_hall/matching/likeness.py",
    "scenario_hall/notices/letters/scenarios.py",
    "scenario_hall/privacy/erasure.py",
    "scenario_hall/privacy/expiry.py",
    "scenario_hall/scenarios/models.py",
}


def test_no_other_source_reads_a_contact() -> None:
    templates = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if READ.search(re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL))
    }
    assert templates == READERS
    sources = ((path, path.read_text("utf-8")) for path in (ROOT / "scenario_hall").rglob("*.py"))
    code = {
        str(path.relative_to(ROOT))
        for path, source in sources
        if ".contact_" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in ("contact_name", "contact_phone", "contact_email")
    }
    assert code == CODE_READERS
