"""What holds for every operation: its scope, and the version of what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scenario_hall.api.declaring import Operation
from scenario_hall.api.operations import OPERATIONS
from scenario_hall.app import create_app
from scenario_hall.config import Settings
from scenario_hall.organizations.tokens import Scope
from tests.api.conftest import Document, Program
from tests.world import World


def address_of(operation: Operation) -> str:
    path = operation.path.replace("{code}", "S-2026-000001")
    for name in operation.parameters:
        path = path.replace(f"{{{name}}}", "1")
    return path


# What is no change of a record that is there: something new, and files beside it.
NEW = {
    *("create_scenario", "create_product", "create_organization", "create_saved_search", "apply", "join_organization"),
    *("invite_colleague", "invite_supplier", "send_message", "propose_jointly", "create_webhook"),
    *(f"{verb}_{kind}_file" for verb in ("add", "remove") for kind in ("scenario", "product", "application")),
    *(f"{verb}_{kind}_file" for verb in ("add", "remove") for kind in ("outcome", "organization")),
}
# What has no version: it is as it was said last, or can be done once.
WITHOUT_VERSION = {
    *("set_member", "remove_member", "resend_invitation", "revoke_invitation", "set_bookmark", "remove_bookmark"),
    *("say_of_match", "declare_interest", "reveal_scores", "read_notice", "read_notices", "change_notice_choices"),
    *("challenge_webhook", "confirm_webhook", "test_webhook", "replay_webhook", "send_webhook_delivery_again"),
}


def test_every_change_of_a_record_asks_for_its_version(administrator: Program) -> None:
    changes = [each for each in OPERATIONS if each.is_versioned]
    assert len(changes) > 50
    for each in changes:
        answer = administrator.send(each.method, address_of(each), each.example)
        assert answer.status_code == 428, (each.name, answer.text)
    others = [each for each in OPERATIONS if not each.is_read and not each.is_versioned]
    # Of what stands beside a record, its own version comes with the body.
    beside = {each.name for each in others if each.body is not None and "version" in each.body.model_fields}
    assert beside == {"set_criteria", "score_application", "answer_follow_up"}
    assert {each.name for each in others} - beside == NEW | WITHOUT_VERSION


def test_each_operation_asks_for_its_scope(
    hall: World, hall_settings: Settings, document: Document, program: Callable[..., Program]
) -> None:
    app = create_app(replace(hall_settings, api_rate=10**6))
    anybody, lacking = Program(app.test_client(), document), dict[tuple[Scope, ...], Program]()
    for each in OPERATIONS:
        if not each.scopes:
            assert anybody.send(each.method, address_of(each)).status_code != 401, each.name
            continue
        assert anybody.send(each.method, address_of(each), each.example).status_code == 401, each.name
        others = tuple(scope for scope in Scope if scope not in each.scopes)
        if others:
            if others not in lacking:
                lacking[others] = Program(app.test_client(), document, program(hall.administrator, others).token)
            assert lacking[others].send(each.method, address_of(each), each.example).status_code == 403, each.name
