"""What becomes of a penalty: suspended, resumed, reduced, overturned, revoked, in force."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from portal import audit, messages
from portal.audit import SYSTEM, Actor
from portal.db import session
from portal.penalties.actions.executing import watch
from portal.penalties.lifecycle import after, on_resuming
from portal.penalties.models import Measure, Penalty
from portal.penalties.queries import rule_words
from portal.penalties.sealing import as_issued
from portal.refusals import Refused


def hold(penalty: Penalty, measures: Iterable[Measure], *, by: Actor, at: datetime) -> None:
    """Suspend these measures until the appeal is decided, and tell the shop."""
    held = [measure for measure in measures if measure.effect == "active"]
    for measure in held:
        measure.effect, measure.execution = "held", "pending"
    _move(penalty, "hold", "penalty.held", by=by, at=at, kinds=[measure.kind for measure in held])
    _tell(penalty, "penalty.held", at, once=f":{at.isoformat()}")


def resume(penalty: Penalty, *, by: Actor, at: datetime) -> None:
    """Let suspended measures go on; a penalty that was not suspended stays as it is."""
    if penalty.status != "held":
        return
    held = [measure for measure in penalty.measures if measure.effect == "held"]
    for measure in held:
        measure.effect, measure.execution = "active", "pending"
    event = on_resuming(penalty.effective_at, at)
    _move(penalty, event, "penalty.resumed", by=by, at=at, kinds=[measure.kind for measure in held])


def lift(penalty: Penalty, *, by: Actor, at: datetime) -> None:
    """Overturn the penalty: none of its measures stays in effect."""
    lifted = _lift_all(penalty.measures)
    _move(penalty, "overturn", "penalty.overturned", by=by, at=at, kinds=lifted)


def revoke(penalty: Penalty, *, reason: str, by: Actor, at: datetime) -> None:
    """Take the penalty back, and tell the shop why; only before it was decided on.

    The entry is `appeals.revoke`, which ends a running appeal as well.
    """
    lifted = _lift_all(penalty.measures)
    penalty.appeal_window = "closed"
    _move(penalty, "revoke", "penalty.revoked", by=by, at=at, kinds=lifted, reason=reason)
    _tell(penalty, "penalty.revoked", at, reason=reason)


def reduce(penalty: Penalty, *, results: Sequence[Mapping[str, Any]], by: Actor, at: datetime) -> None:
    """Change the measures as decided: `{measure_id, result, params}` each, result being lift, reduce or keep.

    `params` replace the figure of a reduced measure, which must become smaller. A measure that is not named is kept.
    Refused with `measure_unknown`, `measure_not_less`, or `nothing_reduced` if all would stay as it is.
    """
    by_id = {measure.id: measure for measure in penalty.measures}
    changed = []
    for result in results:
        measure = by_id.get(result["measure_id"])
        if measure is None:
            raise Refused("measure_unknown", measure_id=result["measure_id"])
        changed += _change(measure, result["result"], result.get("params") or {})
    if not changed:
        raise Refused("nothing_reduced")
    for measure in penalty.measures:
        if measure.effect == "held":
            measure.effect, measure.execution = "active", "pending"
    _move(penalty, "reduce", "penalty.reduced", by=by, at=at, results=[dict(result) for result in results])


def reinstate(penalty: Penalty, *, by: Actor, at: datetime) -> None:
    """Put every measure into effect again as it was issued; only somebody above the platform can order that."""
    back = [measure for measure in penalty.measures if measure.effect != "active"]
    for measure in back:
        measure.params = as_issued(measure.params)
        measure.effect, measure.execution = "active", "pending"
    _move(penalty, "reinstate", "penalty.reinstated", by=by, at=at, kinds=[measure.kind for measure in back])


def _change(measure: Measure, result: str, params: Mapping[str, Any]) -> list[str]:
    if result == "lift":
        return _lift_all([measure])
    if result != "reduce":
        return []
    figure = measure.figure
    if figure is None or not 0 < params.get(figure[0], 0) < figure[1]:
        raise Refused("measure_not_less", measure_id=measure.id)
    name, was = figure
    measure.params = measure.params | {name: params[name], "was": {name: was} | measure.params.get("was", {})}
    measure.effect, measure.execution = "reduced", "pending"
    return [measure.kind]


def _lift_all(measures: Iterable[Measure]) -> list[str]:
    lifted = [measure for measure in measures if measure.effect != "lifted"]
    for measure in lifted:
        measure.effect, measure.execution = "lifted", "pending"
    return [measure.kind for measure in lifted]


def take_effect(batch: Sequence[Penalty]) -> None:
    """Bring announced penalties into force, stamped with the instant they were announced for."""
    for penalty in batch:
        for measure in penalty.measures:
            measure.execution = "pending"
        _move(penalty, "take_effect", "penalty.in_force", by=SYSTEM, at=penalty.effective_at)
        _tell(penalty, "penalty.in_force", penalty.effective_at)


def _move(penalty: Penalty, event: str, action: str, *, by: Actor, at: datetime, **data: Any) -> None:
    came_from, penalty.status = penalty.status, after(penalty.status, event)
    session().flush()
    audit.record(penalty.ref, action, by=by, at=at, moved=(came_from, penalty.status), data=data)
    if by is not SYSTEM and any(measure.execution == "pending" for measure in penalty.measures):
        watch(penalty, at=at)


def _tell(penalty: Penalty, kind: str, at: datetime, *, once: str = "", **more: str) -> None:
    messages.tell(
        f"{kind}:{penalty.ref}{once}",
        to=messages.to_shop(penalty.shop_id),
        kind=kind,
        params={"ref": penalty.external_id, **rule_words(penalty), **more},
        case=("penalty", penalty.ref),
        at=at,
    )
