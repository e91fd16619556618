"""Files of an appeal: add, take back, look at."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from portal import accounts, evidence, hx, text
from portal.appeals import actions, facts
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp
from portal.refusals import Refused

SAID_IN_PLACE = {"same_file_twice", "too_many_files"}


@bp.post("/<ref>/evidence")
@evidence.takes_files
def attach(ref: str) -> Response:
    """Add one file to one line of the checklist; a refused one is explained in its place."""
    appeal, requirement = accounts.mine(Appeal, ref), request.form.get("requirement", "")
    try:
        item = actions.attach(
            appeal, evidence.received("file"), requirement=requirement, by=accounts.actor(), at=hx.arrived_at()
        )
    except Refused as why:
        if why.code not in SAID_IN_PLACE and not isinstance(why, evidence.UploadRefused):
            raise
        return _refused(appeal, requirement, text.sentence(why.code, why.params))
    return _done(appeal, requirement, _("%(name)s was added.", name=item.title), fresh=item.ref)


@bp.post("/<ref>/evidence/<item>/removal")
def detach(ref: str, item: str) -> Response:
    """Take a file back that was not handed in yet."""
    appeal = accounts.mine(Appeal, ref)
    found = evidence.item_of("appeal", appeal.id, item) or abort(404)
    requirement = found.requirement_code or ""
    actions.detach(appeal, found, by=accounts.actor(), at=hx.arrived_at())
    return _done(appeal, requirement, _("%(name)s was removed.", name=found.title))


@bp.get("/<ref>/evidence/<item>")
def exhibit(ref: str, item: str) -> Response:
    """The file itself, or its small picture."""
    appeal = accounts.mine(Appeal, ref)
    found = evidence.item_of("appeal", appeal.id, item) or abort(404)
    return evidence.send(found, to="merchant", preview="preview" in request.args)


def _name() -> str:
    upload = request.files.get("file")
    return (upload.filename or "")[:120] if upload else ""


def _done(appeal: Appeal, requirement: str, says: str, fresh: str = "") -> Response:
    shown = _shown(appeal, requirement) | {"fresh": fresh}
    return hx.done(_place(appeal, requirement), says, "appeals/_slot.html", **shown)


def _refused(appeal: Appeal, requirement: str, says: str) -> Response:
    if not hx.wants_part():
        return hx.done(_place(appeal, requirement), ": ".join(filter(None, (_name(), says))), kind="bad")
    shown = _shown(appeal, requirement) | {"refused": says, "refused_name": _name()}
    return hx.render("appeals/_slot.html", "appeals/_slot.html", status=422, **shown)


def _place(appeal: Appeal, requirement: str) -> str:
    page = "appeals.supplement" if appeal.status == "needs_evidence" else "appeals.draft"
    return url_for(page, ref=appeal.ref, _anchor=f"slot-{requirement}")


def _shown(appeal: Appeal, requirement: str) -> dict[str, Any]:
    shown = (
        facts.of_supplement(appeal, touched=requirement)
        if appeal.status == "needs_evidence"
        else facts.of_draft(appeal)
    )
    chosen = [slot for slot in shown["slots"] if slot.key == requirement]
    return shown | {"slot": chosen[0] if chosen else abort(404), "redraw_meter": True}
