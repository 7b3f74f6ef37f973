"""How whoever the token acts for wants to be told: by kind, and when not."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from scenario_hall.api.declaring import Call, Operation
from scenario_hall.api.values import Asked, Told
from scenario_hall.core.texts import N_
from scenario_hall.notices.choices import choices_of, choose, quiet_hours, set_quiet_hours
from scenario_hall.notices.kinds import KINDS
from scenario_hall.organizations.tokens import Scope

Clock = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", examples=["22:00"])]
_CHANNELS: dict[str, Any] = {
    kind.name: (Literal[tuple(channel.value for channel in kind.allowed)] | None, None) for kind in KINDS
}
NoticeChannels = create_model(
    "NoticeChannels", __base__=Asked, __module__=__name__, __doc__="Kind by kind; what is not sent stays.", **_CHANNELS
)


class Quiet(Asked):
    """When no letters come, by the clock of Hong Kong, over midnight where `ends` is earlier; the same twice: never."""

    begins: Clock
    ends: Clock


class NoticeChoicesChange(Asked):
    """What is not sent stays."""

    channels: NoticeChannels | None = None
    quiet: Quiet | None = None


class QuietTold(Told):
    """From and until, by the clock of Hong Kong."""

    begins: str
    ends: str


class NoticeChoicesTold(Told):
    """Each kind's channel, and the quiet hours where there are any."""

    channels: dict[str, str]
    quiet: QuietTold | None


def _tell(call: Call) -> NoticeChoicesTold:
    account_id = call.actor.account_id or 0
    hours = quiet_hours(call.session, account_id)
    return NoticeChoicesTold(
        channels={kind: channel.value for kind, channel in choices_of(call.session, account_id).items()},
        quiet=QuietTold(begins=f"{hours[0]:%H:%M}", ends=f"{hours[1]:%H:%M}") if hours else None,
    )


def _change(call: Call) -> NoticeChoicesTold:
    body: NoticeChoicesChange = call.body
    account_id, channels = call.actor.account_id or 0, body.channels
    if channels is not None:
        sent: dict[str, str | None] = channels.model_dump()
        choose(call.session, account_id, {kind: channel for kind, channel in sent.items() if channel is not None})
    if body.quiet is not None:
        begins, ends = (time.fromisoformat(each) for each in (body.quiet.begins, body.quiet.ends))
        set_quiet_hours(call.session, account_id, (begins, ends))
    return _tell(call)


OPERATIONS = [
    Operation(
        name="get_notice_choices",
        method="GET",
        path="/notice-choices",
        subject="notices",
        summary=N_("How you want to be told"),
        answer=NoticeChoicesTold,
        scopes=(Scope.READ,),
        run=_tell,
    ),
    Operation(
        name="change_notice_choices",
        method="PATCH",
        path="/notice-choices",
        subject="notices",
        summary=N_("Be told otherwise"),
        answer=NoticeChoicesTold,
        body=NoticeChoicesChange,
        scopes=(Scope.WRITE,),
        run=_change,
        example={"channels": {"message": "digest"}, "quiet": {"begins": "22:00", "ends": "07:00"}},
    ),
]
