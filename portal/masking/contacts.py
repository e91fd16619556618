"""Mail addresses, and names in messengers: whatever is called one, for they look like any other word."""

import re
from collections.abc import Iterator

LETTER = r"[A-Za-z0-9\u00c0-\u024f\u0370-\u04ff._%+\-]"
HOST = r"[A-Za-z0-9\u00c0-\u024f\-]"
AT = r"\s{0,2}(?:@|[(\[{]\s?(?:at|@)\s?[)\]}])\s{0,2}"
DOT = r"(?:[.。]|\s?[(\[{]\s?(?:dot|\.)\s?[)\]}]\s?)"
MAIL = re.compile(
    rf"(?<!{LETTER}){LETTER}++(?:{AT}{HOST}++(?:{DOT}{HOST}++)+|\sat\s{HOST}++(?:\sdot\s{HOST}++)+)", re.IGNORECASE
)
LINK = re.compile(r"(?:t\.me|wa\.me|u\.wechat\.com|qm\.qq\.com|line\.me)/[\w.~/?=&%+-]{1,200}", re.IGNORECASE)

CALLED = (
    r"(?:微\s?信|[威薇维]信|加(?:我|一下|下|个)?\s?[微薇威vwq]x?|扣扣|企鹅|q号|[vq]信|钉钉|飞书|支付宝|抖音|快手|小红书|微博|旺旺"
    r"|(?<![A-Za-z])(?:we\s?chat|weixin|wx|vx|qq|whats\s?app|telegram|skype|viber|kakao(?:talk)?|zalo|instagram|ins|facebook"
    r"|alipay|dingtalk|line\s?id)(?![A-Za-z_]))"
)
NAMED = r"\s?(?:号码?|[账帐]号|账户|id|name|no\.?|number|user(?:name)?)?"
SAYS = rf"(?:{NAMED}\s?(?:[:=]|是|为|is\b)|\s?(?:号码?|[账帐]号|id\b))\s{{0,2}}"
FIGURE = (
    r"(?!(?:19|20)\d\d[-./年]|\d{1,4}(?![0-9A-Za-z_])"
    r"|\d[\d,.]{0,15}\s?(?:元|块|¥|%|件|号|月|年|天|日|rmb|cny|yuan|usd|eur))"
)
"""Not a date, a few digits alone, or an amount."""
NAME = rf"{FIGURE}@?[A-Za-z0-9][A-Za-z0-9_.\-]{{2,}}"
LIKELY = rf"{FIGURE}(?=@?[A-Za-z_.\-]{{0,20}}\d)@?[A-Za-z0-9_.\-]{{5,}}"
MESSENGER = re.compile(
    rf"(?=[微威薇维加扣企钉飞支抖快小旺a-z])(?:{CALLED}(?:{SAYS}(?P<name>{NAME})|\s{{1,2}}(?P<likely>{LIKELY})|(?P<number>{FIGURE}\d{{5,}}))"
    rf"|[微威薇维扣]\s?[信扣](?P<glued>{LIKELY})|(?<![0-9A-Za-z])v\s?:\s?(?P<short>{NAME}))",
    re.IGNORECASE,
)


def found(text: str) -> Iterator[tuple[int, int]]:
    """Where in the text they stand, from and to; what a name is called stays."""
    for pattern in (MAIL, LINK):
        for match in pattern.finditer(text):
            yield match.span()
    for match in MESSENGER.finditer(text):
        yield match.span(match.lastgroup or 0)
