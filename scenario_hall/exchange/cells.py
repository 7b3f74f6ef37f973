"""Single cells: lists, readiness levels, contacts, and formulas, which are reported and never calculated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenario_hall.exchange import faults
from scenario_hall.language.faults import LONGEST_VALUE, Fault
from scenario_hall.language.folding import fold, is_invisible
from scenario_hall.language.numerals import read_number
from scenario_hall.organizations.models import Side

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), the full-width forms included.
FORMULA_SIGNS = frozenset("=+-@＝＋－＠\t\r\n")
_CALL = re.compile(r"[A-Za-z_]\w*\s*[(|!]")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_PHONE = re.compile(r"(?:\+|(?<!\d)00)?\(?\d[\d\-() ]{5,18}\d(?:\s*(?:ext\.?|转|轉)\s*\d+)?")
_CONTACT_LABEL = re.compile(r"(?:电话|電話|邮箱|電郵|tel|e-?mail|phone)\s*+[.:：]?\s*+$", re.IGNORECASE)
# What spreadsheets write for a value that there is not, in English and Portuguese, and for a column too narrow to show.
_ERROR_VALUE = re.compile(
    r"#(?:REF!|N/[AD]|VALUE!|VALOR!|DIV/0!|NAME\?|NOME\?|NULL!|NULO!|NUM!|NÚM!|SPILL!|CALC!|FIELD!|BLOCKED!|BUSY!"
    r"|CONNECT!|GETTING_DATA|UNKNOWN!|DESPEJAR!|PYTHON!|EXTERNAL!)|Err:\d{3}|#{3,255}",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r'\s*="((?:[^"]|"")*+)"\s*')
_EDGES = " ,，;；、/:：\n"
_NUMBER = re.compile(r"[+\-＋－]?\s*[\d.,%]+")


@dataclass(frozen=True)
class Contact:
    """Whom to ask; never public."""

    name: str = ""
    phone: str = ""
    email: str = ""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could calculate ``text``.

    A cell with = or @ in front always; with + or − in front only when it also calls something, since telephone numbers
    (+852 …), temperatures (-20℃) and dashes of lists begin so too.
    """
    bare = text.strip()
    if not bare:
        return False
    if bare[0] in "=@＝＠":
        return True
    return bare[0] in "+-＋－" and _CALL.search(bare) is not None


def is_error_value(text: str) -> bool:
    """Whether a cell holds a spreadsheet's error, e.g. #REF!, in place of a value."""
    return len(text) < 300 and _ERROR_VALUE.fullmatch(text.strip()) is not None


def constant_text(text: str) -> str:
    """``="0012"``, which keeps a code from being taken for a number, as the text that it is."""
    if not text.lstrip().startswith('="'):
        return text
    found = _CONSTANT.fullmatch(text)
    return found[1].replace('""', '"') if found else text


def guard(text: str) -> str:
    """``text`` for an exported cell: an apostrophe before whatever could become a formula."""
    if text[:1] in FORMULA_SIGNS and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return f"'{text}" if is_formula(text) or _is_guarded(text) else text


def unguard(text: str) -> str:
    """An exported cell as it was before ``guard``."""
    return text[1:] if _is_guarded(text) else text


def _is_guarded(text: str) -> bool:
    rest = text.lstrip("'").lstrip()
    return text.startswith("'") and (text.lstrip("'")[:1] in FORMULA_SIGNS or is_formula(rest))


def split_list(text: str) -> list[str]:
    """The entries of a cell with several values, in their order, each once; slashes are left to ``split_slashes``."""
    parts = re.split(r"[、;；,，|｜\n]+", text)
    return list(dict.fromkeys(part.strip(" \t\r\u3000。.") for part in parts if part.strip(" \t\r\u3000。.")))


def split_slashes(text: str) -> list[str]:
    """低空經濟/機械人 as two; for entries that are no single word of the taxonomy (5G/6G may be one)."""
    return [part.strip() for part in re.split(r"[/／\\]", text) if part.strip()]


def parse_readiness(text: str) -> int | Fault | None:
    """A level from 1 to 9: 8级, TRL9, TRL 6-7 (the lower counts, as the one that is sure). None for an empty cell."""
    written = fold(text).strip()
    if not written:
        return None
    if len(text) > LONGEST_VALUE:
        return Fault(faults.BAD_READINESS, text)
    found = re.fullmatch(
        r"(?:trl|技术成熟度|成熟度|第)?\s*[:=]?\s*(\d+|[一二三四五六七八九])\s*(?:\.0)?\s*(?:级|level)?"
        r"(?:\s*(?:-|~|–|至|到|to)\s*(?:trl)?\s*(\d+|[一二三四五六七八九])\s*级?)?\s*(?:及以上|以上|\+)?",
        written,
    )
    if found is None:
        return Fault(faults.BAD_READINESS, text)
    levels = [int(read_number(each)) for each in found.groups() if each]
    if not all(1 <= level <= 9 for level in levels):
        return Fault(faults.BAD_READINESS, text)
    return min(levels)


def parse_contact(text: str) -> Contact:
    """Name, telephone and e-mail address out of one cell, as far as they are told apart."""
    if len(text) > LONGEST_VALUE:
        return Contact(name=text)
    written = "".join(each for each in text if not is_invisible(each))
    plain = written.translate(_AS_TYPED)
    email = _EMAIL.search(plain)
    phones = [found for found in _PHONE.finditer(plain) if not (email and _overlap(found, email))]
    rest = written
    for found in sorted([*phones, *([email] if email else [])], key=lambda found: -found.start()):
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    rest = re.sub(r"(?<=\s)[、,，;；/]+(?=\s|$)", " ", rest) if len(phones) > 1 else rest
    name = _CONTACT_LABEL.sub("", rest.strip(_EDGES))
    return Contact(
        name=" ".join(name.split()).strip(_EDGES),
        phone=" / ".join(found[0].strip() for found in phones),
        email=email[0] if email else "",
    )


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


# Full-width signs of numbers and addresses, and hyphens of every kind, each as the one that is typed; of one length.
_AS_TYPED = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63"), "-"
)
_AS_TYPED |= {0x3000: " ", 0xA0: " "}


_SIDES: tuple[tuple[Side, str], ...] = (
    (Side.BOTH, r"both|供需|双方|双向|两者|(?=.*需求)(?=.*供(?:给|应))"),
    (Side.DEMAND, r"demand|需求|场景方|业主|用户|buyer"),
    (Side.SUPPLY, r"supply|supplier|供给|供应|供方|产品方|技术方|企业|vendor"),
)


def parse_side(text: str) -> Side | Fault | None:
    """Demand, supply or both."""
    written = fold(text).strip()
    if not written:
        return None
    if len(text) > LONGEST_VALUE:
        return Fault(faults.UNKNOWN_SIDE, text)
    return next((side for side, words in _SIDES if re.search(words, written)), Fault(faults.UNKNOWN_SIDE, text))
