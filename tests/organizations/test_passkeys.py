"""Passkeys: a device in software makes and shows them; each way to show what is not yours, now and here, is refused."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from scenario_hall.core import clock
from scenario_hall.core.clock import now
from scenario_hall.core.errors import Denied, Invalid, NotFound, TooMany, WrongState
from scenario_hall.log.chain import Event
from scenario_hall.organizations import passkeys, second_factor
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.passkey_tables import Passkey, PasskeyChallenge, passkeys_of
from scenario_hall.organizations.passkeys import LASTS, MOST, Purpose
from scenario_hall.organizations.relying_party import RelyingParty
from scenario_hall.organizations.sessions import open_session, sessions_of
from tests.authenticators import ATTESTED, PRESENT, VERIFIED, Device, raw
from tests.organizations.test_second_factor import KEY, VECTORS, moment, protected, shows
from tests.world import World

ORIGIN = "https://hall.example"
PARTY = RelyingParty("hall.example", ORIGIN)
HERE, SESSION = "203.0.113.7", 11


def ask_new(world: World, account: Account | None = None) -> str:
    account = account or world.port_person
    return passkeys.ask_for_new(world.session, account, PARTY, session_id=SESSION, address=HERE)


def add(world: World, answer: str, account: Account | None = None, name: str = "laptop") -> list[str]:
    account = account or world.port_person
    return passkeys.add_passkey(world.session, account, PARTY, answer=answer, name=name, session_id=SESSION)


def with_passkey(world: World, account: Account | None = None, **made: Any) -> Device:
    device = Device(ORIGIN, **made)
    add(world, device.make(ask_new(world, account)), account)
    return device


def ask(world: World, account: Account | None = None, purpose: Purpose = Purpose.LOG_IN) -> str:
    session_id = SESSION if purpose is Purpose.PROVE else None
    account = account or world.port_person
    return passkeys.ask(world.session, account, PARTY, purpose, session_id=session_id, address=HERE)


def is_let_in(
    world: World, answer: str, purpose: Purpose = Purpose.LOG_IN, *, session_id: int | None = None, account: Any = None
) -> bool:
    try:
        passkeys.check_passkey(
            world.session,
            account or world.port_person,
            PARTY,
            purpose,
            answer=answer,
            session_id=session_id if session_id or purpose is Purpose.LOG_IN else SESSION,
            address=HERE,
        )
    except Invalid:
        return False
    return True


def told(world: World) -> list[str]:
    marks = ("passkey", "factor", "authenticator")
    kinds = world.session.exec(select(Event.kind).order_by(col(Event.id)))
    return [kind.removeprefix("account.") for kind in kinds if any(mark in kind for mark in marks)]


@pytest.mark.parametrize("curve", ["p256", "ed25519"])
@pytest.mark.parametrize("purpose", [Purpose.LOG_IN, Purpose.PROVE])
def test_what_was_made_is_let_in_again_and_again(world: World, curve: str, purpose: Purpose) -> None:
    device = with_passkey(world, curve=curve)
    for _ in range(2):
        assert is_let_in(world, device.show(ask(world, purpose=purpose)), purpose)
    (row,) = passkeys_of(world.session, world.port_person.pk)
    assert (row.sign_count, row.name, row.transports) == (3, "laptop", ["internal", "usb"])
    assert row.used_at is not None and row.used_at >= row.created_at
    assert told(world) == ["passkey_added"]


def test_the_browser_is_asked_for_a_verified_user_and_for_no_device_that_has_one_already(small_world: World) -> None:
    world = small_world
    first = json.loads(ask_new(world))
    assert first["rp"] == {"id": "hall.example", "name": "Scenario Hall"}
    assert first["authenticatorSelection"]["userVerification"] == "required"
    assert len(raw(first["challenge"])) >= 32 and first["excludeCredentials"] == []
    assert "port" not in raw(first["user"]["id"]).decode("latin-1")
    device = with_passkey(world)
    again, asked = json.loads(ask_new(world)), json.loads(ask(world))
    assert [raw(each["id"]) for each in again["excludeCredentials"]] == [device.id]
    assert [raw(each["id"]) for each in asked["allowCredentials"]] == [device.id]
    assert raw(again["user"]["id"]) == device.handle and asked["userVerification"] == "required"
    assert (asked["rpId"], asked["allowCredentials"][0]["transports"]) == ("hall.example", ["internal", "usb"])


LIES: dict[str, dict[str, Any]] = {
    "another site that looks alike": {"origin": "https://hall.example.evil.example"},
    "the same name without https": {"origin": "http://hall.example"},
    "the same name at another port": {"origin": "https://hall.example:8443"},
    "a site below": {"origin": "https://a.hall.example"},
    "another relying party": {"rp_id": "example"},
    "nobody there": {"flags": VERIFIED},
    "a finger that nobody checked": {"flags": PRESENT},
    "a challenge of its own": {"challenge": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
}
SHOWN: dict[str, dict[str, Any]] = {
    **LIES,
    "the answer to another question": {"type": "webauthn.create"},
    "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
    "another person's handle": {"handle": b"somebody else"},
}


@pytest.mark.parametrize("lie", SHOWN)
def test_an_answer_that_lies_lets_nobody_in_and_uses_its_challenge_up(small_world: World, lie: str) -> None:
    device = with_passkey(small_world)
    options = ask(small_world)
    assert not is_let_in(small_world, device.show(options, **SHOWN[lie]))
    if "challenge" not in SHOWN[lie]:
        assert not is_let_in(small_world, device.show(options))
    assert is_let_in(small_world, device.show(ask(small_world)))


@pytest.mark.parametrize("lie", LIES | {"the answer to another question": {}})
def test_a_passkey_that_lies_is_not_kept(small_world: World, lie: str) -> None:
    told_lie = (
        {"flags": LIES[lie]["flags"] | ATTESTED}
        if "flags" in LIES.get(lie, {})
        else LIES.get(lie, {"type": "webauthn.get"})
    )
    with pytest.raises(Invalid) as refused:
        add(small_world, Device(ORIGIN).make(ask_new(small_world), **told_lie))
    assert set(refused.value.fields) == {"answer"}
    assert passkeys_of(small_world.session, small_world.port_person.pk) == [] and told(small_world) == []


def test_an_answer_counts_once_and_so_does_its_challenge(world: World) -> None:
    device = with_passkey(world, counts=False)
    options = ask(world)
    answer = device.show(options)
    assert is_let_in(world, answer)
    assert not is_let_in(world, answer) and not is_let_in(world, device.show(options))
    options = ask_new(world)
    add(world, Device(ORIGIN).make(options))
    with pytest.raises(Invalid):
        add(world, Device(ORIGIN).make(options))


def test_two_at_once_are_not_both_let_in_with_one_answer(world: World, engine: Engine) -> None:
    answer = with_passkey(world, counts=False).show(ask(world))
    account_id = world.port_person.pk
    world.session.commit()
    inside: list[bool] = []
    together = threading.Barrier(4)

    def enter() -> None:
        with Session(engine) as session:
            together.wait()
            person = session.get_one(Account, account_id)
            sent = {"answer": answer, "session_id": None, "address": HERE}
            try:
                passkeys.check_passkey(session, person, PARTY, Purpose.LOG_IN, **sent)
            except Invalid:
                inside.append(False)
            else:
                inside.append(True)

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(inside) == [False, False, False, True]


def test_a_challenge_is_good_for_five_minutes_one_purpose_one_log_in_and_one_account(small_world: World) -> None:
    world = small_world
    device, others = with_passkey(world), with_passkey(world, world.maker_person)
    options, made = ask(world), ask_new(world)
    with clock.at(now() + LASTS):
        assert not is_let_in(world, device.show(options))
        with pytest.raises(Invalid):
            add(world, Device(ORIGIN).make(made))
    assert not is_let_in(world, device.show(ask(world)), Purpose.PROVE)
    assert not is_let_in(world, device.show(ask(world, purpose=Purpose.PROVE)))
    assert not is_let_in(world, device.show(ask_new(world)))  # what is asked of a passkey to be made
    assert not is_let_in(world, device.show(ask(world, purpose=Purpose.PROVE)), Purpose.PROVE, session_id=SESSION + 1)
    # Another's credential, for one's own challenge or for theirs.
    assert not is_let_in(world, others.show(ask(world)))
    assert not is_let_in(world, others.show(ask(world, world.maker_person)))
    assert not is_let_in(world, device.show(ask(world, world.maker_person)))
    assert is_let_in(world, others.show(ask(world, world.maker_person)), account=world.maker_person)
    assert is_let_in(world, device.show(ask(world)))


@pytest.mark.parametrize("count", [0, 1, 6, 7])
def test_a_device_that_counts_backwards_or_stands_still_is_refused_and_its_owner_is_told(
    world: World, count: int
) -> None:
    device = with_passkey(world)
    assert is_let_in(world, device.show(ask(world), count=7))
    assert not is_let_in(world, device.show(ask(world), count=count))
    assert told(world) == ["passkey_added", "passkey_copied"]
    (row,) = passkeys_of(world.session, world.port_person.pk)
    assert row.sign_count == 7
    assert is_let_in(world, device.show(ask(world), count=2**32 - 1))


def test_a_device_that_counts_nothing_is_let_in(small_world: World) -> None:
    device = with_passkey(small_world, counts=False)
    assert all(is_let_in(small_world, device.show(ask(small_world))) for _ in range(3))
    assert told(small_world) == ["passkey_added"]


def test_one_credential_is_one_account_s(world: World) -> None:
    device = with_passkey(world)
    for account in (world.port_person, world.maker_person):
        with pytest.raises(Invalid):
            add(world, device.make(ask_new(world, account)), account)
    assert passkeys_of(world.session, world.maker_person.pk) == []


def test_the_first_second_factor_gives_recovery_codes_and_ends_log_ins_elsewhere(world: World) -> None:
    account = world.port_person
    own = int(open_session(world.session, account, user_agent="", address=HERE).partition(".")[0])
    open_session(world.session, account, user_agent="", address=HERE)
    options = passkeys.ask_for_new(world.session, account, PARTY, session_id=own, address=HERE)
    sent = {"answer": Device(ORIGIN).make(options), "name": "key", "session_id": own}
    codes = passkeys.add_passkey(world.session, account, PARTY, **sent)
    assert len(set(codes)) == 10 and [each.id for each in sessions_of(world.session, account.pk)] == [own]
    assert second_factor.has_second_factor(world.session, account.pk)
    assert shows(world, account, codes[0]) and not shows(world, account, codes[0])
    # A second one, and an app, leave the codes that are kept somewhere.
    assert add(world, Device(ORIGIN).make(ask_new(world))) == []
    second_factor.begin_enrolment(world.session, account, KEY)
    told_app = second_factor.pending_enrolment(world.session, account, KEY)
    assert told_app is not None and shows(world, account, codes[1])


def test_beside_an_app_both_are_good_and_taking_one_away_leaves_the_other_and_the_codes(world: World) -> None:
    account = protected(world)
    codes = second_factor.new_recovery_codes(world.session, account)
    device = with_passkey(world)
    assert is_let_in(world, device.show(ask(world)))
    with clock.at(moment(2000000000)):
        assert shows(world, account, VECTORS[2000000000])
    second_factor.remove_second_factor(world.session, account)
    assert second_factor.second_factor_of(world.session, account.pk) is None
    assert is_let_in(world, device.show(ask(world))) and shows(world, account, codes[0])
    (row,) = passkeys_of(world.session, account.pk)
    with pytest.raises(Denied):
        passkeys.remove_passkey(world.session, account, row.id or 0, is_required=True)
    passkeys.remove_passkey(world.session, account, row.id or 0, is_required=False)
    assert not second_factor.has_second_factor(world.session, account.pk)
    assert not shows(world, account, codes[1])
    assert told(world)[-3:] == ["authenticator_removed", "passkey_removed", "second_factor_removed"]


def test_an_administrator_resets_passkeys_too_and_they_count_as_protection(world: World) -> None:
    device, pk = with_passkey(world), world.port_person.pk
    ids = [world.port_person.pk, world.maker_person.pk]
    assert second_factor.accounts_with_second_factor(world.session, ids) == {pk}
    second_factor.reset_second_factor(world.admin, session=world.session, account=world.port_person)
    assert second_factor.accounts_with_second_factor(world.session, ids) == set()
    assert passkeys_of(world.session, pk) == [] and not is_let_in(world, device.show(ask(world)))


def test_nobody_renames_or_removes_what_is_another_s(small_world: World) -> None:
    world = small_world
    with_passkey(world)
    (row,) = passkeys_of(world.session, world.port_person.pk)
    for act in (
        lambda: passkeys.rename_passkey(world.session, world.maker_person, row.id or 0, name="mine"),
        lambda: passkeys.remove_passkey(world.session, world.maker_person, row.id or 0, is_required=False),
    ):
        with pytest.raises(NotFound):
            act()
    passkeys.rename_passkey(world.session, world.port_person, row.id or 0, name=" 办公室 ")
    assert row.name == "办公室"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\nb", "see www.evil.example"])
def test_a_name_is_one_short_line(small_world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(small_world, Device(ORIGIN).make(ask_new(small_world)), name=name)
    assert set(refused.value.fields) == {"name"}


def test_an_account_has_ten_at_most_and_asks_no_more_than_sixty_times_an_hour(small_world: World) -> None:
    world = small_world
    last = ""
    for number in range(MOST):
        with clock.at(now() + timedelta(hours=2 * number)):
            last = ask_new(world)
            with_passkey(world)
    with clock.at(now() + timedelta(days=1, minutes=1)):
        with pytest.raises(WrongState):
            ask_new(world)
        for _ in range(60):
            ask(world)
        with pytest.raises(TooMany):
            ask(world)
    assert last


def test_guesses_are_counted_with_those_of_codes_and_a_good_answer_is_none(small_world: World) -> None:
    world = small_world
    device = with_passkey(world)
    for _ in range(12):
        assert is_let_in(world, device.show(ask(world)))
    for _ in range(5):
        assert not is_let_in(world, "{}") and not shows(world, world.port_person, "000000", address=HERE)
    with pytest.raises(TooMany):
        is_let_in(world, device.show(ask(world)))


def test_old_questions_are_forgotten(small_world: World) -> None:
    world = small_world
    ask(world)
    assert passkeys.prune_challenges(world.session) == 0
    with clock.at(now() + LASTS):
        ask(world)
        assert passkeys.prune_challenges(world.session) == 1
    assert world.session.exec(select(func.count()).select_from(PasskeyChallenge)).one() == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)


_DEVICE, _QUESTION = Device(ORIGIN), json.dumps({"challenge": "AAAA", "user": {"id": "AAAA"}})
ANSWERS = {"make": _DEVICE.make(_QUESTION), "show": _DEVICE.show(_QUESTION)}


@given(st.data())
@hypothesis_settings(max_examples=150, deadline=None)
def test_what_no_browser_sends_is_refused_and_breaks_nothing(data: st.DataObject) -> None:
    """Each part of a good answer, replaced by something else or with its bytes changed."""
    whole = json.loads(ANSWERS[data.draw(st.sampled_from(sorted(ANSWERS)))])
    place = data.draw(st.sampled_from([*whole, *whole["response"]]))
    part = whole if place in whole else whole["response"]
    if isinstance(part[place], str) and data.draw(st.booleans()):
        cut = data.draw(st.integers(0, 60))
        part[place] = part[place][:cut] + data.draw(st.text(max_size=8)) + part[place][cut + 1 :]
    else:
        part[place] = data.draw(JSON)
    sent, asked = passkeys._read(json.dumps(whole)), passkeys.Asked(b"\0\0\0", "")
    row = Passkey(account_id=1, credential_id="", public_key="pQECAyYgASFYIA", user_handle="", name="")
    assert passkeys._verified_count(row, PARTY, asked, sent) is None
    if (
        passkeys._verified_new(PARTY, asked, sent) is not None
    ):  # what was changed there is not signed, or changed nothing
        assert all(isinstance(each, str) for each in passkeys._transports(sent))
    assert isinstance(passkeys._challenge_named(sent), str)


def test_the_answers_that_are_changed_there_are_good_as_they_are() -> None:
    asked = passkeys.Asked(b"\0\0\0", "")
    assert passkeys._verified_new(PARTY, asked, json.loads(ANSWERS["make"])) is not None


@pytest.mark.parametrize(
    "sent", ["", "no", "[]", "null", "{", '{"a":' * 3000, "1" * 5000, " " * 20_001, '{"x":"' + "y" * 20_000 + '"}']
)
def test_what_is_no_object_or_too_long_is_refused(sent: str) -> None:
    with pytest.raises(Invalid):
        passkeys._read(sent)
