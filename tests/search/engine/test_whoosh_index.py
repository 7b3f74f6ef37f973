"""What the embedded index does beside the contract of all engines."""

from __future__ import annotations

from pathlib import Path

from scenario_hall.search.engine.whoosh_index import WhooshIndex
from tests.search.engine.test_contract import codes, document


def test_an_index_of_another_format_counts_as_none(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.apply([document("S-1")], [], 7)
    (index.directory / "CURRENT").write_text("0123456789abcdef")
    later = WhooshIndex(index.directory)
    assert later.position() == 0 and later.count() == 0
    later.apply([document("S-2")], [], 8)
    assert codes(later) == ["S-2"]
