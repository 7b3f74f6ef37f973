"""Side conditions of all products as arrays: who offers it, where, at what price, how ready, done by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenario_hall.matching.features import Features
from scenario_hall.matching.pairing import FIT_WORTH
from scenario_hall.matching.requirements import Verdict
from scenario_hall.taxonomy.regions import REGIONS

_REGION_BITS = {region.code: np.uint64(1) << np.uint64(place) for place, region in enumerate(REGIONS)}
_ELSEWHERE = np.uint64(1) << np.uint64(63)
_ROW = np.dtype(
    [("present", "?"), ("by_hand", "?"), ("organization", "i8"), ("regions", "u8"), ("price", "f8"), ("level", "i2"),
     ("certificates", "?")]
)  # fmt: skip


class OfferSides:
    """One row a slot."""

    def __init__(self) -> None:
        self._rows = np.zeros(64, _ROW)

    def put(self, slot: int, features: Features) -> None:
        offer = features.offer
        if offer is None:
            raise ValueError(f"{features.code} is no product")
        while slot >= len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros(len(self._rows), _ROW)])
        regions = np.uint64(0)
        for code in offer.regions_served:
            regions |= _REGION_BITS.get(code, _ELSEWHERE)
        price = offer.price_low if offer.price_low is not None else offer.price_high
        self._rows[slot] = (
            True, features.by_hand, offer.organization_id if offer.organization_id is not None else -1, regions,
            np.nan if price is None else price, -1 if offer.readiness_level is None else offer.readiness_level,
            bool(offer.certificates_in_force),
        )  # fmt: skip

    def drop(self, slot: int) -> None:
        self._rows[slot] = np.zeros((), _ROW)

    def by_hand(self, capacity: int) -> NDArray[np.bool_]:
        return self._rows["by_hand"][:capacity]

    def allowed(self, need: Features, capacity: int) -> NDArray[np.bool_]:
        """Which slots hold a product of another organisation; shape (capacity,)."""
        rows = self._rows[:capacity]
        own = need.need.organization_id if need.need is not None else None
        allowed: NDArray[np.bool_] = rows["present"] if own is None else rows["present"] & (rows["organization"] != own)
        return allowed

    def fit(self, need: Features, capacity: int) -> NDArray[np.float64]:
        """The sum of what the side conditions are worth, as ``pairing.fits_of`` has them; shape (capacity,)."""
        rows = self._rows[:capacity]
        total = np.zeros(capacity)
        asked = need.need
        if asked is None:
            return total
        met, near, unmet = (FIT_WORTH[verdict] for verdict in (Verdict.MET, Verdict.NEAR, Verdict.UNMET))
        if asked.region:
            bit = _REGION_BITS.get(asked.region, _ELSEWHERE)
            total += np.where(rows["regions"] == 0, 0.0, np.where((rows["regions"] & bit) != 0, met, unmet))
        top = asked.budget_high if asked.budget_high is not None else asked.budget_low
        if top is not None:
            price = rows["price"]
            graded = np.where(price <= top, met, np.where(price <= 1.2 * top, near, unmet))
            total += np.where(np.isnan(price), 0.0, graded)
        total += np.where(rows["level"] < 0, 0.0, np.where(rows["level"] >= 6, met, near))
        return total + np.where(rows["certificates"], met, 0.0)
