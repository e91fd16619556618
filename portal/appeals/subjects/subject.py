"""The questions that whatever can be appealed answers."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from portal import text
from portal.appeals.subjects.checklist import Checklist
from portal.audit import Actor
from portal.review import Fault, Verdict
from portal.review.models import Decision

Pairs = Sequence[tuple[str, str]]
Lines = Sequence[tuple[str, str, str]]
"""Label, value, and what is said of it in small."""


class Subject(ABC):
    """What an appeal is against. `words` is the kind of its sentences: see `portal/appeals/words.py`.

    `by_a_person`: a person has decided it already, so that nobody need ask for one once an appeal of it timed out.
    """

    type: ClassVar[str]
    words: ClassVar[str]
    by_a_person: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def found(cls, subject_id: int) -> Self:
        """The subject with this id."""

    @classmethod
    @abstractmethod
    def locked(cls, ids: Sequence[int]) -> Mapping[int, Self]:
        """Those with these ids, locked where the database can."""

    @classmethod
    def swept(cls, ids: Sequence[int]) -> "Mapping[int, Subject]":
        """The same for the sweep, which closes thousands at once."""
        return cls.locked(ids)

    @classmethod
    @abstractmethod
    def checklist(cls, policy_version_id: int, rule_code: str) -> Checklist:
        """What an appeal against such a subject may rest on, and what proves it."""

    @property
    @abstractmethod
    def id(self) -> int:
        """Its id among those of its type."""

    @property
    @abstractmethod
    def case(self) -> tuple[str, int]:
        """The case whose exhibits it rests on, by type and id."""

    @property
    @abstractmethod
    def ref(self) -> str:
        """Its reference, by which its page is found."""

    @property
    @abstractmethod
    def number(self) -> str:
        """The number people know it by."""

    @property
    @abstractmethod
    def endpoint(self) -> str:
        """The page that shows it to its shop."""

    @property
    @abstractmethod
    def stake(self) -> str:
        """What it costs the shop, in a few words."""

    @property
    @abstractmethod
    def rule(self) -> str:
        """The rule it rests on."""

    @abstractmethod
    def summary(self) -> Lines:
        """What it says, line by line."""

    @abstractmethod
    def row(self) -> dict[str, Any]:
        """What an appeal keeps of it."""

    def says(self, code: str, chance: str = "only", **params: object) -> str:
        """A sentence about an appeal against such a subject, in the reader's language.

        `chance` (see `Appeal.chance`) counts for those that are not the same in every round.
        """
        words = text.word(code, f"{self.words}.{chance}")
        return (text.word(code, self.words) if words == code else words) % {"amount": self.stake, **params}

    def reads(self, words: str) -> str:
        """What a reviewer wrote about it, as its shop reads that."""
        return words

    @abstractmethod
    def hold(self) -> None:
        """Lock it, before the appeal, in the order of every verb."""

    @abstractmethod
    def require_open(self, at: datetime) -> None:
        """Refuse when it can't be appealed, or not any more: late is late, even if the sweep sleeps."""

    def is_open_again(self) -> bool:
        """Whether another appeal may follow the one that was decided; asked anew, so that it holds under the lock."""
        return False

    @property
    def ran_out(self) -> bool:
        """Whether it could have been appealed again, and nobody did in time."""
        return False

    @abstractmethod
    def filed(self, *, by: Actor, at: datetime) -> None:
        """The appeal is handed in: the window closes, and what the policy suspends is suspended."""

    def awaits(self, turn: str, due_at: datetime, *, at: datetime) -> None:  # noqa: B027
        """Whose turn it is in the appeal from now on, and until when; most subjects don't show it."""

    def supplemented(self, *, by: Actor, at: datetime) -> None:  # noqa: B027
        """What a reviewer asked the shop for has come: whoever else is heard may answer it."""

    def overdue(self, *, at: datetime) -> None:  # noqa: B027
        """Nobody has decided in time: what the policy gives the shop for that."""

    def also_told(self) -> Mapping[str, str]:
        """Who beside the shop is told the decision in words of their own: each party with its language."""
        return {}

    def heard_until(self, at: datetime) -> datetime | None:
        """Until when somebody else may still answer the appeal, so that nobody decides before; None if nobody may."""
        return None

    @abstractmethod
    def barred(self) -> Collection[int]:
        """Who may not decide on it, beside the people of the shop."""

    @property
    def measures(self) -> Collection[str]:
        """The kinds of measure that hang on it."""
        return ()

    @abstractmethod
    def rules(self) -> list[dict[str, Any]]:
        """The rule a decision rests on, with the hash of the text that binds it."""

    def faults(self, verdict: Verdict) -> list[Fault]:
        """What keeps a verdict from standing, beside what is asked of every verdict."""
        return []

    @abstractmethod
    def judged(self, verdict: Verdict, *, by: Actor, at: datetime) -> None:
        """What follows from the decision."""

    @abstractmethod
    def stands(self, *, by: Actor, at: datetime, clock_from: datetime | None = None) -> None:
        """The appeal ended without a judgement, and changes nothing; `clock_from` is when the next time begins."""

    def terms(self, decision: Decision) -> Pairs:
        """What a decision puts in its place, line by line."""
        return ()
