"""Products: read, written, reviewed, amended, delisted."""

from __future__ import annotations

from scenario_hall.api.acts import Act
from scenario_hall.api.contents import asked_content, content_sent
from scenario_hall.api.declaring import Call
from scenario_hall.api.records import Notes, RecordKind, body_of
from scenario_hall.api.scenarios import WAITING
from scenario_hall.products import service
from scenario_hall.products.fields import FIELDS
from scenario_hall.products.models import Product
from scenario_hall.publishing.discarding import recall

Amendment = body_of("Product", asked_content("ProductContentChange", FIELDS))
EXAMPLE = {
    "title": "全自动无人机机场巡检系统",
    "summary": "六旋翼无人机与换电自动机场，用于岸桥与堆场巡检，识别锈蚀和裂纹。",
    "limits": "不适用于8级以上大风。",
    "domains": ["low-altitude"],
    "readiness_level": 8,
    "earlier_uses": "无",
    "specifications": [{"metric": "续航时间", "value": 45, "unit": "min", "note": ""}],
}


def _amend(call: Call) -> object:
    return service.amend_product(
        call.actor,
        session=call.session,
        product=call.record,
        version=call.version,
        content=content_sent(Product, call.body.content),
        reason=call.body.reason,
    )


def _return(call: Call) -> object:
    return service.return_product(
        call.actor,
        session=call.session,
        product=call.record,
        version=call.version,
        reason=call.body.reason,
        notes=call.body.notes,
    )


PRODUCTS = RecordKind(
    table=Product,
    subject="products",
    published_at="listed_at",
    get=service.get_product,
    create=service.create_product,
    save=service.save_draft,
    example=EXAMPLE,
    acts={
        "submit": Act(
            lambda call: service.submit_product(
                call.actor, session=call.session, product=call.record, version=call.version
            )
        ),
        "recall": Act(lambda call: recall(call.actor, session=call.session, record=call.record, version=call.version)),
        "list": Act(
            lambda call: service.list_product(
                call.actor, session=call.session, product=call.record, version=call.version
            )
        ),
        "return": Act(_return, Notes, example={"reason": "…", "notes": {"title": "…"}}),
        "amend": Act(_amend, Amendment, example={"content": {"price_max": 900000}, "reason": "…"}),
        **WAITING,
        "delist": Act(
            lambda call: service.delist_product(
                call.actor,
                session=call.session,
                product=call.record,
                version=call.version,
                reason=call.body.reason,
            )
        ),
    },
)
