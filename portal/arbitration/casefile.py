"""What the hearings add to the case file of their after-sales case, as one side may see it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from flask_babel import gettext
from sqlalchemy import select

from portal import aftersales, audit, bundles, text
from portal.aftersales.models import AfterSale
from portal.arbitration import facts, queries
from portal.arbitration.models import Arbitration
from portal.bundles import CaseFile, Exhibit, Part
from portal.db import session


def describe(ref: str, party: str) -> CaseFile:
    """The after-sales case with its hearings and rulings, as this side may see them."""
    return heard(aftersales.describe(ref, party), party)


def heard(plain: CaseFile, party: str) -> CaseFile:
    """The file of an after-sales case with its hearings and rulings."""
    found = queries.of_case(session().scalars(select(AfterSale).where(AfterSale.ref == plain.ref)).one())
    if not found:
        return plain
    chains = (*plain.chains, *((one.ref, audit.audiences(party)) for one in found))
    return replace(
        plain,
        as_of=bundles.last_moment(chains),
        chains=chains,
        subject=(*plain.subject, *(_hearing(one) for one in found)),
        requests=tuple(part for one in found for part in _asked(one, party)),
        decisions=tuple(_ruling(one, party, plain.exhibits) for one in found if one.outcome),
        clocks=(*plain.clocks, *(clock for one in found for clock in bundles.clocks("arbitration", one.id))),
        timeline=bundles.timeline(chains),
    )


def _hearing(arbitration: Arbitration) -> Part:
    said = [
        (gettext("Number"), arbitration.ref),
        (gettext("Called in by"), text.word(arbitration.opened_by, "party")),
        (gettext("Opened"), text.local(arbitration.opened_at)),
        (gettext("Ground"), text.word(arbitration.ground, "again.ground") if arbitration.ground else ""),
        (gettext("In dispute"), text.money(arbitration.amount_minor, arbitration.currency)),
        (gettext("Status"), text.word(arbitration.status, "arbitration.status")),
    ]
    title = gettext("The re-review") if arbitration.round == 2 else gettext("The arbitration")
    return Part(title, bundles.filled(said))


def _asked(arbitration: Arbitration, party: str) -> tuple[Part, ...]:
    read = partial(aftersales.as_read, arbitration.after_sale, party, aftersales.PLATFORM)
    return bundles.requests("arbitration", arbitration.id, party, facts.names_of(arbitration), by_words=read)


def _ruling(arbitration: Arbitration, party: str, exhibits: Iterable[Exhibit]) -> Part:
    """The ruling with the words meant for this side; what was said to the other stays with it."""
    found = facts.ruled(arbitration, party)
    assert found is not None
    liable = (gettext("Liability"), text.word(found.ruling.liability, "liability"))
    shares = (liable, *facts.borne(found.ruling, arbitration.currency))
    outcome = text.word(found.decision.outcome, "ruling")
    read = partial(aftersales.as_read, arbitration.after_sale, party, aftersales.PLATFORM)
    return bundles.decision(found.decision, outcome, exhibits, shares, answer=found.words, by_words=read)


def register() -> None:
    """Let the file of an after-sales case tell of its hearings too."""
    bundles.extend("aftersale", heard)
