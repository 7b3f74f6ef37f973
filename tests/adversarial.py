"""Every function that reads a text from outside, and the pieces of which texts that could freeze it are made."""

from __future__ import annotations

from collections.abc import Callable

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Invalid
from scenario_hall.core.lines import line_fault
from scenario_hall.exchange import cells, columns, lines, reading
from scenario_hall.exchange.bounds import ReadingError
from scenario_hall.language import dates, folding, glossary, numerals, sums, text
from scenario_hall.matching.engine import asking, negations, word_counts
from scenario_hall.matching.engine.features import Need, Offer, features_of_need, features_of_offer
from scenario_hall.organizations.registration import RegistrationKind, normalise_registration_number
from scenario_hall.quantities import quantities, requirements
from scenario_hall.search import highlight, query, synonyms
from scenario_hall.search.engine import by_meaning, plan
from scenario_hall.taxonomy import metrics, regions
from scenario_hall.taxonomy.taxonomy import Taxonomy, load_shipped_tags

Reader = Callable[[str], object]
TAXONOMY = Taxonomy(load_shipped_tags())


def _refusing(read: Reader, *refusals: type[Exception]) -> Reader:
    def try_to(written: str) -> object:
        try:
            return read(written)
        except refusals:
            return None

    return try_to


def _marked(written: str) -> object:
    words = text.words(written[:2000])
    return highlight.highlight(written, words), highlight.snippet(written, words, ["无人机", "uav", written[:40]])


def _map_columns(written: str) -> object:
    return columns.map_columns([written], columns.ListKind.PRODUCTS, cells=[{written: written}])


# Texts of many sentences. Those that only hand each sentence to “quantities” stand below.
PROSE: dict[str, Reader] = {
    "fold": folding.fold_with_origins,
    "tokens": text.tokens,
    "grams": text.grams,
    "characters": text.characters,
    "wanted part": requirements.wanted_part,
    "quantities": quantities.read_quantities,
    "requirements": requirements.read_requirements,
    "suggested requirements": lambda written: requirements.suggested_requirements(written, written),
    "suggested specifications": requirements.suggested_specifications,
    "requirements of a list": lambda written: lines.parse_requirements(written, read=requirements.read_requirements),
    "specifications of a list": lambda written: lines.parse_specifications(
        written, read=requirements.read_specifications
    ),
    "regions": regions.find_regions,
    "tags": TAXONOMY.mentioned_in,
    "synonyms": lambda written: synonyms.synonyms_in(written, TAXONOMY),
    "highlights": _marked,
    "denials": negations.denied_words,
    "by hand": negations.is_done_by_hand,
    "autonomy": negations.wants_autonomy,
    "features of a need": lambda written: features_of_need(
        Need(code="S", title=written[:200], situation=written, wanted=written), TAXONOMY
    ),
    "features of an offer": lambda written: features_of_offer(
        Offer(code="P", title=written[:200], text=written), TAXONOMY
    ),
    "a list": _refusing(lambda written: reading.parse_table(written.encode("utf-8", "surrogatepass")), ReadingError),
    "cells with several values": lambda written: (cells.split_list(written), cells.split_slashes(written)),
    "formulas": lambda written: (cells.is_formula(written), cells.unguard(cells.guard(written))),
    "sentences that ask": lambda written: asking.sentences_of(written[:200], written),
    "a query": query.parse,
    "a query that meaning may answer": lambda written: by_meaning.is_exact(query.parse(written)),
    "plain words of a query": query.plain_words,
    "words of a query that only ask": plan.QUESTION_WORDS.findall,
}
# Texts that are one value.
VALUES: dict[str, Reader] = {
    "sum": sums.parse_sum,
    "currency": sums.parse_currency,
    "factor": sums.factor_in,
    "date": dates.parse_date,
    "days": dates.read_days,
    "number": _refusing(numerals.read_number, ValueError),
    "whole number": whole_number,
    "one line": lambda written: (line_fault(written), line_fault(written, is_name=True)),
    "readiness": cells.parse_readiness,
    "contact": cells.parse_contact,
    "side": cells.parse_side,
    "header": _map_columns,
    "metric": metrics.find_metric,
    "unit": lambda written: (metrics.dimension_of(written), metrics.convert(1.0, written, "km")),
    "tag": TAXONOMY.find,
    "glosses": glossary.glosses,
    "counted words": lambda written: word_counts.count_terms([(written, 1.0)]),
    **{
        f"registration {kind}": _refusing(
            lambda written, kind=kind: normalise_registration_number(kind, written),  # type: ignore[misc]
            Invalid,
        )
        for kind in RegistrationKind
    },
}

# The grammar: numbers, units, signs of comparison, words that join, marks, and characters that are more than they look.
TOKENS = (
    "1|1.5|2026|３|一|万|%|℃|km|h|a|IP67|hrc|分钟|级|元|月|日|个|续航|的|为|不少于|以上|to |~|-|±|≥|:|,|，|。|.|(|/|每|at least "
    '|max |and | |\n|×|10^|²|@|"|NOT |..|HK$|需求|无人机|\u0301|\u200b|\U00020000|〇|γ|下|时|价格'
    "|小时|点五|分之|mil |Mar|até "
).split("|")
CHARACTERS = sorted(
    {chr(code) for code in range(32, 127)}
    | set("".join(TOKENS))
    | set("\t\r\x00\u00a0\u2028\u3000\u3099\u0345\u0f71\u1100\u2f00\ufb01\ufdfa\ufeff\uffff\U000e0001𝟏Ａあя①Ⅳ½")
    | {"\ud83d"}
)


PAIRS = [first + second for first in TOKENS for second in TOKENS if first != second]
