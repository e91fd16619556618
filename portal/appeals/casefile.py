"""An appeal, with what it is against, as its case file tells it: what its own party may see, and nothing else."""

from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext
from sqlalchemy import select

from portal import arbitration, audit, bundles, evidence, policies, review, text
from portal.accounts.models import Shop
from portal.appeals import queries, subjects
from portal.appeals.models import Appeal
from portal.appeals.subjects import PenaltySubject, RulingSubject, checklist_of
from portal.bundles import CaseFile, Exhibit, Facts, Part
from portal.db import session
from portal.evidence.models import EvidenceItem
from portal.penalties import measure_words
from portal.penalties.models import Measure, Penalty
from portal.policies.models import PolicyVersion
from portal.refusals import Refused
from portal.review.models import Decision
from portal.text import localised

PARTIES = ("merchant",)


def zone(ref: str) -> str | None:
    """The clock of the shop whose appeal this is."""
    return session().scalar(select(Shop.zone).join(Appeal, Appeal.shop_id == Shop.id).where(Appeal.ref == ref))


def describe(ref: str, party: str) -> CaseFile:
    """The appeal as its shop may see it, after what it is against; refused while it is only a draft."""
    appeal = session().scalars(select(Appeal).where(Appeal.ref == ref)).one()
    if appeal.status == "draft":
        raise Refused("nothing_handed_in")
    told = [BEFORE[appeal.subject_type](appeal, party), *(_round(one, party) for one in _rounds(appeal))]
    chains = tuple(chain for one in told for chain in one.chains)
    return CaseFile(
        ref=appeal.ref,
        title=gettext("Case file of the appeal %(ref)s", ref=appeal.ref),
        as_of=bundles.last_moment(chains),
        chains=chains,
        status=_status(appeal),
        parties=_parties(appeal),
        subject=told[0].subject,
        submissions=tuple(part for one in told for part in one.submissions),
        requests=tuple(part for one in told for part in one.requests),
        decisions=tuple(part for one in told for part in one.decisions),
        exhibits=tuple(exhibit for one in told for exhibit in one.exhibits),
        clocks=tuple(clock for one in told for clock in one.clocks),
        timeline=bundles.timeline(chains),
        withheld=told[0].withheld,
    )


def _rounds(appeal: Appeal) -> list[Appeal]:
    """Every appeal against the same that was handed in, in their order: the file of each tells the whole case."""
    others = [one for one in queries.siblings(appeal) if one.attempt]
    return sorted([appeal, *others], key=lambda one: one.round_no)


def _round(appeal: Appeal, party: str) -> CaseFile:
    """One appeal, without what it is against. Where several are allowed, each piece says of which it is."""
    own, chains = _exhibits(appeal, party), ((appeal.ref, audit.audiences(party)),)
    told = CaseFile(
        ref=appeal.ref,
        title="",
        as_of=bundles.last_moment(chains),
        chains=chains,
        submissions=_submissions(appeal, party, own),
        requests=bundles.requests(
            "appeal", appeal.id, party, checklist_of(appeal).names(), by_words=subjects.of(appeal).reads
        ),
        decisions=tuple(_decision(one, appeal, own) for one in review.decisions_of("appeal", appeal.id)),
        exhibits=own,
        clocks=bundles.clocks("appeal", appeal.id),
    )
    return told if appeal.chance == "only" else _named(told, appeal)


def _named(told: CaseFile, appeal: Appeal) -> CaseFile:
    """The same with the number of the appeal before each title; the labels of its exhibits begin anew in each."""
    which = gettext("Appeal %(round)s of %(of)s", round=appeal.round_no, of=appeal.rounds_allowed)

    def named(what: str) -> str:
        return str(gettext("%(term)s: %(text)s", term=which, text=what)) if what else f"{which} ({appeal.ref})"

    return replace(
        told,
        submissions=tuple(replace(part, title=named(part.title)) for part in told.submissions),
        requests=tuple(replace(part, title=named(part.title)) for part in told.requests),
        decisions=tuple(replace(part, title=named(part.title)) for part in told.decisions),
        exhibits=tuple(replace(one, what=named(one.what)) for one in told.exhibits),
        clocks=tuple(replace(one, title=named(one.title)) for one in told.clocks),
    )


def _of_penalty(appeal: Appeal, party: str) -> CaseFile:
    """The penalty, with what the platform shows for it."""
    penalty = PenaltySubject.found(appeal.subject_id).penalty
    chains = ((penalty.ref, audit.audiences(party)),)
    return CaseFile(
        ref=penalty.ref,
        title="",
        as_of=bundles.last_moment(chains),
        chains=chains,
        subject=(_penalty(penalty),),
        exhibits=_shown(evidence.items_of("penalty", penalty.id, party="platform", state="sealed"), appeal),
        clocks=bundles.clocks("penalty", penalty.id),
    )


def _of_ruling(appeal: Appeal, party: str) -> CaseFile:
    """The dispute with its hearing and ruling; its exhibits bear labels of their own, so they say whose they are."""
    before = arbitration.describe(RulingSubject.found(appeal.subject_id).ref, party)
    exhibits = tuple(replace(one, what=gettext("First hearing: %(what)s", what=one.what)) for one in before.exhibits)
    ruled = tuple(replace(one, title=gettext("The ruling appealed")) for one in before.decisions)
    return replace(before, exhibits=exhibits, decisions=ruled)


BEFORE = {"penalty": _of_penalty, "arbitration": _of_ruling}


def _status(appeal: Appeal) -> Facts:
    status = text.word(appeal.status, "appeal.status")
    outcome = text.word(appeal.outcome, "appeal.outcome") if appeal.outcome else ""
    return bundles.filled([(gettext("Status"), status), (gettext("Outcome"), outcome)])


def _parties(appeal: Appeal) -> Facts:
    shop = session().get_one(Shop, appeal.shop_id)
    return (
        (gettext("The appeal is by"), f"{shop.name} ({shop.ref}, {shop.external_id})"),
        (gettext("It is decided by"), gettext("the platform's reviewers")),
    )


def _penalty(penalty: Penalty) -> Part:
    rule = policies.rule(penalty.policy_version_id, penalty.rule_code)
    version = session().get_one(PolicyVersion, penalty.policy_version_id)
    policy = policies.body(penalty.policy_version_id)
    said = [
        (gettext("Violation"), localised(rule, "name")),
        (gettext("Penalty number"), f"{penalty.external_id} ({penalty.ref})"),
        (gettext("Notified"), text.local(penalty.notified_at)),
        (gettext("Applies from"), text.local(penalty.effective_at)),
        (gettext("Order"), penalty.order_no or ""),
        (gettext("Concerns"), penalty.concerns),
        (gettext("Status"), text.word(penalty.status, "penalty.status")),
        (gettext("How it was found"), text.word(penalty.automated, "penalty.automated")),
        *((text.word(measure.kind, "measure"), _measure(measure)) for measure in penalty.measures),
        (gettext("Policy"), f"{localised(policy, 'name')} {version.number} (SHA-256 {version.sha256})"),
    ]
    words = ((gettext("The facts"), penalty.facts), (localised(rule, "basis"), localised(rule, "text")))
    return Part(gettext("The penalty"), bundles.filled(said), bundles.filled(words))


def _measure(measure: Measure) -> str:
    return f"{measure_words(measure)} · {text.word(measure.effect, 'measure.effect')}"


def _submissions(appeal: Appeal, party: str, exhibits: tuple[Exhibit, ...]) -> tuple[Part, ...]:
    checklist = checklist_of(appeal)
    names = checklist.names()
    titles = {"initial": gettext("The appeal"), "supplement": gettext("What was added")}
    return tuple(
        bundles.submission(one, titles.get(one.kind, one.kind), exhibits, names, checklist.ground(one.ground_code))
        for one in evidence.submissions_of("appeal", appeal.id)
        if one.party == party
    )


def _exhibits(appeal: Appeal, party: str) -> tuple[Exhibit, ...]:
    return _shown(evidence.items_of("appeal", appeal.id, party=party, state="sealed"), appeal)


def _shown(items: Iterable[EvidenceItem], appeal: Appeal) -> tuple[Exhibit, ...]:
    names = checklist_of(appeal).names()
    return tuple(bundles.exhibit(item, names.get(item.requirement_code or "", "")) for item in items)


def _decision(decision: Decision, appeal: Appeal, exhibits: tuple[Exhibit, ...]) -> Part:
    subject = subjects.of(appeal)
    results = (
        *((text.word(one["kind"], "measure"), text.word(one["result"], "measure.result"))
          for one in decision.measures_result),
        *subject.terms(decision),
    )  # fmt: skip
    ways = [way for way in policies.body(appeal.policy_version_id).redress if way.code in decision.redress]
    redress = "\n".join(localised(way, "text") for way in ways)
    outcome, subject = text.word(decision.outcome, "appeal.outcome"), subjects.of(appeal)
    return bundles.decision(decision, outcome, exhibits, results, redress, by_words=subject.reads)


def register() -> None:
    """Let appeals have a case file."""
    bundles.register("appeal", parties=PARTIES, zone=zone, describe=describe)
