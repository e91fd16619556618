"""A world with a row in every table that the database guards, and which rows of each it guards."""

from datetime import timedelta

from sqlalchemy import text

from portal import appeals, deadlines
from portal.appeals.models import Appeal
from portal.audit import Actor
from portal.db import session, unit_of_work
from portal.evidence import Received
from tests import aftersales, arbitration, make, redress
from tests.make import NOON

DAY = timedelta(days=1)
APPEND_ONLY = (
    "after_sale_item",
    "after_sale_message",
    "audit_event",
    "calendar_version",
    "deadline_extension",
    "decision",
    "evidence_request",
    "policy_version",
    "stored_file",
    "submission",
)
"""Written out here and not asked of the code, so that a guard that is taken away is missed."""
FROZEN = {
    "appeal": "status = 'completed'",
    "evidence_item": "state = 'sealed'",
    "after_sale": "status = 'closed'",
    "arbitration": "status = 'final'",
    "offer": "status <> 'proposed'",
    "complaint": "status = 'answered'",
    "disclosure_request": "status <> 'open'",
    "override_record": "status <> 'proposed'",
}
PROTECTED = dict.fromkeys(APPEND_ONLY, "1 = 1") | FROZEN


def a_guarded_world() -> None:
    """A case with everything a case can have: sealed files, a supplement, an extension, a decision; and others."""
    paper = redress.a_document()
    with unit_of_work():
        shop = make.a_shop()
        merchant, reviewer = (
            make.actor(make.a_person("merchant_owner", shop), shop),
            make.actor(make.a_person("reviewer")),
        )
        appeal = make.ask_for_evidence(make.an_appeal(shop, merchant), reviewer)
        running = deadlines.running("appeal", appeal.id, "supplement")
        deadlines.extend(running, to=running.due_at + DAY, cause="reviewer", by=reviewer.pseudonym, at=NOON)
        appeal.due_at = running.due_at
    with unit_of_work():
        make.supplement(appeal, merchant)
        appeals.actions.decide(
            appeal, make.a_seat(appeal, reviewer), verdict=make.a_verdict(appeal), by=reviewer, at=NOON
        )
        _after_the_last_word(appeal, merchant, paper)
        case = aftersales.an_after_sale(shop)
        aftersales.an_offer(case, merchant)
        aftersales.actions.say(case, "请看我们的方案", key="k", by=merchant, at=NOON)
        aftersales.actions.cancel(case, by=aftersales.PLATFORM, at=NOON)
        aftersales.an_offer(aftersales.an_after_sale(shop), merchant)
        arbitration.ruled(shop, merchant, reviewer, "platform_compensates")
        arbitration.ruled(shop, merchant, reviewer)
        make.an_appeal(shop, merchant)


def _after_the_last_word(appeal: Appeal, merchant: Actor, paper: Received) -> None:
    """An answered complaint, an answered request, and an order from above that is in effect."""
    first, second = (make.actor(make.a_person("lead")) for _ in range(2))
    complaint, asked = redress.a_complaint(appeal, merchant), redress.a_request(appeal, merchant)
    redress.actions.answer(complaint, outcome="partly", words=redress.ANSWER, by=first, at=NOON)
    given = {"outcome": "granted", "reason": redress.REASON, "exhibits": ()}
    redress.actions.disclose(asked, **given, by=first, at=NOON)
    redress.actions.confirm(redress.an_override(appeal, paper, first), by=second, at=NOON)


def everything() -> dict[str, int]:
    """How many rows each protected table has."""
    return {
        table: session().scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))
        for table, where in PROTECTED.items()
    }
