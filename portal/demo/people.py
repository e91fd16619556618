"""The invented shops and people of the demo. Their passwords are known, so they exist in the demo alone."""

from dataclasses import dataclass
from datetime import datetime

from portal import accounts
from portal.accounts.models import Person, Shop
from portal.audit import Actor

PASSWORD = "recourse-demo"  # noqa: S105 - told to everybody, on purpose
DEFAULT = "douyin"
FIRST = "merchant@demo.example"
"""Whose account tells that the demo is there."""


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody, with a role on the platform or in shops (by their numbers)."""

    email: str
    name: str
    roles: tuple[tuple[str, str], ...]


SHOPS = {"88012": "岚山茶铺", "88027": "木石家居", "88033": "南屿水果", "88045": "云岭跨境"}
POLICIES = {"88045": "tiktok-like"}
"""The shops that are not under the default policy."""
OWNERS = {"88012": "merchant", "88027": "merchant2", "88033": "merchant3", "88045": "merchant4"}
PEOPLE = (
    Invented(FIRST, "沈岚", (("merchant_owner", "88012"), ("merchant_agent", "88033"))),
    Invented("merchant2@demo.example", "顾石", (("merchant_owner", "88027"),)),
    Invented("merchant3@demo.example", "南小屿", (("merchant_owner", "88033"),)),
    Invented("merchant4@demo.example", "段云", (("merchant_owner", "88045"),)),
    Invented("reviewer@demo.example", "周岚", (("reviewer", ""),)),
    Invented("reviewer2@demo.example", "陈立", (("reviewer", ""),)),
    Invented("senior@demo.example", "吴桐", (("senior_reviewer", ""),)),
    Invented("senior2@demo.example", "郑安", (("senior_reviewer", ""),)),
    Invented("lead@demo.example", "林组长", (("lead", ""),)),
    Invented("admin@demo.example", "管理员", (("admin", ""),)),
)


def add_everybody(at: datetime) -> tuple[dict[str, Shop], dict[str, Person]]:
    """The shops by number and the people by the first part of their address."""
    shops = {
        number: accounts.actions.add_shop(
            external_id=number,
            name=name,
            contact_email=f"shop-{number}@demo.example",
            at=at,
            policy_code=POLICIES.get(number, DEFAULT),
        )
        for number, name in SHOPS.items()
    }
    return shops, {invented.email.partition("@")[0]: _add(invented, shops, at) for invented in PEOPLE}


def _add(invented: Invented, shops: dict[str, Shop], at: datetime) -> Person:
    person = accounts.actions.add_person(email=invented.email, name=invented.name, password=PASSWORD, at=at)
    for role, number in invented.roles:
        accounts.actions.grant(person, role, shop=shops.get(number), at=at)
    return person


def acting(person: Person, role: str, shop: Shop | None = None) -> Actor:
    """The person as one who acts in this role."""
    return Actor(person.pseudonym, role, person.id, shop.id if shop else None)
