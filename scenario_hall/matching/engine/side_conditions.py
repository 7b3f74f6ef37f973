"""Side conditions of all products as arrays: who offers it, where, at what price, how ready, done by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenario_hall.matching.engine.features import Features
from scenario_hall.matching.engine.pairing import FIT_WORTH, certificates_of, readiness_of
from scenario_hall.quantities.verdicts import Verdict
from scenario_hall.taxonomy.regions import REGIONS

_REGION_BITS = {region.code: np.uint64(1) << np.uint64(place) for place, region in enumerate(REGIONS)}
_ELSEWHERE = np.uint64(1) << np.uint64(63)
_COLUMNS: dict[str, Any] = {
    "present": np.bool_,
    "by_hand": np.bool_,
    "organization": np.int64,
    "regions": np.uint64,
    "price": np.float64,
    "own_fit": np.float64,
}


class OfferConditions:
    """One array a condition, one place a slot."""

    def __init__(self) -> None:
        self._columns: dict[str, NDArray[Any]] = {name: np.zeros(64, kind) for name, kind in _COLUMNS.items()}

    def put(self, slot: int, features: Features) -> None:
        offer = features.offer
        if offer is None:
            raise ValueError(f"{features.code} is no product")
        while slot >= len(self._columns["present"]):
            self._columns = {
                name: np.concatenate([column, np.zeros(len(column), column.dtype)])
                for name, column in self._columns.items()
            }
        regions = np.uint64(0)
        for code in offer.regions_served:
            regions |= _REGION_BITS.get(code, _ELSEWHERE)
        price = offer.price_low if offer.price_low is not None else offer.price_high
        # Readiness and certificates, which are the same for every scenario.
        own_fit = FIT_WORTH[readiness_of(offer)] + FIT_WORTH[certificates_of(offer)]
        row = (
            True,
            features.by_hand,
            offer.organization_id if offer.organization_id is not None else -1,
            regions,
            np.nan if price is None else price,
            own_fit,
        )
        for name, value in zip(_COLUMNS, row, strict=True):
            self._columns[name][slot] = value

    def drop(self, slot: int) -> None:
        for column in self._columns.values():
            column[slot] = 0

    def by_hand(self, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
        by_hand: NDArray[np.bool_] = self._columns["by_hand"][slots]
        return by_hand

    def allowed(self, need: Features, slots: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the slots hold a product of another organisation; shape (slots,)."""
        owner = need.need.organization_id if need.need is not None else None
        allowed: NDArray[np.bool_] = self._columns["present"][slots]
        return allowed if owner is None else allowed & (self._columns["organization"][slots] != owner)

    def fit(self, need: Features, slots: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of what the side conditions are worth, as ``pairing.fits_of`` has them; shape (slots,)."""
        asked = need.need
        total: NDArray[np.float64] = self._columns["own_fit"][slots]
        if asked is None:
            return total
        met, near, unmet = (FIT_WORTH[verdict] for verdict in (Verdict.MET, Verdict.NEAR, Verdict.UNMET))
        if asked.region:
            bit = _REGION_BITS.get(asked.region, _ELSEWHERE)
            regions = self._columns["regions"][slots]
            # Names no region, names others, names this one.
            total += np.array([met, unmet, met])[(regions != 0).view(np.int8) + ((regions & bit) != 0).view(np.int8)]
        top = asked.budget_high if asked.budget_high is not None else asked.budget_low
        if top is not None:
            price = self._columns["price"][slots]
            # No price, dear, somewhat dear, within the budget.
            within = (price <= top).view(np.int8) + (price <= 1.2 * top).view(np.int8) + (price >= 0).view(np.int8)
            total += np.array([0.0, unmet, near, met])[within]
        return total
