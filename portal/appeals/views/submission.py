"""Checking the answers, and the one irreversible step."""

import secrets

from flask import Response, url_for
from flask_babel import gettext as _

from portal import accounts, deadlines, hx, policies
from portal.appeals import actions, drafts, facts, forms, subjects
from portal.appeals.actions.filing import AlreadyAppealed
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp


@bp.get("/<ref>/check")
def check(ref: str) -> Response:
    """Every answer once more, and what happens next; what is missing sends back to the form."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status != "draft" or not accounts.may("write"):
        return hx.go(url_for("appeals.show", ref=ref))
    if drafts.lacking(appeal):
        return hx.done(url_for("appeals.draft", ref=ref), _("Some answers are still missing."), kind="warn")
    seen = drafts.draft_of(appeal).fingerprint()
    return _page(appeal, forms.ConfirmForm(formdata=None, key=secrets.token_urlsafe(24), seen=seen))


@bp.get("/<ref>/submission")
def submission(ref: str) -> Response:
    """What stands in the address line after something was wrong; whoever opens it again checks again."""
    return hx.go(url_for("appeals.check", ref=accounts.mine(Appeal, ref).ref))


@bp.post("/<ref>/submission")
def submit(ref: str) -> Response:
    """Hand in the appeal; a resend shows the first receipt."""
    appeal, form = accounts.mine(Appeal, ref), forms.ConfirmForm()
    if drafts.handed_in_with(appeal, form.key.data):
        return hx.go(url_for("appeals.receipt", ref=ref))
    if appeal.status == "draft" and not form.validate():
        return _page(appeal, form, 422)
    try:
        actions.submit(appeal, **form.proof(), by=accounts.actor(), at=hx.arrived_at())
    except AlreadyAppealed as why:
        return _the_first(why.first)
    return hx.go(url_for("appeals.receipt", ref=ref))


def _the_first(appeal: Appeal) -> Response:
    says = subjects.of(appeal).says("already") if appeal.attempt else _("This draft can't be sent any more.")
    return hx.done(url_for("appeals.show", ref=appeal.ref), says, kind="warn")


@bp.get("/<ref>/receipt")
def receipt(ref: str) -> Response:
    """That it arrived, until when there is an answer, and the day-by-day reason; the case once that is out of date."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status != "under_review":
        return hx.go(url_for("appeals.show", ref=ref))
    return hx.render("appeals/receipt.html", **facts.of_case(appeal))


def _page(appeal: Appeal, form: forms.ConfirmForm, status: int = 200) -> Response:
    policy = policies.body(appeal.policy_version_id)
    due = deadlines.preview(
        policy.review, party="platform", at=hx.arrived_at(), policy_version_id=appeal.policy_version_id
    )
    shown = facts.of_draft(appeal) | {
        "form": form.says(subjects.of(appeal), appeal.chance),
        "due": due,
        "failed": status == 422,
    }
    return hx.render("appeals/check.html", status=status, **shown)
