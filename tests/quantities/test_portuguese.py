"""Quantities in Portuguese prose."""

from __future__ import annotations

from time import thread_time

import pytest

from scenario_hall.quantities.quantities import read_quantities


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "low", "high", "unit"),
    [
        ("carga útil de pelo menos 5 kg", "carga útil", "at_least", 5, None, "kg"),
        ("peso inferior a 2,5 kg", "peso", "at_most", 2.5, None, "kg"),
        ("temperatura de funcionamento entre -10 e 40 °C", "temperatura de funcionamento", "between", -10, 40, "°C"),
        ("Velocidade máxima: 60 km/h", "Velocidade", "at_most", 60, None, "km/h"),
        ("O tempo de voo deve ser de 1,5 horas no mínimo", "tempo de voo", "at_least", 1.5, None, "horas"),
        ("A autonomia mínima é de 30 min", "autonomia", "at_least", 30, None, "min"),
        ("humidade relativa não superior a 80 %", "humidade relativa", "at_most", 80, None, "%"),
        ("precisão de ±2 cm", "precisão", "at_most", 2, None, "cm"),
    ],
)
def test_the_noun_before_the_comparison_is_measured(
    text: str, metric: str, comparison: str, low: float, high: float | None, unit: str
) -> None:
    (found,) = read_quantities(text)
    assert (found.metric, found.comparison, found.low, found.high, found.unit) == (metric, comparison, low, high, unit)


@pytest.mark.parametrize(
    "text",
    [
        "A empresa tem 40 funcionários e 3 anos",
        "um drone com 5 kg de pelo menos",
        "A inspeção das pontes é feita à mão",
        "prazo de 6 meses até 30 dias",
        "são 5 km",
    ],
)
def test_nothing_is_claimed_without_a_noun_that_is_measured(text: str) -> None:
    assert read_quantities(text) == []


def test_several_quantities_of_a_sentence_are_read_in_order() -> None:
    found = read_quantities("Precisamos de um drone com autonomia superior a 45 minutos e alcance de até 10 km")
    assert [(each.metric, each.low, each.unit) for each in found] == [
        ("autonomia", 45, "minutos"),
        ("alcance", 10, "km"),
    ]


@pytest.mark.parametrize(
    "piece", ["até ", "peso inferior a ", "5 kg ", "até 5", "5,", " ", "de 1 a ", "ção 1 e ", "5 kg/", "± 5 "]
)
def test_no_piece_again_and_again_takes_long(piece: str) -> None:
    text = f"a carga útil de {piece * (10_000 // len(piece))}"
    read_quantities(text[:500])
    begin = thread_time()
    read_quantities(text)
    assert thread_time() - begin < 4
