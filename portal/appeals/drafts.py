"""What somebody has prepared, and what is asked of it: rows turned into the plain values that `lifecycle` judges."""

from collections import Counter

from portal import evidence, policies, review
from portal.appeals.lifecycle import Draft, Missing, Wanted, missing, missing_in_supplement
from portal.appeals.models import Appeal
from portal.appeals.subjects import checklist_of
from portal.evidence.models import EvidenceItem
from portal.review.models import EvidenceRequest


def staged(appeal: Appeal) -> list[EvidenceItem]:
    """The exhibits added since the last submission."""
    return evidence.items_of("appeal", appeal.id, party="merchant", state="staged")


def draft_of(appeal: Appeal) -> Draft:
    """What has been prepared: the appeal itself, or its supplement once evidence was asked for."""
    items = staged(appeal)
    files = Counter(item.requirement_code or "" for item in items)
    placed = tuple(f"{item.requirement_code} {item.file.sha256}" for item in items)
    if appeal.status == "needs_evidence":
        return Draft(appeal.supplement_statement, None, files, declared(appeal, open_request(appeal)), placed)
    return Draft(appeal.statement, appeal.ground_code, files, appeal.declarations, placed)


def wanted(appeal: Appeal) -> Wanted:
    """What the checklist and the policy ask of the first submission."""
    policy, checklist = policies.body(appeal.policy_version_id), checklist_of(appeal)
    return Wanted(
        grounds=[ground.code for ground in checklist.grounds],
        required=checklist.required,
        statement_min=policy.statement_min if checklist.must_tell else 0,
        statement_max=policy.statement_max,
    )


def handed_in_with(appeal: Appeal, key: str | None) -> bool:
    """Whether this appeal was handed in by the form with this one-time key: then the same form was sent twice."""
    first = evidence.submission_by_key(key) if key else None
    return first is not None and (first.case_type, first.case_id) == ("appeal", appeal.id)


def open_request(appeal: Appeal) -> EvidenceRequest | None:
    """The reviewer's request that waits for an answer."""
    return review.latest_request("appeal", appeal.id) if appeal.status == "needs_evidence" else None


def answered(appeal: Appeal) -> bool:
    """Whether what the reviewer asked for last was handed in."""
    request = review.latest_request("appeal", appeal.id)
    sent = evidence.submissions_of("appeal", appeal.id)
    return request is not None and any(one.answers_request_id == request.id for one in sent)


def deficient(request: EvidenceRequest) -> list[str]:
    """The requirements the reviewer found lacking, each once, in the reviewer's order."""
    return list(dict.fromkeys(d["requirement_code"] for d in request.deficiencies))


def declared(appeal: Appeal, request: EvidenceRequest | None) -> dict[str, str]:
    """The reasons given for what is asked now; those for an earlier request that was never answered are not meant."""
    asked = deficient(request) if request else ()
    return {key: why for key, why in appeal.supplement_declarations.items() if key in asked}


def lacking(appeal: Appeal) -> list[Missing]:
    """Everything that keeps what has been prepared from being handed in."""
    request = open_request(appeal)
    if request is None:
        return missing(draft_of(appeal), wanted(appeal))
    return missing_in_supplement(
        draft_of(appeal), deficient(request), policies.body(appeal.policy_version_id).statement_max
    )
