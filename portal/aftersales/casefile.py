"""An after-sales case as its file tells it: what this side may see of it, the other's private data never."""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial

from flask_babel import gettext
from sqlalchemy import select

from portal import audit, bundles, evidence, policies, text
from portal.accounts.models import Shop
from portal.aftersales import onward
from portal.aftersales.facts import seen
from portal.aftersales.lifecycle import PARTIES
from portal.aftersales.models import AfterSale, AfterSaleItem, AfterSaleMessage, Offer
from portal.aftersales.reading import as_read, parcels, withheld
from portal.bundles import CaseFile, Exhibit, Facts, Part
from portal.db import session
from portal.evidence.models import EvidenceItem, Submission
from portal.text import localised

_Dated = tuple[datetime, int, Part]


def zone(ref: str) -> str | None:
    """The clock of the shop that sold."""
    return session().scalar(select(Shop.zone).join(AfterSale, AfterSale.shop_id == Shop.id).where(AfterSale.ref == ref))


def describe(ref: str, party: str) -> CaseFile:
    """The case as this side may see it."""
    case = session().scalars(select(AfterSale).where(AfterSale.ref == ref)).one()
    chains = ((case.ref, audit.audiences(party)),)
    return CaseFile(
        ref=case.ref,
        title=gettext("Case file of the after-sales case %(ref)s", ref=case.ref),
        as_of=bundles.last_moment(chains),
        chains=chains,
        status=_status(case),
        parties=_parties(case),
        subject=(_order(case), _request(case, party), _course(case, party)),
        submissions=_said(case, party),
        exhibits=tuple(_exhibits(case, party)),
        clocks=bundles.clocks("aftersale", case.id),
        timeline=bundles.timeline(chains),
        withheld=withheld(case, party),
    )


def _status(case: AfterSale) -> Facts:
    outcome = text.word(case.resolution, "aftersale.resolution") if case.resolution else ""
    return bundles.filled(
        [(gettext("Status"), text.word(case.status, "aftersale.status")), (gettext("Outcome"), outcome)]
    )


def _parties(case: AfterSale) -> Facts:
    """The buyer as the order shows them: masked, and without any address."""
    shop = session().get_one(Shop, case.shop_id)
    buyer = case.purchase.buyer.masked_name or gettext("not named")
    return (text.word("merchant", "party"), f"{shop.name} ({shop.ref})"), (text.word("buyer", "party"), buyer)


def _order(case: AfterSale) -> Part:
    order = case.purchase
    facts = [
        (gettext("Order"), order.external_id),
        (gettext("Placed"), text.local(order.placed_at)),
        (gettext("Delivered"), text.local(order.delivered_at) if order.delivered_at else ""),
        (gettext("Paid"), text.money(order.paid_minor, order.currency)),
    ]
    facts += [(item.sku, f"{item.title} × {item.qty}") for item in order.items]
    return Part(gettext("The order"), bundles.filled(facts))


def _request(case: AfterSale, party: str) -> Part:
    cause = policies.body(case.policy_version_id).catalogue.causes[case.reason_code]
    facts = [
        (gettext("Kind"), text.word(case.kind, "aftersale.kind")),
        (gettext("Ground"), localised(cause, "name")),
        (gettext("Asked for"), text.money(case.requested_minor, case.currency)),
        (gettext("Opened"), text.local(case.opened_at)),
        *(_item(item, case) for item in case.items),
    ]
    return Part(
        gettext("The request"),
        bundles.filled(facts),
        bundles.filled([(gettext("The buyer's statement"), as_read(case, party, "buyer", case.buyer_statement))]),
    )


def _item(line: AfterSaleItem, case: AfterSale) -> tuple[str, str]:
    return line.item.sku, f"{line.item.title} × {line.qty} · {text.money(line.amount_minor, case.currency)}"


def _course(case: AfterSale, party: str) -> Part:
    refusals = policies.body(case.policy_version_id).catalogue.refusals
    agreed = text.money(case.agreed_minor, case.currency) if case.agreed_minor is not None else ""
    sent = parcels(case, party)
    facts = [
        (gettext("Refused because"), localised(refusals[case.refusal_code], "name") if case.refusal_code else ""),
        (gettext("Sent back"), " ".join(sent["buyer"]).strip()),
        (gettext("What came back"), text.word(case.inspection, "aftersale.inspection") if case.inspection else ""),
        (gettext("Sent again"), " ".join(sent["merchant"]).strip()),
        (gettext("If the goods don't come") if case.remedy == "goods" else gettext("Agreed"), agreed),
    ]
    notes = [
        (gettext("On the refusal"), as_read(case, party, "merchant", case.refusal_note)),
        (gettext("On what came back"), as_read(case, party, "merchant", case.inspection_note)),
    ]
    return Part(gettext("What became of it"), bundles.filled(facts), bundles.filled(notes))


def _said(case: AfterSale, party: str) -> tuple[Part, ...]:
    """Submissions, offers and messages in the order they came."""
    handed_in = _handed_in(case, party)
    with_files = {one.key for one, _part in handed_in}
    parts = [(one.sealed_at, one.id, part) for one, part in handed_in]
    parts += [*_offers(case, party), *_messages(case, with_files, party)]
    return tuple(part for _at, _number, part in sorted(parts, key=lambda entry: entry[:2]))


def _handed_in(case: AfterSale, party: str) -> list[tuple[Submission, Part]]:
    hidden, exhibits = onward.hidden(case), _exhibits(case, party)
    return [
        (
            one,
            bundles.submission(
                one, gettext("Evidence"), exhibits, {}, words=as_read(case, party, one.party, one.statement)
            ),
        )
        for one in evidence.submissions_of("aftersale", case.id)
        if one.party == party or not hidden.holds(one.sealed_at)
    ]


def _exhibits(case: AfterSale, party: str) -> list[Exhibit]:
    return [
        bundles.exhibit(item, by_name=partial(as_read, case, party, item.owner_party)) for item in _seen(case, party)
    ]


def _offers(case: AfterSale, party: str) -> Iterator[_Dated]:
    for one in case.offers:
        yield one.at, one.seq, _offer(one, case, party)


def _offer(one: Offer, case: AfterSale, party: str) -> Part:
    facts = [
        (gettext("From"), text.word(one.by_party, "party")),
        (gettext("Made"), text.local(one.at)),
        (gettext("What"), text.word(one.kind, "offer.kind")),
        (gettext("How much"), text.money(one.amount_minor, case.currency) if one.amount_minor else ""),
        (gettext("What became of it"), text.word(one.status, "offer.status")),
    ]
    return Part(
        gettext("Offer"),
        bundles.filled(facts),
        bundles.filled([(gettext("Note"), as_read(case, party, one.by_party, one.note))]),
    )


def _messages(case: AfterSale, with_files: Collection[str], party: str) -> Iterator[_Dated]:
    """Those that stand not already beside the files that came with them."""
    ask = select(AfterSaleMessage).where(AfterSaleMessage.after_sale_id == case.id).order_by(AfterSaleMessage.id)
    for one in session().scalars(ask):
        if f"say:{one.key}" in with_files:
            continue
        facts = ((gettext("From"), text.word(one.by_party, "party")), (gettext("Written"), text.local(one.at)))
        yield (
            one.at,
            one.id,
            Part(
                gettext("Message"), facts, ((gettext("What was said"), as_read(case, party, one.by_party, one.body)),)
            ),
        )


def _seen(case: AfterSale, party: str) -> list[EvidenceItem]:
    """The sealed exhibits that this side may see."""
    return seen(case, party, evidence.items_of("aftersale", case.id, state="sealed"))


def register() -> None:
    """Let after-sales cases have a file for each side."""
    bundles.register("aftersale", parties=PARTIES, zone=zone, describe=describe)
