"""Quantities in Portuguese prose: “carga útil de pelo menos 5 kg”, “temperatura entre -10 e 40 °C”.

The name is the noun with its “de” in front of the words of comparison; a number without such a noun is nobody's
measure, and nothing is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from scenario_hall.core.values import Comparison
from scenario_hall.language.scripts import LATIN
from scenario_hall.language.separators import DIGITS, Point, readings
from scenario_hall.language.stems import is_portuguese
from scenario_hall.quantities.conditions import without_portuguese_conditions
from scenario_hall.quantities.portuguese_acts import Spans, act_before
from scenario_hall.quantities.portuguese_names import WORD, name_before, name_behind
from scenario_hall.quantities.portuguese_numbers import portuguese_numbers
from scenario_hall.taxonomy.metrics import kind_of_unit, unit_names

_END = rf"(?![{LATIN}])"
_MODAL = (
    r"(?:(?:deve(?:m|rá|rão|ria)?|pode(?:m|rá|rão)?|poderá|t[eê]m de|terá de) )?"
    r"(?:(?:ser|estar|ter|ficar|descer|subir) )?"
)
_UNDER = (
    r"(?:inferior(?:es)? a|menor(?:es)? (?:a|que|do que)|mais baix[ao]s? (?:que|do que)|abaixo d(?:e|[oa]s?)"
    r"|menos (?:d[eoa]s?|do que))"
)
_ABOVE = (
    r"(?:superior(?:es)? a|maior(?:es)? (?:a|que|do que)|mais alt[ao]s? (?:a|que|do que)|acima d(?:e|[oa]s?)"
    r"|mais (?:d[eoa]s?|do que))"
)
_BEYOND = r"(?:exce(?:der|da|dam|de|dem)|ultrapass(?:ar|e|em|a|am)|passar de|super(?:ar|e|em|a|am))"
_LEAST = (
    rf"igual ou {_ABOVE}|(?:não|nem) {_MODAL}{_UNDER}|{_ABOVE}|{_BEYOND}|(?:ating|alcanç)(?:ir|ar|em|a|e|am)"
    r"|(?:de )?pelo menos|(?:de |n)?o? ?mínimo(?: de)?|mínim[oa]s?(?: de)?|mín\.?(?![a-z])|a partir de|≥|>"
)
_MOST = (
    rf"igual ou {_UNDER}|(?:não|nem) {_MODAL}(?:{_ABOVE}|{_BEYOND})|sem {_BEYOND}|(?:(?<= )em )?{_UNDER}"
    r"|limitad[ao]s? a|dentro de|(?:melhor|pior) (?:d?o? ?que|a)"
    r"|n(?:o|um) prazo (?:máximo )?de"
    r"|(?:de )?até|(?:de |n)?o? ?máximo(?: de)?|máxim[oa]s?(?: de)?|máx\.?(?![a-z])|≤|<"
)
# What is counted: read after a verb that says what a thing can do, and by the hour.
_COUNTED = (
    "registos registros veículos robôs robots utilizadores usuários pessoas passageiros câmaras câmeras drones canais"
    " ciclos peças caixas encomendas pedidos amostras espécies imagens páginas pontos sensores dispositivos vezes"
    " chamadas consultas categorias objetos objectos frascos pacotes tabuleiros"
).split()
_CAN = re.compile(
    r"(?:ger|suport|process|reconhec|identific|detet|detect|transport|armazen|guard|trat|atend|serv|control|classific"
    r"|inspecion|acompanh|monitoriz|monitor|lig|acolh|comport|produz|separ)(?:ar|er|ir|rir|a|e|am|em)$"
)
# Only what is said of no product: plans, people and money. A time for an answer or of a warranty is no plan.
_NOT_TECHNICAL = re.compile(
    r"(?:prazo(?! de garantia| de validade|(?: máximo)? de \d{1,3} ?(?:horas?|h|minutos?|min|segundos?|s)(?![a-z]))"
    r"|contrato|funcionári|trabalhador|orçamento|investimento|custo total|fundad|receita|população|habitantes|voluntári"
    r"|ano passado|caução|preço base|patacas|mop|pagamento|adjudica|imposto|desconto|capital social|subsídio"
    r"|financiamento|juros?(?![a-z])|júri|reembolso|empréstimo)"
)
_LAST_WORD = re.compile(rf"(?<![{LATIN}])([{LATIN}]{{3,20}})\s*$")
# What is said of the device that is to be replaced.
_NOW = re.compile(r"(?:a[c]?tual|a[c]?tuais|antig[ao]s?|anterior(?:es)?|existentes?)\s[^,;]{0,40}$")
_LONG_TIMES = frozenset("mês meses ano anos semana semanas month months year years week weeks".split())
_LASTS = re.compile(
    r"garantia|vida|dur(?:ar|a|ará|am)(?![a-z])|resist|conserv|sobreviv|retenção|validade|durabilidade|autonomia|assistência|manutenção|conservação"
)
# Without a unit only these have a value.
_PURE = re.compile(r"(?:ph|s?cop|s?eer|pue|índice|fa[c]?tor|coeficiente|razão|relação)(?![a-z])")
_INGRESS = re.compile("grau|índice|prote[c]?ção|classe")
_POWER = r"(?:\s?[×x*]\s?10\^?[-−+]?\d{1,2}(?!\d))"
_SIGNS = re.compile(
    r"[ãõçáíóúâêô]|(?<![a-z])(?:inferior|superior)(?:es)? a\s|pelo menos"
    r"|(?<![a-z])(?:deve[mr]?|uma|dos|das|não|tem|t[êe]m|com|para|num|numa|foi|foram|em|de(?!-)|da|metros|horas|minutos|segundos|dias|anos|toneladas|litros|quilos)(?![a-z])"
    r"|(?<![a-z])até(?![a-z])|(?<![a-z])(?:acima|abaixo|menos|mais) de\s|no minimo|no maximo"
)


@dataclass(frozen=True, slots=True)
class PortugueseReading:
    """One quantity; ``comparison`` is None where only a value is stated."""

    metric: str
    comparison: Comparison | None
    low: float
    high: float | None
    unit: str
    is_limit: bool


_ENGLISH = re.compile(r"\b(?:the|of|and|is|with|to|for|at|per|least|than|must|shall)\b")


def looks_portuguese(folded: str, *, was_portuguese: bool = False) -> bool:
    """Is the sentence Portuguese, by the words that join its others or by its letters and words of comparison? One
    without a sign of either language is of the language of the sentence before (``was_portuguese``)."""
    return is_portuguese(folded) or (
        (was_portuguese or _SIGNS.search(folded) is not None) and not _ENGLISH.search(folded)
    )


@cache
def _pattern() -> re.Pattern[str]:
    units = sorted(
        {*unit_names(), *_COUNTED, "ph", "mk", "kwp", "n·m"} - {"a", "d", "e", "x", "c"},
        key=lambda each: (-len(each), each),
    )
    unit = "|".join(re.escape(each) + (_END if each[-1].isalpha() else "") for each in units)
    unit += r"|a(?=\s?(?:[.;,)]|$))"  # amperes: elsewhere it is a word
    number = rf"[-−–+]?(?:10\^[-−+]?\d{{1,2}}(?!\d)|(?:{DIGITS}){_POWER}?)"
    return re.compile(
        rf"(?:(?P<least>{_LEAST})|(?P<most>{_MOST})|(?P<near>±|\+/-)|(?<![{LATIN}])(?:entre|de"
        rf"|(?P<the>d[oa]s))(?=\s))?\s*(?:(?<=[{LATIN}]\s)(?:os|as)\s)?"
        rf"(?:(?<![{LATIN}])(?P<ip>ip)\s?(?=\d\d(?!\d)))?(?<![\d.,])(?P<low>{number})\s*"
        rf"(?:(?P<scale>mil|milhão|milhões){_END}(?: de)?\s*)?"
        rf"(?P<first>{unit})?"
        rf"(?:\s*(?:±\s*{number}\s*(?:{unit})?|(?:-|–|~|a|até|e|(?(the)aos"
        rf"|a)){_END}\s*(?P<high>{number})))?\s*(?P<unit>{unit})?"
        rf"(?:\s*(?:/|(?<=\s)por\s)\s*(?P<per>{unit}))?"
        rf"(?:\s*(?:(?P<or_more>ou (?:mais|superior)|no mínimo|pelo menos)"
        rf"|(?P<or_less>ou (?:menos|inferior)|no máximo)){_END})?"
    )


def portuguese_readings(folded: str, written: str, origins: tuple[int, ...]) -> list[PortugueseReading]:
    """The quantities of one folded Portuguese sentence whose name, unit and number are all said."""
    if _NOT_TECHNICAL.search(folded):
        return []
    folded = without_portuguese_conditions(portuguese_numbers(folded))
    is_point = re.search(r"(?<![\d.])\d+\.(?:\d{1,2}|\d{4,})(?![\d.])", folded) is not None
    found: list[PortugueseReading] = []
    done = 0
    for match in _pattern().finditer(folded):
        reading = _reading(folded, match, done, is_point=is_point)
        if reading is None:
            continue
        (begin, end, limit), low, high = reading
        unit, behind = _unit(folded, match, written, origins)
        if (whole := _both_bounds(folded[done : match.start()], match, found, low)) is not None:
            found[-1] = whole
        else:
            named = _named(folded, match, (begin, end), done)
            comparison = _comparison(folded, match, high, limit) or _bound_of(folded, named[0][0], high)
            name = " ".join(written[origins[each[0]] : origins[each[1]]].strip() for each in named)
            if found and _SIDES.fullmatch(folded, done, match.start()):
                name, comparison = found[-1].metric, found[-1].comparison
            found.append(PortugueseReading(name, comparison, low, high, unit, bool(limit)))
            behind = max(behind, named[-1][1])
        done = max(match.end(), behind)
    return found


def _reading(
    folded: str, match: re.Match[str], done: int, *, is_point: bool
) -> tuple[tuple[int, int, str], float, float | None] | None:
    """Where the name stands with its limit, and the value or range; None for a number that is none."""
    unit = match["unit"] or match["first"] or ""
    if not unit and (shared := _SHARED.match(folded, match.end())) is not None:
        unit = shared["unit"]
    begin, end, limit = name_before(folded, done, match.start())
    if end <= begin and unit:
        begin, end = _verb(folded, done, match.start(), is_count=unit in _COUNTED)
    if end <= begin:
        begin, end = name_behind(folded, match.end()) or (begin, end)
    if end <= begin and kind_of_unit(unit) == "time" and (act := act_before(folded, 0, match.start())):
        begin, end = act[-1]
    is_both = (
        _SIDES.fullmatch(folded, done, match.start()) is not None
        or _JOINED.fullmatch(folded[done : match.start()]) is not None
    )
    if end <= begin and not is_both:
        return None
    if _is_no_measure(folded, match, folded[begin:end], unit, done, is_both=is_both):
        return None
    scale = {"mil": 1000, "milhão": 10**6, "milhões": 10**6}.get(match["scale"] or "", 1)
    low = _value(match["low"], is_point=is_point)
    high = _value(match["high"], is_point=is_point) if match["high"] else None
    if high is not None and low is not None and high <= low and match["first"]:
        high = None
    if low is None or (high is not None and high <= low):
        return None
    return (begin, end, limit), low * scale, None if high is None else high * scale


def _is_no_measure(folded: str, match: re.Match[str], name: str, unit: str, done: int, *, is_both: bool) -> bool:
    """Is this number with its name and unit a mere count, a plan, or how things were?"""
    is_compared = bool(match["least"] or match["most"] or match["high"] or match["or_more"] or match["or_less"])
    if unit in _LONG_TIMES and not (_LASTS.search(name) or is_both):
        return True
    if not is_compared and (_HAPPENED.search(name) or _NOW.search(folded, done, match.start())):
        return True
    if unit in _COUNTED:
        is_wanted = is_compared and _ACCESS.search(folded, max(0, match.start() - 60), match.start()) is not None
        return not (match["per"] or unit == "ciclos" or _CAN.search(name) or is_wanted)
    if match["ip"]:
        return not _INGRESS.match(name)
    if not unit:
        return not (_PURE.match(name) and (is_compared or "," in match["low"]))
    return unit != "ph" and kind_of_unit(unit) in ("money", "count", None, "level")


def _verb(folded: str, start: int, end: int, *, is_count: bool) -> tuple[int, int]:
    """Where the last word before ``end`` stands, where it says what a thing can do: “transporta até 12 toneladas”."""
    verb = _LAST_WORD.search(folded, start, end)
    return verb.span(1) if verb is not None and (is_count or _CAN.fullmatch(verb[1])) else (0, 0)


# “não inferior a 200 mm nem superior a 900 mm”
_JOINED = re.compile(r"\s*,?\s*(?:e|mas|nem)?\s*")


def _both_bounds(
    between: str, match: re.Match[str], found: list[PortugueseReading], low: float
) -> PortugueseReading | None:
    """The last reading with the bound that follows it, where nothing but a joining word stands between the two."""
    if not (found and match["most"] and found[-1].comparison is Comparison.AT_LEAST and low > found[-1].low):
        return None
    if _JOINED.fullmatch(between) is None:
        return None
    return replace(found[-1], comparison=Comparison.BETWEEN, high=low)


# “dimensões de 60 cm × 40 cm × 30 cm”, “1200 x 800 x 950 mm”: one name, and one unit where only the last side has one.
_SIDES = re.compile(r"\s?[×x*]\s?")
_SHARED = re.compile(
    r"(?:\s?[×x*]\s?\d{1,6}(?:[.,]\d{1,3})?){1,2}\s?(?P<unit>[cm]?m|metros|centímetros|milímetros)(?![a-z²³23/])"
)
# “200 kg de resíduos por dia”: the time that the unit is counted by stands behind what is counted.
_OF_WHAT_BY = re.compile(
    rf"\s?d[eoa]s?\s{WORD}(?:\s{WORD}){{0,2}}?\spor\s(?P<per>hora|dia|semana|mês|ano|minuto|segundo|turno|hectare|tonelada|quilo|litro)"
    r"(?![a-z])"
)
# “o acesso simultâneo de, pelo menos, 1.000 utilizadores”
_ACCESS = re.compile(r"(?:acesso|ligaç(?:ão|ões)|conex(?:ão|ões)|capacidade|suporte|gestão|monitorização)[^,;]{0,40}$")
# What something did, and no longer does: movimentou, recebeu, produziram.
_HAPPENED = re.compile(r"(?:ou|[ae]ram|iram|iu|[^nsp]eu)$")
# “atinge um rendimento de 82 %”, “limitado a uma velocidade de 8 nós”
_REACHES = re.compile(r"(?:ating|alcanç)[a-zí]{1,4}\s(?:(?:um|uma|o|a)\s)?$")
_LIMITED = re.compile(r"(?:limitad[ao]s? a|até|não [^,;\d]{0,12}(?:exced|ultrapass)[a-z]{1,3})\s(?:(?:um|uma|o|a)\s)?$")


def _named(folded: str, match: re.Match[str], name: tuple[int, int], done: int) -> Spans:
    """The spans that name the value: the measure behind it, what is done within the time, else the noun before it."""
    if (behind := name_behind(folded, match.end())) is not None:
        return (behind,)
    unit = match["unit"] or match["first"] or ""
    if kind_of_unit(unit) == "time" and (act := act_before(folded, done, match.start())):
        return act
    return (name,)


def _bound_of(folded: str, begin: int, high: float | None) -> Comparison | None:
    """What a verb before the name says of its value."""
    if high is not None:
        return None
    near = max(0, begin - 40)
    if _LIMITED.search(folded, near, begin):
        return Comparison.AT_MOST
    return Comparison.AT_LEAST if _REACHES.search(folded, near, begin) else None


def _unit(folded: str, match: re.Match[str], written: str, origins: tuple[int, ...]) -> tuple[str, int]:
    """The unit as it is written, and where its words end."""
    unit = _spelled(folded, match, written, origins)
    by = _OF_WHAT_BY.match(folded, match.end()) if unit and not match["per"] else None
    return (f"{unit}/{by['per']}", by.end()) if by is not None else (unit, match.end())


def _spelled(folded: str, match: re.Match[str], written: str, origins: tuple[int, ...]) -> str:
    group = "unit" if match["unit"] else "first"
    if not match[group]:
        shared = _SHARED.match(folded, match.end())
        return "IP" if match["ip"] else shared["unit"] if shared is not None else ""
    parts = [group, "per"] if match["per"] else [group]
    return "/".join(written[origins[match.start(each)] : origins[match.end(each)]].strip() for each in parts)


# An error better than 2 cm is below it, a rate above.
_OFF = frozenset("length angle temperature time mass".split())
_DENIED = re.compile(r"(?:não|nem|nunca)\s[^,;]{0,30}$")


def _comparison(folded: str, match: re.Match[str], high: float | None, limit: str) -> Comparison | None:
    if high is not None:
        return Comparison.BETWEEN
    least, most = match["least"], match["most"]
    # “não devem esperar mais de 5 minutos”: the denial stands further away.
    if (least or most or "").startswith(("mais ", "menos ")) and _DENIED.search(folded, 0, match.start()):
        least, most = most, least
    if least or match["or_more"]:
        return Comparison.AT_LEAST
    if (most or "").startswith("melhor"):
        return (
            Comparison.AT_MOST if kind_of_unit(match["unit"] or match["first"] or "") in _OFF else Comparison.AT_LEAST
        )
    if most or match["or_less"] or match["near"]:
        return Comparison.AT_MOST
    return {"mín": Comparison.AT_LEAST, "máx": Comparison.AT_MOST}.get(limit[:3])


def _value(text: str, *, is_point: bool) -> float | None:
    """A number of a quantity. One point before three digits groups thousands, as Portuguese prints 1.500, unless the
    sentence has a point before decimals elsewhere."""
    sign = -1 if text[0] in "-−–" else 1
    mantissa, _, power = re.sub(r"\s", "", text.lstrip("-−–+")).replace("*", "×").replace("x", "×").partition("×")
    if mantissa.startswith("10^"):
        mantissa, power = "1", mantissa
    if not power:
        mantissa = text.lstrip("-−–+")
    is_grouped = re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", mantissa) is not None and not is_point
    try:
        number = readings(mantissa, Point.COMMA if "," in mantissa or is_grouped else Point.POINT)[0]
    except ValueError:
        return None
    exponent = int(re.sub(r"^10\^?", "", power).replace("−", "-")) if power else 0
    return sign * float(number.scaleb(exponent))
