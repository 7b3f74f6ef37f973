"""Accounts: registering, confirming, logging in, limits."""

from __future__ import annotations

import pytest
from argon2 import Type

from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany
from scenario_hall.organizations import accounts
from tests.conftest import REAL_HASHER
from tests.world import PASSWORD, World


def test_one_address_has_one_account_however_it_is_written(world: World) -> None:
    with pytest.raises(Invalid, match="already"):
        world.person("PORT@port.example")


def test_a_short_or_plain_password_is_refused(small_world: World) -> None:
    for password in ("short", "aaaaaaaaaaaa", "x" * 300):
        with pytest.raises(Invalid):
            accounts.register_account(small_world.session, email="n@n.example", name="N", password=password)


def test_the_password_is_kept_as_an_argon2_hash(small_world: World) -> None:
    assert small_world.port_person.password_hash.startswith("$argon2id$")


def test_a_guess_costs_at_least_what_rfc_9106_asks_where_memory_is_scarce() -> None:
    hasher = REAL_HASHER  # the tests themselves use a cheaper one
    assert hasher.type is Type.ID
    assert hasher.time_cost >= 3 and hasher.memory_cost >= 64 * 1024 and hasher.salt_len >= 16 and hasher.hash_len >= 32


def test_a_password_kept_in_a_cheaper_form_is_hashed_anew_at_the_next_log_in(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = small_world.person("old@port.example")
    monkeypatch.setattr(accounts, "_hasher", REAL_HASHER)
    before = person.password_hash
    accounts.authenticate(small_world.session, email="old@port.example", password=PASSWORD, address="1.2.3.4")
    assert person.password_hash != before and REAL_HASHER.verify(person.password_hash, PASSWORD)


def test_log_in_needs_the_right_password_and_tells_no_more(world: World) -> None:
    found = accounts.authenticate(world.session, email="Port@port.example", password=PASSWORD, address="1.2.3.4")
    assert found.email == "port@port.example"
    told = []
    for email in ("port@port.example", "nobody@port.example"):
        with pytest.raises(Invalid) as caught:
            accounts.authenticate(world.session, email=email, password="wrong password", address="1.2.3.4")
        told.append(str(caught.value))
    assert told[0] == told[1]


def test_guessing_is_stopped_after_ten_attempts(small_world: World) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            accounts.authenticate(small_world.session, email="port@port.example", password="no", address="1.2.3.4")
    with pytest.raises(TooMany) as caught:
        accounts.authenticate(small_world.session, email="port@port.example", password=PASSWORD, address="5.6.7.8")
    assert caught.value.retry_after > 0


def test_a_reset_link_works_once(small_world: World) -> None:
    person = small_world.port_person
    generation = person.session_generation
    accounts.reset_password(
        small_world.session, account_id=person.pk, session_generation=generation, password="another good one"
    )
    with pytest.raises(NotFound):
        accounts.reset_password(
            small_world.session, account_id=person.pk, session_generation=generation, password="yet another one"
        )


def test_an_unconfirmed_person_can_create_nothing(small_world: World) -> None:
    stranger = small_world.person("new@new.example", is_confirmed=False)
    from_policy = small_world.actor(stranger)
    assert not from_policy.is_confirmed
    with pytest.raises(Denied):
        small_world.organization(stranger, small_world.port.side, "Another", is_verified=False)  # type: ignore[arg-type]


def test_the_last_administrator_stays(small_world: World) -> None:
    with pytest.raises(Invalid):
        accounts.set_administrator(
            small_world.admin, session=small_world.session, account=small_world.administrator, is_administrator=False
        )


@pytest.mark.parametrize("email", ["用户@mail.example", "josé@mail.example", "a b@mail.example", "a@", "@mail.example"])
def test_an_address_that_mail_servers_do_not_take_is_refused(small_world: World, email: str) -> None:
    with pytest.raises(Invalid) as caught:
        accounts.register_account(small_world.session, email=email, name="N", password=PASSWORD)
    assert set(caught.value.fields) == {"email"}


def test_an_address_typed_full_width_or_pasted_is_the_one_that_mail_goes_to() -> None:
    for written in (
        "ｕｓｅｒ＠ｅｘａｍｐｌｅ.example",
        "us\u200ber@example.example\u200e",
        "\ufeffUser@example.example",
    ):
        assert accounts.normalise_email(written) == "user@example.example"


def test_a_domain_in_any_script_is_kept_as_mail_servers_take_it_and_found_as_it_was_typed(world: World) -> None:
    made = world.person("Li@例子.example")
    assert made.email == "li@xn--fsqu00a.example"
    for typed in ("li@例子.example", " LI@例子.EXAMPLE ", "li@xn--fsqu00a.example"):
        found = accounts.find_account(world.session, typed)
        assert found is not None and found.pk == made.pk
