"""Form pieces that scenarios and products share: tags, measurable lines, attached files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from flask import request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, DecimalField, FieldList, FormField, SelectField, StringField
from wtforms.validators import Length, Optional

from scenario_hall.core.texts import N_
from scenario_hall.core.values import Comparison, Necessity, Requirement, Specification
from scenario_hall.language.faults import shorten
from scenario_hall.language.folding import fold
from scenario_hall.taxonomy.regions import REGIONS
from scenario_hall.taxonomy.taxonomy import TagKind
from scenario_hall.web.kit.forms import LineForm
from scenario_hall.web.kit.language import current_locale, named
from scenario_hall.web.kit.request import taxonomy

SPARE_LINES = 2
L = TypeVar("L", Requirement, Specification)


class NumberField(DecimalField):
    """A number that keeps what was typed and says so when it is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = [str(value).strip().replace(",", "") for value in valuelist]
        try:
            super().process_formdata(text if text and text[0] else [])
        except ValueError:
            raise ValueError(_("“%(value)s” is not a number.", value=shorten(text[0]))) from None

    def _value(self) -> str:
        """What was typed; a stored number without a needless “.0”."""
        if self.raw_data or not isinstance(self.data, float):
            return str(super()._value())
        return f"{self.data:.15g}"

    @property
    def value(self) -> float | None:
        return None if self.data is None else float(self.data)


class RemovableLine(LineForm):
    """A line that its author can take out: by a box, which a script shows as a button."""

    gone = BooleanField(_l("Remove this line"))


class MeasuredLine(RemovableLine):
    """A line with a metric and numbers. What is wrong with a line is told at the field of the line that is to be
    changed; the services hold the same rules (``core/values.py``)."""

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if self.gone.data:  # taken out with whatever stands in it
            for part in self:
                part.errors = []
            return True
        if not is_valid or not self.is_filled():
            return is_valid
        for name, fault in self.faults().items():
            self[name].errors = [*self[name].errors, _(fault)]
            is_valid = False
        return is_valid

    def is_filled(self) -> bool:
        return not self.is_blank(("metric", "value", "value_high"))

    def faults(self) -> dict[str, str]:
        """What is wrong, by field."""
        faults = {} if (self["metric"].data or "").strip() else {"metric": N_("Name what is measured.")}
        low, high = self["value"].value, self["value_high"].value
        if high is not None and low is None:
            faults["value"] = N_("Enter the lower end of the range, too.")
        elif low is not None and high is not None and high < low:
            faults["value_high"] = N_("The upper end is below the lower end.")
        return faults


class RequirementForm(MeasuredLine):
    metric = StringField(_l("Metric"), [Length(max=120)])
    comparison = SelectField(_l("Comparison"))
    value = NumberField(_l("Value"), [Optional()], places=None)
    value_high = NumberField(_l("Up to (for a range)"), [Optional()], places=None)
    unit = StringField(_l("Unit"), [Length(max=40)])
    necessity = SelectField(_l("Must or should"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison.choices = [(each.value, named(each.value)) for each in Comparison]
        self.necessity.choices = [(each.value, named(each.value)) for each in Necessity]

    def faults(self) -> dict[str, str]:
        faults, low, high = super().faults(), self.value.value, self.value_high.value
        if self.comparison.data == Comparison.HAS:
            with_numbers = [name for name in ("value", "value_high") if self[name].value is not None]
            return faults | dict.fromkeys(with_numbers, N_("A property that is there or not has no number."))
        if low is None:
            faults["value"] = N_("Enter the number that it is compared with.")
        elif self.comparison.data == Comparison.BETWEEN and high is None:
            faults["value_high"] = N_("Enter the upper end of the range.")
        elif self.comparison.data != Comparison.BETWEEN and high is not None:
            faults["value_high"] = N_("Only a range has an upper end: choose “between”, or leave this empty.")
        return faults

    def line(self) -> dict[str, Any]:
        return {
            "metric": self.metric.data or "",
            "comparison": self.comparison.data,
            "value": self.value.value,
            "value_high": self.value_high.value,
            "unit": self.unit.data or "",
            "necessity": self.necessity.data,
        }


class SpecificationForm(MeasuredLine):
    metric = StringField(_l("Metric"), [Length(max=120)])
    value = NumberField(_l("Value"), [Optional()], places=None)
    value_high = NumberField(_l("Up to (for a range)"), [Optional()], places=None)
    unit = StringField(_l("Unit"), [Length(max=40)])
    note = StringField(_l("Note"), [Length(max=400)])

    def line(self) -> dict[str, Any]:
        return {
            "metric": self.metric.data or "",
            "value": self.value.value,
            "value_high": self.value_high.value,
            "unit": self.unit.data or "",
            "note": self.note.data or "",
        }


class CertificateForm(RemovableLine):
    name = StringField(_l("Name"), [Length(max=200)])
    number = StringField(_l("Number"), [Length(max=100)])
    expires = DateField(_l("Valid until"), [Optional()])

    def line(self) -> dict[str, Any]:
        expires = self.expires.data
        return {
            "name": self.name.data or "",
            "number": self.number.data or "",
            "expires": expires.isoformat() if expires else None,
        }


def lines_field(form: type[LineForm], label: str, description: str = "") -> FieldList:
    return FieldList(FormField(form), label, description=description, max_entries=40)


def with_spare_lines(field: FieldList) -> None:
    """Empty lines at the end, so that the form works without JavaScript."""
    for _number in range(SPARE_LINES if len(field) else SPARE_LINES + 1):
        if len(field) < 40:
            field.append_entry()


def written_lines(field: FieldList, *, key: str = "metric") -> list[dict[str, Any]]:
    """The lines that hold anything."""
    lines = (entry.form.line() for entry in field if not entry.form.gone.data)
    return [
        line for line in lines if line[key] or any(line.get(name) not in (None, "") for name in ("value", "number"))
    ]


def dated(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Stored certificate lines for a form: the expiry as a date."""
    return [{**line, "expires": date.fromisoformat(line["expires"]) if line.get("expires") else None} for line in lines]


def taken(lines: Sequence[Requirement | Specification]) -> list[dict[str, Any]]:
    """The suggested lines whose box was ticked."""
    ticked = request.form.getlist("take")
    return [line.model_dump(mode="json") for line in lines if line.metric in ticked]


# What an author dropped is remembered in their own session: so many records, so many lines each, as a cookie holds.
_MOST_RECORDS, _MOST_DROPPED = 2, 24


def drop_unticked(code: str, lines: Sequence[Requirement]) -> None:
    """Remember the suggestions of a record whose box was left empty."""
    ticked = {line["metric"] for line in taken(lines)}
    names = [
        *session.get("dropped", {}).get(code, []),
        *(fold(line.metric) for line in lines if line.metric not in ticked),
    ]
    if names:
        others = {key: value for key, value in session.get("dropped", {}).items() if key != code}
        session["dropped"] = dict([*others.items(), (code, names[-_MOST_DROPPED:])][-_MOST_RECORDS:])


def dropped(code: str, lines: Iterable[Requirement]) -> list[Requirement]:
    """Those of the lines that were dropped."""
    names = session.get("dropped", {}).get(code, [])
    return [line for line in lines if fold(line.metric) in names]


def count_dropped(code: str) -> int:
    return len(session.get("dropped", {}).get(code, []))


def forget_dropped(code: str) -> None:
    session["dropped"] = {key: value for key, value in session.get("dropped", {}).items() if key != code}


def not_yet(lines: Sequence[L], written: Iterable[Requirement | Specification]) -> list[L]:
    """Without those whose metric has a line already."""
    known = {fold(line.metric) for line in written}
    return [line for line in lines if fold(line.metric) not in known][:24]


def domain_choices() -> list[tuple[str, str]]:
    return [(tag.slug, tag.name(current_locale())) for tag in taxonomy().domains()]


def tag_choices(domains: Iterable[str]) -> list[tuple[str, str]]:
    """Technologies of the chosen domains first, then the others, then kinds of places."""
    chosen, tree = set(domains), taxonomy()
    technologies = sorted(
        tree.of_kind(TagKind.TECHNOLOGY), key=lambda tag: (tree.domain_of(tag.slug) not in chosen, tag.slug)
    )
    settings_of_places = tree.of_kind(TagKind.SETTING)
    return [(tag.slug, tag.name(current_locale())) for tag in (*technologies, *settings_of_places)]


def region_choices() -> list[tuple[str, str]]:
    return [(each.code, each.name(current_locale())) for each in REGIONS]
