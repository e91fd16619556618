"""What happens in the demo's arbitrations, done through the portal's own verbs."""

from datetime import datetime
from typing import Any

from portal import appeals, arbitration, evidence, policies, review
from portal.aftersales import actions as aftersales
from portal.aftersales.models import AfterSale
from portal.arbitration import Ruling, actions
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.demo.people import acting
from portal.demo.stage import Stage

VERBS = ("escalate", "hand_in", "finish", "ask_again", "rule", "appeal")


def act(stage: Stage, case: AfterSale, step: dict[str, Any], by: Actor, at: datetime) -> None:
    """One step of a dispute."""
    key = f"demo-{case.ref}-{step['verb']}-{step['by']}-{at.timestamp():.0f}"
    if step["verb"] == "escalate":
        aftersales.escalate(case, step["note"], key=key, by=by, at=at)
        return
    found = arbitration.live_of(case)
    assert found is not None
    if step["verb"] == "hand_in":
        actions.submit(found, step["note"], key=key, by=by, at=at)
    elif step["verb"] == "finish":
        actions.finish(found, by=by, at=at)
    elif step["verb"] == "ask_again":
        actions.ask_again(found, ground=step["ground"], statement=step["note"], key=key, by=by, at=at)
    elif step["verb"] == "appeal":
        appeal(stage, found, step, by, at)
    else:
        rule(stage, found, step, at)


def appeal(stage: Stage, found: Arbitration, step: dict[str, Any], by: Actor, at: datetime) -> None:
    """The shop appeals the ruling."""
    filed = appeals.actions.start(found, by=by, at=at, via="aftersale")
    for requirement, picture in step["exhibits"].items():
        appeals.actions.attach(filed, stage.pictures[picture], requirement=requirement, by=by, at=at)
    appeals.actions.save(
        filed, ground=step["ground"], statement=step["note"], declarations={}, rev=filed.draft_rev, by=by, at=at
    )
    seen = appeals.drafts.draft_of(filed).fingerprint()
    appeals.actions.submit(filed, key=f"demo-{filed.ref}", seen=seen, by=by, at=at)


def rule(stage: Stage, found: Arbitration, step: dict[str, Any], at: datetime) -> None:
    """A reviewer claims the case and rules."""
    by = acting(stage.people[step["reviewer"]], "reviewer")
    seat = review.open_seat_of("arbitration", found.id)
    assert seat is not None
    review.claim(seat, by=by, at=at)
    reason = policies.body(found.policy_version_id).catalogue.ruling_reasons[step["reason"]]
    items = evidence.items_of("aftersale", found.after_sale_id, state="sealed")
    verdict = review.Verdict(
        outcome=step["ruling"],
        reason_code=reason.code,
        findings=step["findings"],
        text_to_party=reason.merchant.zh,
        texts={"buyer": reason.buyer.zh},
        evidence_verdicts=tuple(
            {"evidence": item.ref, "label": item.exhibit_label, "verdict": "accepted", "note": ""} for item in items
        ),
        terms=Ruling(step["ruling"], step["liability"], step["shares"]).to_dict(),
    )
    actions.decide(found, seat, verdict=verdict, by=by, at=at)
