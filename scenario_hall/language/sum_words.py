"""The words and signs around a sum of money in Chinese, English and Portuguese, in folded text, as one pattern that
takes a text apart into known pieces and leaves the rest."""

from __future__ import annotations

import re

from scenario_hall.core.values import Currency
from scenario_hall.language.numerals import NUMERAL_DIGIT
from scenario_hall.language.separators import DIGITS

# Marks of a currency; the order is the order of looking.
CURRENCIES: tuple[tuple[Currency, str], ...] = (
    (
        Currency.HKD,
        r"hk\$|hkd\$?|(?:hong kong|hk) dollars?(?![a-z])|港币|港元|港纸|港圆"
        r"|dolar(?:es)? de hong kong|dólar(?:es)? de hong kong",
    ),
    (Currency.MOP, r"mop\$?|澳门元|澳门币|澳门圆|澳币|葡币|patacas?"),
    (Currency.CNY, r"rmb|cny|人民币|¥|renminbi|yuan"),
)
OTHER_CURRENCIES = (
    r"us\$|usd|美元|美金|eur(?:os?)?(?![a-z])|€|欧元|gbp|£|英镑|jpy|日元|日圆|新台币|台币|nt\$|twd|sgd|s\$|r\$|brl|reais|aud|a\$|澳元"
    r"|cad|c\$|加元|krw|韩元|韩币|₩|chf|瑞士法郎|inr|₹|卢布|₽"
)
# What a word or sign behind a number multiplies it with; the longest first.
SCALES: dict[str, int] = {
    "mil milhões": 10**9,
    "mil milhoes": 10**9,
    "万亿": 10**12,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 1000,
    "百": 100,
    "仟": 1000,
    "佰": 100,
    "bilhões": 10**9,
    "bilhão": 10**9,
    "billions": 10**9,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "milhões": 10**6,
    "milhoes": 10**6,
    "milhão": 10**6,
    "milhao": 10**6,
    "millions": 10**6,
    "million": 10**6,
    "mill": 10**6,
    "mio": 10**6,
    "mln": 10**6,
    "mm": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "thousands": 1000,
    "thousand": 1000,
    "mil": 1000,
    "k": 1000,
    "w": 10**4,
}
PORTUGUESE_SCALES = frozenset(
    word for word in SCALES if word.startswith(("mil", "bilh")) and word not in ("mill", "million", "millions")
)
_END = r"(?![a-z\u00df-\u024f])"
SCALE = "|".join(
    re.escape(word) + (_END if word.isascii() or word[0] in "bm" else "")
    for word in sorted(SCALES, key=len, reverse=True)
)
AT_MOST = (
    r"不超过|不高于|不多于|不大于|不超|最高|最多|至多|上限|封顶|以内|以下|之内|低于|少于|小于|不足|不到|控制在|≤|≦|<=|<"
    rf"|(?:up to|at most|(?:no|not) more than|less than|under|below|max(?:imum)?\.?"
    rf"|até|no máximo|máx\.?|máximo|menos de|inferior a){_END}"
)
AT_LEAST = (
    r"不低于|不少于|不小于|至少|最低|最少|及以上|以上|起步|起|\+(?!/-)|下限|高于|多于|大于|超过|逾|≥|≧|>=|>"
    rf"|(?:at least|(?:no|not) less than|more than|over|above|from|min(?:imum)?\.?"
    rf"|pelo menos|no mínimo|mín\.?|mínimo|mais de|acima de|superior a"
    rf"|a partir de|desde){_END}"
)
BETWEEN = rf"~|-{{1,3}}|–|—{{1,2}}|−|至|到|(?:to|a|até){_END}"
_AND_BETWEEN = rf"(?:and|e){_END}\s*(?=[^\d]{{0,6}}\d)"
BY_PIECE = (
    r"(?:/|每|一|(?:per|por|a|each){0}\s?)\s*(?:台|套|架|件|个|辆|艘|颗|只|部|组|(?:units?|sets?|pieces?|pcs|unidade|peça|each){0})"
).replace("{0}", _END)
_BY_OTHER = rf"(?:/|每|(?:per|por){_END}\s*)\s*(?:[a-z\u00df-\u024f]+|[\u4e00-\u9fff]{{1,3}}|\d)"
# Said around a sum without changing what it is.
_FILLERS = (
    r"大约|大概|约|将近|接近|近|左右|上下|估计|预计|预估|暂定|拟定|拟|计划|总投资|投资|总预算|预算|估算|概算|总金额|金额|资金|总费用|费用|经费"
    r"|总价|价格|单价|售价|报价|参考价|指导价|市场价|含税|不含税|未税|税前|税后|合计|总计|共计|小计|共|总|额度|规模|合同额|合同|大写|小写"
    r"|整|正|元整|为|是|在|的|内|之间|介于|范围|区间|[:,.;。、≈＝=\"“”]"
    rf"|(?:approx(?:imately)?\.?|about|around|circa|ca\.?|roughly|some|total|budget|price|cost|investment"
    rf"|or so|of|the|is|between|estimated"
    rf"|cerca de|aprox(?:imadamente)?\.?|por volta de|orçamento|preço"
    rf"|custo|valor|investimento|estimado|entre|de|em|each){_END}"
)
_VAGUE = r"几|数(?=[十百千万亿])"

PIECES = re.compile(
    rf"(?P<currency>{'|'.join(f'(?:{marks})' for _, marks in CURRENCIES)})"
    rf"|(?P<piece>{BY_PIECE})"
    rf"|(?P<least>{AT_LEAST})"
    rf"|(?P<most>{AT_MOST})"
    rf"|(?P<tolerance>±|\+/-|正负)"
    rf"|(?P<number>(?:{DIGITS})(?:e\+?\d{{1,2}}(?!\d))?)"
    rf"|(?P<and>{_AND_BETWEEN})"
    rf"|(?P<scale>{SCALE})"
    rf"|(?P<numeral>[{NUMERAL_DIGIT}十]{{1,4}}点[{NUMERAL_DIGIT}]{{1,4}}(?=\s*[百千]?[万亿])|[{NUMERAL_DIGIT}十拾][{NUMERAL_DIGIT}十百千拾佰仟]*|半(?=个?[亿万]))"
    rf"|(?P<unit>元|圆|块|(?:dollars?|dólares|dolares){_END})"
    r"|(?P<percent>%)"
    r"|(?P<more>余|多|来|个)"
    rf"|(?P<vague>{_VAGUE})"
    rf"|(?P<between>{BETWEEN})"
    rf"|(?P<rate>{_BY_OTHER})"
    rf"|(?P<filler>{_FILLERS})"
    r"|(?P<space>\s+)"
    r"|(?P<rest>[a-z\u00df-\u024f]+|.)",
    re.DOTALL,
)
