"""What open feeds are told: the same to all, made once for each language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.dossiers.figures import hall_figures
from scenario_hall.web.public import live_messages
from scenario_hall.web.public.feed import FeedItem, latest
from scenario_hall.web.public.live_messages import MOST_KEPT, Messages, as_event
from tests.world import World


@pytest.fixture
def line(hall: World) -> FeedItem:
    hall.released_scenario()
    return latest(hall.session)[0]


def made(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Everything that is made from here on."""
    found: list[object] = []
    real = live_messages.as_json

    def counting(line: FeedItem) -> dict[str, object]:
        found.append(line)
        return real(line)

    monkeypatch.setattr(live_messages, "as_json", counting)
    return found


def test_a_line_is_made_once_for_each_language_however_many_are_told(
    app: Flask, line: FeedItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages, told, makings = Messages(), set(), made(monkeypatch)
    for _feed in range(100):
        for language in ("en", "zh-Hans", "zh-Hant", "pt"):
            with app.test_request_context(headers={"Accept-Language": language}):
                told.add(messages.line(line))
    assert (len(told), len(makings)) == (4, 4)
    with app.test_request_context(headers={"Accept-Language": "pt"}):
        assert as_event(line) in told


def test_the_next_day_a_line_is_not_told_as_todays(app: Flask, line: FeedItem) -> None:
    messages = Messages()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert '"Today"' in messages.line(line)
        with clock.at(now() + timedelta(days=1)):
            assert '"Yesterday"' in messages.line(line)


def test_a_line_whose_record_has_another_title_now_is_another_message(app: Flask, line: FeedItem) -> None:
    messages = Messages()
    with app.test_request_context():
        before = messages.line(line)
        assert messages.line(FeedItem(**{**vars(line), "title": "改过的题目"})) != before


def test_figures_of_a_later_moment_are_told_anew(app: Flask, hall: World) -> None:
    messages = Messages()
    with app.test_request_context():
        with clock.at(now() - timedelta(minutes=2)):
            before = messages.figures(hall_figures(hall.session))
        assert messages.figures(hall_figures(hall.session)) != before


def test_what_is_kept_is_bounded(app: Flask, line: FeedItem) -> None:
    messages = Messages()
    with app.test_request_context():
        for number in range(3 * MOST_KEPT):
            messages.line(FeedItem(**{**vars(line), "id": number}))
    assert len(messages._made) == MOST_KEPT
