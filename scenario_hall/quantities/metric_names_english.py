"""What a quantity in English prose is a quantity of.

The name stands before the number (“endurance of at least 45 min”, “Flow must be greater than 60 L/min”) or behind it
(“45 min endurance”, “carries 5 kg payload”). Before it, it is the noun that the verb or the “of” follows; what only
joins, compares or limits is stepped over.
"""

from __future__ import annotations

import re

from scenario_hall.taxonomy.metrics import find_metric

# Stepped over between a name and its number. After one of the first the name has been said already.
_SAYS = frozenset(
    "is are was be been being must shall should will may can could has have had of equal equals means reach reaches "
    "reached remain remains stay stays kept keep hold holds maintain maintained run runs range ranges ranging rated "
    "set adjustable measured specified required needed exceed exceeds exceeding take takes taken last lasts from "
    "between not never no than least most more less lower higher greater smaller larger better worse below above "
    "under within up to at typ typical typically max max. min min. maximum minimum "
    "limited restricted capped confined barely roughly approx approximately about around "
    "only just nominal reduced increased raised lowered improved cut shortened lengthened decreased brought".split()
)
# What is given is named behind, where a noun stands there: “provides at least 45 min endurance”.
_GIVES = frozenset("give gives provide provides achieve achieves offer offers produce produces".split())
# What the thing does is what is measured, where no noun stands before it: “and reaches 20 knots”.
_DOES = frozenset("hold holds last lasts reach reaches run runs take takes".split())
# “gaps up to 40 mm wide”
_HOW = re.compile(r"(?:high|wide|long|deep|tall|thick)(?: and)?$")
# “latency between the operator and the crane must …”
_BETWEEN_THINGS = re.compile(
    r"\bbetween (?:the |an? )?[a-z\-]{2,20} (?:[a-z\-]{2,20} )?and (?:the |an? )?[a-z\-]{2,20} (?:[a-z\-]{2,20} )??"
    r"(?=(?:is|are|must|should|shall|may|will|can|stays?|of|below|under)\b)"
)
_JOINS = frozenset(
    "a an the it they its their our your this that these those and or in on for with by over per via using into onto "
    "through without against before after during while where which when as plus also even along away apart "
    "ahead across each every all any".split()
)
_STEPPED_OVER = _SAYS | _JOINS | _GIVES
_RANGE_ALONE = re.compile(r"\brange$")
_MOST_WORDS = 3
_WORD = re.compile(r"(?:max|min)\.|[a-z][a-z\-/]*[a-z0-9]*|[a-z]")
_BREAKS = re.compile(r"[,;:()]|(?<!max)(?<!min)(?<!typ)\.(?=\s)")
_CONDITION = re.compile(r"\b(?:at|after|for)\s+[\d.,]+\s?[a-z°%℃]+")
# “Wind on the ground”, “accuracy of positioning”: the head stands before the preposition.
_HEAD = re.compile(r"([a-z][a-z\-]*)\s+(?:of|on|in|at|for|from|per|during|inside)\s+(?:the\s+|a\s+|an\s+)?$")
_LIMIT = re.compile(r"\b(?:max|min)(?:\.|imum)?\s+$")
_PARALLEL = re.compile(r",?\s*(?:for|in|on|at|with|under)\s[a-z\- ]+?,?\s*(?:and|or|,)")


_ONE_MORE = re.compile(r"(?<![a-z\-])([a-z][a-z\-]*)\s$")
_IN_RANGE = re.compile(r"\b(?:in|within) (?:the|a) $")
# “should fall below 1.3”: verbs where a word of duty stands before them, else nouns.
_LINKS = frozenset("fall drop rise climb sink lie".split())
_COMPARED_ALONE = frozenset(("", "for", "at least", "about", "around", "up to", "only"))
_DUTIES = frozenset("must shall should may can will not never to cannot".split())
# “50 Mbit/s down and 10 Mbit/s up”
_WAY = re.compile(r"\s?(?P<way>up|down|upstream|downstream|uplink|downlink|upload|download)(?=[\s,.;)]|$)(?! to\b)")
# “20 % less energy”
_LESS_OF = re.compile(
    r"\s?(?:less|more|fewer|lower|higher) "
    r"(?P<noun>(?!than\b)[a-z][a-z\-]*(?: (?!than\b|and\b|per\b|in\b)[a-z][a-z\-]*)?)"
)

# “doors of 90 cm width”
_SIDE = re.compile(r"\s?(?:in )?(?P<side>width|height|depth|length|diameter|thickness|weight|radius|altitude)(?![a-z])")

Span = tuple[int, int]


def _is_link(words: list[re.Match[str]]) -> bool:
    return len(words) > 1 and words[-1].group() in _LINKS and words[-2].group() in _DUTIES


def name_before(text: str) -> tuple[Span, bool]:
    """Where the end of ``text`` (folded, up to the number) says the name, and whether a verb or an “of” stands between
    the two, so that the name cannot be a noun behind the number."""
    text = _CONDITION.sub(lambda match: " " * len(match.group()), text).rstrip(" ~(")
    text = _BETWEEN_THINGS.sub(lambda match: " " * len(match.group()), text)
    is_said = text.endswith((":", "="))
    text = text.rstrip(" :=")
    start = max((found.end() for found in _BREAKS.finditer(text)), default=0)
    words, is_given = list(_WORD.finditer(text, start)), False
    does: re.Match[str] | None = None
    following = ""
    while words and (words[-1].group() in _STEPPED_OVER or _is_link(words)):
        if (
            words[-1].group() in ("range", "ranges")
            and following == "of"
            and not _IN_RANGE.search(text, 0, words[-1].start())
        ):
            break
        following = words[-1].group()
        is_said = is_said or words[-1].group() in _SAYS or words[-1].group() in _LINKS
        is_given = is_given or words[-1].group() in _GIVES
        if words[-1].group() in _DOES:
            does = words[-1]
        elif words[-1].group() == "and" and does is not None:
            return does.span(), True
        words.pop()
    is_said = is_said and not is_given
    if not words and does is not None and text[does.end() :].strip() in _COMPARED_ALONE:
        return does.span(), True
    if not words:
        # “range: 10 km” is how far; “ranging from” says nothing.
        alone = _RANGE_ALONE.search(text, start)
        return (alone.span() if alone is not None else (0, 0)), is_said
    first = len(words) - 1
    while first and len(words) - first < _MOST_WORDS and _goes_on(text, words[first - 1], words[first]):
        first -= 1
    begin, end = words[first].start(), words[-1].end()
    if does is not None and text[end : does.start()] == " " and text[does.end() :].strip() in _COMPARED_ALONE:
        # “the silo holds 40 tonnes”
        end = does.end()
    head = _HEAD.search(text, start, begin)
    if is_said and head is not None and head.group(1) not in _STEPPED_OVER:
        begin = head.start()
        if (more := _ONE_MORE.search(text, start, begin)) is not None and more.group(1) not in _STEPPED_OVER:
            begin = more.start()
    if (limit := _LIMIT.search(text, start, begin)) is not None:
        begin = limit.start()
    return (begin, end), is_said


def _goes_on(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    return word.group() not in _STEPPED_OVER and not text[word.end() : following.start()].strip()


def name_behind(text: str) -> Span:
    """Where the noun stands that follows the number and its unit; an empty span where none does."""
    found = re.match(r"[\s\-]*(?:of\s+)?", text)
    begin = place = end = found.end() if found else 0
    for _ in range(_MOST_WORDS):
        word = _WORD.match(text, place)
        if word is None or word.group() in _STEPPED_OVER:
            break
        end = word.end()
        if text[end : end + 1] != " ":
            break
        place = end + 1
    return begin, end


def english_name(before: str, behind: str, *, is_stated: bool = False) -> tuple[Span | None, Span | None]:
    """Where the number's name stands: a span of the folded text before it, or one of the text behind its unit; none
    where it shares the name of the number before (“8 bar for water and 40 bar for seawater”). ``is_stated``: a colon or
    a sign stands before the number."""
    said, is_said = name_before(f"{before.rstrip()}:" if is_stated else before)
    if (own := _WAY.match(behind)) is not None:
        return None, own.span("way")
    if (own := _SIDE.match(behind)) is not None and (not is_said or before.rstrip().endswith(" of")):
        return None, own.span("side")
    if (own := _LESS_OF.match(behind)) is not None and not is_stated:
        return None, own.span("noun")
    follows = name_behind(behind)
    if _PARALLEL.fullmatch(before.strip()) and not is_said:
        return None, None
    if said[1] > said[0] and _HOW.fullmatch(behind[slice(*follows)]):
        return said, None
    has_before, has_behind = said[1] > said[0], follows[1] > follows[0]
    if before.strip() in _DOES and (per := re.match(r"\s*(per [a-z]+)", behind)) is not None:
        return None, per.span(1)
    if has_before and (is_said or not has_behind):
        return said, None
    if has_behind and find_metric(behind[slice(*follows)]) is None and has_before:
        return (said, None) if find_metric(before[slice(*said)]) is not None else (None, follows)
    if not has_behind and (per := re.match(r"\s*(per [a-z]+)", behind)) is not None:
        return None, per.span(1)
    return None, follows if has_behind else None
