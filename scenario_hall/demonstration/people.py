"""The administrators and organisations of the demonstration."""

from __future__ import annotations

from scenario_hall.core.policy import SYSTEM, Role
from scenario_hall.demonstration.cast import ADMINISTRATORS, Row, Stage
from scenario_hall.organizations import service as organizations
from scenario_hall.organizations.accounts import register_account, set_administrator
from scenario_hall.organizations.members import add_member
from scenario_hall.organizations.models import Side
from scenario_hall.organizations.pilot_platforms import recognise_platform
from scenario_hall.organizations.registration import RegistrationKind


class People(Stage):
    """Registers everybody who acts."""

    def make_administrators(self) -> None:
        for email, name in ADMINISTRATORS:
            person = register_account(self.session, email=email, name=name, password=self.password, is_confirmed=True)
            set_administrator(SYSTEM, session=self.session, account=person, is_administrator=True)
            self.people[email] = person

    def register(self, row: Row) -> None:
        for place, each in enumerate(row["people"]):
            person = register_account(
                self.session, email=each["email"], name=each["name"], password=self.password, is_confirmed=True
            )
            self.people[each["email"]] = person
            if place == 0:
                self.spokesmen[row["key"]] = person
        made = organizations.create_organization(
            self.speaker(row["key"]),
            session=self.session,
            details=organizations.OrganizationDetails(
                name=row["name"],
                side=Side(row["side"]),
                registration_kind=RegistrationKind(row["kind_of_registration"]),
                registration_number=row["registration_number"],
                region=row["region"],
                description=row["description"],
                tiers=tuple(row.get("tiers") or ()),
                is_pilot_platform=bool(row.get("is_pilot_platform")),
                pilot_capabilities=row.get("pilot_capabilities", ""),
                pilot_capacity=row.get("pilot_capacity", 0),
            ),
        )
        self.organizations[row["key"]] = made
        for each in row["people"][1:]:
            add_member(self.session, account=self.people[each["email"]], organization=made, role=Role(each["role"]))
        actions = {
            "verified": ["verify"],
            "suspended": ["verify", "suspend"],
            "rejected": ["reject"],
            "returned": ["return"],
        }
        reason = "资质已过期。" if row["state"] == "suspended" else "登记号码与附件不一致，请核对后重新提交。"
        for action in actions.get(row["state"], []):
            organizations.act_on_organization(
                self.administrator,
                session=self.session,
                organization=made,
                action=action,
                reason=reason if action != "verify" else "",
            )
        if row.get("is_pilot_platform"):
            recognise_platform(self.administrator, session=self.session, organization=made, is_recognised=True)
