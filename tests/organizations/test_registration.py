"""Registration numbers of the three places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.core.errors import Invalid
from scenario_hall.organizations.registration import (
    RegistrationKind,
    normalise_registration_number,
    uscc_check_character,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC = RegistrationKind.USCC


@pytest.mark.parametrize("code", ["91110000600037341L", "G1610000713522976L", " 9111 0000 6000 3734 1l "])
def test_lawful_codes_are_taken_letters_in_front_too(code: str) -> None:
    assert normalise_registration_number(USCC, code) == code.replace(" ", "").upper()


@pytest.mark.parametrize(
    "code", ["91110000600037341M", "9111000060003734L", "91110000600037341I", "", "9111000060003734 LL", "某某"]
)
def test_unlawful_codes_are_refused_with_a_word(code: str) -> None:
    with pytest.raises(Invalid) as caught:
        normalise_registration_number(USCC, code)
    assert caught.value.fields["registration_number"]


@given(
    front=st.text(ALPHABET, min_size=2, max_size=2),
    region=st.text("0123456789", min_size=6, max_size=6),
    rest=st.text(ALPHABET, min_size=9, max_size=9),
    place=st.integers(0, 16),
    other=st.sampled_from(ALPHABET),
)
def test_one_wrong_character_is_always_seen(front: str, region: str, rest: str, place: int, other: str) -> None:
    body = front + region + rest
    code = body + uscc_check_character(body)
    assert normalise_registration_number(USCC, code) == code
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        with pytest.raises(Invalid):
            normalise_registration_number(USCC, wrong)


@pytest.mark.parametrize(
    ("kind", "number", "kept"),
    [
        (RegistrationKind.HK_BR, "12345678", "12345678"),
        (RegistrationKind.HK_BR, "12345678-000-01-26-1", "12345678"),
        (RegistrationKind.HK_CR, "F0012345", "F0012345"),
        (RegistrationKind.MACAO, "12345 so", "12345 SO"),
    ],
)
def test_hong_kong_and_macao_numbers(kind: RegistrationKind, number: str, kept: str) -> None:
    assert normalise_registration_number(kind, number) == kept


@pytest.mark.parametrize(
    ("kind", "number"),
    [(RegistrationKind.HK_BR, "1234567"), (RegistrationKind.HK_CR, "123456789"), (RegistrationKind.MACAO, "SO")],
)
def test_wrong_hong_kong_and_macao_numbers_are_refused(kind: RegistrationKind, number: str) -> None:
    with pytest.raises(Invalid):
        normalise_registration_number(kind, number)


@pytest.mark.parametrize(
    "written",
    [
        "９１１１００００６０００３７３４１Ｌ",
        "91110000600037341L\u200b",
        "\ufeff91110000600037341L",
        "9111\u00a00000\u20096000\u30003734\u200e1L",
        "9111–0000—6000−3734‑1L",
    ],
)
def test_a_pasted_code_is_the_one_that_is_seen(written: str) -> None:
    assert normalise_registration_number(USCC, written) == "91110000600037341L"
    assert normalise_registration_number(RegistrationKind.HK_BR, "１２３４５６７８–000\u200b–01–26–1") == "12345678"
    assert normalise_registration_number(RegistrationKind.MACAO, "１２３４５\u200b　ｓｏ") == "12345 SO"
