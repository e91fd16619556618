"""When each step of a case happens: reckoned back from how it stands now. Pure, but for the calendars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal import policies
from portal.demo.cases import Case
from portal.demo.moments import begun, days_ago

A_DAY = timedelta(days=1)
WRITING = timedelta(hours=3)
LATELY = timedelta(minutes=6)
CARRYING_OUT = timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens in a case."""

    at: datetime
    verb: str
    case: Case


def steps(case: Case, now: datetime, version_id: int) -> Iterator[Step]:
    """All steps of a case up to now, under this version of the policy."""
    for at, verb in _told(case, now, version_id):
        yield Step(min(at, now), verb, case)


def _told(case: Case, now: datetime, version_id: int) -> Iterator[tuple[datetime, str]]:
    policy, rule = policies.body(version_id), policies.rule(version_id, case.rule)
    if case.scene in ("open", "draft", "announced"):
        issued = begun(now, policy.filing(rule), "merchant", version_id, hours=case.hours, clock=case.clock)
        yield issued, "issue"
        if case.scene == "draft":
            yield issued + WRITING, "prepare"
        return
    if case.scene in ("ignored", "lapsed"):
        issued = days_ago(now, case.days, *case.clock)
        yield issued, "issue"
        if case.scene == "lapsed":
            yield issued + WRITING, "prepare"
        return
    yield from _filed(case, now, _turning_point(case, now, version_id))


def _turning_point(case: Case, now: datetime, version_id: int) -> datetime:
    """When the present clock began, or when the case was ended."""
    policy = policies.body(version_id)
    if case.scene == "asked":
        return begun(now, policy.supplement, "merchant", version_id, hours=case.hours, clock=case.clock)
    if case.days:
        return days_ago(now, case.days, *case.clock)
    return begun(now, policy.review, "platform", version_id, hours=case.hours, clock=case.clock)


def _filed(case: Case, now: datetime, turn: datetime) -> Iterator[tuple[datetime, str]]:
    asked = {"asked": turn, "timed_out": turn, "supplemented": turn - A_DAY}.get(case.scene)
    if case.scene == "decided" and case.wanted:
        asked = turn - 3 * A_DAY
    before = {"decided": 3 * A_DAY, "withdrawn": A_DAY, "moot": A_DAY}.get(case.scene, timedelta(0))
    filed = asked - 2 * A_DAY if asked else turn - before
    yield filed - 2 * A_DAY, "issue"
    yield filed - WRITING, "prepare"
    yield filed, "submit"
    if asked:
        yield asked, "ask"
    if case.scene == "supplemented" or (asked and case.scene == "decided"):
        yield turn - (2 * A_DAY if case.scene == "decided" else timedelta(0)), "supplement"
    ends = {
        "claimed": (now - LATELY, "claim"),
        "second": (max(filed + timedelta(minutes=10), min(filed + A_DAY, now - WRITING)), "decide"),
        "decided": (turn, "decide"),
        "withdrawn": (turn, "withdraw"),
        "moot": (turn, "revoke"),
    }
    if case.scene in ends:
        yield ends[case.scene]
    changed = case.scene == "moot" or (case.ruled and case.ruled.outcome in ("upheld", "partially_upheld"))
    if changed and case.scene in ("decided", "moot") and turn + CARRYING_OUT < now:
        yield turn + CARRYING_OUT, "executed"
