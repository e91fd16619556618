"""What a mail says: subject, text and HTML, in the language and zone of who gets it.

Whatever it is, it says the same in both: a mail program chooses which of them to show.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal import accounts
from portal.config import Config
from portal.messages import kinds
from portal.messages.outbox import Letter
from portal.messages.queries import Recipient
from portal.reader import reading_as

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@dataclass(frozen=True)
class Words:
    """The words of one mail."""

    subject: str
    text: str
    html: str


def words_of(letter: Letter, config: Config) -> Words:
    """The letter's own words, or those of its notice, with a link to the case; needs an app context and no request."""
    if letter.template is None:
        payload = letter.payload or {}
        return Words(payload["subject"], payload["text"], payload["html"])
    with reading_as(LOCALES.get(letter.locale, LOCALES["zh"]), _zone(letter)):
        says = _said(letter, letter.template, config)
        text, html = (
            current_app.jinja_env.get_template(f"messages/mail.{kind}").render(says) for kind in ("txt", "html")
        )
    return Words(says["title"], text, html)


def _zone(letter: Letter) -> str:
    """The zone of the shop whose notice it is, or whose case a guest is in."""
    return str((letter.payload or {}).get("zone", letter.zone))


def _said(letter: Letter, template: str, config: Config) -> dict[str, Any]:
    kind = kinds.kind_of(template, letter.category or "system")
    params = letter.params or {}
    return {
        "title": kind.filled(kind.title, params),
        "body": kind.filled(kind.body, params),
        "action": kind.filled(kind.action, params),
        "link": _link(letter, config),
        "case_ref": letter.case_ref,
        "to_guest": Recipient(letter.recipient or "").is_guest,
        "locale": letter.locale,
        "market": config.market,
        "url": config.url,
    }


def _link(letter: Letter, config: Config) -> str:
    """The page of the case, or the portal's first one."""
    to = Recipient(letter.recipient or "")
    endpoint, there = _way_in(letter) if to.is_guest else _page(letter, to)
    if not endpoint:
        return config.url
    here = urlsplit(config.url)
    urls = current_app.url_map.bind(here.netloc, script_name=here.path or "/", url_scheme=here.scheme)
    return urls.build(endpoint, there, force_external=True)


def _page(letter: Letter, to: Recipient) -> tuple[str | None, dict[str, str]]:
    return kinds.endpoint_of(letter.case_type, to), {"ref": letter.case_ref or ""}


def _way_in(letter: Letter) -> tuple[str, dict[str, str]]:
    """A guest's own link, made anew from the number of its row: the same for each try to send this mail."""
    token = accounts.links.token((letter.payload or {})["link"], current_app.config["SECRET_KEY"])
    return kinds.FOR_GUESTS[letter.case_type or ""], {"token": token}
