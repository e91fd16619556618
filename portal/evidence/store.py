"""The bytes of evidence: each file under its SHA-256, once; on the disk for good before anybody says so."""

import errno
import fcntl
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from portal.evidence.limits import MAX_BYTES, ROOM_KEPT_FREE
from portal.evidence.refused import UploadRefused

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_PIECE = 1024 * 1024


class Store:
    """A folder of files named by their own hash: `ab/cd/abcd…`; what is still arriving lies in `arriving/`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.arriving = root / "arriving"
        self._durable: set[Path] = set()

    def path(self, sha256: str) -> Path:
        """Where the file with this hash lies, or would."""
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def keep(self, landing: "Landing") -> str:
        """Put a landed file in its place and return its hash; when this returns, a power cut no longer loses it.

        A file already there is replaced by the same bytes: that heals one the disk has damaged.
        """
        target = self.path(landing.sha256)
        with _as_refusal(), self._not_while_sweeping(fcntl.LOCK_SH):
            landing.sync()
            self._make_durable(target.parent)
            landing.move(target)
            _sync_folder(target.parent)
        return landing.sha256

    def fault(self, sha256: str, size: int) -> str | None:
        """What is wrong with a kept file: `missing`, `cut` or `flipped`; None when every byte is as it was."""
        try:
            with self.path(sha256).open("rb") as file:
                if os.fstat(file.fileno()).st_size != size:
                    return "cut"
                return None if _sha256(file) == sha256 else "flipped"
        except FileNotFoundError:
            return "missing"

    def kept(self) -> Iterator[str]:
        """The hash of every file here, in order."""
        for folder in sorted(self.root.glob("??")):
            yield from sorted(path.name for path in folder.glob("??/*"))

    def forget(self, sha256: str, *, before: datetime) -> bool:
        """Remove a file unless it was kept anew at or after `before`; say whether it went."""
        path = self.path(sha256)
        with self._not_while_sweeping(fcntl.LOCK_EX):
            if not path.exists() or datetime.fromtimestamp(path.stat().st_mtime, UTC) >= before:
                return False
            path.unlink()
        return True

    def clear_arrivals(self) -> int:
        """Remove what processes that died left half received; files still arriving are locked, and stay."""
        cleared = 0
        for path in list(self.arriving.glob("*")):
            with suppress(FileNotFoundError), path.open("rb") as file:
                if _locked(file, wait=False):
                    path.unlink(missing_ok=True)
                    cleared += 1
        return cleared

    def open_arrival(self, expected: int) -> tuple[Path, BinaryIO]:
        """A new locked file for bytes on their way in; raises OSError(ENOSPC) when the disk is too full for them."""
        self.arriving.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.arriving).free < expected + ROOM_KEPT_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        while True:
            path = self.arriving / secrets.token_hex(8)
            file = path.open("x+b")
            if _locked(file, wait=True) and os.fstat(file.fileno()).st_nlink:
                return path, file
            file.close()  # swept between its making and its lock

    def _make_durable(self, folder: Path) -> None:
        """Make the folder and see its name, and those above it, to the disk; each once in a process."""
        if folder in self._durable:
            return
        if folder != self.root:
            self._make_durable(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)
        self._durable.add(folder)

    @contextmanager
    def _not_while_sweeping(self, kind: int) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "sweeping.lock").open("a") as lock:
            fcntl.flock(lock, kind)
            yield


class Landing(io.RawIOBase):
    """One file on its way in: written and hashed at once, and gone with `close` unless it was kept.

    A trouble on the way (too large, disk full) never breaks the reading of the request: it is remembered in `trouble`,
    the rest of the bytes is dropped, and whoever takes the file in says it.
    """

    def __init__(self, store: Store, expected: int = 0) -> None:
        super().__init__()
        self._store, self._expected = store, expected
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()
        self.size = 0
        self.trouble: str | None = None

    @property
    def sha256(self) -> str:
        """The hash of everything written."""
        return self._hash.hexdigest()

    @property
    def file(self) -> BinaryIO:
        """The open file, to be inspected."""
        if self.trouble:
            raise UploadRefused(self.trouble)
        if self._file is None:
            raise UploadRefused("empty")
        with _as_refusal():
            self._file.flush()
        return self._file

    def write(self, piece: Any, /) -> int:
        """Take the next bytes of the body."""
        self.size += len(piece)
        if self.size > MAX_BYTES:
            self._stop("too_large")
        if self.trouble is None:
            try:
                if self._file is None:
                    self._path, self._file = self._store.open_arrival(self._expected)
                self._file.write(piece)
                self._hash.update(piece)
            except OSError as why:
                self._stop("storage_full" if why.errno in _NO_ROOM else "storage_failed")
        return len(piece)

    def readinto(self, buffer: Any, /) -> int:
        """Read on from where `seek` went."""
        piece = self._file.read(len(buffer)) if self._file else b""
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move to where the next read begins."""
        return self._file.seek(offset, whence) if self._file else 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def sync(self) -> None:
        """See every byte to the disk."""
        file = self.file
        os.fchmod(file.fileno(), 0o440)
        os.fsync(file.fileno())

    def move(self, target: Path) -> None:
        """Give the file its name for good."""
        if self._path is None:
            raise UploadRefused("empty")
        self._path.replace(target)
        self._path = None

    def close(self) -> None:
        """Let go of the file; what was not kept is removed."""
        if not self.closed:
            self._drop()
        super().close()

    def _stop(self, trouble: str) -> None:
        self.trouble = self.trouble or trouble
        self._drop()

    def _drop(self) -> None:
        path, file, self._path, self._file = self._path, self._file, None, None
        if path:
            path.unlink(missing_ok=True)
        if file:
            try:
                file.close()
            except OSError:
                file.raw.close()  # type: ignore[attr-defined]


def _locked(file: BinaryIO, *, wait: bool) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _as_refusal() -> Iterator[None]:
    try:
        yield
    except OSError as why:
        raise UploadRefused("storage_full" if why.errno in _NO_ROOM else "storage_failed") from why
