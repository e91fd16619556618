"""What is answered when something can't be done: what a program needs to know, and words that are true."""

from types import SimpleNamespace

import pytest
from sqlalchemy.exc import OperationalError

from portal import Portal
from tests import make


def test_a_method_that_is_not_there_is_told_which_are(sqlite_app: Portal) -> None:
    answer = sqlite_app.test_client().delete("/sign-in")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    ("why", "says"),
    [
        (Exception("database is locked"), "现在使用的人很多"),
        (Exception("database or disk is full"), "服务器的存储空间已满"),
        (SimpleNamespace(sqlstate="53100"), "服务器的存储空间已满"),
    ],
)
def test_a_full_disk_is_not_called_a_crowd(
    sqlite_app: Portal, monkeypatch: pytest.MonkeyPatch, why: BaseException, says: str
) -> None:
    def fail() -> str:
        raise OperationalError("INSERT", {}, why)

    monkeypatch.setitem(sqlite_app.view_functions, "security.login", fail)
    answer = make.a_browser(sqlite_app).get("/sign-in")
    assert (answer.status_code, says in answer.text) == (503, True)
    assert int(answer.headers["Retry-After"]) > 0
