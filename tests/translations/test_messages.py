"""`make messages`: each text of the sources once in each catalogue, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from translations.messages import TRANSLATED_BY_PEOPLE, catalogue_path, is_translated, merged, read_catalogue, texts_of

CATALOGUE = """\
msgid ""
msgstr ""
"POT-Creation-Date: 2026-11-24 04:26+0000\\n"

#. A word for translators
msgid "Kept"
msgstr "保留"

msgid "Kept once"
msgid_plural "Kept %(num)s times"
msgstr[0] "保留 %(num)s 次"

msgid "In no source any longer"
msgstr "已删除"
"""
PAGE = """\
<p>{{ _("Kept") }} {{ _("A new text") }}</p>
{% trans %}
  Over
  two lines
{% endtrans %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one page, one module and one catalogue."""
    (tmp_path / "babel.cfg").write_text(
        "[python: hall/**.py]\n[jinja2: templates/**.html]\ntrimmed = true\n", encoding="utf-8"
    )
    for folder in ("hall", "templates", "translations/zh_Hans/LC_MESSAGES"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "hall" / "names.py").write_text(
        'A = N_("Marked")\nB = _l("Lazy")\nC = ngettext("Kept once", "Kept %(num)s times", 2)\nD = "Not marked"\n',
        encoding="utf-8",
    )
    catalogue_path("zh_Hans", tmp_path).write_text(CATALOGUE, encoding="utf-8")
    return tmp_path


def merge(root: Path) -> bytes:
    catalogue_path("zh_Hans", root).write_bytes(merged("zh_Hans", list(texts_of(root)), root))
    return catalogue_path("zh_Hans", root).read_bytes()


def test_the_catalogue_has_exactly_the_texts_of_the_sources_in_their_order(root: Path) -> None:
    merge(root)
    ids = [message.id for message in read_catalogue("zh_Hans", root) if message.id]
    plural = ("Kept once", "Kept %(num)s times")
    assert ids == ["A new text", "Kept", plural, "Lazy", "Marked", "Over two lines"]


def test_translations_are_kept_and_a_new_text_has_none(root: Path) -> None:
    merge(root)
    catalogue = read_catalogue("zh_Hans", root)
    assert catalogue["Kept"].string == "保留"
    assert catalogue["Kept once"].string == ("保留 %(num)s 次",)
    assert not is_translated(catalogue["A new text"])
    assert is_translated(catalogue["Kept once"])


def test_merging_twice_changes_nothing_and_writes_no_date(root: Path) -> None:
    first = merge(root)
    assert merge(root) == first
    assert b"Date" not in first and b"page.html" not in first


@pytest.mark.parametrize("locale", TRANSLATED_BY_PEOPLE)
def test_the_catalogues_are_as_make_messages_writes_them(locale: str) -> None:
    assert catalogue_path(locale).read_bytes() == merged(locale, list(texts_of()))
