"""The invented cases: what was found, and what became of it. Their texts are in shops/*.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.penalties import Sanction

FOLDER = Path(__file__).parent / "shops"
SCENES = (
    *("open", "draft", "announced", "review", "claimed", "second", "asked", "supplemented"),
    *("decided", "timed_out", "withdrawn", "moot", "lapsed", "ignored"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the shop wrote; `without` names requirements it declared not to have, with the reason."""

    statement: str
    ground: str = "FACTS_WRONG"
    without: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reviewer asked for: the text to the shop, and requirement, problem and note of each deficiency."""

    text: str
    lacking: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """How it was decided: outcome and reason, the findings, and what the text to the shop has in its blanks."""

    outcome: str
    reason: str
    findings: str
    blanks: Mapping[str, str] = field(default_factory=dict)
    reduced_to: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One penalty and its story.

    `scene` is one of SCENES. `hours` is when the present step is due, from now (negative: overdue), for scenes that go
    on; `days` is how long ago it ended, for those that are over. `shown` are the platform's pictures with their titles.
    """

    number: str
    shop: str
    rule: str
    facts: str
    scene: str
    hours: int = 0
    days: int = 0
    concerns: str = ""
    order_no: str | None = None
    amount: int = 0
    automated: str = "assisted"
    reviewer: str = "reviewer"
    sanctions: tuple[Sanction, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()
    said: Said | None = None
    wanted: Wanted | None = None
    ruled: Ruled | None = None

    @property
    def clock(self) -> tuple[int, int]:
        """The hour and minute at which things happen in it: another one in each case, within office hours."""
        return 9 + int(self.number) % 9, int(self.number) * 7 % 60


def cases() -> Iterator[Case]:
    """Every case of every shop."""
    for file in sorted(FOLDER.glob("*.toml")):
        for told in tomllib.loads(file.read_text(encoding="utf-8"))["case"]:
            yield _case(file.stem, told)


def _case(shop: str, told: dict[str, Any]) -> Case:
    said, wanted, ruled = (told.pop(part, None) for part in ("said", "wanted", "ruled"))
    return Case(
        shop=shop,
        sanctions=tuple(Sanction(**measure) for measure in told.pop("measures", ())),
        shown=tuple((picture, title) for picture, title in told.pop("shown", ())),
        said=Said(**said) if said else None,
        wanted=Wanted(wanted["text"], tuple((a, b, c) for a, b, c in wanted["lacking"])) if wanted else None,
        ruled=Ruled(**ruled) if ruled else None,
        **told,
    )
