"""Mails as files, where no mail server is set."""

import os
import tempfile
from email.message import EmailMessage
from pathlib import Path

from portal.messages.channels.line import ChannelError


def keep(folder: Path, name: str, mail: EmailMessage) -> None:
    """Write the mail as `<name>.eml`, whole or not at all; the same name again replaces it, so nothing is doubled."""
    part: Path | None = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(bytes(mail))
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / f"{name}.eml")
    except OSError as why:
        raise ChannelError(f"the mail folder: {why.strerror}", down=True) from why
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
