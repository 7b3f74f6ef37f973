"""Nobody takes a password that many people have, in whatever case it is written."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from scenario_hall.core.errors import Invalid
from scenario_hall.organizations import accounts
from scenario_hall.organizations.common_passwords import BYTES, FILE, is_common
from tests.world import PASSWORD, World

# Rows of keyboards, and words, names and teams that people take; typed by hand, not read from the hall's own list.
KNOWN = """1234567890 0987654321 9876543210 1111111111 0000000000 12345678910 123456789a qwertyuiop qwerty12345 qwerty123456
1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 1qaz2wsx3edc qazwsxedcrfv 123qweasdzxc asdfghjkl1 zxcvbnm123 1122334455 1234554321
password123 password1234 iloveyou123 basketball manchester california heavymetal metallica1 strawberry
chocolate1 liverpool1 zaq12wsxcde3 microsoft1 motherfucker alexander1 christopher Manchester1 enterprise blackberry""".split()

TAKEN: dict[str, Callable[[World, str], object]] = {
    "registering": lambda hall, password: accounts.register_account(
        hall.session, email="n@n.example", name="N", password=password
    ),
    "asking to register": lambda hall, password: accounts.ask_to_register(
        hall.session, email="n@n.example", name="N", password=password, locale="en"
    ),
    "changing it": lambda hall, password: accounts.change_password(
        hall.session, hall.port_person, current=PASSWORD, password=password
    ),
    "setting a new one by mail": lambda hall, password: accounts.reset_password(
        hall.session,
        account_id=hall.port_person.pk,
        session_generation=hall.port_person.session_generation,
        password=password,
    ),
}


def test_the_file_has_more_than_the_standard_asks_for_in_order() -> None:
    content = FILE.read_bytes()
    hashes = [content[at : at + BYTES] for at in range(0, len(content), BYTES)]
    assert len(content) % BYTES == 0 and len(hashes) == 112_130
    assert all(before < after for before, after in pairwise(hashes))


@pytest.mark.parametrize("password", KNOWN)
def test_what_many_people_have_is_refused_in_any_case(password: str) -> None:
    for written in (password, password.upper(), password.title()):
        assert is_common(written), written


@pytest.mark.parametrize("way", TAKEN)
def test_wherever_a_password_is_set(small_world: World, way: str) -> None:
    with pytest.raises(Invalid, match="Many people have this password"):
        TAKEN[way](small_world, "Basketball")
    TAKEN[way](small_world, "crane 14 stands at night")


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "harbour-lantern-2026",
        "crane 14 stands at night",
        "修好所有岸桥的老张头儿",
        "\ud800" * 3 + "kräne-läuft",
    ],
)
def test_what_few_have_is_taken(password: str) -> None:
    assert not is_common(password)
