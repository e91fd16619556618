"""What a mail says: subject, text and HTML, in the language and zone of who gets it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from portal.config import Config
from portal.messages import kinds
from portal.messages.outbox import Letter
from portal.reader import reading_as

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


@dataclass(frozen=True)
class Words:
    """The words of one mail; `html` may be missing."""

    subject: str
    text: str
    html: str | None


def words_of(letter: Letter, config: Config) -> Words:
    """The letter's own words, or those of its notice, with a link to the case; needs an app context and no request."""
    if letter.template is None:
        payload = letter.payload or {}
        return Words(payload["subject"], payload["text"], payload.get("html"))
    with reading_as(LOCALES.get(letter.locale, LOCALES["zh"]), letter.zone):
        says = _said(letter, letter.template, config)
        text, html = (
            current_app.jinja_env.get_template(f"messages/mail.{kind}").render(says) for kind in ("txt", "html")
        )
    return Words(says["title"], text, html)


def _said(letter: Letter, template: str, config: Config) -> dict[str, Any]:
    kind = kinds.kind_of(template, letter.category or "system")
    params = letter.params or {}
    return {
        "title": kind.filled(kind.title, params),
        "body": kind.filled(kind.body, params),
        "action": kind.filled(kind.action, params),
        "link": _link(letter, config),
        "case_ref": letter.case_ref,
        "locale": letter.locale,
        "market": config.market,
        "url": config.url,
    }


def _link(letter: Letter, config: Config) -> str:
    """The page of the case, or the portal's first one."""
    endpoint = kinds.endpoint_of(letter.case_type, staff=not (letter.recipient or "").startswith("shop:"))
    if endpoint is None:
        return config.url
    here = urlsplit(config.url)
    urls = current_app.url_map.bind(here.netloc, script_name=here.path or "/", url_scheme=here.scheme)
    return urls.build(endpoint, {"ref": letter.case_ref}, force_external=True)
