"""Orders from above: the list, the case with what was proposed for it, and the two people's acts."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from portal import accounts, evidence, hx, text
from portal.penalties.models import Measure
from portal.redress import actions, cases, forms, lifecycle, queries, staff
from portal.redress.cases import Matter
from portal.redress.forms import OverrideForm
from portal.redress.models import OverrideRecord
from portal.redress.staff import Line
from portal.refusals import Overtaken, Refused

bp = Blueprint("overrides", __name__, url_prefix="/orders-from-above")
acts = Blueprint("override_acts", __name__, url_prefix="/orders-from-above")
accounts.guard(bp, *staff.OVERRIDES)
accounts.guard(acts, *lifecycle.ABOVE)
BESIDE_FIELD = {"nothing_reduced": "change", "measure_not_less": "change", "no_such_outcome": "change"}


@bp.get("")
def index() -> Response:
    """Those that wait for a second person, and what was done before; or the way to the case with this number."""
    number = request.args.get("q", "").strip().upper()[:40]
    found = cases.any_of(number) if number else None
    if found is not None:
        return hx.go(url_for("overrides.show", ref=found.case_ref))
    closed = request.args.get("view") == "closed"
    find = queries.done if closed else queries.waiting
    page = find(OverrideRecord, request.args.get("at", ""))
    shops = queries.shops(page.rows)
    lines = [Line(row, cases.of(row.case_type, row.case_id), shops[row.shop_id]) for row in page.rows]
    tabs = staff.tabs("overrides.index")
    shown: dict[str, Any] = {"page": page, "lines": lines, "closed": closed, "number": number, "tabs": tabs}
    return hx.render("overrides/index.html", now=hx.arrived_at(), **shown)


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """The case as it stands, what was proposed for it, and the form to propose."""
    return _case(_matter(ref))


@bp.get("/records/<ref>/document")
def document(ref: str) -> Response:
    """The document that an order rests on."""
    record = queries.override(ref) or abort(404)
    found = evidence.item_of("override", record.id, record.document_ref or "")
    return evidence.send(found or abort(404), to=evidence.STAFF)


@acts.post("/<ref>")
@evidence.takes_files
def propose(ref: str) -> Response:
    """Put an order before a second person."""
    matter = _matter(ref)
    form, measures = _form(matter, blank=False), _measures(matter)
    if not form.validate():
        return _case(matter, form, 422)
    given = {name: form[name].data or "" for name in ("authority", "reference", "change")}
    effect, results = form.effect.data or "", form.results(measures)
    try:
        file, by, at = evidence.received("document"), staff.acting(*lifecycle.ABOVE), hx.arrived_at()
        actions.propose(matter, file, effect=effect, results=results, **given, by=by, at=at)
    except Overtaken:
        raise
    except Refused as why:
        return _said(why, matter, form)
    return hx.done(url_for("overrides.show", ref=ref), _("It now waits for a second person."))


@acts.post("/records/<ref>/confirmation")
def confirm(ref: str) -> Response:
    """Let it take effect."""
    return _close(ref, actions.confirm, _("The order is in effect, and the shop was told."))


@acts.post("/records/<ref>/refusal")
def decline(ref: str) -> Response:
    """Let it not take effect."""
    return _close(ref, actions.decline, _("The order was declined. Nothing has changed."))


def _close(ref: str, act: Callable[..., OverrideRecord], says: str) -> Response:
    record = queries.override(ref) or abort(404)
    act(record, by=staff.acting(*lifecycle.ABOVE), at=hx.arrived_at())
    return hx.done(url_for("overrides.show", ref=record.case_ref), says)


def _said(why: Refused, matter: Matter, form: OverrideForm) -> Response:
    """Beside its field, or above the page; what was typed is kept, the document has to be chosen again."""
    says = text.sentence(why.code, why.params)
    if isinstance(why, evidence.UploadRefused):
        form.complain("document", says)
    elif why.code == "statement_length":
        form.complain("effect" if why.params["most"] == lifecycle.EFFECT[1] else "reference", says)
    elif why.code in BESIDE_FIELD:
        form.complain(BESIDE_FIELD[why.code], says)
    else:
        return _case(matter, form, 409, says)
    return _case(matter, form, 422)


def _matter(ref: str) -> Matter:
    return cases.any_of(ref) or abort(404)


def _measures(matter: Matter) -> list[Measure]:
    return [one for one in matter.penalty.measures if one.effect != "lifted"] if matter.penalty else []


def _form(matter: Matter, *, blank: bool) -> OverrideForm:
    return forms.override_form(actions.possible(matter), _measures(matter), blank=blank)


def _case(matter: Matter, form: OverrideForm | None = None, status: int = 200, conflict: str = "") -> Response:
    records = queries.overrides_of(matter)
    person, role = accounts.asking().id, staff.acting(*lifecycle.ABOVE).role
    involved = person in cases.involved(matter) | cases.judges(matter)
    may = role in lifecycle.ABOVE and not involved
    return hx.render(
        "overrides/show.html",
        status=status,
        failed=status != 200,
        matter=matter,
        shop_name=queries.shops([matter])[matter.shop_id],
        records=records,
        measures=_measures(matter),
        form=form or _form(matter, blank=True),
        may=may,
        involved=involved,
        person=person,
        conflict=conflict,
        now=hx.arrived_at(),
    )
