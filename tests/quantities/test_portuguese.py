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


@pytest.mark.parametrize(
    ("text", "metric", "comparison", "low", "high", "unit"),
    [
        ("o ruído não deve ultrapassar 60 dB", "ruído", "at_most", 60, None, "dB"),
        ("A inclinação não pode ser inferior a 12 graus", "inclinação", "at_least", 12, None, "graus"),
        ("o alcance não deve ser menor do que 3 km", "alcance", "at_least", 3, None, "km"),
        ("Os doentes não devem aguardar mais de 15 minutos", "aguardar", "at_most", 15, None, "minutos"),
        ("O peso está limitado a 18 kg", "peso", "at_most", 18, None, "kg"),
        ("a força deve ser de, no mínimo, 25 kN", "força", "at_least", 25, None, "kN"),
        ("caudal de 30 litros por minuto, no mínimo", "caudal", "at_least", 30, None, "litros/minuto"),
        ("a taxa de deteção deve alcançar 97,5 %", "taxa de deteção", "at_least", 97.5, None, "%"),
        ("A avaria tem de ser resolvida no prazo de 24 horas", "avaria", "at_most", 24, None, "horas"),
        (
            "Largura máxima da plataforma: 80 cm, não dobrável",
            "Largura máxima da plataforma",
            "at_most",
            80,
            None,
            "cm",
        ),
        ("pressão não inferior a 2 bar nem superior a 6 bar", "pressão", "between", 2, 6, "bar"),
        ("A velocidade de rotação é de 2.400 rpm", "velocidade de rotação", None, 2400, None, "rpm"),
        (
            "resistência de isolamento ≥ 2×10^8 ohm, não menos",
            "resistência de isolamento",
            "at_least",
            2e8,
            None,
            "ohm",
        ),
        ("a bateria carrega em três horas e meia", "bateria carrega", None, 3.5, None, "horas"),
        ("O tempo de voo é de 1 h 20 min, não menos", "tempo de voo", None, 80, None, "min"),
        ("A câmara mantém uma temperatura de 25 graus negativos", "temperatura", None, -25, None, "graus"),
        ("A plataforma deve suportar até 80 robôs em simultâneo", "suportar", "at_most", 80, None, "robôs"),
        ("O servidor não deve perder dados e guarda 3 milhões de imagens", "guarda", None, 3e6, None, "imagens"),
        ("grau de proteção não inferior a IP65", "grau de proteção", "at_least", 65, None, "IP"),
        ("A força de tração tem de ser superior a 90 quilos", "força de tração", "at_least", 90, None, "quilos"),
        ("A potência do laser é de 20 W, não mais", "potência do laser", None, 20, None, "W"),
        ("temperatura de armazenagem dos 5 aos 35 °C", "temperatura de armazenagem", "between", 5, 35, "°C"),
        ("O pH da água deve manter-se entre 6,8 e 7,4", "pH da água", "between", 6.8, 7.4, ""),
        ("Período de garantia mínimo de 36 meses para a bateria", "Período de garantia", "at_least", 36, None, "meses"),
    ],
)
def test_ways_of_comparing_and_counting(
    text: str, metric: str, comparison: str | None, low: float, high: float | None, unit: str
) -> None:
    (found,) = read_quantities(text)
    assert (found.metric, found.comparison, found.low, found.high, found.unit) == (metric, comparison, low, high, unit)


@pytest.mark.parametrize(
    "text",
    [
        "A caução definitiva é de 4 % do valor total",
        "O robô antigo demora 40 minutos por corredor, não serve",
        "O prazo de entrega é de 6 meses",
        "A equipa conta com 30 voluntários e 12 técnicos",
    ],
)
def test_money_plans_and_the_old_device_are_no_requirement(text: str) -> None:
    assert read_quantities(text) == []


def test_a_sentence_without_words_of_any_language_is_of_the_one_before() -> None:
    found = read_quantities("A altura de trabalho é de 18 m. Alcance lateral: 9,5 m.")
    assert [(each.metric, each.low) for each in found] == [("altura de trabalho", 18), ("Alcance lateral", 9.5)]
