"""The settings, read once from the environment, typed; a bad value is refused with one sentence."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

MIN_SECRET_LENGTH = 32
LONGEST_SOCKET = 103
LEVELS = ("debug", "info", "warning", "error")
NEED_A_HOST = frozenset({"http", "https", "smtp", "smtps", "redis", "rediss"})
BLANK = re.compile(r"\s")
HOST_NAME = re.compile(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class ConfigError(Exception):
    """A setting is missing, bad or weak; the message says which one and what to set."""


def _setting(
    env: str, default: str, meaning: str, parse: Callable[[str], object] = str, *, secret: bool = False
) -> Any:
    return field(metadata={"env": env, "default": default, "meaning": meaning, "parse": parse, "secret": secret})


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("say 1 or 0")


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not (text.isdecimal() and low <= int(text) <= high):
            raise ValueError(f"give a whole number from {low} to {high}")
        return int(text)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"say {' or '.join(choices)}")
        return text.lower()

    return parse


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _file(text: str) -> Path | None:
    return _folder(text) if text else None


def _url(*schemes: str) -> Callable[[str], str]:
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


def _site(text: str) -> str:
    address = _url("http", "https")(text)
    if urlsplit(address).path.strip("/") or urlsplit(address).query or "#" in address:
        raise ValueError("give scheme, host and port alone, such as https://appeals.example.com")
    return address


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(word.strip() for word in text.split(",") if word.strip())
    if not all(HOST_NAME.fullmatch(name) for name in names):
        raise ValueError("give names such as appeals.example.com, without https:// and port, separated by commas")
    return names


def _sender(text: str) -> str:
    if not ADDRESS.fullmatch(parseaddr(text)[1]) or not text.isprintable():
        raise ValueError("give an address such as appeals@example.com")
    return text


@dataclass(frozen=True)
class Config:
    """Every setting of the portal; `from_environment` is the one way in."""

    data_dir: Path = _setting("DATA_DIR", "data", "Folder for the database, evidence, mails and sockets", _folder)
    host: str = _setting("HOST", "127.0.0.1", "Address the web server listens on")
    port: int = _setting("PORT", "8000", "Port the web server listens on", _number(1, 65535))
    public_url: str = _setting("PUBLIC_URL", "", "Address people open; default http://HOST:PORT", _site)
    hosts: tuple[str, ...] = _setting(
        "TRUSTED_HOSTS", "", "Host names answered besides that of PUBLIC_URL, comma separated", _hosts
    )
    secret_key: str = _setting("SECRET_KEY", "", "Signs cookies and links; at least 32 characters", secret=True)
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "postgresql://… to scale; default SQLite in DATA_DIR",
        _url("postgresql", "sqlite"),
        secret=True,
    )
    case_file_key: Path | None = _setting(
        "CASE_FILE_KEY",
        "",
        "PEM file with the Ed25519 key that signs case files; default case-file-key.pem in DATA_DIR, made when needed. "
        "Its public half lies beside it, named .pub.pem",
        _file,
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        "Redis or Valkey; default an embedded Valkey in DATA_DIR",
        _url("redis", "rediss", "unix"),
        secret=True,
    )
    demo: bool = _setting("DEMO", "0", "Demo data and demo people, with a banner; never in production", _flag)
    market: str = _setting("MARKET_NAME", "青禾集市", "Name of the marketplace, shown in the header")
    web_processes: int = _setting("WEB_PROCESSES", "2", "Web worker processes", _number(1, 64))
    web_threads: int = _setting("WEB_THREADS", "4", "Threads in each web process", _number(1, 64))
    workers: int = _setting("WORKERS", "1", "RQ worker processes", _number(1, 32))
    smtp_url: str = _setting(
        "SMTP_URL",
        "",
        "smtp://user:password@host:587 or smtps://…; default .eml files in DATA_DIR/mail",
        _url("smtp", "smtps"),
        secret=True,
    )
    mail_from: str = _setting("MAIL_FROM", "appeals@localhost", "Sender of the portal's mails", _sender)
    log_level: str = _setting("LOG_LEVEL", "info", "debug, info, warning or error", _one_of(*LEVELS))
    log_format: str = _setting("LOG_FORMAT", "text", "text for people, json for machines", _one_of("text", "json"))
    proxies: int = _setting("PROXIES", "0", "Reverse proxies in front whose X-Forwarded headers count", _number(0, 5))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read every setting; `ConfigError` names the first that is bad, and what to set instead."""
        values: dict[str, Any] = {}
        for f in fields(cls):
            text = environ.get(f.metadata["env"], "").strip() or f.metadata["default"]
            try:
                values[f.name] = f.metadata["parse"](text)
            except ValueError as why:
                said = "can't be used" if f.metadata["secret"] else f"is {text!r}"
                raise ConfigError(f"{f.metadata['env']} {said}: {why}.") from why
        return cls(**_with_secret(values))

    @property
    def url(self) -> str:
        """The address people open, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one given, with the driver named, else SQLite in the data folder."""
        if self.database_url.startswith("postgresql:"):
            return "postgresql+psycopg:" + self.database_url.removeprefix("postgresql:")
        return self.database_url or f"sqlite:///{self.data_dir / 'recourse.db'}"

    @property
    def redis(self) -> str:
        """The Redis URL: the one given, else the socket of the embedded Valkey."""
        return self.redis_url or f"unix://{quote(str(self.socket))}"

    @property
    def socket(self) -> Path:
        """The embedded Valkey's socket: in the data folder, or in a short one where that path is too long."""
        path = self.data_dir / "valkey.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET:
            return path
        mark = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"recourse-{os.getuid()}-{mark}" / "valkey.sock"

    @property
    def signing_key(self) -> Path:
        """Where the key that signs case files lies: the one given, else in the data folder."""
        return self.case_file_key or self.data_dir / "case-file-key.pem"

    @property
    def secure(self) -> bool:
        """Whether people come by https, so that cookies may be bound to it."""
        return self.url.startswith("https:")

    @property
    def trusted_hosts(self) -> list[str]:
        """The Host names that are answered; any other gets 400."""
        names = [urlsplit(self.url).hostname or "", "127.0.0.1", "localhost", *self.hosts]
        return [name for name in dict.fromkeys(names) if name]


def _with_secret(values: dict[str, Any]) -> dict[str, Any]:
    key = values["secret_key"]
    if key and len(key) < MIN_SECRET_LENGTH:
        raise ConfigError(f"SECRET_KEY is too short: give at least {MIN_SECRET_LENGTH} characters.")
    if key and len(set(key)) < 10:
        raise ConfigError("SECRET_KEY is too easy to guess: set it to the output of `openssl rand -hex 32`.")
    if not key and not values["demo"]:
        raise ConfigError("SECRET_KEY is missing: set it to the output of `openssl rand -hex 32`.")
    return values | {"secret_key": key or _demo_secret(values["data_dir"])}


def _demo_secret(folder: Path) -> str:
    """A secret for the demo, kept beside its data so that a restart signs nobody out."""
    path = folder / "demo-secret"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(32))
        except OSError as why:
            mend = "make it writable, or set DATA_DIR to another folder"
            raise ConfigError(f"DATA_DIR {folder} can't be written ({why.strerror}): {mend}.") from why
        return path.read_text()
    except OSError as why:
        raise ConfigError(f"DATA_DIR {folder} can't be read: {why.strerror}.") from why
