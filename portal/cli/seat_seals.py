"""What reviewers found and what they asked for, against the history of its case."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import select

from portal import many, review
from portal.accounts.models import Person
from portal.appeals.models import Appeal
from portal.arbitration.models import Arbitration
from portal.audit.models import AuditEvent
from portal.db import session
from portal.review.models import EvidenceRequest, Review

AT_ONCE = 500
CONCLUDED = "review.concluded"
CASES: Mapping[str, type[Appeal] | type[Arbitration]] = {"appeal": Appeal, "arbitration": Arbitration}
STATED = ("round", "party", "reason_code")

Said: TypeAlias = Mapping[str, Any]
Events: TypeAlias = Mapping[tuple[str, datetime], list[Said]]


def faults() -> Iterator[str]:
    """The verdicts and the requests for evidence that are not what their history says they are."""
    seats = select(Review.case_ref, Review.seat, Review.verdict, Review.concluded_at, Person.pseudonym).outerjoin(
        Person, Person.id == Review.concluded_by
    )
    ended = seats.where(Review.state == "concluded").order_by(Review.id).execution_options(yield_per=AT_ONCE)
    for rows in session().execute(ended).partitions():
        told = _told(rows, CONCLUDED)
        for row in rows:
            if not _is_told(row, told[row.case_ref, row.concluded_at]):
                yield f"verdict of {row.case_ref}: it is not the one its history tells of"
    for case_type in CASES:
        yield from _requests(case_type)


def _told(rows: Sequence[Any], *actions: str) -> Events:
    """What the histories of these cases say of such steps, with who took them, by case and instant."""
    found: dict[tuple[str, datetime], list[Said]] = defaultdict(list)
    wanted = many.among(AuditEvent.chain, sorted({row.case_ref for row in rows})), AuditEvent.action.in_(actions)
    columns = AuditEvent.chain, AuditEvent.at, AuditEvent.action, AuditEvent.actor, AuditEvent.data
    for name, at, action, actor, data in session().execute(select(*columns).where(*wanted)):
        found[name, at].append(data | {"action": action, "actor": actor})
    return found


def _is_told(row: Any, told: Sequence[Said]) -> bool:
    """Whether a seat ended as its event says; the events of older versions were none."""
    digest = None if row.verdict is None else review.words_sha256(row.verdict)
    same = (row.seat, row.pseudonym, digest)
    return not told or same in [(said["seat"], said["actor"], said.get("verdict_sha256")) for said in told]


def _requests(case_type: str) -> Iterator[str]:
    case = CASES[case_type]
    of_case = (case.id == EvidenceRequest.case_id) & (EvidenceRequest.case_type == case_type)
    every = select(*EvidenceRequest.__table__.c, case.ref.label("case_ref"), Person.pseudonym).join(case, of_case)
    every = every.join(Person, Person.id == EvidenceRequest.by).order_by(EvidenceRequest.id)
    for rows in session().execute(every.execution_options(yield_per=AT_ONCE)).partitions():
        told = _told(rows, CONCLUDED, f"{case_type}.evidence_requested")
        for row in rows:
            if not row.deficiencies:
                yield f"{row.case_ref}: I6 was asked for nothing"
            elif not _is_asked(row._asdict(), told[row.case_ref, row.at]):
                yield f"{row.case_ref}: it was asked for something else than its history tells"


def _is_asked(row: Said, told: Sequence[Said]) -> bool:
    """Whether the events of the instant say the same: which requirements, by whom, and the hash of the words."""
    by_them = [said for said in told if said["actor"] == row["pseudonym"]]
    asked = [said for said in by_them if said["action"] != CONCLUDED]
    hashes = {said["request_sha256"] for said in by_them if "request_sha256" in said}
    digest = review.words_sha256({name: row[name] for name in review.ASKED})
    return any(_is_same(row, said) for said in asked) and (not hashes or digest in hashes)


def _is_same(row: Said, said: Said) -> bool:
    lacking = [lack.get("requirement_code") for lack in row["deficiencies"]]
    return lacking == said["requirements"] and all(said.get(name, row[name]) == row[name] for name in STATED)
