"""Writing the appeal: begin, save, go on to check, throw away."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.appeals import actions, drafts, facts, forms
from portal.appeals.actions.again import UsedUp
from portal.appeals.models import Appeal
from portal.appeals.subjects import checklist_of
from portal.appeals.views.blueprint import bp, said_elsewhere
from portal.penalties.models import Penalty
from portal.refusals import Refused


@bp.post("/of/<ref>")
def start(ref: str) -> Response:
    """Begin the appeal against this penalty, or go on with the one there is; after the last one, say so and show it."""
    penalty = accounts.mine(Penalty, ref)
    try:
        appeal = actions.start(penalty, by=accounts.actor(), at=hx.arrived_at())
    except UsedUp as why:
        says = text.sentence(why.code, why.params)
        return hx.done(url_for("appeals.show", ref=why.last.ref), says, kind="warn")
    return hx.go(url_for("appeals.draft" if appeal.status == "draft" else "appeals.show", ref=appeal.ref))


@bp.get("/<ref>/draft")
def draft(ref: str) -> Response:
    """The guided form with everything saved so far."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status != "draft" or not accounts.may("write"):
        return hx.go(url_for("appeals.show", ref=ref))
    return _form(appeal, forms.DraftForm(formdata=None, ground=appeal.ground_code, statement=appeal.statement))


@bp.post("/<ref>/draft")
def save(ref: str) -> Response:
    """Keep what was typed; with `next` go on to the check page if nothing is missing, with `stay` come back."""
    appeal, form = accounts.mine(Appeal, ref), forms.DraftForm()
    try:
        actions.save(appeal, **form.typed(), by=accounts.actor(), at=hx.arrived_at())
    except Refused as why:
        return _form(appeal, form, 409, elsewhere=said_elsewhere(why))
    if "next" in request.form:
        return hx.go(url_for("appeals.check", ref=ref)) if not drafts.lacking(appeal) else _form(appeal, form, 422)
    if "stay" in request.form:
        return hx.go(url_for("appeals.draft", ref=ref, _anchor="evidence"))
    if hx.wants_part():
        return hx.render("appeals/_saved.html", "appeals/_saved.html", **facts.of_draft(appeal))
    return hx.done(url_for("appeals.index"), _("Draft saved. You can come back to it until the time to appeal ends."))


@bp.post("/<ref>/discard")
def discard(ref: str) -> Response:
    """Throw the draft away; the chance to appeal remains."""
    actions.discard(accounts.mine(Appeal, ref), by=accounts.actor(), at=hx.arrived_at())
    return hx.done(url_for("appeals.index"), _("Draft deleted. You can still appeal until the time ends."))


def _form(appeal: Appeal, form: forms.DraftForm, status: int = 200, elsewhere: str = "") -> Response:
    checklist = checklist_of(appeal)
    form.ground.choices = [(ground.code, checklist.ground(ground.code)) for ground in checklist.grounds]
    form.rev.data, form.window.data = appeal.draft_rev, hx.new_window()
    lacking, names = drafts.lacking(appeal) if status == 422 else [], checklist.names()
    wrong = forms.listed(lacking, names)
    forms.mark(form, lacking, names)
    shown = facts.of_draft(appeal, forms.declarations() if elsewhere else None)
    shown |= {"wrong": wrong, "elsewhere": elsewhere, "failed": status != 200}
    return hx.render("appeals/draft.html", status=status, form=form, **shown)
