"""The case that a complaint, a request or an override is about: an appeal or an arbitration, seen alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort
from flask_babel import gettext
from sqlalchemy import select

from portal import accounts, aftersales, appeals, arbitration, evidence, policies, review
from portal.accounts.models import Membership
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.evidence.models import EvidenceItem, Submission
from portal.penalties.models import Penalty
from portal.review.models import Decision

APPEAL, RULED, OF_APPEALS = "appeal", "arbitration", "AP-"
OVER = ("final", "settled", "withdrawn")
JUDGED = ("decided", "second_instance", "final")
RUNNING = ("under_review", "needs_evidence")


@dataclass(frozen=True)
class Matter:
    """A case as what comes after it sees it; that of a dispute is its first arbitration, with all its rounds.

    `over_at` is when the last word on it was spoken, `decisions` what was decided, the one that counts first.
    """

    case_type: str
    case_id: int
    case_ref: str
    shown_ref: str
    shop_id: int
    policy_version_id: int
    parties: tuple[str, ...]
    over_at: datetime | None
    ended: bool
    decisions: tuple[Decision, ...]
    row: Any
    rounds: tuple[Arbitration, ...] = ()

    @property
    def named(self) -> dict[str, Any]:
        """The case as the columns of a row that is about it."""
        return {name: getattr(self, name) for name in ("case_type", "case_id", "case_ref", "shown_ref", "shop_id")}

    @property
    def decided(self) -> bool:
        """Whether there is a decision to ask about."""
        return bool(self.decisions)

    @property
    def penalty(self) -> Penalty | None:
        """The penalty that is at stake, if one is."""
        if self.case_type != APPEAL or self.row.subject_type != "penalty":
            return None
        return session().get_one(Penalty, self.row.subject_id)

    @property
    def dispute(self) -> AfterSale | None:
        """The after-sales case that it is about; None if there is no other side."""
        if self.case_type != APPEAL:
            return self.rounds[0].after_sale
        if self.row.subject_type != "arbitration":
            return None
        return session().get_one(Arbitration, self.row.subject_id).after_sale

    def reads(self, party: str, words: str, of: str = aftersales.PLATFORM) -> str:
        """The words of `of` as this party reads them: in a dispute without what leads to the other side."""
        return aftersales.as_read(self.dispute, party, of, words) if self.dispute else words


def of_appeal(appeal: Appeal) -> Matter:
    """An appeal."""
    decisions = tuple(review.decisions_of(APPEAL, appeal.id))
    moments = [at for at in (appeal.completed_at, *(one.decided_at for one in decisions)) if at]
    return Matter(
        case_type=APPEAL,
        case_id=appeal.id,
        case_ref=appeal.ref,
        shown_ref=appeal.ref,
        shop_id=appeal.shop_id,
        policy_version_id=appeal.policy_version_id,
        parties=("merchant",),
        over_at=max(moments) if appeal.completed_at else None,
        ended=appeal.status == "completed" and not any(one.status in RUNNING for one in appeals.siblings(appeal)),
        decisions=decisions,
        row=appeal,
    )


def of_dispute(case: AfterSale) -> Matter | None:
    """The dispute of an after-sales case; None while the platform was never called in."""
    rounds = arbitration.of_case(case)
    return _of_rounds(rounds) if rounds else None


def _of_rounds(rounds: list[Arbitration]) -> Matter:
    first, case = rounds[0], rounds[0].after_sale
    decided = [one for hearing in _hearings(RULED, first.id) for one in review.decisions_of(*hearing)]
    moments = [at for one in rounds for at in (one.decided_at, one.ended_at) if at]
    return Matter(
        case_type=RULED,
        case_id=first.id,
        case_ref=first.ref,
        shown_ref=case.ref,
        shop_id=first.shop_id,
        policy_version_id=first.policy_version_id,
        parties=("merchant", "buyer"),
        over_at=max(moments, default=None) if first.status in (*JUDGED, *OVER) else None,
        ended=first.status in OVER,
        decisions=tuple(sorted(decided, key=_that_counts, reverse=True)),
        row=case,
        rounds=tuple(rounds),
    )


def _that_counts(decision: Decision) -> tuple[bool, datetime]:
    """The last one that a person gave; where a system closed an appeal, the ruling before it counts."""
    return decision.automated != "full", decision.decided_at


def of(case_type: str, case_id: int) -> Matter:
    """The case that a row points at."""
    if case_type == APPEAL:
        return of_appeal(session().get_one(Appeal, case_id))
    return _of_rounds(arbitration.of_case(session().get_one(Arbitration, case_id).after_sale))


def locked(matter: Matter) -> Matter:
    """The same case as it is now; its row is locked, in the order of every verb, where the database can."""
    again = {"populate_existing": True}
    if matter.case_type == APPEAL:
        if matter.row.subject_type == "penalty":
            session().execute(select(Penalty.id).where(Penalty.id == matter.row.subject_id).with_for_update())
        ask = select(Appeal).where(Appeal.id == matter.case_id).with_for_update()
        return of_appeal(session().scalars(ask.execution_options(**again)).one())
    case = select(AfterSale).where(AfterSale.id == matter.row.id).with_for_update()
    found = of_dispute(session().scalars(case.execution_options(**again)).one())
    assert found is not None
    return found


def mine(ref: str) -> Matter:
    """The case with this number, if it is one of the present shop's; else the same 404 as any other."""
    if ref.startswith(OF_APPEALS):
        return of_appeal(accounts.mine(Appeal, ref))
    return of_dispute(accounts.mine(AfterSale, ref)) or abort(404)


def any_of(number: str) -> Matter | None:
    """The case with this number, whosever it is: of an appeal, an arbitration or an after-sales case; for the staff."""
    appeal = session().scalar(select(Appeal).where(Appeal.ref == number, Appeal.attempt > 0))
    if appeal is not None:
        return of_appeal(appeal)
    ruled = session().scalar(select(Arbitration).where(Arbitration.ref == number))
    case = ruled.after_sale if ruled else session().scalar(select(AfterSale).where(AfterSale.ref == number))
    return of_dispute(case) if case else None


def involved(matter: Matter) -> set[int]:
    """The people on a side: whoever is of the shop, handed something in, or issued the penalty."""
    people = set(session().scalars(select(Membership.person_id).where(Membership.shop_id == matter.shop_id)))
    of = (APPEAL, matter.case_id) if matter.case_type == APPEAL else ("aftersale", matter.row.id)
    ask = select(Submission.sealed_by).where(Submission.case_type == of[0], Submission.case_id == of[1])
    issuer = matter.penalty.issuer_id if matter.penalty else None
    return {person for person in (*people, *session().scalars(ask), issuer) if person is not None}


def hearings(matter: Matter) -> list[tuple[str, int]]:
    """Each time it was judged, by type and id: every round of the dispute, and every appeal of what is at stake."""
    of_appeal = matter.case_type == APPEAL
    return _hearings(*(matter.row.subject_type, matter.row.subject_id) if of_appeal else (RULED, matter.case_id))


def _hearings(subject_type: str, subject_id: int) -> list[tuple[str, int]]:
    ruled = session().get_one(Arbitration, subject_id) if subject_type == RULED else None
    rounds = arbitration.of_case(ruled.after_sale) if ruled else []
    same = select(Appeal.id).where(Appeal.subject_type == subject_type, Appeal.subject_id == subject_id)
    filed = session().scalars(same.order_by(Appeal.id))
    return [*((RULED, one.id) for one in rounds), *((APPEAL, key) for key in filed)]


def judges(matter: Matter) -> set[int]:
    """Everybody who had a part in judging the case, in whatever round: the ruling, its re-review, each appeal."""
    return {person for hearing in hearings(matter) for person in review.seated_in(*hearing)}


def barred(matter: Matter, way: str) -> set[int]:
    """Who may not answer: nobody on a side answers anything, and a complaint nobody who judged what it is about."""
    return involved(matter) | (judges(matter) if way == "complaint" else set())


def exhibits(matter: Matter, party: str) -> list[EvidenceItem]:
    """The sealed files of the case that this side may see."""
    if matter.case_type != APPEAL:
        appeal = appeals.handed_in(matter.row)
        return [*aftersales.seen_by(matter.row, party), *(appeals.shown(appeal) if appeal else ())]
    theirs = evidence.items_of("penalty", matter.row.subject_id, party="platform", state="sealed")
    own = evidence.items_of(APPEAL, matter.case_id, party=party, state="sealed")
    return [*(theirs if matter.penalty else ()), *own]


def rules_by_name(policy_version_id: int, codes: Iterable[str], locale: str) -> str:
    """These rules, each as the frozen policy calls it."""
    catalogue = policies.body(policy_version_id).catalogue
    known: Mapping[str, Any] = {**catalogue.causes, **catalogue.rules}
    return str(gettext(", ")).join(str(known[code].name.say(locale)) if code in known else code for code in codes)
