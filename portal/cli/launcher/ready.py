"""Notices when the web part answers for the first time."""

import socket

from portal.config import Config

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not bound


class FirstAnswer:
    """Asks for a page once the port is open, then only listens; asked again and again, it never waits."""

    def __init__(self, config: Config) -> None:
        self.address = EVERYWHERE.get(config.host, config.host), config.port
        self._asked: socket.socket | None = None

    def came(self) -> bool:
        """Whether the web part has answered."""
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
        return bool(answer)

    def _ask(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=1)
        connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{self.address[1]}\r\nConnection: close\r\n\r\n".encode())
        connection.setblocking(False)
        return connection
