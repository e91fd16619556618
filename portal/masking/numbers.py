"""Numbers that lead to a person: of phones, identity cards, bank cards and accounts."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from portal.masking.checks import is_card, is_iban, is_sure_card, of_length

MARK = r"[\s.\-·_/\u2010-\u2015\u200b-\u200d\u2060\ufe0f\u20e3\ufeff]"
"""What people put between digits, and what cannot be seen there."""
MAY, MUST = f"{MARK}{{0,3}}", f"{MARK}{{1,3}}"
ALONE, ENDS = r"(?<![0-9A-Za-z])", r"(?!\d)"
NO_FIGURE = r"(?<![0-9A-Za-z.,])(?<!\d:)"
"""Not the rest of a decimal, of a time or of a longer number."""
NO_DATE = r"(?!(?:19|20)\d\d[-./年 ]|\d\d?[-./ ]\d\d?[-./ ](?:19|20)\d\d)"
NO_AMOUNT = r"(?!\d{1,3}(?:[.,]\d{3})+(?:[.,]\d\d)?(?!\d))"
SIX = re.compile(r"\d(?:\D{0,4}\d){5}")
"""No number leads to a person that has fewer digits."""

MOBILE = (
    rf"(?<!\d)(?:(?:\+|00)?86\)?{MAY})?(?:1[3-9]\d{MAY}\d{{4}}{MAY}\d{{4}}|1[3-9]\d{MAY}\d{{3}}{MAY}\d{{5}}"
    rf"|1[3-9]\d\d{MAY}\d{{3}}{MAY}\d{{4}}|1[3-9]\d\d{MAY}\d{{4}}{MAY}\d{{3}}|1{MUST}[3-9]\d\d{MAY}\d{{3}}{MAY}\d{{4}}"
    rf"|1[3-9](?:{MUST}\d\d){{4}}{MUST}\d|1{MUST}[3-9](?:{MUST}\d){{9}}){ENDS}"
)
LANDLINE = (
    rf"{NO_FIGURE}\(?0(?:10|2\d|[3-9]\d\d)\)?{MAY}\d{{3,4}}{MAY}\d{{4}}{ENDS}"
    rf"(?:\s?(?:-|转|分机|ext\.?|x)\s?\d{{1,6}}{ENDS})?"
)
SERVICE = rf"(?<![\d.,])(?<!\d:)[48]00(?![ -]?(?:19|20)\d\d-)(?:[ -]?\d){{7}}{ENDS}"
ABROAD = rf"{NO_FIGURE}\+\s?{NO_AMOUNT}[1-9](?:[ .\-/()]{{0,3}}\d){{6,14}}{ENDS}"
BY_ZEROS = rf"{NO_FIGURE}00[1-9](?:[ .\-/()]{{0,3}}\d){{7,14}}{ENDS}"
AMERICAN = rf"(?<![0-9A-Za-z.,/-])(?:1[ .-])?(?:\(\d{{3}}\)[ .-]?|[2-9]\d\d[-. ])\d{{3}}[-. ]\d{{4}}{ENDS}"
LOCAL = (
    rf"{NO_FIGURE}(?<![/-])(?<!\d )\(?{NO_DATE}0\d{{1,4}}\)?[ /\-]{{1,3}}"
    rf"{NO_DATE}\d{{2,8}}(?:[ -]\d{{2,6}}){{0,3}}{ENDS}"
)
SAID = r"(?:号码?|是|为|\s|[:.=#]|at\b|on\b|no\b|number|is\b){0,6}"
CALLED_PHONE = (
    r"(?:电话|座机|手机号?|热线|联系方式|致电|拨打"
    r"|(?<![A-Za-z])(?:tel|telephone|phone|mobile|cell|fax|call|call me)(?![A-Za-z]))"
    rf"{SAID}(?={NO_DATE})(?P<number>[+(]?\d[\d \-().]{{4,20}}\d){ENDS}"
)
CALLED_PAPER = (
    r"(?:护照|通行证|身份证|证件|银行卡|卡号|[账帐]号|账户|邮编|(?<![A-Za-z])(?:passport|card|account|iban)(?![A-Za-z]))"
    rf"{SAID}(?P<number>[A-Za-z]{{0,2}}\d[\d -]{{4,22}}[\dXx]){ENDS}"
)

PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
MONTH, DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
IDENTITY = rf"(?<!\d){PROVINCE}\d{{4}}{MAY}(?:19|20)\d\d{MARK}?{MONTH}{MARK}?{DAY}{MAY}\d{{3}}{MARK}?[\dXx×]{ENDS}"
OLD_IDENTITY = rf"(?<!\d){PROVINCE}\d{{6}}{MONTH}{DAY}\d{{3}}{ENDS}"
CARD = (
    rf"{ALONE}(?:\d{{4}}(?P<mark>[ \-])\d{{4}}(?P=mark)\d{{4}}(?P=mark)\d{{4}}(?:(?P=mark)\d{{1,3}})?"
    rf"|\d{{6}}[ -]\d{{10,13}}|\d{{16,19}}){ENDS}"
)
IBAN = rf"{ALONE}[A-Za-z]{{2}}\d\d(?:[ -]?[0-9A-Za-z]{{4}}){{2,7}}(?:[ -]?[0-9A-Za-z]{{1,3}})?(?![0-9A-Za-z])"

CALLED_ORDER = re.compile(
    r"(?:订单|单号|运单|快递|物流|包裹|编号|货号|条码|\b(?:order|tracking|parcel|waybill|invoice|sku))\D{0,10}$", re.I
)
LOOKED_BACK = 24


@dataclass(frozen=True, slots=True)
class Kind:
    """How such numbers are written. `checks` tells them from others that look alike; one that is not `sure`, and has
    nothing between its digits, is taken for the number of an order or a parcel where it is called so.
    """

    pattern: re.Pattern[str]
    checks: Callable[[str], bool] | None = None
    sure: bool = True


KINDS = (
    *(Kind(re.compile(sure)) for sure in (MOBILE, IDENTITY, ABROAD, AMERICAN)),
    *(Kind(re.compile(unsure), sure=False) for unsure in (LANDLINE, SERVICE, BY_ZEROS, OLD_IDENTITY)),
    Kind(re.compile(LOCAL), of_length(9, 12), sure=False),
    Kind(re.compile(CARD), is_card, sure=False),
    Kind(re.compile(CARD), is_sure_card),
    Kind(re.compile(IBAN), is_iban),
    Kind(re.compile(CALLED_PHONE, re.IGNORECASE), of_length(7, 15)),
    Kind(re.compile(CALLED_PAPER, re.IGNORECASE), of_length(6, 24)),
)


def found(text: str, spare: Collection[str]) -> Iterator[tuple[int, int]]:
    """Where in the text such numbers stand, from and to; what they are called stays, and so does any of `spare`."""
    if not SIX.search(text):
        return
    own = [match.span() for number in spare for match in re.finditer(re.escape(number), text)]
    for kind in KINDS:
        for match in kind.pattern.finditer(text):
            if kind.checks and not kind.checks(match[0]):
                continue
            start, end = match.span(kind.pattern.groupindex.get("number", 0))
            if not _called_an_order(kind, match) and not any(begin <= start and end <= stop for begin, stop in own):
                yield start, end


def _called_an_order(kind: Kind, match: re.Match[str]) -> bool:
    if kind.sure or not match[0].isdigit():
        return False
    return CALLED_ORDER.search(match.string, max(0, match.start() - LOOKED_BACK), match.start()) is not None
