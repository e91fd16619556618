"""Bringing in a file of penalties by the browser: choose it, see what would change, go on."""

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from portal import accounts, hx, incoming
from portal.db import after_commit
from portal.incoming import BadSheetError, said
from portal.penalties import shelf
from portal.penalties.actions import Plan, carry_out, plan
from portal.penalties.forms import UploadForm
from portal.penalties.incoming import COLUMNS

MOST_AT_ONCE = 2000
"""Rows in one request: it is one unit of work, in which nobody else writes."""

ROLES = ("admin", "penalty_issuer")

bp = Blueprint("penalty_imports", __name__, url_prefix="/penalties/import")
accounts.guard(bp, *ROLES)


@bp.get("")
def new() -> Response:
    """The form to choose a file."""
    return _choose()


@bp.post("")
def upload() -> Response:
    """Keep the file and show what it would change."""
    sent = request.files.get("file")
    content = sent.stream.read(incoming.MAX_BYTES + 1) if isinstance(sent, FileStorage) else b""
    if not content:
        return _choose("no_rows" if isinstance(sent, FileStorage) and sent.filename else "no_file")
    if len(content) > incoming.MAX_BYTES:
        return _choose("file_too_large", megabytes=incoming.MAX_BYTES // 1024 // 1024)
    return hx.go(url_for("penalty_imports.show", mark=shelf.put(content, at=hx.arrived_at())))


@bp.get("/<mark>")
def show(mark: str) -> Response:
    """What the file would change, and what is wrong with the rest."""
    content = shelf.content_of(mark)
    if not content:
        return _used(content)
    try:
        found = plan(content, at=hx.arrived_at())
    except BadSheetError as why:
        return _choose(why.code, **why.params)
    return _preview(found, mark)


@bp.post("/<mark>/confirmation")
def confirm(mark: str) -> Response:
    """Bring in the new rows of a file that was shown; what is sent twice is done once."""
    content = shelf.content_of(mark)
    if not content:
        return _used(content)
    found = plan(content, at=hx.arrived_at())
    if found.rows > MOST_AT_ONCE:
        abort(400)
    done = carry_out(found.new, by=accounts.actor(), at=hx.arrived_at())
    after_commit(lambda: shelf.discard(mark))
    words = ngettext("%(num)s penalty was issued.", "%(num)s penalties were issued.", done.new)
    return hx.done(url_for("penalty_imports.new"), words)


def _used(content: bytes | None) -> Response:
    if content is None:
        return _choose("gone")
    return hx.done(url_for("penalty_imports.new"), _("This file is in already; nothing was done twice."))


def _preview(found: Plan, mark: str) -> Response:
    if found.rows > MOST_AT_ONCE:
        return _choose("too_many_at_once", most=MOST_AT_ONCE)
    return hx.render("penalty_imports/show.html", found=found, mark=mark)


def _choose(code: str = "", **params: object) -> Response:
    form = UploadForm(formdata=None)
    if code:
        form.file.errors = [said("sheet", code, params)]
    return hx.render(
        "penalty_imports/new.html",
        form=form,
        columns=COLUMNS,
        most=MOST_AT_ONCE,
        failed=bool(code),
        status=422 if code else 200,
    )
