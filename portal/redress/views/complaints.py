"""The leads' list of complaints, each answered in its place."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.redress import actions, cases, forms, queries, staff
from portal.redress.forms import AnswerForm
from portal.redress.models import Complaint
from portal.redress.staff import Line
from portal.refusals import Overtaken, Refused

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
answers = Blueprint("complaint_answers", __name__, url_prefix="/complaints")
accounts.guard(bp, *staff.COMPLAINTS)
accounts.guard(answers, "lead")


@bp.get("")
def index() -> Response:
    """Those that wait, by time left; or those that were answered."""
    return _list()


@answers.post("/<ref>/answer")
def answer(ref: str) -> Response:
    """Answer one; what is wrong, or who was faster, comes back with what was typed."""
    complaint = queries.complaint(ref) or abort(404)
    form = forms.answer_to_complaint(ref, blank=False)
    if not form.validate():
        return _list(422, ref, form)
    try:
        words = form.words.data or ""
        by, at = staff.acting("lead"), hx.arrived_at()
        actions.answer(complaint, outcome=form.outcome.data, words=words, by=by, at=at)
    except Overtaken:
        raise
    except Refused as why:
        return _said(why, ref, form)
    return hx.done(url_for("complaints.index"), _("%(ref)s is answered.", ref=ref))


def _said(why: Refused, ref: str, form: AnswerForm) -> Response:
    says = text.sentence(why.code, why.params)
    if why.code != "statement_length":
        return _list(409, ref, form, says)
    form.complain("words", says)
    return _list(422, ref, form)


def _list(status: int = 200, tried: str = "", form: AnswerForm | None = None, conflict: str = "") -> Response:
    answered = request.args.get("view") == "answered"
    find = queries.done if answered else queries.waiting
    page = find(Complaint, request.args.get("at", ""))
    shops, may = queries.shops(page.rows), accounts.has_role("lead")
    lines = [
        Line(
            row,
            cases.of(row.case_type, row.case_id),
            shops[row.shop_id],
            (form if row.ref == tried and form else forms.answer_to_complaint(row.ref, blank=True)) if may else None,
        )
        for row in page.rows
    ]
    shown = {"tried": tried or request.args.get("ref", ""), "form": form, "conflict": conflict, "answered": answered}
    return hx.render(
        "complaints/index.html",
        status=status,
        failed=status != 200,
        page=page,
        lines=lines,
        tabs=staff.tabs("complaints.index"),
        now=hx.arrived_at(),
        **shown,
    )
