"""The case file, to take away."""

from flask import Response, request

from portal import accounts, bundles, hx
from portal.appeals.models import Appeal
from portal.appeals.views.blueprint import bp


@bp.post("/<ref>/case-file")
def case_file(ref: str) -> Response:
    """The case as its own party may see it, with the originals, signed. Who took it is put on record."""
    appeal, lang = accounts.mine(Appeal, ref), request.form.get("lang", "")
    return bundles.download(appeal.ref, "merchant", lang, by=accounts.actor(), at=hx.arrived_at())
