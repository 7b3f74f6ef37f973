"""Every page of the hall, by its blueprint."""

from __future__ import annotations

from scenario_hall.web.account import pages as account
from scenario_hall.web.account.blueprints import BLUEPRINTS as ACCOUNT
from scenario_hall.web.admin.blueprints import BLUEPRINTS as ADMIN
from scenario_hall.web.applications import judging, messages
from scenario_hall.web.applications import pages as applications
from scenario_hall.web.desk.blueprints import BLUEPRINTS as DESK
from scenario_hall.web.desk.blueprints import STOPPING
from scenario_hall.web.kit import files, unsent
from scenario_hall.web.lists import pages as lists
from scenario_hall.web.organizations.blueprints import BLUEPRINTS as ORGANIZATIONS
from scenario_hall.web.outcomes.blueprints import BLUEPRINTS as OUTCOMES
from scenario_hall.web.products import editing as products
from scenario_hall.web.products import writing as product_writing
from scenario_hall.web.public import log
from scenario_hall.web.public.blueprints import BLUEPRINTS as PUBLIC
from scenario_hall.web.review.blueprints import BLUEPRINTS as REVIEW
from scenario_hall.web.scenarios.blueprints import BLUEPRINTS as SCENARIOS

BLUEPRINTS = (
    *PUBLIC,
    *SCENARIOS,
    *dict.fromkeys((products.pages, product_writing.pages)),
    applications.pages,
    judging.pages,
    messages.pages,
    *OUTCOMES,
    *ORGANIZATIONS,
    *DESK,
    lists.pages,
    *REVIEW,
    *ADMIN,
    *ACCOUNT,
    files.pages,
    unsent.pages,
)

# Posts that need no form's token: two cookies of taste, so that a visitor needs no session; what its senders signed;
# what stops letters, which mail programs send (RFC 8058).
WITHOUT_TOKEN = (account.set_preference, log.cosignatures, *STOPPING)
