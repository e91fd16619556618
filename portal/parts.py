"""What other slices add to the page of a case: each registers its part, and the page shows those that apply.

The page's slice stands left of those that come after it (an arbitration, a complaint), and knows none of them by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

PARTS = "recourse.parts"
Tell = Callable[[Any, str, datetime], dict[str, Any] | None]
"""What a part shows of a case to a party at an instant; None where it has nothing to say."""


@dataclass(frozen=True, slots=True)
class Part:
    """A template of another slice, and what it needs; `place` is `first` (the deadline), `main` or `aside`."""

    template: str
    tell: Tell
    place: str = "main"


@dataclass(frozen=True, slots=True)
class Shown:
    """A part that applies: its template, and what the template finds under `shown`."""

    template: str
    shown: dict[str, Any]
    place: str


def init_app(app: Flask) -> None:
    """Make room for the parts of each case type."""
    app.extensions[PARTS] = {}


def register(app: Flask, case_type: str, *parts: Part) -> None:
    """From now on the page of such a case shows these parts too, in the order in which they came."""
    app.extensions[PARTS].setdefault(case_type, []).extend(parts)


def of(case_type: str, case: Any, party: str, *, at: datetime) -> list[Shown]:
    """The parts that apply to this case for this party."""
    known: list[Part] = current_app.extensions[PARTS].get(case_type, [])
    told = [(part, part.tell(case, party, at)) for part in known]
    return [Shown(part.template, shown, part.place) for part, shown in told if shown is not None]
