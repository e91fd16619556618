"""The leads' list of complaints, each answered in its place."""

from flask import Blueprint, Response, abort

from portal import accounts, hx
from portal.redress import actions, forms, queries, staff
from portal.redress.lists import AnswerList
from portal.redress.models import Complaint

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
answers = Blueprint("complaint_answers", __name__, url_prefix="/complaints")
accounts.guard(bp, *staff.COMPLAINTS)
accounts.guard(answers, "lead")

LIST = AnswerList(
    model=Complaint,
    blueprint="complaints",
    by=("lead",),
    blank=lambda row, _matter: forms.answer_to_complaint(row.ref, blank=True),
)


@bp.get("")
def index() -> Response:
    """Those that wait, by time left; or those that were answered."""
    return LIST.page()


@answers.post("/<ref>/answer")
def answer(ref: str) -> Response:
    """Answer one."""
    found = queries.complaint(ref) or abort(404)
    form, by, at = forms.answer_to_complaint(ref, blank=False), staff.acting("lead"), hx.arrived_at()
    given = {"outcome": form.outcome.data or "", "words": form.words.data or ""}
    return LIST.answer(found, form, lambda: actions.answer(found, **given, by=by, at=at))
