"""What a party filed after the last word, in its own case file: complaints and requests to see, with their answers."""

from dataclasses import replace

from flask_babel import gettext
from sqlalchemy import select

from portal import aftersales, audit, bundles, text
from portal.aftersales.models import AfterSale
from portal.appeals.models import Appeal
from portal.bundles import CaseFile, Part
from portal.db import session
from portal.redress import cases, queries
from portal.redress.cases import Matter
from portal.redress.models import Complaint, DisclosureRequest


def told(plain: CaseFile, party: str) -> CaseFile:
    """The file with what this party filed about the case, or about a hearing that the file tells of; never the other's.

    A complaint has a history of its own, which comes along.
    """
    matter = _matter(plain.ref)
    filed = queries.filed_in(cases.hearings(matter), party) if matter else []
    if not filed:
        return plain
    own = ((one.ref, audit.audiences(party)) for one in filed if isinstance(one, Complaint))
    chains = (*plain.chains, *own)
    return replace(
        plain,
        as_of=bundles.last_moment(chains),
        chains=chains,
        afterwards=tuple(map(_filed, filed)),
        clocks=(*plain.clocks, *(clock for one in filed for clock in bundles.clocks(one.way, one.id))),
        timeline=bundles.timeline(chains),
    )


def _matter(ref: str) -> Matter | None:
    if ref.startswith(cases.OF_APPEALS):
        return cases.of_appeal(session().scalars(select(Appeal).where(Appeal.ref == ref)).one())
    return cases.of_dispute(session().scalars(select(AfterSale).where(AfterSale.ref == ref)).one())


def _filed(one: Complaint | DisclosureRequest) -> Part:
    """Its own words as they are, the platform's as the page shows them: without what leads to the other side."""
    matter = cases.of(one.case_type, one.case_id)
    found = text.word(one.found, one.found_words) if one.found else gettext("Waiting for an answer")
    facts = [
        (gettext("Number"), one.ref),
        (gettext("About"), one.shown_ref),
        (gettext("Filed"), text.local(one.filed_at)),
        (gettext("Outcome"), found),
        (gettext("Answered"), text.local(one.answered_at) if one.answered_at else ""),
        *(_relied_on(one, matter) if isinstance(one, DisclosureRequest) else ()),
    ]
    texts = [(gettext("What was written"), one.said), (gettext("The answer"), matter.reads(one.party, one.told))]
    return Part(text.word(one.way, "redress.way"), bundles.filled(facts), bundles.filled(texts))


def _relied_on(request: DisclosureRequest, matter: Matter) -> tuple[tuple[str, str], ...]:
    rules = cases.rules_by_name(request.policy_version_id, request.rules, text.language())
    named = (
        (one["label"], matter.reads(request.party, one["title"], one.get("party", aftersales.PLATFORM)))
        for one in request.exhibits
    )
    shown = gettext(", ").join(" ".join(parts).strip() for parts in named)
    return (gettext("Rules"), rules), (gettext("Exhibits"), shown)


def register() -> None:
    """Let the files of appeals and of after-sales cases tell of it too."""
    for case_type in ("appeal", "aftersale"):
        bundles.extend(case_type, told)
