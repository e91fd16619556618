"""Who is told, at which addresses, and what stands in a box."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from portal import many
from portal.accounts.models import Membership, Person, Shop
from portal.db import session

GUEST = "guest:"
CONTACTS = select(Shop.id, Shop.contact_email, Shop.locale)


@dataclass(frozen=True, order=True)
class Recipient:
    """Whose box: a shop's, which all its people share, or that of one person of the staff.

    A guest comes by a link, without an account, and has no box to look into: what they are told is mailed.
    """

    key: str

    @property
    def id(self) -> int:
        """The shop's or the person's id."""
        return int(self.key.partition(":")[2])

    @property
    def is_shop(self) -> bool:
        """Whether it is a shop's box."""
        return self.key.startswith("shop:")

    @property
    def is_guest(self) -> bool:
        """Whether it is somebody without an account."""
        return self.key.startswith(GUEST)


@dataclass(frozen=True)
class Address:
    """Where mail for a recipient goes, and in which language."""

    recipient: str
    email: str
    locale: str


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account, as the caller knows them: where their mail goes and how it speaks to them.

    `link` is the id of the link that lets them into the case (see `accounts.links`), `zone` whose times they read.
    """

    address: str
    locale: str
    zone: str
    link: int


def to_shop(shop: Shop | int) -> Recipient:
    """The box of a shop, given as its row or its id."""
    return Recipient(f"shop:{shop if isinstance(shop, int) else shop.id}")


def to_person(person: Person | int) -> Recipient:
    """The box of somebody of the staff, given as their row or id."""
    return Recipient(f"person:{person if isinstance(person, int) else person.id}")


def to_guest(key: int) -> Recipient:
    """Somebody without an account, by a number that the slice they come from knows them by."""
    return Recipient(f"{GUEST}{key}")


def addresses(recipients: Iterable[Recipient], at: datetime) -> Sequence[Address]:
    """Where the recipients have mail at that time: a shop's contact address, else its owners'; a person's own.

    Those of guests are not known here.
    """
    recipients = set(recipients)
    shops = {r.id for r in recipients if r.is_shop}
    people = {r.id for r in recipients if not r.is_shop and not r.is_guest}
    return [*(_of_shops(shops, at) if shops else ()), *(_of_people(people) if people else ())]


def zones_of(keys: Collection[str]) -> dict[str, str]:
    """The time zones in which the shops among these boxes read, by their keys."""
    shops = {box.id for box in map(Recipient, keys) if box.is_shop}
    if not shops:
        return {}
    ask = select(Shop.id, Shop.zone).where(many.among(Shop.id, shops))
    return {to_shop(one).key: zone for one, zone in session().execute(ask)}


def _of_shops(ids: set[int], at: datetime) -> Iterable[Address]:
    without = set()
    for one, email, locale in many.rows(CONTACTS, Shop.id, ids):
        if email:
            yield Address(f"shop:{one}", email, locale)
        else:
            without.add(one)
    if without:
        yield from _of_owners(without, at)


def _of_owners(shops: set[int], at: datetime) -> Iterable[Address]:
    ask = (
        select(Shop.id, Person.email, Person.locale, Shop.locale)
        .join(Membership, Membership.shop_id == Shop.id)
        .join(Person, Person.id == Membership.person_id)
        .where(Shop.id.in_(shops), Membership.role == "merchant_owner", Person.active, Membership.valid_from <= at)
        .where(or_(Membership.valid_to.is_(None), Membership.valid_to > at))
        .distinct()
    )
    for one, email, own, locale in session().execute(ask):
        yield Address(f"shop:{one}", email, own or locale)


def _of_people(ids: set[int]) -> Iterable[Address]:
    for one, email, locale in session().execute(
        select(Person.id, Person.email, Person.locale).where(Person.id.in_(ids), Person.active)
    ):
        yield Address(f"person:{one}", email, locale or "zh")
