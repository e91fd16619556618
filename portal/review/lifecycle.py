"""A seat's life, who may take it, and what a verdict must hold: pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

CLAIM_LEASE = timedelta(minutes=25)
FINDINGS_LEAST = 40
DECIDED = ("upheld", "partially_upheld", "rejected", "inadmissible")
EVIDENCE_VERDICTS = ("accepted", "partly", "rejected", "not_considered")
MEASURE_RESULTS = ("lift", "reduce", "keep")
DECIDERS = ("reviewer", "senior_reviewer")
FOR_SENIORS = ("second", "tiebreak")
OPEN_STATES = ("queued", "claimed")
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters, by their category, that are drawn as nothing."""
BLANK = re.compile(r"\{\w+\}")

MOVES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "claim": (OPEN_STATES, "claimed"),
    "renew": (("claimed",), "claimed"),
    "release": (("claimed",), "queued"),
    "conclude": (("claimed",), "concluded"),
    "cancel": (OPEN_STATES, "cancelled"),
}


class Seat(Protocol):
    """What of a seat decides who may do what with it."""

    seat: Any
    state: Any
    barred: Any
    claimed_by: Any
    lease_until: Any
    version: Any


@dataclass(frozen=True)
class Asker:
    """Who wants the seat: `of_shop`: belongs to the case's shop; `decided`: gave a verdict in this case before."""

    person_id: int | None
    role: str
    of_shop: bool = False
    decided: bool = False


def free(seat: Seat, at: datetime) -> bool:
    """Whether nobody holds the seat: it waits in the queue, or its lease has run out (the end is exclusive)."""
    return bool(seat.state == "queued" or (seat.state == "claimed" and seat.lease_until <= at))


def held_by(seat: Seat, person_id: int | None) -> bool:
    """Whether the seat is this person's; a lease that ran out stays so until somebody else takes it."""
    return bool(seat.state == "claimed" and seat.claimed_by == person_id)


def unfit(seat: Seat, who: Asker) -> str | None:
    """Why this person may never take this seat; None if they may."""
    if who.role not in DECIDERS or who.person_id is None:
        return "no_decision_right"
    if who.of_shop or who.person_id in seat.barred:
        return "not_independent"
    if seat.seat in FOR_SENIORS and who.role != "senior_reviewer":
        return "seat_for_senior"
    return "verdict_given" if seat.seat != "primary" and who.decided else None


def untakeable(seat: Seat, who: Asker, at: datetime) -> str | None:
    """Why this person can't claim the seat now; None if they can."""
    if seat.state not in OPEN_STATES:
        return _over(seat)
    why = unfit(seat, who)
    if why is None and not free(seat, at) and seat.claimed_by != who.person_id:
        return "claimed_by_other"
    return why


def unheld(seat: Seat, person_id: int | None, at: datetime, version: int) -> str | None:
    """Why a verdict written on this version of the seat can't count; None if it can."""
    if seat.state not in OPEN_STATES:
        return _over(seat)
    if not held_by(seat, person_id):
        return "not_claimed" if free(seat, at) else "claimed_by_other"
    return "claimed_anew" if seat.version != version else None


def _over(seat: Seat) -> str:
    return "already_decided" if seat.state == "concluded" else "left_review"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a verdict: the field it belongs to, a code for its words, and figures for them."""

    place: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What one person found: the outcome with its reason, the findings, and what is said to the party.

    `evidence_verdicts`: `{evidence, verdict, note}` for each exhibit; `measures_result`, if the outcome is partial:
    `{measure_id, kind, result, params}` for each measure. `terms` is what else is decided, in the case type's own
    words; `texts` what is said to further parties, by party.
    """

    outcome: str
    reason_code: str
    findings: str
    text_to_party: str
    evidence_verdicts: tuple[dict[str, Any], ...] = ()
    measures_result: tuple[dict[str, Any], ...] = ()
    terms: Mapping[str, Any] | None = None
    texts: Mapping[str, str] | None = None

    def check(
        self,
        *,
        reasons: Collection[str],
        exhibits: Collection[str],
        measures: Mapping[int, int | None],
        outcomes: Collection[str] = DECIDED,
    ) -> list[Fault]:
        """Everything that is missing or contradicts itself, in the order of the form; empty if it can stand.

        `reasons`: the codes that belong to the outcome; `measures`: each with the figure to reduce, if it has one.
        """
        found: list[Fault] = []
        if self.outcome not in outcomes:
            return [Fault("outcome", "outcome_missing")]
        if self.reason_code not in reasons:
            found.append(Fault("reason_code", "reason_missing"))
        if (length := len(_seen(self.findings))) < FINDINGS_LEAST:
            found.append(Fault("findings", "findings_short", {"length": length, "min": FINDINGS_LEAST}))
        found += text_faults(self.text_to_party)
        for party, said in (self.texts or {}).items():
            found += text_faults(said, f"text_to_{party}")
        given = {entry["evidence"] for entry in self.evidence_verdicts if entry["verdict"] in EVIDENCE_VERDICTS}
        found += [Fault(f"exhibit:{ref}", "exhibit_unjudged", {"exhibit": ref}) for ref in exhibits if ref not in given]
        judges = self.outcome == "partially_upheld" and measures
        return found + (_measure_faults(self.measures_result, measures) if judges else [])

    def agrees(self, other: "Verdict", grave: Collection[str] = ()) -> bool:
        """Whether two people came to the same result: outcome, measures, terms, and each `grave` reason from both."""
        if {self.reason_code, other.reason_code} & set(grave) and self.reason_code != other.reason_code:
            return False
        same = self.outcome == other.outcome and _results(self) == _results(other)
        return same and (self.terms or {}) == (other.terms or {})

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as a seat stores them."""
        return asdict(self) | {
            "evidence_verdicts": list(self.evidence_verdicts),
            "measures_result": list(self.measures_result),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The verdict a seat stored."""
        return cls(
            outcome=stored["outcome"],
            reason_code=stored["reason_code"],
            findings=stored["findings"],
            text_to_party=stored["text_to_party"],
            evidence_verdicts=tuple(stored["evidence_verdicts"]),
            measures_result=tuple(stored["measures_result"]),
            terms=stored.get("terms"),
            texts=stored.get("texts"),
        )


def text_faults(said: str, place: str = "text_to_party") -> list[Fault]:
    """What is wrong with the words meant for a party: nothing there, or a blank of the template left open."""
    if not _seen(said):
        return [Fault(place, "text_missing")]
    left = BLANK.search(said)
    return [Fault(place, "text_blank", {"blank": left[0]})] if left else []


def _seen(said: str) -> str:
    """What somebody reads of it: without signs that only steer others, and the blanks around."""
    return "".join(sign for sign in said if unicodedata.category(sign) != "Cf" and sign not in FILLERS).strip()


def _results(verdict: Verdict) -> set[tuple[Any, ...]]:
    return {
        (entry["measure_id"], entry["result"], tuple(sorted(entry.get("params", {}).items())))
        for entry in verdict.measures_result
    }


def _measure_faults(results: Collection[dict[str, Any]], measures: Mapping[int, int | None]) -> list[Fault]:
    said = {entry["measure_id"]: entry for entry in results if entry["result"] in MEASURE_RESULTS}
    faults = [Fault(f"measure:{key}", "measure_undecided") for key in measures if key not in said]
    for key, entry in said.items():
        faults += _reduction_faults(key, entry, measures.get(key))
    kinds = {entry["result"] for entry in said.values()}
    if not faults and kinds in ({"lift"}, {"keep"}):
        return [Fault(f"measure:{next(iter(measures))}", "measures_all_alike")]
    return faults


def _reduction_faults(key: int, entry: Mapping[str, Any], most: int | None) -> list[Fault]:
    if entry["result"] != "reduce":
        return []
    if most is None:
        return [Fault(f"measure:{key}", "measure_irreducible")]
    figures = [value for value in entry.get("params", {}).values() if isinstance(value, int)]
    if len(figures) != 1 or not 0 < figures[0] < most:
        return [Fault(f"measure:{key}", "measure_not_less")]
    return []
