"""The log's checkpoints and proofs, for whoever wants to hold the hall to them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from scenario_hall.core import limits
from scenario_hall.core.bounds import whole_number
from scenario_hall.core.errors import Invalid, NotFound
from scenario_hall.core.networks import network_of
from scenario_hall.core.texts import N_
from scenario_hall.log.chain import Event, last_id
from scenario_hall.log.checkpoints import latest, newest, origin_of
from scenario_hall.log.key_ring import key_ring
from scenario_hall.log.merkle import consistency_proof, inclusion_proof, root_of
from scenario_hall.log.tree import leaf_of, subtrees
from scenario_hall.log.witnesses import is_watched, newest_words, take_cosigned, with_cosignatures
from scenario_hall.web.kit.request import database, settings

pages = Blueprint("log", __name__)
SHOWN = 24
MAX_NOTE = 20_000  # bytes; a checkpoint with fifty signatures has 10,000


@pages.get("/log")
def show() -> ResponseReturnValue:
    """Is the log whole, in plain words: what was signed when, and what that proves."""
    restored = select(Event).where(col(Event.kind) == "log.restored").order_by(col(Event.id).desc())
    return render_template(
        "public/log.html",
        checkpoints=newest(database(), SHOWN),
        lines=last_id(database()),
        restorations=list(database().exec(restored)),
        origin=origin_of(settings().base_url),
        words=newest_words(database()),
        watched=is_watched(database()),
    )


@pages.get("/log/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """The newest checkpoint, as it was signed (C2SP tlog-checkpoint)."""
    last = latest(database())
    if last is None:
        raise NotFound(N_("No checkpoint of the log has been signed yet; the first one comes within the hour."))
    return Response(with_cosignatures(database(), last), mimetype="text/plain")


@pages.post("/log/cosignatures")
def cosignatures() -> ResponseReturnValue:
    """Takes a checkpoint of this log with the lines of witnesses that the settings name; their signatures say who sends
    it, so it has no form's token."""
    limits.count_attempt(database(), limits.COSIGNED_BY_ADDRESS, network_of(request.remote_addr or "-"))
    note = request.get_data(cache=False)[:MAX_NOTE].decode("utf-8", "replace")
    kept = take_cosigned(
        database(),
        note,
        keys=key_ring(database(), settings()).public_keys(),
        origin=origin_of(settings().base_url),
        witnesses=settings().witnesses,
    )
    return {"taken": [{"witness": each.witness, "size": each.size} for each in kept]}


@pages.get("/log/proof")
def proof() -> ResponseReturnValue:
    """With ``entry``: that the line is in the log of ``size`` lines. With ``from``: that the log of ``size`` lines
    begins with that of ``from`` lines (RFC 9162, 2.1.3 and 2.1.4); hashes are hexadecimal, the lowest first."""
    end = last_id(database())
    size = _number("size", end) or end
    tree = subtrees(database())
    if "from" in request.args:
        old = _number("from", size)
        return {
            "from": old,
            "size": size,
            "from_root": root_of(old, tree).hex(),
            "root": root_of(size, tree).hex(),
            "proof": [each.hex() for each in consistency_proof(old, size, tree)],
        }
    entry = _number("entry", size)
    line = database().get_one(Event, entry)
    return {
        "entry": entry,
        "size": size,
        "leaf": leaf_of(line.hash).hex(),
        "root": root_of(size, tree).hex(),
        "proof": [each.hex() for each in inclusion_proof(entry - 1, size, tree)],
    }


def _number(name: str, high: int) -> int:
    """The number of a line from 1 to ``high``; 0 for a ``size`` that is not given. Raises Invalid."""
    text = request.args.get(name, "")
    if not text and name == "size" and high:
        return 0
    value = whole_number(text, 1, high)
    if value is None:
        raise Invalid({name: N_("Give the number of a line of the log, from 1 to %(last)s.")}, last=high)
    return value
