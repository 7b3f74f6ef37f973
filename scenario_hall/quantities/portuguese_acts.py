"""What a time in Portuguese prose is the time of: what is done within it, “tratar um quarto em menos de 15 minutos”."""

from __future__ import annotations

import re

from scenario_hall.language.scripts import LATIN
from scenario_hall.quantities.portuguese_names import WORD

Spans = tuple[tuple[int, int], ...]
_WITHIN = re.compile(r"\s*(?:em |dentro d|n(?:o|um) prazo|até )")
_ENDS_WITHIN = re.compile(rf"(?<![{LATIN}])(?:em|dentro de|n(?:o|um) prazo de)\s*$")
# “deve tratar um quarto”, “deve ser avisado”: the verb stands behind a word of duty.
_DUTY = re.compile(
    rf"(?:(?:o|a|os|as|cada|um|uma)\s)?(?P<subject>{WORD})(?:\s(?:d[eoa]s?|n[oa]s?|à|ao)\s[^,;.\d]{{2,40}}?)?\s"
    r"(?:não\s)?(?:deve(?:m|rá|rão)?|pode(?:m|rá|rão)?|t[eê]m (?:de|que)|consegu(?:e|em|ir)|"
    r"(?:capaz(?:es)?|possível)(?: de)?)\s"
    rf"(?P<passive>(?:ser|estar|ficar)\s)?(?P<verb>(?!ser\s|ter\s|estar\s){WORD})"
    rf"(?P<object>\s(?:(?:a|o|as|os|um|uma|todo|toda)\s)?(?!em\s|no\s|na\s|ao\s|à\s|com\s|por\s|para\s){WORD}(?:\sd[eoa]s?\s{WORD})?)?"
)
_MOVES = re.compile(r"(?:cheg|comparec|aparec|ocorr|deslig|arranc|par|lig|reag)[aei]r(?:-se)?$")
_SAYS_NOTHING = re.compile(r"feit|realizad|concluíd|efe[c]?tuad|resolvid|completad|executad")
# “carrega a bateria em 30 minutos”
_DOES_TO = re.compile(
    rf"(?P<act>(?!(?:de|do|da|em|no|na|com|por|para|e|que|a|o|um|uma)\s){WORD}\s(?:a|o|as|os|um|uma)\s{WORD})\s*"
    r"(?:em|dentro de)?\s*$"
)
_LONGEST = 160  # characters before the number


def act_before(folded: str, start: int, number: int) -> Spans:
    """The spans of ``folded`` that say what is done within the time that begins at ``number``, where one of the words
    before it says that it is such a time; none otherwise. ``start``: where the part of the sentence begins."""
    is_within = _WITHIN.match(folded, number) or _ENDS_WITHIN.search(folded, max(start, number - 20), number)
    if not is_within:
        return ()
    begin = max(start, number - _LONGEST)
    last: re.Match[str] | None = None
    for found in _DUTY.finditer(folded, begin, number):
        last = found
    if last is None:
        does = _DOES_TO.search(folded, max(begin, number - 60), number)
        return (does.span("act"),) if does is not None else ()
    if last["passive"] and _SAYS_NOTHING.match(last["verb"]):
        return (last.span("subject"),)
    if last["passive"] or _MOVES.match(last["verb"]):
        return last.span("subject"), last.span("verb")
    return ((last.start("verb"), last.end("object") if last["object"] else last.end("verb")),)
