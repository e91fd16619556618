"""What the buyer of a dispute sees of the appeal against its ruling: what is claimed, shown and decided in it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request

from portal import accounts, aftersales, arbitration, evidence
from portal.aftersales.models import AfterSale
from portal.appeals import appealed
from portal.parts import Part

bp = Blueprint("appeals_buyer", __name__, url_prefix="/case")
bp.before_request(aftersales.let_in)


@bp.get("/<token>/appeal/<item>")
@accounts.public
def exhibit(token: str, item: str) -> Response:
    """A file that the shop handed in with its appeal."""
    case = aftersales.case_of_link(token)
    appeal = appealed.handed_in(case)
    found = evidence.item_of("appeal", appeal.id, item) if appeal else None
    if found is None or found.state != "sealed":
        abort(404)
    return evidence.send(found, to="buyer", preview="preview" in request.args, name=_read(case, found.file.name))


def against_ruling(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """For the buyer: the shop's appeal once it was handed in, without the numbers and addresses in it."""
    appeal = appealed.handed_in(case) if party == "buyer" else None
    if appeal is None:
        return None
    handed_in = evidence.submissions_of("appeal", appeal.id)
    return {
        "appeal": appeal,
        "answers": _answers(case),
        "submissions": [(one.sealed_at, _read(case, one.statement)) for one in handed_in],
        "exhibits": appealed.shown(appeal),
        "judged": appealed.judged(appeal, party),
    }


def _read(case: AfterSale, words: str) -> str:
    """What the shop wrote, as the buyer reads it."""
    return aftersales.as_read(case, "buyer", "merchant", words)


def _answers(case: AfterSale) -> str:
    """Which time of the buyer runs, in which the appeal can be answered: `rebuttal`, `re_review`, or none."""
    ruled = arbitration.first_of(case)
    own = arbitration.own_clock(ruled, "buyer") if ruled else None
    return own.kind if own else ""


PART = Part("appeals/_appealed.html", against_ruling)
