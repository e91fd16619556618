"""Small copies of pictures, beside the originals; any of them can be made again."""

import structlog

from portal.evidence.copies import Copies
from portal.evidence.inspect import inspect
from portal.evidence.refused import UploadRefused
from portal.evidence.store import Store

MEDIA_TYPE = "image/webp"

log = structlog.get_logger(__name__)


class Previews(Copies):
    """A folder of WebP pictures named by the hash of their originals."""

    ending = "webp"

    def make(self, sha256: str, store: Store) -> bytes:
        """Make the preview from the original and keep it; empty when there is nothing to see."""
        try:
            with store.path(sha256).open("rb") as file:
                preview = inspect(file).preview or b""
        except (OSError, UploadRefused) as why:
            log.error("preview.not_made", sha256=sha256, why=str(why))
            return b""
        if preview:
            self.keep(sha256, preview)
        return preview
