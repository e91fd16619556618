"""Disputes in whose every text field stands a phone number: that of the side that wrote, and both where staff wrote."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from portal import accounts, aftersales, appeals, arbitration, evidence
from portal.accounts.models import Person, Shop
from portal.aftersales import Terms, actions
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit import SYSTEM, Actor
from portal.db import unit_of_work
from portal.evidence import Received, bring
from portal.redress import actions as redress
from portal.redress import cases
from tests import arbitration as disputes
from tests import make, rulings
from tests.aftersales import an_after_sale
from tests.make import NOON, _numbers
from tests.redress import a_document

NUMBER = {"buyer": "13812345678", "merchant": "13987654321"}
OTHER = {"buyer": "merchant", "merchant": "buyer"}
BY_STAFF = f"经查，买家留的电话是 {NUMBER['buyer']}，商家留的电话是 {NUMBER['merchant']}，双方各执一词，详见下列证据。"
EVERY_FIELD = {
    "refuse": "note", "offer": "amount note", "counter": "amount note", "report": "note", "ship": "carrier number",
    "ship_back": "carrier number", "say": "body", "enter_arbitration": "note", "submit": "body", "ask_again": "body",
}  # fmt: skip
"""The text fields of what sides answer by, all of them filled here; but for the amount, which takes no words."""


def words(party: str) -> str:
    """What this side writes."""
    return f"这件事请直接打电话 {NUMBER[party]} 与我联系，不要再在这里留言了。"


@dataclass
class Stage:
    """A shop with who sends and who may only read, those who judge, and the buyers' links."""

    shop: Shop
    owner: Person
    viewer: Person
    merchant: Actor
    judges: list[Actor]
    links: dict[str, str] = field(default_factory=dict)

    @classmethod
    def made(cls) -> "Stage":
        """With everybody it takes."""
        with unit_of_work():
            shop = make.a_shop()
            owner, viewer = (make.a_person(role, shop) for role in ("merchant_owner", "merchant_viewer"))
            roles = ("reviewer", "reviewer", "senior_reviewer", "senior_reviewer", "lead", "lead")
            return cls(
                shop, owner, viewer, make.actor(owner, shop), [make.actor(make.a_person(role)) for role in roles]
            )

    def sides(self, case: AfterSale) -> dict[str, Actor]:
        """Who acts for each side."""
        return {"buyer": aftersales.as_buyer(case), "merchant": self.merchant}

    def link(self, case: AfterSale) -> str:
        """Where the buyer finds the case."""
        if case.ref not in self.links:
            self.links[case.ref] = f"/case/{accounts.links.issue('aftersale', case.ref, 'buyer', at=NOON)}"
        return self.links[case.ref]


def exchanged(stage: Stage) -> Iterator[AfterSale]:
    """A case in which the shop has sent the goods again."""
    with unit_of_work():
        case = an_after_sale(stage.shop, "reship", statement=words("buyer"))
        stage.link(case)
        actions.accept(case, by=stage.merchant, at=NOON)
        actions.ship(case, carrier=words("merchant"), number=_parcel("merchant"), by=stage.merchant, at=NOON)
    yield case


def refused(stage: Stage) -> Iterator[AfterSale]:
    """A refusal that the buyer took to the platform, and then to its re-review."""
    with unit_of_work():
        case = an_after_sale(stage.shop, statement=words("buyer"))
        stage.link(case)
    yield case
    with unit_of_work():
        sides = stage.sides(case)
        _file(case, "merchant", sides)
        actions.refuse(
            case, reason_code="GOODS_IN_ORDER", note=words("merchant"), key="refusal", by=stage.merchant, at=NOON
        )
        actions.escalate(case, words("buyer"), key="call", by=sides["buyer"], at=NOON)
        found = _first(case)
        _done(found, sides)
        _done(found, sides)
        disputes.rule(found, stage.judges[0], "claim_rejected", **_verdict(found))
        again = arbitration.actions.ask_again(
            found, ground="new_fact", statement=words("buyer"), key="again", by=sides["buyer"], at=NOON
        )
        disputes.hand_in(again, stage.merchant, words=words("merchant"))
        disputes.rule(again, stage.judges[1], "claim_rejected", **_verdict(again))
    yield case


def returned(stage: Stage) -> Iterator[AfterSale]:
    """A return that went wrong, the hearing, the shop's appeal of the ruling, and all that can follow."""
    with unit_of_work():
        case = an_after_sale(stage.shop, "return_refund", statement=words("buyer"))
        sides, at = stage.sides(case), NOON
        stage.link(case)
        actions.accept(case, by=stage.merchant, at=at)
        actions.ship_back(case, carrier=words("buyer"), number=_parcel("buyer"), by=sides["buyer"], at=at)
        actions.arrive(case, by=SYSTEM, at=at)
        _file(case, "merchant", sides)
        actions.report(case, finding="damaged", note=words("merchant"), key="report", by=stage.merchant, at=at)
        _file(case, "buyer", sides)
        for party, by in sides.items():
            actions.say(case, words(party), key=f"said-{party}", by=by, at=at)
        actions.offer(case, Terms("partial_refund", 5_000, words("buyer")), by=sides["buyer"], at=at)
        actions.counter(case, Terms("partial_refund", 4_000, words("merchant")), by=stage.merchant, at=at)
    yield case
    with unit_of_work():
        actions.escalate(case, words("merchant"), key="call", by=stage.merchant, at=at)
        found = _heard(stage, case)
    yield case
    with unit_of_work():
        disputes.hand_in(found, sides["buyer"], words=words("buyer"))
        disputes.hand_in(found, stage.merchant, words=words("merchant"))
        ruling = disputes.a_ruling("refund_full", penalty=True)
        disputes.rule(found, stage.judges[0], "refund_full", ruling=ruling, **_verdict(found))
        appeal = _appealed(stage, found)
    yield case
    with unit_of_work():
        more = appeals.actions.save_supplement(
            appeal, statement=words("merchant"), declarations={}, rev=appeal.draft_rev, by=stage.merchant, at=at
        )
        make.supplement(more, stage.merchant)
        disputes.hand_in(found, sides["buyer"], words=words("buyer"))
        ruling = disputes.a_ruling("refund_partial", amounts={"merchant": 5_000, "buyer": 7_000}, penalty=True)
        said = _verdict(appeal) | {"terms": ruling.to_dict()}
        rulings.decide(appeal, stage.judges[1], "partially_upheld", NOON, **said)
        _after(stage, found, appeal)
    yield case


def _heard(stage: Stage, case: AfterSale) -> Arbitration:
    """Both sides handed in and answered; then the reviewer asked the buyer for more."""
    found, sides = _first(case), stage.sides(case)
    for _stage in ("evidence", "rebuttal"):
        for party, by in sides.items():
            _file(case, party, sides)
            disputes.hand_in(found, by, words=words(party))
        _done(found, sides)
    return _ask(found, stage.judges[0])


def _done(found: Arbitration, sides: dict[str, Actor]) -> None:
    """Whoever still has time to hand in says that nothing more will come."""
    for party, by in sides.items():
        if arbitration.queries.own_clock(found, party):
            arbitration.actions.finish(found, by=by, at=NOON)


def _ask(found: Arbitration, judge: Actor) -> Arbitration:
    lack = {"requirement_code": "buyer_1", "problem": "unreadable", "note": BY_STAFF}
    reason = disputes.policies.reasons(found.policy_version_id, "needs_evidence", "arbitration")[0].code
    arbitration.actions.ask_for_evidence(
        found, disputes.a_seat(found, judge), party="buyer", reason_code=reason, text_to_party=BY_STAFF,
        deficiencies=[lack], by=judge, at=NOON,
    )  # fmt: skip
    return found


def _appealed(stage: Stage, found: Arbitration) -> Appeal:
    """The shop's appeal, which the buyer answered, and for which the reviewer wants more."""
    draft = make.a_draft(found, stage.merchant)
    appeals.actions.attach(draft, _picture("merchant"), requirement="merchant_1", by=stage.merchant, at=NOON)
    appeals.actions.save(
        draft, ground=draft.ground_code, statement=words("merchant"), declarations={"merchant_2": words("merchant")},
        rev=draft.draft_rev, by=stage.merchant, at=NOON,
    )  # fmt: skip
    appeal, judge = make.file_it(draft, stage.merchant), stage.judges[1]
    disputes.hand_in(found, disputes.buyer_of(found), words=words("buyer"))
    appeals.actions.ask_for_evidence(
        appeal, make.a_seat(appeal, judge), text_to_party=BY_STAFF, by=judge, at=NOON,
        reason_code=make.policies.reasons(appeal.policy_version_id, "needs_evidence", "arbitration")[0].code,
        deficiencies=[{"requirement_code": "merchant_1", "problem": "incomplete", "note": BY_STAFF}],
    )  # fmt: skip
    return appeal


def _after(stage: Stage, found: Arbitration, appeal: Appeal) -> None:
    """Complaints, requests to see, and an order from above, each with its answer."""
    dispute, senior, lead, second = cases.of("arbitration", found.id), *stage.judges[2:3], *stage.judges[4:]
    of_appeal = cases.of_appeal(appeal)
    filings = [(dispute, party, by) for party, by in stage.sides(found.after_sale).items()]
    for matter, party, by in [*filings, (of_appeal, "merchant", stage.merchant)]:
        filed = redress.complain(matter, words(party), key=secrets.token_hex(8), by=by, at=NOON)
        redress.answer(filed, outcome="partly", words=BY_STAFF, by=lead, at=NOON)
        asked = redress.ask_to_see(matter, words(party), key=secrets.token_hex(8), by=by, at=NOON)
        shown = [item.ref for item in cases.exhibits(matter, party)]
        redress.disclose(asked, outcome="granted", reason=BY_STAFF, exhibits=shown, by=senior, at=NOON)
    for matter in (dispute, of_appeal):
        order = redress.propose(
            matter, a_document(), authority="court", reference=BY_STAFF[:60], effect=BY_STAFF, change="none",
            by=lead, at=NOON,
        )  # fmt: skip
        redress.confirm(order, by=second, at=NOON)


def _first(case: AfterSale) -> Arbitration:
    found = arbitration.first_of(case)
    assert found is not None
    return found


def _parcel(party: str) -> str:
    return f"SF1008612345 {NUMBER[party]}"


def _file(case: AfterSale, party: str, sides: dict[str, Actor]) -> None:
    """A picture whose name is the number."""
    actions.attach(case, _picture(party), by=sides[party], at=NOON)


def _picture(party: str) -> Received:
    number = next(_numbers)
    return bring(make.a_picture((number * 37 % 256, number * 91 % 256, 60)), f"{NUMBER[party]}.jpg")


def _verdict(of: Any) -> dict[str, Any]:
    """Everything that a reviewer writes with a verdict."""
    where = ("appeal", of.id) if isinstance(of, Appeal) else ("aftersale", of.after_sale_id)
    items = evidence.items_of(*where, state="sealed")
    said = {"findings": BY_STAFF, "text_to_party": BY_STAFF, "texts": {"buyer": BY_STAFF}}
    notes = tuple({"evidence": item.ref, "verdict": "accepted", "note": BY_STAFF} for item in items)
    return {**said, "evidence_verdicts": notes}


FLOWS = (exchanged, refused, returned)
