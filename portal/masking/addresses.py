"""Places where somebody lives: streets with their house numbers, and in China any place told down to the district."""

import re
from collections.abc import Iterator

DIGIT = re.compile(r"[0-9]")

COUNT = r"[A-Za-z]?[0-9一二三四五六七八九十百]{1,6}[A-Za-z]?(?:[-~][0-9]{1,5}){0,3}"
UNIT = r"(?:号[楼院门]|号(?![线码])|栋|幢|座|单元|弄|楼|层|室|房|户|组)"
DOOR = rf"(?:{COUNT}|[A-Za-z])\s?{UNIT}"
NO_MORE = r"(?!\d|[.,]\d|\s?[元块克件月年])"
LAST = rf"(?:\s?\d{{3,4}}{NO_MORE})?"
PARTS = re.compile(
    r"(?P<place>省|自治[区州县]|(?<![超上股集夜菜])市|(?<![地小社景园校片时市])区|县|旗|(?<!冰)镇|(?<![家老故])乡|街道)"
    r"|(?P<road>(?<![一走半赶上网线思铁公电])路|街|巷|弄|(?<![知味渠频报通难轨管])道|村|屯|庄|苑|院|园|小区|社区|大厦"
    r"|(?<![这那家哪手店箱盒袋包心夜屋城柜院村])里|广场|胡同|公寓|家园)"
    rf"(?P<door>\s?{DOOR}(?:\s?{DOOR}){{0,6}}{LAST}|\s?\d{{1,4}}(?:-\d{{1,5}}){{1,3}}{NO_MORE})?"
)
"""What ends the name of a province, a city or a district, not just any market or area; or that of a street, with the
house on it.
"""
NAME_ENDS = re.compile(r"[^\W_在到至寄住是为于址给从]{0,8}\Z")
BETWEEN = re.compile(r"[^\W_]{0,8}\Z")
DOORS = re.compile(
    rf"(?<![\d月年.]){COUNT}\s?(?:(?:栋|幢|座|号[楼院]|单元|弄)(?:\s?{DOOR}){{1,6}}{LAST}"
    rf"|(?:栋|幢|号楼)\s?\d{{3,4}}{NO_MORE}|[楼层]\s?{COUNT}\s?[室房户])"
)
"""A house and the door in it, without its street."""

AHEAD = r"(?<![\w.,])"
CAPITAL = r"[A-ZÀ-Þ][\w'’.\-]*+"
NAME = r"[^\W\d_][\w'’.\-]{0,30}+"
POST = r"(?:[A-Z]{1,2}-)?\d{4,5}(?: [A-Z]{2})? "
CITY = rf"(?:,? {POST}{CAPITAL}(?: {CAPITAL})?)"

SIDE = r"(?:[NSEW]{1,2}\.? |North |South |East |West )?"
WORD = r"(?:\d{1,3}(?:st|nd|rd|th)|[A-Z][\w'’.\-]*+)"
STREET = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Close"
    r"|Crescent|Highway|Hwy|Parkway|Pkwy|Loop|Circle|Cir|Row|Mews|Gardens|Walk|Hill|Quay)\b\.?"
)
SMALL = (
    r"(?:(?!(?:the|a|on|in|of|my|your|this|that|at|to|from|and|or|down|up|by|off)\b)[a-z]++ ){1,2}"
    r"(?:street|road|avenue|lane|boulevard)\b"
)
FLAT = r"(?:,? ?(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm|Floor|Fl)\b\.? ?#?\w{1,6}|,? ?#\s?\w{1,6})"
TOWN = r"(?:,? [A-Z][\w.\- ]{1,30})?,? (?:[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b"
ENGLISH = re.compile(
    rf"{AHEAD}\d{{1,6}}[A-Za-z]?(?:-\d{{1,5}})? {SIDE}(?:(?:{WORD} ){{1,4}}{STREET}|{SMALL})(?: [NSEW]{{1,2}}\b\.?)?"
    rf"{FLAT}?(?:{TOWN})?|(?<!\w)P\.? ?O\.? ?Box \d{{1,8}}"
)

HOUSE = r"\d{1,4} ?[a-zA-Z]?\b"
ENDINGS = r"(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|chaussee|straat|laan|gracht)"
GERMAN = re.compile(
    rf"(?<!\w)[A-ZÄÖÜ][\w\-]{{0,40}}?{ENDINGS}\s?{HOUSE}{CITY}?"
    rf"|(?<!\w)(?:[A-ZÄÖÜ][\w\-]{{0,30}} ){{1,3}}(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee) {HOUSE}{CITY}?"
    rf"|(?<!\w){NAME}(?: {NAME}){{0,4}}+,? {HOUSE},? (?:[A-Z]{{1,2}}-)?(?:\d{{5}}|\d{{4}} [A-Z]{{2}}) {CAPITAL}"
)

OF = r"(?:(?:de|du|des|la|le|les|di|del|della|dei|da|do|dos|das|el|los|las) |l['’]|d['’])"
BEFORE_NAME = r"(?:[rR]ue|[aA]venue|av\.|[bB]oulevard|bd\.?|place|allée|chemin|impasse|quai|cours|route|square|passage)"
WITH_NAME = r"(?:Calle|C/|Avenida|Avda\.?|Plaza|Paseo|Viale|Piazza|Corso|Rua|Praça|Rue|Avenue)"
ROMANCE = re.compile(
    rf"{AHEAD}\d{{1,4}}(?: ?(?:bis|ter|[a-zA-Z]))?,? {BEFORE_NAME} {OF}{{0,3}}{CAPITAL}"
    rf"(?: {OF}{{0,2}}{CAPITAL}){{0,3}}{CITY}?"
    rf"|(?<!\w){WITH_NAME} {OF}{{0,3}}{NAME}(?: {NAME}){{0,4}}+,? (?:n[.º°] ?)?\d{{1,4}}\b{CITY}?"
    rf"|(?<!\w)Via (?:{NAME} ){{1,4}}\d{{1,4}}\b{CITY}"
)


def found(text: str) -> Iterator[tuple[int, int]]:
    """Where in the text such places stand, from and to."""
    for pattern in (DOORS, *((ENGLISH, GERMAN, ROMANCE) if DIGIT.search(text) else ())):
        for match in pattern.finditer(text):
            yield match.span()
    yield from _chinese(text)


def _chinese(text: str) -> Iterator[tuple[int, int]]:
    """Streets with a house, streets of a city in a province, and chains of three places: from the first name on."""
    begins, ends, places = 0, 0, 0
    for part in PARTS.finditer(text):
        at = part.start()
        if not (at == ends or (places and BETWEEN.fullmatch(text, ends, at))):
            begins, places = _name_begins(text, ends, at), 0
        places += part["place"] is not None and at > max(begins, ends)
        ends = part.end()
        if begins < at and (part["door"] or places > 2 or (places > 1 and part["road"])):
            yield begins, ends


def _name_begins(text: str, least: int, end: int) -> int:
    """Where the name begins that ends here."""
    name = NAME_ENDS.search(text, max(least, end - 8), end)
    return name.start() if name else end
