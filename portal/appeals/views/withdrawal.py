"""Taking an appeal back, with the warning it needs."""

from flask import Response, url_for
from flask_babel import gettext as _

from portal import accounts, hx
from portal.appeals import actions, facts, forms, subjects
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp


@bp.get("/<ref>/withdrawal")
def withdrawal(ref: str) -> Response:
    """What withdrawing means, before anybody does it."""
    appeal = accounts.mine(Appeal, ref)
    if appeal.status not in ("under_review", "needs_evidence") or not accounts.may("submit"):
        return hx.go(url_for("appeals.show", ref=ref))
    return _page(appeal, forms.WithdrawForm(formdata=None))


@bp.post("/<ref>/withdrawal")
def withdraw(ref: str) -> Response:
    """Take the appeal back for good."""
    appeal, form = accounts.mine(Appeal, ref), forms.WithdrawForm()
    if not form.validate():
        return _page(appeal, form, 422)
    if appeal.outcome != "withdrawn":  # the same form sent twice does it once
        actions.withdraw(appeal, by=accounts.actor(), at=hx.arrived_at())
    return hx.done(url_for("appeals.show", ref=ref), _("The appeal was withdrawn."))


def _page(appeal: Appeal, form: forms.WithdrawForm, status: int = 200) -> Response:
    shown = facts.of_case(appeal) | {"form": form.says(subjects.of(appeal), appeal.chance), "failed": status != 200}
    return hx.render("appeals/withdrawal.html", status=status, **shown)
