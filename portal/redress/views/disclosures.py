"""The list of requests to be shown what a decision relied on, each answered in its place."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.accounts.models import REVIEW_ROLES
from portal.redress import actions, cases, queries, staff
from portal.redress.forms import AnswerForm
from portal.redress.models import DisclosureRequest
from portal.redress.staff import Line
from portal.refusals import Overtaken, Refused

ANSWERING = (*REVIEW_ROLES, "lead")
BESIDE_FIELD = {"statement_length": "words", "no_such_exhibit": "exhibits"}

bp = Blueprint("disclosures", __name__, url_prefix="/requests-to-see")
answers = Blueprint("disclosure_answers", __name__, url_prefix="/requests-to-see")
accounts.guard(bp, *staff.DISCLOSURES)
accounts.guard(answers, *ANSWERING)


@bp.get("")
def index() -> Response:
    """Those that wait, by time left; or those that were answered."""
    return _list()


@answers.post("/<ref>/answer")
def answer(ref: str) -> Response:
    """Answer one; what is wrong, or who was faster, comes back with what was typed."""
    found = queries.disclosure(ref) or abort(404)
    form = staff.disclosure_form(found, cases.of(found.case_type, found.case_id), blank=False)
    if not form.validate():
        return _list(422, ref, form)
    given = {"outcome": form.outcome.data, "reason": form.words.data or "", "exhibits": form.exhibits.data or []}
    try:
        actions.disclose(found, **given, by=staff.acting("lead", *REVIEW_ROLES), at=hx.arrived_at())
    except Overtaken:
        raise
    except Refused as why:
        return _said(why, ref, form)
    return hx.done(url_for("disclosures.index"), _("%(ref)s is answered.", ref=ref))


def _said(why: Refused, ref: str, form: AnswerForm) -> Response:
    says = text.sentence(why.code, why.params)
    if why.code not in BESIDE_FIELD:
        return _list(409, ref, form, says)
    form.complain(BESIDE_FIELD[why.code], says)
    return _list(422, ref, form)


def _list(status: int = 200, tried: str = "", form: AnswerForm | None = None, conflict: str = "") -> Response:
    answered = request.args.get("view") == "answered"
    find = queries.done if answered else queries.waiting
    page = find(DisclosureRequest, request.args.get("at", ""))
    shops, may = queries.shops(page.rows), accounts.has_role(*ANSWERING) and not answered
    lines = []
    for row in page.rows:
        matter = cases.of(row.case_type, row.case_id)
        own = form if row.ref == tried else None
        blank = staff.disclosure_form(row, matter, blank=True) if may and own is None else own
        lines.append(Line(row, matter, shops[row.shop_id], blank))
    shown = {"tried": tried or request.args.get("ref", ""), "form": form, "conflict": conflict, "answered": answered}
    return hx.render(
        "disclosures/index.html",
        status=status,
        failed=status != 200,
        page=page,
        lines=lines,
        tabs=staff.tabs("disclosures.index"),
        now=hx.arrived_at(),
        **shown,
    )
