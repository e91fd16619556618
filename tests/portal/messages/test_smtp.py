"""Mail by SMTP, against a server that can say no in every way."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import Portal
from portal.messages import ChannelError, Letter, Lines
from portal.messages.channels import smtp
from tests.conftest import a_config
from tests.make import NOON
from tests.portal.messages.mailserver import Mailbox, certified, mail_server

Send = Callable[[Letter], None]


@pytest.fixture
def server() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def send(sqlite_app: Portal, server: Mailbox) -> Iterator[Send]:
    """Sends by one line to that server."""
    folder = sqlite_app.extensions["recourse.config"].data_dir
    with Lines(a_config(folder, SMTP_URL=server.url)) as lines:
        yield lines.send


def a_letter(number: int = 1, address: str = "a@shops.example") -> Letter:
    words = {"subject": "申诉成立", "text": "处罚已撤销。\n.\n点", "html": "<p>处罚已撤销。</p>"}
    return Letter(number, "email", address, "zh", f"id-{number}@here.example", words, 1, 0, NOON, *[None] * 6)


def refusal(send: Send, letter: Letter) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        send(letter)
    return caught.value


def test_the_server_gets_the_mail_whole(send: Send, server: Mailbox):
    send(a_letter())
    [(address, mail)] = server.taken
    text, html = mail.iter_parts()
    assert (address, mail["To"], mail["Subject"]) == ("a@shops.example", "a@shops.example", "申诉成立")
    assert mail["Message-ID"] == "<id-1@here.example>"
    assert text.get_content().split() == ["处罚已撤销。", ".", "点"]
    assert html.get_content().strip() == "<p>处罚已撤销。</p>"


def test_a_batch_goes_through_one_connection(send: Send, server: Mailbox):
    for number in range(3):
        send(a_letter(number))
    assert (len(server.taken), server.connections) == (3, 1)


@pytest.mark.parametrize(
    ("verb", "answer", "permanent"),
    [
        ("a@shops.example", "550 no such user", True),
        ("a@shops.example", "450 greylisted", False),
        ("DATA", "554 spam", True),
        ("DATA", "451 later", False),
    ],
)
def test_what_is_refused_for_good_is_told_from_what_may_come_again(
    send: Send, server: Mailbox, verb: str, answer: str, permanent: bool
):
    server.says[verb] = answer
    why = refusal(send, a_letter())
    assert (str(why), why.permanent, why.down) == (answer, permanent, False)


def test_one_refused_address_costs_no_other_mail_of_the_batch(send: Send, server: Mailbox):
    server.says["b@shops.example"] = "550 no such user"
    send(a_letter(1))
    refusal(send, a_letter(2, "b@shops.example"))
    send(a_letter(3))
    assert [mail["Message-ID"] for _, mail in server.taken] == ["<id-1@here.example>", "<id-3@here.example>"]


@pytest.mark.parametrize("answer", ["535 wrong password", "550 not for you", "421 closing"])
def test_a_server_that_refuses_us_bounces_nobodys_mail(send: Send, server: Mailbox, answer: str):
    server.says["MAIL"] = answer
    why = refusal(send, a_letter())
    assert (why.permanent, why.down) == (False, True)


def test_a_server_that_is_down_is_asked_once_per_batch(sqlite_app: Portal):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    folder = sqlite_app.extensions["recourse.config"].data_dir
    with Lines(a_config(folder, SMTP_URL=f"smtp://127.0.0.1:{port}")) as lines:
        first, second = refusal(lines.send, a_letter(1)), refusal(lines.send, a_letter(2))
    assert first is second
    assert (first.permanent, first.down) == (False, True)


def test_a_connection_the_server_ended_meanwhile_is_opened_anew(send: Send, server: Mailbox):
    send(a_letter(1))
    server.drops.append("MAIL")
    send(a_letter(2))
    assert (len(server.taken), server.connections) == (2, 2)


def test_a_mail_whose_answer_got_lost_comes_again_under_the_same_id(send: Send, server: Mailbox):
    send(a_letter(1))
    server.drops.append("DATA")
    send(a_letter(2))
    assert [mail["Message-ID"] for _, mail in server.taken][1:] == ["<id-2@here.example>"] * 2


def test_an_address_the_server_can_not_write_bounces(send: Send, server: Mailbox):
    assert refusal(send, a_letter(1, "店铺@shops.example")).permanent
    assert server.taken == []


@pytest.mark.parametrize("trusted", [True, False])
def test_a_server_behind_tls_is_used_only_if_its_certificate_is_trusted(
    sqlite_app: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
):
    context, certificate = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) if trusted else "/dev/null")
    folder = sqlite_app.extensions["recourse.config"].data_dir
    with mail_server(context) as server, Lines(a_config(folder, SMTP_URL=f"smtps://127.0.0.1:{server.port}")) as lines:
        if trusted:
            lines.send(a_letter())
        else:
            assert refusal(lines.send, a_letter()).down
    assert len(server.taken) == trusted


def test_a_password_is_not_sent_in_the_clear_over_a_network(
    sqlite_app: Portal, server: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(smtp, "HERE", frozenset())
    folder = sqlite_app.extensions["recourse.config"].data_dir
    with Lines(a_config(folder, SMTP_URL=f"smtp://me:secret@127.0.0.1:{server.port}")) as lines:
        assert "offers no TLS" in str(refusal(lines.send, a_letter()))


def test_a_password_may_go_in_the_clear_to_this_machine(sqlite_app: Portal, server: Mailbox):
    server.offers = ("AUTH PLAIN",)
    folder = sqlite_app.extensions["recourse.config"].data_dir
    with Lines(a_config(folder, SMTP_URL=f"smtp://me:p%40ss@127.0.0.1:{server.port}")) as lines:
        lines.send(a_letter())
    assert server.signed_in == ["AUTH PLAIN AG1lAHBAc3M="]
