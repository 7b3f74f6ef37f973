"""Which products one part of the matcher holds, where it is divided among several (HALL_MATCH_SHARDS)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import col

from scenario_hall.products.models import Product


@dataclass(frozen=True)
class Share:
    """The products whose id leaves ``number`` when divided by ``of``: 0 of 1 is all of them."""

    number: int = 0
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number + 1}of{self.of}"

    def has(self, product_id: int) -> bool:
        return product_id % self.of == self.number

    def condition(self) -> list[ColumnElement[bool]]:
        """Conditions on Product."""
        return [] if self.of == 1 else [col(Product.id) % self.of == self.number]


WHOLE = Share()


def shares(of: int) -> list[Share]:
    """All shares of a matcher that is divided among ``of``; each product is in one of them."""
    return [Share(number, of) for number in range(of)]
