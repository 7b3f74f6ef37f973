"""Share cards: of public records alone, in the page's language, with the hall's own address."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from PIL import Image

from scenario_hall.config import Settings
from scenario_hall.outcomes.certificate.service import revoke_outcome
from scenario_hall.web.kit.language import LANGUAGE_TAGS
from tests.world import World


def tags_of(visitor: FlaskClient, path: str, **more: str) -> dict[str, str]:
    """The page's tags of the Open Graph protocol, and of those who have their own."""
    text = visitor.get(path, headers=more).text
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)"\s+content="([^"]*)"', text)
    assert len(found) == len(dict(found)), path
    return {name: unescape(value) for name, value in found}


def public_paths(places: dict[str, str]) -> dict[str, str]:
    return {
        f"/scenarios/{places['open']}": f"scenario/{places['open']}",
        f"/products/{places['listed']}": f"product/{places['listed']}",
        f"/certificates/{places['certificate']}": f"certificate/{places['certificate']}",
    }


@pytest.mark.parametrize("tag", LANGUAGE_TAGS.values())
def test_a_public_page_has_a_card_in_its_language(
    visitor: FlaskClient, places: dict[str, str], hall_settings: Settings, tag: str
) -> None:
    for path, name in public_paths(places).items():
        # Whatever host the request names.
        tags = tags_of(visitor, f"{path}?lang={tag}", Host="evil.example")
        assert tags["og:url"] == hall_settings.base_url + path
        assert tags["og:image"] == f"{hall_settings.base_url}/share/{tag}/{name}.png"
        assert tags["twitter:card"] == "summary_large_image"
        assert tags["og:title"] in ("港口岸桥无人机巡检", "全自动无人机机场巡检系统")
        for told in tags.values():
            assert "evil.example" not in told and "secret-contact" not in told and "陈秘密" not in told
        answer = visitor.get(tags["og:image"].removeprefix(hall_settings.base_url))
        picture = Image.open(io.BytesIO(answer.data))
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert [tags["og:image:width"], tags["og:image:height"]] == ["1200", "630"]
        assert len(answer.data) < 100_000


WORDS = {"zh-Hans": "预算: ", "zh-Hant": "預算: ", "en": "Budget: ", "pt": "Orçamento: "}


@pytest.mark.parametrize(("tag", "word"), WORDS.items())
def test_the_description_says_what_decides(visitor: FlaskClient, places: dict[str, str], tag: str, word: str) -> None:
    told = tags_of(visitor, f"/scenarios/{places['open']}?lang={tag}")["og:description"]
    assert word in told and "湾澜港务" in told and "500" in told


def test_what_is_not_public_has_neither_card_nor_picture(
    hall: World, visitor: FlaskClient, places: dict[str, str]
) -> None:
    organization = hall.organization(hall.person("late@x.example"), hall.port.side, "迟核验", is_verified=False)
    assert organization.state == "registered"
    for path in (
        f"/share/en/scenario/{places['draft']}.png",
        f"/share/en/scenario/{places['submitted']}.png",
        f"/share/en/product/{places['draft_product']}.png",
        f"/share/en/scenario/{places['listed']}.png",
        f"/share/en/organization/{places['port']}.png",
        f"/share/xx/scenario/{places['open']}.png",
        "/share/en/certificate/C-0000-0000.png",
    ):
        assert visitor.get(path).status_code == 404, path


def test_a_card_is_sent_again_when_what_it_says_has_changed(hall: World, visitor: FlaskClient) -> None:
    outcome = hall.approved()
    number = re.search(r"/certificates/([\w-]+)", visitor.get(f"/outcomes/{outcome.code}").text)
    assert number is not None
    path = f"/share/en/certificate/{number[1]}.png"
    first = visitor.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    assert visitor.get(path, headers=known).status_code == 304
    revoke_outcome(hall.admin, session=hall.session, outcome=outcome, version=None, reason="数据有误")
    revoked = visitor.get(path, headers=known)
    assert revoked.status_code == 200 and revoked.data != first.data
    assert "Revoked on" in tags_of(visitor, f"/certificates/{number[1]}", **{"Accept-Language": "en"})["og:description"]
