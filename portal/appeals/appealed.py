"""The shop's appeal of a ruling as it stands in the dispute: what is claimed, shown and decided, for each side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from flask_babel import gettext
from sqlalchemy import select

from portal import aftersales, arbitration, audit, bundles, evidence, review, text
from portal.aftersales.models import AfterSale
from portal.appeals import queries, subjects
from portal.appeals.models import Appeal
from portal.appeals.subjects import checklist_of
from portal.arbitration import Ruling
from portal.arbitration.models import Arbitration
from portal.bundles import CaseFile, Exhibit, Part
from portal.db import session
from portal.evidence.models import EvidenceItem
from portal.review.models import Decision


def handed_in(case: AfterSale) -> Appeal | None:
    """The appeal of the ruling on this case; None while it is only prepared, and if it never was more than that."""
    ruled = arbitration.first_of(case)
    appeal = queries.latest_against("arbitration", ruled.id) if ruled else None
    return appeal if appeal is not None and appeal.attempt else None


def shown(appeal: Appeal) -> Sequence[EvidenceItem]:
    """What the shop handed in with it, which either side may see."""
    return evidence.items_of("appeal", appeal.id, party="merchant", state="sealed")


@dataclass(frozen=True, slots=True)
class Judged:
    """The decision as a party reads it: with the ruling in place of the first, if it brings one, and the words meant
    for this party.
    """

    decision: Decision
    ruling: Ruling | None
    findings: str
    words: str


def judged(appeal: Appeal, party: str) -> Judged | None:
    """What was decided on it, if anything was."""
    decision = next(iter(review.decisions_of("appeal", appeal.id)), None)
    if decision is None:
        return None
    words = decision.text_to_party if party == "merchant" else (decision.texts or {}).get(party, "")
    ruling = Ruling.from_dict(decision.terms) if decision.terms else None
    return Judged(decision, ruling, _read(appeal, party, decision.findings), _read(appeal, party, words))


def _read(appeal: Appeal, party: str, words: str, of: str = aftersales.PLATFORM) -> str:
    """What `of` wrote in it, as this party reads it."""
    ruled = session().get_one(Arbitration, appeal.subject_id)
    return aftersales.as_read(ruled.after_sale, party, of, words)


def told(plain: CaseFile, party: str) -> CaseFile:
    """The file of an after-sales case with the appeal of its ruling.

    Of the appeal's own history the buyer's file has the headers alone: what was asked of the shop is the shop's.
    """
    appeal = handed_in(session().scalars(select(AfterSale).where(AfterSale.ref == plain.ref)).one())
    if appeal is None:
        return plain
    chains = (*plain.chains, (appeal.ref, audit.audiences(party) if party == "merchant" else ()))
    own, names = _exhibits(appeal, party), checklist_of(appeal).names()
    return replace(
        plain,
        as_of=bundles.last_moment(chains),
        chains=chains,
        subject=(*plain.subject, _about(appeal)),
        submissions=(*plain.submissions, *_submissions(appeal, party, own)),
        requests=(
            *plain.requests,
            *bundles.requests("appeal", appeal.id, party, names, by_words=partial(_read, appeal, party)),
        ),
        decisions=(*plain.decisions, *_decisions(appeal, party, own)),
        exhibits=(*plain.exhibits, *own),
        clocks=(*plain.clocks, *bundles.clocks("appeal", appeal.id)),
        timeline=bundles.timeline(chains),
    )


def _about(appeal: Appeal) -> Part:
    said = [
        (gettext("Number"), appeal.ref),
        (gettext("Handed in"), text.local(appeal.submitted_at) if appeal.submitted_at else ""),
        (gettext("Status"), text.word(appeal.status, "appeal.status")),
        (gettext("Outcome"), text.word(appeal.outcome, "appeal.outcome") if appeal.outcome else ""),
    ]
    return Part(gettext("The appeal of the ruling"), bundles.filled(said))


def _exhibits(appeal: Appeal, party: str) -> tuple[Exhibit, ...]:
    """They bear labels of their own, so they say what they belong to."""
    by_name = partial(_read, appeal, party, of="merchant")
    found = (bundles.exhibit(item, by_name=by_name) for item in shown(appeal))
    return tuple(replace(one, what=gettext("Appeal of the ruling: %(what)s", what=one.what)) for one in found)


def _submissions(appeal: Appeal, party: str, exhibits: tuple[Exhibit, ...]) -> tuple[Part, ...]:
    """The shop's own as it handed them in; to the buyer what is claimed, without the numbers and addresses in it."""
    checklist = checklist_of(appeal)
    own, names = party == "merchant", checklist.names()
    return tuple(
        bundles.submission(
            one,
            gettext("The appeal of the ruling"),
            exhibits,
            names,
            checklist.ground(one.ground_code) if own else "",
            words=_read(appeal, party, one.statement, "merchant"),
        )
        for one in evidence.submissions_of("appeal", appeal.id)
    )


def _decisions(appeal: Appeal, party: str, exhibits: tuple[Exhibit, ...]) -> tuple[Part, ...]:
    found = judged(appeal, party)
    if found is None:
        return ()
    decision, title = found.decision, gettext("Decision on the appeal of the ruling")
    outcome, terms = text.word(decision.outcome, "appeal.outcome"), tuple(subjects.of(appeal).terms(decision))
    read = partial(_read, appeal, party)
    return (bundles.decision(decision, outcome, exhibits, terms, title=title, answer=found.words, by_words=read),)


def register() -> None:
    """Let the file of an after-sales case tell of the appeal of its ruling too."""
    bundles.extend("aftersale", told)
