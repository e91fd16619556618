"""The staff's list of what waits for an answer, each answered in its place; alike for both kinds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from portal import accounts, hx, text
from portal.redress import cases, queries, staff
from portal.redress.cases import Matter
from portal.redress.forms import AnswerForm
from portal.redress.models import Complaint, DisclosureRequest
from portal.redress.staff import Line
from portal.refusals import Overtaken, Refused

BESIDE_FIELD = {"statement_length": "words", "no_such_exhibit": "exhibits"}


@dataclass(frozen=True)
class AnswerList:
    """One kind of filing: where its list is, who answers, and with which form; its template has the words."""

    model: type[Complaint | DisclosureRequest]
    blueprint: str
    by: tuple[str, ...]
    blank: Callable[[Any, Matter], AnswerForm]

    def page(self, status: int = 200, tried: str = "", form: AnswerForm | None = None, conflict: str = "") -> Response:
        """Those that wait, by time left; or those that were answered."""
        index, answered = f"{self.blueprint}.index", request.args.get("view") == "answered"
        find = queries.done if answered else queries.waiting
        page = find(self.model, request.args.get("at", ""))
        shops, may = queries.shops(page.rows), accounts.has_role(*self.by) and not answered
        lines = [self._line(row, shops[row.shop_id], may, form if row.ref == tried else None) for row in page.rows]
        shown = {"tried": tried or request.args.get("ref", ""), "form": form, "conflict": conflict}
        return hx.render(
            f"{self.blueprint}/index.html",
            status=status,
            failed=status != 200,
            index=index,
            page=page,
            lines=lines,
            answered=answered,
            tabs=staff.tabs(index),
            now=hx.arrived_at(),
            **shown,
        )

    def answer(self, row: Complaint | DisclosureRequest, form: AnswerForm, act: Callable[[], Any]) -> Response:
        """Answer one; what is wrong, or who was faster, comes back with what was typed."""
        ref = row.ref
        if not form.validate():
            return self.page(422, ref, form)
        try:
            act()
        except Overtaken:
            raise
        except Refused as why:
            says = text.sentence(why.code, why.params)
            if why.code not in BESIDE_FIELD:
                return self.page(409, ref, form, says)
            form.complain(BESIDE_FIELD[why.code], says)
            return self.page(422, ref, form)
        return hx.done(url_for(f"{self.blueprint}.index"), _("%(ref)s is answered.", ref=ref))

    def _line(self, row: Any, shop: str, may: bool, typed: AnswerForm | None) -> Line:
        """Who may not answer it finds no form: the rule is that of the verb."""
        matter = cases.of(row.case_type, row.case_id)
        if not may:
            return Line(row, matter, shop)
        if accounts.asking().id in cases.barred(matter, row.way):
            return Line(row, matter, shop, barred=True)
        return Line(row, matter, shop, typed or self.blank(row, matter))
