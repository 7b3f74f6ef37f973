"""Numbers in words before a unit as digits: 三千米, six minutes, 零下25度."""

from __future__ import annotations

import re

from scenario_hall.language.numerals import LONGEST_NUMERAL, chinese_number

NUMBER_WORDS = {
    word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)
}
_NUMBER_WORDS = re.compile(
    rf"(?<![a-z-])({'|'.join(NUMBER_WORDS)})"
    r"(?= (?:seconds?|minutes?|hours?|days?|years?|metres?|meters?|kg|km)(?![a-z]))"
)
_NUMERALS = re.compile(
    r"(?<![\d.])[零一二两三四五六七八九十百千万]+(?=公里|千米|米|升(?![降级至到])|小时|分钟|公斤|千克|吨|级|年|天|日内|架次|万元)(?!级以上学)"
)
_BELOW_ZERO = re.compile(r"零下(?=\d)")
_POWERS = frozenset("十百千万")


def number_words_as_digits(text: str) -> str:
    """Folded text with the numerals before a unit as digits: 三千米 becomes 3000米, “six minutes” “6   minutes”,
    零下25度 “ -25度”, and “within 2 日” is said in 天."""
    text = _BELOW_ZERO.sub(" -", _NUMBER_WORDS.sub(_number_word, text))
    return re.sub(r"(?<=\d)日(?=[内內])", "天", _NUMERALS.sub(_digits, text))


def _number_word(match: re.Match[str]) -> str:
    return str(NUMBER_WORDS[match.group()]).ljust(len(match.group()))


def _digits(match: re.Match[str]) -> str:
    numeral = match.group()
    if _POWERS.issuperset(numeral) or len(numeral) > LONGEST_NUMERAL:
        return numeral  # 千万 alone is as often a manner of speaking
    # 两三米 is up to three metres, not 23.
    return str(chinese_number(numeral if _POWERS.intersection(numeral) else numeral[-1]))
