"""Numbers that measure nothing of a product: money and people, plans, conditions that something else holds at, shares
of something, mere counts."""

from __future__ import annotations

import re

from scenario_hall.language.text import is_cjk
from scenario_hall.quantities.pattern import COUNTED_IN_ENGLISH, COUNTING, WINDOW, known_metric
from scenario_hall.taxonomy.metrics import find_metric, kind_of_unit

# Where a clause is about money, people, time plans or papers, its numbers say nothing of a product.
_NOT_TECHNICAL = re.compile(
    # money
    r"预算|经费|投入|投资|产值|销售|营业|营收|注册|资本|资产|利润|税|补贴|奖|同比|环比|契约|履约|保证金|质保金|限价|市场|年产|年需求|首付|余款|尾款|预付|进度款|验收(?:合格)?后|标价"
    r"|支付\d|中标|签约后|签订|投标人|申请人|标书|招标文件|投标文件|业绩"
    # people and premises
    r"|员工|职工|人员|团队|博士|硕士|本科|学历|教授|专家|培训|人口|老[人年]人?占|门诊|住院|病床|占地|展厅面积|厂区面积|建筑面积|基地|流转"
    # plans and the company's past
    r"|合同|项目周期|建设期|工期|实施期|执行期|交付期|交货|成立|创建|始建|创办|累计(?:飞行|销|完成|服务|承担|为)"
    # papers
    r"|专利|论文|著作|国标(?!法|方法|测)|标准号|(?<![a-z])(?:gb/?t|iso|iec)(?![a-z])"
    r"|\btrain(?:s|ed|ing)?\b|\bpatents?\b|\brevenue|\bemploy|\bstaff\b|\bturnover|\bfounded\b|\binvest"
    r"|\bpremium\b|\bdeposit of|\bpayments?\b|\binstalments?\b|\b(?:site|campus|school|hospital) (?:covers"
    r"|occupies)|\bbid bond|\bretention money"
)
# “不少于2个同类案例”: of who offers, not of what is offered.
_OF_A_BIDDER = re.compile(r"[^,;。\d]{0,10}(?:业绩|案例|资质|证书|经验)")
_SCORES = re.compile(
    r"评分|评标|评审|得分|分值|满分|商务|\b(?:award|evaluation|selection|scoring) criteria|\bweighting"
)
# How things are with who asks: 全镇现有…, “We operate 120 buses”.
_BUYER = re.compile(
    r"^\s?(?:全|本|我)[镇县市区省国校院乡村][^;。,]{0,12}(?:现有|共有|拥有)"
    r"|^\s?we (?:now |currently )?(?:operate|run|employ|serve|have|own|manage|handle|treat|process|carry|maintain)\b"
)
_FROM_A_PLACE = re.compile(r"\s?from (?:the|our) (?:city|town|port|airport|station|coast|site|centre|center|plant)\b")
_PEOPLE = frozenset("名 人 位 人次".split())
_SITUATION = re.compile(r"现时|目前|现有|每[日天](?![^,;]{0,8}[可能])[^,;]{0,8}$|[日年]均")
_PERSONS = re.compile(r"人员|员工|职工|团队|专家|\bstaff\b|\bemployees?\b")
# “碳源投加量减少15%左右”
_CHANGED_BY = re.compile(r"(?:减少|降低|下降|提[高升]|增加|缩短|节[省约]|压缩|削减)了?约?$")
_ABOUT = re.compile(r"\s?(?:左右|上下)")
# A share of somebody's money.
_OF_MONEY = re.compile(
    r"\s?of (?:the |its |our |all )?[a-z ]{0,30}(?:cost|price|value|amount|sum|fee|budget|expenditure)s?\b"
)
# How the device to be replaced did: “旧设备续航只有20分钟”, “the previous scrubber ran for barely two hours”.
_BEFORE = re.compile(
    r"(?:^|[,，。])[^,，]{0,12}(?:旧(?!址|金山)|原来|老式|老款|过去)[^,，]{0,20}$"
    r"|\b(?:previous|old|former|outgoing|earlier) [a-z\- ]{0,40}$"
)
# What a works makes: of a product only where a bound says how much is wanted.
_OUTPUT = re.compile(r"产能|产量|年产")
# After these a bare count says what a product can do: 识别600种中药.
_CAN = re.compile(
    r"(?:识别|区分|支持|兼容|覆盖|检测|监测|接入|调配|调度|管理|载客量?|核载|载员|定员|乘员|乘客|额定人数|接待|承载|调用|并发|处理|连接|支援|携带|搭载|容纳|照看|分类)$"
)
_CAN_COUNT = re.compile(
    r"\b(?:manag|support|handl|serv|stor|track|hold|process|recogni[sz]|identif|detect|carr|accommodat|control|connect"
    r"|monitor|inspect|sort|classif|keep)(?:e|es|s|y|ies)?(?: about| around| roughly| some)?\s*$"
)
_TOOK = re.compile(r"(?:时间|时延|延迟|周期|耗时)(?:应|须|需|要|可)?(?:控制)?在?$")
# “每小时出货350件”, “日均误报约8次”: by which time a count or a length is meant.
RATED = re.compile(
    r"(?:每个?(?P<by>小时|分钟|秒|天|日|周|月|年|亩|公顷|平方米|吨|百米|公里|像素)"
    r"|(?P<mean>[日周月年])[均测]|单日|per day|daily)"
    r"[^\d,，]{0,10}$"
)
# “10秒内通知救生员”: what is done within the time, with no other number beside it.
DONE_WITHIN = re.compile(
    r"\s*[内內之]{1,2}(?:自动|自主|主动|立即|迅速|同时)?(?:[向对给为将把](?:[一-鿿]{1,8}?(?=[发推报通传送告提警开关拉])))?(?P<what>[一-鿿]{2,6})"
    r"(?![^,，。;；]*\d)"
)
_CONDITION_BEHIND = re.compile(
    r"\s*(?:内(?!径|存|阻|部)|后(?!端)|外的|时(?!间|延|效|长)|下(?!降)|处(?!理)|条件|存储|储存|满电|环境|的(?=.{2,8}\d))"
)
# “−110 dBc/Hz at 10 kHz offset”: at what the number before holds.
_AT = re.compile(
    r"\d.*\s(?:at|for an?|at an? (?:[a-z]+ )?(?:distance|height|depth(?! of disch)|load"
    r"|temperature|pressure|voltage|current|humidity|head|inclination|slope|range"
    r"|[a-z]+ speed) of|(?:with|under) an? load of)\s*$"
)
# “-30℃下放电容量…”: what follows begins behind it.
HOLDS_AT = re.compile(r"\s*(?:环境|条件)?(?:时(?![间延效长])|下(?![降限])|处(?!理))")
STORED_AT = re.compile(r"\s*(?:满电)?(?:存储|储存|搁置|放置)")
_REACHED = re.compile(r"[降升][低高温]?[到至]|加热[到至]|冷却[到至]")
# “500千伏线路”: a class of lines.
_LINES = re.compile(r"\s*(?:交流|直流|高压|超高压|特高压)?(?:线|输电|电网|变电|配电|架空|电缆|主变|间隔|站|等级)")


# “30 min of charging adds 200 km”: how long it is charged is at what the other number holds.
_CHARGED_FOR = re.compile(r"\s*-?(?:of )?charg(?:e|ing)\b.*\d")


# “within 90 days of signing”, “40 % on acceptance”: of a contract.
_OF_A_CONTRACT = re.compile(
    r"\s?(?:of|after|from|on|upon) (?:the )?(?:contract )?"
    r"(?:signing|signature|award|order|acceptance|delivery|completion|receipt|commissioning)(?![a-z])"
)


def is_compared(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["after"] or match["plusminus"])


def is_no_measure(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Is this number with a unit no quantity: a condition, a share of something, a mere count, money, a plan …?"""
    before, behind, compared = text[start : match.start()], text[match.end() : match.end() + WINDOW], is_compared(match)
    is_done_within = kind_of_unit(unit) == "time" and DONE_WITHIN.match(behind) is not None
    is_range = match["high"] is not None
    may_be_condition = not (is_range or is_done_within or _TOOK.search(before) or (compared and before[-1:] != "在"))
    is_at = not is_cjk(text) and _AT.search(text[max(0, match.start() - WINDOW) : match.start()]) is not None
    if may_be_condition and (is_at or _CONDITION_BEHIND.match(behind)):
        return True
    if kind_of_unit(unit) == "time" and _CHARGED_FOR.match(behind):
        return True
    if kind_of_unit(unit) == "temperature" and _REACHED.fullmatch(match["before"] or "") and is_cjk(behind[:1]):
        return True
    if kind_of_unit(unit) == "share" and re.match(r"\s*(?:都|是|属|用于|集中|来自|依赖)", behind):
        return True
    if kind_of_unit(unit) == "share" and _OF_MONEY.match(behind):
        return True
    if not (match["before"] or match["after"]) and _BEFORE.search(text, max(0, match.start() - WINDOW), match.start()):
        return True
    if kind_of_unit(unit) in ("time", "share") and _OF_A_CONTRACT.match(behind):
        return True
    if unit in COUNTED_IN_ENGLISH and not _CAN_COUNT.search(before):
        return True
    if unit in COUNTING and not (
        compared or match["per"] or RATED.search(before) or _CAN.search(before) or find_metric(before) is not None
    ):
        return True
    if _is_of_the_buyer(text, match, unit) or _is_other(text, match, unit, start):
        return True
    return not compared and not is_done_within and _is_condition(before, behind, unit)


def _is_of_the_buyer(text: str, match: re.Match[str], unit: str) -> bool:
    """What is said of who offers (业绩), of how offers are judged, of who asks and where: no measure of a product."""
    if unit in COUNTING and _OF_A_BIDDER.match(text, match.end()):
        return True
    if is_compared(match):
        return False
    kind = kind_of_unit(unit)
    return bool(
        (unit in COUNTING and text[match.end() : match.end() + 1].isdigit())
        or ((unit == "分" or kind == "share") and _SCORES.search(text))
        or _BUYER.search(text, 0, match.start())
        or (kind == "length" and _FROM_A_PLACE.match(text, match.end()))
        or (unit in _PEOPLE and _SITUATION.search(text, 0, match.start()))
    )


def _is_other(text: str, match: re.Match[str], unit: str, start: int) -> bool:
    """Money that is no price, plans, grades (500MPa级), and what a clause says of the company."""
    around = text[start : match.end()] + re.split(r"[,，、]", text[match.end() : match.end() + 4])[0]
    if kind_of_unit(unit) == "money" and not re.search(
        r"[单售装租]价|价格|成本|租金|造价|[单每][台套次架户]|price|cost", around
    ):
        return True
    if (unit != "级" and text[match.end() : match.end() + 1] == "级") or unit in ("万", "亿"):
        return True
    if _OUTPUT.search(around) and not is_compared(match):
        return True
    # What a person does within a time says how fast the thing must be: 救援人员15分钟内到场.
    is_done = kind_of_unit(unit) == "time" and bool(
        DONE_WITHIN.match(text, match.end()) or (is_compared(match) and not is_cjk(text))
    )
    other = _NOT_TECHNICAL.search(_PERSONS.sub("", around) if is_done else around)
    return other is not None or _is_plan(text, match, unit)


def _is_condition(before: str, behind: str, unit: str) -> bool:
    """A bare value that another quantity is measured at (“25℃ 1C循环”, “1h内”), or a share of something."""
    leads = not before.strip(" :：") or before.rstrip().endswith((":", "："))
    follows = re.match(r"\s*(?!之间)[一-鿿\d]", behind)
    known = known_metric().match(behind.lstrip(" 的"))
    if kind_of_unit(unit) == "voltage" and _LINES.match(behind):
        return True
    if kind_of_unit(unit) == "share" and _CHANGED_BY.search(before) and _ABOUT.match(behind):
        return False
    if kind_of_unit(unit) in ("share", "temperature") and follows and not known:
        return leads or kind_of_unit(unit) == "share"
    return False


def _is_plan(text: str, match: re.Match[str], unit: str) -> bool:
    """“合同生效后6个月以内”, “3年内完成”: when something is to be done, not what it does."""
    if unit in ("工作日", "个工作日"):
        return True
    if unit not in ("个月", "月", "年", "周", "years", "year", "months", "month", "weeks", "week"):
        return False
    near = 8 if is_cjk(text) else 40
    around = text[max(0, match.start() - near) : match.end() + near]
    return (
        re.search(
            r"寿命|(?:更换|维护|保养|校准|清洗|检定|充电)周期|保质|工作时间|在轨|质保|保修|保[养用]|供应期|维护期|保[固证]期|免维护|有效期|使用期|年限|warrant"
            r"|life|\bsurviv|\bendur|\bsubmerged|\bafloat|(?<!the )\blasts?\b|\bbattery",
            around,
        )
        is None
    )
