"""Bring the catalogues that people translate in step with the sources; run by `make messages`.

Every text of the sources has one entry, in the order of the texts, without locations and dates: running it twice
changes nothing. A new text gets an empty translation, a changed one is a new one, and an entry that no source has any
longer is dropped.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent
TRANSLATED_BY_PEOPLE = ("zh_Hans", "pt")
# What marks a text: gettext's functions as Flask-Babel has them, and N_ for a text that is translated later.
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
HEADER = """\
# {language} texts of the Scenario Hall. `make messages` keeps the entries and their order; people write the msgstr.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True)
class SourceText:
    """One text that the sources ask to be translated, and where; a text with a plural has two forms."""

    path: Path
    line: int
    id: str | tuple[str, ...]


def texts_of(root: Path = ROOT) -> Iterator[SourceText]:
    """Every text of the sources, found as babel.cfg says."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    for path, line, text, _comments, _context in extract_from_dir(root, methods, options, KEYWORDS):
        if text:
            yield SourceText(Path(path), line, text)


def catalogue_path(locale: str, root: Path = ROOT) -> Path:
    return root / "translations" / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str, root: Path = ROOT) -> Catalog:
    with catalogue_path(locale, root).open("rb") as file:
        return read_po(file, locale=locale)


def is_translated(message: Message) -> bool:
    """Whether each form of the message has a translation."""
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(forms)


def merged(locale: str, texts: list[SourceText], root: Path = ROOT) -> bytes:
    """The catalogue file of ``locale`` with exactly these texts, and the translations that it has already."""
    known = read_catalogue(locale, root)
    catalogue = Catalog(locale=locale)
    for text in texts:
        entry = known.get(text.id)
        if entry is None:
            catalogue.add(text.id)
        else:
            catalogue.add(text.id, entry.string, flags=entry.flags, user_comments=entry.user_comments)
    file = io.BytesIO()
    write_po(file, catalogue, width=120, omit_header=True, sort_output=True)
    language = Locale.parse(locale).get_display_name("en")
    header = HEADER.format(language=language, locale=locale, plural_forms=known.plural_forms)
    return header.encode() + file.getvalue()


def main() -> None:
    texts = list(texts_of())
    for locale in TRANSLATED_BY_PEOPLE:
        catalogue_path(locale).write_bytes(merged(locale, texts))
        empty = sum(not is_translated(message) for message in read_catalogue(locale))
        print(f"{locale}: {len({text.id for text in texts})} texts, {empty} without a translation")


if __name__ == "__main__":
    main()
