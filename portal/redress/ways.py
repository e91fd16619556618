"""What the page of a case shows once the last word is spoken: each way that is left, until when, and what was filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for

from portal import accounts, deadlines, policies, review
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.redress import actions, cases, queries
from portal.redress.cases import Matter

SECOND_INSTANCE = ("file_appeal", "re_review")


@dataclass(frozen=True, slots=True)
class Way:
    """One way: until when it is open (None: no end), where to take it ("" where that is not possible now), and what
    this party filed on it before. `state` is that of the last filing, empty if there is none.
    """

    code: str
    until: datetime | None = None
    href: str = ""
    state: str = ""
    filed: Sequence[Any] = ()


def of_appeal(appeal: Appeal, party: str, at: datetime) -> dict[str, Any] | None:
    """For the page of an appeal; None while it goes on."""
    return _shown(cases.of_appeal(appeal), party, at) if appeal.status == "completed" else None


def of_dispute(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """For the page of an after-sales case, to either side; None while nothing is ruled and the dispute goes on."""
    matter = cases.of_dispute(case)
    return _shown(matter, party, at) if matter is not None and matter.over_at is not None else None


def _shown(matter: Matter, party: str, at: datetime) -> dict[str, Any]:
    may = party == "buyer" or accounts.may("submit")
    ways = [*second_instance(matter, party), another_appeal(matter, at, may), human_review(matter, party, at, may)]
    ways += [complaint(matter, party, at, may), disclosure(matter, party, may)]
    return {
        "matter": matter,
        "party": party,
        "ways": [way for way in ways if way is not None],
        "overrides": [one for one in queries.overrides_of(matter) if one.status == "confirmed"],
        "may": may,
        "redress": policies.body(matter.policy_version_id).redress,
    }


def url(matter: Matter, party: str, view: str) -> str:
    """Where this party takes a way; a buyer's address is that of the link they came by."""
    if party == "buyer":
        return url_for(f"redress_buyer.{view}", token=(request.view_args or {}).get("token", ""))
    return url_for(f"redress.{view}", ref=matter.shown_ref)


def second_instance(matter: Matter, party: str) -> list[Way]:
    """The one second look at a ruling, while this party can open it; it is taken on the page of the case itself."""
    running = [one for rounds in matter.rounds for one in deadlines.live("arbitration", rounds.id)]
    return [Way(one.kind, one.due_at) for one in running if one.party == party and one.kind in SECOND_INSTANCE]


def another_appeal(matter: Matter, at: datetime, may: bool) -> Way | None:
    """Another appeal against the same penalty, while the policy leaves one and its time runs."""
    penalty = matter.penalty
    if penalty is None or not penalty.is_open(at) or matter.row.round_no != penalty.appeal_rights_used:
        return None
    return Way("file_again", penalty.due_at, url_for("penalties.show", ref=penalty.ref) if may else "")


def complaint(matter: Matter, party: str, at: datetime, may: bool) -> Way:
    """The complaint; another one can follow once the last was answered."""
    filed = queries.complaints_of(matter, party)
    until = actions.filing_until(matter, party)
    waits = bool(filed) and filed[0].status == "open"
    open_now = until is not None and at < until and not waits
    href = url(matter, party, "complaint") if open_now and may else ""
    return Way("complaint", until, href, filed[0].status if filed else "", filed)


def disclosure(matter: Matter, party: str, may: bool) -> Way | None:
    """The request to be shown what was relied on; there is none where nothing was decided."""
    if not matter.decided:
        return None
    filed = queries.disclosure_of(matter, party)
    href = url(matter, party, "disclosure") if filed is None and may else ""
    return Way("disclosure", None, href, filed.status if filed else "", (filed,) if filed else ())


def human_review(matter: Matter, party: str, at: datetime, may: bool) -> Way | None:
    """The look of a person at what a machine decided; None where no machine did, or the policy knows no such right."""
    state, until = human_review_of(matter, at)
    if state == "none" or party != "merchant":
        return None
    href = url(matter, party, "human_review") if state == "available" and may else ""
    return Way("human_review", until, href, "" if state == "available" else state)


def human_review_of(matter: Matter, at: datetime) -> tuple[str, datetime | None]:
    """Where the human review of this case stands, and until when it can be asked for or must be decided."""
    right = deadlines.latest("appeal", matter.case_id, "human_review") if matter.case_type == cases.APPEAL else None
    if right is None:
        return "none", None
    if len(matter.decisions) > 1:
        return "decided", None
    seat = review.open_seat_of("appeal", matter.case_id)
    if seat is not None:
        return "asked", seat.due_at
    if right.state == "running" and at < right.due_at:
        return "available", right.due_at
    return "over", right.closed_at or right.due_at
