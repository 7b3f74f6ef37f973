"""The address of the search servers: what is meant is read, what is not is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.config import SettingsError, load_settings
from scenario_hall.core.search_servers import read_search_url

SECRET = "1f0b5c7a9d3e48629bf1d2c8e7a64035"


def test_no_address_means_the_folder() -> None:
    assert read_search_url("") is None


def test_hosts_ports_name_and_shards_are_read() -> None:
    found = read_search_url("opensearch://one,two.example:9201,[::1]:9202/hall_2?shards=3")
    assert found is not None
    assert found.hosts == (("one", 9200), ("two.example", 9201), ("::1", 9202))
    assert (found.name, found.shards, found.is_encrypted) == ("hall_2", 3, False)


def test_a_log_in_stands_in_the_address_or_beside_it_and_is_shown_nowhere(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    own = read_search_url("opensearch+tls://us%40er:pa%3Ass@one/hall")
    beside = read_search_url("opensearch+tls://one/hall", user="us@er", password="pa:ss", authority=str(authority))
    assert own is not None and beside is not None
    assert (own.user, own.password) == (beside.user, beside.password) == ("us@er", "pa:ss")
    assert own.is_encrypted and beside.authority == authority
    assert "pa:ss" not in repr(own)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://one/hall", "must begin with"),
        ("opensearch://one", "index's name"),
        ("opensearch://one/Hall", "index's name"),
        ("opensearch://one/a/b", "index's name"),
        ("opensearch:///hall", "has a host"),
        ("opensearch://one,,two/hall", "has a host"),
        ("opensearch://one:port/hall", "has a host"),
        ("opensearch://one/hall?shards=0", "shards=0"),
        ("opensearch://one/hall?replicas=2", "replicas"),
        ("opensearch://one/hall?ca=/no/such/file", "which is no file"),
        ("opensearch://user:hidden@one/hall", "in the clear"),
    ],
)
def test_what_is_wrong_is_named_and_the_password_is_not(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as error:
        read_search_url(url)
    assert "hidden" not in str(error.value)
    with pytest.raises(SettingsError, match="HALL_SEARCH_URL"):
        load_settings({"HALL_SECRET_KEY": SECRET, "HALL_SEARCH_URL": url})


def test_a_password_may_go_in_the_clear_on_this_machine() -> None:
    assert read_search_url("opensearch://user:hidden@127.0.0.1,localhost/hall") is not None


@given(st.text(max_size=60))
def test_any_address_is_read_or_refused(text: str) -> None:
    for url in (text, f"opensearch://{text}", f"opensearch+tls://one/{text}", f"opensearch://one/hall?{text}"):
        try:
            found = read_search_url(url)
        except ValueError:
            continue
        assert found is None or (found.hosts and found.name)
