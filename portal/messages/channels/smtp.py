"""A mail server, as one batch uses it: one connection, opened with the first mail."""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from portal.messages.channels.line import ChannelError

TIMEOUT = 10
PORTS = {"smtp": 25, "smtps": 465}
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Server:
    """The server of `smtp://user:password@host:port` (TLS by STARTTLS where offered) or `smtps://…`."""

    def __init__(self, url: str) -> None:
        self._url: SplitResult = urlsplit(url)
        self._open: SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def send(self, mail: EmailMessage, address: str) -> None:
        """Hand the mail over; raises `ChannelError`. A connection that the server ended meanwhile is opened anew."""
        if self._open is not None:
            try:
                return self._send(mail, address)
            except SMTPServerDisconnected:
                self._hang_up()
        try:
            return self._send(mail, address)
        except OSError as why:  # SMTPException is one, too
            self._hang_up()
            raise ChannelError(f"the mail server: {type(why).__name__}: {why}", down=True) from why

    def _send(self, mail: EmailMessage, address: str) -> None:
        server = self._open or self._connect()
        try:
            server.send_message(mail, to_addrs=[address])
        except SMTPRecipientsRefused as why:
            raise _refused(*why.recipients[address]) from why
        except SMTPDataError as why:
            raise _refused(why.smtp_code, why.smtp_error) from why
        except SMTPNotSupportedError as why:
            raise ChannelError(str(why), permanent=True) from why

    def _connect(self) -> SMTP:
        url, tls = self._url, ssl.create_default_context()
        host, port = url.hostname or "localhost", url.port or PORTS[url.scheme]
        if url.scheme == "smtps":
            server: SMTP = SMTP_SSL(host, port, timeout=TIMEOUT, context=tls)
        else:
            server = SMTP(host, port, timeout=TIMEOUT)
        self._open = server  # from here on it is closed, whatever comes
        if url.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=tls)
            elif url.username and host not in HERE:
                raise SMTPException("offers no TLS, and a password must not go out in the clear")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        return server

    def _hang_up(self) -> None:
        server, self._open = self._open, None
        if server is not None:
            with suppress(OSError):
                server.quit()


def _refused(code: int, says: bytes | str) -> ChannelError:
    """A 5xx answer about this mail is for good; a 4xx asks to come again."""
    words = says.decode(errors="replace") if isinstance(says, bytes) else says
    return ChannelError(f"{code} {words}", permanent=500 <= code < 600)
