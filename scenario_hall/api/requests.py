"""Reads a request as its operation declares it: who asks, the address's parameters, the body, the conditions."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from sqlmodel import Session

from scenario_hall.api.declaring import RAW, Operation
from scenario_hall.api.problems import Fault, ProblemError, faults_of_body, faults_of_query
from scenario_hall.api.rates import Rate, count_request
from scenario_hall.api.values import Query
from scenario_hall.core.files import MAX_BYTES
from scenario_hall.core.networks import network_of
from scenario_hall.core.policy import VISITOR, Actor
from scenario_hall.core.texts import N_
from scenario_hall.organizations.accounts import actor_of
from scenario_hall.organizations.models import Account
from scenario_hall.organizations.second_factor import has_second_factor
from scenario_hall.organizations.tokens import ApiToken, Scope, find_token, through_token
from scenario_hall.web.kit.request import must_have_second_factor, settings

MOST_JSON = 1024 * 1024
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})(?:\.[0-9]{1,18})?")
# Whoever got the answer compressed has its tag with the compression's name behind (Flask-Compress).
_COMPRESSED = (":br", ":gzip")
_TAG = re.compile(r'(?:W/)?"([0-9]{1,10})(?:\.[0-9a-f]{1,64})?(?::br|:gzip)?"')
_KEY = re.compile(r"[!-~]{1,255}")
BEARER = {"WWW-Authenticate": 'Bearer realm="Scenario Hall"'}
BAD_BEARER = {"WWW-Authenticate": 'Bearer realm="Scenario Hall", error="invalid_token"'}
NO_TOKEN = N_("Send a token: Authorization: Bearer hall_…")
NOT_THIS_TOKEN = N_("This token is unknown, over or revoked.")


def who_asks(session: Session) -> tuple[ApiToken | None, Account | None]:
    """The token that the request carries, with its account; none where it carries none. Session cookies are not looked
    at. Raises ProblemError (401)."""
    header = request.headers.get("Authorization")
    if header is None:
        return None, None
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise ProblemError(401, NO_TOKEN, headers=BAD_BEARER)
    found = find_token(session, text.strip(), address=request.remote_addr or "-")
    if found is None:
        raise ProblemError(401, NOT_THIS_TOKEN, headers=BAD_BEARER)
    return found


def rate_of(token: ApiToken | None) -> Rate:
    """The request, counted."""
    limit, folder = settings().api_rate, settings().data_dir
    if token is not None:
        return count_request(folder, "token", str(token.pk), limit)
    return count_request(folder, "address", network_of(request.remote_addr or "-"), max(1, limit // 5))


def acting(session: Session, operation: Operation, token: ApiToken | None, account: Account | None) -> Actor:
    """Who acts. Raises ProblemError: 401 without the token that it takes, 403 where the token's scopes do not do."""
    if token is None or account is None:
        if operation.scopes:
            raise ProblemError(401, NO_TOKEN, headers=BEARER)
        return VISITOR
    if operation.scopes and not any(token.allows(scope) for scope in operation.scopes):
        wanted = ", ".join(operation.scopes)
        raise ProblemError(403, N_("The token lacks the scope for this: %(scopes)s."), scopes=wanted)
    if operation.is_read and not token.allows(Scope.READ):
        return VISITOR  # what is public is public to such a token, too
    whole = actor_of(session, account)
    if must_have_second_factor(account) and not has_second_factor(session, account.pk):
        whole = replace(whole, is_administrator=False)
    return through_token(whole, token)


def negotiated(offered: tuple[str, ...]) -> str:
    """The form of the answer that the caller takes, the first by default. Raises ProblemError (406)."""
    if not request.headers.get("Accept"):
        return offered[0]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        raise ProblemError(406, N_("It can be had as %(forms)s."), forms=", ".join(offered))
    return best


def read_query(model: type[Query]) -> Query:
    """The address's parameters. Raises ProblemError (422)."""
    values: dict[str, Any] = {}
    faults = []
    for name, given in request.args.lists():
        declared = model.model_fields.get(name)
        if declared is None or _is_list(declared.annotation):
            values[name] = given
        elif len(given) > 1:
            faults.append(Fault(detail="given more than once", code="repeated", parameter=name))
        else:
            values[name] = _as_json(given[0], declared.annotation)
    try:
        found = model.model_validate_json(json.dumps(values))
    except ValidationError as error:
        faults += faults_of_query(error)
    if faults:
        raise ProblemError(422, N_("A parameter of the address is wrong or unknown."), faults=faults)
    return found


def _kinds(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    is_union = get_origin(annotation) in (Union, UnionType)
    return tuple(each for part in get_args(annotation) for each in _kinds(part)) if is_union else (annotation,)


def _is_list(annotation: Any) -> bool:
    return any(get_origin(each) in (list, tuple) for each in _kinds(annotation))


def _as_json(text: str, annotation: Any) -> Any:
    """Numbers and truth values as JSON writes them; everything else is text."""
    kinds = _kinds(annotation)
    if any(each is bool for each in kinds):
        return {"true": True, "false": False}.get(text, text)
    if any(each is int for each in kinds):
        return int(text) if _WHOLE.fullmatch(text) else text
    if any(each is float for each in kinds):
        return float(text) if _NUMBER.fullmatch(text) else text
    return text


def read_body(operation: Operation) -> Any:
    """What was sent, as declared; the bytes themselves where it is a file. Raises ProblemError (400, 413, 415, 422)."""
    if operation.body is None and not operation.is_raw:
        return None
    wanted = RAW if operation.is_raw else "application/json"
    if request.mimetype != wanted or request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(415, N_("Send it as %(type)s."), type=wanted)
    most = MAX_BYTES if operation.is_raw else MOST_JSON
    if (request.content_length or 0) > most:
        raise ProblemError(413, N_("At most %(most)s bytes."), most=most)
    sent = request.get_data()
    if len(sent) > most:
        raise ProblemError(413, N_("At most %(most)s bytes."), most=most)
    return sent if operation.body is None else _validated(operation.body, sent)


def _validated(model: type[BaseModel], sent: bytes) -> BaseModel:
    try:
        read = json.loads(sent.decode("utf-8"), parse_constant=_no_number)
        if _has_nul(read):
            raise ProblemError(400, N_("A text has the character U+0000 in it."))
        return model.model_validate_json(sent)
    except ValidationError as error:
        faults = faults_of_body(error)
        if any(each.code == "json_invalid" for each in faults):  # half a character, written with \\u
            raise ProblemError(400, N_("The body is no JSON.")) from None
    except (ValueError, RecursionError):
        raise ProblemError(400, N_("The body is no JSON.")) from None
    raise ProblemError(422, N_("The body is not as it is declared. Each fault says where and why."), faults=faults)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(map(_has_nul, value))


def seen_version() -> int | None:
    """The version that the caller saw (``If-Match``); None: whichever there is (``*``). Raises ProblemError (428, 412
    for tags that no version of ours has)."""
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise ProblemError(
            428, N_("Send If-Match with the ETag of what you saw, so that nothing is overwritten that you did not see.")
        )
    if given == "*":
        return None
    found = _TAG.fullmatch(given)
    if found is None:
        fault = Fault(detail="one ETag as the record's answer gave it", code="etag", header="If-Match")
        raise ProblemError(412, N_("If-Match names no version of this record."), faults=[fault])
    return int(found[1])


def has_seen(tag: str) -> bool:
    """Whether the caller has this answer already (``If-None-Match``), compressed or not."""
    bare = tag.strip('"')
    return any(request.if_none_match.contains_weak(bare + each) for each in ("", *_COMPRESSED))


def sent_key() -> str:
    """The request's own key (Idempotency-Key); empty where it has none. Raises ProblemError (400)."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return ""
    if not _KEY.fullmatch(given):
        fault = Fault(detail="1 to 255 visible ASCII characters", code="key", header="Idempotency-Key")
        raise ProblemError(400, N_("This Idempotency-Key cannot be used."), faults=[fault])
    return given
