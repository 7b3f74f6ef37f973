"""What the supplier of a product writes: every field, declared once."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as ValueField
from sqlmodel import SQLModel

from scenario_hall.core.clock import local_today
from scenario_hall.core.texts import N_
from scenario_hall.core.values import Specification
from scenario_hall.publishing.fields import ContentField, Place, ValueKind, declared, fields_of

READINESS_LEVELS = {
    1: N_("1 · basic principle observed"),
    2: N_("2 · concept formulated"),
    3: N_("3 · proof of concept"),
    4: N_("4 · validated in the laboratory"),
    5: N_("5 · validated in a relevant environment"),
    6: N_("6 · demonstrated in a relevant environment"),
    7: N_("7 · prototype in an operational environment"),
    8: N_("8 · complete and qualified"),
    9: N_("9 · proven in operation"),
}


class HeldCertificate(BaseModel):
    """A licence, type approval or test certificate that the product holds."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = ValueField(min_length=1, max_length=200)
    number: str = ValueField(default="", max_length=100)
    expires: date | None = None

    def is_in_force(self, day: date | None = None) -> bool:
        return self.expires is None or self.expires >= (day or local_today())


class ProductContent(SQLModel):
    """What the supplier writes. A draft may lack anything; ``Product.missing`` says what a submission needs."""

    title: str = declared(
        ValueKind.LINE,
        N_("Title"),
        "product",
        is_substance=True,
        question=N_("Name"),
        is_required=True,
        is_noted=True,
        missing=N_("Enter the product's name."),
        headers="name, 产品名称, 技术名称, 新技术名称, 新产品名称, 新技术新产品名称, 技术产品名称, 成果名称, 名称, "
        "标题, 产品, product, product name",
    )
    model: str = declared(
        ValueKind.LINE,
        N_("Model"),
        "product",
        length=100,
        is_searched=True,
        headers="型号, 产品型号, 规格型号, 型号规格, model number",
    )
    version_label: str = declared(
        ValueKind.LINE, N_("Version"), "product", length=60, place=Place.FACT, headers="version, 版本, 版本号"
    )
    summary: str = declared(
        ValueKind.TEXT,
        N_("What it does"),
        "product",
        is_substance=True,
        place=Place.PROSE,
        panel="what",
        empty="—",
        is_searched=True,
        is_noted=True,
        missing=N_("Describe what it does."),
        column="text",
        headers="description, summary, 产品描述, 产品简介, 产品介绍, 产品概况, 技术简介, 技术描述, 成果简介, 主要功能, "
        "功能, 功能介绍, 应用场景, 适用场景, 主要内容, 内容, 简介, 描述, 说明",
    )
    limits: str = declared(
        ValueKind.TEXT,
        N_("What it does not do"),
        "product",
        is_substance=True,
        place=Place.PROSE,
        panel="what",
        is_noted=True,
        headers="使用限制, 局限, 局限性, 不适用范围, limitations",
    )
    domains: list[str] = declared(
        ValueKind.DOMAINS,
        N_("Domains"),
        "product",
        is_substance=True,
        missing=N_("Choose at least one domain."),
        headers="domain, 领域, 所属领域, 应用领域, 技术领域, 行业, 所属行业, 产业领域, field, fields, sector, industry",
    )
    tags: list[str] = declared(
        ValueKind.TAGS,
        N_("Tags"),
        "product",
        question=N_("Technologies and kinds of places"),
        headers="tag, 标签, 关键词, 关键字, keywords, 类别, 分类, 产品类别, category",
    )
    proposed_tags: list[str] = declared(
        ValueKind.WORDS,
        N_("Proposed tags"),
        "product",
        question=N_("Something missing? Propose tags"),
        help=N_("Separated by commas"),
        is_listed=False,  # the words of the columns of domains and tags that the taxonomy does not have
    )
    specifications: list[dict[str, Any]] = declared(
        ValueKind.LINES,
        N_("Specifications"),
        "product",
        is_substance=True,
        line=Specification,
        malformed=N_("Each specification needs a metric, and its range must run from low to high."),
        help=N_("Measured lines, e.g. flight time · 45 · min"),
        is_searched=True,
        is_noted=True,
        headers="specification, specs, 技术指标, 主要技术指标, 主要性能指标, 性能指标, 主要参数, 技术参数, 参数, 指标, "
        "规格, 性能参数, technical specifications",
    )
    readiness_level: int | None = declared(
        ValueKind.LEVEL,
        N_("Readiness level"),
        "product",
        choices=READINESS_LEVELS,
        malformed=N_("The readiness level must be from 1 to 9."),
        is_noted=True,
        missing=N_("Enter the readiness level, 1 to 9."),
        headers="技术成熟度, 成熟度, 技术就绪度, 技术成熟度等级, trl, readiness, technology readiness level",
    )
    earlier_uses: str = declared(
        ValueKind.TEXT,
        N_("Earlier sales or uses"),
        "product",
        help=N_("A claim to be “first” is checked against this. Write “none” if there were none."),
        place=Place.PROSE,
        panel="earlier",
        empty=N_("not stated"),
        is_noted=True,
        missing=N_(
            "State earlier sales or uses, or write that there were none: a claim to be “first” is checked against it."
        ),
        headers="首次销售时间, 首次应用时间, 首次销售日期, 应用案例, 应用情况, 典型案例, 案例, 销售情况, 已应用场景, "
        "earlier uses, references, first sale, first sold",
    )
    certificates: list[dict[str, Any]] = declared(
        ValueKind.LINES,
        N_("Certificates"),
        "product",
        question=N_("Certificates and licences"),
        line=HeldCertificate,
        malformed=N_("Each certificate needs a name, and its expiry must be a date."),
        is_searched=True,
        is_noted=True,
        is_listed=False,
    )
    intellectual_property: str = declared(
        ValueKind.TEXT,
        N_("Intellectual property"),
        "product",
        place=Place.PROSE,
        panel="earlier",
        headers="知识产权, 专利, 专利号, 专利情况, patents, ip rights",
    )
    price_min: int | None = declared(
        ValueKind.SUM, N_("Price from"), "product", headers="budget_min, 最低价格, 价格下限"
    )
    price_max: int | None = declared(
        ValueKind.SUM, N_("Price up to"), "product", lower="price_min", headers="budget_max, 最高价格, 价格上限"
    )
    currency: str = declared(ValueKind.CURRENCY, N_("Currency"), "product", headers="货币, 币种, 币别")
    regions_served: list[str] = declared(
        ValueKind.REGIONS,
        N_("Regions served"),
        "product",
        help=N_("If none is selected, every region is served."),
        column="region",
        headers="地区, 服务地区, 服务区域, 所在地, 所在地区, 所在城市, 城市, 供应地区, regions_served, regions, city, "
        "location",
    )


FIELDS: tuple[ContentField, ...] = fields_of(ProductContent)
