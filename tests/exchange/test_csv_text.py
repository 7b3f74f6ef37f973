import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario_hall.exchange.csv_text import _loosely, read_records
from scenario_hall.exchange.reading import parse_table

HEADER = "场景名称,场景描述,预算\n"


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        (r'智慧港口,"他说 \"好\"，可以",300', ["智慧港口", '他说 "好"，可以', "300"]),
        (r'智慧港口,"他说 \"好\", 可以",300', ["智慧港口", '他说 "好", 可以', "300"]),
        (r'智慧港口,"\"好\"",300', ["智慧港口", '"好"', "300"]),
        ('"智慧"港口,描述,300', ['"智慧"港口', "描述", "300"]),
        ('"智慧港口"（一期）,描述,300', ['"智慧港口"（一期）', "描述", "300"]),
        ('甲,"所谓"智慧"，即无人",300', ["甲", '所谓"智慧"，即无人', "300"]),
        ('甲,"C:\\目录\\",300', ["甲", "C:\\目录\\", "300"]),
        ('甲,"一""二""三",300', ["甲", '一"二"三', "300"]),
        ('="0012",描述,300', ["0012", "描述", "300"]),
        ('"=""0012""",描述,300', ["0012", "描述", "300"]),
    ],
)
def test_quotation_marks_are_read_as_they_were_meant(line, cells):
    table = parse_table(f"{HEADER}{line}\n乙,描述,1\n".encode())
    assert [list(row.cells.values()) for row in table.rows] == [cells, ["乙", "描述", "1"]]


@given(st.lists(st.tuples(*[st.text('ab,"\n 中', max_size=8)] * 3), min_size=1, max_size=6))
def test_what_is_written_as_the_standard_has_it_is_read_alike_by_both_ways(rows):
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    strictly, _ = read_records(f"sep=,\n{file.getvalue()}", lambda _: False)
    assert strictly[1:] == list(_loosely(file.getvalue(), ",")) == [list(row) for row in rows]
