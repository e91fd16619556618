"""What either side can answer in an arbitration, on the page of its case, and what that page shows of it."""

from datetime import datetime
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from portal import aftersales, parts
from portal.aftersales import Answer, AnswerForm
from portal.aftersales.models import AfterSale
from portal.arbitration import actions, facts, lifecycle, queries
from portal.arbitration.forms import AgainForm, SubmissionForm
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.parts import Part
from portal.refusals import Refused

PARTIES = lifecycle.PARTIES
WITHOUT_FORM = ("settle", "withdraw")
"""What the parties do by an offer and by calling the request off, which are verbs of the case itself."""


def _live(case: AfterSale) -> Arbitration:
    found = queries.live_of(case)
    if found is None:
        raise Refused("transition_not_allowed", status=case.status, verb="submit")
    return found


def _stage(case: AfterSale) -> str:
    live = queries.live_of(case)
    return actions.stage_of(live) if live else ""


def _submit(case: AfterSale, form: SubmissionForm, by: Actor, at: datetime) -> None:
    shown = form.version.data or ""
    actions.submit(_live(case), form.body.data or "", key=form.key.data or "", by=by, at=at, shown=shown)


def _finish(case: AfterSale, form: AnswerForm, by: Actor, at: datetime) -> None:
    actions.finish(_live(case), by=by, at=at, shown=form.version.data or "")


def _again(case: AfterSale, form: AgainForm, by: Actor, at: datetime) -> None:
    typed = {"ground": form.ground.data, "statement": form.body.data or "", "key": form.key.data or ""}
    actions.ask_again(_live(case), **typed, by=by, at=at, shown=form.version.data or "")


ANSWERS = {
    "submit": Answer(
        SubmissionForm,
        _submit,
        by=PARTIES,
        versioned=False,
        shows=_stage,
        says=_l("Your evidence was handed in."),
        title=_l("Hand in your evidence"),
        button=_l("Hand in the evidence"),
        hint=_l("The files above go along. What was handed in can't be changed."),
        places={"nothing_to_hand_in": "body"},
    ),
    "finish": Answer(
        AnswerForm,
        _finish,
        by=PARTIES,
        versioned=False,
        shows=_stage,
        says=_l("Noted: nothing more will come from you. You need not do anything now."),
        button=_l("I have nothing more to hand in"),
    ),
    "ask_again": Answer(
        AgainForm,
        _again,
        by=PARTIES,
        versioned=False,
        shows=_stage,
        says=_l("The ruling will be looked at once more, by somebody else."),
        title=_l("Ask for a re-review"),
        button=_l("Ask for the one re-review"),
        hint=_l("You can do this once. Another reviewer looks at it; what they rule is final."),
        places={"no_such_ground": "ground", "statement_length": "body"},
    ),
}


def offered(case: AfterSale, party: str, at: datetime) -> tuple[str, ...]:
    """The verbs of an arbitration that this side may do now."""
    arbitration = queries.live_of(case)
    if arbitration is None:
        return ()
    own = queries.own_clock(arbitration, party)
    verbs = lifecycle.offered(arbitration.status, party, own_time=own is not None)
    if own is not None and own.kind != "re_review":
        verbs = tuple(verb for verb in verbs if verb != "ask_again")
    return tuple(verb for verb in verbs if verb not in WITHOUT_FORM)


def told(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """What the page of the case shows of its arbitration; None if there is none."""
    found = queries.of_case(case)
    return facts.of_party(found, party, at) if found else None


def time_left(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """The same while there is something to wait for."""
    shown = told(case, party, at)
    return shown if shown and shown["first"].ended_at is None else None


def register(app: Flask) -> None:
    """Put the verbs and the part on the pages of after-sales cases."""
    aftersales.register_answers(ANSWERS, offered)
    parts.register(
        app, "aftersale", Part("arbitration/_clock.html", time_left, "first"), Part("arbitration/_hearing.html", told)
    )
