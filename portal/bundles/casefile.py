"""What a case file says of a case, in plain values: as one party may see it, in the reader's words. Pure.

A case type registers itself with a function that gives this; nothing else here knows what kinds of cases there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

Facts: TypeAlias = tuple[tuple[str, str], ...]
"""What each thing is called, and what it is."""


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of the record: a penalty, a submission, a request, a decision, an offer; long texts under headings."""

    title: str
    facts: Facts = ()
    texts: Facts = ()


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file that was handed in. `path` is where it lies in the case file.

    `owner` is whose it is, `party` the same in the reader's words. Size and hash are those of the file as it was handed
    in, even where the reader gets a copy without metadata.
    """

    label: str
    ref: str
    owner: str
    party: str
    name: str
    what: str
    media_type: str
    size: int
    sha256: str
    received: str
    path: str


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: until when, what became of it, the days that led to it, and what moved it."""

    title: str
    facts: Facts
    days: Facts = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline."""

    at: str
    what: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The whole case as one party may see it.

    `chains` are the histories that belong to it, each with the audiences whose data this party may see; `as_of` is when
    the last thing in them happened, which dates the record. `afterwards` is what this party filed after the decision.
    `withheld` are the events, by chain and place, whose data this party may not see all the same, since the other
    side's words stand in it.
    """

    ref: str
    title: str
    as_of: datetime
    chains: tuple[tuple[str, tuple[str, ...]], ...]
    status: Facts = ()
    parties: Facts = ()
    subject: tuple[Part, ...] = ()
    submissions: tuple[Part, ...] = ()
    requests: tuple[Part, ...] = ()
    decisions: tuple[Part, ...] = ()
    afterwards: tuple[Part, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    clocks: tuple[Clock, ...] = ()
    timeline: tuple[Happening, ...] = ()
    withheld: tuple[tuple[str, int], ...] = ()


More: TypeAlias = Callable[[CaseFile, str], CaseFile]
"""Gives the file of a case with what a slice to the right knows of it, as this party may see it."""


@dataclass(frozen=True, slots=True)
class CaseType:
    """How cases of one type are put into a file.

    `zone` gives by whose clock the times of a case are written, None if there is no such case; `describe(ref, party)`
    is called with the words and the clock of the file's reader, and after it each of `more`, in their order.
    """

    parties: tuple[str, ...]
    zone: Callable[[str], str | None]
    describe: Callable[[str, str], CaseFile]
    more: list[More] = field(default_factory=list)

    def told(self, ref: str, party: str) -> CaseFile:
        """The whole case as this party may see it."""
        found = self.describe(ref, party)
        for add in self.more:
            found = add(found, party)
        return found


CASE_TYPES: dict[str, CaseType] = {}


def register(
    case_type: str,
    *,
    parties: tuple[str, ...],
    zone: Callable[[str], str | None],
    describe: Callable[[str, str], CaseFile],
) -> None:
    """From now on cases of this type have a file for each of these parties."""
    CASE_TYPES[case_type] = CaseType(parties, zone, describe)


def extend(case_type: str, more: More) -> None:
    """From now on the file of such a case tells this too, after what it told before."""
    CASE_TYPES[case_type].more.append(more)
