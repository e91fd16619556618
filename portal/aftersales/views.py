"""The merchant's pages: the workbench with its tabs, and one case."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _

from portal import accounts, evidence, hx, text
from portal.accounts.models import MERCHANT_ROLES
from portal.aftersales import actions, answering, facts, lifecycle, queries
from portal.aftersales.facts import Desk
from portal.aftersales.forms import AnswerForm
from portal.aftersales.models import AfterSale
from portal.paging import Page
from portal.refusals import Overtaken, Refused

bp = Blueprint("aftersales", __name__, url_prefix="/after-sales")
accounts.guard(bp, *MERCHANT_ROLES)

VERBS = tuple(verb for verb in answering.ANSWERS if "merchant" in lifecycle.MOVES[verb].by)
SAID_IN_PLACE = {"same_file_twice", "too_many_files"}
PAGE, PART, FILES = "aftersales/show.html", "aftersales/_answer.html", "aftersales/_files.html"


@bp.before_request
def writers_only() -> None:
    """A viewer reads; what can't be taken back needs the right to send."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not accounts.may("write"):
        raise Refused("viewer_only")
    if request.endpoint == "aftersales.answer" and not accounts.may("submit"):
        raise Refused("may_not_send")


@bp.get("")
def index() -> Response:
    """售后工作台: one tab by time left, or whatever bears the number that was searched for."""
    shop, sought = accounts.present_shop(), request.args.get("q", "").strip()[:64]
    tab = request.args.get("tab", "") if request.args.get("tab", "") in lifecycle.TABS else "to_handle"
    cursor = request.args.get("at", "")
    return hx.render(
        "aftersales/index.html",
        "aftersales/_list.html",
        tab="" if sought else tab,
        sought=sought,
        totals=queries.totals(shop.id),
        page=Page(queries.found(shop.id, sought)) if sought else queries.in_tab(shop.id, tab, cursor),
    )


@bp.get("/<ref>")
def show(ref: str) -> Response:
    """One case with all that was said and done, and what can be done now; or that alone, opened in its row."""
    return hx.render(PAGE, PART, **_shown(accounts.mine(AfterSale, ref)))


@bp.post("/<ref>/answers/<verb>")
def answer(ref: str, verb: str) -> Response:
    """Do what was answered; what is wrong with it comes back with everything that was typed."""
    case = accounts.mine(AfterSale, ref)
    form = answering.form_of(verb if verb in VERBS else abort(404), case, "merchant", blank=False)
    try:
        if not answering.do(case, verb, form, by=accounts.actor(), at=hx.arrived_at()):
            return hx.render(PAGE, PART, status=422, **_shown(case, verb, form))
    except Overtaken as why:
        if hx.wants_part():
            raise
        says = text.sentence(why.code, why.params)
        return hx.render(PAGE, PART, status=409, conflict=says, **_shown(case, verb, form))
    from_list = "list" in request.form
    back = url_for("aftersales.index", tab=case.tab) if from_list else url_for("aftersales.show", ref=ref)
    return hx.done(back, answering.done(verb))


@bp.post("/<ref>/evidence")
@evidence.takes_files
def attach(ref: str) -> Response:
    """Add a file to what will be handed in with the next answer; a refused one is explained in its place."""
    case = accounts.mine(AfterSale, ref)
    try:
        item = actions.attach(case, evidence.received("file"), by=accounts.actor(), at=hx.arrived_at())
    except Refused as why:
        if why.code not in SAID_IN_PLACE and not isinstance(why, evidence.UploadRefused):
            raise
        return _refused(case, text.sentence(why.code, why.params))
    return _added(case, _("%(name)s was added.", name=item.title), fresh=item.ref)


@bp.post("/<ref>/evidence/<item>/removal")
def detach(ref: str, item: str) -> Response:
    """Take a file back that was not handed in yet."""
    case = accounts.mine(AfterSale, ref)
    found = evidence.item_of("aftersale", case.id, item) or abort(404)
    title = found.title
    actions.detach(case, found, by=accounts.actor())
    return _added(case, _("%(name)s was removed.", name=title))


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """The file itself, or its small picture."""
    case = accounts.mine(AfterSale, ref)
    found = evidence.item_of("aftersale", case.id, item)
    if found is None or not facts.may_see(found, "merchant"):
        abort(404)
    return evidence.send(found, preview="preview" in request.args)


def _shown(case: AfterSale, verb: str = "", tried: AnswerForm | None = None) -> dict[str, Any]:
    shown = facts.of_case(case, Desk("merchant", "aftersales", {"ref": case.ref}))
    may_answer = accounts.may("submit")
    offered = shown["offered"] if may_answer else ()
    return shown | {
        "offered": offered,
        "may_answer": may_answer,
        "forms": answering.forms_of(case, "merchant", offered, tried, verb),
        "tried": verb if tried is not None else "",
        "from_list": "list" in request.values,
    }


def _added(case: AfterSale, says: str, fresh: str = "") -> Response:
    place = url_for("aftersales.show", ref=case.ref, _anchor="slot-files")
    return hx.done(place, says, FILES, fresh=fresh, **_shown(case))


def _refused(case: AfterSale, says: str) -> Response:
    upload = request.files.get("file")
    name = (upload.filename or "")[:120] if upload else ""
    if not hx.wants_part():
        place = url_for("aftersales.show", ref=case.ref, _anchor="slot-files")
        return hx.done(place, ": ".join(filter(None, (name, says))), kind="bad")
    return hx.render(FILES, FILES, status=422, refused=says, refused_name=name, **_shown(case))
