"""The 23 regions and how a text names them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenario_hall.language.folding import fold_name
from scenario_hall.taxonomy.regions import REGIONS, find_regions, region, region_name

GREATER_BAY_AREA = {"广州", "深圳", "珠海", "佛山", "惠州", "东莞", "中山", "江门", "肇庆", "香港", "澳门"}


def names(text: str) -> list[str]:
    return [each.zh_hans for each in find_regions(text)]


def test_there_are_the_21_cities_of_guangdong_and_hong_kong_and_macao() -> None:
    codes = [each.code for each in REGIONS]
    assert len(codes) == len(set(codes)) == 23
    assert sum(code.startswith("44") and code.endswith("00") for code in codes) == 21
    assert {"810000", "820000"} <= set(codes)


def test_the_greater_bay_area_is_the_eleven() -> None:
    assert {each.zh_hans for each in REGIONS if each.greater_bay_area} == GREATER_BAY_AREA


def test_every_region_has_a_name_in_each_language() -> None:
    for each in REGIONS:
        assert each.zh_hans and each.zh_hant and each.en.isascii()
        assert fold_name(each.zh_hant) == each.zh_hans


def test_no_two_tiles_of_the_map_share_a_cell() -> None:
    assert len({(each.column, each.row) for each in REGIONS}) == 23
    assert {each.column for each in REGIONS} == set(range(1, 9))
    assert {each.row for each in REGIONS} == set(range(1, 6))


def test_the_tile_map_keeps_north_and_east() -> None:
    at = {each.zh_hans: each for each in REGIONS}
    assert at["韶关"].row < at["广州"].row < at["珠海"].row
    assert at["湛江"].column < at["阳江"].column < at["广州"].column < at["深圳"].column < at["汕头"].column


def test_a_place_lies_in_one_region_only() -> None:
    places = [fold_name(place) for each in REGIONS for place in each.places]
    assert len(places) == len(set(places))
    assert not set(places) & {fold_name(name) for each in REGIONS for name in (each.zh_hans, each.en)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("珠海市香洲区", ["珠海"]),
        ("韶关市、清远市", ["韶关", "清远"]),
        ("清远市、韶关市", ["清远", "韶关"]),
        ("東莞", ["东莞"]),
        ("Shenzhen", ["深圳"]),
        ("SHENZHEN / hong kong", ["深圳", "香港"]),
        ("松山湖", ["东莞"]),
        ("香港葵青區", ["香港"]),
        ("新界及九龍", ["香港"]),
        ("Kwai Tsing, New Territories", ["香港"]),
        ("横琴粤澳深度合作区", ["珠海"]),
        ("前海、南沙", ["深圳", "广州"]),
        ("廣州市天河區及珠海", ["广州", "珠海"]),
        ("440300", ["深圳"]),
        ("沙田镇", ["东莞"]),
        ("沙田", ["香港"]),
        ("广东省", []),
        ("", []),
    ],
)
def test_regions_are_read_from_names_and_places_in_either_script_and_in_english(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("text", ["中山大学", "孫中山", "新兴产业", "清新空气", "数据源城市", "Shenzhener", "14403005"])
def test_a_name_inside_another_word_is_no_region(text: str) -> None:
    assert names(text) == []


def test_a_road_called_after_another_city_leaves_the_city_it_runs_through() -> None:
    assert names("广州市中山大道") == ["广州"]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(REGIONS), max_size=6), st.sampled_from(["zh_Hans", "zh_Hant", "en"]))
def test_a_list_of_regions_is_read_back_in_its_order_without_doubles(listed: list, locale: str) -> None:
    assert find_regions("、".join(each.name(locale) for each in listed)) == list(dict.fromkeys(listed))


def test_a_region_is_found_by_its_code() -> None:
    assert region("440400").zh_hans == "珠海"


@pytest.mark.parametrize("code", ["", "110000", "4404", "珠海"])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="unknown region"):
        region(code)


def test_a_region_is_called_by_its_name_in_the_readers_language() -> None:
    assert [region_name("441900", locale) for locale in ("zh_Hans", "zh_Hant", "en")] == ["东莞", "東莞", "Dongguan"]
    assert [region_name("820000", locale) for locale in ("en", "pt")] == ["Macao", "Macau"]
    assert region_name("441900", "pt") == "Dongguan", "the English name where Portuguese has no other"
    assert region("441900").name("fr") == "东莞"
    assert region_name("", "en") == ""


def test_a_tile_has_room_for_every_short_name_and_no_two_are_the_same() -> None:
    for locale in ("zh_Hans", "zh_Hant", "en", "pt"):
        names = [region.short_name(locale) for region in REGIONS]
        assert all(len(name) == 2 for name in names)
        assert len(set(names)) == len(REGIONS) == 23
