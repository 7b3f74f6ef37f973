"""Play the demonstration's story, in the order of its days, through the same use cases that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from scenario_hall.applications import service as applications
from scenario_hall.applications.closing import close_scenario
from scenario_hall.applications.models import Answer
from scenario_hall.core import clock
from scenario_hall.core.clock import end_of_local_day, now
from scenario_hall.core.db import transaction
from scenario_hall.core.stores import FileStore
from scenario_hall.demonstration.bulletins import bulletin_scenes
from scenario_hall.demonstration.cast import Row, Scene, rows
from scenario_hall.demonstration.judging import JudgingStory
from scenario_hall.demonstration.loaded import record_loaded
from scenario_hall.demonstration.outcomes import OutcomeStory
from scenario_hall.demonstration.people import People
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.outcomes.adoption.follow_ups import ask_due_follow_ups
from scenario_hall.products import service as products
from scenario_hall.products.models import Product
from scenario_hall.publishing.amending import accept_revision, waiting_revision
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.models import Scenario
from scenario_hall.taxonomy.service import propose_tags

FIRST_DAY = 600  # days ago: before anything in the story
FIRST_APPROVAL = 380  # days ago: from then on the clock may have something to ask


def load_demonstration(session: Session, password: str, files: FileStore, progress: Callable[[int, int], None]) -> int:
    """Load everything once, in one transaction; returns how many steps were played. ``password`` is everybody's,
    ``files`` where the evidence is kept."""
    with transaction(session):
        story = Story(session, password, files)
        scenes = sorted(story.scenes(), key=lambda scene: scene.sort)
        begun = now()
        for number, scene in enumerate(scenes, start=1):
            # A little apart from one another, so that the feed has an order within a day.
            moment = begun - timedelta(days=scene.days_ago) + timedelta(seconds=number)
            with clock.at(min(moment, begun)):
                scene.play()
            progress(number, len(scenes))
        record_loaded(session, len(scenes))
    return len(scenes)


class Story(People):
    """The people, records and steps of the demonstration."""

    def scenes(self) -> Iterator[Scene]:
        yield Scene(FIRST_DAY, order=0, play=self.make_administrators)
        for row in rows("organizations"):
            yield Scene(FIRST_DAY - 5, order=1, play=partial(self.register, row))
        for row in rows("scenarios"):
            self.opened[row["key"]] = self.window(row, "released_days_ago", ("closed", "withdrawn"))
            yield from self.scenario_scenes(row)
        for row in rows("products"):
            self.opened[row["key"]] = self.window(row, "listed_days_ago", ("delisted",))
            yield from self.product_scenes(row)
        for row in rows("story"):
            yield from self.application_scenes(row)
        for row in rows("judging"):
            yield from JudgingStory(self, row).scenes()
        for day in range(FIRST_APPROVAL):
            yield Scene(day, order=20, play=partial(ask_due_follow_ups, self.session))
        yield from bulletin_scenes(self.session, now(), FIRST_DAY)

    @staticmethod
    def window(row: Row, name: str, ended: tuple[str, ...]) -> tuple[float, float]:
        """From how many days ago until how many days ago the record was open."""
        day = float(row.get(name) or 1)
        return day, day / 4 if row["state"] in ended else 0.0

    def scenario_scenes(self, row: Row) -> Iterator[Scene]:
        day = float(row.get("released_days_ago") or 1)
        state = row["state"]
        yield Scene(day + 3, order=2, play=lambda: self.draft_scenario(row))
        if state == "draft":
            return
        yield Scene(day + 2, order=3, play=lambda: self.submit_scenario(row))
        if state == "submitted":
            return
        if state == "returned":
            yield Scene(day, order=4, play=lambda: self.return_scenario(row))
            return
        yield Scene(day, order=4, play=lambda: self.release_scenario(row))
        if row.get("amendment"):
            yield Scene(day / 2, order=5, play=lambda: self.amend_scenario(row))
        if state in ("closed", "withdrawn"):
            yield Scene(day / 4, order=9, play=lambda: self.end_scenario(row))

    def slugs(self, names: list[str]) -> tuple[list[str], list[str]]:
        known = [slug for name in names if (slug := self.taxonomy.find(name)) is not None]
        return list(dict.fromkeys(known)), [name for name in names if self.taxonomy.find(name) is None]

    def draft_scenario(self, row: Row) -> None:
        domains, lost = self.slugs(row["domains"])
        tags, unknown = self.slugs(row["tags"])
        days = row.get("deadline_in_days")
        fields = (
            "title",
            "situation",
            "wanted_result",
            "region",
            "place",
            "site_data",
            "site_space",
            "site_airspace",
            "site_access",
            "budget_min",
            "budget_max",
            "currency",
            "timetable",
            "contact_name",
            "contact_phone",
            "contact_email",
        )
        today = clock.local_today()
        content = {name: row[name] for name in fields if row.get(name) is not None}
        content |= {
            "domains": domains,
            "tags": [tag for tag in tags if tag not in domains],
            "proposed_tags": [*row.get("proposed_tags", []), *lost, *unknown],
            "requirements": row["requirements"],
            "deadline": end_of_local_day(self.today + timedelta(days=days)) if days is not None else None,
        }
        if content["deadline"] is not None and clock.local_day(content["deadline"]) <= today:
            content["deadline"] = end_of_local_day(today + timedelta(days=30))
        made = scenarios.create_scenario(
            self.speaker(row["organization"]),
            session=self.session,
            organization=self.organizations[row["organization"]],
            content=content,
        )
        propose_tags(self.session, words=made.proposed_tags, subject_kind="scenario", subject_code=made.code)
        self.scenarios[row["key"]] = made

    def submit_scenario(self, row: Row) -> None:
        scenarios.submit_scenario(
            self.speaker(row["organization"]), session=self.session, scenario=self.scenarios[row["key"]], version=None
        )

    def release_scenario(self, row: Row) -> None:
        scenarios.release_scenario(
            self.administrator, session=self.session, scenario=self.scenarios[row["key"]], version=None
        )

    def return_scenario(self, row: Row) -> None:
        scenarios.return_scenario(
            self.administrator,
            session=self.session,
            scenario=self.scenarios[row["key"]],
            version=None,
            reason=row.get("reason") or "请补充可测量的技术要求。",
            notes={"requirements": "请写明指标、数值与单位。"},
        )

    def amend_scenario(self, row: Row) -> None:
        change = dict(row["amendment"])
        reason = change.pop("reason")
        scenarios.amend_scenario(
            self.speaker(row["organization"]),
            session=self.session,
            scenario=self.scenarios[row["key"]],
            version=None,
            content=change,
            reason=reason,
        )
        self.accept_change(self.scenarios[row["key"]])

    def accept_change(self, record: Scenario | Product) -> None:
        """What touches the substance is public once the administrator has accepted it."""
        waiting = waiting_revision(self.session, record)
        if waiting is not None:
            accept_revision(self.administrator, session=self.session, record=record, proposed=waiting, version=None)

    def end_scenario(self, row: Row) -> None:
        speaker, scenario = self.speaker(row["organization"]), self.scenarios[row["key"]]
        reason = row.get("reason") or "已选定供应方，不再接受申请。"
        if row["state"] == "closed":
            close_scenario(speaker, session=self.session, scenario=scenario, version=None, reason=reason)
        else:
            scenarios.end_scenario(
                speaker, session=self.session, scenario=scenario, action="withdraw", version=None, reason=reason
            )

    def product_scenes(self, row: Row) -> Iterator[Scene]:
        day = float(row.get("listed_days_ago") or 1)
        state = row["state"]
        yield Scene(day + 3, order=2, play=lambda: self.draft_product(row))
        if state == "draft":
            return
        yield Scene(day + 2, order=3, play=lambda: self.submit_product(row))
        if state == "submitted":
            return
        if state == "returned":
            yield Scene(day, order=4, play=lambda: self.return_product(row))
            return
        yield Scene(day, order=4, play=lambda: self.list_product(row))
        if row.get("new_version"):
            yield Scene(day / 2, order=5, play=lambda: self.amend_product(row))
        if state == "delisted":
            yield Scene(day / 4, order=9, play=lambda: self.delist_product(row))

    def draft_product(self, row: Row) -> None:
        domains, lost = self.slugs(row["domains"])
        tags, unknown = self.slugs(row["tags"])
        fields = (
            "title",
            "model",
            "summary",
            "limits",
            "specifications",
            "readiness_level",
            "earlier_uses",
            "intellectual_property",
            "price_min",
            "price_max",
            "currency",
            "regions_served",
            "certificates",
        )
        content = {name: row[name] for name in fields if row.get(name) is not None}
        content |= {
            "domains": domains,
            "tags": [tag for tag in tags if tag not in domains],
            "proposed_tags": [*lost, *unknown],
        }
        made = products.create_product(
            self.speaker(row["organization"]),
            session=self.session,
            organization=self.organizations[row["organization"]],
            content=content,
        )
        propose_tags(self.session, words=made.proposed_tags, subject_kind="product", subject_code=made.code)
        self.products[row["key"]] = made

    def submit_product(self, row: Row) -> None:
        products.submit_product(
            self.speaker(row["organization"]), session=self.session, product=self.products[row["key"]], version=None
        )

    def list_product(self, row: Row) -> None:
        products.list_product(self.administrator, session=self.session, product=self.products[row["key"]], version=None)

    def return_product(self, row: Row) -> None:
        products.return_product(
            self.administrator,
            session=self.session,
            product=self.products[row["key"]],
            version=None,
            reason=row.get("reason") or "请说明以往的销售或应用情况。",
        )

    def amend_product(self, row: Row) -> None:
        products.amend_product(
            self.speaker(row["organization"]),
            session=self.session,
            product=self.products[row["key"]],
            version=None,
            content=dict(row["new_version"]),
            reason=row["new_version"].get("version_label", "新版本"),
        )
        self.accept_change(self.products[row["key"]])

    def delist_product(self, row: Row) -> None:
        products.delist_product(
            self.speaker(row["organization"]),
            session=self.session,
            product=self.products[row["key"]],
            version=None,
            reason=row.get("reason") or "产品已停产。",
        )

    def application_scenes(self, row: Row) -> Iterator[Scene]:
        (first, closed), (listed, gone) = self.opened[row["scenario"]], self.opened[row["product"]]
        # Whatever the row says, nobody applied before both were public or after either had ended.
        day = max(min(float(row["days_ago"]), 0.95 * first, 0.95 * listed), 1.05 * max(closed, gone), 0.1)
        yield Scene(day, order=6, play=lambda: self.apply(row))
        for place, action in enumerate(
            {
                "shortlisted": ["shortlist"],
                "accepted": ["shortlist", "accept"],
                "declined": ["decline"],
                "withdrawn": ["withdraw"],
            }.get(row["state"], [])
        ):
            yield Scene(day * (0.9 - 0.1 * place), order=7, play=partial(self.decide, row, action))
        if row.get("outcome"):
            yield from OutcomeStory(self, row, row["outcome"]).scenes(day)

    def apply(self, row: Row) -> None:
        scenario, product = self.scenarios[row["scenario"]], self.products[row["product"]]
        asked = {line.metric for line in scenario.requirement_lines}
        answers = [Answer.model_validate(line) for line in row.get("answers", []) if line["metric"] in asked]
        actor = actor_of(self.session, self.spokesman_of(product.organization_id))
        self.applications[row["key"]] = applications.submit_application(
            actor, session=self.session, scenario=scenario, product=product, proposal=row["proposal"], answers=answers
        )

    def decide(self, row: Row, action: str) -> None:
        application = self.applications[row["key"]]
        parties = application.parties()
        side = parties["supplier" if action == "withdraw" else "demand"]
        applications.act_on_application(
            actor_of(self.session, self.spokesman_of(side)),
            session=self.session,
            application=application,
            action=action,
            feedback=row.get("feedback", "") or ("感谢申请。" if action == "decline" else ""),
        )
