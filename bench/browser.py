"""A browser that costs next to nothing: keeps its connections, asks, reads the whole answer."""

import socket
import time
from dataclasses import dataclass

BODILESS = (204, 304)


@dataclass(frozen=True)
class Visit:
    """One page of one person, as htmx or as a browser."""

    path: str
    token: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def request(self) -> bytes:
        """What is sent."""
        headers = {"Host": "127.0.0.1", "Accept-Encoding": "br", "Accept-Language": "zh-CN", **dict(self.headers)}
        if self.token:
            headers["Cookie"] = f"session=~{self.token}"
        lines = [f"GET {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode()


class HungUp(Exception):
    """The server closed the connection, as it does with one that was idle for a while."""


class Browser:
    """Several connections to one server, used in turn, so that each of its processes has its share."""

    def __init__(self, port: int, connections: int = 4) -> None:
        self.port = port
        self.open = [self._connect() for _ in range(connections)]
        self.turn = 0

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), 30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def ask(self, request: bytes) -> tuple[int, int, float]:
        """Status, length of the body as sent, and seconds."""
        self.turn = (self.turn + 1) % len(self.open)
        try:
            return _ask(self.open[self.turn], request)
        except (HungUp, BrokenPipeError, ConnectionResetError):
            self.open[self.turn].close()
            self.open[self.turn] = self._connect()
            return _ask(self.open[self.turn], request)

    def close(self) -> None:
        """Hang up."""
        for connection in self.open:
            connection.close()


def _ask(connection: socket.socket, request: bytes) -> tuple[int, int, float]:
    began = time.perf_counter()
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    status, length, got = int(head[9:12]), _length(head), len(body)
    while got < length and status not in BODILESS:
        got += len(_more(connection))
    return status, got, time.perf_counter() - began


def _more(connection: socket.socket) -> bytes:
    some = connection.recv(65536)
    if not some:
        raise HungUp
    return some


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    return 0
