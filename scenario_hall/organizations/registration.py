"""Registration numbers of the mainland, Hong Kong and Macao: their form only, not whether the body exists."""

from __future__ import annotations

import re
from enum import StrEnum

from scenario_hall.core.errors import Invalid
from scenario_hall.core.texts import N_
from scenario_hall.language.folding import visible


class RegistrationKind(StrEnum):
    USCC = "uscc"  # mainland unified social credit code
    HK_BR = "hk_br"  # Hong Kong business registration number
    HK_CR = "hk_cr"  # Hong Kong company number, in use before the business registration number replaced it
    MACAO = "macao"


REGISTRATION_NAMES: dict[str, str] = {
    RegistrationKind.USCC: N_("Unified social credit code (mainland)"),
    RegistrationKind.HK_BR: N_("Business registration number (Hong Kong, 8 digits)"),
    RegistrationKind.HK_CR: N_("Company number (Hong Kong, old format)"),
    RegistrationKind.MACAO: N_("Registration number (Macao)"),
}


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 2: no I, O, S, V, Z
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Places 1–2: who registered and what kind of body, digits or letters (G1… are lawful, which is why python-stdnum,
# which allows fewer, is not used); 3–8 the region's digits; 9–17 the organisation code; 18 the check character.
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")
_USCC = re.compile(rf"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_MACAO = re.compile(r"[0-9]{1,10}(?:[ /-]?[A-Z0-9()]{1,12}){0,3}")


def uscc_check_character(body: str) -> str:
    """The 18th character for the first 17 (GB 32100-2015, 5.4: weights 3^(i-1) mod 31)."""
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def normalise_registration_number(kind: RegistrationKind, text: str) -> str:
    """The normalised number, as it is typed on a usual keyboard: full-width signs, dashes of every kind and invisible
    characters come with what is pasted. Raises Invalid (field ``registration_number``) saying what is wrong."""
    number = re.sub(r"\s+", " ", _DASHES.sub("-", visible(text)).strip().upper())
    compact = number.replace(" ", "").replace("-", "")
    match kind:
        case RegistrationKind.USCC:
            if len(compact) != 18:
                raise _wrong(
                    N_("A unified social credit code has 18 characters; this one has %(count)s."), len(compact)
                )
            if not _USCC.fullmatch(compact):
                raise _wrong(
                    N_(
                        "A unified social credit code consists of digits and capital letters other than I, O, S, V "
                        "and Z."
                    )
                )
            if uscc_check_character(compact[:17]) != compact[17]:
                raise _wrong(N_("The check character is not correct: please compare the code with your licence."))
            return compact
        case RegistrationKind.HK_BR:
            # The certificate shows 12345678-000-01-26-1: number, branch, month, year, kind.
            if not re.fullmatch(r"[0-9]{8}([0-9]{7}[0-9A-Z])?", compact):
                raise _wrong(N_("A Hong Kong business registration number has 8 digits."))
            return compact[:8]
        case RegistrationKind.HK_CR:
            if not re.fullmatch(r"F?[0-9]{1,7}", compact):
                raise _wrong(
                    N_("A Hong Kong company number has up to 7 digits, preceded by F for an overseas company.")
                )
            return compact
        case RegistrationKind.MACAO:
            if not _MACAO.fullmatch(number):
                raise _wrong(N_("A Macao registration number begins with digits, e.g. 12345 SO."))
            return number


def _wrong(message: str, count: int = 0) -> Invalid:
    return Invalid({"registration_number": message}, count=count)
