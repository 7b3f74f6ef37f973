"""What a product's text denies, and whether people do the work: “无防爆认证”, “不支持粤语”, “手动遥控”, “no crowd”.

Words that are denied count against a pair whose scenario asks for them.
"""

from __future__ import annotations

import re

from scenario_hall.language.folding import fold
from scenario_hall.language.text import words

# 无人, 无线, 无需 … deny nothing that a scenario could want.
_DENIED = re.compile(
    r"(?:无(?!人|线|需|损|障|刷|感|缝|菌|尘|源|接触|级|轨|极)|没有|不支持|不含|不包含|未(?!来|知)|不具备|不能|无法"
    r"|不可(?!见|或|缺)|不作|不提供|不处理|不携带|不适用|不涉及|非(?!接触|标|合作|常|侵|开挖)"
    r"|\bwithout |\bno |\bnot |\blacks? |\bexcluding )(?P<rest>[一-鿿a-z0-9\- ]{2,14})"
)
_BY_HAND = re.compile(
    r"(?<!无需)(?<!替代)(?<!代替)(?<!取代)(?<!减少)(?<!降低)(?<!不需)(?<!免去)(?<!免)"
    r"(?:手动|人工|手持|手推|手提|遥控|飞手|推行|单机|教学|manual|operator|hand-?held|hand-?operated)"
)
_BY_ITSELF = re.compile(r"自动|自主|无人|免示教|机器人|机械人|autonomous|automatic|unmanned|robot")


def denied_words(text: str) -> frozenset[str]:
    """The folded words that the text says are not there."""
    return frozenset(word for match in _DENIED.finditer(fold(text)) for word in words(match["rest"]))


def is_done_by_hand(text: str) -> bool:
    """Does the product need somebody's hands?"""
    return _BY_HAND.search(fold(text)) is not None


def wants_autonomy(text: str) -> bool:
    """Does the scenario want it to run by itself?"""
    return _BY_ITSELF.search(fold(text)) is not None
