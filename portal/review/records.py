"""What was decided or asked for, written once."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal import bulk
from portal.audit import Actor, canonical
from portal.db import session
from portal.refusals import Overtaken
from portal.review.lifecycle import Verdict
from portal.review.models import Decision, EvidenceRequest

UNSAID: Mapping[str, Any] = {
    "round": 1,
    "evidence_verdicts": [],
    "measures_result": [],
    "terms": None,
    "texts": None,
    "decided_by": None,
    "second_by": None,
}
ASKED = ("party", "reason_code", "text_to_party", "deficiencies")
"""What a request for evidence says, by its columns."""
LATER = ("terms", "texts")
"""Columns that decisions had not when the first were sealed: where they say nothing, the seal does not know them."""


def record_decision(
    *,
    case_type: str,
    case_id: int,
    case_ref: str,
    verdict: Verdict,
    rules: Sequence[Mapping[str, Any]],
    redress: Sequence[str],
    locale: str,
    by: Actor,
    at: datetime,
    decided_by: int | None = None,
    second_by: int | None = None,
    automated: str = "none",
    round: int = 1,  # noqa: A002 - the domain's word
) -> Decision:
    """Write the decision of this round, with a hash over all it says; raises `Overtaken` if there is one already.

    `decided_by` is who gave the verdict, if that is not `by`; `second_by` who agreed with it.
    """
    said = verdict.to_dict() | {
        "case_type": case_type, "case_id": case_id, "case_ref": case_ref, "round": round, "locale": locale,
        "rules": [dict(rule) for rule in rules], "redress": list(redress), "automated": automated,
        "decided_by": decided_by or by.person_id, "second_by": second_by, "decided_at": at,
    }  # fmt: skip
    decision = Decision(**_sealed(said))
    session().add(decision)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return decision


def record_decisions(decisions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Write many decisions in one statement: the columns of `Decision`; round, verdicts and people may be left out.

    The hash of each, for the history of its case.
    """
    rows = [_sealed(said) for said in decisions]
    if rows:
        bulk.send(Decision, rows)
    return [row["sha256"] for row in rows]


def _sealed(said: Mapping[str, Any]) -> dict[str, Any]:
    whole = {**UNSAID, **said}
    if not whole["redress"] or not whole["rules"]:
        raise ValueError(f"the decision of {whole['case_ref']} names no rule or no redress")
    return whole | {"sha256": _digest(whole)}


def _digest(said: Mapping[str, Any]) -> str:
    known = {key: value for key, value in said.items() if key not in LATER or value is not None}
    return hashlib.sha256(canonical(known)).hexdigest()


def seal_holds(decision: Decision) -> bool:
    """Whether the decision still says what its hash was made of."""
    columns = [c.key for c in Decision.__table__.columns if c.key not in ("id", "sha256")]
    return _digest({key: getattr(decision, key) for key in columns}) == decision.sha256


def words_sha256(said: Mapping[str, Any]) -> str:
    """The SHA-256 of a verdict, or of what was `ASKED`, as the history of its case keeps it."""
    return hashlib.sha256(canonical(dict(said))).hexdigest()


def record_request(
    *,
    case_type: str,
    case_id: int,
    party: str,
    round: int,  # noqa: A002 - the domain's word
    reason_code: str,
    text_to_party: str,
    deficiencies: Sequence[Mapping[str, Any]],
    by: Actor,
    at: datetime,
    deadline_id: int,
) -> EvidenceRequest:
    """Write what a party is asked for, `{requirement_code, problem, note}` each; `Overtaken` if this round has one."""
    request = EvidenceRequest(
        case_type=case_type, case_id=case_id, party=party, round=round, reason_code=reason_code, at=at,
        text_to_party=text_to_party, deficiencies=[dict(entry) for entry in deficiencies], by=by.person_id,
        deadline_id=deadline_id,
    )  # fmt: skip
    session().add(request)
    try:
        session().flush()
    except IntegrityError as why:
        raise Overtaken from why
    return request
