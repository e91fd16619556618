"""Preparing an appeal or a supplement; nothing of this uses up a chance."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import audit, evidence, policies
from portal.appeals import drafts, queries, subjects
from portal.appeals.actions.again import may_follow
from portal.appeals.lifecycle import require
from portal.appeals.models import Appeal
from portal.appeals.subjects import Subject, checklist_of
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import attempt, session
from portal.evidence import Received, Side
from portal.evidence.models import EvidenceItem
from portal.penalties.models import Penalty
from portal.refs import new_ref
from portal.refusals import Refused


def start(thing: Penalty | Arbitration, *, by: Actor, at: datetime, via: str = "appeal_centre") -> Appeal:
    """Begin the appeal against this penalty or ruling; whoever comes second gets the first one's draft.

    Raises `Refused` when it can't be appealed or its window is over, and `UsedUp` after the last of several appeals. A
    draft uses up nothing.
    """
    subject = subjects.against(thing)
    subject.hold()
    last = queries.latest_against(subject.type, subject.id)
    if last is not None and not may_follow(last, subject):
        return last
    subject.require_open(at)
    appeal = _new(subject, at, via, last.round_no + 1 if last else 1)
    try:
        with attempt():
            session().add(appeal)
            session().flush()
    except IntegrityError:
        faster = queries.latest_against(subject.type, subject.id)
        assert faster is not None
        return faster
    audit.record(appeal.ref, "appeal.started", by=by, at=at, moved=(None, "draft"), data={subject.type: subject.ref})
    return appeal


def _new(subject: Subject, at: datetime, via: str, round_no: int) -> Appeal:
    return Appeal(
        ref=new_ref("AP", at),
        subject_type=subject.type,
        subject_id=subject.id,
        subject_ref=subject.ref,
        round_no=round_no,
        **subject.row(),
        declarations={},
        supplement_declarations={},
        started_at=at,
        saved_at=at,
        filed_via=via,
    )


def save(
    appeal: Appeal,
    *,
    ground: str | None,
    statement: str,
    declarations: Mapping[str, str],
    rev: int,
    window: str = "",
    by: Actor,
    at: datetime,
) -> Appeal:
    """Keep what was typed, complete or not; a ground that the checklist doesn't offer is none.

    `rev` is what the form was made from, `window` where; words that another window wrote since are not overwritten.
    """
    require(appeal.status, "save")
    subjects.of(appeal).require_open(at)
    checklist = checklist_of(appeal)
    ground = ground if ground in {one.code for one in checklist.grounds} else None
    said = {"ground_code": ground, "statement": statement, "declarations": _declared(declarations, checklist.keys)}
    return _keep(appeal, said, rev, window, at)


def save_supplement(
    appeal: Appeal,
    *,
    statement: str,
    declarations: Mapping[str, str],
    rev: int,
    window: str = "",
    by: Actor,
    at: datetime,
) -> Appeal:
    """Keep what was typed for the supplement."""
    in_time_to_supplement(appeal, at)
    request = drafts.open_request(appeal)
    keys = set(drafts.deficient(request)) if request else set()
    said = {"supplement_statement": statement, "supplement_declarations": _declared(declarations, keys)}
    return _keep(appeal, said, rev, window, at)


def _keep(appeal: Appeal, said: Mapping[str, Any], rev: int, window: str, at: datetime) -> Appeal:
    """Keep what is said, by its columns, if it is anything new.

    Refuses to overwrite what this window neither was drawn with nor wrote, or wrote later than what comes now.
    """
    if any(getattr(appeal, name) != value for name, value in said.items()):
        wrote_it = bool(window) and window == appeal.draft_window and at >= appeal.saved_at
        if rev != appeal.draft_rev and not wrote_it:
            raise Refused("draft_elsewhere", saved_at=appeal.saved_at)
        for name, value in said.items():
            setattr(appeal, name, value)
        appeal.draft_rev, appeal.draft_window = appeal.draft_rev + 1, window
    appeal.saved_at = at
    session().flush()
    return appeal


def _declared(declarations: Mapping[str, str], keys: Collection[str]) -> dict[str, str]:
    return {key: said.strip() for key, said in sorted(declarations.items()) if key in keys and said.strip()}


def in_time_to_supplement(appeal: Appeal, at: datetime) -> None:
    """Refuse when no evidence is asked for, or its time is over."""
    require(appeal.status, "supplement")
    if appeal.due_at is None or at >= appeal.due_at:
        raise Refused("supplement_over", due_at=appeal.due_at, arrived_at=at)


def attach(appeal: Appeal, file: Received, *, requirement: str, by: Actor, at: datetime) -> EvidenceItem:
    """Add a received file under one line of the checklist; to a supplement, under one of those that are asked for."""
    _editable(appeal, at)
    request = drafts.open_request(appeal)
    if requirement not in (drafts.deficient(request) if request else checklist_of(appeal).keys):
        raise Refused("no_such_requirement", requirement=requirement)
    appeal.saved_at = at
    session().flush()
    limit = policies.body(appeal.policy_version_id).max_files
    side = Side("appeal", appeal.id, appeal.shop_id)
    return evidence.attach(side, file, requirement=requirement, max_files=limit, by=by, at=at)


def detach(appeal: Appeal, item: EvidenceItem, *, by: Actor, at: datetime) -> None:
    """Take back a file that was not handed in yet."""
    _editable(appeal, at)
    appeal.saved_at = at
    evidence.detach(item)


def _editable(appeal: Appeal, at: datetime) -> None:
    if appeal.status == "needs_evidence":
        in_time_to_supplement(appeal, at)
    else:
        require(appeal.status, "save")
        subjects.of(appeal).require_open(at)


def discard(appeal: Appeal, *, by: Actor, at: datetime) -> None:
    """Throw the draft away; the chance remains, and the history keeps that there was one."""
    require(appeal.status, "discard")
    for item in drafts.staged(appeal):
        evidence.detach(item)
    audit.record(appeal.ref, "appeal.discarded", by=by, at=at, moved=("draft", None))
    session().delete(appeal)
    session().flush()
