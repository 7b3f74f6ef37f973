"""Sums in the Bay Area's three currencies, compared by a rate that is good enough to filter and to match with."""

from __future__ import annotations

from scenario_hall.core.values import Currency

# Yuan for one unit. The pataca is pegged to the Hong Kong dollar at 1.03 MOP (Autoridade Monetária de Macau); the
# dollar's rate is a round mean of 2025. Sums are shown in the author's own currency and never converted on a page.
YUAN = {Currency.CNY: 1.0, Currency.HKD: 0.92, Currency.MOP: 0.92 / 1.03}


def in_yuan(amount: int | None, currency: str) -> float | None:
    """``amount`` (whole units of ``currency``) in yuan, about."""
    return None if amount is None else amount * YUAN[Currency(currency)]
