"""Answering a reviewer's request for evidence: the same two steps as the appeal itself."""

import secrets

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.appeals import actions, drafts, facts, forms
from portal.appeals.actions.filing import NothingAsked
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp, said_elsewhere
from portal.refusals import Refused


@bp.get("/<ref>/supplement")
def supplement(ref: str) -> Response:
    """Exactly what the reviewer found lacking, one slot each."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status != "needs_evidence" or not accounts.may("write"):
        return hx.go(url_for("appeals.show", ref=ref))
    return _form(appeal, forms.SupplementForm(formdata=None, statement=appeal.supplement_statement))


@bp.post("/<ref>/supplement")
def save_supplement(ref: str) -> Response:
    """Keep what was typed; with `next` go on to check it, with `stay` come back."""
    appeal, form = accounts.mine(Appeal, ref), forms.SupplementForm()
    try:
        actions.save_supplement(appeal, **form.typed(), by=accounts.actor(), at=hx.arrived_at())
    except Refused as why:
        return _form(appeal, form, 409, elsewhere=said_elsewhere(why))
    if "next" in request.form:
        lacking = drafts.lacking(appeal)
        return _form(appeal, form, 422) if lacking else hx.go(url_for("appeals.supplement_check", ref=ref))
    if "stay" in request.form:
        return hx.go(url_for("appeals.supplement", ref=ref, _anchor="evidence"))
    if hx.wants_part():
        return hx.render("appeals/_saved.html", "appeals/_saved.html", **facts.of_supplement(appeal))
    return hx.done(url_for("appeals.index", tab="needs_evidence"), _("Saved. Nothing has been sent yet."))


@bp.get("/<ref>/supplement/check")
def supplement_check(ref: str) -> Response:
    """What will be handed in, once more."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status != "needs_evidence" or not accounts.may("write"):
        return hx.go(url_for("appeals.show", ref=ref))
    if drafts.lacking(appeal):
        return hx.done(url_for("appeals.supplement", ref=ref), _("Some answers are still missing."), kind="warn")
    seen = drafts.draft_of(appeal).fingerprint()
    form = forms.SupplementConfirmForm(formdata=None, key=secrets.token_urlsafe(24), seen=seen)
    return _check(appeal, form)


@bp.get("/<ref>/supplement/submission")
def supplement_submission(ref: str) -> Response:
    """What stands in the address line after something was wrong; whoever opens it again checks again."""
    return hx.go(url_for("appeals.supplement_check", ref=accounts.mine(Appeal, ref).ref))


@bp.post("/<ref>/supplement/submission")
def submit_supplement(ref: str) -> Response:
    """Hand the supplement in; a resend shows the first receipt, and the case where nothing is asked any more."""
    appeal, form = accounts.mine(Appeal, ref), forms.SupplementConfirmForm()
    if drafts.handed_in_with(appeal, form.key.data):
        return hx.go(url_for("appeals.receipt", ref=ref))
    if appeal.status == "needs_evidence" and not form.validate():
        return _check(appeal, form, 422)
    try:
        actions.supplement(appeal, **form.proof(), by=accounts.actor(), at=hx.arrived_at())
    except NothingAsked as why:
        return hx.done(url_for("appeals.show", ref=ref), text.sentence(why.code, why.params), kind="warn")
    return hx.go(url_for("appeals.receipt", ref=ref))


def _check(appeal: Appeal, form: forms.SupplementConfirmForm, status: int = 200) -> Response:
    shown = facts.of_supplement(appeal)
    return hx.render("appeals/supplement_check.html", status=status, form=form, failed=status == 422, **shown)


def _form(appeal: Appeal, form: forms.SupplementForm, status: int = 200, elsewhere: str = "") -> Response:
    form.rev.data, form.window.data = appeal.draft_rev, hx.new_window()
    shown = facts.of_supplement(appeal, forms.declarations() if elsewhere else None)
    lacking = shown["lacking"] if status == 422 else []
    wrong = forms.listed(lacking, shown["names"])
    forms.mark(form, lacking, shown["names"])
    shown |= {"wrong": wrong, "elsewhere": elsewhere, "failed": status != 200}
    return hx.render("appeals/supplement.html", status=status, form=form, **shown)
