"""The reader's language, and how times, sums and names are written in it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel import localedata
from babel.dates import format_skeleton, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask, request
from flask_babel import Babel, format_date, get_locale, gettext
from flask_babel import gettext as _

from scenario_hall.config import ROOT
from scenario_hall.core.clock import local_clock, local_day, local_minute, local_today, now
from scenario_hall.core.values import COMPARISON_SIGNS, Comparison, Requirement, Specification
from scenario_hall.language.folding import fold
from scenario_hall.outcomes.plan.metrics import PlanMetric
from scenario_hall.quantities.verdicts import JudgedRequirement
from scenario_hall.taxonomy.metrics import metric_name
from scenario_hall.taxonomy.regions import region, region_name
from scenario_hall.web.kit.cookies import LOCALE, cookie
from scenario_hall.web.kit.filters import add_filters
from scenario_hall.web.kit.names import NAMES
from scenario_hall.web.kit.request import taxonomy

LOCALES = {"zh_Hans": "简体中文", "zh_Hant": "繁體中文", "en": "English", "pt": "Português"}
LANGUAGE_TAGS = {"zh_Hans": "zh-Hans", "zh_Hant": "zh-Hant", "en": "en", "pt": "pt"}


def choose_locale() -> str:
    """The address's choice (``?lang=zh-Hant``), so that a link can name its language; else the cookie's; else the first
    language of the browser that the hall speaks; else Simplified Chinese."""
    for chosen in (request.args.get("lang", "").replace("-", "_"), cookie(LOCALE)):
        if chosen in LOCALES:
            return chosen
    for tag, _quality in request.accept_languages:
        low = tag.lower()
        if low.startswith(("zh-hant", "zh-hk", "zh-mo", "zh-tw")):
            return "zh_Hant"
        if low.startswith("zh"):
            return "zh_Hans"
        if low.startswith(("en", "pt")):
            return low[:2]
    return "zh_Hans"


def without_language(address: str) -> str:
    """The address without its ``lang``, which would override a choice in the menu."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return urlunsplit(parts._replace(query=urlencode(query)))


def current_locale() -> str:
    """One of LOCALES."""
    locale = str(get_locale())
    return locale if locale in LOCALES else "zh_Hans"


def speak(app: Flask) -> None:
    """Choose the language of each request and register the filters of the templates."""
    _part_locales()
    Babel(app, locale_selector=choose_locale, default_translation_directories=str(ROOT / "translations"))
    add_filters(
        app,
        ago=ago,
        clock=local_clock,
        exact=exact,
        day=day,
        day_head=day_head,
        days_left=days_left,
        local_day=local_day,
        month_name=month_name,
        month_of_year=month_of_year,
        money=money,
        sum_range=sum_range,
        short_region=lambda code: region(code).short_name(current_locale()),
        region=lambda code: region_name(code, current_locale()) if code else "",
        tag=tag_name,
        metric=lambda slug: metric_name(slug, current_locale()),
        named=named,
        requirement=requirement_text,
        measured=measured_text,
        specification=specification_text,
        stated=stated_text,
        number=number,
        translated=translated,
    )
    app.jinja_env.globals.update(
        locales=LOCALES,
        language_tags=LANGUAGE_TAGS,
        current_locale=current_locale,
        money=money,
        sum_range=sum_range,
        short_sum=short_sum,
    )


def _part_locales() -> None:
    """Give each language data of its own. Babel lets them share what they inherit and keeps in it what an alias of it
    meant to the first that asked: after a Chinese page, the months of a Portuguese one were Chinese."""
    for locale in LOCALES:
        shared = localedata.load(locale)
        own = deepcopy(shared)
        shared.clear()
        shared.update(own)


def tag_name(slug: str) -> str:
    """A tag or domain by its name in the reader's language."""
    return taxonomy().get(slug).name(current_locale())


def ago(moment: datetime) -> str:
    """“3 hours ago”, “in 2 days”."""
    return format_timedelta(moment - now(), add_direction=True, locale=get_locale(), threshold=1.2)


def exact(moment: datetime) -> str:
    """The moment to the minute, in Hong Kong time."""
    return local_minute(moment)


def day(value: date | datetime | str | None) -> str:
    """A day, written out."""
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = local_day(value)
    return format_date(value, "long", rebase=False)


def day_head(value: date) -> str:
    """A day above the lines of a feed: “Today”, “Yesterday”, “27 Nov”."""
    ago = (local_today() - value).days
    if ago in (0, 1):
        return _("Yesterday") if ago else _("Today")
    return format_skeleton("MMMd", value, locale=get_locale())


def month_name(value: date) -> str:
    """The month of a tile with a date."""
    return format_skeleton("MMM", value, locale=get_locale())


def month_of_year(value: date) -> str:
    """“November 2026”, “2026年11月”."""
    return format_skeleton("yMMMM", value, locale=get_locale())


def days_left(moment: datetime) -> int:
    """Whole days of the calendar until ``moment``; 0 on its last day."""
    return (local_day(moment) - local_today()).days


def money(amount: int, currency: str) -> str:
    """A whole sum with its currency’s sign."""
    return format_currency(amount, currency, locale=get_locale(), format="¤#,##0", currency_digits=False)


def sum_range(low: int | None, high: int | None, currency: str) -> str:
    """“¥500,000 – ¥800,000”, “from …”, “up to …”; nothing when neither end is known."""
    if low is not None and high is not None:
        return money(low, currency) if low == high else f"{money(low, currency)} – {money(high, currency)}"
    if low is not None:
        return gettext("from %(sum)s", sum=money(low, currency))
    if high is not None:
        return gettext("up to %(sum)s", sum=money(high, currency))
    return ""


def short_sum(low: int | None, high: int | None, currency: str) -> str:
    """The range as a card has room for it: in Chinese, yuan by the ten thousand, “70–130万元”."""
    sums = [each for each in (low, high) if each is not None]
    if not current_locale().startswith("zh") or currency != "CNY" or any(each < 10_000 or each % 1000 for each in sums):
        return sum_range(low, high, currency)
    if not sums:
        return ""
    unit = "萬元" if current_locale() == "zh_Hant" else "万元"
    span = "–".join(dict.fromkeys(number(each / 10_000) for each in sums)) + unit
    if low is None:
        return gettext("up to %(sum)s", sum=span)
    return gettext("from %(sum)s", sum=span) if high is None else span


def number(value: float | None) -> str:
    return "" if value is None else format_decimal(value, locale=get_locale(), decimal_quantization=False)


def named(word: str, group: str = "") -> str:
    """A state, role, action, field … by its name in the reader's language."""
    known = NAMES.get(f"{group}.{word}" if group else word) or NAMES.get(word)
    return _(known) if known else word


def translated(message: str, values: dict[str, Any] | None = None) -> str:
    """A message that a service marked for translation, with its values."""
    text = _(message) if message else ""
    return text % values if values else text


def requirement_text(line: Requirement | PlanMetric) -> str:
    """“at least 60 min”, without the metric's name."""
    if line.comparison is Comparison.HAS:
        return _("present")
    if line.comparison is Comparison.BETWEEN:
        return f"{number(line.value)} – {number(line.value_high)} {line.unit}".strip()
    if line.unit.upper() == "IP":
        return f"{COMPARISON_SIGNS[line.comparison]} IP{number(line.value)}"
    return f"{COMPARISON_SIGNS[line.comparison]} {number(line.value)} {line.unit}".strip()


def measured_text(line: PlanMetric) -> str:
    """“43 min” or “-12 – 55 ℃”, what was measured; a dash where nothing was."""
    if line.measured is None:
        return "—"
    value = number(line.measured)
    if line.measured_high is not None:
        value = f"{value} – {number(line.measured_high)}"
    return f"{value} {line.unit}".strip()


def specification_text(line: Specification) -> str:
    if line.value is None:
        return line.note or _("present")
    value = number(line.value)
    if line.value_high is not None:
        value = f"{value} – {number(line.value_high)}"
    return f"IP{value}" if line.unit.upper() == "IP" else f"{value} {line.unit}".strip()


def stated_text(line: JudgedRequirement) -> str:
    """What the product states beside a requirement, under its own name; in another unit, in the requirement's too:
    “续航 1.2 h (72 min)”. Empty where it states nothing that can be compared."""
    if line.specification is None or (line.offered_low is None and line.requirement.value is not None):
        return ""
    stated = specification_text(line.specification)
    if fold(line.specification.metric) != fold(line.requirement.metric):
        stated = f"{line.specification.metric} {stated}"
    if line.offered_low is None or line.offered_low == line.specification.value:
        return stated  # the same number: at most the unit's spelling differs
    span = dict.fromkeys(each for each in (line.offered_low, line.offered_high) if each is not None)
    return f"{stated} ({' – '.join(number(float(f'{each:.3g}')) for each in span)} {line.requirement.unit})"
