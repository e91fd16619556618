"""Mails as files, where no mail server is set."""

import os
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

from portal.messages.channels.line import ChannelError


def keep(folder: Path, name: str, mail: EmailMessage) -> None:
    """Write the mail as `<name>.eml`, whole or not at all; the same name again replaces it, so nothing is doubled."""
    part = folder / f".{name}.part"  # by the mail's name: what a kill leaves here, the next attempt takes along
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(part, "wb", opener=_private) as file:
            file.write(bytes(mail))
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / f"{name}.eml")
    except OSError as why:
        raise ChannelError(f"the mail folder: {why.strerror}", down=True) from why
    finally:
        with suppress(OSError):
            part.unlink()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
