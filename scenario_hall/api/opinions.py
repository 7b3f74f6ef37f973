"""What a scenario's owner says of its matches, and to the owner of a similar scenario."""

from __future__ import annotations

from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.scenarios import SCENARIOS
from scenario_hall.api.values import Asked, Told
from scenario_hall.core.policy import require
from scenario_hall.core.texts import N_
from scenario_hall.matching.likeness import propose_jointly
from scenario_hall.matching.models import Opinion
from scenario_hall.matching.opinions import say_of_match
from scenario_hall.organizations.tokens import Scope
from scenario_hall.products.service import get_product


class OpinionAsked(Asked):
    """Whether the match is of use; `invited`: the supplier is told."""

    opinion: Opinion


class OpinionTold(Told):
    """The owner's opinion as it is kept."""

    scenario: str
    product: str
    opinion: Opinion


class Proposal(Told):
    """That it was proposed, and whether the letter has the contact's address."""

    scenario: str
    other: str
    has_contact: bool


def _say(call: Call) -> OpinionTold:
    require(call.actor, "judge_matches", call.record)
    product = get_product(call.session, call.path["product"])
    require(call.actor, "view", product)
    said = say_of_match(
        call.actor, session=call.session, scenario=call.record, product=product, opinion=call.body.opinion
    )
    return OpinionTold(scenario=call.record.code, product=product.code, opinion=Opinion(said.opinion))


def _propose(call: Call) -> Proposal:
    require(call.actor, "propose_jointly", call.record)
    other = call.path["other"]
    has_contact = propose_jointly(call.actor, session=call.session, scenario=call.record, other_code=other)
    return Proposal(scenario=call.record.code, other=other, has_contact=has_contact)


OPERATIONS = [
    Operation(
        name="say_of_match",
        method="PUT",
        path="/scenarios/{code}/matches/{product}",
        subject="scenarios",
        summary=N_("Say what you think of a match, or invite its supplier"),
        answer=OpinionTold,
        body=OpinionAsked,
        scopes=(Scope.WRITE,),
        load=SCENARIOS.load,
        run=_say,
        example={"opinion": "useful"},
    ),
    Operation(
        name="propose_jointly",
        method="POST",
        path="/scenarios/{code}/jointly/{other}",
        subject="scenarios",
        summary=N_("Propose to the owner of a similar scenario to post it jointly"),
        answer=Proposal,
        scopes=(Scope.WRITE,),
        load=SCENARIOS.load,
        run=_propose,
    ),
]
