"""What is written in a field is checked when it is kept, not only when it is submitted."""

from __future__ import annotations

import pytest

from scenario_hall.core.errors import Invalid
from scenario_hall.scenarios.service import save_draft
from tests.world import World


@pytest.mark.parametrize("written", ["不是邮箱", "wang", "a@b", "a b@c.hk", "x@@y.hk", "王@例子.cn"])
def test_a_contact_that_is_no_address_is_refused_at_its_field(small_world: World, written: str) -> None:
    draft = small_world.draft_scenario()
    with pytest.raises(Invalid) as error:
        save_draft(
            small_world.demand,
            session=small_world.session,
            scenario=draft,
            version=None,
            content={"contact_email": written},
        )
    assert set(error.value.fields) == {"contact_email"}


@pytest.mark.parametrize(
    ("written", "kept"), [("  Wang@Port.hk ", "wang@port.hk"), ("wang＠port.hk", "wang@port.hk"), ("", "")]
)
def test_an_address_is_kept_in_its_usual_form(small_world: World, written: str, kept: str) -> None:
    draft = small_world.draft_scenario(contact_email=written)
    assert draft.contact_email == kept
