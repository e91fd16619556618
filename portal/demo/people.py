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
RETURNS = {
    "88012": "浙江省杭州市西湖区茶园路 18 号 岚山茶铺售后仓\n收件人：岚山售后 0571-5555 0112",
    "88027": "广东省佛山市顺德区木艺大道 66 号 3 栋 木石家居退货组\n收件人：顾师傅 0757-5555 0127",
    "88033": "海南省海口市秀英区南屿街 9 号 南屿水果退货点\n收件人：小屿 0898-5555 0133",
    "88045": "Yunling Cross-Border, Returns\nKranweg 12, 20457 Hamburg, Germany",
}
"""Where their goods go back to."""
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
    for number, address in RETURNS.items():
        accounts.actions.set_return_address(shops[number], address, at=at)
    return shops, {invented.email.partition("@")[0]: _add(invented, shops, at) for invented in PEOPLE}


def _add(invented: Invented, shops: dict[str, Shop], at: datetime) -> Person:
    person = accounts.actions.add_person(email=invented.email, name=invented.name, password=PASSWORD, at=at)
    for role, number in invented.roles:
        accounts.actions.grant(person, role, shop=shops.get(number), at=at)
    return person


def acting(person: Person, role: str, shop: Shop | None = None) -> Actor:
    """The person as one who acts in this role."""
    return Actor(person.pseudonym, role, person.id, shop.id if shop else None)
