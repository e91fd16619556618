"""What was asked and what was sent in an appeal, and what was prepared for it and not sent; for its pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.appeals.models import Appeal
from portal.evidence.models import EvidenceItem, Submission
from portal.review.models import EvidenceRequest


@dataclass(frozen=True)
class Unsent:
    """What was prepared and not handed in, of the appeal itself or of an answer to its reviewer."""

    items: Sequence[EvidenceItem]
    statement: str
    declarations: Mapping[str, str]
    ground_code: str | None = None


def past(
    submissions: Sequence[Submission], requests: Sequence[EvidenceRequest]
) -> list[tuple[EvidenceRequest | None, Submission | None]]:
    """What was asked and what was sent, oldest first: an answer beside its request, what stayed without one alone."""
    answered = {submission.answers_request_id for submission in submissions}
    by_id: dict[int | None, EvidenceRequest] = {request.id: request for request in requests}
    sent = [(one.sealed_at, by_id.get(one.answers_request_id), one) for one in submissions]
    alone = [(one.at, one, None) for one in requests if one.id not in answered]
    return [(request, submission) for _at, request, submission in sorted([*sent, *alone], key=lambda one: one[0])]


def unsent(appeal: Appeal, staged: Sequence[EvidenceItem]) -> Unsent | None:
    """A draft, whatever is in it; later only where there is something."""
    if not appeal.attempt:
        return Unsent(staged, appeal.statement, appeal.declarations, appeal.ground_code)
    if staged or appeal.supplement_statement or appeal.supplement_declarations:
        return Unsent(staged, appeal.supplement_statement, appeal.supplement_declarations)
    return None
