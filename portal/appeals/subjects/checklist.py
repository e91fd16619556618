"""What an appeal may rest on, and what is asked for to prove it."""

from dataclasses import dataclass

from portal.policies import Named, Requirement
from portal.text import localised


@dataclass(frozen=True, slots=True)
class Checklist:
    """The lines that are answered with files, the grounds to choose from, and whether something must be told."""

    requirements: tuple[Requirement, ...]
    grounds: tuple[Named, ...]
    must_tell: bool

    @property
    def keys(self) -> frozenset[str]:
        """The lines by their keys."""
        return frozenset(line.key for line in self.requirements)

    @property
    def required(self) -> tuple[str, ...]:
        """The lines that must be answered."""
        return tuple(line.key for line in self.requirements if line.required)

    def names(self) -> dict[str, str]:
        """The lines by the names the checklist gives them, in the reader's language."""
        return {line.key: localised(line, "label") for line in self.requirements}

    def ground(self, code: str | None) -> str:
        """What this ground is called; nothing for one that is not here."""
        return next((localised(one, "name") for one in self.grounds if one.code == code), "")
