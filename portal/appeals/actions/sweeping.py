"""What time alone does: whole batches at once, stamped with the due time and not with the sweep's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select, update
from sqlalchemy.orm import load_only
from sqlalchemy.orm.attributes import set_committed_value

from portal import accounts, arbitration, audit, bulk, deadlines, messages, penalties, policies, review
from portal.accounts.models import Person, Shop
from portal.appeals import notices, queries, subjects
from portal.appeals.actions.again import Ended, open_next
from portal.appeals.actions.ending import told
from portal.appeals.actions.filing import open_seat, review_clock
from portal.appeals.actions.reviewing import right_to_ask
from portal.appeals.models import Appeal
from portal.appeals.subjects import Key, PenaltySubject, Subject
from portal.audit import SYSTEM, Entry
from portal.db import session
from portal.deadlines.models import Deadline
from portal.refusals import Overtaken


def time_out(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Close the appeals whose supplement never came, with a decision by the system; or pass them to a person.

    The policy says which. Appeals that left the state meanwhile are left alone.
    """
    ids = [deadline.subject_id for deadline in batch]
    against = subjects.locked(queries.subjects_of(ids))  # before the appeals, as in every verb that locks both
    appeals = queries.by_ids(ids)
    due = {d.subject_id: d for d in batch if appeals[d.subject_id].status == "needs_evidence"}
    deadlines.expire_all(list(due.values()))
    closing = [appeals[key] for key in due if _closes(appeals[key])]
    for appeal in (appeals[key] for key in due if not _closes(appeals[key])):
        _pass_to_person(appeal, against[_key(appeal)], due[appeal.id].due_at)
    if closing:
        _close(closing, against, {key: deadline.due_at for key, deadline in due.items()}, at)


def _closes(appeal: Appeal) -> bool:
    return policies.body(appeal.policy_version_id).closes_by_itself


def _key(appeal: Appeal) -> Key:
    return appeal.subject_type, appeal.subject_id


def _close(appeals: list[Appeal], against: Mapping[Key, Subject], due: dict[int, datetime], at: datetime) -> None:
    shops = _shops(appeals)
    findings = {locale: _timeout_findings(locale) for locale in {shop.locale for shop in shops.values()}}
    hashes = review.record_decisions(
        [_timeout_decision(a, against[_key(a)], shops[a.shop_id].locale, findings, due[a.id]) for a in appeals]
    )
    _complete_all(appeals, "closed_timeout", due)
    begins = {a.id: deadlines.next_from(due[a.id], at) for a in appeals}
    for appeal in appeals:
        against[_key(appeal)].stands(by=SYSTEM, at=due[appeal.id], clock_from=begins[appeal.id])
    audit.record_all(
        [
            _ended(a, "appeal.closed", "needs_evidence", "closed_timeout", due[a.id], decision_sha256=decision)
            for a, decision in zip(appeals, hashes, strict=True)
        ]
    )
    deadlines.start_all([right for a in appeals for right in right_to_ask(a, begins[a.id])])
    messages.tell_all([_told(a, "appeal.closed_timeout", shops[a.shop_id], due[a.id]) for a in appeals])
    open_next([Ended(a, against[_key(a)], "closed_timeout", begins[a.id]) for a in appeals], by=SYSTEM)


def _complete_all(appeals: Sequence[Appeal], outcome: str, due: dict[int, datetime]) -> None:
    """Complete many rows of one status in one statement, each when it was due.

    Raises `Overtaken` if one of them moved meanwhile.
    """
    if any(appeal.due_at != due[appeal.id] for appeal in appeals):
        raise RuntimeError("an appeal and its deadline disagree about when it was due")
    same = bulk.among(Appeal.id, [appeal.id for appeal in appeals]), Appeal.status == appeals[0].status
    done = {"status": "completed", "outcome": outcome, "due_at": None, "completed_at": Appeal.due_at}
    change = update(Appeal).where(*same).values(version=Appeal.version + 1, **done)
    result: Any = session().execute(change.execution_options(synchronize_session=False))
    if result.rowcount != len(appeals):
        raise Overtaken
    for appeal in appeals:  # told, not asked: reading them back would be a query each
        now = {"status": "completed", "outcome": outcome, "due_at": None, "completed_at": due[appeal.id]}
        for name, value in {**now, "version": appeal.version + 1}.items():
            set_committed_value(appeal, name, value)


def _timeout_findings(locale: str) -> str:
    with force_locale("en" if locale == "en" else "zh_Hans_CN"):
        return str(
            gettext(
                "The evidence asked for had not arrived when its time ended. The case was closed by the system, "
                "without a judgement by a person, as the rules provide."
            )
        )


def _timeout_decision(
    appeal: Appeal, subject: Subject, locale: str, findings: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    policy = policies.body(appeal.policy_version_id)
    reason = policy.reasons("closed_timeout", subject.type)[0]
    return {
        "case_type": "appeal",
        "case_id": appeal.id,
        "case_ref": appeal.ref,
        "outcome": "closed_timeout",
        "reason_code": reason.code,
        "findings": findings[locale],
        "text_to_party": reason.said_to("merchant", locale),
        "texts": {party: reason.said_to(party, theirs) for party, theirs in subject.also_told().items()} or None,
        "rules": subject.rules(),
        "redress": [redress.code for redress in policy.redress],
        "locale": locale,
        "automated": "full",
        "decided_at": at,
    }


def _pass_to_person(appeal: Appeal, subject: Subject, at: datetime) -> None:
    """Nothing came, but a machine may not decide: a person does, on the file as it is."""
    appeal.status, appeal.attempt = "under_review", appeal.attempt + 1
    appeal.due_at = review_clock(appeal, at).due_at
    open_seat(appeal, at)
    session().flush()
    subject.awaits("platform", appeal.due_at, at=at)
    audit.record(appeal.ref, "appeal.passed_on", by=SYSTEM, at=at, moved=("needs_evidence", "under_review"))
    shop = session().get_one(Shop, appeal.shop_id)
    messages.tell_all([_told(appeal, "appeal.passed_on", shop, at)])


def close_windows(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Close the filing windows that are over; a draft that was never handed in lapses, and stays readable."""
    _close_windows(batch, silently=False)


def close_next_windows(batch: Sequence[Deadline], *, at: datetime) -> None:
    """The same after a decision, and without a word: the shop knows what was decided, and that it stands."""
    _close_windows(batch, silently=True)


def _close_windows(batch: Sequence[Deadline], *, silently: bool) -> None:
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    closing = [subject.penalty for subject in PenaltySubject.locked(list(due)).values()]
    deadlines.expire_all(batch)
    lapsing = queries.drafts_against("penalty", list(due))
    heard = due if silently else {appeal.subject_id for appeal in lapsing}
    penalties.close_windows(closing, at=due, told=heard)
    _lapse(lapsing, due)


def close_ruling_windows(batch: Sequence[Deadline], *, at: datetime) -> None:
    """The same for rulings, each of which applies once none of the losers can go on."""
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    arbitration.by_ids(list(due))  # locked before the drafts
    _lapse(queries.drafts_against("arbitration", list(due)), due)
    arbitration.actions.second_instance_over(batch, at=at)


def _lapse(lapsing: Sequence[Appeal], due: Mapping[int, datetime]) -> None:
    if not lapsing:
        return
    when = {appeal.id: due[appeal.subject_id] for appeal in lapsing}
    shops = _shops(lapsing)
    _complete_all(lapsing, "lapsed", when)
    audit.record_all([_ended(a, "appeal.lapsed", "draft", "lapsed", when[a.id]) for a in lapsing])
    messages.tell_all([_told(a, "appeal.lapsed", shops[a.shop_id], when[a.id]) for a in lapsing])


def flag_overdue(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Show both sides that the review is late and wake the leads; time never decides a case."""
    deadlines.expire_all(batch)
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    appeals = list(queries.by_ids(list(due)).values())
    shops, leads = _shops(appeals), accounts.leads()
    for appeal in appeals:
        if appeal.status == "completed":  # its human review is late; the row stays as it is
            continue
        appeal.overdue = True
        subjects.of(appeal).overdue(at=due[appeal.id])
    session().flush()
    audit.record_all([Entry(a.ref, "appeal.overdue", due[a.id], SYSTEM, a.status, a.status) for a in appeals])
    messages.tell_all(
        [_told(a, "appeal.overdue", shops[a.shop_id], due[a.id], once=_again(a)) for a in appeals]
        + [_told(a, "review.overdue", lead, due[a.id], once=_again(a)) for a in appeals for lead in leads]
    )


def _again(appeal: Appeal) -> str:
    """Tells a late human review from a late review before it."""
    return "human" if appeal.status == "completed" else ""


def human_review_over(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Nobody asked for a person in time: what the machine decided stays as it is."""
    deadlines.expire_all(batch)


def remind_supplement(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Remind the merchants whose evidence is still awaited."""
    appeals = queries.by_ids([deadline.subject_id for deadline in batch])
    shops = _shops(list(appeals.values()))
    messages.tell_all(
        [
            _told(
                a,
                notices.asked("appeal.supplement_reminder", closes=_closes(a)),
                shops[a.shop_id],
                at,
                once=str(d.remind_at),
                due_at=d.due_at.isoformat(),
            )
            for d in batch
            if (a := appeals[d.subject_id]).status == "needs_evidence"
        ]
    )


def remind_filing(batch: Sequence[Deadline], *, at: datetime) -> None:
    """Remind the merchants whose penalty is still without an appeal."""
    penalties.remind_of_window(batch, at=at)


def _ended(appeal: Appeal, action: str, came_from: str, outcome: str, at: datetime, **more: str) -> Entry:
    return Entry(appeal.ref, action, at, SYSTEM, came_from, "completed", {"outcome": outcome, **more})


def _told(appeal: Appeal, kind: str, to: Shop | Person, at: datetime, once: str = "", **more: str) -> messages.Told:
    return messages.Told(
        event=f"{kind}:{appeal.ref}:{appeal.attempt}:{once}",
        to=messages.to_shop(to) if isinstance(to, Shop) else messages.to_person(to),
        kind=notices.kind_of(kind, appeal.subject_type),
        params=told(appeal) | more,
        case=("appeal", appeal.ref),
        at=at,
    )


def _shops(appeals: Sequence[Appeal]) -> dict[int, Shop]:
    ask = (
        select(Shop)
        .where(bulk.among(Shop.id, sorted({appeal.shop_id for appeal in appeals})))
        .options(load_only(Shop.ref, Shop.locale))
    )
    return {shop.id: shop for shop in session().scalars(ask)}
