"""Pages by key: every row once, forwards and backwards, whatever stands in the address."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal import Portal
from portal.db import unit_of_work
from portal.paging import Cursor, Listing, Page
from portal.penalties.models import Penalty
from tests import make


def walk(cursor: str = "", *, newest_first: bool = False) -> Page:
    """One page of three penalties."""
    ask = select(Penalty.id, Penalty.due_at)
    return Listing(ask, at=Penalty.due_at, key=Penalty.id, newest_first=newest_first, size=3).page(cursor)


@pytest.mark.parametrize("newest_first", [False, True])
def test_every_row_is_seen_once_there_and_back(app: Portal, *, newest_first: bool) -> None:
    with unit_of_work():
        shop = make.a_shop()
        for n in range(8):
            make.a_penalty(shop, make.NOON - timedelta(days=n // 2))
    page, there = walk(newest_first=newest_first), []
    assert page.before == ""
    while True:
        there.append([row.id for row in page.rows])
        if not page.after:
            break
        page = walk(page.after, newest_first=newest_first)
    assert [len(rows) for rows in there] == [3, 3, 2]
    assert len({key for rows in there for key in rows}) == 8
    back = [there[-1]]
    while page.before:
        page = walk(page.before, newest_first=newest_first)
        back.append([row.id for row in page.rows])
    assert back == there[::-1]


def test_an_empty_list_has_no_neighbours(app: Portal) -> None:
    assert walk() == Page([])


@given(st.text(max_size=50))
def test_whatever_stands_in_the_address_is_a_cursor_or_none(text: str) -> None:
    read = Cursor.read(text)
    assert read is None or Cursor.read(str(read)) == read


def test_a_key_that_no_row_can_have_is_no_cursor(app: Portal) -> None:
    assert Cursor.read(f"a0.{2**63}") is None
    assert walk(f"b0.{2**63 - 1}") == Page([])
