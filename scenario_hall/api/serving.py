"""Answers requests under ``/api/v1``: finds the operation, reads the request by its declaration, does it in one
transaction with its event and its kept answer, and writes what is declared."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session, col
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect, Rule

from scenario_hall.api.cursors import read_cursor, write_cursor
from scenario_hall.api.declaring import RAW, Call, Listing, Operation
from scenario_hall.api.files import Bytes
from scenario_hall.api.operations import OPERATIONS
from scenario_hall.api.problems import Fault, ProblemError, of_layer, of_service, respond
from scenario_hall.api.requests import (
    acting,
    has_seen,
    negotiated,
    rate_of,
    read_body,
    read_query,
    seen_version,
    sent_key,
    who_asks,
)
from scenario_hall.api.values import ListQuery, RecordQuery, Told
from scenario_hall.api.writing import LINES, in_lines, narrowed
from scenario_hall.core.canonical import fingerprint
from scenario_hall.core.db import transaction
from scenario_hall.core.errors import HallError, NotFound, StaleEdit
from scenario_hall.core.kept_answers import KeptAnswer, claim_key, find_answer, key_of
from scenario_hall.core.texts import N_
from scenario_hall.organizations.tokens import ApiToken
from scenario_hall.web.kit.errors import DISK, STORAGE_RETRY_SECONDS
from scenario_hall.web.kit.files import sent
from scenario_hall.web.kit.request import database

pages = Blueprint("api", __name__, url_prefix="/api/v1")
logger = logging.getLogger(__name__)
JSON = "application/json"
BATCH = 200
_RULES = Map(
    [
        Rule(each.path.replace("{", "<").replace("}", ">"), methods=[each.method], endpoint=each.name)
        for each in OPERATIONS
    ],
    merge_slashes=False,
    strict_slashes=True,
)
_BY_NAME = {each.name: each for each in OPERATIONS}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"]
Sent = tuple[str, int, dict[str, str]]  # body, status, headers


@pages.route("/<path:address>", methods=METHODS)
@pages.route("/", defaults={"address": ""}, methods=METHODS)
def serve(address: str) -> Response:
    """Every address of the API: what is declared, and a problem for everything else."""
    if request.method == "OPTIONS":
        return _options(address)
    operation, path = _find(address)
    g.api_operation = operation
    session = database()
    token, account = who_asks(session)
    g.api_rate = rate_of(token)
    if g.api_rate.is_over:
        raise ProblemError(429, N_("Please ask again in %(seconds)s seconds."), seconds=g.api_rate.seconds)
    form = negotiated(_forms(operation))
    actor = acting(session, operation, token, account)
    query = read_query(operation.query)
    _check_members(operation, query)
    g.api_call = call = Call(session, actor, token, path, query, read_body(operation))
    if operation.listing is not None:
        return _lines(operation.listing, call) if form == LINES else _page(operation, operation.listing, call)
    if operation.lines is not None and form == LINES:
        return in_lines(operation.lines(call), call.query)
    return _read(operation, call) if operation.is_read else _change(operation, call)


def _forms(operation: Operation) -> tuple[str, ...]:
    """The types of answer that the operation has."""
    if operation.gives_raw:
        return (RAW,)
    return (JSON, LINES) if operation.has_lines else (JSON,)


def _find(address: str) -> tuple[Operation, dict[str, str]]:
    method = "GET" if request.method == "HEAD" else request.method
    try:
        found, path = _RULES.bind("hall").match(f"/{address}", method=method)
    except MethodNotAllowed as error:
        allowed = sorted(set(error.valid_methods or ()) | {"OPTIONS"})
        text = N_("This address takes %(methods)s.")
        raise ProblemError(405, text, methods=", ".join(allowed), headers={"Allow": ", ".join(allowed)}) from None
    except (HTTPException, RequestRedirect):
        raise NotFound(N_("There is no such address; /api/v1/openapi.json has all of them.")) from None
    return _BY_NAME[found], dict(path)


def _options(address: str) -> Response:
    """What the address takes; to pages of other sites, that what is public may be read without a token."""
    allowed = _RULES.bind("hall").allowed_methods(f"/{address}")
    if not allowed:
        raise NotFound(N_("There is no such address; /api/v1/openapi.json has all of them."))
    response = Response(status=204, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})
    if "GET" in allowed:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _read(operation: Operation, call: Call) -> Response:
    if operation.load is not None:
        call.record = operation.load(call)
    answer = _run(operation)(call)
    if operation.gives_raw:
        return _bytes(answer)
    body, status, headers = _told(operation, call, answer)
    # Whoever has cookies may be sent new ones with the answer, which no cache may give to others.
    if operation.caching is not None and call.token is None and not request.cookies:
        g.is_for_everybody = True
        headers |= {"Cache-Control": operation.caching(call, answer), "Vary": "Accept"}
    if has_seen(headers["ETag"]):
        return Response(status=304, headers=headers)
    return Response(body, status, headers=headers, content_type=JSON)


def _bytes(found: Bytes) -> Response:
    name, etag = found.file.name, found.file.sha256
    response = sent(found.opened, mimetype=RAW, as_attachment=True, download_name=name, etag=etag)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _run(operation: Operation) -> Callable[[Call], Any]:
    if operation.run is None:
        raise TypeError(f"{operation.name} is a list")
    return operation.run


def _told(operation: Operation, call: Call, answer: Told) -> Sent:
    """What is sent of an answer. Its ETag begins with the record's version, which ``If-Match`` reads, and goes on with
    what the text depends on beside: the reader, the language, the members that were asked for."""
    if not isinstance(answer, operation.answer):
        raise TypeError(f"{operation.name} answers {type(answer).__name__}")
    body = json.dumps(narrowed(answer, call.query), ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    version = getattr(answer, "version", None)
    headers = {"ETag": f'"{version}.{digest}"' if isinstance(version, int) else f'"{digest}"'}
    if operation.status == 201 and (link := getattr(answer, "link", "")):
        headers["Location"] = link
    return body, operation.status, headers


def _check_members(operation: Operation, query: Any) -> None:
    """Raise ProblemError (422) for ``fields`` that no answer of the operation has."""
    asked = query.fields.split(",") if isinstance(query, RecordQuery) and query.fields is not None else []
    unknown = [name for name in asked if name not in operation.answer.model_fields]
    if unknown:
        names = ", ".join(unknown)
        fault = Fault(detail=names, code="fields", parameter="fields")
        raise ProblemError(422, N_("There are no such members: %(names)s."), names=names, faults=[fault])


def _change(operation: Operation, call: Call) -> Response:
    """Do it once: with the same key and the same request, the answer of the first time."""
    version = seen_version() if operation.is_versioned else None
    g.api_version = version
    text = sent_key() if operation.keeps_answers else ""
    token = call.token
    if token is None:
        raise TypeError(f"{operation.name} has no scope")
    key, asked = key_of(token.pk, text) if text else "", _fingerprint(version)
    if key and (kept := find_answer(call.session, key)) is not None:
        return _again(kept, asked)
    if operation.prepare is not None:
        call.prepared = operation.prepare(call)
    try:
        with _whole(operation, call.session):
            row = _claimed(call.session, key, token, asked) if key else None
            body, status, headers = _done(operation, call, version)
            if row is not None:
                row.status, row.headers, row.body = status, json.dumps(headers), body
                call.session.add(row)
    except _TakenMeanwhile:
        kept = find_answer(call.session, key)
        if kept is None:
            raise ProblemError(409, N_("The same request is being done at this moment.")) from None
        return _again(kept, asked)
    return Response(body, status, headers=headers, content_type=JSON)


def _whole(operation: Operation, session: Session) -> AbstractContextManager[None]:
    """One transaction for the change, its event and the kept answer. A deletion unlinks files after its own commit."""
    return transaction(session) if operation.keeps_answers else nullcontext()


class _TakenMeanwhile(Exception):
    """Another request with the same key came first."""


def _claimed(session: Session, key: str, token: ApiToken, asked: str) -> KeptAnswer:
    try:
        return claim_key(session, key, account_id=token.account_id, request=asked)
    except IntegrityError:
        raise _TakenMeanwhile from None


def _done(operation: Operation, call: Call, version: int | None) -> Sent:
    if operation.load is not None:
        call.record = operation.load(call)
    if operation.is_versioned:
        call.session.refresh(call.record, with_for_update=True if operation.keeps_answers else None)
        if version is not None and call.record.version != version:
            raise StaleEdit(call.record)
    return _told(operation, call, _run(operation)(call))


def _fingerprint(version: int | None) -> str:
    body = hashlib.sha256(request.get_data()).hexdigest()
    return fingerprint([request.method, request.full_path, version, body])


def _again(kept: KeptAnswer, asked: str) -> Response:
    if kept.request != asked:
        fault = Fault(detail="used for another request", code="key", header="Idempotency-Key")
        raise ProblemError(422, N_("This Idempotency-Key was used for another request."), faults=[fault])
    headers = {**json.loads(kept.headers), "Idempotency-Replayed": "true"}
    return Response(kept.body, kept.status, headers=headers, content_type=JSON)


def _rows(listing: Listing, call: Call, after: int | None, size: int) -> list[Any]:
    """The next rows after this id that the caller may see, and none more than ``size``."""
    found: list[Any] = []
    is_newest = call.query.order == "newest"
    key = col(listing.key)
    while len(found) < size:
        query = listing.rows(call).order_by(key.desc() if is_newest else key).limit(BATCH)
        if after is not None:
            query = query.where(key < after if is_newest else key > after)
        batch = list(call.session.exec(query))
        for row in batch:
            after = row.id
            if listing.may_see(call, row):
                found.append(row)
                if len(found) == size:
                    break
        if len(batch) < BATCH:
            break
    return found


def _after(operation: Operation, query: ListQuery) -> int | None:
    if query.cursor is None:
        return None
    (place,) = read_cursor(f"{operation.name}.{query.order}", query.cursor, int)
    return int(place)


def _page(operation: Operation, listing: Listing, call: Call) -> Response:
    query: ListQuery = call.query
    rows = _rows(listing, call, _after(operation, query), query.limit + 1)
    shown = rows[: query.limit]
    following = write_cursor(f"{operation.name}.{query.order}", shown[-1].id) if len(rows) > len(shown) else None
    items = [narrowed(listing.tell(call, row), query) for row in shown]
    body = json.dumps({"items": items, "next": following}, ensure_ascii=False, separators=(",", ":"))
    tag = f'"{hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]}"'
    if has_seen(tag):
        return Response(status=304, headers={"ETag": tag})
    return Response(body, 200, headers={"ETag": tag}, content_type=JSON)


def _lines(listing: Listing, call: Call) -> Response:
    """The whole list, a line a record, as it is read; ``limit`` does not bound it."""
    after = _after(g.api_operation, call.query)

    def told() -> Iterator[Told]:
        rows = _rows(listing, call, after, BATCH)
        while rows:
            for row in rows:
                yield listing.tell(call, row)
            last = rows[-1].id
            call.session.rollback()  # no long look at the database while a slow reader reads
            call.session.expunge_all()
            rows = _rows(listing, call, last, BATCH)

    return in_lines(told(), call.query)


@pages.errorhandler(ProblemError)
def _layer(error: ProblemError) -> Response:
    _roll_back()
    return of_layer(error)


@pages.errorhandler(HallError)
def _service(error: HallError) -> Response:
    _roll_back()
    operation: Operation | None = g.get("api_operation")
    return of_service(error, sent=_seen_of(error), body=operation.body if operation is not None else None)


def _seen_of(error: HallError) -> int | None:
    """The version that the caller saw of what is stale: of the record itself by ``If-Match``, of what waits beside it
    by the body."""
    if not isinstance(error, StaleEdit) or "api_call" not in g:
        return None
    call: Call = g.api_call
    return g.get("api_version") if error.current is call.record else getattr(call.body, "version", None)


@pages.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return told_by_problem(error.code or 500, error)


def told_by_problem(status: int, error: HTTPException | None) -> Response:
    """What is raised outside the operations: by the router, or before any of them is asked."""
    if isinstance(error, MethodNotAllowed):
        allowed = sorted(_RULES.bind("hall").allowed_methods(request.path.removeprefix("/api/v1")))
        if not allowed:
            return respond(404, "")
        return respond(405, "", headers={"Allow": ", ".join([*allowed, "OPTIONS"])})
    if status < 400:  # an address that another one stands for is none here
        status = 404
    headers = {"Retry-After": str(STORAGE_RETRY_SECONDS)} if status == 503 else {}
    return respond(status, "", headers=headers)


@pages.errorhandler(OperationalError)
@pages.errorhandler(PoolTimeoutError)
@pages.errorhandler(sqlite3.OperationalError)  # where requests are counted (rates.py)
@pages.errorhandler(OSError)
def _storage(error: OperationalError | PoolTimeoutError | sqlite3.OperationalError | OSError) -> Response:
    if isinstance(error, OSError) and error.errno not in DISK:
        return _unexpected(error)
    logger.exception("request %s: the storage fails", g.get("request_id"))
    if "session" in g:
        g.session.invalidate()
    return respond(503, "", headers={"Retry-After": str(STORAGE_RETRY_SECONDS)})


@pages.errorhandler(Exception)
def _unexpected(error: Exception) -> Response:
    logger.exception("request %s: %s failed", g.get("request_id"), request.path)
    _roll_back()
    return respond(500, "")


def _roll_back() -> None:
    if "session" in g:
        g.session.rollback()


@pages.before_app_request
def _no_other_address() -> Response | None:
    """What the router would lead elsewhere, as two slashes to one, is no address of the API."""
    is_led_away = isinstance(request.routing_exception, RequestRedirect)
    return respond(404, "") if is_led_away and request.path.startswith("/api/") else None


@pages.after_request
def _headers(response: Response) -> Response:
    if "api_rate" in g:
        response.headers.extend(
            {name: value for name, value in g.api_rate.headers().items() if name not in response.headers}
        )
    response.vary.add("Authorization")
    is_public = request.method in ("GET", "HEAD") and "Authorization" not in request.headers
    if is_public:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
        )
    return response
