"""Handing a case file out as a download, to somebody the case's own view has let in."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Response

from portal import text
from portal.audit import Actor
from portal.bundles.actions import LOCALES, export, key_path
from portal.bundles.building import Bundle, length, written
from portal.bundles.signing import signing_key
from portal.db import after_commit


def download(ref: str, party: str, lang: str, *, by: Actor, at: datetime) -> Response:
    """The case file as a download; an unknown language is the reader's.

    Setting the record and hashing the originals takes a while, so it is done when the unit of work is over and its
    locks are gone, but before the answer begins: what fails then is still a page that says so. The originals stream.
    """
    key = signing_key(key_path())
    bundle = export(ref, party, lang if lang in LOCALES else text.language(), by=by, at=at)
    answer = Response(mimetype="application/zip")
    answer.headers.set("Content-Disposition", "attachment", filename=bundle.name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.cache_control.private = answer.cache_control.no_store = True
    after_commit(lambda: _fill(answer, bundle, key))
    return answer


def _fill(answer: Response, bundle: Bundle, key: Ed25519PrivateKey) -> None:
    contents = bundle.contents(key)
    answer.content_length = length(contents)
    answer.response = written(contents)
