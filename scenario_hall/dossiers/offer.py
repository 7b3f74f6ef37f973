"""What the page shows on which a supplier offers a product for a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from scenario_hall.applications.models import AnswerKind
from scenario_hall.applications.offers import products_to_offer
from scenario_hall.core.policy import Actor, require
from scenario_hall.core.values import Specification
from scenario_hall.matching.service import ShownMatch, matches_of_scenario
from scenario_hall.products.models import Product
from scenario_hall.quantities.verdicts import Verdict, judge
from scenario_hall.scenarios.models import Scenario
from scenario_hall.scenarios.service import get_scenario

# What the matcher's verdict answers for the supplier; of what the product does not state it says nothing.
ANSWER_OF = {Verdict.MET: AnswerKind.MEETS, Verdict.NEAR: AnswerKind.PARTLY, Verdict.UNMET: AnswerKind.DOES_NOT}


@dataclass(frozen=True)
class SuggestedAnswer:
    """What the product's own specifications answer to one requirement."""

    kind: AnswerKind | None
    stated: Specification | None


@dataclass(frozen=True)
class Offer:
    """One product that could be offered, with its match and the answers that it gives by itself."""

    product: Product
    match: ShownMatch | None
    answers: Sequence[SuggestedAnswer]  # one a requirement

    @property
    def score(self) -> int | None:
        return self.match.score if self.match is not None else None

    @property
    def qualifies(self) -> bool:
        return self.match is not None and self.match.qualifies


@dataclass(frozen=True)
class OfferDossier:
    """A scenario, and what its reader may offer for it, the best match first."""

    scenario: Scenario
    offers: Sequence[Offer]

    def chosen(self, code: str) -> Offer | None:
        """The product asked for; else the best match, if it qualifies. A careless click sends nothing absurd."""
        asked = next((each for each in self.offers if each.product.code == code), None)
        best = self.offers[0] if self.offers and self.offers[0].qualifies else None
        return asked or best


def offer_dossier(session: Session, actor: Actor, code: str) -> OfferDossier:
    """Raises NotFound where the actor may not see the scenario."""
    scenario = get_scenario(session, code)
    require(actor, "view", scenario)
    products = products_to_offer(session, actor, scenario) if scenario.is_open() else []
    matches = matches_of_scenario(actor, session=session, scenario=scenario, top=200) if products else []
    by_product = {match.product.pk: match for match in matches}
    offers = [Offer(product, by_product.get(product.pk), answers_of(scenario, product)) for product in products]
    return OfferDossier(scenario, sorted(offers, key=lambda each: (not each.qualifies, -(each.score or 0))))


def answers_of(scenario: Scenario, product: Product) -> list[SuggestedAnswer]:
    """The verdict on each requirement, as its supplier would answer."""
    judged = [judge(line, product.specification_lines) for line in scenario.requirement_lines]
    return [SuggestedAnswer(ANSWER_OF.get(each.verdict), each.specification) for each in judged]
