"""The supplement against the sweep, with the real verbs: each appeal goes one of two ways, and is told of that one."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.sweep import sweep
from portal import Portal, audit, deadlines, evidence, review
from portal.appeals.models import Appeal
from portal.cli.verify import WALKS
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from tests import make
from tests.faults.test_races import all_at_once

JUST, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
CASES, WINDOWS, SWEEPERS = 6, 3, 2
HELD_UP = 0.04
"""Seconds that each supplement is sent after the one before, so that the sweep comes between them."""
WAYS = {
    "supplemented": ("under_review", None, "met", ["initial", "supplement"], []),
    "closed": ("completed", "closed_timeout", "expired", ["initial"], ["closed_timeout"]),
}
"""By its last event: the appeal's status and outcome, what became of its deadline, what was handed in, and decided."""
LOSERS = {"supplemented": {"evidence_sent", "overtaken"}, "closed": {"nothing_asked", "overtaken"}}


class Asked:
    """Appeals that evidence is asked for until the same instant; it is attached, and not sent yet."""

    def __init__(self) -> None:
        with unit_of_work():
            shop = make.a_shop()
            self.merchant = make.actor(make.a_person("merchant_owner", shop), shop)
            reviewer = make.actor(make.a_person("reviewer"))
            asked = [make.ask_for_evidence(make.an_appeal(shop, self.merchant), reviewer) for _ in range(CASES)]
            for appeal in asked:
                make.prepare_supplement(appeal, self.merchant)
            self.keys = [appeal.id for appeal in asked]
            [self.due] = {appeal.due_at for appeal in asked}
        end_reading()

    def send(self, key: int, place: int) -> str:
        """The merchant sends a supplement that arrived just in time; the later in the list, the longer held up."""
        time.sleep(place * HELD_UP)
        with unit_of_work():
            make.send_supplement(session().get_one(Appeal, key), self.merchant, self.due - JUST)
        return "sent"

    def went(self, key: int) -> str:
        """Which of the two ways the appeal went; it went that one in every respect."""
        appeal = session().get_one(Appeal, key)
        way = audit.timeline(appeal.ref)[0].action.removeprefix("appeal.")
        deadline = deadlines.latest("appeal", key, "supplement")
        handed_in = [submission.kind for submission in evidence.submissions_of("appeal", key)]
        decided = [decision.outcome for decision in review.decisions_of("appeal", key)]
        assert deadline is not None
        assert (appeal.status, appeal.outcome, deadline.state, handed_in, decided) == WAYS[way]
        actions = Counter(event.action for event in audit.timeline(appeal.ref))
        assert (actions["appeal.supplemented"], actions["appeal.closed"]) == ((1, 0), (0, 1))[way == "closed"]
        told = Counter(session().scalars(select(Notice.template).where(Notice.case_ref == appeal.ref)))
        assert (told["appeal.supplemented"], told["appeal.closed_timeout"]) == ((1, 0), (0, 1))[way == "closed"]
        return way


@pytest.fixture
def asked(app: Portal, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The appeals; the sweep takes them in more than one batch."""
    monkeypatch.setattr("jobs.rounds.BATCH", 2)
    return Asked()


def race(app: Portal, asked: Asked, after: timedelta) -> Counter[str]:
    """Several windows send each supplement while the sweep runs, so long after the due instant; how many went where."""
    sends = [lambda p=p, key=key: asked.send(key, p) for p, key in enumerate(asked.keys)] * WINDOWS
    sweeps = [lambda: sweep(asked.due + after).set_aside] * SWEEPERS
    came = all_at_once(app, [*sweeps, *sends])
    swept, sent = came[:SWEEPERS], came[SWEEPERS:]
    assert swept == [0] * SWEEPERS
    assert sweep(asked.due + after).set_aside == 0
    end_reading()
    ways: Counter[str] = Counter()
    for place, key in enumerate(asked.keys):
        way = asked.went(key)
        said = Counter(sent[place::CASES])
        assert said.pop("sent", 0) == (way == "supplemented")
        assert said.keys() <= LOSERS[way], (way, said)
        ways[way] += 1
    assert [fault for walk in WALKS.values() for fault in walk()] == []
    return ways


@pytest.mark.parametrize("after", [timedelta(0), deadlines.SWEEP_GRACE - JUST])
def test_from_the_due_instant_on_the_sweep_lets_who_was_in_time_through(
    app: Portal, asked: Asked, after: timedelta
) -> None:
    assert race(app, asked, after) == {"supplemented": CASES}


@pytest.mark.parametrize("after", [deadlines.SWEEP_GRACE, deadlines.SWEEP_GRACE + SECOND])
def test_a_supplement_and_the_sweep_at_once_come_to_one_of_two_ends(
    app: Portal, asked: Asked, after: timedelta
) -> None:
    """It arrived in time, but was held up so long that the sweep is allowed to act: whoever commits first wins."""
    assert race(app, asked, after).total() == CASES
