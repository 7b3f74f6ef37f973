"""A query that stands gives the verdict that the index gives, document by document, and is found by its keys."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scenario_hall.search.engine.index import IndexDocument, SearchQuery
from scenario_hall.search.engine.standing import DocumentTerms, StandingQuery, answers, keys_of, standing_query
from scenario_hall.search.engine.whoosh_index import WhooshIndex

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXTS = (
    ("港口岸桥无人机夜间巡检", "人工登高检查岸桥钢结构,每台岸桥需停机2小时。", "low-altitude", "uav-inspection"),
    ("輸電走廊樹障測量", "激光雷達測量樹障,精度 5 cm,支持 M300 RTK。", "low-altitude", "lidar"),
    ("Hospital delivery robots", "Robots deliver medicine at night; 40 minutes of battery life.", "robotics", "agv"),
    ("Inspeção de pontes com drones", "Inspeções noturnas de pontes e cabos.", "robotics", "uav-inspection"),
    ("人人可用的5G/6G网关", "人人都用。工业网关 C-919 改造。", "ai", ""),
    ("岸桥", "桥岸 岸桥 岸", "ai", "agv"),
)
STATES = ("released", "closed", "listed", "released", "withdrawn", "expired")
PIECES = (
    "岸桥", "岸", "无人机", "巡检", "夜间", "樹障", "树障", "人人", "桥", "robots", "robot", "night", "inspeção",
    "pontes", "M300 RTK", "m300rtk", "5 cm", "5G", "C919", "2小时", "湾澜", "什么", "where", "的", "低空", "S-2026-000001",
)  # fmt: skip
FORMS = ("{}", '"{}"', "-{}", '-"{}"', "title:{}", "tag:{}", "org:{}", "code:{}", 'title:"{}"', "NOT {}")
LOOSE = ("OR", "AND", "tag:agv", "-tag:agv", "kind:product", "region:深圳", "budget:300000..", "deadline:..2026-12-31",
         "level:6..", "posted:2026-11-01..", '""', "-", '"，"', "budget:x")  # fmt: skip


def document(number: int) -> IndexDocument:
    title, body, domain, tag = TEXTS[number % len(TEXTS)]
    is_scenario = number % 3 != 2
    return IndexDocument(
        kind="scenario" if is_scenario else "product",
        code=f"{'S' if is_scenario else 'P'}-2026-{number:06d}",
        title=title,
        summary="",
        body=body if number < len(TEXTS) else f"{body} 夜间 {number}",
        organization=("湾澜港务", "禾翼航空", "")[number % 3],
        tags=(tag,) if tag else (),
        domains=(domain,),
        region=(("440300",), ("820000", "440100"), ())[number % 3],
        state=STATES[number % len(STATES)] if is_scenario else "listed",
        open=True,
        budget_low=(None, 200_000.0, 900_000.0)[number % 3],
        budget_high=(800_000.0, None, 900_000.0)[(number + 1) % 3],
        readiness=None if is_scenario else number % 9,
        deadline=NOW + timedelta(days=number * 5 - 10) if is_scenario and number % 2 else None,
        posted=NOW - timedelta(days=number * 4),
        tag_words="无人机 ; UAV ; drone" if tag == "uav-inspection" else "",
    )


DOCUMENTS = [document(number) for number in range(12)]


@pytest.fixture(scope="module")
def terms() -> dict[str, DocumentTerms]:
    """Cut by the words that are known now, as the index's are: other tests register those of the taxonomy."""
    return {each.code: DocumentTerms(each) for each in DOCUMENTS}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WhooshIndex:
    made = WhooshIndex(tmp_path_factory.mktemp("standing"))
    made.rebuild(DOCUMENTS, 1)
    return made


clauses = st.one_of(
    st.builds(
        str.format, st.sampled_from(FORMS), st.lists(st.sampled_from(PIECES), min_size=1, max_size=2).map("".join)
    ),
    st.builds(str.format, st.sampled_from(FORMS), st.text(alphabet="岸桥人机的 abr5", min_size=1, max_size=4)),
    st.sampled_from(LOOSE),
)
asked = st.builds(
    SearchQuery,
    text=st.lists(clauses, max_size=4).map(" ".join),
    kind=st.sampled_from(("", "", "scenario", "product")),
    domains=st.sampled_from(((), (), ("robotics",), ("ai", "low-altitude"))),
    regions=st.sampled_from(((), (), ("440300",), ("820000", "440100"))),
    states=st.sampled_from(((), (), ("released",), ("expired",), ("closed", "listed"))),
    tags=st.sampled_from(((), (), ("agv",), ("uav-inspection", "lidar"))),
    budget_min=st.sampled_from((None, None, 250_000.0)),
    budget_max=st.sampled_from((None, None, 850_000.0)),
    readiness_min=st.sampled_from((None, None, 3)),
    deadline_before=st.sampled_from((None, None, NOW + timedelta(days=20))),
    deadline_after=st.sampled_from((None, None, NOW + timedelta(days=1))),
    posted_since=st.sampled_from((None, None, NOW - timedelta(days=20))),
    include_closed=st.booleans(),
    synonyms=st.sampled_from(((), (), ("drone",), ("无人机", "夜间巡检"))),
    page_size=st.just(1000),
)


@settings(max_examples=200)
@example(SearchQuery(text='"岸桥" "夜间"', include_closed=True, page_size=1000))  # both phrases, not the last alone
@example(SearchQuery(text='"岸桥" OR "robots"', include_closed=True, page_size=1000))
@given(asked)
def test_the_verdict_is_the_index_s_own(
    index: WhooshIndex, terms: dict[str, DocumentTerms], asked: SearchQuery
) -> None:
    result = index.search(asked, NOW)
    expected = set() if result.is_widened else {hit.code for hit in result.hits}
    query = standing_query(asked)
    kept = StandingQuery.from_data(json.loads(json.dumps(query.as_data())))
    assert {code for code, own in terms.items() if answers(kept, own, NOW)} == expected
    # Whatever answers shares a key with the query, so that nothing is lost where only these are looked at.
    assert all(keys_of(kept) & terms[code].keys() for code in expected)


def test_days_count_from_when_it_is_asked(terms: dict[str, DocumentTerms]) -> None:
    query = standing_query(SearchQuery(include_closed=True), deadline_days=7, posted_days=10)
    found = [each.code for each in DOCUMENTS if answers(query, terms[each.code], NOW)]
    later = [each.code for each in DOCUMENTS if answers(query, terms[each.code], NOW + timedelta(days=30))]
    assert found == ["S-2026-000001"] and later == []


def test_of_a_query_of_words_only_few_documents_share_a_key(terms: dict[str, DocumentTerms]) -> None:
    query = standing_query(SearchQuery(text='"输电走廊" 测量'))
    assert [each.code for each in DOCUMENTS if keys_of(query) & terms[each.code].keys()] == [
        "S-2026-000001",
        "S-2026-000007",
    ]
