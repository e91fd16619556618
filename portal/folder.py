"""The data folder: a file is put into it whole or not at all, and what stands in the way is said in one sentence."""

import errno
import os
import secrets
from pathlib import Path

SECRET_LENGTH = 32


def make(path: Path) -> None:
    """Have a data folder there; one that is made is closed to other users from its first moment on."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def place(path: Path, content: bytes, mode: int) -> None:
    """Put a new file in its place whole, down to the disk; if somebody was first, theirs stays."""
    arriving = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        arriving.chmod(mode)
        os.link(arriving, path)
    except FileExistsError:
        return
    finally:
        arriving.unlink(missing_ok=True)


def demo_secret(folder: Path) -> str:
    """A secret for the demo, kept beside its data so that a restart signs nobody out."""
    path = folder / "demo-secret"
    try:
        if len(kept := path.read_text().strip()) >= SECRET_LENGTH:
            return kept
        path.unlink()  # of a start that a full disk cut short
    except FileNotFoundError:
        make(folder)
    place(path, secrets.token_hex(SECRET_LENGTH).encode(), 0o600)
    return path.read_text().strip()


def unwritable(folder: Path, why: OSError) -> str:
    """Why nothing can be written there, and what to do."""
    if why.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{full(folder)}."
    return f"DATA_DIR {folder} can't be written ({why.strerror}): make it writable, or set DATA_DIR to another folder."


def full(folder: Path) -> str:
    """That there is no room left; a sentence that can go on."""
    return f"The disk of DATA_DIR {folder} is full: free some space, or set DATA_DIR to a folder on another disk"
