"""What is written on a seat before it is decided: the words of a form, and which window they stand in.

A window is one drawing of the form. It may take the place of words that it was drawn with or wrote itself, and of no
others: so nobody's words are lost to a window that stayed behind, and a window whose answer got lost goes on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

WINDOW = "window"
UNTYPED = ("csrf_token", "seat", "version", "draft_seen", WINDOW, "open")


def words_of(draft: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wrote, without the window they wrote it in."""
    return {name: said for name, said in draft.items() if name != WINDOW}


def mark_of(draft: Mapping[str, Any]) -> str:
    """By which a window names the words that it goes on from."""
    return hashlib.sha256(json.dumps(words_of(draft), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Typed:
    """A form as its window sends it: the words, the mark of those it goes on from, and the window's name."""

    words: Mapping[str, Any]
    seen: str = ""
    window: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Self:
        """What a request brought."""
        words = {name: said for name, said in sent.items() if name not in UNTYPED}
        return cls(words, sent.get("draft_seen", ""), sent.get(WINDOW, ""))

    @property
    def draft(self) -> dict[str, Any]:
        """As a seat keeps it."""
        return {**self.words, **({WINDOW: self.window} if self.window else {})}

    def differs(self, draft: Mapping[str, Any]) -> bool:
        """Whether it says anything else."""
        return self.words != words_of(draft)

    def behind(self, draft: Mapping[str, Any], *, overtaken: bool) -> bool:
        """Whether to keep it would lose words that its window neither was drawn with nor wrote.

        `overtaken`: the seat heard something later already, so that even this window's own words may be newer ones.
        """
        if not draft or not self.differs(draft) or self.seen == mark_of(draft):
            return False
        wrote_it = self.window != "" and self.window == draft.get(WINDOW)
        return overtaken or not wrote_it
