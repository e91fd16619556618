"""The settings, read once from the environment, typed; a bad value is refused with one sentence."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote, urlsplit

from portal import parsers
from portal.folder import demo_secret, unwritable

MIN_SECRET_LENGTH = 32
WELL_KNOWN = re.compile(r"change.?(me|it|this)|your.?secret|secret.?key|password")
"""What stands in examples."""
LONGEST_SOCKET = 103
LEVELS = ("debug", "info", "warning", "error")


class ConfigError(Exception):
    """A setting is missing, bad or weak; the message says which one and what to set."""


def _setting(
    env: str, default: str, meaning: str, parse: Callable[[str], object] = str, *, secret: bool = False
) -> Any:
    return field(metadata={"env": env, "default": default, "meaning": meaning, "parse": parse, "secret": secret})


@dataclass(frozen=True)
class Config:
    """Every setting of the portal; `from_environment` is the one way in."""

    data_dir: Path = _setting(
        "DATA_DIR", "data", "Folder for the database, evidence, mails and sockets", parsers.folder
    )
    host: str = _setting("HOST", "127.0.0.1", "Address the web server listens on", parsers.host)
    port: int = _setting("PORT", "8000", "Port the web server listens on", parsers.number(1, 65535))
    public_url: str = _setting("PUBLIC_URL", "", "Address people open; default http://HOST:PORT", parsers.site)
    hosts: tuple[str, ...] = _setting(
        "TRUSTED_HOSTS", "", "Host names answered besides that of PUBLIC_URL, comma separated", parsers.hosts
    )
    secret: str = _setting("SECRET_KEY", "", "Signs cookies and links; at least 32 characters", secret=True)
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "postgresql://… to scale; default SQLite in DATA_DIR",
        parsers.database,
        secret=True,
    )
    case_file_key: Path | None = _setting(
        "CASE_FILE_KEY",
        "",
        "PEM file with the Ed25519 key that signs case files; default case-file-key.pem in DATA_DIR, made when needed. "
        "Its public half lies beside it, named .pub.pem",
        parsers.file,
    )
    redis_url: str = _setting(
        "REDIS_URL",
        "",
        "Redis or Valkey; default an embedded Valkey in DATA_DIR",
        parsers.url("redis", "rediss", "unix"),
        secret=True,
    )
    demo: bool = _setting("DEMO", "0", "Demo data and demo people, with a banner; never in production", parsers.flag)
    market: str = _setting("MARKET_NAME", "青禾集市", "Name of the marketplace, shown in the header")
    web_processes: int = _setting("WEB_PROCESSES", "2", "Web worker processes", parsers.number(1, 64))
    web_threads: int = _setting("WEB_THREADS", "4", "Threads in each web process", parsers.number(1, 64))
    workers: int = _setting("WORKERS", "1", "RQ worker processes", parsers.number(1, 32))
    smtp_url: str = _setting(
        "SMTP_URL",
        "",
        "smtp://user:password@host:587 or smtps://…; default .eml files in DATA_DIR/mail",
        parsers.url("smtp", "smtps"),
        secret=True,
    )
    mail_from: str = _setting("MAIL_FROM", "appeals@localhost", "Sender of the portal's mails", parsers.sender)
    log_level: str = _setting("LOG_LEVEL", "info", "debug, info, warning or error", parsers.one_of(*LEVELS))
    log_format: str = _setting(
        "LOG_FORMAT", "text", "text for people, json for machines", parsers.one_of("text", "json")
    )
    proxies: int = _setting(
        "PROXIES", "0", "Reverse proxies in front whose X-Forwarded headers count", parsers.number(0, 5)
    )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read every setting; `ConfigError` names the first that is bad, and what to set instead."""
        values: dict[str, Any] = {}
        for f in fields(cls):
            text = environ.get(f.metadata["env"], "").strip() or f.metadata["default"]
            try:
                values[f.name] = f.metadata["parse"](text)
            except ValueError as why:
                said = "can't be used" if f.metadata["secret"] else f"is {text[:80]!r}"
                raise ConfigError(f"{f.metadata['env']} {said}: {why}.") from why
        _require_a_secret(values["secret"], demo=values["demo"])
        return cls(**values)

    @property
    def secret_key(self) -> str:
        """The secret given, else the demo's own, made when it is first asked for; raises `ConfigError`."""
        try:
            return self.secret or demo_secret(self.data_dir)
        except OSError as why:
            raise ConfigError(unwritable(self.data_dir, why)) from why

    @property
    def url(self) -> str:
        """The address people open, without a slash at the end."""
        return (self.public_url or f"http://{parsers.in_address(self.host)}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The SQLAlchemy URL: the one given, with the driver named, else SQLite in the data folder."""
        if self.database_url.startswith("postgresql:"):
            return "postgresql+psycopg:" + self.database_url.removeprefix("postgresql:")
        return self.database_url or self._file()

    def _file(self) -> str:
        path = str(self.data_dir / "recourse.db")
        return "sqlite:///" + path.replace("%", "%25").replace("?", "%3F")

    @property
    def redis(self) -> str:
        """The Redis URL: the one given, else the socket of the embedded Valkey."""
        return self.redis_url or f"unix://{quote(str(self.socket))}"

    @property
    def socket(self) -> Path:
        """The embedded Valkey's socket: in the data folder, or in one with a short and plain path.

        What Valkey says of a connection is read by its spaces, and the socket's path is part of it.
        """
        path = self.data_dir / "valkey.sock"
        if len(os.fsencode(path)) <= LONGEST_SOCKET and not re.search(r"\s", str(path)):
            return path
        mark = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"recourse-{os.getuid()}-{mark}" / "valkey.sock"

    @property
    def mail_folder(self) -> Path:
        """Where mails lie as .eml files while there is no mail server."""
        return self.data_dir / "mail"

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
        names = [parsers.in_address(urlsplit(self.url).hostname or ""), "127.0.0.1", "localhost", *self.hosts]
        return [name for name in dict.fromkeys(names) if name]


def _require_a_secret(key: str, *, demo: bool) -> None:
    if key and len(key) < MIN_SECRET_LENGTH:
        raise ConfigError(f"SECRET_KEY is too short: give at least {MIN_SECRET_LENGTH} characters.")
    if key and (len(set(key)) < 10 or key in (key + key)[1:-1] or WELL_KNOWN.search(key.casefold())):
        raise ConfigError("SECRET_KEY is too easy to guess: set it to the output of `openssl rand -hex 32`.")
    if not key and not demo:
        raise ConfigError("SECRET_KEY is missing: set it to the output of `openssl rand -hex 32`.")
