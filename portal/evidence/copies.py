"""What is made of the originals and kept beside them; any of it can be made again."""

import secrets
from contextlib import suppress
from pathlib import Path

import structlog

from portal.evidence.bare import EDITION, bare
from portal.evidence.store import Store

log = structlog.get_logger(__name__)


class Copies:
    """A folder of files named by the hash of their originals."""

    ending: str

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Where the copy of the file with this hash lies, or would."""
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}.{self.ending}"

    def keep(self, sha256: str, copy: bytes) -> None:
        """Keep the copy; a disk that can't is only logged, for it can be made again."""
        target = self.path(sha256)
        arriving = target.with_suffix(f".{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            arriving.write_bytes(copy)
            arriving.replace(target)
        except OSError as why:
            with suppress(OSError):
                arriving.unlink(missing_ok=True)
            log.warning("copy.not_kept", kind=self.root.name, sha256=sha256, why=str(why))

    def has(self, sha256: str) -> bool:
        """Whether the copy lies ready; an empty file, left by a power cut, doesn't count."""
        path = self.path(sha256)
        return path.exists() and path.stat().st_size > 0

    def forget(self, sha256: str) -> None:
        """Remove the copy, and what a process that died had written of it."""
        for path in list(self.path(sha256).parent.glob(f"{sha256}.*")):
            path.unlink(missing_ok=True)


class BareCopies(Copies):
    """A folder of files without their metadata, for the side that did not hand them in."""

    ending = str(EDITION)

    def __init__(self, root: Path, store: Store) -> None:
        super().__init__(root)
        self._store = store

    def ready(self, sha256: str, media_type: str) -> Path | bytes:
        """The copy where it lies, made if need be; as bytes where the disk can't keep it."""
        return self.path(sha256) if self.has(sha256) else self.made(sha256, media_type)

    def made(self, sha256: str, media_type: str) -> Path | bytes:
        """The same, but made anew, so that one the disk has damaged goes no further.

        Raises FileNotFoundError when the original is gone.
        """
        copy = bare(self._store.path(sha256).read_bytes(), media_type)
        if not self._same(sha256, copy):
            self.keep(sha256, copy)
        return self.path(sha256) if self._same(sha256, copy) else copy

    def _same(self, sha256: str, copy: bytes) -> bool:
        return self.has(sha256) and self.path(sha256).read_bytes() == copy
