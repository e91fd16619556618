"""A bad or weak setting is one sentence that says what to set."""

from pathlib import Path

import pytest

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
        ("SMTP_URL", "mail.example"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 40),
    ],
)
def test_a_bad_value_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config(**{name: value})


def test_without_a_secret_it_does_not_start() -> None:
    with pytest.raises(ConfigError, match="openssl rand"):
        Config.from_environment({})


def test_the_demo_makes_a_secret_and_keeps_it(tmp_path: Path) -> None:
    first = Config.from_environment({"DEMO": "1", "DATA_DIR": str(tmp_path)})
    assert first.secret_key == Config.from_environment({"DEMO": "1", "DATA_DIR": str(tmp_path)}).secret_key
    assert len(first.secret_key) >= 32


def test_sqlite_is_the_default_and_postgresql_names_its_driver(tmp_path: Path) -> None:
    assert config(DATA_DIR=str(tmp_path)).database == f"sqlite:///{tmp_path}/recourse.db"
    assert config(DATABASE_URL="postgresql://u@h/d").database == "postgresql+psycopg://u@h/d"


def test_hosts_are_those_of_the_address_and_those_named() -> None:
    hosts = config(PUBLIC_URL="https://appeals.example", TRUSTED_HOSTS="a.example, b.example").trusted_hosts
    assert {"appeals.example", "a.example", "b.example"} <= set(hosts)
    assert config(PUBLIC_URL="https://appeals.example").secure
