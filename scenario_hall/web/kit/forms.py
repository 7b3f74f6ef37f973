"""What the forms of all pages share: field kinds, and errors of a service put beside the field that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from flask import g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from pydantic import BaseModel
from pydantic import ValidationError as WrongValue
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateTimeLocalField,
    Field,
    FieldList,
    FileField,
    Form,
    IntegerField,
    MultipleFileField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.meta import DefaultMeta
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from scenario_hall.core.bounds import whole_number
from scenario_hall.core.clock import HONG_KONG, end_of_local_day, now
from scenario_hall.core.errors import Invalid
from scenario_hall.core.lines import line_fault
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Currency
from scenario_hall.language import faults
from scenario_hall.language.dates import parse_date
from scenario_hall.language.faults import Fault, shorten
from scenario_hall.language.sums import SumRange, currency_in, parse_sum
from scenario_hall.web.kit.refusals import note_refused

R = TypeVar("R")
V = TypeVar("V", bound=BaseModel)
MORE = "more"  # the button that names the lines of which there are to be more
MORE_LINES = 3
CURRENCIES = [(Currency.CNY, "CNY ¥"), (Currency.HKD, "HKD HK$"), (Currency.MOP, "MOP MOP$")]


def on_one_line(_form: Form, field: Field) -> None:
    """The rule of ``core/lines.py`` beside the field; services hold it, too, and what a name may be."""
    written = field.data or ()
    fault = next(
        (fault for text in ([written] if isinstance(written, str) else written) if (fault := line_fault(text))), ""
    )
    if fault:
        raise ValidationError(_(fault))


class OneLineMeta(DefaultMeta):
    """Every field of one line gets the rule, in every form and line of a form."""

    def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Field:
        field = super().bind_field(form, unbound_field, options)
        if isinstance(field, StringField) and not isinstance(field, (TextAreaField, PasswordField)):
            field.validators = (*field.validators, on_one_line)
        return field


class HallForm(FlaskForm):
    """A form that knows which version of the record it shows."""

    class Meta(OneLineMeta, FlaskForm.Meta):
        def wrap_formdata(self, form: Form, formdata: Any) -> Any:
            """What is sent: files for fields of files, texts for all others, whatever else there may be under their
            names, and no JSON. On the page of a form that is given back (``given_back.py``), what had been written."""
            sent = None if request.is_json else super().wrap_formdata(form, formdata)
            if isinstance(sent, CombinedMultiDict):
                files = [
                    name for name, field in form._fields.items() if isinstance(field, (FileField, MultipleFileField))
                ]
                of_files = MultiDict([(name, file) for name in files for file in request.files.getlist(name)])
                sent = CombinedMultiDict((of_files, request.form))
            return (
                request.form if sent is None and formdata is not None and "given_back" in g and request.form else sent
            )

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether it was sent and is right. One that asks for more lines (``MORE``), as a page without JavaScript does,
        gets them and is shown again as it is; it is not sent."""
        asked = request.form.get(MORE, "") if self.is_submitted() else ""
        if asked in self and isinstance(self[asked], FieldList):
            for _number in range(MORE_LINES):
                if self[asked].max_entries is None or len(self[asked]) < self[asked].max_entries:
                    self[asked].append_entry()
            return False
        is_right: bool = super().validate_on_submit(extra_validators)
        note_refused(self.errors)
        return is_right

    def shown_version(self) -> int | None:
        """The version that the person saw when the form was drawn."""
        return whole_number(request.form.get("version", ""))


class LineForm(Form):
    """One line of a group: it has no token of its own."""

    class Meta(OneLineMeta):
        pass

    def is_blank(self, names: Iterable[str]) -> bool:
        return not any(self[name].data not in (None, "") for name in names)


class ChipsField(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


PAST = N_("The deadline has already passed.")


def _shown_minute(moment: datetime) -> datetime:
    return moment.astimezone(HONG_KONG).replace(tzinfo=None, second=0, microsecond=0)


class HongKongTimeField(DateTimeLocalField):
    """A moment typed and shown in Hong Kong time, handled in UTC; where a browser has no picker, a date as people write
    it, to the end of its last day.

    ``is_ahead``: a moment that is past is refused when it is typed. ``stored``, what the record has already, is not:
    its day may have come while a draft waited, and the other fields are saved all the same.
    """

    def __init__(self, *args: Any, is_ahead: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_ahead = is_ahead
        self.stored: datetime | None = None

    def __call__(self, **kwargs: Any) -> Any:
        if self.is_ahead:  # for ``static/js/ahead.js``
            kwargs |= {"min": f"{now().astimezone(HONG_KONG):%Y-%m-%dT%H:%M}", "data-ahead": _(PAST)}
        return super().__call__(**kwargs)

    def pre_validate(self, form: Any) -> None:
        moment = self.moment
        if not self.is_ahead or moment is None or moment > now():
            return
        if self.stored is None or self.data != _shown_minute(self.stored):
            raise ValidationError(_(PAST))

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            found = parse_date(" ".join(valuelist))
            if not isinstance(found, date):
                reason, value = (found.reason, found.value) if found else (faults.NO_DATE, " ".join(valuelist))
                raise ValueError(_(reason, value=shorten(value))) from None
            typed: datetime | None = datetime.combine(found, time(23, 59))
            self.data = typed

    def process_data(self, value: datetime | None) -> None:
        super().process_data(value.astimezone(HONG_KONG).replace(tzinfo=None) if value else None)

    def _value(self) -> str:
        if self.raw_data or self.data is None:
            return " ".join(self.raw_data or ())
        return f"{self.data:%Y-%m-%dT%H:%M}"

    @property
    def moment(self) -> datetime | None:
        if self.data is None:
            return None
        if (self.data.hour, self.data.minute) == (23, 59):
            # Fields go in minutes; whoever writes the last one means the whole day.
            return end_of_local_day(self.data.date())
        return self.data.replace(tzinfo=HONG_KONG).astimezone(UTC)


class WholeSumField(IntegerField):
    """A whole sum as people write it: thousands separators, 1.5万, 300w, 50 mil. It is never rounded; what can be read
    in two ways is refused, and what was typed stays in the field."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if re.fullmatch(r"\d{1,3}(?:[,，\s]\d{3}){2,}", text):
            text = re.sub(r"\D", "", text)  # commas and blanks in one number group all the same
        found = parse_sum(text, is_plain=True, in_portuguese=str(get_locale()) == "pt")
        if isinstance(found, SumRange) and found.low == found.high and currency_in(text) is None:
            self.data = found.low
        elif isinstance(found, Fault) and found.reason in _TOLD:
            raise ValueError(_(found.reason, value=shorten(found.value)))
        else:
            raise ValueError(_("Please enter a whole number, e.g. 500000 or 50万."))


_TOLD = frozenset({faults.TWO_READINGS, faults.NOT_WHOLE, faults.BAD_SUM, faults.SEVERAL_SUMS, faults.RATE_NOT_SUM})


class WordsField(StringField):
    """Several words, separated by commas of any kind."""

    def _value(self) -> str:
        return ", ".join(self.data or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0] if valuelist else ""
        for mark in "，、；;\n":
            text = text.replace(mark, ",")
        self.data = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


def value_from(kind: type[V], **written: Any) -> V:
    """The value that was typed. Raises Invalid, field by field, where it is none."""
    try:
        return kind(**written)
    except WrongValue as error:
        messages = {"string_too_long": _("This is too long.")}
        faults = {str(*each["loc"][:1]): messages.get(each["type"], _("Please check this.")) for each in error.errors()}
        raise Invalid(faults) from None


def attempt(form: FlaskForm, use_case: Callable[[], R], names: Mapping[str, str] | None = None) -> R | None:
    """Run ``use_case``; what it finds invalid is shown beside the form's fields, and None is returned."""
    try:
        return use_case()
    except Invalid as error:
        put_errors(form, error, names or {})
        return None


def put_errors(form: FlaskForm, error: Invalid, names: Mapping[str, str]) -> None:
    """The error's field messages into the form; those of fields that it does not have above it."""
    note_refused(error.fields)
    for name, message in error.fields.items():
        text = _(message) % error.values if error.values else _(message)
        field: Field | None = form._fields.get(names.get(name, name))
        if field is None:
            form.form_errors.append(text)
        else:
            field.errors = [*field.errors, text]
    if not error.fields:
        form.form_errors.append(_(error.message) % error.values if error.values else _(error.message))
