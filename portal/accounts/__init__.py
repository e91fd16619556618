"""Who is asking: people, shops, memberships, browser sessions, sign-in and access rules."""

from flask import Flask
from flask_security import MailUtil

from portal.accounts import actions, cookies, limits, links, navigation, routes, signin, views, words
from portal.accounts.access import guard, is_open_to, is_public, mine, public, recall, roles_of
from portal.accounts.models import Person, Shop
from portal.accounts.queries import by_email, everybody, leads, members, people_with, shop_called
from portal.accounts.sessions import forget_ended, passive
from portal.accounts.who import (
    DEFAULT_ZONE,
    ThisShop,
    actor,
    asking,
    has_role,
    is_fresh,
    is_staff,
    locale,
    may,
    me,
    present_shop,
    shop,
    zone,
)

__all__ = [
    "DEFAULT_ZONE",
    "Person",
    "Shop",
    "ThisShop",
    "actions",
    "actor",
    "asking",
    "by_email",
    "everybody",
    "forget_ended",
    "guard",
    "has_role",
    "init_app",
    "is_fresh",
    "is_open_to",
    "is_public",
    "is_staff",
    "leads",
    "links",
    "locale",
    "may",
    "me",
    "members",
    "mine",
    "navigation",
    "passive",
    "people_with",
    "present_shop",
    "public",
    "recall",
    "roles_of",
    "shop",
    "shop_called",
    "zone",
]


def init_app(app: Flask, mail: type[MailUtil] = MailUtil) -> None:
    """Set up sessions, sign-in and the pages of one's own account; `mail` is how Security's mails go out."""
    words.init_app()
    cookies.init_app(app)
    signin.init_app(app, mail)
    limits.init_app(app)
    app.register_blueprint(routes.blueprint())
    views.init_app(app)
