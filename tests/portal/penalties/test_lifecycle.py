"""Every state against every event, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.penalties.lifecycle import FINAL, MOVES, after, can, first_status, on_resuming, window
from portal.refusals import Refused

STATUSES = ("notified", "active", "held", "reduced", "overturned", "revoked", "served")
LEGAL = {
    ("notified", "take_effect"): "active",
    ("notified", "hold"): "held",
    ("notified", "overturn"): "overturned",
    ("notified", "reduce"): "reduced",
    ("notified", "revoke"): "revoked",
    ("active", "hold"): "held",
    ("active", "overturn"): "overturned",
    ("active", "reduce"): "reduced",
    ("active", "revoke"): "revoked",
    ("active", "serve"): "served",
    ("held", "resume"): "active",
    ("held", "wait_again"): "notified",
    ("held", "overturn"): "overturned",
    ("held", "reduce"): "reduced",
    ("held", "revoke"): "revoked",
    ("reduced", "overturn"): "overturned",
    ("reduced", "reduce"): "reduced",
    ("reduced", "serve"): "served",
    ("reduced", "reinstate"): "active",
    ("overturned", "reinstate"): "active",
    ("served", "overturn"): "overturned",
    ("served", "reduce"): "reduced",
}
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("event", MOVES)
@pytest.mark.parametrize("status", STATUSES)
def test_only_the_listed_moves_are_possible(status: str, event: str) -> None:
    assert can(status, event) == ((status, event) in LEGAL)
    if (status, event) in LEGAL:
        assert after(status, event) == LEGAL[status, event]
        return
    with pytest.raises(Refused) as why:
        after(status, event)
    assert (why.value.code, why.value.params["status"]) == ("transition_not_allowed", status)


def test_what_was_overturned_or_revoked_changes_only_by_an_order_from_above() -> None:
    assert {event for event in MOVES for status in FINAL if can(status, event)} == {"reinstate"}


def test_every_state_but_the_first_ones_can_be_reached() -> None:
    assert {move.target for move in MOVES.values()} == set(STATUSES)


@pytest.mark.parametrize(
    ("ahead", "status", "event"),
    [(timedelta(0), "active", "resume"), (timedelta(microseconds=1), "notified", "wait_again")],
)
def test_a_penalty_announced_for_later_waits_for_its_day(ahead: timedelta, status: str, event: str) -> None:
    assert first_status(AT + ahead, AT) == status
    assert on_resuming(AT + ahead, AT) == event


def test_a_window_is_open_until_its_due_instant_and_not_at_it() -> None:
    assert window(AT + timedelta(microseconds=1), AT) == "open"
    assert window(AT, AT) == "closed"
    assert window(None, AT) == "closed"
