"""What the rows of a file may refer to: shops, the rules that bind them, and the people who issue penalties."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import select

from portal import policies
from portal.accounts.models import Membership, Person, Shop
from portal.db import session
from portal.policies import Editions

AT_ONCE = 500
COPIED = ("id", "external_id", "name", "zone", "locale", "policy_code")


@dataclass(frozen=True, slots=True)
class Directory:
    """The shops by external id, the policies by code, the issuers by address, and the moment all this is true of."""

    at: datetime
    shops: Mapping[str, Shop] = field(default_factory=dict)
    policies: Mapping[str, Editions] = field(default_factory=dict)
    issuers: Mapping[str, int] = field(default_factory=dict)


def directory_for(shop_external_ids: Iterable[str], *, at: datetime) -> Directory:
    """The directory for a file that names these shops.

    Its shops are copies apart from the session, so that no end of a unit of work makes each be read again.
    """
    shops = {shop.external_id: shop for shop in _shops(iter(sorted(set(shop_external_ids))))}
    codes = {shop.policy_code for shop in shops.values()}
    return Directory(at, shops, {code: policies.editions(code, at) for code in codes}, _issuers())


def _shops(ids: Iterator[str]) -> Iterator[Shop]:
    columns = [getattr(Shop, name) for name in COPIED]
    while some := list(islice(ids, AT_ONCE)):
        for row in session().execute(select(*columns).where(Shop.external_id.in_(some))):
            yield Shop(**dict(zip(COPIED, row, strict=True)))


def _issuers() -> dict[str, int]:
    ask = select(Person.email, Person.id).join(Membership).where(Membership.shop_id.is_(None))
    return {email.casefold(): key for email, key in session().execute(ask)}
