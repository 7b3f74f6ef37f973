"""Quantities in Portuguese prose: “carga útil de pelo menos 5 kg”, “temperatura entre -10 e 40 °C”.

The name is the noun with its “de” in front of the words of comparison; a number without such a noun is nobody's
measure, and nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scenario_hall.core.values import Comparison
from scenario_hall.language.scripts import LATIN
from scenario_hall.language.separators import DIGITS, Point, readings
from scenario_hall.language.stems import is_portuguese
from scenario_hall.taxonomy.metrics import kind_of_unit, unit_names

_WORD = rf"[{LATIN}][{LATIN}\-]*"
_END = rf"(?![{LATIN}])"
_LEAST = (
    r"igual ou superior a|não inferior(?:es)? a|(?:superior(?:es)?|maior(?:es)?|mais alt[ao]s?) (?:a|que|do que)"
    r"|acima de"
    r"|(?:de )?pelo menos|(?:de |n)?o? ?mínimo(?: de)?|mínim[oa]s?(?: de)?|mais de|a partir de|≥|>"
)
_MOST = (
    r"igual ou inferior a|não superior(?:es)? a|(?:inferior(?:es)?|menor(?:es)?) (?:a|que|do que)|abaixo de"
    r"|não (?:deve )?exceder"
    r"|(?:de )?até|(?:de |n)?o? ?máximo(?: de)?|máxim[oa]s?(?: de)?|menos de|≤|<"
)
_PORTUGUESE_UNITS: dict[str, str] = dict(
    pair.split("=")
    for pair in (
        "horas=h|hora=h|minutos=min|minuto=min|segundos=s|segundo=s|dias=d|metros=m|metro=m|quilómetros=km|quilômetros=km"
        "|quilometros=km|centímetros=cm|milímetros=mm|quilos=kg|quilogramas=kg|toneladas=t|tonelada=t|litros=l|graus=°"
        "|graus celsius=℃|metros quadrados=m2|metros cúbicos=m3|por cento=%|metros por segundo=m/s"
        "|quilómetros por hora=km/h|quilômetros por hora=km/h|nós=knots"
    ).split("|")
)
# Only what is said of no product: plans, people and money.
_NOT_TECHNICAL = re.compile(
    r"(?:prazo|contrato|funcionári|trabalhador|orçamento|investimento|custo total|fundad|receita|população|habitantes)"
)
_SIGNS = re.compile(
    r"[ãõçáíóúâêô]|(?<![a-z])(?:inferior|superior)(?:es)? a\s|pelo menos"
    r"|(?<![a-z])(?:acima|abaixo|menos|mais) de\s|no minimo|no maximo"
)
# Words at which the name begins anew.
_BOUNDARIES = frozenset(
    "com e que o a os as um uma uns umas deve devem para por em no na nos nas tem têm ter possui possuem requer "
    "requerem exige exigem garante garantem precisa precisamos precisam queremos quer é são ser será ou se sem ao "
    "à às aos pelo pela pelos pelas seu sua seus suas este esta cada não mais menos até entre atinge atingir "
    "oferece suporta suportar pode podem opera operar transporta transportar pretende-se necessita necessitamos "
    "mantém".split()
)
_TAILS = frozenset("de do da dos das é são ser deve devem será igual o a um uma".split())
_MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class PortugueseReading:
    """One quantity; ``comparison`` is None where only a value is stated."""

    metric: str
    comparison: Comparison | None
    low: float
    high: float | None
    unit: str
    is_limit: bool


def looks_portuguese(folded: str) -> bool:
    """Is the sentence Portuguese, by the words that join its others or by its letters and words of comparison?"""
    return is_portuguese(folded) or (
        _SIGNS.search(folded) is not None and not re.search(r"\b(?:the|of|and|is|with)\b", folded)
    )


@cache
def _pattern() -> re.Pattern[str]:
    units = sorted(
        {*unit_names(), *_PORTUGUESE_UNITS, "kwp", "n·m"} - {"a", "d", "e", "x", "c"},
        key=lambda each: (-len(each), each),
    )
    unit = "|".join(re.escape(each) + (_END if each[-1].isalpha() else "") for each in units)
    number = rf"[-−+]?(?:{DIGITS})"
    return re.compile(
        rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<near>±|\+/-)|(?P<from>entre|de)(?=\s))?\s*"
        rf"(?<![\d.,])(?P<low>{number})\s*(?P<first>{unit})?"
        rf"(?:\s*(?:±\s*{number}\s*(?:{unit})?|(?:-|–|~|a|até|e){_END}\s*(?P<high>{number})))?\s*(?P<unit>{unit})?"
        rf"(?:\s*/\s*(?P<per>{unit}))?"
        rf"(?:\s*(?:(?P<or_more>ou (?:mais|superior)|no mínimo)|(?P<or_less>ou (?:menos|inferior)|no máximo)){_END})?"
    )


def portuguese_readings(folded: str, written: str, origins: tuple[int, ...]) -> list[PortugueseReading]:
    """The quantities of one folded Portuguese sentence whose name, unit and number are all said."""
    if _NOT_TECHNICAL.search(folded):
        return []
    found: list[PortugueseReading] = []
    done = 0
    for match in _pattern().finditer(folded):
        unit = (match["unit"] or match["first"] or "") + (f"/{match['per']}" if match["per"] else "")
        plain = _PORTUGUESE_UNITS.get(unit, unit)
        if not unit or kind_of_unit(plain) in ("money", "count", None, "level"):
            continue
        begin, end, limit = _name(folded, done, match.start())
        if end <= begin:
            continue
        low, high = _value(match["low"]), _value(match["high"]) if match["high"] else None
        if low is None or (high is not None and high <= low):
            continue
        done = match.end()
        name = written[origins[begin] : origins[end]].strip()
        group = "unit" if match["unit"] else "first"
        spelled = written[
            origins[match.start(group)] : origins[match.end("per") if match["per"] else match.end(group)]
        ].strip()
        found.append(PortugueseReading(name, _comparison(match, high, limit), low, high, spelled, bool(limit)))
    return found


def _comparison(match: re.Match[str], high: float | None, limit: str) -> Comparison | None:
    if high is not None:
        return Comparison.BETWEEN
    if match["least"] or match["or_more"]:
        return Comparison.AT_LEAST
    if match["most"] or match["or_less"] or match["near"]:
        return Comparison.AT_MOST
    return {"mín": Comparison.AT_LEAST, "máx": Comparison.AT_MOST}.get(limit[:3])


def _value(text: str) -> float | None:
    sign = -1 if text[0] in "-−" else 1
    try:
        return sign * float(readings(text.lstrip("-−+"), Point.COMMA if "," in text else Point.POINT)[0])
    except ValueError:
        return None


def _name(folded: str, start: int, end: int) -> tuple[int, int, str]:
    """Where the noun phrase before ``end`` stands, and the word of a limit in it (autonomia mínima: mínima)."""
    start = max(start, end - 120, *(folded.rfind(mark, 0, end) + 1 for mark in ",;()"))
    before = folded[start:end].rstrip(" :=")
    words = list(re.finditer(_WORD, before))
    limit = ""
    while words and (words[-1].group() in _TAILS or words[-1].group().startswith(("mínim", "máxim"))):
        limit = words[-1].group() if words[-1].group().startswith(("mínim", "máxim")) else limit
        words.pop()
    last = len(words)
    first = last
    while first and last - first < _MOST_WORDS:
        word = words[first - 1].group()
        is_linked = word in ("de", "do", "da", "dos", "das")
        if word in _BOUNDARIES and not is_linked:
            break
        first -= 1
    while first < last and words[first].group() in _TAILS:
        first += 1
    if first == last:
        return 0, 0, ""
    return start + words[first].start(), start + words[last - 1].end(), limit
