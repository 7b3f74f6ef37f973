"""Plays the judging of one demonstration scenario: criteria, declared interests, scores, joint round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scenario_hall.applications.judging import service as judging
from scenario_hall.applications.judging.models import Criterion, Mark
from scenario_hall.applications.models import Application
from scenario_hall.core.policy import Actor
from scenario_hall.demonstration.cast import Row, Scene, Stage
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.scenarios.models import Scenario


class JudgingStory:
    """The steps of one scenario's judging; the people are named by their addresses."""

    def __init__(self, stage: Stage, row: Row) -> None:
        self.stage, self.row = stage, row

    def scenes(self) -> Iterator[Scene]:
        if self.row.get("criteria"):
            yield Scene(float(self.row["days_ago"]), order=30, play=self.set_criteria)
        for given in self.row["declared"]:
            yield Scene(float(given["days_ago"]), order=31, play=partial(self.declare, given))
        for given in self.row["scores"]:
            yield Scene(float(given["days_ago"]), order=32, play=partial(self.score, given))
        if "joint_days_ago" in self.row:
            yield Scene(float(self.row["joint_days_ago"]), order=33, play=self.open_joint_round)

    @property
    def scenario(self) -> Scenario:
        return self.stage.scenarios[self.row["scenario"]]

    @property
    def owner(self) -> Actor:
        return actor_of(self.stage.session, self.stage.spokesman_of(self.scenario.organization_id))

    def evaluator(self, given: Row) -> Actor:
        return actor_of(self.stage.session, self.stage.people[given["by"]])

    def application(self, given: Row) -> Application:
        return self.stage.applications[given["application"]]

    def set_criteria(self) -> None:
        judging.set_criteria(
            self.owner,
            session=self.stage.session,
            scenario=self.scenario,
            version=None,
            criteria=[Criterion.model_validate(line) for line in self.row["criteria"]],
        )

    def declare(self, given: Row) -> None:
        reason = given.get("conflict", "")
        judging.declare_interest(
            self.evaluator(given),
            session=self.stage.session,
            application=self.application(given),
            has_conflict=bool(reason),
            reason=reason,
        )

    def score(self, given: Row) -> None:
        evaluator, application = self.evaluator(given), self.application(given)
        self.declare(given)  # before the first score of an application; idempotent
        judging.score_application(
            evaluator,
            session=self.stage.session,
            application=application,
            version=None,
            marks=[Mark.model_validate(line) for line in given["marks"]],
            reason=given.get("reason", ""),
        )

    def open_joint_round(self) -> None:
        judging.reveal_scores(self.owner, session=self.stage.session, scenario=self.scenario)
