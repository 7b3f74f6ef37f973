"""Portuguese numbers in words, hours with minutes, and degrees below zero, as digits in the same number of
characters, so that every place keeps its origin."""

from __future__ import annotations

import re

_WORDS = dict(
    zip(
        "um uma dois duas três quatro cinco seis sete oito nove dez doze quinze vinte trinta quarenta".split(),
        (1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 30, 40),
        strict=True,
    )
)
_UNIT = (
    r"(?:horas?|minutos?|segundos?|dias?|meses|anos?|quil[óô]metros?|metros?|quilos?|toneladas?|litros?"
    r"|graus)"
)
_LETTER = r"[a-zà-ÿ]"
_HALF = re.compile(
    rf"(?<!{_LETTER})(?P<count>{'|'.join(_WORDS)}|\d{{1,4}})(?P<unit> {_UNIT})(?P<half> e mei[ao])(?!{_LETTER})"
)
_HALF_ALONE = re.compile(r"(?<![a-zà-ÿ])mei[ao](?= (?:hora|dia|quilo|metro|litro|tonelada)(?![a-zà-ÿ]))")
_NUMBER_WORD = re.compile(rf"(?<!{_LETTER})(?:{'|'.join(_WORDS)})(?= {_UNIT}(?!{_LETTER}))")
_COMPOUND = re.compile(
    r"(?<![\d.,])(?P<hours>\d{1,4})\s?(?:h|horas?)\s?(?:e\s)?(?P<minutes>\d{1,2})(?P<unit>\s?(?:minutos?|min)(?![a-z]))"
)
_BELOW_ZERO = re.compile(
    r"(?P<blank>\s)(?P<rest>\d[\d,]{0,6}\s?(?:graus|°c)(?: celsius)?)(?P<below> negativos| abaixo de zero)"
)
_MINUS = re.compile(r"(?<![a-zà-ÿ])menos (?=\d[\d,]{0,6}\s?(?:graus|°c))")
# “deve ser de, pelo menos, 80 kg”, “60 m² por hora, no mínimo”
_ASIDE = re.compile(
    r",(?=\s(?:de )?(?:pelo menos|no mínimo|no máximo|aproximadamente|cerca de|em média)(?![a-zà-ÿ]))"
    r"|(?:(?<=pelo menos)|(?<=no mínimo)|(?<=no máximo)|(?<=aproximadamente)|(?<=em média)),(?=\s(?:ip\s?)?\d)"
)


def portuguese_numbers(folded: str) -> str:
    """Folded text of the same length: “duas horas e meia” as “2,5  horas”, “2 h 30 min” as “150 min”, “20 graus
    negativos” as “-20 graus”, and “de, pelo menos, 80 kg” without its commas."""
    for pattern, rewrite in (
        (_HALF, _half),
        (_HALF_ALONE, lambda _: "0,5 "),
        (_NUMBER_WORD, lambda match: str(_WORDS[match.group()]).ljust(len(match.group()))),
        (_COMPOUND, _minutes),
        (_BELOW_ZERO, lambda match: "-" + match["rest"] + " " * len(match["below"])),
        (_MINUS, lambda _: "     -"),
        (_ASIDE, lambda _: " "),
    ):
        folded = pattern.sub(rewrite, folded)
    return folded


def _half(match: re.Match[str]) -> str:
    """The number moves into the blank of “ e meia”, so that the unit stays where it was written."""
    count = f"{_WORDS.get(match['count'], match['count'])},5"
    if len(count) > len(match["count"]):
        # “2 horas e meia”: the unit moves instead, and is spelled as it is folded.
        return f"{count}{match['unit']}".ljust(len(match.group()))
    return count.ljust(len(match["count"])) + match["unit"] + " " * len(match["half"])


def _minutes(match: re.Match[str]) -> str:
    total = f"{60 * int(match['hours']) + int(match['minutes'])}{match['unit']}"
    return total.rjust(len(match.group()))
