"""Shops with a case of each kind, whose words must not leave them, and how their rows fill the parts of an address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from portal import accounts, appeals, evidence
from portal.accounts.models import Person, Shop
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.messages.models import Notice
from portal.penalties.models import Penalty
from portal.review.models import Review
from tests import aftersales, arbitration, make, rulings
from tests.conftest import NOON

CANARY = "金丝雀"
SIGNED_TOKENS = "security."
MISSING = {"ref": "AP-2026-NOTTHERE", "item": "EV-2026-NOTTHERE", "mark": "0" * 64}
STATES: dict[str, Callable[[Shop, Any], Appeal]] = {
    "draft": lambda shop, by: make.a_draft(a_penalty(shop), by),
    "under_review": lambda shop, by: make.file_it(make.a_draft(a_penalty(shop), by), by),
    "needs_evidence": lambda shop, by: make.ask_for_evidence(
        make.file_it(make.a_draft(a_penalty(shop), by), by), make.actor(make.a_person("reviewer"))
    ),
    "completed": lambda shop, by: appeals.actions.withdraw(
        make.file_it(make.a_draft(a_penalty(shop), by), by), by=by, at=NOON
    ),
}


def a_penalty(shop: Shop) -> Penalty:
    """A penalty whose words must stay in its shop."""
    return make.a_penalty(shop, facts=f"{CANARY} {shop.name}：12 笔订单没有揽收记录。")


OF_DISPUTES = (
    *("aftersales.", "buyer.", "redress_buyer.", "arbitration_"),
    *("appeals.ruling", "appeals.start_ruling", "appeals_buyer."),
)
"""The endpoints whose parts name an after-sales case, or its hearing."""


@dataclass
class Side:
    """A shop, its people and its case."""

    shop: Shop
    owner: Person
    penalty: Penalty
    appeal: Appeal
    after_sale: AfterSale
    dispute: Arbitration
    link: str
    ruled: Arbitration
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, state: str) -> "Side":
        """A shop with a case in this state."""
        shop = make.a_shop(name)
        owner = make.a_person("merchant_owner", shop)
        STATES[state](shop, make.actor(owner, shop))
        appeal = session().scalars(select(Appeal).where(Appeal.shop_id == shop.id)).one()
        penalty = session().get_one(Penalty, appeal.subject_id)
        after_sale = aftersales.an_after_sale(shop, statement=f"{CANARY} {shop.name}")
        aftersales.an_exhibit(after_sale, make.actor(owner, shop))
        dispute = arbitration.under_decision(shop, make.actor(owner, shop), statement=f"{CANARY} {shop.name}")
        link = accounts.links.issue("aftersale", after_sale.ref, "buyer", at=NOON)
        judge = make.actor(make.a_person("reviewer"))
        ruled = rulings.lost(shop, make.actor(owner, shop), judge)
        return cls(shop, owner, penalty, appeal, after_sale, dispute, link, ruled)

    def filled(self, rule: Rule) -> dict[str, Any]:
        """The parts of the address, from this shop's rows."""
        return {name: self._part(rule.endpoint, name) for name in rule.arguments}

    def _part(self, endpoint: str, name: str) -> Any:
        if name == "token" and endpoint.startswith(SIGNED_TOKENS):
            return "made-up"
        if endpoint.startswith(OF_DISPUTES):
            return self._of_dispute(endpoint, name)
        if name == "ref":
            penalties = endpoint.startswith("penalties.") or endpoint == "appeals.start"
            return self.penalty.ref if penalties else self.appeal.ref
        if name == "item":
            return evidence.items_of("appeal", self.appeal.id, party="merchant")[0].ref
        if name == "seat_id":
            seats = select(Review.id).where(Review.case_id == self.appeal.id).order_by(Review.id)
            return session().scalars(seats).first() or 0
        if name == "notice_id":
            box = select(Notice.id).where(Notice.recipient == f"shop:{self.shop.id}")
            return session().scalars(box).first()
        if name == "mark":
            return MISSING["mark"]
        raise AssertionError(f"say in tests/sides.py what <{name}> of {endpoint} is")

    def _of_dispute(self, endpoint: str, name: str) -> Any:
        if endpoint.startswith("appeals."):
            return self.ruled.after_sale.ref
        if endpoint.startswith("appeals_buyer."):
            return {"token": self.link, "item": MISSING["item"]}[name]
        if endpoint.startswith("arbitration_"):
            return {"ref": self.dispute.ref, "item": MISSING["item"]}[name]
        item = evidence.items_of("aftersale", self.after_sale.id)[0].ref
        return {"ref": self.after_sale.ref, "verb": "say", "item": item, "token": self.link}[name]
