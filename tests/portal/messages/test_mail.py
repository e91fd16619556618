"""What a mail says and how it is made: both languages, both bodies, nothing that could break out."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
from flask import g
from flask_babel import gettext

from portal import Portal, messages
from portal.accounts.models import Shop
from portal.db import unit_of_work
from portal.messages import ChannelError, Letter, Lines, claim, outbox
from portal.messages.channels.email import compose, one_line
from tests import make
from tests.make import NOON
from tests.portal.messages.arrange import mails

PARAMS = {"rule_zh": "虚假发货", "rule_en": "False <b>shipping</b>", "count": 2, "amount_minor": 240000, "due_at": NOON}
HOSTILE = "a\r\nBcc: all@shops.example\r\n\r\n<script>\u2028\u202e\x00b"


def a_letter(app: Portal, locale: str = "zh", **params: object) -> Letter:
    with unit_of_work():
        shop = make.a_shop(locale=locale)
        to = messages.to_shop(shop)
        messages.tell("e", to=to, kind="test.rich", params=PARAMS | params, at=NOON)
    return claim(NOON, 1)[0]


def composed(app: Portal, letter: Letter) -> EmailMessage:
    """The mail as it comes out of the wire again."""
    made = compose(letter, app.extensions["recourse.config"])
    return message_from_bytes(bytes(made), policy=policy.SMTP)  # type: ignore[return-value]


def test_a_mail_has_a_chinese_subject_and_both_bodies(sqlite_app: Portal):
    mail = composed(sqlite_app, a_letter(sqlite_app))
    text, html = mail.iter_parts()
    assert (mail["Subject"], mail["Content-Language"], mail.get_content_type()) == (
        "处罚 虚假发货", "zh-CN", "multipart/alternative",
    )  # fmt: skip
    assert "¥2,400.00" in text.get_content()
    assert "http://127.0.0.1:8000" in text.get_content()
    assert '<html lang="zh-CN">' in html.get_content()
    assert '<a href="http://127.0.0.1:8000"' in html.get_content()


def test_both_bodies_say_the_same_and_fetch_nothing(sqlite_app: Portal):
    mail = composed(sqlite_app, a_letter(sqlite_app, "en"))
    text, html = (part.get_content() for part in mail.iter_parts())
    assert text.startswith("处罚 False <b>shipping</b>\r\n")
    shown = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)))
    for said in (
        "处罚 False <b>shipping</b>", "2 things CN¥2,400.00 2 March 2026 12:00", "去申诉", "http://127.0.0.1:8000",
        "All times are Beijing time (UTC+8)", "stands in your message box", "青禾集市",
    ):  # fmt: skip
        assert said in text
        assert said in shown
    assert set(re.findall(r"(?:src|href)=\"([^\"]*)\"", html)) == {"http://127.0.0.1:8000"}
    assert not re.search(r"<(?:img|link|script|style|iframe|form)\b|url\(|@import", html)


def test_the_reader_gets_it_in_his_language(sqlite_app: Portal):
    mail = composed(sqlite_app, a_letter(sqlite_app, "en"))
    assert mail["Subject"] == "处罚 False <b>shipping</b>"
    assert "2 things CN¥2,400.00 2 March 2026 12:00" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Beijing time" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_times_are_those_of_the_shop_and_the_mail_says_which(sqlite_app: Portal):
    letter = a_letter(sqlite_app, "en")
    with unit_of_work() as current:
        current.query(Shop).update({"zone": "Europe/Berlin"})
    text = composed(sqlite_app, claim(NOON + outbox.LEASE, 1)[0]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "2 March 2026 05:00" in text
    assert "Central European Time (Europe/Berlin)" in text
    text = composed(sqlite_app, letter).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "2 March 2026 12:00" in text


def test_hostile_words_are_just_words(sqlite_app: Portal):
    mail = composed(sqlite_app, a_letter(sqlite_app, rule_zh=HOSTILE))
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject")) == 1  # type: ignore[arg-type]
    assert mail["Subject"] == "处罚 a Bcc: all@shops.example <script> b"
    assert "<script>" not in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "&lt;script&gt;" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_very_long_subject_is_cut(sqlite_app: Portal):
    assert len(composed(sqlite_app, a_letter(sqlite_app, rule_zh="长" * 5000))["Subject"]) == 200


@pytest.mark.parametrize("address", ["a@b\r\nBcc: c@d", "no address", "", "a@b, c@d", "<a@b>"])
def test_an_address_that_is_none_bounces(sqlite_app: Portal, address: str):
    letter = a_letter(sqlite_app)._replace(address=address)
    with pytest.raises(ChannelError) as caught:
        compose(letter, sqlite_app.extensions["recourse.config"])
    assert caught.value.permanent
    assert "\n" not in str(caught.value)


def test_a_mail_names_the_market_as_its_sender_and_answers_nobody(sqlite_app: Portal):
    mail = composed(sqlite_app, a_letter(sqlite_app))
    assert mail["From"] == "青禾集市 <appeals@localhost>"
    assert mail["Auto-Submitted"] == "auto-generated"


def test_one_line_leaves_nothing_that_ends_a_header():
    assert one_line(HOSTILE) == "a Bcc: all@shops.example <script> b"


def test_without_a_server_a_mail_is_a_file_that_a_second_sending_replaces(sqlite_app: Portal, tmp_path: Path):
    config, letter = replace(sqlite_app.extensions["recourse.config"], data_dir=tmp_path), a_letter(sqlite_app)
    config.mail_folder.mkdir()
    (killed := config.mail_folder / f".20260302T040000Z-{letter.message_id}.part").write_bytes(b"cut short by a kill")
    with Lines(config) as lines:
        lines.send(letter)
        lines.send(letter)
    [file] = config.mail_folder.iterdir()
    assert not killed.exists()
    assert file.name == f"20260302T040000Z-{letter.message_id}.eml"
    assert message_from_bytes(file.read_bytes())["Message-ID"] == f"<{letter.message_id}>"


def test_the_mails_of_sign_in_go_through_the_outbox(sqlite_app: Portal):
    with sqlite_app.test_request_context("/", headers={"Accept-Language": "en"}):
        g.arrived_at = NOON
        with unit_of_work():
            messages.OutboxMailUtil(sqlite_app).send_mail(
                "reset", gettext("Messages"), ("A", "a@people.example"), "x@y", "text", "<p>html</p>", user=None
            )
    [mail] = mails()
    assert (mail.address, mail.locale, mail.notice_id) == ("a@people.example", "en", None)
    assert mail.payload == {"subject": "Messages", "text": "text", "html": "<p>html</p>"}
    sent = composed(sqlite_app, claim(mail.next_at, 1)[0])
    assert (sent["Subject"], sent["To"]) == ("Messages", "a@people.example")
