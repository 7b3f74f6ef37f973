"""What owners say of matches: useful, not useful, invited. Opinions are kept with the version of the rules, and only
``evaluate`` uses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from scenario_hall.core.clock import now
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import WrongState
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import record_event
from scenario_hall.matching.models import GRADES, MatchOpinion, Opinion, StoredMatch
from scenario_hall.products.models import Product
from scenario_hall.scenarios.models import Scenario


def say_of_match(
    actor: Actor, *, session: Session, scenario: Scenario, product: Product, opinion: Opinion
) -> MatchOpinion:
    """Keep the owner's opinion; saying it again replaces it. The supplier is notified of an invitation.

    Raises Denied, WrongState (the two are not matched).
    """
    with transaction(session):
        require(actor, "judge_matches", scenario)
        match = session.get(StoredMatch, (scenario.pk, product.pk))
        if match is None:
            raise WrongState(N_("These two are no longer matched."))
        said = session.get(MatchOpinion, (scenario.pk, product.pk))
        was = said.opinion if said is not None else None
        if was == Opinion.INVITED and opinion is Opinion.USEFUL:
            # Who was invited was found useful: the invitation stands.
            opinion = Opinion.INVITED
        if said is None:
            said = MatchOpinion(
                scenario_id=scenario.pk,
                product_id=product.pk,
                opinion=opinion,
                rules_version=match.rules_version,
                said_at=now(),
            )
        said.opinion, said.score, said.rules_version = opinion, match.score, match.rules_version
        said.account_id, said.said_at = actor.account_id, now()
        session.add(said)
        if was != opinion:
            record_event(
                session,
                actor,
                product if opinion is Opinion.INVITED else scenario,
                "product.invited" if opinion is Opinion.INVITED else "scenario.match_judged",
                {
                    "title": scenario.title,
                    "scenario": scenario.code,
                    "product": product.code,
                    "opinion": opinion,
                    "score": match.score,
                    "rules": match.rules_version,
                },
            )
    return said


def opinions_on(session: Session, scenario: Scenario) -> dict[int, Opinion]:
    """Product id → what the owner said."""
    rows = session.exec(select(MatchOpinion).where(col(MatchOpinion.scenario_id) == scenario.pk))
    return {row.product_id: Opinion(row.opinion) for row in rows}


def judged_pairs(session: Session) -> Sequence[dict[str, Any]]:
    """All opinions as ``evaluate match`` reads pairs: scenario and product codes, and a grade."""
    query = (
        select(MatchOpinion, Scenario.code, Product.code)
        .join(Scenario, col(Scenario.id) == col(MatchOpinion.scenario_id))
        .join(Product, col(Product.id) == col(MatchOpinion.product_id))
        .order_by(col(Scenario.code), col(Product.code))
    )
    return [
        {"scenario": scenario, "product": product, "grade": GRADES[Opinion(said.opinion)], "rules": said.rules_version}
        for said, scenario, product in session.exec(query)
    ]
