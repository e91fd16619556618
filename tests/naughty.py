"""Strings that break careless software: what people paste, what attackers try, what other systems export."""

from collections.abc import Iterable

from portal.db import db

MARKUP = (
    "<script>alert(1)</script>", "</textarea><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "<div hx-get=/sign-out hx-trigger=load>", "<!-- -->", "]]>",
    "&lt;b&gt; &amp; &#60;", "</title></head>", "<a href=javascript:alert(1)>x</a>", "<style>*{display:none}</style>",
    "{{ 7*7 }}", "{% raw %}", "{# hidden #}", "${7*7}", "<%= 7*7 %>", "#{7*7}", "{braces} {0} {}", "%(name)s %s %d %%",
)  # fmt: skip
DATABASE = (
    "'; DROP TABLE appeal; --", "' OR '1'='1", "100%_\\", "\\", "\\'", "NULL", "None", "nan", "undefined", "true", "[]",
    "$1 :name ?", "\\x00 \\u0000 \\N", "a\u0000b",
)  # fmt: skip
NUMBERS = ("0", "-1", "1e309", "9" * 40, "0x10", "１２３", "１，０００", "٣٤", "½", "1.000.000,00")
SHEETS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("//x","y")', "a,b;c\td")
PATHS = ("../../etc/passwd", "C:\\CON", "file:///etc/passwd", "//evil.example", "a/b\\c", ".", "CON.jpg")
LETTERS = (
    "岚山茶铺：“明前”茶，¥2,400.00", "繁體與简体", "𠮷野家𰻝𰻝面", "👩🏽‍🌾🍵🇨🇳", "e\u0301 = é", "ﷺ", "Zalgo t̸̢͝e̷x̶t",
    "עברית", "مرحبا", "\u202etxt.exe", "\u200b\u200d\ufeff", "\u2028 and \u2029", "ﬁ ŉ ǅ", "İıſ", "ﾊﾝｶｸ", "\u00ad soft",
    "\ufffd", "\U0010ffff",
)  # fmt: skip
CONTROLS = (
    "\x07 bell",
    "\x1b[31m red",
    "\x0b\x0c",
    "\x7f",
    "\x85 next line",
    "tab\there",
    "line\nline",
    "line\r\nline",
    "\rback",
)
BLANKS = ("", " ", "\u3000", "\n\n\n", "  leading and trailing  ")
LONG = ("长" * 1990, "a" * 1990, "word " * 398)
HEADERS = ("x\r\nSet-Cookie: a=b", "x\r\n\r\n<html>", "name*=utf-8''%e2")

NAUGHTY = (*MARKUP, *DATABASE, *NUMBERS, *SHEETS, *PATHS, *LETTERS, *CONTROLS, *BLANKS, *LONG, *HEADERS)

STORED = {*DATABASE, *NUMBERS, *LETTERS, *CONTROLS, *BLANKS, *LONG}
"""What a database could change, cut off, refuse or take for its own; all else is text like any other to it."""


def to_try(texts: Iterable[str] = NAUGHTY) -> list[str]:
    """Those to try on this test's database: all on SQLite, and on PostgreSQL what it may treat otherwise."""
    return [text for text in texts if text in STORED or db.engine.dialect.name == "sqlite"]
