"""What the buyer of a dispute sees of the appeal against its ruling: what is claimed, shown and decided in it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, request

from portal import accounts, aftersales, arbitration, evidence, review
from portal.aftersales.models import AfterSale
from portal.appeals import queries
from portal.appeals.models import Appeal
from portal.arbitration import Ruling
from portal.masking import masked
from portal.parts import Part

bp = Blueprint("appeals_buyer", __name__, url_prefix="/case")
bp.before_request(aftersales.let_in)


@bp.get("/<token>/appeal/<item>")
@accounts.public
def exhibit(token: str, item: str) -> Response:
    """A file that the shop handed in with its appeal."""
    appeal = _handed_in(aftersales.case_of_link(token))
    found = evidence.item_of("appeal", appeal.id, item) if appeal else None
    if found is None or found.state != "sealed":
        abort(404)
    return evidence.send(found, to="buyer", preview="preview" in request.args, name=masked(found.file.name))


def against_ruling(case: AfterSale, party: str, at: datetime) -> dict[str, Any] | None:
    """For the buyer: the shop's appeal once it was handed in, without the numbers and addresses in it."""
    appeal = _handed_in(case) if party == "buyer" else None
    if appeal is None:
        return None
    decided = next(iter(review.decisions_of("appeal", appeal.id)), None)
    return {
        "appeal": appeal,
        "submissions": [(one.sealed_at, masked(one.statement)) for one in evidence.submissions_of("appeal", appeal.id)],
        "exhibits": evidence.items_of("appeal", appeal.id, party="merchant", state="sealed"),
        "decided": decided,
        "findings": masked(decided.findings) if decided else "",
        "ruling": Ruling.from_dict(decided.terms) if decided and decided.terms else None,
    }


def _handed_in(case: AfterSale) -> Appeal | None:
    ruled = arbitration.first_of(case)
    appeal = queries.first_against("arbitration", ruled.id) if ruled else None
    return appeal if appeal is not None and appeal.attempt else None


PART = Part("appeals/_appealed.html", against_ruling)
