"""`portal verify` names whatever is wrong with several appeals against one penalty."""

import pytest
from sqlalchemy import text

from portal import Portal, guards
from portal.cli import invariants
from portal.db import session, unit_of_work
from tests.portal.appeals.again import DAY, NOON, Market, decide, sound


@pytest.fixture(scope="module")
def twice(shared_sqlite_app: Portal) -> Portal:
    """A penalty that was appealed against twice, for all tests of this file; what one of them changes is undone."""
    market = Market()
    second = market.again(market.decided())
    with unit_of_work():
        decide(second, market.other, "rejected", NOON + 3 * DAY)
    return shared_sqlite_app


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE appeal SET outcome = 'withdrawn' WHERE round_no = 1", "I27 follows"),
        ("UPDATE appeal SET started_at = '2026-03-01 00:00:00.000000' WHERE round_no = 2", "I27 was begun before"),
        ("UPDATE appeal SET rounds_allowed = 3 WHERE round_no = 2", "I27 allows another number"),
        ("UPDATE penalty SET appeal_rights_used = 1 WHERE appeal_rights_used = 2", "I27 has used up"),
        ("UPDATE penalty SET appeal_window = 'open' WHERE appeal_rights_used = 2", "I27 can be appealed again"),
        (
            "UPDATE deadline SET state = 'running', closed_at = NULL WHERE kind = 'file_again'",
            "I27 can be appealed again",
        ),
        (
            "UPDATE review SET concluded_by = (SELECT min(concluded_by) FROM review WHERE verdict IS NOT NULL)",
            "I9 was judged by somebody who had judged",
        ),
    ],
)
def test_whatever_is_broken_behind_its_back_is_named(twice: Portal, statement: str, says: str) -> None:
    assert sound()
    with session().begin_nested() as point:
        guards.remove(session().connection())
        session().execute(text(statement))
        named = " ".join(invariants.faults())
        point.rollback()
    assert says in named
