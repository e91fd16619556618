"""A ruling that everybody reaches for at once: one second instance, one appeal, and each is told which."""

import secrets
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from jobs.sweep import sweep
from portal import Portal, aftersales, appeals, audit
from portal.accounts.models import Person
from portal.appeals import drafts
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.evidence.models import Submission
from portal.refusals import Overtaken
from tests import make, rulings
from tests.aftersales import an_offer
from tests.conftest import Clock, SignIn
from tests.faults.test_races import AT_ONCE, all_at_once, send

SECOND = timedelta(seconds=1)


class Lost:
    """A ruling that both sides lost something of, and the merchant's whole draft against it."""

    def __init__(self, at) -> None:
        with unit_of_work():
            shop = make.a_shop()
            self.owner: Person = make.a_person("merchant_owner", shop)
            self.merchant = make.actor(self.owner, shop)
            judge = make.actor(make.a_person("reviewer"))
            found = rulings.lost(shop, self.merchant, judge, at, "refund_partial")
            draft = make.a_draft(found, self.merchant, at)
            self.ruled, self.appeal, self.ref = found.id, draft.id, draft.ref
            self.case_ref, self.due = found.after_sale.ref, found.appeal_due_at
            self.seen = drafts.draft_of(draft).fingerprint()

    def submit(self, at) -> str:
        """The merchant sends the appeal."""
        with unit_of_work():
            appeal = session().get_one(Appeal, self.appeal)
            appeals.actions.submit(appeal, key=secrets.token_hex(8), seen=self.seen, by=self.merchant, at=at)
        return "submitted"

    def ask_again(self, at) -> str:
        """The buyer asks for the re-review."""
        with unit_of_work():
            rulings.ask_again(session().get_one(Arbitration, self.ruled), at)
        return "asked"

    def offer(self, at) -> None:
        """The merchant offers something instead of what was ruled."""
        with unit_of_work():
            an_offer(session().get_one(Arbitration, self.ruled).after_sale, self.merchant, at)

    def settle(self, at) -> str:
        """The buyer agrees."""
        with unit_of_work():
            case = session().get_one(Arbitration, self.ruled).after_sale
            aftersales.actions.accept_offer(case, by=aftersales.as_buyer(case), at=at)
        return "settled"

    @property
    def now(self) -> tuple[Arbitration, Appeal]:
        """Both as they are now."""
        end_reading()
        return session().get_one(Arbitration, self.ruled), session().get_one(Appeal, self.appeal)


@pytest.fixture
def lost(app: Portal, now: Clock) -> Lost:
    """A ruling of this noon."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield Lost(now.at)
    app.config["WTF_CSRF_ENABLED"] = True


def sound() -> bool:
    """Whether everything that must be true is."""
    end_reading()
    return list(invariants.faults()) == [] and list(audit.faults()) == []


def test_fifty_submits_at_once_make_one_appeal_and_all_are_shown_it(app: Portal, lost: Lost, browser: SignIn) -> None:
    browsers = [browser(lost.owner) for _ in range(AT_ONCE)]
    sent = all_at_once(app, [lambda b=b, n=n: send(b, lost.ref, lost.seen, f"key-{n}") for n, b in enumerate(browsers)])
    shown = {(303, f"/appeals/{lost.ref}/receipt"): 1, (303, f"/appeals/{lost.ref}"): AT_ONCE - 1}
    assert Counter(sent) == shown
    assert session().scalar(select(func.count()).where(Submission.case_type == "appeal")) == 1
    ruled, appeal = lost.now
    assert (ruled.second_via, ruled.appeal_rights_used, appeal.status) == ("appeal", 1, "under_review")
    assert sound()


def test_starting_by_all_ways_at_once_gives_one_draft(app: Portal, now: Clock, lost: Lost, browser: SignIn) -> None:
    with unit_of_work():
        appeals.actions.discard(session().get_one(Appeal, lost.appeal), by=lost.merchant, at=now.at)
    ways = ["appeal_centre", "after_sale", "message"] * 3
    tabs = [browser(lost.owner) for _ in ways]
    to = f"/appeals/rulings/{lost.case_ref}"
    starts = [
        lambda b=b, via=via: b.post(to, data={"via": via}).headers["Location"]
        for b, via in zip(tabs, ways, strict=True)
    ]
    went = all_at_once(app, starts)
    assert len(set(went)) == 1
    assert session().scalar(select(func.count()).select_from(Appeal)) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_appeal_and_re_review_at_once_make_one_second_instance(
    app: Portal, now: Clock, lost: Lost, attempt: int
) -> None:
    acts = [lambda: lost.submit(now.at), lambda: lost.ask_again(now.at)]
    came = all_at_once(app, acts[::-1] if attempt % 2 else acts)
    ruled, appeal = lost.now
    assert "submitted" in came or "asked" in came, came
    if "asked" in came:  # it takes an appeal that was faster along
        assert (ruled.second_via, appeal.outcome) == ("re_review", "moot")
    else:
        assert (ruled.second_via, appeal.status) == ("appeal", "under_review")
    assert sound()


@pytest.mark.parametrize("attempt", range(3))
def test_appeal_and_settling_at_once_leave_nothing_open(app: Portal, now: Clock, lost: Lost, attempt: int) -> None:
    lost.offer(now.at)
    acts = [lambda: lost.submit(now.at), lambda: lost.settle(now.at)]
    came = all_at_once(app, acts[::-1] if attempt % 2 else acts)
    if "settled" not in came:  # overtaken by the appeal: the buyer presses again
        lost.settle(now.at)
    ruled, appeal = lost.now
    assert (ruled.status, appeal.outcome) == ("settled", "moot")
    assert sound()


@pytest.mark.parametrize("attempt", range(3))
def test_the_sweep_and_whoever_was_in_time_leave_one_of_two_legal_states(app: Portal, lost: Lost, attempt: int) -> None:
    def swept() -> str:
        sweep(lost.due + 11 * SECOND)
        return "swept"

    def sent() -> str:
        try:
            return lost.submit(lost.due - SECOND)
        except Overtaken:
            return "overtaken"

    all_at_once(app, [swept, sent] if attempt % 2 else [sent, swept])
    sweep(lost.due + 12 * SECOND)
    ruled, appeal = lost.now
    ways = {("second_instance", "under_review", None), ("final", "completed", "lapsed")}
    assert (ruled.status, appeal.status, appeal.outcome) in ways
    assert sound()
