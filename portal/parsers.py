"""What the text of a setting may be: each gives its value, or raises `ValueError` that says what to write instead."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

NEED_A_HOST = frozenset({"http", "https", "smtp", "smtps", "redis", "rediss"})
BLANK = re.compile(r"\s")
HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class Numbered(str):
    """An IPv6 host in brackets; Werkzeug cuts each trusted name at its first colon, which would leave nothing of it."""

    __slots__ = ()

    def partition(self, sep: str) -> tuple[str, str, str]:
        """All of it."""
        return self, "", ""


def flag(text: str) -> bool:
    """Yes or no, in the words people use."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("say 1 or 0")


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between these two, both included."""

    def parse(text: str) -> int:
        if not (text.isdecimal() and len(text) < 10 and low <= int(text) <= high):
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(text)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"say {' or '.join(choices)}")
        return text.lower()

    return parse


def folder(text: str) -> Path:
    """A path, made absolute; it need not be there."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as why:
        raise ValueError("there is no such user; write the path from / on") from why


def file(text: str) -> Path | None:
    """The same, or none."""
    return folder(text) if text else None


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of these schemes; its parts are never repeated to whoever reads why it is refused."""

    def parse(text: str) -> str:
        if not text:
            return text
        if text.partition(":")[0].lower() not in schemes:
            raise ValueError(f"start it with {' or '.join(f'{s}:' for s in schemes)}")
        try:
            parts = urlsplit(text)
            complete = parts.netloc if parts.scheme in NEED_A_HOST else text.startswith(f"{parts.scheme}://")
            if complete and parts.port != 0 and not BLANK.search(text):
                return text
        except ValueError:
            pass
        raise ValueError("write it as scheme://host:port, and a sign such as @ or : in a password as %40 or %3A")

    return parse


def database(text: str) -> str:
    """The address of a database that every process finds."""
    address = url("postgresql", "sqlite")(text)
    path = address.partition("?")[0].removeprefix("sqlite:///")
    nameless = path in {"", "sqlite://"} or ":memory:" in address or "mode=memory" in address
    if address.startswith("sqlite:") and nameless:
        raise ValueError(
            "a database in memory is another one for each process: name a file, sqlite:////srv/recourse.db"
        )
    return address


def host(text: str) -> str:
    """A name or number to listen on; an IPv6 one without the brackets it has in an address."""
    name = text.strip("[]")
    if name.startswith(".") or not HOST_NAME.fullmatch(in_address(name)):
        raise ValueError("give one address of this machine, such as 127.0.0.1, 0.0.0.0 or ::1")
    return name


def in_address(host: str) -> str:
    """The host as it stands in an address and in a Host header."""
    return Numbered(f"[{host}]") if ":" in host else host


def site(text: str) -> str:
    """An address of a whole site."""
    address = url("http", "https")(text)
    if urlsplit(address).path.strip("/") or urlsplit(address).query or "#" in address:
        raise ValueError("give scheme, host and port alone, such as https://appeals.example.com")
    return address


def hosts(text: str) -> tuple[str, ...]:
    """Names of hosts; one that begins with a dot means all below it."""
    names = tuple(word.strip() for word in text.split(",") if word.strip())
    if not all(HOST_NAME.fullmatch(name) for name in names):
        raise ValueError("give names such as appeals.example.com, without https:// and port, separated by commas")
    return tuple(in_address(name.strip("[]")) for name in names)


def sender(text: str) -> str:
    """A mail address, with a name or without."""
    if not ADDRESS.fullmatch(parseaddr(text)[1]) or not text.isprintable():
        raise ValueError("give an address such as appeals@example.com")
    return text
