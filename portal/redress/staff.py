"""What the staff's lists show beside each filing: its case, what was decided, and the form to answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import force_locale, gettext
from flask_babel import gettext as _

from portal import accounts
from portal.accounts.models import REVIEW_ROLES, Shop
from portal.aftersales.models import Buyer
from portal.audit import Actor
from portal.db import session
from portal.redress import cases, forms
from portal.redress.cases import Matter
from portal.redress.models import DisclosureRequest

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
COMPLAINTS = ("lead", "auditor", "admin")
DISCLOSURES = (*REVIEW_ROLES, "lead", "auditor", "admin")
OVERRIDES = ("senior_reviewer", "lead", "auditor", "admin")
RELIED_ON = ("accepted", "partly")


@dataclass(frozen=True)
class Line:
    """One filing in a list, with its case; `form` is None for who can only read, and for who is `barred`."""

    row: Any
    matter: Matter
    shop: str
    form: Any = None
    barred: bool = False


def acting(*roles: str) -> Actor:
    """The person in the first of these roles that they have: who has two acts here in the one that counts."""
    by = accounts.actor()
    return replace(by, role=next((role for role in roles if accounts.has_role(role)), by.role))


def tabs(current: str) -> list[dict[str, Any]]:
    """The three lists, as far as the reader may see them."""
    known = (
        ("complaints.index", _("Complaints"), COMPLAINTS),
        ("disclosures.index", _("Requests to see"), DISCLOSURES),
        ("overrides.index", _("Orders from above"), OVERRIDES),
    )
    return [
        {"href": url_for(endpoint), "label": words, "current": endpoint == current, "count": None}
        for endpoint, words, roles in known
        if accounts.has_role(*roles)
    ]


def named(items: Sequence[Any]) -> list[tuple[str, str]]:
    """The exhibits to choose from, by label and title."""
    return [(item.ref, f"{item.exhibit_label or ''} {item.title}".strip()) for item in items]


def disclosure_form(request: DisclosureRequest, matter: Matter, *, blank: bool) -> forms.DisclosureAnswerForm:
    """The answer to a request, with what the decision relied on filled in."""
    items = cases.exhibits(matter, request.party)
    verdicts = [one for decision in matter.decisions[:1] for one in decision.evidence_verdicts]
    relied_on = {one["evidence"] for one in verdicts if one["verdict"] in RELIED_ON}
    words = _prefilled(request, matter, [item.exhibit_label or item.title for item in items if item.ref in relied_on])
    refs = [item.ref for item in items if item.ref in relied_on]
    return forms.answer_to_request(request.ref, named(items), blank=blank, relied_on=refs, words=words)


def _prefilled(request: DisclosureRequest, matter: Matter, labels: Sequence[str]) -> str:
    """What the decision names itself, in the language of who asked: the rule, the exhibits, and the findings."""
    if not matter.decisions:
        return ""
    locale = _locale(request, matter)
    with force_locale(LOCALES.get(locale, "zh_Hans_CN")):
        decision = matter.decisions[0]
        rules = cases.rules_by_name(matter.policy_version_id, [one["code"] for one in decision.rules], locale)
        rule = gettext("The decision rests on this rule: %(rule)s.", rule=rules)
        on = gettext("It relied on these exhibits: %(labels)s.", labels=gettext(", ").join(labels))
        nothing = gettext("No exhibit was accepted.")
        found = gettext("What was found: %(findings)s", findings=matter.reads(request.party, decision.findings))
        return "\n".join((rule, on if labels else nothing, found))


def _locale(request: DisclosureRequest, matter: Matter) -> str:
    if request.party == "merchant":
        return session().get_one(Shop, request.shop_id).locale
    return session().get_one(Buyer, matter.row.purchase.buyer_id).locale
