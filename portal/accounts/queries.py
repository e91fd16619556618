"""Which people."""

from sqlalchemy import ColumnElement, or_, select

from portal import clock
from portal.accounts.models import Membership, Person, Shop
from portal.db import session


def people_with(*roles: str) -> list[Person]:
    """The active people who hold one of the roles now, in the order they came."""
    return _people(Membership.role.in_(roles))


def leads() -> list[Person]:
    """Who is told of what is late: the leads; where there is none, the admins, so that somebody is."""
    return people_with("lead") or people_with("admin")


def members(shop_id: int) -> list[Person]:
    """The active people of a shop now."""
    return _people(Membership.shop_id == shop_id)


def by_email(email: str) -> Person | None:
    """The person with this address, whatever its case."""
    return session().scalar(select(Person).where(Person.email == email.strip().casefold()))


def shop_called(word: str) -> Shop | None:
    """The shop with this reference or external number."""
    return session().scalar(select(Shop).where(or_(Shop.ref == word, Shop.external_id == word)))


def everybody() -> list[Person]:
    """All people, disabled ones too."""
    return list(session().scalars(select(Person).order_by(Person.id)))


def _people(which: ColumnElement[bool]) -> list[Person]:
    at = clock.now()
    in_force = (Membership.valid_from <= at) & or_(Membership.valid_to.is_(None), Membership.valid_to > at)
    ids = select(Membership.person_id).where(which, in_force)
    return list(session().scalars(select(Person).where(Person.active, Person.id.in_(ids)).order_by(Person.id)))
