"""A bad or weak setting is one sentence that says what to set."""

import errno
import os
from pathlib import Path

import pytest
from werkzeug.sansio.utils import host_is_trusted

from portal.config import Config, ConfigError

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz"


def config(**settings: str) -> Config:
    """The settings with a strong secret."""
    return Config.from_environment({"SECRET_KEY": STRONG, **settings})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("WEB_PROCESSES", "-1"),
        ("DEMO", "maybe"),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "http://x"),
        ("PUBLIC_URL", "ftp://x"),
        ("PUBLIC_URL", "https:"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://a b"),
        ("PUBLIC_URL", "https://a.example/appeals"),
        ("PUBLIC_URL", "https://a.example?x"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "http://a.example:99999"),
        ("TRUSTED_HOSTS", "https://a.example"),
        ("TRUSTED_HOSTS", "a.example, *"),
        ("TRUSTED_HOSTS", "a.example:8000"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example:abc"),
        ("MAIL_FROM", "appeals"),
        ("MAIL_FROM", "appeals@example.com\nBcc: x@example.com"),
        ("REDIS_URL", "redis:"),
        ("REDIS_URL", "redis://h:0"),
        ("DATABASE_URL", "postgresql:appeals"),
        ("DATABASE_URL", "postgresql://h:abc/appeals"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
        ("SECRET_KEY", "0123456789" * 4),
        ("SECRET_KEY", "your-secret-key-here-please-change-it"),
        ("PORT", "9" * 5000),
        ("HOST", "a b"),
        ("HOST", "http://a.example"),
        ("DATA_DIR", "~nobody-of-this-name/x"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///file:x?mode=memory&uri=true"),
    ],
)
def test_a_bad_value_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config(**{name: value})


def test_an_address_of_numbers_stands_in_brackets_where_a_port_follows() -> None:
    for host in ("::1", "[::1]"):
        six = config(HOST=host)
        assert (six.host, six.url) == ("::1", "http://[::1]:8000")
        assert host_is_trusted("[::1]:8000", six.trusted_hosts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST", "0.0.0.0"),
        ("HOST", "appeals-1.example"),
        ("PUBLIC_URL", "https://appeals.example:8443/"),
        ("TRUSTED_HOSTS", "a.example, .b.example, 10.0.0.7, [::1], localhost"),
        ("SMTP_URL", "smtps://me:p%40ss@mail.example:465"),
        ("MAIL_FROM", "申诉中心 <appeals@example.com>"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("REDIS_URL", "rediss://:secret@redis.example:6380/1"),
        ("DATABASE_URL", "postgresql:///appeals?host=/run/postgresql"),
        ("DATABASE_URL", "sqlite:////srv/appeals.db"),
    ],
)
def test_what_people_set_is_taken(name: str, value: str) -> None:
    usual, taken = vars(config()), vars(config(**{name: value}))
    assert [key for key in taken if taken[key] != usual[key]]


@pytest.mark.parametrize("name", ["SMTP_URL", "REDIS_URL", "DATABASE_URL"])
@pytest.mark.parametrize("value", ["http://me:hunter2@h", "smtp://me:hunter2:x@h:y", "redis://me:hunter2", "hunter2"])
def test_a_refused_secret_is_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name) as why:
        config(**{name: value})
    assert "hunter2" not in str(why.value)


def test_without_a_secret_it_does_not_start() -> None:
    with pytest.raises(ConfigError, match="openssl rand"):
        Config.from_environment({})


def test_the_demo_makes_a_secret_and_keeps_it(tmp_path: Path) -> None:
    first = demo(tmp_path / "data").secret_key
    assert first == demo(tmp_path / "data").secret_key
    assert len(first) >= 32
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["demo-secret"]


def test_a_secret_that_a_full_disk_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "demo-secret").touch()
    assert len(demo(tmp_path).secret_key) >= 32
    assert (tmp_path / "demo-secret").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_no_secret_behind_and_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(ConfigError, match="is full: free some space"):
        _ = demo(tmp_path).secret_key
    assert list(tmp_path.iterdir()) == []


def test_reading_the_settings_touches_no_disk(tmp_path: Path) -> None:
    demo(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def demo(folder: Path) -> Config:
    """The settings of a demo without a secret."""
    return Config.from_environment({"DEMO": "1", "DATA_DIR": str(folder)})


def test_sqlite_is_the_default_and_postgresql_names_its_driver(tmp_path: Path) -> None:
    assert config(DATA_DIR=str(tmp_path)).database == f"sqlite:///{tmp_path}/recourse.db"
    assert config(DATABASE_URL="postgresql://u@h/d").database == "postgresql+psycopg://u@h/d"


def test_hosts_are_those_of_the_address_and_those_named() -> None:
    hosts = config(PUBLIC_URL="https://appeals.example", TRUSTED_HOSTS="a.example, b.example").trusted_hosts
    assert {"appeals.example", "a.example", "b.example"} <= set(hosts)
    assert config(PUBLIC_URL="https://appeals.example").secure
