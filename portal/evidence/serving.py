"""Handing a file out: as a download that no browser runs, to somebody the case's own view has let in."""

import io
from collections.abc import Iterator
from pathlib import Path

import structlog
from flask import Response, abort, send_file

from portal.evidence import places
from portal.evidence.copies import BareCopies
from portal.evidence.models import EvidenceItem
from portal.evidence.names import plain
from portal.evidence.previews import MEDIA_TYPE, Previews
from portal.evidence.store import Store

log = structlog.get_logger(__name__)

STAFF = "platform"
"""To whom a file is handed that its reviewers ask for; what the platform itself shows is its own to bare."""
_SANDBOX = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


def send(item: EvidenceItem, *, to: str, preview: bool = False, name: str = "") -> Response:
    """The file of this exhibit, or the small copy of a picture; 404 for the preview of anything else.

    `to` is the side that asks, or `STAFF`. What the other side handed in comes without its metadata: a photo taken at
    home has the address in it. `name` is what it is called for whoever asks, if not as whoever brought it called it.

    Who may see it is decided by the caller. The answer streams, knows ranges and ETags, and holds no row.
    """
    file = item.file
    if preview:
        return _guarded(_preview(file.sha256, file.media_type))
    source = _source(item, to)
    answer = send_file(
        io.BytesIO(source) if isinstance(source, bytes) else source,
        mimetype=file.media_type,
        as_attachment=True,
        download_name=plain(name or file.name),
        etag=f"{file.sha256}-bare" if foreign(item.owner_party, to) else file.sha256,
        last_modified=file.received_at,
    )
    return _guarded(answer)


def foreign(owner: str, reader: str) -> bool:
    """Whether a file is read by a side that did not hand it in, so that it gets the copy without metadata."""
    return owner not in (reader, STAFF) and reader != STAFF


def bare_copies() -> BareCopies:
    """What makes them, for whoever writes files when no request is open any more."""
    return places.bare()


def original(sha256: str) -> Path:
    """Where the bytes with this hash lie, or would; for reading alone."""
    return places.store().path(sha256)


def _source(item: EvidenceItem, to: str) -> Path | bytes:
    path = places.store().path(item.file.sha256)
    if not path.exists():
        log.error("evidence.missing", ref=item.ref, sha256=item.file.sha256)
    elif foreign(item.owner_party, to):
        return places.bare().ready(item.file.sha256, item.file.media_type)
    return path


def _preview(sha256: str, media_type: str) -> Response:
    if not media_type.startswith("image/"):
        abort(404)
    previews = places.previews()
    if previews.has(sha256):
        return send_file(previews.path(sha256), mimetype=MEDIA_TYPE, etag=f"{sha256}-preview")
    return Response(_made(sha256, previews, places.store()), mimetype=MEDIA_TYPE)


def _made(sha256: str, previews: Previews, store: Store) -> Iterator[bytes]:
    """Made while the answer streams, when the request's transaction is over."""
    yield previews.make(sha256, store)


def _guarded(answer: Response) -> Response:
    answer.headers.update(_SANDBOX)
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
