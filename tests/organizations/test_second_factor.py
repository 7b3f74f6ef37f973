"""Second factors: codes of the standard's own examples, each taken once, and recovery codes."""

from __future__ import annotations

import base64
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from scenario_hall.core import clock
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import Denied, Invalid, TooMany, WrongState
from scenario_hall.core.seals import SealError, seal, unseal
from scenario_hall.log.chain import Event
from scenario_hall.organizations import second_factor
from scenario_hall.organizations.accounts import set_administrator
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.second_factor import RecoveryCode, SecondFactor, make_recovery_codes
from scenario_hall.organizations.sessions import open_session, sessions_of
from tests.world import World

KEY = "a secret key for tests, 32 characters"
# RFC 6238, appendix B, SHA-1: its last six digits of eight, at these seconds since 1970.
SECRET = base64.b32encode(b"12345678901234567890").decode()
VECTORS = {
    1111111109: "081804",
    1111111111: "050471",
    1234567890: "005924",
    2000000000: "279037",
}
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.7"


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def protected(world: World, account: Account | None = None) -> Account:
    """An account whose authenticator has the secret of the standard's examples."""
    account = account or world.port_person
    with transaction(world.session):
        sealed = seal(KEY, "second-factor", SECRET)
        world.session.add(SecondFactor(account_id=account.pk, sealed_secret=sealed, confirmed_at=moment(0)))
    return account


def shows(world: World, account: Account, code: str, *, address: str = HERE, key: str = KEY) -> bool:
    try:
        second_factor.check_code(world.session, account, key, code=code, address=address)
    except Invalid:
        return False
    return True


def kinds(world: World, account: Account) -> list[str]:
    query = select(Event.kind).where(col(Event.subject_kind) == "account", col(Event.subject_id) == account.pk)
    return [
        kind for kind in world.session.exec(query.order_by(col(Event.id))) if "factor" in kind or "recovery" in kind
    ]


@pytest.mark.parametrize("seconds,code", VECTORS.items())
def test_the_codes_are_those_of_the_standard_and_each_is_taken_once(world: World, seconds: int, code: str) -> None:
    account = protected(world)
    with clock.at(moment(seconds)):
        assert not shows(world, account, f"{(int(code) + 1) % 10**6:06}")
        assert shows(world, account, f" {code[:3]} {code[3:]} ")
        assert not shows(world, account, code)
    with clock.at(moment(seconds + 30)):  # still within what a telephone's clock may be off
        assert not shows(world, account, code)


@pytest.mark.parametrize("off,is_good", [(-61, False), (-30, True), (30, True), (61, False)])
def test_a_telephone_may_be_one_step_off(world: World, off: int, is_good: bool) -> None:
    account = protected(world)
    with clock.at(moment(2000000000 + off)):
        assert shows(world, account, VECTORS[2000000000]) is is_good


def test_a_code_from_before_the_last_one_is_not_taken(world: World) -> None:
    account = protected(world)
    with clock.at(moment(1111111111)):  # the step after that of 1111111109
        assert shows(world, account, VECTORS[1111111111])
        assert not shows(world, account, VECTORS[1111111109])


def test_two_at_once_do_not_both_get_in_with_one_code(world: World, engine: Engine) -> None:
    account = protected(world)
    world.session.commit()
    inside: list[bool] = []
    together = threading.Barrier(4)

    def enter() -> None:
        with Session(engine) as session, clock.at(moment(2000000000)):
            together.wait()
            try:
                second_factor.check_code(
                    session, session.get_one(Account, account_id), KEY, code=VECTORS[2000000000], address=HERE
                )
            except Invalid:
                inside.append(False)
            else:
                inside.append(True)

    account_id = account.pk
    world.session.commit()
    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(inside) == [False, False, False, True]


def test_setting_up_takes_a_code_of_the_app_gives_recovery_codes_and_ends_other_log_ins(world: World) -> None:
    account = world.port_person
    kept = int(open_session(world.session, account, user_agent="", address=HERE).partition(".")[0])
    open_session(world.session, account, user_agent="", address=HERE)
    second_factor.begin_enrolment(world.session, account, KEY)
    told = second_factor.pending_enrolment(world.session, account, KEY)
    assert told is not None and "otpauth://totp/" in told.address and "port%40port.example" in told.address
    assert told.secret.replace(" ", "") in told.address
    assert second_factor.second_factor_of(world.session, account.pk) is None  # it does not count yet
    row = world.session.get_one(SecondFactor, account.pk)
    with transaction(world.session):
        row.sealed_secret = seal(KEY, "second-factor", SECRET)
        world.session.add(row)
    with clock.at(moment(2000000000)):
        with pytest.raises(Invalid):
            second_factor.confirm_enrolment(world.session, account, KEY, code="000000", keep_session=kept)
    with clock.at(moment(2000000000)):
        codes = second_factor.confirm_enrolment(
            world.session, account, KEY, code=VECTORS[2000000000], keep_session=kept
        )
        assert not shows(world, account, VECTORS[2000000000])  # the code that set it up is used, too
    assert len(set(codes)) == 10
    assert second_factor.second_factor_of(world.session, account.pk) is not None
    assert [each.id for each in sessions_of(world.session, account.pk)] == [kept]
    assert kinds(world, account) == ["account.second_factor_set"]
    with pytest.raises(WrongState):
        second_factor.begin_enrolment(world.session, account, KEY)
    for code in codes[:2]:
        assert shows(world, account, code.upper().replace("-", " "))
        assert not shows(world, account, code)
    assert second_factor.recovery_codes_left(world.session, account.pk) == 8
    fresh = second_factor.new_recovery_codes(world.session, account)
    assert not shows(world, account, codes[5]) and shows(world, account, fresh[5])


def test_nothing_in_the_database_tells_a_code(world: World) -> None:
    account = protected(world)
    codes = second_factor.new_recovery_codes(world.session, account)
    stored = [row.code_hash for row in world.session.exec(select(RecoveryCode))]
    stored.append(world.session.get_one(SecondFactor, account.pk).sealed_secret)
    for code in (*codes, *(code.replace("-", "") for code in codes), SECRET):
        assert not any(code in text for text in stored)


def test_after_a_new_secret_key_only_recovery_codes_open(world: World) -> None:
    account = protected(world)
    codes = second_factor.new_recovery_codes(world.session, account)
    with clock.at(moment(2000000000)):
        assert not shows(world, account, VECTORS[2000000000], key=KEY[::-1])
        assert shows(world, account, codes[0], key=KEY[::-1])


def test_guesses_are_limited_for_a_network_then_for_the_account_and_a_good_code_is_none(world: World) -> None:
    account = protected(world)
    with clock.at(moment(2000000000)):
        for _ in range(10):
            assert not shows(world, account, "000000")
        with pytest.raises(TooMany):
            shows(world, account, VECTORS[2000000000])
        assert shows(world, account, VECTORS[2000000000], address=ELSEWHERE)
    with clock.at(moment(2000000000) + timedelta(hours=2)):
        for number in range(30):
            assert not shows(world, account, "000000", address=f"10.0.{number}.1")
        with pytest.raises(TooMany):
            shows(world, account, "000000", address="10.1.0.1")
    for number in range(100):
        with clock.at(moment(2000000000) + timedelta(hours=30, minutes=3 * number)):
            assert not shows(world, account, "000000", address=f"10.2.{number}.1")
    with clock.at(moment(2000000000) + timedelta(hours=36)), pytest.raises(TooMany):
        shows(world, account, "000000", address="10.3.0.1")


def test_another_administrator_resets_it_with_an_event_and_nobody_else_does(world: World) -> None:
    account, admin = protected(world), protected(world, world.administrator)
    open_session(world.session, account, user_agent="", address=HERE)
    for actor in (world.demand, world.supplier):
        with pytest.raises(Denied):
            second_factor.reset_second_factor(actor, session=world.session, account=account)
    with pytest.raises(Denied):  # not one's own: whoever has taken over a session would
        second_factor.reset_second_factor(world.admin, session=world.session, account=admin)
    second_factor.reset_second_factor(world.admin, session=world.session, account=account)
    assert second_factor.second_factor_of(world.session, account.pk) is None
    assert sessions_of(world.session, account.pk) == []
    assert kinds(world, account) == ["account.second_factor_reset"]
    with pytest.raises(WrongState):
        second_factor.reset_second_factor(world.admin, session=world.session, account=account)


def test_a_promotion_changes_nothing_about_it(world: World) -> None:
    account = protected(world)
    set_administrator(world.admin, session=world.session, account=account, is_administrator=True)
    assert second_factor.second_factor_of(world.session, account.pk) is not None


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60))
@example("٢٧٩٠٣٧")  # digits, but not those of the code
@example("２７９０３７")
@example("279037 0")
@example("")
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_other_text_is_a_code(small_world: World, text: str) -> None:
    account = small_world.port_person
    if small_world.session.get(SecondFactor, account.pk) is None:
        protected(small_world, account)
    row = small_world.session.get_one(SecondFactor, account.pk)
    small_world.session.expunge(row)  # each text meets the row as it was
    with clock.at(moment(2000000000)):
        assert second_factor._takes(row, KEY, text) is ("".join(text.split()) == VECTORS[2000000000])


@given(st.text(max_size=100), st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_seal_opens_with_its_own_key_and_purpose_alone(text: str, key: str, other: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    key, other = (each.encode("utf-8", "replace").decode() for each in (key, other))
    sealed = seal(key, "a", text)
    assert unseal(key, "a", sealed) == text
    for wrong in ((other + "x" + key, "a", sealed), (key, "b", sealed), (key, "a", sealed[:-2]), (key, "a", "")):
        with pytest.raises(SealError):
            unseal(*wrong)


def test_a_recovery_code_has_as_many_bits_as_the_standard_asks(small_world: World) -> None:
    """128 random bits in hexadecimal digits (OWASP ASVS 5.0, 6.5.2 and 11.5.1); no two of 200 begin alike."""
    person = small_world.port_person
    codes = [code for _ in range(20) for code in make_recovery_codes(small_world.session, person)]
    plain = [code.replace("-", "") for code in codes]
    assert {len(code) for code in plain} == {32} and all(int(code, 16) for code in plain)
    assert len({code[:8] for code in plain}) == 200
