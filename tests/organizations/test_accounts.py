"""Accounts: registering, confirming, logging in, limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import Type
from sqlmodel import col, func, select

from scenario_hall.core import clock
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany
from scenario_hall.log.chain import Event
from scenario_hall.organizations import accounts
from tests.conftest import REAL_HASHER
from tests.world import PASSWORD, World

BEGAN = datetime(2026, 12, 1, 2, tzinfo=UTC)


def test_one_address_has_one_account_however_it_is_written(world: World) -> None:
    with pytest.raises(Invalid, match="already"):
        world.person("PORT@port.example")


def test_a_short_or_plain_password_is_refused(small_world: World) -> None:
    for password in ("short", "aaaaaaaaaaaa", "x" * 300):
        with pytest.raises(Invalid):
            accounts.register_account(small_world.session, email="n@n.example", name="N", password=password)


@pytest.mark.parametrize(
    "password",
    [
        "ScenarioHall2026",
        "admin-password",
        "Welcome to the Hall",
        "场景发布厅大湾区应用场景密码",
        "lin.wei@port.gov 1",
        "gba-macao-hall!!",
    ],
)
def test_a_password_of_this_hall_s_own_words_is_refused(password: str) -> None:
    with pytest.raises(Invalid, match="easy to guess"):
        accounts.check_password(password, "lin.wei@port.gov.mo")


@pytest.mark.parametrize(
    "password", [PASSWORD, "harbour-lantern-2026", "crane hall at night", "修好所有岸桥的老张头儿"]
)
def test_such_words_beside_others_are_taken(password: str) -> None:
    accounts.check_password(password, "lin.wei@port.gov.mo")


def test_the_password_is_kept_as_an_argon2_hash(small_world: World) -> None:
    assert small_world.port_person.password_hash.startswith("$argon2id$")


def test_a_guess_costs_at_least_what_owasp_asks() -> None:
    """https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html"""
    hasher = REAL_HASHER  # the tests themselves use a cheaper one
    assert hasher.type is Type.ID
    assert hasher.time_cost >= 2 and hasher.memory_cost >= 19 * 1024 and hasher.salt_len >= 16 and hasher.hash_len >= 32


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


EMAIL, VICTIM, ATTACKER = "port@port.example", "198.51.100.7", "203.0.113.7"


def guess(world: World, address: str, *, email: str = EMAIL, devices: dict[int, str] | None = None) -> bool:
    """One wrong password; False when it was not even looked at."""
    try:
        accounts.authenticate(world.session, email=email, password="no", address=address, devices=devices)
    except Invalid:
        return True
    except TooMany as refused:
        assert refused.retry_after > 0
        return False
    raise AssertionError("a wrong password was taken")


def enters(world: World, address: str, *, password: str = PASSWORD, devices: dict[int, str] | None = None) -> bool:
    try:
        accounts.authenticate(world.session, email=EMAIL, password=password, address=address, devices=devices)
    except TooMany:
        return False
    return True


@pytest.mark.parametrize("other", ["Port@PORT.example", " port@port.example "])
def test_guessing_is_stopped_after_ten_attempts_however_the_address_is_written(world: World, other: str) -> None:
    assert all(guess(world, ATTACKER, email=EMAIL if turn % 2 else other) for turn in range(10))
    assert not guess(world, ATTACKER) and not guess(world, "203.0.113.99", email=other)  # the same network
    assert not enters(world, ATTACKER)


def test_guessing_goes_on_ever_more_slowly(small_world: World) -> None:
    """So many wrong passwords are looked at in a day, however patient somebody is."""
    looked_at = 0
    for quarter in range(96):
        with clock.at(BEGAN + quarter * timedelta(minutes=15.1)):
            looked_at += sum(guess(small_world, ATTACKER) for _ in range(12))
    assert looked_at <= 41


def test_an_attacker_locks_nobody_out(world: World) -> None:
    for network in range(5):
        for _ in range(11):
            guess(world, f"203.0.{network}.7")
    assert enters(world, VICTIM)


def test_many_networks_together_are_stopped_but_neither_a_known_device_nor_who_resets(small_world: World) -> None:
    person = small_world.port_person
    looked_at = sum(guess(small_world, f"203.0.{network}.7") for network in range(30) for _ in range(10))
    assert looked_at == 100
    assert not enters(small_world, VICTIM)
    assert enters(small_world, VICTIM, devices={person.pk: "its-name"})
    assert not enters(small_world, VICTIM, devices={person.pk + 1: "its-name"})  # another's device
    new = "another good one"
    accounts.reset_password(
        small_world.session, account_id=person.pk, session_generation=person.session_generation, password=new
    )
    assert enters(small_world, VICTIM, password=new) and enters(small_world, ATTACKER, password=new)


def test_on_a_known_device_guessing_is_stopped_too(small_world: World) -> None:
    devices = {small_world.port_person.pk: "stolen"}
    assert sum(guess(small_world, f"203.0.{turn}.7", devices=devices) for turn in range(20)) == 10
    assert enters(small_world, VICTIM)


def test_who_logs_in_rightly_is_not_counted(small_world: World) -> None:
    """A hundred people behind one address come to work."""
    assert all(enters(small_world, VICTIM) for _ in range(110))


def test_a_present_password_is_not_guessed_for_long_and_only_that_session_waits(world: World) -> None:
    def change(session_id: int, current: str = "no") -> None:
        accounts.change_password(
            world.session, world.port_person, current=current, password="another good one", session_id=session_id
        )

    for _ in range(10):
        with pytest.raises(Invalid):
            change(1)
    with pytest.raises(TooMany):
        change(1, PASSWORD)
    change(2, PASSWORD)


def test_nobody_uses_up_another_s_letters(world: World) -> None:
    def asked() -> int:
        kind = col(Event.kind) == "account.reset_requested"
        return world.session.exec(select(func.count()).select_from(Event).where(kind)).one()

    def ask(address: str) -> bool:
        try:
            accounts.request_password_reset(world.session, email=EMAIL, address=address)
        except TooMany:
            return False
        return True

    assert [ask(ATTACKER) for _ in range(6)] == [True] * 5 + [False]
    assert ask(VICTIM) and asked() == 6
    assert all(ask(f"203.0.{network}.7") for network in range(50))
    assert asked() == 20  # and whoever asks after that is told the same


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
