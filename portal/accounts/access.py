"""Who may: the guard of a blueprint, the one way to a shop's row, and what each route declares about it."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from flask import Blueprint, abort, current_app, has_request_context, request, url_for
from sqlalchemy import select

from portal import hx
from portal.accounts import queries, who
from portal.accounts.models import Shop
from portal.db import Model, session

Row = TypeVar("Row", bound=Model)
View = TypeVar("View", bound=Callable[..., Any])

GUARDED: dict[str, tuple[str, ...]] = {}
OPEN: set[str] = set()


def guard(bp: Blueprint, *roles: str) -> None:
    """Let only people with one of the roles into the blueprint, or everybody signed in if none is named.

    Signed out: 401; not one's role: 403. It is also the policy that tests/test_access.py holds every route of `bp` to.
    """
    GUARDED[bp.name] = roles
    bp.before_request(admit)


def public(view: View) -> View:
    """Declare a view as open to everybody."""
    vars(view)["public"] = True
    return view


def roles_of(endpoint: str) -> tuple[str, ...] | None:
    """The roles a route is for: empty if it is for everybody signed in, None if it declares nothing or is public."""
    return None if is_public(endpoint) else GUARDED.get(endpoint.rpartition(".")[0])


def is_open_to(endpoint: str, person_id: int) -> bool:
    """Whether somebody of the staff may use the route, by the roles that they hold now."""
    roles = roles_of(endpoint)
    if not roles:
        return True
    if has_request_context() and who.asking().id == person_id:
        return who.has_role(*roles)
    return any(person.id == person_id for person in queries.people_with(*roles))


def is_public(endpoint: str) -> bool:
    """Whether the route is open to everybody."""
    return endpoint in OPEN or getattr(current_app.view_functions.get(endpoint), "public", False)


def admit() -> None:
    """Turn away who may not use the present route; who opens the front door signed out is led to the sign-in page."""
    endpoint = request.endpoint or ""
    roles = roles_of(endpoint)
    if roles is None:
        return
    if not who.asking().id:
        abort(hx.go(url_for("security.login")) if (request.method, request.path) == ("GET", "/") else 401)
    if roles and not who.has_role(*roles):
        abort(403)


def recall() -> None:
    """Look again who is asking and whether they may, inside the unit of work."""
    who.recall()
    admit()


def mine(model: type[Row], ref: str) -> Row:
    """The row with this `ref` in the present shop; all else is one and the same 404.

    A row of another shop of one's own is not shown either: 409, and an offer to go there.
    """
    kind: Any = model
    here = who.asking()
    if here.shop is None:
        abort(404)
    row: Row | None = session().scalar(select(model).where(kind.ref == ref, kind.shop_id == here.shop.id))
    if row is not None:
        return row
    others = [shop.id for shop in here.shops if shop != here.shop]
    elsewhere = others and session().scalar(
        select(Shop).join(kind, kind.shop_id == Shop.id).where(kind.ref == ref, Shop.id.in_(others))
    )
    return _offer(elsewhere) if elsewhere else abort(404)


def _offer(shop: Shop) -> NoReturn:
    page = hx.render("accounts/other_shop.html", "accounts/_other_shop.html", status=409, there=shop)
    abort(hx.aside(page, "#notices"))
