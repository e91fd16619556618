"""Files: received, inspected, stored, previewed, sealed and handed out."""

from portal.evidence.actions import Said, Side, attach, detach, seal
from portal.evidence.copies import BareCopies
from portal.evidence.inspect import EXTENSIONS
from portal.evidence.limits import MAX_BODY, MAX_BYTES
from portal.evidence.manifests import fingerprint, manifest, words_sha256
from portal.evidence.places import init_app
from portal.evidence.queries import count_of, item_of, items_of, submission_by_key, submissions_of
from portal.evidence.refused import UploadRefused
from portal.evidence.serving import STAFF, bare_copies, foreign, original, send
from portal.evidence.upkeep import faults, sweep_orphans
from portal.evidence.uploads import Received, UploadRequest, bring, receive, received, take_in, takes_files
from portal.evidence.words import why

__all__ = [
    "EXTENSIONS",
    "MAX_BODY",
    "MAX_BYTES",
    "STAFF",
    "BareCopies",
    "Received",
    "Said",
    "Side",
    "UploadRefused",
    "UploadRequest",
    "attach",
    "bare_copies",
    "bring",
    "count_of",
    "detach",
    "faults",
    "fingerprint",
    "foreign",
    "init_app",
    "item_of",
    "items_of",
    "manifest",
    "original",
    "receive",
    "received",
    "seal",
    "send",
    "submission_by_key",
    "submissions_of",
    "sweep_orphans",
    "take_in",
    "takes_files",
    "why",
    "words_sha256",
]
