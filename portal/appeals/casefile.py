"""An appeal with its penalty as its case file tells it: what its own party may see, and nothing else."""

from flask_babel import gettext
from sqlalchemy import select

from portal import bundles, evidence, policies, review, text
from portal.accounts.models import Shop
from portal.appeals import drafts, facts, queries
from portal.appeals.models import Appeal
from portal.bundles import CaseFile, Exhibit, Facts, Part
from portal.db import session
from portal.penalties import measure_words
from portal.penalties.models import Measure, Penalty
from portal.policies.models import PolicyVersion
from portal.refusals import Refused
from portal.review.models import Decision
from portal.text import localised

PARTIES = ("merchant",)
SEEN = ("parties",)


def zone(ref: str) -> str | None:
    """The clock of the shop whose appeal this is."""
    return session().scalar(select(Shop.zone).join(Appeal, Appeal.shop_id == Shop.id).where(Appeal.ref == ref))


def describe(ref: str, party: str) -> CaseFile:
    """The appeal as its shop may see it; refused while it is only a draft."""
    appeal = session().scalars(select(Appeal).where(Appeal.ref == ref)).one()
    if appeal.status == "draft":
        raise Refused("nothing_handed_in")
    penalty = queries.penalty_of(appeal)
    exhibits = _exhibits(appeal, penalty, party)
    chains = ((penalty.ref, SEEN), (appeal.ref, SEEN))
    return CaseFile(
        ref=appeal.ref,
        title=gettext("Case file of the appeal %(ref)s", ref=appeal.ref),
        as_of=bundles.last_moment(chains),
        chains=chains,
        status=_status(appeal),
        parties=_parties(appeal),
        subject=(_penalty(penalty),),
        submissions=_submissions(appeal, party, exhibits),
        requests=bundles.requests("appeal", appeal.id, party, facts.names(drafts.rule_of(appeal))),
        decisions=tuple(_decision(one, appeal, exhibits) for one in review.decisions_of("appeal", appeal.id)),
        exhibits=exhibits,
        clocks=(*bundles.clocks("penalty", penalty.id), *bundles.clocks("appeal", appeal.id)),
        timeline=bundles.timeline(chains),
    )


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
    rule = drafts.rule_of(appeal)
    names = facts.names(rule)
    grounds = {ground.code: localised(ground, "name") for ground in rule.grounds}
    titles = {"initial": gettext("The appeal"), "supplement": gettext("What was added")}
    return tuple(
        bundles.submission(one, titles.get(one.kind, one.kind), exhibits, names, grounds.get(one.ground_code or "", ""))
        for one in evidence.submissions_of("appeal", appeal.id)
        if one.party == party
    )


def _exhibits(appeal: Appeal, penalty: Penalty, party: str) -> tuple[Exhibit, ...]:
    names = facts.names(drafts.rule_of(appeal))
    theirs = evidence.items_of("penalty", penalty.id, party="platform", state="sealed")
    own = evidence.items_of("appeal", appeal.id, party=party, state="sealed")
    return tuple(bundles.exhibit(item, names.get(item.requirement_code or "", "")) for item in (*theirs, *own))


def _decision(decision: Decision, appeal: Appeal, exhibits: tuple[Exhibit, ...]) -> Part:
    results = tuple(
        (text.word(one["kind"], "measure"), text.word(one["result"], "measure.result"))
        for one in decision.measures_result
    )
    ways = [way for way in policies.body(appeal.policy_version_id).redress if way.code in decision.redress]
    redress = "\n".join(localised(way, "text") for way in ways)
    return bundles.decision(decision, text.word(decision.outcome, "appeal.outcome"), exhibits, results, redress)


def register() -> None:
    """Let appeals have a case file."""
    bundles.register("appeal", parties=PARTIES, zone=zone, describe=describe)
