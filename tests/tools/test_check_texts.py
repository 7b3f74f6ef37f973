"""The check of the catalogues finds each kind of fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.check_texts import faults_of
from translations.messages import catalogue_path, merged, texts_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one page and a whole catalogue."""
    (tmp_path / "babel.cfg").write_text("[jinja2: templates/**.html]\n", encoding="utf-8")
    (tmp_path / "templates").mkdir()
    write_page(tmp_path, "Search", "Hall")
    path = catalogue_path("zh_Hans", tmp_path)
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Search"\nmsgstr "检索"\n\nmsgid "Hall"\nmsgstr "大厅"\n', encoding="utf-8")
    path.write_bytes(merged("zh_Hans", list(texts_of(tmp_path)), tmp_path))
    return tmp_path


def write_page(root: Path, *texts: str) -> None:
    page = "".join(f'{{{{ _("{text}") }}}}\n' for text in texts)
    (root / "templates" / "page.html").write_text(page, encoding="utf-8")


def change(root: Path, old: str, new: str) -> None:
    path = catalogue_path("zh_Hans", root)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def faults(root: Path) -> list[str]:
    return [str(fault) for fault in faults_of("zh_Hans", list(texts_of(root)), root)]


def test_a_whole_catalogue_has_no_fault(root: Path) -> None:
    assert faults(root) == []


def test_a_text_that_is_missing_is_named_where_the_sources_have_it(root: Path) -> None:
    write_page(root, "Search", "Hall", "Desk")
    assert faults(root) == ["templates/page.html:3: not in the zh_Hans catalogue, run `make messages`: Desk"]


def test_an_empty_translation_is_named_by_its_line(root: Path) -> None:
    change(root, '"检索"', '""')
    line = catalogue_path("zh_Hans", root).read_text(encoding="utf-8").splitlines().index('msgid "Search"') + 1
    assert faults(root) == [f"translations/zh_Hans/LC_MESSAGES/messages.po:{line}: no translation: Search"]


def test_a_fuzzy_translation_is_a_fault(root: Path) -> None:
    change(root, 'msgid "Search"', '#, fuzzy\nmsgid "Search"')
    assert [fault.split(": ", 1)[1] for fault in faults(root)] == ["fuzzy, so not shown: Search"]


def test_a_text_that_no_source_has_any_longer_is_a_fault(root: Path) -> None:
    write_page(root, "Search")
    assert [fault.split(": ", 1)[1] for fault in faults(root)] == ["not as `make messages` writes it; run that"]
