"""What an import does with each kind of record, by the services' own use cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from scenario_hall.core.policy import Actor
from scenario_hall.organizations.models import Organization, Side
from scenario_hall.products import service as products
from scenario_hall.products.lifecycle import LISTED
from scenario_hall.products.lifecycle import SUBMITTED as PRODUCT_SUBMITTED
from scenario_hall.products.models import Product
from scenario_hall.publishing.models import PublishableType
from scenario_hall.scenarios import service as scenarios
from scenario_hall.scenarios.lifecycle import RELEASED
from scenario_hall.scenarios.lifecycle import SUBMITTED as SCENARIO_SUBMITTED
from scenario_hall.scenarios.models import Scenario


@dataclass(frozen=True, kw_only=True)
class UseCases(Generic[PublishableType]):
    """What an import does with one kind of record; each takes the actor first, then keyword arguments."""

    table: type[PublishableType]
    side: Side  # of those who have such records
    create: Callable[..., PublishableType]
    refuse_other_side: Callable[[Actor, Organization], None]
    amend: Callable[..., PublishableType]
    publish: Callable[..., PublishableType]
    end: Callable[..., PublishableType]  # takes what is public out again
    publish_action: str
    submitted_state: str
    public_state: str


SCENARIOS: UseCases[Scenario] = UseCases(
    table=Scenario,
    side=Side.DEMAND,
    create=scenarios.create_scenario,
    refuse_other_side=scenarios.refuse_supply_side,
    amend=lambda actor, record, **more: scenarios.amend_scenario(actor, scenario=record, **more),
    publish=lambda actor, record, **more: scenarios.release_scenario(actor, scenario=record, **more),
    end=lambda actor, record, **more: scenarios.end_scenario(actor, scenario=record, action="withdraw", **more),
    publish_action="release",
    submitted_state=SCENARIO_SUBMITTED,
    public_state=RELEASED,
)
PRODUCTS: UseCases[Product] = UseCases(
    table=Product,
    side=Side.SUPPLY,
    create=products.create_product,
    refuse_other_side=products.refuse_demand_side,
    amend=lambda actor, record, **more: products.amend_product(actor, product=record, **more),
    publish=lambda actor, record, **more: products.list_product(actor, product=record, **more),
    end=lambda actor, record, **more: products.delist_product(actor, product=record, **more),
    publish_action="list",
    submitted_state=PRODUCT_SUBMITTED,
    public_state=LISTED,
)
