"""Which verb an appeal allows when, and what it still lacks before it can be handed in: pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from portal.refusals import Refused

OPEN = ("draft", "under_review", "needs_evidence")


@dataclass(frozen=True)
class Move:
    """From which statuses a verb leads where, and who may do it. A `None` target: the row is gone."""

    verb: str
    sources: tuple[str, ...]
    target: str | None
    by: tuple[str, ...]
    outcomes: tuple[str, ...] = ()


DECIDED = ("upheld", "partially_upheld", "rejected", "inadmissible")
MOVES = {
    move.verb: move
    for move in (
        Move("save", ("draft",), "draft", ("merchant",)),
        Move("discard", ("draft",), None, ("merchant",)),
        Move("submit", ("draft",), "under_review", ("merchant",)),
        Move("lapse", ("draft",), "completed", ("system",), ("lapsed",)),
        Move("ask_for_evidence", ("under_review",), "needs_evidence", ("reviewer",)),
        Move("recommend", ("under_review",), "under_review", ("reviewer",)),
        Move("decide", ("under_review",), "completed", ("reviewer",), DECIDED),
        Move("flag_overdue", ("under_review",), "under_review", ("system",)),
        Move("save_supplement", ("needs_evidence",), "needs_evidence", ("merchant",)),
        Move("supplement", ("needs_evidence",), "under_review", ("merchant",)),
        Move("time_out", ("needs_evidence",), "completed", ("system",), ("closed_timeout",)),
        Move("pass_on", ("needs_evidence",), "under_review", ("system",)),
        Move("withdraw", ("under_review", "needs_evidence"), "completed", ("merchant",), ("withdrawn",)),
        Move("revoke", OPEN, "completed", ("penalty_issuer",), ("moot",)),
        Move("overtake", OPEN, "completed", ("system",), ("moot",)),
    )
}


AGAINST = ("rejected", "partially_upheld", "inadmissible", "closed_timeout")
"""The outcomes that were decided against the party, whole or in part, by a person or by the system."""


def chance(round_no: int, rounds_allowed: int) -> str:
    """Which of the appeals that the policy allows this is: the `only` one, one with `more` after it, or the `last`."""
    if rounds_allowed == 1:
        return "only"
    return "more" if round_no < rounds_allowed else "last"


def another_round(outcome: str, round_no: int, rounds_allowed: int) -> bool:
    """Whether an appeal that ended so may be followed by another one.

    Whoever takes an appeal back or lets a draft lapse has no decision that another one could be against.
    """
    return outcome in AGAINST and chance(round_no, rounds_allowed) == "more"


def offered(status: str, role: str) -> tuple[str, ...]:
    """The verbs this role may do in this status: what a page offers is what is accepted."""
    return tuple(verb for verb, move in MOVES.items() if status in move.sources and role in move.by)


def allows(status: str, verb: str) -> bool:
    """Whether the verb is possible in this status."""
    return status in MOVES[verb].sources


def require(status: str, verb: str) -> Move:
    """The move, or `Refused("transition_not_allowed")`."""
    if not allows(status, verb):
        raise Refused("transition_not_allowed", status=status, verb=verb)
    return MOVES[verb]


@dataclass(frozen=True)
class Draft:
    """What somebody has written and added so far; `files` counts the new exhibits of each requirement."""

    statement: str
    ground: str | None = None
    files: Mapping[str, int] = field(default_factory=dict)
    declarations: Mapping[str, str] = field(default_factory=dict)
    placed: tuple[str, ...] = ()

    def fingerprint(self) -> str:
        """What was shown on the check page, so that only that is handed in."""
        seen = [self.ground, self.statement, sorted(self.declarations.items()), sorted(self.placed)]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Wanted:
    """What the rule and the policy ask for."""

    grounds: Collection[str]
    required: tuple[str, ...]
    statement_min: int
    statement_max: int


@dataclass(frozen=True)
class Missing:
    """One thing still lacking: where on the form it belongs, a code for its words, and figures for them."""

    place: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def missing(draft: Draft, wanted: Wanted) -> list[Missing]:
    """Everything that keeps the appeal from being handed in, in the order of the form; empty if nothing does."""
    found: list[Missing] = []
    if draft.ground not in wanted.grounds:
        found.append(Missing("ground", "ground_missing"))
    found += unanswered(wanted.required, draft)
    return found + _statement(draft, wanted)


def unanswered(required: Iterable[str], draft: Draft) -> list[Missing]:
    """The requirements with neither a file nor a declaration."""
    return [
        Missing(key, "evidence_missing", {"requirement": key})
        for key in required
        if not draft.files.get(key) and not draft.declarations.get(key, "").strip()
    ]


def _statement(draft: Draft, wanted: Wanted) -> list[Missing]:
    length = len(draft.statement.strip())
    figures = {"length": length, "min": wanted.statement_min, "max": wanted.statement_max}
    if length < wanted.statement_min:
        return [Missing("statement", "statement_short", figures)]
    return [Missing("statement", "statement_long", figures)] if length > wanted.statement_max else []


def missing_in_supplement(draft: Draft, deficiencies: Iterable[str], statement_max: int) -> list[Missing]:
    """What keeps a supplement from being handed in: each deficiency needs a new file or a declaration."""
    found = unanswered(dict.fromkeys(deficiencies), draft)
    if not draft.files and not draft.statement.strip() and not any(d.strip() for d in draft.declarations.values()):
        found = found or [Missing("statement", "supplement_empty")]
    return found + _statement(draft, Wanted((), (), 0, statement_max))


def answered(draft: Draft, wanted: Wanted) -> int:
    """How many of the required answers are there; the completeness meter shows it against `asked`."""
    return max(0, asked(wanted) - len(missing(draft, wanted)))


def asked(wanted: Wanted) -> int:
    """How many answers are required: the ground, each requirement, and the statement if it has a least length."""
    return 1 + len(wanted.required) + (wanted.statement_min > 0)
