"""Role × route: every route, every kind of person, one table."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import EMAILS, token
from tests.world import World

ROLES = ("visitor", "unconfirmed", "demand", "supplier", "other", "administrator")
OK, LOGIN, AWAY, MOVED, NONE, NO = 200, "login", 302, 301, 404, 403

# What a GET of each route answers, in the order of ROLES. LOGIN: sent to the log-in page; AWAY: sent on with a word;
# MOVED: has another address for good.
TABLE: dict[str, tuple[object, ...]] = {
    "/": (OK, OK, OK, OK, OK, OK),
    "/about": (OK, OK, OK, OK, OK, OK),
    "/screen": (OK, OK, OK, OK, OK, OK),
    "/progress": (OK, OK, OK, OK, OK, OK),
    "/progress?stage=tried": (OK, OK, OK, OK, OK, OK),
    "/progress?stage=first": (AWAY, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/progress?stage=released&month=11&year=2026": (OK, OK, OK, OK, OK, OK),
    "/bulletins/": (OK, OK, OK, OK, OK, OK),
    "/bulletins/?format=csv": (OK, OK, OK, OK, OK, OK),
    "/bulletins/{month}": (OK, OK, OK, OK, OK, OK),
    "/bulletins/{month}?format=xlsx": (OK, OK, OK, OK, OK, OK),
    "/bulletins/2000-01": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/outcomes?show=notice": (OK, OK, OK, OK, OK, OK),
    "/log": (OK, OK, OK, OK, OK, OK),
    "/log/checkpoint": (OK, OK, OK, OK, OK, OK),
    "/log/proof?entry=1": (OK, OK, OK, OK, OK, OK),
    "/open-data": (OK, OK, OK, OK, OK, OK),
    "/open-data/catalogue.jsonld": (OK, OK, OK, OK, OK, OK),
    "/open-data/ocds/extension.json": (OK, OK, OK, OK, OK, OK),
    "/open-data/nothing.csv": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/feed.atom": (OK, OK, OK, OK, OK, OK),
    "/feed.json": (OK, OK, OK, OK, OK, OK),
    "/favicon.ico": (AWAY, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/healthz": (OK, OK, OK, OK, OK, OK),
    "/readyz": (OK, OK, OK, OK, OK, OK),
    "/metrics": (OK, OK, OK, OK, OK, OK),
    "/search": (OK, OK, OK, OK, OK, OK),
    "/search?view=map": (OK, OK, OK, OK, OK, OK),
    "/search?view=table": (OK, OK, OK, OK, OK, OK),
    "/search?format=xlsx": (OK, OK, OK, OK, OK, OK),
    "/scenarios/?format=csv": (OK, OK, OK, OK, OK, OK),
    "/products/?format=json": (OK, OK, OK, OK, OK, OK),
    "/outcomes?format=csv": (OK, OK, OK, OK, OK, OK),
    "/desk?format=csv": (LOGIN, OK, OK, OK, OK, OK),
    "/scenarios/{open}/judging?format=xlsx": (LOGIN, NO, OK, NO, NO, OK),
    "/searches/": (LOGIN, OK, OK, OK, OK, OK),
    "/searches/new?q=x": (LOGIN, OK, OK, OK, OK, OK),
    "/searches/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/searches/stop/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/notices/": (LOGIN, OK, OK, OK, OK, OK),
    "/notices/choices": (LOGIN, OK, OK, OK, OK, OK),
    "/notices/stop/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/notices/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/search/suggestions": (OK, OK, OK, OK, OK, OK),
    "/share/pt/scenario/{open}.png": (OK, OK, OK, OK, OK, OK),
    "/share/en/scenario/{draft}.png": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/share/zh-Hans/product/{listed}.png": (OK, OK, OK, OK, OK, OK),
    "/share/zh-Hant/certificate/{certificate}.png": (OK, OK, OK, OK, OK, OK),
    "/share/qr/scenario/{open}.svg": (OK, OK, OK, OK, OK, OK),
    "/share/qr/product/{draft_product}.svg": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/scenarios/": (OK, OK, OK, OK, OK, OK),
    "/scenarios/{open}": (OK, OK, OK, OK, OK, OK),
    "/scenarios/{draft}": (NONE, NONE, OK, NONE, NONE, OK),
    "/scenarios/{open}/revisions/1": (OK, OK, OK, OK, OK, OK),
    "/scenarios/{open}/amend": (LOGIN, NO, OK, NO, NO, NO),
    "/scenarios/{draft}/edit/problem": (LOGIN, NONE, OK, NONE, NONE, NO),
    "/scenarios/{draft}/reading": (LOGIN, NONE, OK, NONE, NONE, NO),
    "/scenarios/{draft}/preview": (LOGIN, NONE, OK, NONE, NONE, OK),
    "/scenarios/{draft}/delete": (LOGIN, NONE, OK, NONE, NONE, NO),
    "/products/{draft_product}/delete": (LOGIN, NONE, NONE, OK, NONE, NO),
    "/scenarios/new": (LOGIN, AWAY, OK, AWAY, OK, AWAY),
    "/scenarios/{open}/apply": (LOGIN, AWAY, AWAY, OK, AWAY, AWAY),
    "/products/": (OK, OK, OK, OK, OK, OK),
    "/products/{listed}": (OK, OK, OK, OK, OK, OK),
    "/products/{draft_product}": (NONE, NONE, NONE, OK, NONE, OK),
    "/products/{listed}/revisions/1": (OK, OK, OK, OK, OK, OK),
    "/products/{listed}/versions/1": (MOVED, MOVED, MOVED, MOVED, MOVED, MOVED),
    "/products/{draft_product}/edit": (LOGIN, NONE, NONE, OK, NONE, NO),
    "/products/{listed}/amend": (LOGIN, NO, NO, OK, NO, NO),
    "/products/start": (LOGIN, AWAY, AWAY, OK, OK, AWAY),
    "/products/new": (LOGIN, AWAY, AWAY, OK, OK, AWAY),
    "/applications/{application}": (LOGIN, NONE, OK, OK, NONE, OK),
    "/applications/{application}/plan": (LOGIN, NONE, OK, OK, NONE, OK),
    "/scenarios/{open}/judging": (LOGIN, NO, OK, NO, NO, OK),
    "/scenarios/{open}/judging/criteria": (LOGIN, NO, OK, NO, NO, NO),
    "/applications/{application}/judging": (LOGIN, NONE, OK, NO, NONE, OK),
    "/outcomes": (OK, OK, OK, OK, OK, OK),
    "/outcomes/{approved}": (OK, OK, OK, OK, OK, OK),
    "/outcomes/{approved}/follow-up/3": (LOGIN, NO, OK, OK, NO, OK),
    "/outcomes/{approved}/follow-up/6": (LOGIN, NO, NONE, NONE, NO, NONE),
    "/outcomes/{running}": (NONE, NONE, OK, OK, NONE, OK),
    "/outcomes/{running}/amend": (LOGIN, NONE, OK, OK, NONE, NO),
    "/outcomes/{running}/report": (LOGIN, NONE, OK, OK, NONE, NO),
    "/certificates": (OK, OK, OK, OK, OK, OK),
    "/certificates/{certificate}": (OK, OK, OK, OK, OK, OK),
    "/outcomes/{confirmed}/claim": (LOGIN, NONE, NO, OK, NONE, NO),
    "/rules": (OK, OK, OK, OK, OK, OK),
    "/admin/rules": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/live/lines": (OK, OK, OK, OK, OK, OK),
    "/lists/": (LOGIN, NONE, OK, OK, OK, OK),
    "/lists/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/lists/runs/999/undo": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/lists/999/bad.csv": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/work/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/components/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/letters/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/letters/milestone_due": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/letters/digest/html": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/letters/nothing": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/matching/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/certificates/{certificate}.json": (OK, OK, OK, OK, OK, OK),
    "/certificates/{certificate}.pdf": (OK, OK, OK, OK, OK, OK),
    "/certificates/revocations.json": (OK, OK, OK, OK, OK, OK),
    "/certificates/{certificate}/credential": (OK, OK, OK, OK, OK, OK),
    "/certificates/status": (OK, OK, OK, OK, OK, OK),
    "/.well-known/did.json": (OK, OK, OK, OK, OK, OK),
    "/did.json": (OK, OK, OK, OK, OK, OK),
    "/.well-known/scenario-hall-keys.json": (OK, OK, OK, OK, OK, OK),
    "/certificates/{certificate}/qr.svg": (OK, OK, OK, OK, OK, OK),
    "/organizations/": (LOGIN, OK, OK, OK, OK, OK),
    "/organizations/pilot-platforms": (OK, OK, OK, OK, OK, OK),
    "/organizations/new": (LOGIN, OK, OK, OK, OK, OK),
    "/organizations/{port}": (OK, OK, OK, OK, OK, OK),
    "/organizations/{unverified}": (NONE, NONE, NONE, NONE, OK, OK),
    "/organizations/{port}/invitations": (LOGIN, NO, OK, NO, NO, NO),
    "/scenarios/{open}/invite": (LOGIN, NO, OK, NO, NO, NO),
    "/invitations/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/organizations/{port}/edit": (LOGIN, NO, OK, NO, NO, NO),
    "/organizations/{port}/webhooks": (LOGIN, NO, OK, NO, NO, NO),
    "/admin/webhooks": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/webhooks/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/organizations/{port}/lacks": (LOGIN, NO, OK, NO, NO, OK),
    "/bookmarks": (LOGIN, OK, OK, OK, OK, OK),
    "/desk": (LOGIN, OK, OK, OK, OK, OK),
    "/review/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/several?queue=scenarios": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/item/organizations/{unverified}": (LOGIN, NONE, NONE, NONE, NONE, AWAY),
    "/review/item/organizations/{unverified}/turn": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/absence": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/overdue": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/follow-through": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/gaps": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/lacks": (LOGIN, NONE, NONE, NONE, NONE, MOVED),
    "/review/scenarios/{submitted}": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/products/{draft_product}": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/review/revisions/{proposed}": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/accounts": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/taxonomy": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/taxonomy/new": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/taxonomy/uav": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/log": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/register": (OK, OK, OK, OK, OK, OK),
    "/register/confirm/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/login": (OK, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/password/forgotten": (OK, OK, OK, OK, OK, OK),
    "/password/reset/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/login/code": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/account": (LOGIN, OK, OK, OK, OK, OK),
    "/account/data": (LOGIN, OK, OK, OK, OK, OK),
    "/account/data.json": (LOGIN, OK, OK, OK, OK, OK),
    "/account/close": (LOGIN, OK, OK, OK, OK, OK),
    "/admin/requests/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/retention/": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/account/second-factor": (LOGIN, OK, OK, OK, OK, OK),
    "/account/tokens": (LOGIN, OK, OK, OK, OK, OK),
    # The API takes no session: whoever is logged in is nobody there (tests/api/ holds who may what).
    "/api": (OK, OK, OK, OK, OK, OK),
    "/api/v1/openapi.json": (OK, OK, OK, OK, OK, OK),
    "/api/v1/": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/api/v1/changes": (OK, OK, OK, OK, OK, OK),
    "/api/v1/scenarios/{open}": (OK, OK, OK, OK, OK, OK),
    "/api/v1/scenarios/{draft}": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/files/{attachment}/remove": (LOGIN, NONE, OK, NONE, NONE, NO),
    "/files/999/480": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/files/999": (NONE, NONE, NONE, NONE, NONE, NONE),
}
WRONG, INVALID = 409, 422

# What an empty POST (with the form's token) answers. INVALID: may, but a reason is missing; WRONG: may, but not now.
POSTS: dict[str, tuple[object, ...]] = {
    "/scenarios/{open}/close": (LOGIN, NO, INVALID, NO, NO, NO),
    "/scenarios/{open}/withdraw": (LOGIN, NO, INVALID, NO, NO, INVALID),
    "/scenarios/{submitted}/submit": (LOGIN, NONE, WRONG, NONE, NONE, NO),
    "/scenarios/{open}/take_back": (LOGIN, NO, WRONG, NO, NO, NO),
    "/products/{listed}/delist": (LOGIN, NO, NO, INVALID, NO, INVALID),
    "/scenarios/{open}/matches/{listed}": (LOGIN, NO, NONE, NO, NO, NO),
    "/scenarios/{open}/questions": (LOGIN, NO, NO, INVALID, INVALID, INVALID),
    "/scenarios/{open}/questions/999": (LOGIN, NO, NONE, NO, NO, NO),
    "/scenarios/{open}/jointly": (LOGIN, NO, NONE, NO, NO, NO),
    "/applications/{application}/questions": (LOGIN, NONE, WRONG, NO, NONE, NO),
    "/applications/{application}/messages": (LOGIN, NONE, INVALID, INVALID, NONE, NO),
    "/applications/{application}/answers": (LOGIN, NONE, NO, WRONG, NONE, NO),
    "/applications/{application}/decline": (LOGIN, NONE, WRONG, NO, NONE, NO),
    "/scenarios/{open}/judging/reveal": (LOGIN, NO, WRONG, NO, NO, NO),
    "/applications/{application}/judging/interest": (LOGIN, NONE, WRONG, NO, NONE, NO),
    "/outcomes/{running}/fail": (LOGIN, NONE, INVALID, INVALID, NONE, NO),
    "/outcomes/{planned}/sign": (LOGIN, NONE, AWAY, AWAY, NONE, NO),
    "/outcomes/{running}/amendments/1/agree": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/outcomes/{running}/milestones/interim/exempt": (LOGIN, NONE, NO, NO, NONE, INVALID),
    "/outcomes/{running}/attestation": (LOGIN, NONE, NO, NO, NONE, NO),
    "/organizations/{port}/invitations": (LOGIN, NO, OK, NO, NO, NO),
    "/organizations/{port}/invitations/999": (LOGIN, NO, NONE, NO, NO, NONE),
    "/scenarios/{open}/invite": (LOGIN, NO, OK, NO, NO, NO),
    "/invitations/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/organizations/{port}/webhooks": (LOGIN, NO, OK, NO, NO, NO),
    "/admin/webhooks": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/webhooks/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/webhooks/999/test": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/webhooks/999/secret": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/webhooks/999/confirm": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/webhooks/999/replay": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/webhooks/999/deliveries/999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/searches/999/delete": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/searches/stop/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/notices/stop/nothing": (NONE, NONE, NONE, NONE, NONE, NONE),
    "/notices/read": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/bookmarks": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/organizations/{port}/platform": (LOGIN, NO, NO, NO, NO, AWAY),
    "/outcomes/{claimed}/advice": (LOGIN, NONE, NO, NO, NONE, OK),
    "/outcomes/{noticed}/objections": (LOGIN, NO, NO, NO, INVALID, INVALID),
    "/outcomes/{noticed}/objections/999": (LOGIN, NO, NO, NO, NO, NONE),
    "/outcomes/{approved}/revoke": (LOGIN, NO, NO, NO, NO, INVALID),
    "/organizations/{port}/facts": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/organizations/{port}/suspend": (LOGIN, NO, NO, NO, NO, INVALID),
    "/organizations/{unverified}/members/join": (LOGIN, NO, NONE, NONE, WRONG, AWAY),
    "/organizations/{port}/members/9999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/review/scenarios/{submitted}": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/review/products/{draft_product}": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/review/revisions/{proposed}": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/review/several": (LOGIN, NONE, NONE, NONE, NONE, AWAY),
    "/review/item/revisions/{proposed}/turn": (LOGIN, NONE, NONE, NONE, NONE, AWAY),
    "/review/absence": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/log/cosignatures": (INVALID, INVALID, INVALID, INVALID, INVALID, INVALID),
    "/account/consents": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/login/passkey": (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
    # This hall's address has no https: no passkeys are made for it.
    "/account/passkeys/ask": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/passkeys/new": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/passkeys": (LOGIN, OK, OK, OK, OK, OK),
    "/account/passkeys/9999/rename": (LOGIN, INVALID, INVALID, INVALID, INVALID, INVALID),
    "/account/passkeys/9999/remove": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/second-factor/begin": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/account/second-factor/codes": (LOGIN, WRONG, WRONG, WRONG, WRONG, WRONG),
    "/account/second-factor/remove": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/lists/999/correct": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/lists/999/take": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/target": (LOGIN, NONE, NONE, NONE, NONE, OK),
    "/admin/accounts/9999/close": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/work/failures": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/work/letters/9999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/retention/words/9999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/admin/requests/9999": (LOGIN, NONE, NONE, NONE, NONE, INVALID),
    "/admin/taxonomy/proposals/9999": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/sessions/9999/end": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/tokens/9999/revoke": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/account/sessions/others/end": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/account/password": (LOGIN, OK, OK, OK, OK, OK),
    "/preferences": (AWAY, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/unsent": (401, NONE, NONE, NONE, NONE, NONE),
    "/unsent/drop": (LOGIN, NONE, NONE, NONE, NONE, NONE),
    "/register/confirm": (LOGIN, AWAY, AWAY, AWAY, AWAY, AWAY),
    "/logout": (AWAY, AWAY, AWAY, AWAY, AWAY, AWAY),
}
STREAMS = {"/live"}
# Two cookies of taste; what its senders have signed.
WITHOUT_TOKEN = {"account.set_preference", "log.cosignatures"}


def test_every_route_answers_each_person_as_the_table_says(
    app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    wrong = []
    for path, expected in TABLE.items():
        for role, answer in zip(ROLES, expected, strict=True):
            got = clients[role].get(path.format(**places))
            seen = told(got)
            if seen != answer:
                wrong.append(f"{role} {path}: {seen}, not {answer}")
            if fault := kept_by_others(got, is_signed_in=role != "visitor"):
                wrong.append(f"{role} {path}: {fault}")
    assert wrong == []


def test_every_post_answers_each_person_as_the_table_says(
    app: Flask, visitor: FlaskClient, as_person: Callable[[str], FlaskClient], places: dict[str, str]
) -> None:
    clients = {"visitor": visitor, **{role: as_person(email) for role, email in EMAILS.items()}}
    tokens = {role: token(client, "/password/forgotten") for role, client in clients.items()}
    wrong = []
    for path, expected in POSTS.items():
        for role, answer in zip(ROLES, expected, strict=True):
            seen = told(clients[role].post(path.format(**places), data={"csrf_token": tokens[role]}))
            if seen != answer:
                wrong.append(f"{role} POST {path}: {seen}, not {answer}")
    assert wrong == []
    adapter = app.url_map.bind("hall.test")
    known = {adapter.match(path.format(**places), method="POST")[0] for path in POSTS}
    only_posts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "GET" not in (rule.methods or ())
    }
    assert only_posts <= known


# What says the same to everybody; all else is one person's page.
FOR_ALL = (
    "/static/",
    "/certificates/",
    "/.well-known/",
    "/did.json",
    "/log/checkpoint",
    "/api/v1/changes",
    "/share/",
    "/open-data/",
)


def kept_by_others(answer: TestResponse, *, is_signed_in: bool) -> str:
    """Why somebody else may get to see what this person asked for, by a cache on the way or in the browser."""
    says = answer.headers.get("Cache-Control", "")
    if answer.request.path.startswith(FOR_ALL) and answer.status_code == 200:
        return "" if says else "says nothing to caches"
    if "private" not in says and "no-store" not in says:
        return f"a cache on the way may keep it: {says}"
    if is_signed_in and "no-store" not in says and "max-age=30" not in says:
        return f"the browser keeps it: {says}"
    return "" if "Cookie" in answer.headers.get("Vary", "") else "does not say that it depends on cookies"


def told(answer: TestResponse) -> object:
    """The status, or LOGIN where the person is sent to log in."""
    if answer.status_code == 302 and "/login" in answer.location:
        return LOGIN
    return answer.status_code


def test_the_table_knows_every_route(app: Flask, places: dict[str, str]) -> None:
    adapter = app.url_map.bind("hall.test")
    known = {adapter.match(path.format(**places).partition("?")[0], method="GET")[0] for path in TABLE}
    routes = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    streams = {adapter.match(path, method="GET")[0] for path in STREAMS}
    assert routes - known - streams - {"static"} == set()


def test_no_post_without_the_forms_token(app: Flask, visitor: FlaskClient, places: dict[str, str]) -> None:
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint in WITHOUT_TOKEN:
            continue
        values = {name: 1 if f"int:{name}" in rule.rule else "x" for name in rule.arguments}
        path = app.url_map.bind("hall.test").build(rule.endpoint, values, method="POST")
        assert visitor.post(path).status_code in (400, 404), path


def test_what_is_not_public_is_nowhere_for_a_visitor(
    visitor: FlaskClient, hall: World, places: dict[str, str], follow: Callable[[], None]
) -> None:
    secret = hall.submitted_scenario(title="秘密草稿标题", situation="秘密草稿内容")
    hall.draft_product(title="秘密产品标题")
    follow()
    pages = [
        "/",
        "/search?q=秘密",
        "/search?closed=1",
        "/scenarios/",
        "/products/",
        "/outcomes",
        "/feed.atom",
        "/feed.json",
        "/api/v1/changes?words=true",
        "/search/suggestions?q=秘密",
        f"/scenarios/{places['open']}",
        f"/organizations/{places['port']}",
    ]
    for path in pages:
        text = visitor.get(path).text
        for word in ("秘密草稿", "秘密产品", secret.code, "secret-contact", "陈秘密", "未核验单位"):
            assert word not in text.replace('value="秘密"', ""), (path, word)
