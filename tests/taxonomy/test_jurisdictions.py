"""Each region lies in one of the three jurisdictions; what is not known may be any of them."""

from __future__ import annotations

from itertools import product

from scenario_hall.taxonomy.jurisdictions import JURISDICTION_NAMES, Jurisdiction, crossed, jurisdiction_of
from scenario_hall.taxonomy.regions import REGIONS

MAINLAND, HONG_KONG, MACAO = Jurisdiction


def test_hong_kong_and_macao_are_their_own_and_all_others_are_the_mainland() -> None:
    found = {each.en: jurisdiction_of(each.code) for each in REGIONS}
    assert (found.pop("Hong Kong"), found.pop("Macao")) == (HONG_KONG, MACAO)
    assert len(found) == 21 and set(found.values()) == {MAINLAND}
    assert jurisdiction_of("") is None and set(JURISDICTION_NAMES) == set(Jurisdiction)


def test_data_comes_into_the_other_s_jurisdiction_and_never_into_one_s_own() -> None:
    codes = ["440300", "441900", "810000", "820000", ""]
    for own, other in product(codes, codes):
        reached = crossed(own, other)
        assert jurisdiction_of(own) not in reached
        if other:
            assert reached <= {jurisdiction_of(other)}
    assert crossed("440300", "441900") == crossed("810000", "810000") == frozenset()
    assert crossed("440300", "810000") == {HONG_KONG} and crossed("820000", "440300") == {MAINLAND}
    assert crossed("440300", "") == {HONG_KONG, MACAO}  # they may sit anywhere
    assert crossed("", "440300") == {MAINLAND} and crossed("", "") == set(Jurisdiction)
