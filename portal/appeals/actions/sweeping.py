"""What time alone does: whole batches at once, stamped with the due time and not with the sweep's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from flask_babel import force_locale, gettext
from sqlalchemy import bindparam, select, update

from portal import arbitration, audit, deadlines, many, messages, penalties, policies, review
from portal.accounts.models import Shop
from portal.appeals import queries, subjects
from portal.appeals.actions.again import Ended, open_next
from portal.appeals.actions.ending import closes_by_itself, news
from portal.appeals.actions.filing import open_seat, review_clock
from portal.appeals.actions.reviewing import right_to_ask
from portal.appeals.models import Appeal
from portal.appeals.queries import Swept
from portal.appeals.subjects import Key, PenaltySubject, Subject
from portal.audit import SYSTEM, Entry
from portal.db import forget, session
from portal.deadlines import Running

LOCALES = select(Shop.id, Shop.locale)
COMPLETE = (
    update(Appeal)
    .where(Appeal.status == bindparam("came_from"))
    .values(
        status="completed",
        outcome=bindparam("ending"),
        due_at=None,
        completed_at=Appeal.due_at,
        version=Appeal.version + 1,
    )
)
"""What time alone ends was completed when it was due."""


def time_out(batch: Sequence[Running], *, at: datetime) -> None:
    """Close the appeals whose supplement never came, with a decision by the system; or pass them to a person.

    The policy says which. Appeals that left the state meanwhile are left alone.
    """
    ids = [deadline.subject_id for deadline in batch]
    against = subjects.locked(queries.subjects_of(ids), sweeping=True)  # before the appeals, as in every verb
    appeals = queries.swept(ids)
    due = {
        d.subject_id: d
        for d in batch
        if (one := appeals[d.subject_id]).status == "needs_evidence"
        and deadlines.may_close(d.due_at, _speaks_against(one), at)
    }
    alone = {key: closes_by_itself(appeals[key]) for key in due}
    closing = [appeals[key] for key in due if alone[key]]
    passing = [key for key in due if not alone[key]]
    known = _Known.of(closing)
    deadlines.expire_all(list(due.values()))
    for key, appeal in queries.by_ids(passing).items() if passing else ():
        _pass_to_person(appeal, against[_key(appeal)], due[key].due_at)
    if closing:
        _close(closing, against, {key: deadline.due_at for key, deadline in due.items()}, at, known)


def _speaks_against(_appeal: Swept) -> deadlines.Facts:
    """Why the shop's silence can't be held against it: outages, notices that never arrived. None is recorded so far."""
    return deadlines.Facts()


def _key(appeal: Appeal | Swept) -> Key:
    return appeal.subject_type, appeal.subject_id


@dataclass(frozen=True, slots=True)
class _Known:
    """What closing asks before it changes anything, so that nothing it sends ahead is waited for in between."""

    locales: Mapping[int, str]
    ends: audit.Ends
    calendars: Mapping[int, int]

    @classmethod
    def of(cls, appeals: Sequence[Swept]) -> "_Known":
        versions = {appeal.policy_version_id for appeal in appeals}
        return cls(
            _locales(appeals),
            audit.ends_of({appeal.ref for appeal in appeals}),
            {version: deadlines.calendar_for(version, "merchant") for version in versions},
        )


def _close(
    appeals: list[Swept], against: Mapping[Key, Subject], due: dict[int, datetime], at: datetime, known: _Known
) -> None:
    _complete_all(appeals, "closed_timeout", due)  # the database's largest part, done while the rest is made ready
    words: dict[Any, Mapping[str, Any]] = {}
    hashes = review.record_decisions(
        [_timeout_decision(a, against[_key(a)], known.locales[a.shop_id], words, due[a.id]) for a in appeals]
    )
    begins = {a.id: deadlines.next_from(due[a.id], at) for a in appeals}
    for appeal in appeals:
        against[_key(appeal)].stands(by=SYSTEM, at=due[appeal.id], clock_from=begins[appeal.id])
    audit.record_all(
        [
            _ended(a, "appeal.closed", "needs_evidence", "closed_timeout", due[a.id], decision_sha256=decision)
            for a, decision in zip(appeals, hashes, strict=True)
        ],
        known.ends,
    )
    rights = (right_to_ask(a, begins[a.id], known.calendars[a.policy_version_id]) for a in appeals)
    deadlines.start_all(chain.from_iterable(rights))
    messages.tell_all([news(a, "appeal.closed_timeout", due[a.id]) for a in appeals])
    open_next([Ended(a, against[_key(a)], "closed_timeout", begins[a.id]) for a in appeals], by=SYSTEM)


def _complete_all(appeals: Sequence[Swept], outcome: str, due: dict[int, datetime]) -> None:
    """Complete many rows of one status in one statement, each when it was due.

    Raises `Overtaken` if one of them moved meanwhile.
    """
    if any(appeal.due_at != due[appeal.id] for appeal in appeals):
        raise RuntimeError("an appeal and its deadline disagree about when it was due")
    ids = [appeal.id for appeal in appeals]
    many.change(COMPLETE, Appeal.id, ids, {"came_from": appeals[0].status, "ending": outcome})
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
    messages.tell_all([news(appeal, "appeal.passed_on", at)])


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
    messages.tell_all([news(a, "appeal.lapsed", when[a.id]) for a in lapsing])


def _ended(appeal: Swept, action: str, came_from: str, outcome: str, at: datetime, **more: str) -> Entry:
    return Entry(appeal.ref, action, at, SYSTEM, came_from, "completed", {"outcome": outcome, **more})


def _locales(appeals: Sequence[Swept]) -> dict[int, str]:
    return {row.id: row.locale for row in many.rows(LOCALES, Shop.id, {appeal.shop_id for appeal in appeals})}
