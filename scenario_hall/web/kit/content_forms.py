"""Forms made from declared fields: their WTForms fields, their choices, what they show and what was written in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, SelectField, StringField, TelField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from scenario_hall.core.values import Requirement, Specification
from scenario_hall.products.fields import HeldCertificate
from scenario_hall.publishing.fields import ContentField, ValueKind
from scenario_hall.publishing.models import Publishable
from scenario_hall.web.kit.content_fields import (
    CertificateForm,
    RequirementForm,
    SpecificationForm,
    domain_choices,
    lines_field,
    region_choices,
    tag_choices,
    taken,
    with_spare_lines,
    written_lines,
)
from scenario_hall.web.kit.forms import (
    CURRENCIES,
    ChipsField,
    HallForm,
    HongKongTimeField,
    LineForm,
    WholeSumField,
    WordsField,
)

LINE_FORMS: dict[type, type[LineForm]] = {
    Requirement: RequirementForm,
    Specification: SpecificationForm,
    HeldCertificate: CertificateForm,
}
CHOICES: dict[ValueKind, Callable[[HallForm], list[tuple[str, str]]]] = {
    ValueKind.DOMAINS: lambda _form: domain_choices(),
    ValueKind.TAGS: lambda form: tag_choices(form.domains.data or ()),
    ValueKind.REGION: lambda _form: [("", "—"), *region_choices()],
    ValueKind.REGIONS: lambda _form: region_choices(),
}


def form_class(fields: Iterable[ContentField], **others: Field) -> type[HallForm]:
    """A form that asks for the given fields, in their order, and then for the others."""
    return type("ContentForm", (HallForm,), {field.name: form_field(field) for field in fields} | others)


def form_field(field: ContentField) -> Field:
    """The WTForms field of a declared field."""
    label, help_text = _l(field.asked), _l(field.help) if field.help else ""
    validators: list[Any] = [DataRequired()] if field.is_required else []
    limited = [*validators, Length(max=field.length)]
    match field.kind:
        case ValueKind.LINE:
            return StringField(label, limited, description=help_text)
        case ValueKind.TEXT:
            return TextAreaField(label, validators, description=help_text)
        case ValueKind.EMAIL:
            return EmailField(label, limited, description=help_text)
        case ValueKind.PHONE:
            return TelField(label, limited, description=help_text)
        case ValueKind.SUM:
            return WholeSumField(label, [Optional()], description=help_text)
        case ValueKind.CURRENCY:
            return SelectField(label, choices=CURRENCIES, description=help_text)
        case ValueKind.LEVEL:
            levels = [("", "—"), *((level, _l(name)) for level, name in (field.choices or {}).items())]
            return SelectField(label, choices=levels, coerce=_level, description=help_text)
        case ValueKind.MOMENT:
            return HongKongTimeField(label, [Optional()], description=help_text, is_ahead=field.is_ahead)
        case ValueKind.REGION:
            return SelectField(label, description=help_text)
        case ValueKind.REGIONS | ValueKind.DOMAINS | ValueKind.TAGS:
            return ChipsField(label, description=help_text)
        case ValueKind.WORDS:
            return WordsField(label, description=help_text)
        case ValueKind.LINES if field.line is not None:
            return lines_field(LINE_FORMS[field.line], label, help_text)
    raise TypeError(f"{field.name} has no form")


def open_form(
    form: type[HallForm],
    fields: Sequence[ContentField],
    record: Publishable | None,
    values: Mapping[str, Any] | None = None,
) -> HallForm:
    """The form as it is sent, or filled from ``record``, or from ``values`` instead; its choices in the reader's
    language."""
    made = form()
    if not made.is_submitted() and record is not None:
        filled = values or {field.name: getattr(record, field.name) for field in fields}
        made = form(data={field.name: _shown(field, filled[field.name]) for field in fields})
    for field in fields:
        made[field.name].flags.needed = bool(field.missing)  # to submit it, though not to save a draft
        if field.kind is ValueKind.MOMENT:
            made[field.name].stored = getattr(record, field.name, None)
        if field.kind in CHOICES:
            made[field.name].choices = CHOICES[field.kind](made)
        if field.kind is ValueKind.LINES and not made.is_submitted():
            with_spare_lines(made[field.name])
    return made


def written(
    form: HallForm, fields: Iterable[ContentField], suggested: Sequence[Requirement | Specification] = ()
) -> dict[str, Any]:
    """What the form holds, as the services take it, with the suggested lines that were ticked."""
    content = {field.name: _written(field, form[field.name]) for field in fields}
    for field in fields:
        if suggested and field.line is type(suggested[0]):
            content[field.name] += taken(suggested)
    return content


def _level(text: Any) -> int | None:
    return int(text) if text not in ("", None) else None


def _shown(field: ContentField, value: Any) -> Any:
    """A stored value as its form field takes it."""
    if field.line is not None:
        return [field.line.model_validate(line).model_dump() for line in value]
    return value


def _written(field: ContentField, asked: Field) -> Any:
    match field.kind:
        case ValueKind.SUM | ValueKind.LEVEL:
            return asked.data
        case ValueKind.MOMENT:
            return asked.moment
        case ValueKind.LINES if field.line is not None:
            return written_lines(asked, key=next(iter(field.line.model_fields)))
        case _:
            return "" if asked.data is None else asked.data
