"""Numbers in words as digits: 三千米, six minutes, 零下25度."""

from __future__ import annotations

import re

_WORDS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_NUMBER_WORDS = re.compile(
    rf"(?<![a-z-])({'|'.join(_WORDS)})(?= (?:seconds?|minutes?|hours?|days?|years?|metres?|meters?|kg|km)(?![a-z]))"
)


def _number_word(match: re.Match[str]) -> str:
    return str(_WORDS[match.group()]).ljust(len(match.group()))


_BELOW_ZERO = re.compile(r"零下(?=\d)")
_CHINESE_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHINESE_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


def with_digits(text: str) -> str:
    """Folded text with the numerals before a unit as digits: 三千米 becomes 3000米, “six minutes” “6   minutes”,
    零下25度 “ -25度”, and “within 2 日” is said in 天."""
    text = _BELOW_ZERO.sub(" -", _NUMBER_WORDS.sub(_number_word, text))
    text = re.sub(
        r"(?<![\d.])[零一二两三四五六七八九十百千万]+(?=公里|千米|米|小时|分钟|公斤|千克|吨|级|年|天|日内|架次|万元)(?!级以上学)",
        _digits,
        text,
    )
    return re.sub(r"(?<=\d)日(?=[内內])", "天", text)


def _digits(match: re.Match[str]) -> str:
    numeral = match.group()
    if all(character in _CHINESE_POWERS for character in numeral):
        return numeral
    total, section, digit = 0, 0, 0
    for character in numeral:
        if character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        else:
            section += (digit or 1) * _CHINESE_POWERS[character]
            digit = 0
    return str(total + section + digit)
