"""What an English verb phrase makes the name of a number: what is done within a time (“assemble the shelter in less
than 20 minutes”), who does how much (“the barge can hold 1,800 tonnes”)."""

from __future__ import annotations

import re

from scenario_hall.core.values import Comparison

Spans = tuple[tuple[int, int], ...]
_DETERMINER = r"(?:an?|the|each|every|all|any|its|their|one|two|three|both)"
_DUTY = re.compile(
    r"\b(?:must|shall|should|can|may|will|could|ha(?:s|ve) to|needs? to|(?:is|are) to|able to|capable of)\s"
    r"(?:(?:not|never|also|still|always)\s)?(?:have to\s)?"
)
_PARTICLE = r"(?:to|in|on|at|with|for|of|by|within|from|no|not|less|more|up|under|over|than)\s"
_VERB = re.compile(
    r"(?P<passive>be\s(?!able\s|capable\s)|get\s(?=[a-z]{2,12}ed\s))?"
    r"(?P<verb>[a-z][a-z\-]+(?:\s(?:up|out|down|off)(?!\sto\s))?)"
    rf"(?P<object>\s(?:{_DETERMINER}\s)?(?!{_PARTICLE})[a-z][a-z\-]*(?:\s(?!{_PARTICLE})[a-z][a-z\-]*)?)?(?=\s|$)"
)
_SUBJECT = re.compile(
    rf"(?P<subject>(?:(?!{_DETERMINER}\s)[a-z][a-z\-]*\s)?[a-z][a-z\-]*)"
    r"(?:\s(?:of|on|in|at|for|with|from|between)\s[a-z\- ]{2,40})?\s(?:(?:is|are|be)\s)?$"
)
_WITHIN = re.compile(
    r"(?:within|in|no later than|no slower than|inside)"
    r"(?: (?:less|under|no more|fewer|not more))?(?: than)?\s?$|under\s?$"
)
_DOES_TO = re.compile(
    rf"(?P<act>[a-z]{{2,15}}(?<!ss)s\s{_DETERMINER}\s[a-z][a-z\-]*(?:\s[a-z][a-z\-]*)?)"
    rf"\s{{1,3}}(?:within|in)(?: (?:less|under|no more))?(?: than)?\s?$"
)
_MOVES = frozenset(
    "reach arrive get come go stop start open close occur respond react appear trip "
    "succeed happen begin finish end".split()
)
_ALSO_DONE_TO = frozenset("open close start stop".split())
# What these say is said of the subject itself.
_LINKS = frozenset(
    "be have stay remain reach fall drop rise exceed lie take run last range keep provide offer give achieve "
    "produce supply support feature maintain withstand tolerate operate".split()
)
_STATES = frozenset("be have take stay remain keep fall drop rise exceed lie last".split())
_SAYS_NOTHING = frozenset("kept set rated limited reduced increased cut held maintained controlled regulated".split())
# It is not they who are measured: “patients should never have to walk more than 40 m”.
_PERSONS = frozenset(
    "patients residents staff operators operator users workers nurses visitors passengers people crew guards pupils "
    "customers technicians drivers they we you it".split()
)
_ANOTHER_CLAUSE = re.compile(r"[,;:]|\b(?:and|but) [a-z]+s\b")
_LONGEST = 160


def act_before(text: str, compared: str) -> Spans:
    """The spans of ``text`` (folded, up to the number or its words of comparison, ``compared``) that say what is done
    within the time that follows; none where no such time is said."""
    begin = max(0, len(text) - _LONGEST)
    if _WITHIN.search(f"{text.rstrip()} {compared}".rstrip(), begin) is None:
        return ()
    last = _last_duty(text, begin)
    if last is None or last[0]["verb"] in _STATES:
        does = _DOES_TO.search(f"{text.rstrip()} {compared}", max(begin, len(text) - 80))
        return (does.span("act"),) if does is not None else ()
    verb, subject = last
    is_moved = verb["verb"].split()[0] in _MOVES and not (verb["verb"] in _ALSO_DONE_TO and verb["object"])
    if verb["passive"] or is_moved:
        return *subject, verb.span("verb")
    return ((verb.start("verb"), verb.end("object") if verb["object"] else verb.end("verb")),)


def doer_before(text: str) -> Spans:
    """The spans of the subject and the verb right before a number: “the barge can hold”, “the mast can be raised from”;
    none where a noun stands between the verb and the number, or the verb says nothing."""
    last = _last_duty(text, max(0, len(text) - _LONGEST))
    if last is None:
        return ()
    verb, subject = last
    rest = text[verb.end("verb") :].strip()
    is_named = rest in ("from", "between") and verb["verb"] not in _SAYS_NOTHING if verb["passive"] else not rest
    return (*subject, verb.span("verb")) if is_named and verb["verb"] not in _LINKS else ()


def _last_duty(text: str, begin: int) -> tuple[re.Match[str], Spans] | None:
    """The last verb behind a word of duty, and where its subject stands; none where another clause follows it."""
    last: re.Match[str] | None = None
    for found in _DUTY.finditer(text, begin):
        last = found
    verb = _VERB.match(text, last.end()) if last is not None else None
    if last is None or verb is None or _ANOTHER_CLAUSE.search(text, verb.end()) is not None:
        return None
    subject = _SUBJECT.search(text, max(begin, last.start() - 80), last.start())
    if subject is None or subject["subject"].split()[-1] in _PERSONS:
        return verb, ()
    return verb, (subject.span("subject"),)


# “limited to a draught of 3.2 m”, “must reach an efficiency of 23 %”
_NAMED = r"(?:an?|the) [a-z][a-z\- ]{1,40} of\s*$"
_LIMITED_TO = re.compile(
    r"\b(?:(?:limited|restricted|capped|confined) to|up to|(?:not|never|without) exceed(?:ing)?|not go beyond|below"
    rf"|under|within) {_NAMED}"
)
_MUST_REACH = re.compile(rf"\b(?:must|shall|should|to|can) (?:reach|attain|exceed|surpass) {_NAMED}")


def bound_before(text: str, number: int) -> Comparison | None:
    """What a verb before the name says of the value at ``number``."""
    near = max(0, number - 80)
    if _LIMITED_TO.search(text, near, number):
        return Comparison.AT_MOST
    return Comparison.AT_LEAST if _MUST_REACH.search(text, near, number) else None
