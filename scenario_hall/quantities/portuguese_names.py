"""Where the noun phrase stands that names a number in Portuguese prose."""

from __future__ import annotations

import re

from scenario_hall.language.scripts import LATIN

WORD = rf"[{LATIN}][{LATIN}\-]*"
# Between a name and its number these say nothing: “deve situar-se”, “tem de ser feita”.
_SAYS = re.compile(
    rf"(?<![{LATIN}])"
    r"(?:(?:deve|pode|dever|poder)(?:m|á|ão|ia)? )?(?:t[eê]m (?:de|que) |terá de )?"
    r"(?:(?:ser|estar|situar-se|manter-se|ficar|variar|fixar-se) ?)?"
    r"(?:(?:feit|realizad|concluíd|efe[c]?tuad|mantid|resolvid|reduzid|diminuíd|aumentad|melhorad|limitad|fixad|regulad|conservad|ajustad"
    r"|dimensionad|cortad|baixad)[ao]s?)?(?: em)?$"
)
# Words at which the name begins anew.
_BOUNDARIES = frozenset(
    "com e que o a os as um uma uns umas deve devem para por em no na nos nas tem têm ter possui possuem requer "
    "requerem exige exigem garante garantem precisa precisamos precisam queremos quer é são ser será ou se sem ao "
    "à às aos pelo pela pelos pelas seu sua seus suas este esta cada não mais menos até entre atinge atingir "
    "oferece suporta suportar pode podem opera operar transporta transportar pretende-se necessita necessitamos "
    "mantém".split()
)
_TAILS = frozenset(
    "de do da dos das para é são ser deve devem será serão igual o a um uma em no na num numa cada"
    " cerca aproximadamente"
    " aprox apenas só somente média entre estar está estão fica ficam".split()
)
_MOST_WORDS = 5
_WHERE = frozenset("no na nos nas à ao às aos".split())
# What a value may be of behind its unit: “100 m de profundidade”.
_MEASURES = (
    r"altura|largura|comprimento|profundidade|espessura|diâmetro|raio|distância|alcance|autonomia|peso|massa|carga"
    r"|capacidade|potência|velocidade|volume|área|resolução|precisão|duração|pressão|inclinação|caudal|vazão|consumo"
    r"|eficiência|rendimento|garantia|armazenamento|memória|luminosidade|brilho|tração|força|vão|calado|curso"
)
_MEASURE_BEHIND = re.compile(rf"\s?de\s(?P<noun>{_MEASURES})(?![{LATIN}])")


def name_behind(folded: str, end: int) -> tuple[int, int] | None:
    """Where the measure stands that a value is of, behind its unit: “100 m de profundidade”."""
    found = _MEASURE_BEHIND.match(folded, end)
    return found.span("noun") if found is not None else None


def name_before(folded: str, start: int, end: int) -> tuple[int, int, str]:
    """Where the noun phrase before ``end`` stands, and the word of a limit in it (autonomia mínima: mínima)."""
    end = start + len(folded[start:end].rstrip(" :=|"))
    start = max(start, end - 120, *(folded.rfind(mark, 0, end) + 1 for mark in ",;()|"))
    before = folded[start:end]
    words = list(re.finditer(WORD, before))
    limit, is_said = "", False
    while words:
        word, said = words[-1].group(), _SAYS.search(before, 0, words[-1].end())
        begin = said.start() if said is not None else len(before)
        if begin <= words[-1].start():
            is_said = True
            words = [each for each in words if each.start() < begin]
            continue
        if word.startswith(("mín", "máx")):
            limit = word
        elif word not in _TAILS:
            break
        words.pop()
    if not words:
        return 0, 0, ""
    begin = before.rfind(":", 0, words[-1].start()) + 1
    words = [each for each in words if each.start() >= begin]
    last = len(words)
    first = last
    # “Peso máximo à descolagem:”, “o tempo de espera nos serviços deve …”: the place belongs to the name.
    is_whole = is_said or folded[end : end + 1] in (":", "|", "=")
    while first and last - first < _MOST_WORDS + 2 * is_whole:
        word = words[first - 1].group()
        is_linked = (
            word in ("de", "do", "da", "dos", "das")
            or (is_whole and word in _WHERE and first > 1 and words[first - 2].group() not in _BOUNDARIES)
            or (word == "a" and first < last and re.search(r"[aei]r$", words[first].group()) is not None)
        )
        if word in _BOUNDARIES and not is_linked:
            break
        first -= 1
    while first < last and words[first].group() in _TAILS:
        first += 1
    if first == last:
        return 0, 0, ""
    named = next((each.group() for each in words[first:last] if each.group().startswith(("mín", "máx"))), "")
    return start + words[first].start(), start + words[last - 1].end(), limit or named
