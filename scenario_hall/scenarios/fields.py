"""What the author of a scenario writes: every field, declared once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from scenario_hall.core.texts import N_
from scenario_hall.core.values import Requirement
from scenario_hall.publishing.fields import ContentField, Place, Section, ValueKind, declared, fields_of

STEPS = (
    Section("problem", N_("Problem")),
    Section("place", N_("Domain and place")),
    Section("requirements", N_("Requirements")),
    Section("site", N_("Site")),
    Section("terms", N_("Terms")),
)


class ScenarioContent(SQLModel):
    """What the author writes. A draft may lack anything; ``Scenario.missing`` says what a submission needs."""

    title: str = declared(
        ValueKind.LINE,
        N_("Title"),
        "problem",
        is_substance=True,
        is_required=True,
        is_noted=True,
        missing=N_("Give it a title that a supplier understands at once."),
        headers="name, 场景名称, 应用场景名称, 应用场景, 场景, 场景清单名称, 场景机会名称, 需求名称, 技术需求名称, "
        "项目名称, 名称, 标题, 题目, 榜单名称, scenario, scenario name, scenario title",
    )
    situation: str = declared(
        ValueKind.TEXT,
        N_("Situation today"),
        "problem",
        is_substance=True,
        question=N_("What is the situation today, and what problems does it cause?"),
        place=Place.PROSE,
        panel="problem",
        empty="—",
        is_searched=True,
        is_noted=True,
        missing=N_("Describe the situation today and the problems it causes."),
        column="text",
        headers="description, summary, 场景描述, 场景简介, 场景介绍, 场景概况, 场景内容, 需求描述, 需求内容, 需求简介, "
        "现况与痛点, 现状与痛点, 现状及痛点, 现状和痛点, 现状, 现况, 痛点, 背景, 需求背景, 项目背景, 建设内容, "
        "主要内容, 内容, 简介, 描述, 说明, situation, background, problem, pain points, current situation",
    )
    wanted_result: str = declared(
        ValueKind.TEXT,
        N_("Desired result"),
        "problem",
        is_substance=True,
        question=N_("What result do you want?"),
        place=Place.PROSE,
        panel="problem",
        empty="—",
        is_searched=True,
        is_noted=True,
        missing=N_("Describe the result you want."),
        headers="预期目标, 预期效果, 预期成效, 预期成果, 建设目标, 目标, 期望效果, expected result, expected outcome, "
        "objective, objectives",
        exported_in="text",
    )
    domains: list[str] = declared(
        ValueKind.DOMAINS,
        N_("Domains"),
        "place",
        is_substance=True,
        is_noted=True,
        missing=N_("Choose at least one domain."),
        headers="domain, 领域, 所属领域, 应用领域, 技术领域, 行业领域, 行业, 所属行业, 产业领域, field, fields, "
        "sector, industry",
    )
    tags: list[str] = declared(
        ValueKind.TAGS,
        N_("Tags"),
        "place",
        question=N_("Technologies and kinds of places"),
        headers="tag, 标签, 关键词, 关键字, keywords, 类别, 分类, category",
    )
    proposed_tags: list[str] = declared(
        ValueKind.WORDS,
        N_("Proposed tags"),
        "place",
        question=N_("Something missing? Propose tags"),
        help=N_("Separated by commas"),
        is_listed=False,  # the words of the columns of domains and tags that the taxonomy does not have
    )
    region: str = declared(
        ValueKind.REGION,
        N_("Region"),
        "place",
        missing=N_("Choose the region."),
        headers="地区, 区域, 城市, 所在地, 所在地区, 所在城市, 所属地区, 地市, 地点, 实施地点, 建设地点, 应用地点, "
        "场景地点, 项目地点, 位置, location, place, city, site, district",
    )
    place: str = declared(
        ValueKind.LINE,
        N_("Place"),
        "place",
        is_searched=True,
        is_listed=False,  # the column of the region, as it is written
    )
    requirements: list[dict[str, Any]] = declared(
        ValueKind.LINES,
        N_("Requirements"),
        "requirements",
        is_substance=True,
        line=Requirement,
        malformed=N_("Each requirement needs a metric, a comparison and a matching value."),
        help=N_("Measurable lines, e.g. flight time · at least · 40 · min · must"),
        is_searched=True,
        is_noted=True,
        headers="requirement, 技术需求, 技术要求, 技术指标, 主要技术指标, 主要指标, 指标要求, 性能要求, 具体要求, "
        "需求指标, 核心指标, 考核指标, technical requirements",
    )
    site_data: str = declared(
        ValueKind.TEXT,
        N_("Data"),
        "site",
        question=N_("Data that the site offers"),
        place=Place.ROW,
        panel="site",
        is_searched=True,
    )
    site_space: str = declared(ValueKind.TEXT, N_("Space"), "site", place=Place.ROW, panel="site", is_searched=True)
    site_airspace: str = declared(
        ValueKind.TEXT, N_("Airspace"), "site", place=Place.ROW, panel="site", is_searched=True
    )
    site_access: str = declared(
        ValueKind.TEXT,
        N_("Access"),
        "site",
        question=N_("Access, power, network, escort"),
        place=Place.ROW,
        panel="site",
        is_searched=True,
    )
    budget_min: int | None = declared(
        ValueKind.SUM,
        N_("Budget from"),
        "terms",
        is_noted=True,
        headers="预算下限, 最低预算, minimum budget, budget from",
    )
    budget_max: int | None = declared(
        ValueKind.SUM,
        N_("Budget up to"),
        "terms",
        lower="budget_min",
        headers="预算上限, 最高预算, maximum budget, budget to",
    )
    currency: str = declared(ValueKind.CURRENCY, N_("Currency"), "terms", headers="货币, 币种, 币别")
    timetable: str = declared(ValueKind.TEXT, N_("Timetable"), "terms", place=Place.FACT, is_searched=True)
    deadline: datetime | None = declared(
        ValueKind.MOMENT,
        N_("Deadline"),
        "terms",
        question=N_("Deadline for applications"),
        help=N_("Hong Kong time, by the server's clock."),
        is_ahead=True,
        is_noted=True,
        headers="截止日期, 截止时间, 截止日, 申请截止日期, 报名截止, 完成时限, 完成时间, 完成期限, 时限, 期限, 有效期, "
        "有效期至, due, due date, closing date, expiry",
    )
    contact_name: str = declared(
        ValueKind.LINE,
        N_("Contact"),
        "terms",
        length=100,
        is_private=True,
        missing=N_("Enter a contact; it is never made public."),
    )
    contact_phone: str = declared(
        ValueKind.PHONE, N_("Contact's telephone"), "terms", question=N_("Telephone"), is_private=True
    )
    contact_email: str = declared(
        ValueKind.EMAIL,
        N_("Contact's e-mail"),
        "terms",
        question=N_("E-mail"),
        help=N_("The contact is never public."),
        is_private=True,
    )


FIELDS: tuple[ContentField, ...] = fields_of(ScenarioContent)
