"""What the pages show of the hearings of one case, gathered once; templates ask it and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _

from portal import aftersales, deadlines, evidence, policies, review, text
from portal.arbitration import lifecycle, queries
from portal.arbitration.lifecycle import Ruling
from portal.arbitration.models import Arbitration
from portal.deadlines.models import Deadline
from portal.evidence.models import EvidenceItem
from portal.policies import Line
from portal.review.models import Decision, EvidenceRequest
from portal.text import localised


@dataclass(frozen=True, slots=True)
class Ruled:
    """One ruling as a party reads it: the decision, who bears what, and the words meant for this party.

    `won`: it costs this party nothing; `paid`: what the buyer gets, in words where it is no money; `verdicts`: exhibit,
    verdict and note, of those this party may see.
    """

    round: int
    decision: Decision
    ruling: Ruling
    refund_minor: int
    paid: str
    findings: str
    words: str
    won: bool
    replaced: bool
    verdicts: tuple[tuple[str, str, str], ...]


def of_party(rounds: Sequence[Arbitration], party: str, at: datetime) -> dict[str, Any]:
    """The hearings of a case, the first one first, as this party sees them."""
    first, last = rounds[0], rounds[-1]
    own = queries.own_clock(last, party) or queries.own_clock(first, party)
    return {
        "first": first,
        "last": last,
        "own": own,
        "days": deadlines.explanation(own) if own else (),
        "lines": lines_of(first, party),
        "helps": own is not None and own.kind in ("evidence", "rebuttal"),
        "burden": cause_of(first).burden_of_proof,
        "proof": proof_of(first),
        "request": open_request(last, party),
        "names": names_of(first),
        "rulings": [one for one in (ruled(row, party) for row in reversed(rounds)) if one],
        "others": other_clocks(last, party),
        "way": policies.arbitration(first.policy_version_id).second_instance[party],
        "windows": policies.arbitration(first.policy_version_id).windows,
        "steps": steps(rounds),
        "stage": text.word(last.status, "arbitration.status"),
    }


def cause_of(arbitration: Arbitration) -> policies.Cause:
    """The reason of the request, as the frozen policy version words it."""
    return policies.body(arbitration.policy_version_id).catalogue.causes[arbitration.reason_code]


def proof_of(arbitration: Arbitration) -> str:
    """Who must prove what in a dispute of this reason, as a sentence."""
    cause = cause_of(arbitration)
    if cause.burden_of_proof == "buyer":
        return str(_("For “%(reason)s” the buyer proves it.", reason=localised(cause, "name")))
    return str(_("For “%(reason)s” the merchant proves the contrary.", reason=localised(cause, "name")))


def lines_of(arbitration: Arbitration, party: str) -> tuple[Line, ...]:
    """What helps this side to prove its point."""
    return cause_of(arbitration).requirements[party]


def names_of(arbitration: Arbitration) -> dict[str, str]:
    """What a side can be asked for, by name in the reader's language."""
    return {key: name for party in lifecycle.PARTIES for key, name in asked_of(arbitration, party).items()}


def asked_of(arbitration: Arbitration, party: str) -> dict[str, str]:
    """What this side can be asked for, by name; the last is whatever else may help."""
    named = {line.key: localised(line, "label") for line in lines_of(arbitration, party)}
    return {**named, f"{party}_other": str(_("Something else"))}


def open_request(arbitration: Arbitration, party: str) -> EvidenceRequest | None:
    """What this side is asked for now."""
    if arbitration.status != "more_evidence" or arbitration.awaited != party:
        return None
    return review.latest_request("arbitration", arbitration.id, party)


def ruled(arbitration: Arbitration, party: str) -> Ruled | None:
    """The ruling of this round, if there is one."""
    decisions = review.decisions_of("arbitration", arbitration.id)
    if not decisions:
        return None
    decision, read = decisions[0], partial(aftersales.as_read, arbitration.after_sale, party, aftersales.PLATFORM)
    ruling = Ruling.from_dict(decision.terms or {})
    return Ruled(
        round=arbitration.round,
        decision=decision,
        ruling=ruling,
        refund_minor=ruling.refund_minor(arbitration.amount_minor),
        paid=paid(ruling, arbitration),
        findings=read(decision.findings),
        words=read((decision.texts or {}).get(party) or decision.text_to_party),
        won=party not in ruling.losers(),
        replaced=arbitration.replaced,
        verdicts=_verdicts(arbitration, decision, party),
    )


def paid(ruling: Ruling, arbitration: Arbitration) -> str:
    """What the buyer is paid by such a ruling of this dispute, or what they get instead."""
    minor = ruling.refund_minor(arbitration.amount_minor)
    if minor:
        return text.money(minor, arbitration.currency)
    return str(_("Goods instead of money") if ruling.kind == "exchange_or_reship" else _("Nothing"))


def _verdicts(arbitration: Arbitration, decision: Decision, party: str) -> tuple[tuple[str, str, str], ...]:
    items = evidence.items_of("aftersale", arbitration.after_sale_id, state="sealed")
    seen = {item.ref: item for item in aftersales.seen(arbitration.after_sale, party, items)}
    read = partial(aftersales.as_read, arbitration.after_sale, party)
    return tuple(
        (_named(seen[one["evidence"]], read), one["verdict"], read(aftersales.PLATFORM, one.get("note", "")))
        for one in decision.evidence_verdicts
        if one["evidence"] in seen
    )


def _named(item: EvidenceItem, read: Callable[[str, str], str]) -> str:
    return f"{item.exhibit_label} {read(item.owner_party, item.title)}"


def steps(rounds: Sequence[Arbitration]) -> list[tuple[str, str, str]]:
    """Where the hearing stands: state, words and a small word for each step of it."""
    first, last = rounds[0], rounds[-1]
    titles = [_("Hand in evidence"), _("Ruling"), *([_("Second review")] if first.second_via else [])]
    here = 0 if first.status in ("collecting", "rebuttal") else 1 if first.outcome is None else 2
    now = len(titles) if first.ended_at or first.status == "decided" else here
    small = _("by %(moment)s", moment=text.due(last.due_at)) if last.due_at else ""
    states = ["done"] * now + ["now"] + [""] * len(titles)
    return [(states[n], title, small if n == now else "") for n, title in enumerate(titles)]


def borne(ruling: Ruling, currency: str) -> list[tuple[str, str]]:
    """Who bears how much, line by line."""
    return [
        (_("Borne by: %(who)s", who=text.word(bearer, "bearer")), text.money(minor, currency))
        for bearer, minor in ruling.amounts.items()
    ]


def other_clocks(arbitration: Arbitration, party: str) -> list[Deadline]:
    """Whose time runs beside this side's own."""
    return [one for one in queries.clocks(arbitration) if one.party != party and one.state == "running"]
