"""Notices when the web part answers for the first time."""

import socket
import time

from portal.config import Config

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound
BROKEN = 500
PAUSE = 1.0


class FirstAnswer:
    """Asks for a page once the port is open, then only listens; asked again and again, it never waits.

    A page that says that the portal is broken is no answer: the next one is asked for a second later.
    """

    def __init__(self, config: Config) -> None:
        self.address = EVERYWHERE.get(config.host, config.host), config.port
        self._asked: socket.socket | None = None
        self._next_at = 0.0

    def came(self) -> bool:
        """Whether the web part has answered."""
        if time.monotonic() < self._next_at:
            return False
        try:
            if self._asked is None:
                self._asked = self._ask()
            answer = self._asked.recv(1024)
        except BlockingIOError:
            return False
        except OSError:
            answer = b""
        if self._asked is not None:
            self._asked.close()
            self._asked = None
        if answer and _status(answer) >= BROKEN:
            self._next_at = time.monotonic() + PAUSE
        return bool(answer) and _status(answer) < BROKEN

    def _ask(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=1)
        connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.address[1]}\r\nConnection: close\r\n\r\n".encode())
        connection.setblocking(False)
        return connection


def _status(answer: bytes) -> int:
    words = answer.split(maxsplit=2)
    return int(words[1]) if len(words) > 1 and words[1].isdigit() else BROKEN
