"""The public key, for whoever wants to check a case file."""

from flask import Blueprint, Response

from portal import accounts
from portal.bundles.actions import key_path
from portal.bundles.signing import public_pem, signing_key

bp = Blueprint("case_files", __name__, url_prefix="/case-files")


@bp.get("/key.pem")
@accounts.public
def key() -> Response:
    """The key that case files are checked with: the same for everybody, signed in or not."""
    answer = Response(public_pem(signing_key(key_path())), mimetype="application/x-pem-file")
    answer.headers.set("Content-Disposition", "attachment", filename="case-file-key.pub.pem")
    return answer
