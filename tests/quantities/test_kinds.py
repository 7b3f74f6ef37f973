"""Sentences of the kinds that the twelfth blind set showed unread, in other domains' words: sides that share a unit, what
is done within a time, who holds how much, measures named behind their unit, places and states that only tell at what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenario_hall.quantities.quantities import read_quantities
from tests.quantities.test_quantities import agreement

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "kinds.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_sentence_of_each_kind_is_read_as_its_writer_means_it(row: dict[str, object]) -> None:
    found, wanted = read_quantities(str(row["text"])), row["quantities"]
    assert isinstance(wanted, list)
    assert [each.low for each in found] == pytest.approx([each["value"] for each in wanted])
    for reading, judged in zip(found, wanted, strict=True):
        assert all(agreement(reading, judged).values()), (reading, judged)


@pytest.mark.parametrize("unit", ["mm", "cm", "m"])
@pytest.mark.parametrize(
    ("text", "comparison"),
    [
        ("托盘尺寸：{0}×{1}×{2}{3}", None),
        ("箱体尺寸不大于{0}x{1}x{2}{3}", "at_most"),
        ("Locker dimensions shall not exceed {0} x {1} x {2} {3}.", "at_most"),
        ("The locker measures must not exceed {0} {3} x {1} {3} x {2} {3}.", "at_most"),
        ("As dimensões da caixa: {0} x {1} x {2} {3}", None),
        ("A caixa terá dimensões máximas de {0} {3} × {1} {3} × {2} {3}.", "at_most"),
    ],
)
def test_sides_share_name_bound_and_unit(text: str, comparison: str | None, unit: str) -> None:
    found = read_quantities(text.format(60, 45, 130, unit))
    assert [(each.low, each.unit, each.comparison) for each in found] == [
        (side, unit, comparison) for side in (60, 45, 130)
    ]
    assert len({each.metric for each in found}) == 1


@pytest.mark.parametrize("number", ["7", "25", "2.5"])
@pytest.mark.parametrize(
    "text",
    [
        "The pump restarts within 3 seconds when the pressure drops below {} bar",
        "抗压强度不低于3MPa（{}℃）",
        "O caudal deve ser superior a 3 m³/h a {} bar",
        "The lock must clean a {} m³ room within 3 minutes",
        "A máquina deve limpar um armazém de {} m² em menos de 3 minutos",
        "对{}mm以上裂缝的漏检率不高于3%",
    ],
)
def test_what_something_else_is_measured_at_is_left_out(text: str, number: str) -> None:
    assert [each.low for each in read_quantities(text.format(number))] == [3]
