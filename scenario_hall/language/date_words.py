"""How days, months, quarters, halves and years are written in Chinese, English and Portuguese, in folded text, as one
pattern that takes a text apart into known pieces and leaves the rest."""

from __future__ import annotations

import re

_END = r"(?![a-z\u00df-\u024f])"
_ENGLISH = "january february march april may june july august september october november december"
_PORTUGUESE = "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
MONTHS: dict[str, int] = {
    form: number
    for names in (_ENGLISH, _PORTUGUESE)
    for number, name in enumerate(names.split(), start=1)
    for form in (name, name[:3])
} | {"sept": 9, "marco": 3}
ORDINALS: dict[str, int] = {
    **dict(zip("一二三四", range(1, 5), strict=True)),
    **dict(zip("1234", range(1, 5), strict=True)),
    **dict(zip("first second third fourth".split(), range(1, 5), strict=True)),
    **dict(zip("primeiro segundo terceiro quarto".split(), range(1, 5), strict=True)),
    "上": 1,
    "下": 2,
    "last": 4,
    "último": 4,
}
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?{_END}"
_OF = rf"(?:(?:of|de|do){_END})"
_TH = r"(?:st|nd|rd|th|\.?º|\.?o)?" + _END
_JOINT = rf"\s*[-/.,]?\s*{_OF}?\s*"
_Y4 = r"(?<!\d)\d{4}(?!\d)"
_N2 = r"(?<!\d)\d{1,2}(?!\d)"
_ORDINAL_WORD = "(?:first|second|third|fourth|last|primeiro|segundo|terceiro|quarto|último)"
_QUARTER = r"(?:quarter|trimestre|trim\.?|qtr\.?)" + _END
_HALF = r"(?:half|semestre|sem\.?)" + _END

# Each name ends in what its groups are; the fullest first.
PIECES = re.compile(
    rf"(?P<ymd>(?P<ymd_y>{_Y4})\s*[-/.年]\s*(?P<ymd_m>{_N2})\s*[-/.月]\s*(?P<ymd_d>{_N2})(?!\s*月)\s*[日号]?)"
    r"|(?P<compact>(?<!\d)(?P<compact_y>20\d\d)(?P<compact_m>\d\d)(?P<compact_d>\d\d)(?!\d))"
    rf"|(?P<dmy>(?P<dmy_d>{_N2})\s*[-/.]\s*(?P<dmy_m>{_N2})\s*[-/.]\s*(?P<dmy_y>{_Y4}))"
    rf"|(?P<dny>(?P<dny_d>{_N2})(?:{_TH}|(?=[a-z])){_JOINT}(?P<dny_n>{_MONTH}){_JOINT}(?P<dny_y>{_Y4}))"
    rf"|(?P<ndy>(?P<ndy_n>{_MONTH})\s*[-/.]?\s*(?:the\s+)?(?:(?P<ndy_from>{_N2}){_TH}\s*(?:-|–|~|to|a)\s*)?(?P<ndy_d>{_N2}){_TH}{_JOINT}"
    rf"(?P<ndy_y>{_Y4}))"
    rf"|(?P<ynd>(?P<ynd_y>{_Y4}){_JOINT}(?P<ynd_n>{_MONTH})\s*[-/.]?\s*(?P<ynd_d>{_N2}){_TH})"
    rf"|(?P<mdy>(?P<mdy_m>{_N2})\s*月\s*(?P<mdy_d>{_N2})\s*[日号]?\s*[,、]?\s*(?P<mdy_y>{_Y4})\s*年?)"
    rf"|(?P<quarter>(?P<quarter_y>{_Y4})\s*年?\s*[-/]?\s*(?:q\s*(?P<quarter_a>[1-4])(?!\d)|第?\s*(?P<quarter_b>[1-4一二三四])\s*个?季度?|(?P<quarter_c>[1-4])\s*{_TH}\s*{_QUARTER}))"
    rf"|(?P<quartered>(?:[qt]\s*(?P<quartered_a>[1-4])(?!\d)|(?P<quartered_b>[1-4])\s*{_TH}\s*(?:{_QUARTER}|t(?![a-z]))"
    rf"|(?P<quartered_d>[1-4])[tq](?=\s*\d{{4}})"
    rf"|(?P<quartered_c>{_ORDINAL_WORD})\s+{_QUARTER}){_JOINT}(?P<quartered_y>\d{{4}})(?!\d))"
    rf"|(?P<half>(?P<half_y>{_Y4})\s*年?\s*[-/]?\s*(?:h\s*(?P<half_a>[12])(?!\d)|(?P<half_b>[上下])半年))"
    rf"|(?P<halved>(?:[hs]\s*(?P<halved_a>[12])(?!\d)|(?P<halved_b>[12])\s*{_TH}\s*(?:{_HALF}|s(?![a-z]))"
    rf"|(?P<halved_d>[12])[hs](?=\d{{4}})"
    rf"|(?P<halved_c>{_ORDINAL_WORD})\s+{_HALF}){_JOINT}(?P<halved_y>\d{{4}})(?!\d))"
    rf"|(?P<ym>(?P<ym_y>{_Y4})\s*[-/.年]\s*(?P<ym_m>{_N2})\s*(?:月份?)?(?P<ym_third>[上中下]旬|[初中底末])?)"
    rf"|(?P<my>(?P<my_m>{_N2})\s*(?:[-/.]|月份?)\s*(?P<my_y>{_Y4})\s*年?)"
    rf"|(?P<ny>(?P<ny_n>{_MONTH}){_JOINT}(?P<ny_y>{_Y4}))"
    rf"|(?P<yn>(?P<yn_y>{_Y4}){_JOINT}(?P<yn_n>{_MONTH}))"
    r"|(?P<time>(?P<hour>\d{1,2})[:h](?P<minute>\d{2})?(?::(?P<second>\d{2})(?:\.\d{1,9})?)?(?!\d)(?:\s?(?:h|hrs?|hours)(?![a-z]))?"
    r"\s*(?P<noon>[ap]\.?m\.?(?![a-z]))?\s?(?P<plain>z(?![a-z])|[-+]\d{2}:?\d{2}(?!\d))?"
    r"|\d{1,2}(?:\.\d{2})?\s?[ap]\.?m\.?(?![a-z])|(?<!\d)\d{3,4}\s?(?:hours|hrs?)(?![a-z])|(?:(?:12\s)?noon|midnight|meio-dia|meia-noite)(?![a-z])"
    r"|(?:上午|下午|晚上?|中午)?\s*\d{1,2}\s*[点时]\s*(?:整|正|半|\d{1,2}分)?)"
    r"|(?P<zone>(?:gmt|utc)\s*(?P<offset>[-+]\d{2}:?(?:\d{2})?)?(?!\d))"
    r"|(?P<mmdd>(?<!\d)(?P<mmdd_m>0[1-9]|1[0-2])(?P<mmdd_d>0[1-9]|[12]\d|3[01])(?!\d))"
    rf"|(?P<year>(?P<year_y>{_Y4})\s*年?\s*(?:度|年?[底末终]|内)?)"
    # Without a year: the end of a span takes it from the beginning.
    rf"|(?P<md>(?P<next>[次翌])?年?(?P<md_m>{_N2})\s*(?:月|[/.-](?=\d))\s*(?P<md_d>{_N2})(?!{_TH}{_JOINT}{_MONTH})\s*[日号]?)"
    rf"|(?P<m>(?P<next_m>[次翌])?年?(?P<m_m>{_N2})\s*月份?(?P<m_third>[上中下]旬|[初中底末])?)"
    rf"|(?P<dn>(?P<dn_d>{_N2}){_TH}{_JOINT}(?P<dn_n>{_MONTH}))"
    rf"|(?P<nd>(?P<nd_n>{_MONTH})\s*(?P<nd_d>{_N2}){_TH})"
    rf"|(?P<n>(?P<n_n>{_MONTH}))"
    rf"|(?P<q>第?\s*(?P<q_b>[1-4一二三四])\s*个?季度?|q\s*(?P<q_a>[1-4])(?!\d))"
    r"|(?P<h>(?P<h_b>[上下])半年|h\s*(?P<h_a>[12])(?!\d))"
    rf"|(?P<d>(?P<d_d>{_N2})\s*(?:[日号]|{_TH}))"
    rf"|(?P<between>~|/(?=\d{{4}})|-+|–|—+|−|至|到|(?:to|until|till|through|a|até|ao){_END})"
    rf"|(?P<filler>(?:公元|截止(?:日期|时间)?|截至|期限|有效期|申报|报名|征集|日期|时间|由|自|从|即日起?|起|止|为|是|的|前|之前|以前|内|之内|底|末|完成|结束|星期[一二三四五六日天]|周[一二三四五六日天])"
    rf"|(?:by|before|until|on or before|on|in|at|the|of|from|end of|end|eod|no later than|deadline|due"
    rf"|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?"
    rf"|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|hkt|hk time"
    rf"|até|antes de|antes|de|do|da|em|no|na|ao?|às|as|à|dia|fim de|final de|fim|desde"
    rf"|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|sábado|domingo|prazo){_END}\.?|[,.;:、。\s])"
    r"|(?P<rest>[a-z\u00df-\u024f]+|.)",
    re.DOTALL,
)
# A form's parts: what each group beside the form's own name says.
FORMS = tuple(
    "ymd compact dmy dny ndy ynd mdy quarter quartered half halved ym my ny yn year md m dn nd n q h mmdd d".split()
)
