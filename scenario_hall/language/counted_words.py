"""English and Portuguese numbers in words before “thousand”, “million” and their like, as digits: “two hundred
thousand” is “200 thousand”, “meio milhão” “500 mil”."""

from __future__ import annotations

import re

_ENGLISH = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_PORTUGUESE = (
    "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete dezoito"
    " dezanove"
).split()
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety".split(),
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split(),
)
_HUNDREDS = "cem cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos".split()
NUMBERS: dict[str, int] = {
    **{word: number for number, word in enumerate(_ENGLISH, 1)},
    **{word: number for number, word in enumerate(_PORTUGUESE, 1)},
    "uma": 1,
    "duas": 2,
    "quatorze": 14,
    "dezesseis": 16,
    "dezessete": 17,
    "dezenove": 19,
    "tres": 3,
    **{word: 10 * number for words in _TENS for number, word in enumerate(words, 2)},
    "cem": 100,
    **{word: 100 * number for number, word in enumerate(_HUNDREDS[1:], 1)},
    **{word[:-2] + "as": 100 * number for number, word in enumerate(_HUNDREDS[2:], 2)},  # before a feminine noun
}
_WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
_SCALE = r"(?:thousands?|millions?|billions?|mil|milh(?:ão|ões|ao|oes)|bilh(?:ão|ões|ao|oes))(?![a-z\u00df-\u024f])"
_COUNTED = re.compile(
    rf"(?<![a-z\u00df-\u024f-])(?P<words>(?:{_WORD})(?:(?:-|\s(?:and\s|e\s)?)(?:{_WORD}|hundred)(?![a-z\u00df-\u024f])){{0,4}})"
    rf"(?=\s{_SCALE})"
)
_ONE = re.compile(rf"(?<![a-z\u00df-\u024f-])an?(?=\s{_SCALE})")
_HALF = re.compile(
    r"(?<![a-z\u00df-\u024f-])(?:half an?\s(?P<english>million|billion)|meio\s(?P<portuguese>milh[ãa]o|bilh[ãa]o))"
    r"(?![a-z\u00df-\u024f])"
)
_HALVES = {"million": "500 thousand", "billion": "500 million", "m": "500 mil", "b": "500 milhões"}


def counted_in_digits(folded: str) -> str:
    """Folded text with such numbers as digits; words that make no number together stay as they are."""
    folded = _HALF.sub(lambda match: _HALVES[match["english"] or match["portuguese"][0]], folded)
    return _COUNTED.sub(lambda match: str(_number(match["words"]) or match["words"]), _ONE.sub("1", folded))


def _number(words: str) -> int | None:
    """Hundreds, then tens, then what is below; None for what nobody counts like that, such as “two three”."""
    total, last = 0, 1000
    for word in re.split(r"-|\s(?:and\s|e\s)?", words):
        if word == "hundred":
            if not 0 < total < 10:
                return None
            total, last = 100 * total, 100
            continue
        value = NUMBERS[word]
        if value >= last:
            return None
        total, last = total + value, 100 if value >= 100 else 10 if value >= 20 else 1
    return total
