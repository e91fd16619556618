"""Cells: what each takes, and that everything else is only text."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import incoming
from portal.incoming import BadCellError, typed_amount

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "<script>alert(1)</script>", "'; DROP TABLE penalty; --",
    "%(ref)s", "{{ 7*7 }}", "%s%s%n", "\u202egnp.exe", "𠮷野家", "👩‍👩‍👧",
    "ﷺ", "\ufeff", "../../etc/passwd", "NULL", "\u200b",
)  # fmt: skip


def refusal(read: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(BadCellError) as why:
        read(*args, **more)
    return why.value.code


@pytest.mark.parametrize(
    ("cell", "minor"), [("0", 0), ("2400", 240000), ("2400.5", 240050), ("0.01", 1), ("9999999.99", 999999999)]
)
def test_amounts_become_minor_units(cell: str, minor: int) -> None:
    assert incoming.amount(cell) == minor


@pytest.mark.parametrize(
    "cell",
    [
        "1.234",
        "1,234.00",
        "-1",
        "+1",
        "1e3",
        "¥10",
        "10元",
        ".5",
        "1.",
        "10000000",
        "１２",
        "=1+1",
        "",
        " 1",
        "1 ",
        "nan",
        ["1"],
    ],
)
def test_other_amounts_are_refused(cell: Any) -> None:
    assert refusal(incoming.amount, cell) == "bad_amount"


@pytest.mark.parametrize(
    "cell",
    ["2026-11-17 15:30", "2026-11-17T15:30", "2026/11/17 15:30", "2026-11-17 15:30:00", "2026-11-17T07:30Z",
     "2026-11-17T15:30:00+08:00", "2026-11-17T15:30:00.000+0800", "2026-11-17T08:30:00 +01:00"],
)  # fmt: skip
def test_moments_are_read_in_the_shops_zone_or_their_own(cell: str) -> None:
    assert incoming.moment(cell, SHANGHAI) == datetime(2026, 11, 17, 7, 30, tzinfo=UTC)


def test_a_wall_time_that_comes_twice_is_the_later_one() -> None:
    assert incoming.moment("2026-10-25 02:30", BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_wall_time_that_the_clocks_skip_is_refused() -> None:
    assert refusal(incoming.moment, "2026-03-29 02:30", BERLIN) == "moment_skipped"


@pytest.mark.parametrize(
    "cell",
    ["2026-11-17", "17.11.2026 15:30", "2026-02-30 10:00", "2026-11-17 24:00", "2026-11-17 15:30 CET", "yesterday",
     "1999-11-17 15:30", "2100-01-01 00:00", "2026-11-17T15:30+99:99", "45978.64", ["2026-11-17 15:30"]],
)  # fmt: skip
def test_other_moments_are_refused(cell: Any) -> None:
    assert refusal(incoming.moment, cell, SHANGHAI) == "bad_moment"


def test_currencies_have_two_decimals() -> None:
    assert incoming.currency("EUR") == "EUR"
    for cell in ("JPY", "KWD", "cny", "XXXX", "元", ["CNY"]):
        assert refusal(incoming.currency, cell) == "bad_currency"


@pytest.mark.parametrize("cell", HOSTILE)
def test_hostile_cells_are_just_text(cell: str) -> None:
    assert incoming.words(cell, 200) == cell


@pytest.mark.parametrize("cell", ["a\x00b", "a\nb", "a\x1b[31m", "\ud800", "a\x7fb"])
def test_control_characters_are_refused_in_one_line(cell: str) -> None:
    assert refusal(incoming.words, cell, 200) == "control_characters"


def test_facts_may_have_paragraphs() -> None:
    assert incoming.words("a\r\nb\n\tc", 200, lines=True) == "a\nb\n\tc"
    assert refusal(incoming.words, "a\x00b", 200, lines=True) == "control_characters"


def test_lengths_count_characters() -> None:
    assert incoming.words("字" * 64, 64) == "字" * 64
    assert refusal(incoming.words, "字" * 65, 64) == "too_long"
    assert refusal(incoming.source, "ERP 1") == "bad_source"
    assert incoming.source("erp-1") == "erp-1"
    assert refusal(incoming.one_of, "yes", ("no",), "bad_automated") == "bad_automated"


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("80", 8_000),
        ("80.5", 8_050),
        ("¥1,280.00", 128_000),
        ("1，280", 128_000),
        (" ￥ 12 ", 1_200),
        ("１２．５", 1_250),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, minor: int) -> None:
    assert typed_amount(typed) == minor


@pytest.mark.parametrize("typed", ["", "12,50", "1,20", "1,2345", "1.2.3", "-5", "一百", "12e3", "1.234", "8²", "½"])
def test_what_can_be_read_in_two_ways_is_no_amount(typed: str) -> None:
    with pytest.raises(BadCellError):
        typed_amount(typed)
