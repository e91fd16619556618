"""Which verb each way after the last word allows when, and to whom: pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.refusals import Refused

PARTIES = ("merchant", "buyer")
JUDGES = ("reviewer", "senior_reviewer")
ABOVE = ("senior_reviewer", "lead")
"""Who may propose and confirm what a court or an authority decided; always two of them."""

FOUND = ("justified", "partly", "unjustified")
SHOWN = ("granted", "partly", "refused")
AUTHORITIES = ("court", "regulator", "ods_body", "platform_error")
CHANGES = ("lift", "reduce", "reinstate", "none")

STATEMENT = (20, 2000)
ASKED = (10, 1000)
ANSWER = (40, 4000)
REASON = (20, 4000)
EFFECT = (20, 2000)
REFERENCE = (1, 120)
"""Least and most characters of what is written in each place."""


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a verb leads where, and who may do it."""

    verb: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    by: tuple[str, ...]


def _table(*moves: Move) -> dict[str, Move]:
    return {move.verb: move for move in moves}


MOVES: Mapping[str, Mapping[str, Move]] = {
    "complaint": _table(
        Move("file", ("none", "answered"), ("open",), PARTIES),
        Move("answer", ("open",), ("answered",), ("lead",)),
        Move("flag_overdue", ("open",), ("open",), ("system",)),
    ),
    "disclosure": _table(
        Move("ask", ("none",), ("open",), PARTIES),
        Move("answer", ("open",), SHOWN, (*JUDGES, "lead")),
        Move("flag_overdue", ("open",), ("open",), ("system",)),
    ),
    "human_review": _table(
        Move("ask", ("available",), ("asked",), ("merchant",)),
        Move("decide", ("asked",), ("decided",), JUDGES),
        Move("expire", ("available",), ("over",), ("system",)),
    ),
    "override": _table(
        Move("propose", ("none", "confirmed", "declined"), ("proposed",), ABOVE),
        Move("confirm", ("proposed",), ("confirmed",), ABOVE),
        Move("decline", ("proposed",), ("declined",), ABOVE),
    ),
}
"""Every move there is, by way; a state `none`: nothing of this kind was filed yet."""

STATES = {
    "complaint": ("none", "open", "answered"),
    "disclosure": ("none", "open", *SHOWN),
    "human_review": ("none", "available", "asked", "decided", "over"),
    "override": ("none", "proposed", "confirmed", "declined"),
}


def allows(way: str, state: str, verb: str, role: str) -> bool:
    """Whether this role may do it in this state."""
    move = MOVES[way].get(verb)
    return move is not None and state in move.sources and role in move.by


def offered(way: str, state: str, role: str) -> tuple[str, ...]:
    """The verbs this role may do: what a page offers is what is accepted."""
    return tuple(verb for verb in MOVES[way] if allows(way, state, verb, role))


def require(way: str, state: str, verb: str, role: str) -> Move:
    """The move, or `Refused("transition_not_allowed")`."""
    if not allows(way, state, verb, role):
        raise Refused("transition_not_allowed", status=state, verb=verb)
    return MOVES[way][verb]


def party_of(role: str) -> str:
    """The side on which somebody in this role acts; whoever is on neither keeps their role."""
    return "merchant" if role.startswith("merchant_") else role


def words(said: str, limits: tuple[int, int]) -> str:
    """What was written, trimmed; refused with `statement_length` if it is too short or too long."""
    plain = said.strip()
    least, most = limits
    if not least <= len(plain) <= most:
        raise Refused("statement_length", least=least, most=most, length=len(plain))
    return plain


def changes(status: str) -> tuple[str, ...]:
    """What an order from above can do to a penalty in this state."""
    if status == "revoked":
        return ("none",)
    if status == "overturned":
        return ("reinstate", "none")
    if status == "reduced":
        return CHANGES
    return ("lift", "reduce", "none")
