"""Many processes write the same index as one; words that are kept are not cut again, and are only kept words."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario_hall.search.engine import cutting, rebuilding
from scenario_hall.search.engine.index import IndexDocument
from scenario_hall.search.engine.whoosh_index import WhooshIndex
from tests.search.engine.test_whoosh_index import TITLES, codes, numbered, ranking

DOCUMENTS = [numbered(number, number % len(TITLES)) for number in range(40)]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts as many documents here."""
    monkeypatch.setattr(rebuilding, "MANY_DOCUMENTS", 10)
    monkeypatch.setattr(rebuilding, "CHUNK", 3)
    monkeypatch.setattr(rebuilding, "PATIENCE", 0.05)


def test_several_processes_write_the_index_that_one_writes(tmp_path: Path, many: None) -> None:
    one, several = WhooshIndex(tmp_path / "one"), WhooshIndex(tmp_path / "several")
    assert one.rebuild(DOCUMENTS[:9], 3) == 9
    assert several.rebuild(DOCUMENTS, 3) == 40
    one.apply(DOCUMENTS[9:], [], 4)
    assert sorted(codes(one)) == sorted(codes(several))
    for text in TITLES:
        assert ranking(one, text) == ranking(several, text)


def test_what_has_not_changed_is_not_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = WhooshIndex(tmp_path)
    index.rebuild(DOCUMENTS, 1)
    cut: list[str] = []

    def counting(document: IndexDocument, digest: int) -> cutting.CutDocument:
        cut.append(document.code)
        return cutting.cut_document(document, digest)

    monkeypatch.setattr(rebuilding, "cut_document", counting)
    changed = [numbered(7, 3), *DOCUMENTS[:7], *DOCUMENTS[8:]]
    index.rebuild(changed, 2)
    assert cut == ["S-7"]
    fresh = WhooshIndex(tmp_path / "fresh")
    fresh.rebuild(changed, 2)
    for text in TITLES:
        assert ranking(index, text) == ranking(fresh, text)


def test_an_index_that_cannot_be_read_is_rebuilt_all_the_same(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    index.rebuild(DOCUMENTS, 1)
    for path in index.store.folder(index.view().commit).glob("*_stored.col"):
        path.write_bytes(b"\x00" * path.stat().st_size)
    later = WhooshIndex(tmp_path)
    later.rebuild(DOCUMENTS, 2)
    fresh = WhooshIndex(tmp_path / "fresh")
    fresh.rebuild(DOCUMENTS, 2)
    for text in TITLES:
        assert ranking(later, text) == ranking(fresh, text)


def test_what_the_documents_raise_is_raised_and_leaves_the_index_as_it_was(tmp_path: Path, many: None) -> None:
    index = WhooshIndex(tmp_path)
    index.rebuild(DOCUMENTS, 1)

    def failing():  # type: ignore[no-untyped-def]
        yield from DOCUMENTS[:20]
        raise OSError("the rows ended")

    with pytest.raises(OSError, match="the rows ended"):
        index.rebuild(failing(), 2)
    too_long = [*DOCUMENTS, numbered(10**40, 1)]
    with pytest.raises(RuntimeError, match="too long for a code"):
        index.rebuild(too_long, 2)
    assert index.position() == 1 and index.count() == 40
