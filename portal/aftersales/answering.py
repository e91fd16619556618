"""What either side can answer: for each verb the form that it takes and what is done with it."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from portal import policies, text
from portal.aftersales import actions, forms, lifecycle
from portal.aftersales.actions import Terms
from portal.aftersales.forms import AnswerForm
from portal.aftersales.models import AfterSale
from portal.audit import Actor
from portal.db import attempt
from portal.refusals import Overtaken, Refused
from portal.text import localised

Do = Callable[[AfterSale, Any, Actor, datetime], object]

FIELD_OF = {
    "no_such_reason": "reason",
    "refusal_needs_evidence": "reason",
    "no_such_offer": "kind",
    "offer_amount_missing": "amount",
    "offer_without_amount": "amount",
    "offer_above_request": "amount",
    "no_such_finding": "finding",
    "report_needs_evidence": "finding",
    "parcel_incomplete": "number",
    "parcel_unchanged": "number",
    "message_empty": "body",
    "sent_with_other_words": "body",
}
"""Where on its form a rule's no belongs."""


Beside = Callable[[AfterSale, str, datetime], tuple[str, ...]]


def _version(case: AfterSale) -> str:
    return str(case.version)


@dataclass(frozen=True, slots=True)
class Answer:
    """One verb of a page: its form, how it is done, and by whom; `versioned`: only on the case as the page showed it.

    `shows` is what the form remembers of the case; a verb that is not `versioned` may look at it itself. `says` is
    what to say once it is done. A verb of another slice brings its words along: `title` what folds it away,
    `button` what its button says, `hint` what to know before; `places` where on its form a rule's no belongs.
    """

    form: type[AnswerForm]
    do: Do
    by: tuple[str, ...] = ()
    versioned: bool = True
    shows: Callable[[AfterSale], str] = _version
    says: LazyString | str = ""
    title: LazyString | str = ""
    button: LazyString | str = ""
    hint: LazyString | str = ""
    places: Mapping[str, str] = field(default_factory=dict)


def _refuse(case: AfterSale, form: forms.RefusalForm, by: Actor, at: datetime) -> None:
    actions.refuse(case, reason_code=form.reason.data, note=_note(form), key=_key(form), by=by, at=at)


def _report(case: AfterSale, form: forms.ReportForm, by: Actor, at: datetime) -> None:
    actions.report(case, finding=form.finding.data, note=_note(form), key=_key(form), by=by, at=at)


def _offer(case: AfterSale, form: forms.OfferForm, by: Actor, at: datetime) -> None:
    actions.offer(case, _terms(form), by=by, at=at)


def _counter(case: AfterSale, form: forms.OfferForm, by: Actor, at: datetime) -> None:
    actions.counter(case, _terms(form), by=by, at=at)


def _say(case: AfterSale, form: forms.MessageForm, by: Actor, at: datetime) -> None:
    actions.say(case, form.body.data or "", key=_key(form), by=by, at=at)


def _escalate(case: AfterSale, form: forms.EscalationForm, by: Actor, at: datetime) -> None:
    actions.escalate(case, _note(form), key=_key(form), by=by, at=at)


def _ship(case: AfterSale, form: forms.ParcelForm, by: Actor, at: datetime) -> None:
    actions.ship(case, carrier=form.carrier.data or "", number=form.number.data or "", by=by, at=at)


def _ship_back(case: AfterSale, form: forms.ParcelForm, by: Actor, at: datetime) -> None:
    actions.ship_back(case, carrier=form.carrier.data or "", number=form.number.data or "", by=by, at=at)


def _plain(verb: Callable[..., object]) -> Do:
    return lambda case, _form, by, at: verb(case, by=by, at=at)


ANSWERS: dict[str, Answer] = {
    "accept": Answer(AnswerForm, _plain(actions.accept)),
    "refuse": Answer(forms.RefusalForm, _refuse),
    "offer": Answer(forms.OfferForm, _offer),
    "counter": Answer(forms.OfferForm, _counter),
    "accept_offer": Answer(AnswerForm, _plain(actions.accept_offer)),
    "decline_offer": Answer(AnswerForm, _plain(actions.decline_offer)),
    "withdraw_offer": Answer(AnswerForm, _plain(actions.withdraw_offer)),
    "arrive": Answer(AnswerForm, _plain(actions.arrive)),
    "confirm": Answer(AnswerForm, _plain(actions.confirm)),
    "report": Answer(forms.ReportForm, _report),
    "ship": Answer(forms.ParcelForm, _ship),
    "ship_back": Answer(forms.ParcelForm, _ship_back),
    "cancel": Answer(AnswerForm, _plain(actions.cancel)),
    "say": Answer(forms.MessageForm, _say, versioned=False),
    "enter_arbitration": Answer(forms.EscalationForm, _escalate),
}
BESIDE: list[Beside] = []


def register(answers: Mapping[str, Answer], offered: Beside) -> None:
    """Let a case be answered by the verbs of another slice too, which says which of them a side may do when."""
    ANSWERS.update(answers)
    if offered not in BESIDE:
        BESIDE.append(offered)


def offered_beside(case: AfterSale, party: str, at: datetime) -> tuple[str, ...]:
    """The verbs of other slices that this side may do now."""
    return tuple(verb for offers in BESIDE for verb in offers(case, party, at))


def knows(verb: str, party: str) -> bool:
    """Whether this side can ever answer so."""
    if verb not in ANSWERS:
        return False
    return party in (ANSWERS[verb].by or lifecycle.MOVES[verb].by)


def form_of(verb: str, case: AfterSale, party: str, *, blank: bool = True) -> AnswerForm:
    """The form of a verb: as it was sent, or blank with what the case shows now."""
    fresh: dict[str, Any] = {"formdata": None, "version": ANSWERS[verb].shows(case), "key": _new_key()}
    if verb == "ship_back":
        fresh |= {"carrier": case.return_carrier, "number": case.return_no}
    form = ANSWERS[verb].form(prefix=f"{verb}-{case.ref}", **(fresh if blank else {}))
    form.offer_choices({"reason": _reasons(case), "kind": forms.kinds(case, party), "finding": forms.findings()})
    return form


def renew(verb: str, form: AnswerForm, case: AfterSale) -> None:
    """Let a form that came back with the case as it stands now be sent once more."""
    form.version.data = ANSWERS[verb].shows(case)


def forms_of(case: AfterSale, party: str, offered: tuple[str, ...], tried: AnswerForm | None, verb: str) -> Any:
    """The form of every verb that is offered; of the one that was tried in vain, as it was sent."""
    blank = {one: form_of(one, case, party) for one in offered if one in ANSWERS}
    return blank | ({verb: tried} if tried is not None else {})


def do(case: AfterSale, verb: str, form: AnswerForm, *, by: Actor, at: datetime) -> bool:
    """Do it, unless something typed is wrong, which the form then says; raises `Refused` where a rule says no to all.

    Raises `Overtaken` if the case is not any more what the page showed.
    """
    if not form.validate():
        return False
    if ANSWERS[verb].versioned and form.version.data != ANSWERS[verb].shows(case):
        raise Overtaken
    try:
        with attempt():
            ANSWERS[verb].do(case, form, by, at)
    except Refused as why:
        name = _place(verb, why, form)
        if name is None:
            raise
        form.complain(name, text.sentence(why.code, why.params))
        if why.code == "sent_with_other_words":
            form.key.data = _new_key()
        return False
    return True


def done(verb: str) -> str:
    """What to say once it is done."""
    said: dict[str, str] = {
        "accept": _("You agreed to what the buyer asked for."),
        "refuse": _("The request was refused. The buyer can call in the platform."),
        "offer": _("Your offer was sent."),
        "counter": _("Your offer was sent."),
        "accept_offer": _("You accepted the offer."),
        "decline_offer": _("You declined the offer. The negotiation goes on."),
        "withdraw_offer": _("Your offer was withdrawn."),
        "arrive": _("The arrival was noted. You can now look at what came back."),
        "confirm": _("You confirmed that the goods came back as they should."),
        "report": _("Your report was sent. You can now negotiate with the buyer."),
        "ship": _("The shipment was noted."),
        "ship_back": _("The return was noted."),
        "cancel": _("The request was called off."),
        "say": _("Your message was sent."),
        "enter_arbitration": _("The platform has been called in. Both sides can now hand in evidence."),
    }
    return said.get(verb) or str(ANSWERS[verb].says)


def _place(verb: str, why: Refused, form: AnswerForm) -> str | None:
    name = {**FIELD_OF, **ANSWERS[verb].places}.get(why.code)
    if why.code == "statement_too_long":
        name = "note" if "note" in form else "body"
    return name if name and name in form else None


def _reasons(case: AfterSale) -> list[tuple[str, str]]:
    catalogue = policies.body(case.policy_version_id).catalogue
    needing = policies.aftersales(case.policy_version_id).refusals_with_evidence
    return [
        (
            code,
            _("%(reason)s (needs a file)", reason=localised(refusal, "name"))
            if code in needing
            else localised(refusal, "name"),
        )
        for code, refusal in catalogue.refusals.items()
    ]


def _terms(form: forms.OfferForm) -> Terms:
    return Terms(form.kind.data or "", form.amount_minor, form.note.data or "")


def _note(form: Any) -> str:
    return form.note.data or ""


def _new_key() -> str:
    return secrets.token_urlsafe(24)


def _key(form: AnswerForm) -> str:
    return form.key.data or ""
