"""A random walk of two cases of one order, through negotiation and arbitration: everything adds up on the way."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from sqlalchemy import text

from portal import Portal, aftersales, arbitration, deadlines
from portal.aftersales import actions, facts, lifecycle, queries
from portal.aftersales.models import AfterSale, Purchase
from portal.arbitration import Ruling, answers
from portal.arbitration import actions as hearing
from portal.arbitration import lifecycle as stages
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.cli import aftersale_invariants, invariants
from portal.db import db, session, unit_of_work
from portal.policies import RULINGS
from portal.refusals import Refused
from tests import arbitration as make
from tests.aftersales import PLATFORM, a_purchase, a_wish, an_after_sale, an_exhibit
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court

NOT_NOW = ("transition_not_allowed", "heard_before", "ruled_already")
OTHERS = ("leave_arbitration", "settle", "withdraw", "conclude", "recommend", "flag_overdue")
"""What is done by another verb: an agreement settles, calling off withdraws, a ruling concludes and leaves."""
OF_CASE = sorted(verb for verb in lifecycle.MOVES if not verb.endswith("_over") and verb not in OTHERS)
OF_HEARING = sorted(verb for verb in stages.MOVES if not verb.endswith("_over") and verb not in OTHERS)
SIDES = ("merchant", "buyer", "platform", "reviewer")
Step = tuple[int, int, bool, str, int, int]
STEP = st.tuples(
    st.integers(0, 3), st.integers(0, 999), st.sampled_from([False] * 4 + [True]),
    st.sampled_from(lifecycle.OFFERS), st.integers(1, 13_000), st.integers(1, 60),
)  # fmt: skip
"""Which case, which act (any there is if `wild`, else one that is offered), and the figures for it."""


class Walk:
    """Cases of one order of which not everything was paid, and what anybody can try with them and ask for besides."""

    def __init__(self, market: Court) -> None:
        self.market, self.at = market, NOON
        order = a_purchase(market.shop, paid_minor=22_000)
        self.cases = [
            an_after_sale(market.shop, "return_refund", order=order, lines=(("TEA-1", 1),)),
            an_after_sale(market.shop, "exchange", order=order, lines=(("CUP-1", 1),), reason_code="WRONG_ITEM"),
        ]
        self.order = order
        self.keys = 0

    def actor(self, side: str, case: AfterSale) -> Actor:
        """Who acts for this side; another reviewer looks at a re-review."""
        if side == "buyer":
            return aftersales.as_buyer(case)
        again = len(arbitration.of_case(case)) == 2
        judge = self.market.other if again else self.market.reviewer
        return {"merchant": self.market.merchant, "platform": PLATFORM, "reviewer": judge}[side]

    def offered(self, case: AfterSale, side: str) -> tuple[str, ...]:
        """What a page would offer this side."""
        role = "platform" if side == "reviewer" else side
        verbs = (*facts.offered(case, role, queries.open_offer(case)), *answers.offered(case, side, self.at))
        return tuple(verb for verb in verbs if verb not in OTHERS)

    def chosen(self, case: AfterSale, pick: int, wild: bool) -> tuple[str, str]:
        """A verb and a side."""
        offered = [(verb, side) for side in SIDES for verb in self.offered(case, side) if verb != "cancel"]
        there = (*OF_CASE, *(OF_HEARING if arbitration.live_of(case) else ()))
        every = [(verb, side) for side in SIDES for verb in there]
        options = every if wild else [*offered, ("time", ""), ("request", "")]
        return options[pick % len(options)]

    def try_it(self, step: Step) -> None:
        """Do what the step says, if it is allowed; a refusal is undone by its savepoint, as by its request."""
        which, pick, wild, kind, amount, hours = step
        case = self.cases[which % len(self.cases)]
        verb, side = self.chosen(case, pick, wild)
        if verb == "time":
            return self.let_pass(hours)
        if verb == "request":
            return self.ask(amount)
        offered = verb in self.offered(case, side)
        terms = aftersales.Terms(kind, 0 if kind in ("no_refund", "replacement") else amount)
        refused = False
        try:
            with session().begin_nested():
                self.verb(verb, case, self.actor(side, case), terms, amount)
        except Refused as why:
            refused = why.code in NOT_NOW
        assert refused != offered, (verb, side, case.status, case.turn)
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
            "enter_arbitration": {"key": f"k{self.keys}"},
            "fail_payment": {"why": "余额不足"},
            "acknowledge": {"amount_minor": case.agreed_minor or amount, "currency": case.currency},
        }
        given_as: dict[str, tuple[Any, ...]] = {
            "offer": (terms,), "counter": (terms,), "say": ("你好",), "enter_arbitration": ("",),
        }  # fmt: skip
        if verb == "report" and case.status == "awaiting_inspection" and by is self.market.merchant:
            an_exhibit(case, by, self.at)
        if verb in OF_HEARING:
            return self.hear(verb, case, by, amount)
        act: Callable[..., object] = getattr(actions, "escalate" if verb == "enter_arbitration" else verb)
        act(case, *given_as.get(verb, ()), by=by, at=self.at, **more.get(verb, {}))
        return None

    def hear(self, verb: str, case: AfterSale, by: Actor, amount: int) -> None:
        """Call a verb of the arbitration with what it needs."""
        found = arbitration.live_of(case)
        assert found is not None
        key = f"h{self.keys}"
        if verb == "submit":
            hearing.submit(found, "情况说明", key=key, by=by, at=self.at)
        elif verb == "finish":
            hearing.finish(found, by=by, at=self.at)
        elif verb == "ask_again":
            said = "有新的检测报告可以证明商品签收时已经破损。"
            hearing.ask_again(found, ground="new_fact", statement=said, key=key, by=by, at=self.at)
        else:
            self.judge(verb, found, by, amount)

    def judge(self, verb: str, found: Arbitration, by: Actor, amount: int) -> None:
        """Rule, or ask one side for more; without a seat of one's own it is refused as any other step."""
        stages.require(found.status, verb, "reviewer" if by.role == "reviewer" else by.role)
        seat = make.a_seat(found, by, self.at)
        party = stages.PARTIES[amount % 2]
        if verb == "ask_for_evidence":
            lack = {"requirement_code": f"{party}_other", "problem": "missing", "note": "再补一张"}
            hearing.ask_for_evidence(
                found, seat, party=party, reason_code="N01", text_to_party="请补充。", deficiencies=[lack], by=by,
                at=self.at,
            )  # fmt: skip
            return
        kind = RULINGS[amount % len(RULINGS)]
        verdict = make.a_verdict(found, kind, ruling(kind, found.amount_minor))
        hearing.decide(found, seat, verdict=verdict, by=by, at=self.at)

    def ask(self, amount: int) -> None:
        """Ask for a compensation out of the same order, which is refused just where nothing is left of it for that."""
        left = self.order.paid_minor - self.spoken_for()
        wish, code = a_wish("compensation", amount_minor=amount), ""
        try:
            with session().begin_nested():
                self.cases.append(actions.request(self.market.shop, self.order, wish, by=PLATFORM, at=self.at))
        except Refused as why:
            code = why.code
        assert code == ("too_much" if amount > left else "")

    def spoken_for(self) -> int:
        """What of the order is promised, paid or asked for, by the cases themselves."""
        given = [case.agreed_minor or 0 for case in self.cases if lifecycle.reserves(case.status, case.resolution)]
        return sum(given) + sum(case.requested_minor for case in self.cases if case.status in lifecycle.OPEN)

    def let_pass(self, hours: int) -> None:
        """Let time pass, and do what is due, the earliest first, as the sweep would."""
        self.at: datetime = self.at + timedelta(hours=hours)
        while due := deadlines.still_due([key for _at, key in deadlines.due(self.at, 1)], self.at):
            for deadline in due:
                deadlines.answer(deadline.subject_type, deadline.kind).expire([deadline], at=self.at)
            session().flush()

    def check(self, *, whole: bool) -> None:
        """The money adds up, and if `whole` all the rest; that may be seen a few steps later: what breaks stays so."""
        session().flush()
        order = session().get_one(Purchase, self.order.id)
        assert 0 <= order.committed_minor <= self.spoken_for() <= order.paid_minor
        broken = aftersale_invariants.BROKEN.items()
        assert [what for what, query in broken if session().execute(text(query)).all()] == []
        assert not whole or list(invariants.faults()) == []


def ruling(kind: str, disputed: int) -> Ruling:
    """A ruling of this kind about this amount."""
    share = disputed // 3
    amounts = {
        "refund_partial": {"merchant": disputed - share, "buyer": share},
        "claim_rejected": {"buyer": disputed},
        "platform_compensates": {"platform": disputed},
    }.get(kind, {"merchant": disputed})
    return make.a_ruling(kind, amounts=amounts)


EXAMPLES = {"sqlite": 40, "postgresql": 10}
"""The rules are not the database's: on PostgreSQL a quarter shows that it does them too, at thrice the cost."""


def test_whatever_anybody_tries_the_books_balance(app: Portal) -> None:
    class Undone(Exception):
        """Ends an example, so that the next one begins with nothing."""

    @seed(20260302)
    @settings(
        deadline=None, max_examples=EXAMPLES[db.engine.dialect.name], database=None,
        phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(steps=st.lists(STEP, min_size=10, max_size=25), policy=st.sampled_from(["douyin", "tiktok-like"]))
    def take(steps: list[Step], policy: str) -> None:
        try:
            with unit_of_work():
                walk = Walk(a_court(policy))
                for number, step in enumerate(steps, start=1):
                    walk.try_it(step)
                    walk.check(whole=number % 3 == 0 or number == len(steps))
                raise Undone
        except Undone:
            db.session.remove()

    take()
