"""Taking an appeal back, with the warning it needs."""

from flask import Response, url_for
from flask_babel import gettext as _

from portal import accounts, hx
from portal.appeals import actions, facts, forms
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp


@bp.get("/<ref>/withdrawal")
def withdrawal(ref: str) -> Response:
    """What withdrawing means, before anybody does it."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status not in ("under_review", "needs_evidence") or not accounts.may("submit"):
        return hx.go(url_for("appeals.show", ref=ref))
    return hx.render("appeals/withdrawal.html", form=forms.WithdrawForm(formdata=None), **facts.of_case(appeal))


@bp.post("/<ref>/withdrawal")
def withdraw(ref: str) -> Response:
    """Take the appeal back for good."""
    appeal, form = accounts.mine(Appeal, ref), forms.WithdrawForm()
    if not form.validate():
        return hx.render("appeals/withdrawal.html", status=422, form=form, failed=True, **facts.of_case(appeal))
    actions.withdraw(appeal, by=accounts.actor(), at=hx.arrived_at())
    return hx.done(url_for("appeals.show", ref=ref), _("The appeal was withdrawn."))
