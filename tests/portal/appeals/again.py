"""What the tests of several appeals against one penalty share: a shop whose policy allows two, and its people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from jobs.sweep import sweep
from portal import appeals, audit
from portal.accounts.models import Person, Shop
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.cli import invariants
from portal.db import end_reading, session, unit_of_work
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from tests import make
from tests.make import NOON

DAY = timedelta(days=1)


@dataclass
class Market:
    """A shop under a policy that lets it appeal twice, or under another one, and people who judge."""

    policy: str = "tiktok-like"
    shop: Shop = field(init=False)
    owner: Person = field(init=False)
    merchant: Actor = field(init=False)
    first: Actor = field(init=False)
    other: Actor = field(init=False)
    senior: Actor = field(init=False)
    second_senior: Actor = field(init=False)

    def __post_init__(self) -> None:
        with unit_of_work():
            self.shop = make.a_shop(policy_code=self.policy)
            self.owner = make.a_person("merchant_owner", self.shop, locale="zh")
            self.merchant = make.actor(self.owner, self.shop)
            roles = ("reviewer", "reviewer", "senior_reviewer", "senior_reviewer")
            self.first, self.other, self.senior, self.second_senior = (
                make.actor(make.a_person(role)) for role in roles
            )

    def decided(self, outcome: str = "rejected", at: datetime = NOON + DAY, **penalty: Any) -> Appeal:
        """A first appeal that `first` decided so."""
        with unit_of_work():
            appeal = make.an_appeal(self.shop, self.merchant, **penalty)
            decide(appeal, self.first, outcome, at)
        return appeal

    def timed_out(self) -> Appeal:
        """A first appeal that the sweep closed."""
        with unit_of_work():
            appeal = make.ask_for_evidence(make.an_appeal(self.shop, self.merchant), self.first)
        sweep(NOON + 5 * DAY)
        return fresh(appeal)

    def again(self, first: Appeal, at: datetime = NOON + 2 * DAY) -> Appeal:
        """The second appeal, handed in."""
        with unit_of_work():
            return make.file_it(make.a_draft(penalty_of(first), self.merchant, at), self.merchant, at)


def decide(appeal: Appeal, by: Actor, outcome: str, at: datetime, **fields: Any) -> None:
    """A verdict that counts; a partial one halves the fine."""
    if outcome == "partially_upheld":
        fields = {"measures_result": halved(penalty_of(appeal))} | fields
    verdict = make.a_verdict(appeal, outcome, **fields)
    appeals.actions.decide(appeal, make.a_seat(appeal, by, at), verdict=verdict, by=by, at=at)


def halved(penalty: Penalty) -> tuple[dict[str, Any], ...]:
    """Half of the fine; the other measures are kept."""
    return tuple(
        {"measure_id": one.id, "kind": one.kind, "result": "reduce", "params": {"amount_minor": one.figure[1] // 2}}
        if one.kind == "fine" and one.figure
        else {"measure_id": one.id, "kind": one.kind, "result": "keep", "params": {}}
        for one in penalty.measures
    )


def fresh(row: Any) -> Any:
    """The row as it is now."""
    end_reading()
    return session().get_one(type(row), row.id)


def penalty_of(appeal: Appeal) -> Penalty:
    """What the appeal is against."""
    return session().get_one(Penalty, appeal.subject_id)


def told() -> list[str]:
    """Which notices were written, in order."""
    return [notice.template for notice in session().query(Notice).order_by(Notice.id)]


def sound() -> bool:
    """Whether everything that must be true is."""
    end_reading()
    return list(invariants.faults()) == [] and list(audit.faults()) == []
