"""The first page of posting: a text, a file with one, or an old record to begin with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlmodel import Session, col, select
from wtforms import SelectField, TextAreaField
from wtforms.validators import Length

from scenario_hall.core.files import OFFICE, TEXTS
from scenario_hall.core.policy import Actor, can
from scenario_hall.core.stores import content_of
from scenario_hall.core.values import MAX_TEXT
from scenario_hall.core.word_text import word_text
from scenario_hall.exchange.encodings import UndecodableError, decode
from scenario_hall.publishing.models import PublishableType
from scenario_hall.web.kit.forms import HallForm
from scenario_hall.web.kit.request import settings
from scenario_hall.web.kit.uploads import FilesField

MOST_OLD = 50


class TextForm(HallForm):
    text = TextAreaField(_l("Paste or type it"), [Length(max=MAX_TEXT)])
    document = FilesField(
        _l("Or take the text of a file"),
        description=_l("Word (.docx) or plain text; the file itself is not published"),
        allowed=frozenset({OFFICE[".docx"], TEXTS[".txt"]}),
    )
    like = SelectField(_l("Or begin with an old one"))

    def choose(self, old: Sequence[Any]) -> TextForm:
        self.like.choices = [("", "—"), *((each.code, f"{each.title} ({each.code})") for each in old)]
        return self

    def whole_text(self) -> str:
        """What was typed, and below it the text of each file."""
        texts = [self.text.data or "", *(_text_of(file) for file in self.document.kept)]
        return "\n".join(text.strip() for text in texts if text.strip())[:MAX_TEXT]

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if is_valid and not (self.whole_text() or self.like.data or self.other_words()):
            self.text.errors = [*self.text.errors, _("Please write something, or choose a file or an old record.")]
            return False
        return is_valid

    def other_words(self) -> str:
        """What was written field by field instead."""
        return (self["title"].data or "").strip() if "title" in self else ""


def _text_of(file: Any) -> str:
    content = content_of(settings().files, file.sha256)
    if file.content_type == OFFICE[".docx"]:
        return word_text(content)
    try:
        return decode(content)[0]
    except UndecodableError:
        return ""


def old_records(session: Session, actor: Actor, table: type[PublishableType]) -> list[PublishableType]:
    """The newest of the actor's organisations, to begin with."""
    query = select(table).where(col(table.organization_id).in_([pk for pk in actor.memberships if actor.edits(pk)]))
    found = session.exec(query.order_by(col(table.updated_at).desc()).limit(MOST_OLD))
    return [record for record in found if can(actor, "view_private", record)]


def stated(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty, so that it covers nothing that is known otherwise."""
    return {name: value for name, value in content.items() if value not in ("", None, [])}
