"""E-mail: by SMTP if there is a server, else as .eml files in the data folder, which any mail program opens."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import partial

from portal.config import Config
from portal.messages import letters
from portal.messages.channels import folder, smtp
from portal.messages.channels.line import ChannelError, Send
from portal.messages.outbox import Letter

LANGUAGES = {"zh": "zh-CN", "en": "en"}
LONGEST_SUBJECT = 200


@contextmanager
def line(config: Config) -> Iterator[Send]:
    """The mail server, or the folder in its place, for one batch."""
    if not config.smtp_url:
        yield partial(_keep, config)
        return
    with smtp.Server(config.smtp_url) as server:
        yield lambda letter: server.send(compose(letter, config), letter.address)


def _keep(config: Config, letter: Letter) -> None:
    folder.keep(config.mail_folder, f"{letter.created_at:%Y%m%dT%H%M%SZ}-{letter.message_id}", compose(letter, config))


def compose(letter: Letter, config: Config) -> EmailMessage:
    """The mail with its headers, its words as text and as HTML; raises `ChannelError` where no mail can go."""
    words = letters.words_of(letter, config)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(config)
    mail["To"] = _address(letter.address)
    mail["Subject"] = one_line(words.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(letter.created_at)
    mail["Message-ID"] = f"<{letter.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text.strip(), cte="base64")
    mail.add_alternative(words.html.strip(), subtype="html", cte="base64")
    mail["Content-Language"] = LANGUAGES.get(letter.locale, "zh-CN")  # at last: adding a body moves it down
    return mail


def one_line(text: str) -> str:
    """The text without line breaks and control characters: nothing in it can begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _sender(config: Config) -> Address:
    name, address = parseaddr(config.mail_from)
    return Address(one_line(name or config.market), addr_spec=address)


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (ValueError, IndexError, HeaderParseError) as why:
        raise ChannelError(f"not a mail address: {one_line(text)!r}", permanent=True) from why
