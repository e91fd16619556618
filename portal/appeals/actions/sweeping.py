"""What time alone does: whole batches at once, stamped with the due time and not with the sweep's."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import select, update

from portal import accounts, arbitration, audit, bulk, deadlines, messages, penalties, policies, review
from portal.accounts.models import Person, Shop
from portal.appeals import notices, queries, subjects
from portal.appeals.actions.again import Ended, open_next
from portal.appeals.actions.ending import told
from portal.appeals.actions.filing import open_seat, review_clock
from portal.appeals.actions.reviewing import right_to_ask
from portal.appeals.models import Appeal
from portal.appeals.queries import Swept
from portal.appeals.subjects import Key, PenaltySubject, Subject
from portal.audit import SYSTEM, Entry
from portal.db import forget, session
from portal.deadlines import Running
from portal.refusals import Overtaken


def time_out(batch: Sequence[Running], *, at: datetime) -> None:
    """Close the appeals whose supplement never came, with a decision by the system; or pass them to a person.

    The policy says which. Appeals that left the state meanwhile are left alone.
    """
    ids = [deadline.subject_id for deadline in batch]
    against = subjects.locked(queries.subjects_of(ids))  # before the appeals, as in every verb that locks both
    appeals = queries.swept(ids)
    due = {d.subject_id: d for d in batch if appeals[d.subject_id].status == "needs_evidence"}
    deadlines.expire_all(list(due.values()))
    closing = [appeals[key] for key in due if _closes(appeals[key])]
    for key, appeal in queries.by_ids([key for key in due if not _closes(appeals[key])]).items():
        _pass_to_person(appeal, against[_key(appeal)], due[key].due_at)
    if closing:
        _close(closing, against, {key: deadline.due_at for key, deadline in due.items()}, at)


def _closes(appeal: Swept) -> bool:
    return policies.body(appeal.policy_version_id).closes_by_itself


def _key(appeal: Appeal | Swept) -> Key:
    return appeal.subject_type, appeal.subject_id


def _close(appeals: list[Swept], against: Mapping[Key, Subject], due: dict[int, datetime], at: datetime) -> None:
    locales = _locales(appeals)
    words: dict[Any, Mapping[str, Any]] = {}
    hashes = review.record_decisions(
        [_timeout_decision(a, against[_key(a)], locales[a.shop_id], words, due[a.id]) for a in appeals]
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
    messages.tell_all([_told(a, "appeal.closed_timeout", due[a.id]) for a in appeals])
    open_next([Ended(a, against[_key(a)], "closed_timeout", begins[a.id]) for a in appeals], by=SYSTEM)


def _complete_all(appeals: Sequence[Swept], outcome: str, due: dict[int, datetime]) -> None:
    """Complete many rows of one status in one statement, each when it was due.

    Raises `Overtaken` if one of them moved meanwhile.
    """
    if any(appeal.due_at != due[appeal.id] for appeal in appeals):
        raise RuntimeError("an appeal and its deadline disagree about when it was due")
    ids = [appeal.id for appeal in appeals]
    same = bulk.among(Appeal.id, ids), Appeal.status == appeals[0].status
    done = {"status": "completed", "outcome": outcome, "due_at": None, "completed_at": Appeal.due_at}
    change = update(Appeal).where(*same).values(version=Appeal.version + 1, **done)
    result: Any = session().execute(change.execution_options(synchronize_session=False))
    if result.rowcount != len(appeals):
        raise Overtaken
    forget(Appeal, ids)


def _timeout_findings(locale: str) -> str:
    with force_locale("en" if locale == "en" else "zh_Hans_CN"):
        return str(
            gettext(
                "The evidence asked for had not arrived when its time ended. The case was closed by the system, "
                "without a judgement by a person, as the rules provide."
            )
        )


def _timeout_decision(
    appeal: Swept, subject: Subject, locale: str, words: dict[Any, Mapping[str, Any]], at: datetime
) -> dict[str, Any]:
    """The decision on one appeal; what all under one policy are told alike is put into `words` once."""
    others = tuple(subject.also_told().items())
    alike = appeal.policy_version_id, subject.type, locale, others
    if alike not in words:
        words[alike] = _timeout_words(*alike)
    own = {"case_id": appeal.id, "case_ref": appeal.ref, "rules": subject.rules(), "decided_at": at}
    return {**words[alike], **own}


def _timeout_words(
    policy_version_id: int, subject_type: str, locale: str, others: Sequence[tuple[str, str]]
) -> Mapping[str, Any]:
    policy = policies.body(policy_version_id)
    reason = policy.reasons("closed_timeout", subject_type)[0]
    return {
        "case_type": "appeal",
        "outcome": "closed_timeout",
        "reason_code": reason.code,
        "findings": _timeout_findings(locale),
        "text_to_party": reason.said_to("merchant", locale),
        "texts": {party: reason.said_to(party, theirs) for party, theirs in others} or None,
        "redress": [redress.code for redress in policy.redress],
        "locale": locale,
        "automated": "full",
    }


def _pass_to_person(appeal: Appeal, subject: Subject, at: datetime) -> None:
    """Nothing came, but a machine may not decide: a person does, on the file as it is."""
    appeal.status, appeal.attempt = "under_review", appeal.attempt + 1
    appeal.due_at = review_clock(appeal, at).due_at
    open_seat(appeal, at)
    session().flush()
    subject.awaits("platform", appeal.due_at, at=at)
    audit.record(appeal.ref, "appeal.passed_on", by=SYSTEM, at=at, moved=("needs_evidence", "under_review"))
    messages.tell_all([_told(appeal, "appeal.passed_on", at)])


def close_windows(batch: Sequence[Running], *, at: datetime) -> None:
    """Close the filing windows that are over; a draft that was never handed in lapses, and stays readable."""
    _close_windows(batch, silently=False)


def close_next_windows(batch: Sequence[Running], *, at: datetime) -> None:
    """The same after a decision, and without a word: the shop knows what was decided, and that it stands."""
    _close_windows(batch, silently=True)


def _close_windows(batch: Sequence[Running], *, silently: bool) -> None:
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    closing = [subject.penalty for subject in PenaltySubject.locked(list(due)).values()]
    deadlines.expire_all(batch)
    lapsing = queries.swept_drafts("penalty", list(due))
    heard = due if silently else {appeal.subject_id for appeal in lapsing}
    penalties.close_windows(closing, at=due, told=heard)
    _lapse(lapsing, due)


def close_ruling_windows(batch: Sequence[Running], *, at: datetime) -> None:
    """The same for rulings, each of which applies once none of the losers can go on."""
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    arbitration.by_ids(list(due))  # locked before the drafts
    _lapse(queries.swept_drafts("arbitration", list(due)), due)
    arbitration.actions.second_instance_over(batch, at=at)


def _lapse(lapsing: Sequence[Swept], due: Mapping[int, datetime]) -> None:
    if not lapsing:
        return
    when = {appeal.id: due[appeal.subject_id] for appeal in lapsing}
    _complete_all(lapsing, "lapsed", when)
    audit.record_all([_ended(a, "appeal.lapsed", "draft", "lapsed", when[a.id]) for a in lapsing])
    messages.tell_all([_told(a, "appeal.lapsed", when[a.id]) for a in lapsing])


def flag_overdue(batch: Sequence[Running], *, at: datetime) -> None:
    """Show both sides that the review is late and wake the leads; time never decides a case."""
    deadlines.expire_all(batch)
    due = {deadline.subject_id: deadline.due_at for deadline in batch}
    appeals = list(queries.by_ids(list(due)).values())
    leads = accounts.leads()
    for appeal in appeals:
        if appeal.status == "completed":  # its human review is late; the row stays as it is
            continue
        appeal.overdue = True
        subjects.of(appeal).overdue(at=due[appeal.id])
    session().flush()
    audit.record_all([Entry(a.ref, "appeal.overdue", due[a.id], SYSTEM, a.status, a.status) for a in appeals])
    messages.tell_all(
        [_told(a, "appeal.overdue", due[a.id], once=_again(a)) for a in appeals]
        + [_told(a, "review.overdue", due[a.id], lead, once=_again(a)) for a in appeals for lead in leads]
    )


def _again(appeal: Appeal) -> str:
    """Tells a late human review from a late review before it."""
    return "human" if appeal.status == "completed" else ""


def human_review_over(batch: Sequence[Running], *, at: datetime) -> None:
    """Nobody asked for a person in time: what the machine decided stays as it is."""
    deadlines.expire_all(batch)


def remind_supplement(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the merchants whose evidence is still awaited."""
    appeals = queries.swept([deadline.subject_id for deadline in batch])
    messages.tell_all(
        [
            _told(
                a,
                notices.asked("appeal.supplement_reminder", closes=_closes(a)),
                at,
                once=str(d.remind_at),
                due_at=d.due_at.isoformat(),
            )
            for d in batch
            if (a := appeals[d.subject_id]).status == "needs_evidence"
        ]
    )


def remind_filing(batch: Sequence[Running], *, at: datetime) -> None:
    """Remind the merchants whose penalty is still without an appeal."""
    penalties.remind_of_window(batch, at=at)


def _ended(appeal: Swept, action: str, came_from: str, outcome: str, at: datetime, **more: str) -> Entry:
    return Entry(appeal.ref, action, at, SYSTEM, came_from, "completed", {"outcome": outcome, **more})


def _told(
    appeal: Appeal | Swept, kind: str, at: datetime, lead: Person | None = None, *, once: str = "", **more: str
) -> messages.Told:
    """What is told to the shop, or to a lead."""
    return messages.Told(
        event=f"{kind}:{appeal.ref}:{appeal.attempt}:{once}",
        to=messages.to_person(lead) if lead else messages.to_shop(appeal.shop_id),
        kind=notices.kind_of(kind, appeal.subject_type),
        params=told(appeal) | more,
        case=("appeal", appeal.ref),
        at=at,
    )


def _locales(appeals: Sequence[Swept]) -> dict[int, str]:
    ask = select(Shop.id, Shop.locale).where(bulk.among(Shop.id, {appeal.shop_id for appeal in appeals}))
    return {row.id: row.locale for row in session().execute(ask)}
