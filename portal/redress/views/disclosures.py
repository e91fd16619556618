"""The list of requests to be shown what a decision relied on, each answered in its place."""

from flask import Blueprint, Response, abort

from portal import accounts, hx
from portal.accounts.models import REVIEW_ROLES
from portal.redress import actions, cases, queries, staff
from portal.redress.lists import AnswerList
from portal.redress.models import DisclosureRequest

ANSWERING = (*REVIEW_ROLES, "lead")

bp = Blueprint("disclosures", __name__, url_prefix="/requests-to-see")
answers = Blueprint("disclosure_answers", __name__, url_prefix="/requests-to-see")
accounts.guard(bp, *staff.DISCLOSURES)
accounts.guard(answers, *ANSWERING)

LIST = AnswerList(
    model=DisclosureRequest,
    blueprint="disclosures",
    by=ANSWERING,
    blank=lambda row, matter: staff.disclosure_form(row, matter, blank=True),
)


@bp.get("")
def index() -> Response:
    """Those that wait, by time left; or those that were answered."""
    return LIST.page()


@answers.post("/<ref>/answer")
def answer(ref: str) -> Response:
    """Answer one."""
    found = queries.disclosure(ref) or abort(404)
    form = staff.disclosure_form(found, cases.of(found.case_type, found.case_id), blank=False)
    by, at = staff.acting("lead", *REVIEW_ROLES), hx.arrived_at()
    given, shown = {"outcome": form.outcome.data or "", "reason": form.words.data or ""}, form.exhibits.data or []
    return LIST.answer(found, form, lambda: actions.disclose(found, **given, exhibits=shown, by=by, at=at))
