"""One party's desk after the last word: its forms, and what it filed before; alike for both parties."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from portal import hx, text
from portal.audit import Actor
from portal.redress import actions, forms, queries
from portal.redress.cases import Matter
from portal.redress.forms import FiledForm
from portal.refusals import Overtaken, Refused

BESIDE_FIELD = "statement_length"


@dataclass(frozen=True)
class Desk:
    """Who sits there, and where: the party and its blueprint, what names the case in its addresses, and its page."""

    party: str
    blueprint: str
    place: dict[str, Any]
    matter: Matter
    by: Actor
    back: str
    may_file: bool = True

    def url(self, view: str) -> str:
        """The address of one of this party's pages."""
        return url_for(f"{self.blueprint}.{view}", **self.place)

    def complaint(self, form: FiledForm | None = None, status: int = 200, conflict: str = "") -> Response:
        """What was complained of before, and the form if one can be filed now."""
        filed = queries.complaints_of(self.matter, self.party)
        until = actions.filing_until(self.matter, self.party)
        waits = bool(filed) and filed[0].status == "open"
        may = self.may_file and until is not None and hx.arrived_at() < until and not waits
        shown = {"complaints": filed, "until": until, "may": may}
        return self._render("complaint", form or forms.fresh(forms.ComplaintForm), status, conflict, shown)

    def complain(self) -> Response:
        """File it."""
        form = forms.ComplaintForm()
        return self._file(form, self.complaint, self._complain, "complaint")

    def _complain(self, form: FiledForm) -> str:
        actions.complain(self.matter, form.body.data or "", key=form.key.data or "", by=self.by, at=hx.arrived_at())
        return str(_("Your complaint was received. You will have an answer with reasons."))

    def disclosure(self, form: FiledForm | None = None, status: int = 200, conflict: str = "") -> Response:
        """What was asked before, with its answer; or the form."""
        found = queries.disclosure_of(self.matter, self.party)
        may = self.may_file and found is None and self.matter.decided
        return self._render(
            "disclosure", form or forms.fresh(forms.DisclosureForm), status, conflict, {"request": found, "may": may}
        )

    def ask(self) -> Response:
        """Ask to be shown what was relied on."""
        form = forms.DisclosureForm()
        return self._file(form, self.disclosure, self._ask, "disclosure")

    def _ask(self, form: FiledForm) -> str:
        actions.ask_to_see(self.matter, form.body.data or "", key=form.key.data or "", by=self.by, at=hx.arrived_at())
        return str(_("Your request was received. You will have an answer with reasons."))

    def _file(
        self, form: FiledForm, page: Callable[..., Response], act: Callable[[FiledForm], str], view: str
    ) -> Response:
        """Do it; what is wrong comes back with everything that was typed, beside its field or above the page."""
        if not form.validate():
            return page(form, 422)
        try:
            says = act(form)
        except Overtaken:
            raise
        except Refused as why:
            said = text.sentence(why.code, why.params)
            if why.code != BESIDE_FIELD:
                return page(form, 409, said)
            form.complain(said)
            return page(form, 422)
        return hx.done(self.url(view), says)

    def _render(self, page: str, form: FiledForm, status: int, conflict: str, shown: dict[str, Any]) -> Response:
        given = {"desk": self, "matter": self.matter, "form": form, "conflict": conflict, "now": hx.arrived_at()}
        template = f"{self.blueprint}/{page}.html"
        return hx.render(template, status=status, failed=status != 200, **given, **shown)
