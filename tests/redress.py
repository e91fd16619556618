"""What comes after the last word, for tests: real rows, made by the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from jobs.sweep import sweep
from portal.accounts.models import Shop
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import end_reading, session, unit_of_work
from portal.evidence import Received, bring
from portal.redress import actions, cases
from portal.redress.cases import Matter
from portal.redress.models import Complaint, DisclosureRequest, OverrideRecord
from tests import arbitration, make, samples
from tests.make import NOON, _numbers

DAY = timedelta(days=1)
STATEMENT = "审核员在电话里答应等补充材料，却在约定时间之前就结了案，过程没有任何说明。"
ASKED = "请说明裁决依据了哪些证据，特别是物流轨迹。"
ANSWER = "我们查阅了全部通话记录和案件时间线：审核员确实承诺过等待，但系统没有记录这一承诺，我们已改正流程并向您致歉。"
REASON = "裁决依据下列证据和规则作出，理由见裁决书原文，没有其他未披露的材料。"
EFFECT = "法院判决撤销该处罚决定，平台应当解除全部措施并返还已扣款项。"


def again(row: Any) -> Any:
    """The row as it is now."""
    end_reading()
    return session().get_one(type(row), row.id)


def a_rejected_appeal(shop: Shop, merchant: Actor, reviewer: Actor, at: datetime = NOON, **penalty: Any) -> Appeal:
    """An appeal that a person rejected."""
    appeal = make.an_appeal(shop, merchant, at, **penalty)
    seat = make.a_seat(appeal, reviewer, at)
    make.appeals.actions.decide(appeal, seat, verdict=make.a_verdict(appeal), by=reviewer, at=at)
    return appeal


def closed_by_machine(shop: Shop, merchant: Actor, reviewer: Actor, at: datetime = NOON, **penalty: Any) -> Appeal:
    """An appeal that the sweep closed, because what was asked for never came; opens units of work of its own."""
    with unit_of_work():
        appeal = make.ask_for_evidence(make.an_appeal(shop, merchant, at, **penalty), reviewer, at)
    sweep(at + 5 * DAY)
    closed: Appeal = again(appeal)
    return closed


def a_final_ruling(shop: Shop, merchant: Actor, reviewer: Actor, at: datetime = NOON) -> Arbitration:
    """A ruling for the merchant that the buyer let become final; opens units of work of its own."""
    with unit_of_work():
        found = arbitration.ruled(shop, merchant, reviewer, "claim_rejected", at)
    sweep(at + 20 * DAY)
    ended: Arbitration = again(found)
    return ended


def matter_of(case: Appeal | Arbitration) -> Matter:
    """The case as what comes after it sees it."""
    return cases.of("appeal" if isinstance(case, Appeal) else "arbitration", case.id)


def a_complaint(case: Appeal | Arbitration, by: Actor, at: datetime = NOON, words: str = STATEMENT) -> Complaint:
    """A complaint that waits for its answer."""
    return actions.complain(matter_of(case), words, key=f"complaint-{next(_numbers)}", by=by, at=at)


def a_request(case: Appeal | Arbitration, by: Actor, at: datetime = NOON, words: str = ASKED) -> DisclosureRequest:
    """A request to be shown what was relied on."""
    return actions.ask_to_see(matter_of(case), words, key=f"request-{next(_numbers)}", by=by, at=at)


def a_document() -> Received:
    """The paper of a court."""
    with samples.DOCUMENT.open("rb") as file:
        return bring(file, "判决书.pdf")


def an_override(
    case: Appeal | Arbitration, document: Received, by: Actor, at: datetime = NOON, **fields: Any
) -> OverrideRecord:
    """An order that waits for a second person."""
    given = {"authority": "court", "reference": "(2026)浙01民终123号", "effect": EFFECT, "change": "none"}
    return actions.propose(matter_of(case), document, **given | fields, by=by, at=at)
