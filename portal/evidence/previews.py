"""Small copies of pictures, beside the originals; any of them can be made again."""

import secrets
from pathlib import Path

import structlog

from portal.evidence.inspect import inspect
from portal.evidence.refused import UploadRefused
from portal.evidence.store import Store

MEDIA_TYPE = "image/webp"

log = structlog.get_logger(__name__)


class Previews:
    """A folder of WebP pictures named by the hash of their originals."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the preview of the file with this hash lies, or would."""
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}.webp"

    def keep(self, sha256: str, preview: bytes) -> None:
        """Keep the preview; a disk that can't is only logged, for it can be made again."""
        target = self.path(sha256)
        arriving = target.with_suffix(f".{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            arriving.write_bytes(preview)
            arriving.replace(target)
        except OSError as why:
            arriving.unlink(missing_ok=True)
            log.warning("preview.not_kept", sha256=sha256, why=str(why))

    def has(self, sha256: str) -> bool:
        """Whether the preview lies ready; an empty file, left by a power cut, doesn't count."""
        path = self.path(sha256)
        return path.exists() and path.stat().st_size > 0

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

    def forget(self, sha256: str) -> None:
        """Remove the preview, and what a process that died had written of it."""
        for path in list(self.path(sha256).parent.glob(f"{sha256}.*")):
            path.unlink(missing_ok=True)
