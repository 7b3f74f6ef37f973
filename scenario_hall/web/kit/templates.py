"""What templates may ask beside the values that a view gives them."""

from __future__ import annotations

from flask import Flask

from scenario_hall.log.files import may_remove
from scenario_hall.outcomes.plan.workdays import is_provisional
from scenario_hall.web.kit.codes import whole_codes
from scenario_hall.web.kit.downloads import MOST_ROWS
from scenario_hall.web.kit.events import event_details, event_runs, event_title
from scenario_hall.web.kit.files import subject_of
from scenario_hall.web.kit.filters import add_filters
from scenario_hall.web.kit.illustrations import drawn_domain
from scenario_hall.web.kit.presenters import features_of
from scenario_hall.web.kit.request import actor, database


def equip_templates(app: Flask) -> None:
    """Filters for lines of the log, for matches and for codes in a text; of each file that is listed, whether its
    reader may remove it; of a record without a picture, which drawing stands for it; of a field, what ties it to its
    error; of a date, whether the holidays that it was counted by are known."""
    add_filters(app, event_title=event_title, event_details=event_details, event_runs=event_runs, features=features_of)
    add_filters(app, codes=whole_codes)
    app.jinja_env.globals["may_remove"] = lambda file: may_remove(actor(), subject_of(database(), file), file)
    app.jinja_env.globals["drawn"] = drawn_domain
    app.jinja_env.globals["aria"] = aria
    app.jinja_env.globals["is_provisional"] = is_provisional
    app.jinja_env.globals["most_downloaded"] = MOST_ROWS


def aria(described: str, errors: object) -> dict[str, str]:
    """What ties a field to the ids of its help and its error for who hears the page (WCAG 3.3.1, technique ARIA21)."""
    told = {"aria-describedby": described.strip()} if described else {}
    return told | ({"aria-invalid": "true"} if errors else {})
