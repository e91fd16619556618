"""What is said of a file, a row or a cell that can't be used."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "sheet",
    {
        "file_too_large": _l("This file is larger than %(megabytes)s MB. Split it into several."),
        "too_many_rows": _l("This file has more than %(most)s rows. Split it into several."),
        "no_rows": _l("This file has no rows."),
        "not_text": _l("This is not a CSV or JSON file in UTF-8 or GB18030. Export it as CSV and try again."),
        "unknown_column": _l("There is no column %(name)s. The columns are: %(known)s."),
        "column_twice": _l("The column %(name)s stands there twice."),
        "column_missing": _l("The column %(name)s is missing."),
        "csv_broken": _l("The quotation marks from line %(line)s on don't match."),
        "key_twice": _l("The entry from line %(line)s on has %(name)s twice."),
        "json_broken": _l("This is not JSON from line %(line)s on."),
        "json_not_a_list": _l("The JSON must be a list of objects."),
    },
)
text.learn(
    "cell",
    {
        "missing": _l("this must not be empty"),
        "not_a_text": _l("write it as a text"),
        "not_an_object": _l("write each row as an object"),
        "cells_miscounted": _l("this line has %(count)s cells, the first line %(wanted)s"),
        "too_long": _l("%(most)s characters at most; there are %(length)s"),
        "control_characters": _l("leave out line breaks and control characters"),
        "bad_source": _l("small letters, digits, dots, hyphens and underscores only"),
        "bad_amount": _l(
            "an amount in currency units such as 2400 or 2400.50, below 10,000,000, with two decimals at most"
        ),
        "bad_currency": _l("a currency code with two decimals, such as CNY"),
        "bad_moment": _l("a moment such as 2026-11-17 15:30 in the shop's zone, or 2026-11-17T15:30:00+08:00"),
        "moment_skipped": _l("this wall time does not exist in %(zone)s; the clocks skip it"),
        "moment_ahead": _l("a moment that is not in the future"),
        "unknown_shop": _l("the external id of a shop of this portal"),
        "twice_in_file": _l("line %(line)s has the same external_id and says something else"),
    },
)


def said(kind: str, code: str, params: Mapping[str, object]) -> str:
    """The words of a fault (`cell`) or of a refused file (`sheet`)."""
    return text.word(code, kind) % params
