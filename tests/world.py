"""A small hall for tests: people, organisations, and records in the state that a test begins with."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, col, func, select

from scenario_hall.applications import service as applications
from scenario_hall.applications.models import Application
from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.files import StoredFile
from scenario_hall.core.policy import SYSTEM, Actor
from scenario_hall.core.records import Record
from scenario_hall.core.values import Comparison
from scenario_hall.organizations import accounts
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.models import Account, Organization, Side
from scenario_hall.organizations.registration import RegistrationKind
from scenario_hall.outcomes.claim.claim import claim_first, evidence_present
from scenario_hall.outcomes.claim.models import AdviceKind
from scenario_hall.outcomes.claim.notice import approve_first
from scenario_hall.outcomes.claim.review import give_advice
from scenario_hall.outcomes.claim.rules import Scope
from scenario_hall.outcomes.models import Outcome, OutcomeKind
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.outcomes.plan.service import plan_outcome, sign_plan
from scenario_hall.outcomes.run.service import confirm_results, report_results, start_outcome
from scenario_hall.products import service as products
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import accept_revision, get_waiting
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario

PASSWORD = "a long enough password"

SCENARIO: dict[str, Any] = {
    "title": "港口岸桥无人机巡检",
    "situation": "人工登高检查岸桥钢结构,每台岸桥需停机2小时。",
    "wanted_result": "自动机场与多旋翼无人机夜间巡检,识别锈蚀与裂纹。",
    "domains": ["low-altitude"],
    "tags": ["uav-inspection"],
    "region": "440300",
    "contact_name": "陈秘密",
    "contact_email": "secret-contact@port.example",
    "requirements": [
        {"metric": "续航时间", "comparison": "at_least", "value": 40, "unit": "分钟", "necessity": "must"}
    ],
    "budget_min": 500_000,
    "budget_max": 800_000,
}
PRODUCT: dict[str, Any] = {
    "title": "全自动无人机机场巡检系统",
    "summary": "六旋翼无人机与换电自动机场,用于岸桥与堆场巡检,识别锈蚀和裂纹。",
    "limits": "不适用于7级以上大风。",
    "domains": ["low-altitude"],
    "tags": ["drone-dock"],
    "readiness_level": 8,
    "earlier_uses": "无",
    "specifications": [{"metric": "续航", "value": 45, "unit": "min"}],
}


def a_file(session: Session, record: Record, role: str, *, by: int | None = None, sha256: str = "0" * 64) -> StoredFile:
    """The row of a file of ``record``, without its bytes."""
    file = StoredFile(
        subject_kind=record.subject,
        subject_id=record.pk,
        role=role,
        name=f"{role}.pdf",
        content_type="application/pdf",
        size=1,
        sha256=sha256,
        uploaded_by=by,
    )
    session.add(file)
    session.commit()
    return file


class World:
    """One administrator, one demand side, one supplier; more on demand."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = count(10_000_000)
        if not self._is_there():
            self.administrator = self.make_administrator("admin@hall.example")
            self.port_person = self.person("port@port.example", "Port")
            self.maker_person = self.person("maker@maker.example", "Maker")
            self.port = self.organization(self.port_person, Side.DEMAND, "湾澜港务")
            self.maker = self.organization(self.maker_person, Side.SUPPLY, "禾翼航空")

    def _is_there(self) -> bool:
        """Was it made before, in the database that this one is a copy of?"""
        emails = ("admin@hall.example", "port@port.example", "maker@maker.example")
        people = [person for email in emails if (person := accounts.find_account(self.session, email))]
        is_there = len(people) == len(emails)
        if is_there:
            self.administrator, self.port_person, self.maker_person = people
            self.port = organizations.find_organization(self.session, "湾澜港务")
            self.maker = organizations.find_organization(self.session, "禾翼航空")
            self._numbers = count(10_000_000 + self.session.exec(select(func.count(col(Organization.id)))).one())
            self.session.commit()
        return is_there

    def person(self, email: str, name: str = "Somebody", *, is_confirmed: bool = True) -> Account:
        return accounts.register_account(
            self.session, email=email, name=name, password=PASSWORD, is_confirmed=is_confirmed
        )

    def make_administrator(self, email: str) -> Account:
        person = self.person(email, "Administrator")
        accounts.set_administrator(SYSTEM, session=self.session, account=person, is_administrator=True)
        return person

    def organization(self, owner: Account, side: Side, name: str, *, is_verified: bool = True) -> Organization:
        made = organizations.create_organization(
            self.actor(owner),
            session=self.session,
            details=organizations.OrganizationDetails(
                name=name,
                side=side,
                registration_kind=RegistrationKind.HK_BR,
                registration_number=str(next(self._numbers)),
                region="440300",
            ),
        )
        if is_verified:
            organizations.act_on_organization(self.admin, session=self.session, organization=made, action="verify")
        return made

    def actor(self, person: Account) -> Actor:
        return accounts.actor_of(self.session, person)

    @property
    def admin(self) -> Actor:
        return self.actor(self.administrator)

    @property
    def demand(self) -> Actor:
        return self.actor(self.port_person)

    @property
    def supplier(self) -> Actor:
        return self.actor(self.maker_person)

    def draft_scenario(self, **content: Any) -> Scenario:
        return scenarios.create_scenario(
            self.demand, session=self.session, organization=self.port, content={**SCENARIO, **content}
        )

    def submitted_scenario(self, **content: Any) -> Scenario:
        made = self.draft_scenario(**content)
        return scenarios.submit_scenario(self.demand, session=self.session, scenario=made, version=None)

    def released_scenario(self, **content: Any) -> Scenario:
        content.setdefault("deadline", now() + timedelta(days=30))
        made = self.submitted_scenario(**content)
        return scenarios.release_scenario(self.admin, session=self.session, scenario=made, version=None)

    def draft_product(self, **content: Any) -> Product:
        return products.create_product(
            self.supplier, session=self.session, organization=self.maker, content={**PRODUCT, **content}
        )

    def submitted_product(self, **content: Any) -> Product:
        made = self.draft_product(**content)
        return products.submit_product(self.supplier, session=self.session, product=made, version=None)

    def listed_product(self, **content: Any) -> Product:
        made = self.submitted_product(**content)
        return products.list_product(self.admin, session=self.session, product=made, version=None)

    def accepted_change(self, record: Scenario | Product) -> Scenario | Product:
        """The waiting change of the record, accepted."""
        return accept_revision(
            self.admin,
            session=self.session,
            record=record,
            proposed=get_waiting(self.session, record),
            version=None,
        )

    def application(self, scenario: Scenario | None = None, product: Product | None = None) -> Application:
        return applications.submit_application(
            self.supplier,
            session=self.session,
            scenario=scenario or self.released_scenario(),
            product=product or self.listed_product(),
            proposal="我们用自动机场完成夜间巡检。",
        )

    def accepted(self, scenario: Scenario | None = None, product: Product | None = None) -> Application:
        made = self.application(scenario, product)
        return applications.act_on_application(self.demand, session=self.session, application=made, action="accept")

    def planned(self, application: Application | None = None, kind: OutcomeKind = OutcomeKind.FIRST_TRIAL) -> Outcome:
        return plan_outcome(
            self.supplier,
            session=self.session,
            application=application or self.accepted(),
            kind=kind,
            place="3号泊位",
            starts_on=date(2026, 11, 1),
            ends_on=date(2026, 11, 10),
            metrics=[PlanMetric(metric="续航时间", comparison=Comparison.AT_LEAST, value=40, unit="分钟")],
        )

    @property
    def reviewers(self) -> list[Actor]:
        """Three administrators of neither side; two are made when they are first asked for."""
        emails = ("second@review.example", "third@review.example")
        people = [accounts.find_account(self.session, email) or self.make_administrator(email) for email in emails]
        return [self.admin, *(self.actor(person) for person in people)]

    def signed(self, application: Application | None = None, kind: OutcomeKind = OutcomeKind.FIRST_TRIAL) -> Outcome:
        made = self.planned(application, kind)
        sign_plan(self.supplier, session=self.session, outcome=made, version=None)
        return sign_plan(self.demand, session=self.session, outcome=made, version=None)

    def evidence(self, outcome: Outcome, *kinds: str) -> None:
        for kind in kinds:
            a_file(self.session, outcome, f"evidence.{kind}")

    def claimed(self, application: Application | None = None, scope: Scope = Scope.CITY) -> Outcome:
        return self.claim(self.confirmed(application), scope)

    def claim(self, made: Outcome, scope: Scope = Scope.CITY) -> Outcome:
        self.evidence(made, "trial_report", "acceptance")
        return claim_first(
            self.supplier,
            session=self.session,
            outcome=made,
            version=None,
            scope=scope,
            declarations={"earlier_sales": "无", "equity_link": "无", "why_first": "本市首次"},
        )

    def advised(self, outcome: Outcome, reviewer: Actor, advice: AdviceKind = AdviceKind.APPROVE) -> Outcome:
        return give_advice(
            reviewer,
            session=self.session,
            outcome=outcome,
            version=None,
            advice=advice,
            marks=dict.fromkeys(("novelty", "reality", "results", "evidence"), 4),
            reason="材料齐全",
            checked=evidence_present(self.session, outcome),
        )

    def on_notice(self, application: Application | None = None, scope: Scope = Scope.CITY) -> Outcome:
        return self.put_on_notice(self.claimed(application, scope))

    def put_on_notice(self, made: Outcome) -> Outcome:
        """On notice since thirty days ago, so that the notice is over."""
        with clock.at(now() - timedelta(days=30)):
            for reviewer in self.reviewers[:2]:
                self.advised(made, reviewer)
        return made

    def confirmed(self, application: Application | None = None, kind: OutcomeKind = OutcomeKind.FIRST_TRIAL) -> Outcome:
        return self.carried_out(self.signed(application, kind))

    def carried_out(self, made: Outcome) -> Outcome:
        start_outcome(self.supplier, session=self.session, outcome=made)
        report_results(
            self.supplier, session=self.session, outcome=made, version=None, measured=[43.0], summary="完成20架次。"
        )
        return confirm_results(self.demand, session=self.session, outcome=made)

    def approved(self, application: Application | None = None) -> Outcome:
        return approve_first(self.admin, session=self.session, outcome=self.on_notice(application), version=None)
