"""What was sent stays readable for who sent it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scenario_hall.applications.lifecycle import LIFECYCLE
from scenario_hall.applications.models import Answer, AnswerKind, Application
from scenario_hall.applications.service import act_on_application, submit_application
from scenario_hall.config import Settings
from scenario_hall.core.db import transaction
from scenario_hall.core.files import StoredFile, store_file
from scenario_hall.organizations.service import act_on_organization
from scenario_hall.products.service import amend_product, delist_product
from scenario_hall.scenarios.service import end_scenario
from tests.world import World

# Which actions lead to each state, each by who may.
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "submitted": (),
    "shortlisted": (("demand", "shortlist"),),
    "accepted": (("demand", "accept"),),
    "declined": (("demand", "decline"),),
    "withdrawn": (("supplier", "withdraw"),),
}


def sent(hall: World, settings: Settings) -> tuple[Application, StoredFile]:
    scenario, product = hall.released_scenario(), hall.listed_product(title="原名巡检系统")
    made = submit_application(
        hall.supplier,
        session=hall.session,
        scenario=scenario,
        product=product,
        proposal="三台机场轮换值守",
        answers=[Answer(metric="续航时间", answer=AnswerKind.MEETS, statement="实测42分钟")],
    )
    with transaction(hall.session):
        file = store_file(
            hall.session,
            settings.files,
            stream=io.BytesIO(b"%PDF-1.7\n%%EOF\n"),
            name="方案.pdf",
            subject_kind="application",
            subject_id=made.pk,
            role="application",
            uploaded_by=None,
        )
    return made, file


@pytest.mark.parametrize("state", LIFECYCLE.states)
def test_a_supplier_reads_what_he_sent_in_every_state_and_whatever_became_of_the_records(
    hall: World, hall_settings: Settings, as_person: Callable[[str], FlaskClient], state: str
) -> None:
    application, file = sent(hall, hall_settings)
    for side, action in WAYS[state]:
        act_on_application(
            getattr(hall, side), session=hall.session, application=application, action=action, feedback="续航不足"
        )
    product, scenario = application.product, application.scenario
    amend_product(
        hall.supplier,
        session=hall.session,
        product=product,
        version=None,
        reason="改名",
        content={"title": "后来的名字"},
    )
    hall.accepted_change(product)
    delist_product(hall.admin, session=hall.session, product=product, version=None, reason="证书过期")
    end_scenario(hall.demand, session=hall.session, scenario=scenario, action="withdraw", version=None, reason="取消")
    for organization in (hall.port, hall.maker):
        act_on_organization(
            hall.admin, session=hall.session, organization=organization, action="suspend", reason="资质核查"
        )
    client = as_person("maker@maker.example")
    page = client.get(f"/applications/{application.code}")
    assert page.status_code == 200
    assert all(text in page.text for text in ("三台机场轮换值守", "实测42分钟", "方案.pdf", "原名巡检系统", "45 min"))
    assert ("续航不足" in page.text) == (state in ("shortlisted", "accepted", "declined", "withdrawn"))
    assert client.get(f"/files/{file.id}").status_code == 200
