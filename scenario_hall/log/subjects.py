"""What an event can be about, and the name for people of each."""

from __future__ import annotations

from scenario_hall.core.texts import N_

SUBJECT_NAMES: dict[str, str] = {
    "scenario": N_("Scenario"),
    "product": N_("Product"),
    "revision": N_("Change for review"),
    "organization": N_("Organisation"),
    "application": N_("Application"),
    "outcome": N_("First trials and first uses"),
    "amendment": N_("Amendment"),
    "account": N_("Account"),
    "turn": N_("Item for review"),
    "request": N_("A person's request"),
    "taxonomy": N_("Taxonomy"),
    "log": N_("Log"),
    "alerts": N_("Saved searches"),
    "webhook": N_("Webhook"),
    "bulletin": N_("Monthly bulletin"),
}
