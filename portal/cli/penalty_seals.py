"""Penalties against their history: as they were issued, and as they were changed since."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal import many, penalties
from portal.audit.models import AuditEvent
from portal.db import session
from portal.penalties.models import FIGURES, Measure, Penalty

AT_ONCE = 500
ISSUED, REDUCED, REINSTATED = "penalty.issued", "penalty.reduced", "penalty.reinstated"
STATED = ("source", "external_id", "content_sha256", "rule_code", "amount_minor", "currency", "points")
"""What the first event says in so many words; its hash covers the rest."""
EFFECTS = {"overturned": "lifted", "revoked": "lifted"}

Rows = Sequence[Mapping[str, Any]]
Events = Mapping[str, list[tuple[str, dict[str, Any]]]]


def faults() -> Iterator[str]:
    """The penalties that are not what their history says they are."""
    every = select(Penalty.__table__).order_by(Penalty.id).execution_options(yield_per=AT_ONCE)
    for some in session().execute(every).partitions():
        yield from _changed([row._asdict() for row in some])


def _changed(some: Rows) -> Iterator[str]:
    told, measures = _told([row["ref"] for row in some]), _measures([row["id"] for row in some])
    for row in some:
        events, ours = told[row["ref"]], measures[row["id"]]
        if not events or events[0][0] != ISSUED:
            yield f"{row['ref']}: its history doesn't tell that it was issued"
            continue
        fault = _as_issued(row, ours, events[0][1]) or _as_changed(row, ours, events)
        if fault:
            yield f"{row['ref']}: {fault}"


def _told(refs: Sequence[str]) -> Events:
    found: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    ask = select(AuditEvent.chain, AuditEvent.action, AuditEvent.data).where(
        many.among(AuditEvent.chain, refs), AuditEvent.action.in_((ISSUED, REDUCED, REINSTATED))
    )
    for name, action, data in session().execute(ask.order_by(AuditEvent.chain, AuditEvent.seq)):
        found[name].append((action, data))
    return found


def _measures(ids: Sequence[int]) -> Mapping[int, Rows]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    every = select(Measure.__table__).where(many.among(Measure.penalty_id, ids)).order_by(Measure.id)
    for row in session().execute(every):
        found[row.penalty_id].append(row._asdict())
    return found


def _as_issued(row: Mapping[str, Any], measures: Rows, said: Mapping[str, Any]) -> str:
    """What differs from its first event; the events of older versions have no hash of the facts."""
    other = [name for name in STATED if said.get(name, row[name]) != row[name]]
    if other:
        return f"not as it was issued: {', '.join(other)}"
    kinds = [measure["kind"] for measure in measures]
    if said.get("measures", kinds) != kinds:
        return "its measures are not those that were issued"
    given = [(measure["kind"], measure["params"]) for measure in measures]
    if "facts_sha256" in said and said["facts_sha256"] != penalties.facts_sha256(row, given):
        return "its facts, reasons, dates or measures are not as they were issued"
    return ""


def _as_changed(row: Mapping[str, Any], measures: Rows, events: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """What differs from what became of its measures, as its history tells it."""
    reduced = _reductions(events)
    for measure in measures:
        result = reduced.get(measure["id"], {})
        if _now(measure["params"]) != _then(measure["params"], result):
            return f"measure {measure['kind']} has another figure than its history tells"
        effect = EFFECTS.get(row["status"]) or result.get("effect", "active")
        if row["status"] != "held" and measure["effect"] != effect:
            return f"measure {measure['kind']} is {measure['effect']}, and by its history {effect}"
    return ""


def _reductions(events: Sequence[tuple[str, Mapping[str, Any]]]) -> Mapping[int, dict[str, Any]]:
    """What each measure has become, by its id; one that was put back is as it was issued."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for action, data in events:
        if action == REINSTATED:
            found.clear()
        for result in data.get("results", ()) if action == REDUCED else ():
            if result["result"] == "lift":
                found[result["measure_id"]]["effect"] = "lifted"
            elif result["result"] == "reduce":
                found[result["measure_id"]] |= {"effect": "reduced", "params": result.get("params") or {}}
    return found


def _now(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "was"}


def _then(params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    issued = penalties.as_issued(params)
    figure = next((name for name in FIGURES if name in issued), "")
    lowered = result.get("params", {})
    return issued | ({figure: lowered[figure]} if figure in lowered else {})
