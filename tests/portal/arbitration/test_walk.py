"""A random walk of two cases of one order on the database: after every step everything adds up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from portal import Portal, aftersales, deadlines
from portal.aftersales import actions, lifecycle, queries
from portal.aftersales.models import AfterSale, Purchase
from portal.audit import Actor
from portal.cli import invariants
from portal.db import db, session, unit_of_work
from portal.refusals import Refused
from tests.aftersales import PLATFORM, a_purchase, an_after_sale, an_exhibit
from tests.make import NOON
from tests.portal.aftersales.conftest import Market, a_market

VERBS = sorted(verb for verb in lifecycle.MOVES if not verb.endswith("_over"))
SIDES = ("merchant", "buyer", "platform")
Step = tuple[int, int, bool, str, int, int]
STEP = st.tuples(
    st.integers(0, 1), st.integers(0, 999), st.sampled_from([False] * 4 + [True]),
    st.sampled_from(lifecycle.OFFERS), st.integers(1, 13_000), st.integers(1, 60),
)  # fmt: skip
"""Which case, which act (any there is if `wild`, else one that is offered), and the figures for it."""


class Walk:
    """Two cases of one order, and what anybody can try with them."""

    def __init__(self, market: Market) -> None:
        self.market, self.at = market, NOON
        order = a_purchase(market.shop)
        self.cases = [
            an_after_sale(market.shop, "return_refund", order=order, lines=(("TEA-1", 1),)),
            an_after_sale(market.shop, "exchange", order=order, lines=(("CUP-1", 1),), reason_code="WRONG_ITEM"),
        ]
        self.order = order
        self.keys = 0

    def actor(self, side: str, case: AfterSale) -> Actor:
        """Who acts for this side."""
        return {"merchant": self.market.merchant, "platform": PLATFORM}.get(side) or self.market.buyer(case)

    def offered(self, case: AfterSale, side: str) -> tuple[str, ...]:
        """What a page would offer this side."""
        offer = queries.open_offer(case)
        whose, arbitration = offer.by_party if offer else None, aftersales.has_arbitration()
        return lifecycle.offered(case.status, side, offer_by=whose, arbitration=arbitration)

    def chosen(self, case: AfterSale, pick: int, wild: bool) -> tuple[str, str]:
        """A verb and a side."""
        offered = [(verb, side) for side in SIDES for verb in self.offered(case, side) if verb != "cancel"]
        every = [(verb, side) for side in SIDES for verb in VERBS]
        options = every if wild else [*offered, ("time", "")]
        return options[pick % len(options)]

    def try_it(self, step: Step) -> None:
        """Do what the step says, if it is allowed; a refusal is undone by its savepoint, as by its request."""
        which, pick, wild, kind, amount, hours = step
        case = self.cases[which]
        verb, side = self.chosen(case, pick, wild)
        if verb == "time":
            return self.let_pass(hours)
        offered = verb in self.offered(case, side)
        terms = aftersales.Terms(kind, 0 if kind in ("no_refund", "replacement") else amount)
        refused = False
        try:
            with session().begin_nested():
                self.verb(verb, case, self.actor(side, case), terms, amount)
        except Refused as why:
            refused = why.code == "transition_not_allowed"
        assert refused != offered
        return None

    def verb(self, verb: str, case: AfterSale, by: Actor, terms: aftersales.Terms, amount: int) -> None:
        """Call the verb with what it needs."""
        self.keys += 1
        parcel = {"carrier": "顺丰", "number": f"SF{self.keys}"}
        more: dict[str, dict[str, Any]] = {
            "refuse": {"reason_code": "AMOUNT_TOO_HIGH", "note": "", "key": f"k{self.keys}"},
            "report": {"finding": "damaged", "note": "", "key": f"k{self.keys}"},
            "ship_back": parcel,
            "ship": parcel,
            "say": {"key": f"k{self.keys}"},
            "acknowledge": {"amount_minor": case.agreed_minor or amount, "currency": case.currency},
        }
        given_as: dict[str, tuple[Any, ...]] = {
            "offer": (terms,), "counter": (terms,), "leave_arbitration": (terms,), "say": ("你好",),
        }  # fmt: skip
        if verb == "report" and case.status == "awaiting_inspection" and by is self.market.merchant:
            an_exhibit(case, by, self.at)
        act: Callable[..., object] = getattr(actions, verb)
        act(case, *given_as.get(verb, ()), by=by, at=self.at, **more.get(verb, {}))

    def let_pass(self, hours: int) -> None:
        """Let time pass, and do what is due, the earliest first, as the sweep would."""
        self.at: datetime = self.at + timedelta(hours=hours)
        while due := deadlines.still_due([key for _at, key in deadlines.due(self.at, 1)], self.at):
            for deadline in due:
                deadlines.answer(deadline.subject_type, deadline.kind).expire([deadline], at=self.at)
            session().flush()

    def check(self) -> None:
        """Everything adds up."""
        session().flush()
        assert list(invariants.faults()) == []
        order = session().get_one(Purchase, self.order.id)
        assert 0 <= order.committed_minor <= order.paid_minor


@seed(20260302)
@settings(
    deadline=None, max_examples=40, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=10, max_size=25), policy=st.sampled_from(["douyin", "tiktok-like"]))
def test_whatever_anybody_tries_the_books_balance(
    app: Portal, arbitration: None, steps: list[Step], policy: str
) -> None:
    class Undone(Exception):
        """Ends an example, so that the next one begins with nothing."""

    try:
        with unit_of_work():
            walk = Walk(a_market(policy))
            for step in steps:
                walk.try_it(step)
                walk.check()
            raise Undone
    except Undone:
        db.session.remove()
