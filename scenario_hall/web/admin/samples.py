"""Records that are in no database, for the page of components: the same in every hall, so that its pictures compare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from scenario_hall.core.clock import now
from scenario_hall.dossiers.outcome_way import STEPS, Standing, Step
from scenario_hall.log.chain import Event
from scenario_hall.matching.engine.explanation import Reasons
from scenario_hall.matching.service import ShownMatch
from scenario_hall.organizations.models import Organization
from scenario_hall.outcomes.certificate.models import Certificate
from scenario_hall.outcomes.models import Outcome
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario
from scenario_hall.web.kit.forms import ChipsField, HallForm
from scenario_hall.web.kit.uploads import FilesField

PORT = Organization(id=1, name="湾澜港务集团", region="440300", side="both", state="verified")
MAKER = Organization(id=2, name="禾翼航空科技有限公司", region="810000", side="both", state="verified")


class SampleForm(HallForm):
    """One field of each kind."""

    title = StringField("标题", [DataRequired()], description="一句话说清楚要解决什么")
    wrong = StringField("联系邮箱")
    text = TextAreaField("现状")
    region = SelectField("地区", choices=[("440300", "深圳"), ("810000", "香港")])
    kind = RadioField("类别", choices=[("first_trial", "首试"), ("first_use", "首用")], default="first_use")
    tags = ChipsField("标签", choices=[("uav", "无人机"), ("robot", "机器人"), ("ai", "机器视觉")], default=["uav"])
    files = FilesField("附件")
    agreed = BooleanField("我已阅读规则")


def sample_form() -> SampleForm:
    """The form with something typed, and one field that came back."""
    form = SampleForm(
        formdata=None, title="港口岸桥无人机巡检", wrong="wang", text="人工登高检查岸桥钢结构。", meta={"csrf": False}
    )
    form.wrong.errors = ["“wang”不是邮箱地址。"]
    return form


def sample_scenario(
    number: int,
    days: int | None,
    *,
    domains: Sequence[str] = ("port-logistics", "low-altitude"),
    state: str = "released",
) -> Scenario:
    """A scenario of the port with so many days left; without a deadline for None."""
    return Scenario(
        code=f"S-2026-{number:06d}",
        title="港口岸桥无人机巡检：夜间自动起降，识别锈蚀与裂纹",
        situation="人工登高检查岸桥钢结构，每台岸桥需停机2小时。",
        wanted_result="自动机场与多旋翼无人机夜间巡检，识别锈蚀与裂纹，报告次日早上送达。",
        region="440300",
        domains=list(domains),
        state=state,
        deadline=None if days is None else now() + timedelta(days=days),
        budget_min=500_000,
        budget_max=800_000,
        currency="CNY",
        organization_id=1,
        organization=PORT,
    )


def sample_product() -> Product:
    return Product(
        code="P-2026-000002",
        organization_id=2,
        title="全自动无人机机场巡检系统",
        model="HY-6",
        summary="六旋翼无人机与换电自动机场，用于岸桥与堆场巡检，识别锈蚀和裂纹。",
        domains=["low-altitude"],
        state="listed",
        readiness_level=8,
        price_min=280_000,
        price_max=420_000,
        currency="CNY",
        organization=MAKER,
    )


def sample_outcome(state: str) -> Outcome:
    return Outcome(
        code="T-2026-000003",
        application_id=1,
        scenario_id=1,
        product_id=2,
        product_revision_id=1,
        supplier_id=2,
        demand_id=1,
        kind="first_use",
        state=state,
        scenario=sample_scenario(1, 30),
        product=sample_product(),
        approved_at=now() if state in ("approved", "revoked") else None,
        notice_until=now() + timedelta(days=4),
    )


def sample_certificate(outcome: Outcome) -> Certificate:
    return Certificate(number="C-2026-000003", outcome_id=1, outcome=outcome)


def sample_match(score: int | None) -> ShownMatch:
    parts = {"words": 0.5, "tags": 0.06, "meaning": 0.14, "requirements": 0.4, "fit": 1.2}
    reasons = Reasons(parts=parts, has_enough=score is not None)
    return ShownMatch(sample_scenario(1, 30), sample_product(), score, False, reasons, "1")


def sample_ways() -> list[list[Step]]:
    """A way that begins, one in its middle, one that ended early, one that is complete."""
    return [
        _way(place, end)
        for place, end in ((1, Standing.CURRENT), (4, Standing.CURRENT), (6, Standing.BROKEN), (9, Standing.DONE))
    ]


def _way(place: int, end: Standing) -> list[Step]:
    return [
        Step(
            name,
            Standing.DONE if number < place else end if number == place else Standing.OPEN,
            now() - timedelta(days=7 * (place - number)) if number < place else None,
        )
        for number, name in enumerate(STEPS)
    ]


def sample_events() -> list[Event]:
    """A draft that was saved three times, submitted and released."""
    kinds = ("scenario.released", "scenario.submitted", "scenario.saved", "scenario.saved", "scenario.saved")
    return [
        Event(
            id=len(kinds) - number,
            at=now() - timedelta(hours=5 * number),
            kind=kind,
            subject_kind="scenario",
            subject_id=1,
            subject_code="S-2026-000001",
            data="{}",
            previous_hash="",
            hash="",
        )
        for number, kind in enumerate(kinds)
    ]
