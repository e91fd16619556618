"""One side's desk at a case: what it sees there, what it answers, and the files it adds; alike for both sides."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from portal import bundles, evidence, hx, text
from portal.aftersales import actions, answering, facts, onward
from portal.aftersales.forms import AnswerForm
from portal.aftersales.models import AfterSale
from portal.aftersales.reading import as_read
from portal.audit import Actor
from portal.refusals import Refused

SAID_IN_PLACE = {"same_file_twice", "too_many_files"}
PART, FILES = "aftersales/_answer.html", "aftersales/_files.html"
AT_ONCE = ("accept", "accept_offer", "arrive", "confirm", "decline_offer", "withdraw_offer")
"""The verbs that need no words: a button each, beside each other."""


@dataclass(frozen=True)
class Desk:
    """Who sits there, and where: the party and its blueprint, and what names the case in its addresses."""

    party: str
    blueprint: str
    place: dict[str, Any]
    by: Actor
    may_answer: bool = True

    def url(self, view: str, **more: Any) -> str:
        """The address of one of the side's own views of this case."""
        return url_for(f"{self.blueprint}.{view}", **self.place, **more)

    def reads(self, case: AfterSale, of: str, words: str) -> str:
        """The words of `of` as the side reads them."""
        return as_read(case, self.party, of, words)

    def show(self, case: AfterSale, status: int = 200, **more: Any) -> Response:
        """The case with all that was said and done, and what can be done now; for htmx that alone."""
        return hx.render(f"{self.blueprint}/show.html", PART, status=status, **self._shown(case, **more))

    def answer(self, case: AfterSale, verb: str) -> Response:
        """Do what was answered; what is wrong with it comes back with everything that was typed."""
        if not answering.knows(verb, self.party):
            abort(404)
        form = answering.form_of(verb, case, self.party, blank=False)
        try:
            if not answering.do(case, verb, form, by=self.by, at=hx.arrived_at()):
                return self.show(case, 422, tried=verb, form=form)
        except Refused as why:
            if hx.wants_part():
                raise
            answering.renew(verb, form, case)
            return self.show(case, 409, tried=verb, form=form, conflict=text.sentence(why.code, why.params))
        from_list = "list" in request.form
        back = url_for(f"{self.blueprint}.index", tab=case.tab) if from_list else self.url("show")
        return hx.done(back, answering.done(verb))

    def attach(self, case: AfterSale) -> Response:
        """Add a file to what will be handed in with the next answer; a refused one is explained in its place."""
        try:
            item = actions.attach(case, evidence.received("file"), by=self.by, at=hx.arrived_at())
        except Refused as why:
            if why.code not in SAID_IN_PLACE and not isinstance(why, evidence.UploadRefused):
                raise
            return self._refused(case, text.sentence(why.code, why.params))
        return self._changed(case, _("%(name)s was added.", name=item.title), fresh=item.ref)

    def detach(self, case: AfterSale, item: str) -> Response:
        """Take a file back that was not handed in yet."""
        found = evidence.item_of("aftersale", case.id, item)
        if found is None or found.owner_party != self.party:
            abort(404)
        title = found.title
        actions.detach(case, found, by=self.by)
        return self._changed(case, _("%(name)s was removed.", name=title))

    def exhibit(self, case: AfterSale, item: str) -> Response:
        """The file itself, or its small picture."""
        found = evidence.item_of("aftersale", case.id, item)
        if found is None or not facts.may_see(found, self.party, onward.hidden(case)):
            abort(404)
        name = self.reads(case, found.owner_party, found.file.name)
        return evidence.send(found, to=self.party, preview="preview" in request.args, name=name)

    def case_file(self, case: AfterSale) -> Response:
        """The case as this side may see it, with the originals, signed. Who took it is put on record."""
        lang = request.form.get("lang", "")
        return bundles.download(case.ref, self.party, lang, by=self.by, at=hx.arrived_at())

    def _shown(self, case: AfterSale, *, form: AnswerForm | None = None, **more: Any) -> dict[str, Any]:
        shown, tried = facts.of_case(case, self.party, hx.arrived_at()), more.get("tried", "")
        offered = shown["offered"] if self.may_answer else ()
        return shown | {
            "desk": self,
            "offered": offered,
            "at_once": [verb for verb in AT_ONCE if verb in offered],
            "answers": answering.ANSWERS,
            "forms": answering.forms_of(case, self.party, offered, form, tried),
            "tried": tried,
            "from_list": "list" in request.values,
            **more,
        }

    def _changed(self, case: AfterSale, says: str, fresh: str = "") -> Response:
        return hx.done(self.url("show", _anchor="slot-files"), says, FILES, fresh=fresh, **self._shown(case))

    def _refused(self, case: AfterSale, says: str) -> Response:
        upload = request.files.get("file")
        name = (upload.filename or "")[:120] if upload else ""
        if not hx.wants_part():
            return hx.done(self.url("show", _anchor="slot-files"), ": ".join(filter(None, (name, says))), kind="bad")
        return hx.render(FILES, FILES, status=422, refused=says, refused_name=name, **self._shown(case))
