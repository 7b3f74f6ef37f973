"""What a quantity in prose is a quantity of: the words before the number, else those behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenario_hall.language.text import is_cjk
from scenario_hall.quantities.pattern import COUNTING, WINDOW, known_metric
from scenario_hall.taxonomy.metrics import find_metric

# After these the noun behind the value is what is measured: 自带2.8米皮带, 潜入顶起1吨货架.
_NOUN_FOLLOWS = re.compile(
    r"(?:适合|适应|适用|自带|携带|搭载|兼容|配备|内置|顶起|抓取|发现|检出|识别|区分|可处理|支持|照看|产出|接入|放于|跨在原有"
    r"|提供|挂载|吊挂|提放|搬运|搬起|举升|装载|运送|加装在?现?有?|完成|研制|开发)[一二两三四]?[枚台架个件]?$"
)
# Words that stand around a metric and are no part of it.
_LEAD = re.compile(
    r"^(?:(?:客户|用户|甲方|业主)(?:要求|希望|需要)?|希望|要求|需要|需|拟|其中|其|且|并且|并|同时|以及|及|和|与|或|可|能够|能(?![效量耗源级])|应|须|实现|保证|确保|满足|具备|具有|支持|采用|使用|通过|对"
    r"|使得|使|将|把|从|按|对|当|在|是|为|达到|目前|现有|现在|现状|目标|最终|整体|总体|即|如|该|本|的|有|至少|单台|平均|全程|the|an?|with|and|of|in|for|over|at|by|is|are|must|should|be|has|have|its|carrying|gives?|needs?)(?=\s|[^a-z])"
)
_TAIL = re.compile(
    r"(?:应当|应该|应|须|需要|需|要|能够|(?<![性产功节])能|可以|可|为|是|在|约|大约|仅|达到|达|到|至|控制|提高|提升|降低|下降|减少|增加|缩短|延长|提高了|降低了|保持"
    r"|稳定|必须|不得|均|都|也|则|还|就|有|的|(?<!离)地|得|维持于?|稳定在?|摄氏|了|:|：|=|每|平均|最大|最高|最低|最小|最长|最短|能力达|对|从|由"
    r"|of|is|are|must be|should be|be|at|for|a|an|the|in|over|to|,|-|with|and|from)$"
)
_BREAK = re.compile(
    r"[,，、()（）\[\]【】:：\"“”'/]|(?:并且|以及|同时|其中|使得|能够|实现|保证(?!金)|确保|具备|具有|支持|采用|通过|希望|要求|需要|可在|可从|用于)"
)
# What a value alone is a value of, where its dimension leaves no doubt.
USUAL_NAMES = {
    "power": "功率",
    "mass": "重量",
    "energy": "容量",
    "pressure": "压力",
    "speed": "速度",
    "noise": "噪声",
    "data-rate": "带宽",
}
# What one character names.
SHORT_NAMES = {"重": "重量", "长": "长度", "宽": "宽度", "高": "高度", "深": "深度", "厚": "厚度", "载": "载重"}
# What stands for a name where there is none: 每小时300平方米, 平均1.4秒.
SAID_ALONE = re.compile(
    r"(平均|最[大小高低长短快慢多少]|[每单][台套次架户]|每(?:小时|分钟|秒|天|日|周|月|年))\s*(?:为|约|仅|只|≥|≤)?\s*$"
)
# “毫米波雷达,60GHz,”: a value alone between commas is of the thing before it.
THING_BEFORE = re.compile(r"(?:^|[,;:。])(?P<thing>[一-鿿]{2,12})\s?[,、]\s?$")
# “快速充电由20%至80%需时不多于40分钟”: what takes the time stands before.
TAKES_TIME = frozenset("需时 耗时 用时 历时 费时 需時 耗時 用時 歷時 費時".split())
ACT_BEFORE = re.compile(r"(?P<act>[一-鿿]{2,6})\s{1,3}(?:需时|耗时|用时|历时|费时)[^\d,;]{0,8}$")
# What is done within a time says little without what it is done to: 船舶接驳操作应在20分钟内完成.
_DONE_TO = re.compile(
    r"(?P<what>[一-鿿]{2,8}?)(?:必须|应当|应该|应|须|需要?|要|可以?|能够?|均|都|得|将)?(?:于|在)?\s?$"
)
_END_OF_CLAUSE = re.compile(r"\s?(?:[,;。、)]|$)")


def done_name(sentence: Sentence, within: re.Match[str], start: int, number: int) -> str:
    """What is done within a time: the verb with its object (发出警示), or with its subject where it has none."""
    said = sentence.text[within.start("what") : within.end("what")]
    subject = _DONE_TO.search(sentence.text, start, number)
    if subject is None or len(said) > _VERB_ALONE or not _END_OF_CLAUSE.match(sentence.text, within.end("what")):
        return said
    begin, end = _trimmed(sentence.text, *subject.span("what"))
    return f"{sentence.text[begin:end]}{said}" if end - begin > 1 else said


_VERB_ALONE = 2  # characters: 完成, 发出, 到场
_HEADS = re.compile(r"[一-鿿]{1,5}(?:[量率度值力性距]|时间|距离|范围|寿命)(?![一-鿿]?[性化])")


Span = tuple[int, int]


@dataclass(frozen=True)
class Sentence:
    """A sentence folded, without what is no quantity, and as it was written; ``origins``: folded place → place."""

    text: str
    original: str
    origins: tuple[int, ...]

    def spelled(self, begin: int, end: int) -> str:
        """A span of the folded text as its author spelled it; as it is read, where it was written otherwise."""
        places = self.origins[begin:end]
        if not places or min(places) < 0:
            return self.text[begin:end].strip()
        behind = self.origins[min(end, len(self.origins) - 1)]
        return self.original[places[0] : behind if behind >= 0 else places[-1] + 1].strip()

    def spelled_unit(self, begin: int, end: int) -> str:
        """The same of a unit."""
        unit = self.spelled(begin, end)
        return _SPELLED.get(unit, unit)


_SPELLED = {
    "n·m": "N·m",
    "kn·m": "kN·m",
    "mn·m": "mN·m",
    "°c": "°C",
    "pa·s": "Pa·s",
    "mpa·s": "mPa·s",
    "kw·h": "kW·h",
}


def named_before(text: str) -> str:
    """The last word before that names a measure: “含硫量比较高,有的在1000ppm以上”."""
    found = _HEADS.findall(text)
    return found[-1] if found else ""


def clause_start(text: str, end: int) -> int:
    """Where the part of the sentence that leads up to ``end`` begins; a colon or a bracket just before it is passed."""
    start = max(0, end - WINDOW)
    for found in _BREAK.finditer(text, start, end):
        if found.group() in (",", "，", "、") or text[found.end() : end].strip(" :：≥≤"):
            start = found.end()
    return start


def metric_of(sentence: Sentence, match: re.Match[str], start: int) -> tuple[str, int]:
    """What is measured and where the quantity's words end: those just before the number; where there are none, those
    just after it."""
    text = sentence.text
    begin, end = _trimmed(text, start, match.start())
    before = text[begin:end]
    if len(before) == 1 and before not in SHORT_NAMES:
        before = ""
    named = sentence.spelled(begin, end) if before else ""
    after = re.match(r"\s*(?:的|of )?\s*([一-鿿]{1,8}|[a-z][a-z\- ]{1,30})", text[match.end() :])
    if (wide := _SO_WIDE.match(text, match.end())) is not None and find_metric(before) is None:
        return sentence.spelled(*wide.span("noun")) + sentence.spelled(*wide.span("side")), wide.end()
    if (what := _given(before, match, text)) is not None:
        return sentence.spelled(*what), what[1]
    is_sure = bool(before) and (find_metric(before) is not None or (is_cjk(before) and bool(match["before"])))
    if after is None or is_sure:
        return named, match.end()
    noun = _NOUN_BEHIND.match(text, match.end())
    if noun is not None and _NOUN_FOLLOWS.search(before):
        return sentence.spelled(*noun.span(1)), noun.end()
    base, words = match.end() + after.start(1), after.group(1)
    length = _length_behind(before, words)
    return (sentence.spelled(base, base + length), base + length) if length else (named, match.end())


# “通过1.2米宽的通道”: the width of what is passed.
_SO_WIDE = re.compile(r"(?P<side>[宽高长深厚粗])(?![坠空压温速清精])度?的?(?P<noun>[一-鿿]{2,4})(?=[,;。、]|$)")
# After these what is counted or given is the name: 可识别不少于40种水果, 提供不低于50kW的冷量.
_GIVES = re.compile(
    r"(?:检测|监测|识别|区分|辨识|支持|支援|接入|连接|管理|管控|容纳|存放|储存|存储|兼容|覆盖|提供|产生|输出|具备|具有|施加|承受|调度|处理|并发|设有|配备|满足)$"
)
_OF_ITS_KIND = re.compile(
    r"\s?(?P<noun>[一-鿿]{2,4}?)(?:同时|并发|在线|一起|以上|[,;。、]|$)|\s?(?P<long>[一-鿿]{2,6})"
)
_THAT_IS_GIVEN = re.compile(r"\s?的(?P<noun>[一-鿿]{1,6})(?=[,;。、]|$)")
_EACH_OF_SEVERAL = re.compile(r"(?:\d{1,3}|[一二两三四五六七八九十])(?:[支盏台块组个只套门根把张片座颗枚路辆架]|对)$")


def _given(before: str, match: re.Match[str], text: str) -> Span | None:
    """Where the noun behind a number stands that a verb or a count before it has measured: 2盏3000流明LED灯."""
    if _EACH_OF_SEVERAL.search(before) is not None:
        noun = _LAMP_BEHIND.match(text, match.end())
        return noun.span(1) if noun is not None else None
    if match["before"] is None:
        return None
    is_given = _GIVES.search(before) is not None
    if is_given and (match["unit1"] or "") in COUNTING:
        kind = _OF_ITS_KIND.match(text, match.end())
        return None if kind is None else kind.span("noun" if kind["noun"] else "long")
    given = _THAT_IS_GIVEN.match(text, match.end())
    is_named = not is_given and (find_metric(before) is not None or _HEADS.search(before) is not None)
    return given.span("noun") if given is not None and not is_named else None


_LAMP_BEHIND = re.compile(r"\s?的?([a-z0-9]{0,6}[一-鿿]{1,6})")


def _length_behind(before: str, words: str) -> int:
    """How many characters of the ``words`` behind a number name what is measured; 0 where those ``before`` do."""
    known = known_metric().match(words)
    if known is not None and is_cjk(before):
        return known.end()
    if is_cjk(before) or _CHANGE.match(words):
        return 0
    if words.startswith("per "):
        return len(" ".join(words.split()[:2]))
    known = known_metric().search(words)
    if known is not None and known.start() <= 12:
        return known.end()
    if not is_cjk(words):
        return len(" ".join(_LATIN_JOIN.split(words)[0].split()[:3]))
    run = re.match(r"[一-鿿]{2,6}", words)
    return len(run.group()) if run and not before else 0


_CHANGE = re.compile(r"左?右?(?:提[高升]|增加|延长|降低|下降|减少|缩短|压缩)[到至为]?")
_NOUN_BEHIND = re.compile(r"\s*(?:的)?([一-鿿]{2,6})")


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """The span without what only joins words; at most its last ten Chinese characters or three Latin words."""
    while True:
        span = text[begin:end]
        stripped = span.rstrip(" ,，:：()（）")
        end = begin + len(stripped)
        tail = _TAIL.search(stripped)
        if tail is None or (
            tail.start() > 0
            and stripped[tail.start() - 1].isascii()
            and stripped[tail.start() - 1].isalpha()
            and tail.group().isascii()
            and tail.group().isalpha()
        ):
            break
        end = begin + tail.start()
        if end <= begin:
            return begin, begin
    while True:
        span = text[begin:end]
        begin += len(span) - len(span.lstrip(" ,，:：()（）"))
        lead = _LEAD.match(text[begin:end])
        if lead is None or lead.end() >= end - begin:
            break
        begin += lead.end()
    span = text[begin:end]
    if is_cjk(span):
        run = re.search(r"[a-z0-9\-·]*[一-鿿]{1,10}[a-z]*$|[一-鿿a-z0-9]{1,10}$", span)
        if run is not None:
            begin += run.start()
        # “钢板的厚度”: what is measured is the last noun.
        cut = max(text.rfind("的", begin, end), text.rfind("将", begin, end), text.rfind("把", begin, end))
        if cut >= begin and end - cut > 2:
            begin = cut + 1
    else:
        words = list(re.finditer(r"\S+", span))[-3:]
        begin += words[0].start() if words else 0
    return begin, end


_LATIN_JOIN = re.compile(r"(?<![\w-])(?:in|on|at|for|with|over|per|and|to|of|from|by|a|the)(?![\w-])")
