"""The newest dump where machines share a bucket: made by one, read at the other, and the one before is nowhere."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.core.stores import LostContentError
from scenario_hall.open_data.datasets import DATASETS
from scenario_hall.open_data.dump import make_dump
from scenario_hall.open_data.published import PublishedForAll, published
from scenario_hall.open_data.schedule import keep_dump
from tests.buckets import KEY, PrivateBuckets
from tests.world import World

SCENARIOS = tuple(each for each in DATASETS if each.name == "scenarios")


@pytest.fixture
def machines(hall_settings: Settings, buckets: PrivateBuckets, tmp_path: Path) -> list[Settings]:
    url = buckets.make()
    return [replace(hall_settings, data_dir=tmp_path / name, files_url=url, files_key=KEY) for name in ("one", "other")]


def test_what_one_machine_made_the_other_one_sends(small_world: World, machines: list[Settings]) -> None:
    small_world.released_scenario()
    small_world.session.commit()
    one, other = machines
    visitor = create_app(other).test_client()
    assert visitor.get("/open-data").status_code == 200 and published(other).newest() is None
    made = make_dump(small_world.session, one, SCENARIOS)
    assert made.files
    for file in made.files:
        sent = visitor.get(f"/open-data/{file.name}")
        assert (sent.status_code, sent.content_length) == (200, file.size)
        assert hashlib.sha256(sent.data).hexdigest() == file.sha256
        again = visitor.get(f"/open-data/{file.name}", headers={"If-None-Match": sent.headers["ETag"]})
        assert (again.status_code, again.headers["Repr-Digest"]) == (304, sent.headers["Repr-Digest"])
    assert made.files[0].name in visitor.get("/open-data").text
    assert not list(other.data_dir.rglob("*.jsonl"))


def test_the_next_one_takes_its_place_and_nothing_of_the_last_one_stays(
    small_world: World, machines: list[Settings]
) -> None:
    small_world.released_scenario()
    small_world.session.commit()
    one, other = machines
    make_dump(small_world.session, one, SCENARIOS)
    place = published(other)
    assert isinstance(place, PublishedForAll)
    before = place.newest()
    assert before is not None
    make_dump(small_world.session, other, SCENARIOS)  # another worker has the clock now
    after = published(one).newest()
    assert after is not None and after[0] != before[0]
    assert {name.split("/")[0] for name in place.bucket.names()} == {"newest", after[0]}
    with pytest.raises(LostContentError):
        place.open(before[0], before[1].files[0].name)
    assert not other.files.has("0" * 64), "and the uploads are asked for apart"


def test_a_worker_sees_the_dump_that_another_one_made(small_world: World, machines: list[Settings]) -> None:
    one, other = machines
    assert keep_dump(small_world.session, one) == 1
    assert keep_dump(small_world.session, other) == 0
