"""Words of one side as the other may read them: without phone numbers, identity numbers, mail and street addresses.

The patterns are those of Chinese mobile and landline numbers, of identity cards (GB 11643), of mail addresses, and of
street addresses in Chinese and English. They hide too much rather than too little; order and parcel numbers stay.
A place once found is not sought again in another length (`(?>`), so that no text can make the search take long.
"""

import re

from flask_babel import gettext

_BETWEEN = r"[\s.\-·]?"
_HAN = r"[\u4e00-\u9fff]"
_PLACE = rf"{_HAN}{{1,8}}?(?:省|自治区|市|区|县|旗|镇|乡|街道)"
_ROAD = rf"{_HAN}{{1,12}}?(?:路|街|巷|弄|道|村|里|苑|园|小区|大厦|广场|胡同)"
_DOOR = r"[0-9０-９一二三四五六七八九十百]+(?:[-－][0-9０-９]+)?\s*(?:号楼|单元|号|栋|幢|座|弄|楼|层|室|户)"
PRIVATE = re.compile(
    "|".join(
        (
            rf"(?<!\d)(?:\+?86{_BETWEEN})?[1１][3-9３-９](?:{_BETWEEN}\d){{9}}(?!\d)",
            rf"(?<!\d)[0０]\d{{2,3}}{_BETWEEN}\d{{7,8}}(?!\d)",
            r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)",
            r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+",
            rf"(?>{_PLACE}){{1,5}}{_ROAD}\s*{_DOOR}(?:\s*{_DOOR})*",
            rf"{_ROAD}\s*{_DOOR}(?:\s*{_DOOR})*",
            r"\d+[A-Za-z]?(?: [A-Z][a-z]+){1,4} (?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Court)\b\.?",
        )
    )
)


def masked(said: str) -> str:
    """The words without what could lead to the person."""
    return PRIVATE.sub(lambda _found: str(gettext("[hidden]")), said)
