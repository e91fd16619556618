"""Issuing penalties: one by one or in thousands, by the same few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten
from typing import Any

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite

from portal import audit, deadlines, messages, policies
from portal.accounts.models import Shop
from portal.audit import Actor, Entry
from portal.db import dialect, session
from portal.penalties.drawing import Charge, Drawn, Terms, draw_up
from portal.penalties.finding import Finding
from portal.penalties.models import Measure, Penalty
from portal.penalties.queries import by_ref, known
from portal.penalties.sealing import facts_sha256
from portal.policies import Editions
from portal.refusals import Refused

LONGEST_IN_NOTICE = 300


@dataclass(slots=True)
class Issued:
    """What became of each charge: issued now, there already, or there with other content; each with its ref."""

    new: list[str] = field(default_factory=list)
    existing: list[str] = field(default_factory=list)
    conflicts: list[tuple[Charge, str]] = field(default_factory=list)


def issue(shop: Shop, finding: Finding, *, by: Actor, at: datetime) -> Penalty:
    """Issue one penalty with its measures and reasons, start the time to appeal and tell the shop.

    The same finding again gives the penalty that is there; a different one under its external id is refused with
    `penalty_differs`. Raises `NoMeasureError` when the finding leaves no measure.
    """
    issued = issue_all([Charge(shop, finding)], by=by, at=at)
    if issued.conflicts:
        raise Refused("penalty_differs", external_id=finding.external_id, ref=issued.conflicts[0][1])
    return by_ref([*issued.new, *issued.existing][0])


def issue_all(charges: Iterable[Charge], *, by: Actor, at: datetime) -> Issued:
    """Issue many penalties at once; what is there already, the same or different, is left as it is.

    Each external id stands in `charges` once. The rows go in ordered by shop and external id, so that two imports at
    the same time wait for each other and never block each other: shops as texts, as PostgreSQL locks their tallies.
    """
    issued, terms = Issued(), _AllTerms(at)
    news = sorted(_news(list(charges), issued), key=lambda charge: (str(charge.shop.id), charge.key))
    drawn = [draw_up(charge, terms.of(charge), issuer_id=by.person_id) for charge in news]
    ids = _insert(drawn)
    _news([one.charge for one in drawn if one.charge.key not in ids], issued)
    fresh = [one for one in drawn if one.charge.key in ids]
    for one in fresh:
        one.id = ids[one.charge.key]
        issued.new.append(one.row["ref"])
    if fresh:
        _add_measures(fresh)
        _start_windows(fresh)
        audit.record_all([_event(one, by, at) for one in fresh])
        messages.tell_all([_notice(one, at) for one in fresh])
    return issued


class _AllTerms:
    """The terms of a batch: each charge is bound by its shop's policy as it was when the shop was told."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._policies: dict[str, Editions] = {}
        self._terms: dict[int, Terms] = {}

    def of(self, charge: Charge) -> Terms:
        code, finding = charge.shop.policy_code, charge.finding
        if code not in self._policies:
            self._policies[code] = policies.editions(code, self.at)
        edition = self._policies[code].binding(finding.rule_code, finding.notified_at or self.at)
        if edition is None:
            raise Refused("no_such_rule", name=finding.rule_code)
        if edition.id not in self._terms:
            self._terms[edition.id] = Terms(edition, self.at)
        return self._terms[edition.id]


def _news(charges: Sequence[Charge], issued: Issued) -> list[Charge]:
    """The charges nobody has brought before; the others are counted as what they are."""
    there, news = known([charge.key for charge in charges]), []
    for charge in charges:
        if charge.key not in there:
            news.append(charge)
        elif there[charge.key].content_sha256 == charge.fingerprint:
            issued.existing.append(there[charge.key].ref)
        else:
            issued.conflicts.append((charge, there[charge.key].ref))
    return news


def _insert(drawn: Sequence[Drawn]) -> dict[tuple[str, str], int]:
    """Insert those that nobody inserts at the same time; their ids by source and external id."""
    if not drawn:
        return {}
    table = Penalty.__table__
    make: Any = sqlite.insert if dialect().name == "sqlite" else postgresql.insert
    unless_there = make(table).on_conflict_do_nothing(index_elements=["source", "external_id"])
    rows = session().execute(
        unless_there.returning(table.c.id, table.c.source, table.c.external_id), [one.row for one in drawn]
    )
    return {(source, external_id): key for key, source, external_id in rows}


def _add_measures(fresh: Sequence[Drawn]) -> None:
    session().execute(
        insert(Measure),
        [
            {"penalty_id": one.id, "kind": kind, "params": params, "execution": _execution(one)}
            for one in fresh
            for kind, params in one.measures
        ],
    )


def _execution(one: Drawn) -> str:
    return "pending" if one.row["status"] == "active" else "none"


def _start_windows(fresh: Sequence[Drawn]) -> None:
    deadlines.start_all(
        deadlines.Start(
            subject_type="penalty",
            subject_id=one.id,
            kind="file_appeal",
            party="merchant",
            spec=one.terms.policy.filing(one.rule),
            at=one.row["notified_at"],
            policy_version_id=one.terms.version_id,
            calendar_version_id=one.terms.calendar_id,
        )
        for one in fresh
        if one.is_open()
    )


def _event(one: Drawn, by: Actor, at: datetime) -> Entry:
    shown = ("source", "external_id", "content_sha256", "rule_code", "amount_minor", "currency", "points", "due_at")
    said = {key: one.row[key] for key in shown} | {"measures": [kind for kind, _params in one.measures]}
    said["facts_sha256"] = facts_sha256(one.row, one.measures)
    return Entry(one.row["ref"], "penalty.issued", at, by, None, one.row["status"], _plain(said))


def _notice(one: Drawn, at: datetime) -> messages.Told:
    row, number = one.row, one.row["external_id"]
    name, facts = one.rule.name, shorten(row["facts"], LONGEST_IN_NOTICE, placeholder="…")
    return messages.Told(
        event=f"penalty.issued:{row['ref']}",
        to=messages.to_shop(one.charge.shop),
        kind=_kind(one),
        params={"ref": number, "rule_zh": name.zh, "rule_en": name.en, "facts": facts, "due_at": row["due_at"]},
        case=("penalty", row["ref"]),
        at=at,
    )


def _kind(one: Drawn) -> str:
    if not one.is_open():
        return "penalty.issued_final"
    return "penalty.issued" if one.terms.policy.max_appeals == 1 else "penalty.issued_again"


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in said.items()}
