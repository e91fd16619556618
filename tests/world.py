"""A marketplace in which everything has happened: each kind of person, and a case in each state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from jobs.sweep import sweep
from portal import appeals, penalties
from portal.accounts import links
from portal.accounts.models import MERCHANT_ROLES, STAFF_ROLES, Membership, Person, Shop
from portal.aftersales import Terms, as_buyer
from portal.aftersales import actions as aftersales
from portal.aftersales.models import AfterSale
from portal.appeals.lifecycle import DECIDED
from portal.appeals.models import Appeal
from portal.arbitration import actions as hearings
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM
from portal.db import end_reading, session, unit_of_work
from portal.evidence import Received, bring
from portal.penalties.models import Penalty
from tests import arbitration, make, redress, rulings, samples
from tests.aftersales import Line, a_purchase, an_after_sale, an_exhibit, an_offer, not_carried_out, settle
from tests.make import NOON

DAY = timedelta(days=1)
NOW = NOON
"""When one looks at it."""
ASKED = {
    **dict.fromkeys(("asked", "negotiating", "waiting", "refused", "pending", "paid", "cancelled"), "refund_only"),
    **dict.fromkeys(("to_return", "on_its_way", "to_inspect", "reported"), "return_refund"),
    "to_ship": "reship",
}
"""The after-sales cases, and what each buyer asks for."""


@dataclass
class World:
    """The people by role, and the numbers of penalties, appeals and rulings by what is the matter with them."""

    shop: Shop
    other: Shop
    people: dict[str, Person] = field(default_factory=dict)
    penalties: dict[str, str] = field(default_factory=dict)
    appeals: dict[str, str] = field(default_factory=dict)
    aftersales: dict[str, str] = field(default_factory=dict)
    arbitrations: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    ruled: str = ""
    rulings: dict[str, str] = field(default_factory=dict)

    def penalty(self, name: str, days_ago: float, **fields: object) -> Penalty:
        """A penalty of the shop, known by this name from now on."""
        made = make.a_penalty(self.shop, NOW - days_ago * DAY, **fields)
        self.penalties[name] = made.ref
        return made

    def draft(self, name: str, days_ago: float, whole: bool = True, **fields: object) -> Appeal:
        """A draft of that day."""
        return self._known(
            name, make.a_draft(self.penalty(name, days_ago, **fields), self.by, NOW - days_ago * DAY, whole=whole)
        )

    def sent(self, name: str, days_ago: float, **fields: object) -> Appeal:
        """An appeal handed in on that day."""
        return make.file_it(self.draft(name, days_ago, **fields), self.by, NOW - days_ago * DAY)

    def asked(self, name: str, days_ago: float) -> Appeal:
        """An appeal for which more evidence was asked on that day."""
        return make.ask_for_evidence(self.sent(name, days_ago + 1), self.reviewer, NOW - days_ago * DAY)

    def decided(self, name: str, days_ago: float, **fields: object) -> Appeal:
        """An appeal with this outcome."""
        appeal, at = self.sent(name, days_ago + 1), NOW - days_ago * DAY
        verdict = make.a_verdict(appeal, name, **fields)
        appeals.actions.decide(appeal, make.a_seat(appeal, self.reviewer, at), verdict=verdict, by=self.reviewer, at=at)
        return appeal

    def _known(self, name: str, appeal: Appeal) -> Appeal:
        self.appeals[name] = appeal.ref
        return appeal

    @property
    def by(self) -> make.Actor:
        """The owner as one who acts."""
        return make.actor(self.people["merchant_owner"], self.shop)

    @property
    def reviewer(self) -> make.Actor:
        """The reviewer as one who acts."""
        return make.actor(self.people["reviewer"])


def a_world(password: Callable[[str], str] | None = None) -> World:
    """Build it, up to the last sweep. With `password`, which hashes one, people sign in as `<role>@people.example`."""
    with unit_of_work():
        world = World(make.a_shop("岚山茶铺"), make.a_shop("木石家居"))
        secret = {"password": password("a quiet river at night")} if password else {}
        for role in (*MERCHANT_ROLES, *sorted(STAFF_ROLES)):
            shop = world.shop if role in MERCHANT_ROLES else None
            world.people[role] = make.a_person(role, shop, email=f"{role}@people.example", **secret)
        both = Membership(shop_id=world.other.id, role="merchant_agent", valid_from=NOW - 90 * DAY)
        world.people["merchant_owner"].memberships.append(both)
    with samples.DRAWING.open("rb") as picture, samples.DOCUMENT.open("rb") as document:
        paper = bring(document, "判决书.pdf")
        document.seek(0)
        proof = [("物流轨迹", bring(picture, "物流轨迹.jpg")), ("核查记录", bring(document, "核查记录.pdf"))]
    with unit_of_work():
        _penalties(world)
        proven = world.penalty("proven", 1, automated="assisted")
        penalties.add_evidence(proven, proof, by=SYSTEM, at=NOW - DAY)
    with unit_of_work():
        _under_way(world)
    with unit_of_work():
        _over(world)
    with unit_of_work():
        _aftersales(world)
        _arbitrations(world)
        _ruled(world)
    with unit_of_work():
        _rulings(world)
    sweep(NOW)
    with unit_of_work():
        not_carried_out(world.aftersales["pending"], world.penalties["upheld"], NOW)
        _after_the_last_word(world, paper)
    end_reading()
    return world


def _penalties(world: World) -> None:
    world.penalty("fresh", 0.2)
    world.penalty("urgent", 6.4, rule_code="LATE_SHIPMENT", amount_minor=0)
    world.penalty("over", 12)
    penalties.revoke(world.penalty("revoked", 2), reason="重复开单", by=SYSTEM, at=NOW - DAY)


def _under_way(world: World) -> None:
    world.draft("draft", 2)
    world.draft("empty", 1, whole=False, rule_code="LATE_SHIPMENT")
    world.sent("under_review", 1)
    world.sent("two_eyes", 1, amount_minor=2_000_000)
    make.a_seat(world.sent("claimed", 2), world.reviewer, NOW)
    world.sent("overdue", 12)
    world.asked("needs_evidence", 1)
    prepared = world.asked("prepared", 1)
    file = bring(make.a_picture((7, 77, 7)), "揽收清单.jpg")
    appeals.actions.attach(prepared, file, requirement="carrier_receipt", by=world.by, at=NOW)
    make.supplement(world.asked("second_round", 2), world.by, NOW - DAY)


def _over(world: World) -> None:
    for outcome in ("upheld", "rejected", "inadmissible"):
        world.decided(outcome, 3)
    appeal, at = world.sent("partially_upheld", 5), NOW - 4 * DAY
    measures = session().get_one(Penalty, appeal.subject_id).measures
    results = tuple({"measure_id": m.id, "kind": m.kind, "result": "lift" if n else "keep", "params": {}}
                    for n, m in enumerate(measures))  # fmt: skip
    verdict = make.a_verdict(appeal, "partially_upheld", measures_result=results)
    seat = make.a_seat(appeal, world.reviewer, at)
    appeals.actions.decide(appeal, seat, verdict=verdict, by=world.reviewer, at=at)
    world.asked("closed_timeout", 6)
    world.draft("lapsed", 12)
    appeals.actions.withdraw(world.sent("withdrawn", 2), by=world.by, at=NOW - DAY)
    moot = world.sent("moot", 2)
    appeals.actions.revoke(session().get_one(Penalty, moot.subject_id), reason="重复开单", by=SYSTEM, at=NOW - DAY)


def _aftersales(world: World) -> None:
    """A request in every status there is without an arbitration, the newest of them with every kind of word."""
    at, merchant = NOW - DAY, world.by
    asked = {name: an_after_sale(world.shop, kind, at) for name, kind in ASKED.items()}
    world.aftersales = {name: case.ref for name, case in asked.items()}
    talk = asked["negotiating"]
    an_exhibit(talk, merchant, at)
    aftersales.say(talk, "我们先看看照片", key="1", by=merchant, at=at)
    an_offer(talk, merchant, at)
    aftersales.say(talk, "包装照片见附件", key="2", by=merchant, at=at)
    aftersales.counter(talk, Terms("refund", 12_000, "至少全退"), by=as_buyer(talk), at=at)
    an_offer(asked["waiting"], merchant, at)
    an_exhibit(asked["asked"], merchant, at)
    aftersales.refuse(asked["refused"], reason_code="AMOUNT_TOO_HIGH", note="金额过高", key="3", by=merchant, at=at)
    for name in ("to_return", "on_its_way", "to_inspect", "reported", "to_ship", "pending", "paid", "cancelled"):
        _further(name, asked[name], world, at)
    world.links = [links.issue("aftersale", case.ref, "buyer", at=at) for case in asked.values()]


def _ruled(world: World) -> None:
    """A dispute that was ruled on for the merchant, with the buyer's link to it."""
    found = arbitration.ruled(world.shop, world.by, world.reviewer, "claim_rejected", NOW - 2 * DAY)
    world.ruled = links.issue("aftersale", found.after_sale.ref, "buyer", at=NOW - DAY)


def _after_the_last_word(world: World, paper: Received) -> None:
    """Complaints and requests that wait and that were answered, and an order from above of each kind."""
    ask = select(Appeal).where(Appeal.ref.in_([world.appeals[name] for name in ("rejected", "inadmissible", "upheld")]))
    found = {appeal.outcome: appeal for appeal in session().scalars(ask)}
    first, second = make.actor(world.people["lead"]), make.actor(world.people["senior_reviewer"])
    at = NOW - DAY / 2
    for outcome in ("rejected", "inadmissible"):
        complaint = redress.a_complaint(found[outcome], world.by, at)
    request = redress.a_request(found["upheld"], world.by, at)
    redress.a_request(found["inadmissible"], world.by, at)
    redress.actions.answer(complaint, outcome="partly", words=redress.ANSWER, by=first, at=at)
    given = {"outcome": "granted", "reason": redress.REASON, "exhibits": ()}
    redress.actions.disclose(request, **given, by=first, at=at)
    redress.an_override(found["rejected"], paper, first, at)
    redress.actions.confirm(redress.an_override(found["inadmissible"], paper, first, at), by=second, at=at)


def _further(name: str, case: AfterSale, world: World, at: datetime) -> None:
    if name == "cancelled":
        aftersales.cancel(case, by=as_buyer(case), at=at)
        return
    aftersales.accept(case, by=world.by, at=at)
    if name in ("on_its_way", "to_inspect", "reported"):
        aftersales.ship_back(case, carrier="顺丰", number=f"SF{case.id}", by=as_buyer(case), at=at)
    if name in ("to_inspect", "reported"):
        aftersales.arrive(case, by=SYSTEM, at=at)
    if name == "reported":
        an_exhibit(case, world.by, at)
        aftersales.report(case, finding="damaged", note="压坏了", key="4", by=world.by, at=at)
    if name == "paid":
        aftersales.acknowledge(case, amount_minor=12_000, currency="CNY", by=SYSTEM, at=at)


def _arbitrations(world: World) -> None:
    """A dispute in every status there is, and seats of every kind."""
    at, shop, merchant = NOW - DAY, world.shop, world.by
    heard = {
        "under_decision": at,
        "overdue": NOW - 12 * DAY,
        "claimed": at,
        "settled": at,
        "withdrawn": at,
        "asked": at,
    }
    found = {name: _heard(world, since) for name, since in heard.items()}
    found |= {
        "collecting": arbitration.an_arbitration(shop, merchant, at),
        "rebuttal": _heard(world, at, answered=False),
    }
    dear = a_purchase(shop, at, paid_minor=2_000_000, lines=(Line("TEA-1", "老班章整箱", 1, 2_000_000),))
    found["two_eyes"] = arbitration.under_decision(shop, merchant, at, order=dear)
    arbitration.a_seat(found["claimed"], world.reviewer, NOW)
    arbitration.ask(found["asked"], world.reviewer, "buyer", NOW - DAY / 2)
    for kind in ("refund_partial", "platform_compensates", "claim_rejected"):
        found[kind] = arbitration.ruled(shop, merchant, world.reviewer, kind, at)
    found["again"] = arbitration.looked_at_again(found["claim_rejected"], at)
    hearings.finish(found["again"], by=merchant, at=NOW - DAY / 2)
    settled, withdrawn = found["settled"].after_sale, found["withdrawn"].after_sale
    settle(settled, merchant, at)
    aftersales.cancel(withdrawn, by=as_buyer(withdrawn), at=at)
    world.arbitrations = {name: one.ref for name, one in found.items()}
    for name in ("collecting", "rebuttal", "asked", "two_eyes", "refund_partial", "again", "settled"):
        ref = found[name].after_sale.ref
        world.aftersales[f"dispute_{name}"] = ref
        world.links.append(links.issue("aftersale", ref, "buyer", at=at))


def _heard(world: World, at: datetime, *, answered: bool = True) -> Arbitration:
    """A dispute in which both sides handed in a picture and their words, and perhaps have answered each other."""
    found = arbitration.an_arbitration(world.shop, world.by, at, statement="外盒压坏了，茶饼断成两块")
    sides = (world.by, arbitration.buyer_of(found))
    for by in sides:
        an_exhibit(found.after_sale, by, at)
        arbitration.hand_in(found, by, at)
    for by in (*sides, *(sides if answered else ())):
        hearings.finish(found, by=by, at=at)
    return found


def _rulings(world: World) -> None:
    """A ruling that can be appealed, one that the buyer took further, and an appeal of one in every state."""
    at, judge = NOW - 4 * DAY, make.actor(world.people["senior_reviewer"])

    def lost(name: str) -> Arbitration:
        kind = "refund_partial" if name == "re_review" else "refund_full"
        ruled = rulings.lost(world.shop, world.by, judge, at, kind)
        world.rulings[name] = ruled.after_sale.ref
        return ruled

    lost("open")
    rulings.ask_again(lost("re_review"), at)
    world.appeals["ruling_draft"] = make.a_draft(lost("draft"), world.by, at).ref
    for name in ("under_review", "needs_evidence", *DECIDED, "withdrawn", "moot"):
        appeal = rulings.an_appeal(ruled := lost(name), world.by, at)
        world.appeals[f"ruling_{name}"] = appeal.ref
        if name in ("under_review", "upheld"):
            world.aftersales[f"appealed_{name}"] = ruled.after_sale.ref
            world.links.append(links.issue("aftersale", ruled.after_sale.ref, "buyer", at=at))
        if name == "needs_evidence":
            make.ask_for_evidence(appeal, world.reviewer, NOW - DAY)
        elif name in DECIDED:
            rulings.decide(appeal, world.reviewer, name, NOW - DAY)
        elif name == "withdrawn":
            appeals.actions.withdraw(appeal, by=world.by, at=NOW - DAY)
        elif name == "moot":
            settle(ruled.after_sale, world.by, NOW - DAY)
