"""Who answers when a deadline runs out: each slice registers the verbs for its own kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from portal.deadlines.models import Deadline
from portal.deadlines.queries import Running

Kind = tuple[str, str]


class Verb(Protocol):
    """What is done with deadlines of one kind: all of them, in the open unit of work, or none."""

    def __call__(self, batch: Sequence[Running], /, *, at: datetime) -> None:
        """Settle each deadline of the batch (`expire_all`, or extend it), and stamp what happened with its `due_at`."""


class Mover(Protocol):
    """What is done when years were published on which deadlines of one kind hang: all of them, or none."""

    def __call__(self, batch: Sequence[Deadline], /, *, at: datetime) -> object:
        """Lock their cases, then `recount_all` them, and let what shows the due instants follow those that moved."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The verbs for one kind; without `remind` nobody is reminded, without `moved` nothing else shows when it is due.

    `moved` is called with deadlines that may be due later; it counts them anew itself, once it has locked the cases.
    """

    expire: Verb
    remind: Verb | None = None
    moved: Mover | None = None


ANSWERS: dict[Kind, Answer] = {}


def register(kind_key: Kind, *, expire: Verb, remind: Verb | None = None, moved: Mover | None = None) -> None:
    """From now on deadlines of this (subject type, kind) are answered by these verbs."""
    ANSWERS[kind_key] = Answer(expire, remind, moved)


def answer(subject_type: str, kind: str) -> Answer:
    """The verbs for this kind; LookupError if no slice has registered it."""
    try:
        return ANSWERS[subject_type, kind]
    except KeyError:
        raise LookupError(f"nobody answers for {kind} of {subject_type}") from None


def reminds(subject_type: str, kind: str) -> bool:
    """Whether somebody is reminded of deadlines of this kind."""
    known = ANSWERS.get((subject_type, kind))
    return known is not None and known.remind is not None
