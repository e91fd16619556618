"""The form a verdict is written in, whatever the case type: one for all choices, of which the chosen one counts.

A slice makes its own of these fields and its own ones; a field that belongs to one choice ends with its code.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField

from portal import text
from portal.evidence.models import EvidenceItem
from portal.review.lifecycle import Fault


def words_field(choice: str, party: str) -> str:
    """The field of the text to this party; the shop, which is told in every case, is not named in its own."""
    return f"words_{choice}" if party == "merchant" else f"words_{choice}_{party}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be decided: its key, icon and tone (ok, todo, need); `asks`: it asks for evidence instead."""

    code: str
    key: str
    icon: str
    tone: str
    asks: bool = False


class VerdictForm(FlaskForm):
    """What every case has; a slice adds the fields of its choices, its exhibits and its lines. `known`: the choices."""

    known: ClassVar[Collection[str]] = ()
    seat = HiddenField()
    version = HiddenField()
    window = HiddenField()
    outcome = RadioField(_l("Decision"), validate_choice=False)

    @property
    def choice(self) -> str:
        """The decision chosen, if it is one there is."""
        chosen = self.outcome.data or ""
        return chosen if chosen in self.known else ""

    @property
    def seen(self) -> int:
        """The version of the seat that the form was made from."""
        return _number(self.version.data)

    @property
    def seat_seen(self) -> int:
        """The key of the seat that the form was made from; 0 if it doesn't say."""
        return _number(self.seat.data)

    @property
    def wrong(self) -> bool:
        """Whether something was found wrong with it."""
        return any(field.errors for field in self)

    def said(self, name: str) -> str:
        """What was typed or chosen there."""
        return str(self[name].data or "").strip()

    def words(self, choice: str, party: str) -> Any:
        """The text to this party with this choice."""
        return self[words_field(choice, party)]

    def told(self, party: str) -> str:
        """What this party is told with the chosen decision."""
        return self.said(words_field(self.choice, party)) if self.choice else ""

    def verdicts(self, items: Iterable[EvidenceItem]) -> tuple[dict[str, Any], ...]:
        """What was made of each exhibit, as a verdict has it."""
        return tuple(
            {
                "evidence": item.ref,
                "label": item.exhibit_label or "",
                "verdict": self.said(f"exhibit_{item.ref}"),
                "note": self.said(f"note_exhibit_{item.ref}"),
            }
            for item in items
        )

    def deficiencies(self, lines: Iterable[str], problems: Collection[str]) -> list[dict[str, str]]:
        """What a party is asked for, line by line."""
        return [
            {"requirement_code": key, "problem": self.said(f"lack_{key}"), "note": self.said(f"note_lack_{key}")}
            for key in lines
            if self.said(f"lack_{key}") in problems
        ]

    def astray(self, lines: Iterable[str], problems: Collection[str]) -> list[Fault]:
        """The lines with a note of which nobody chose what is wrong: they would not be asked for."""
        noted = [key for key in lines if self.said(f"note_lack_{key}") and self.said(f"lack_{key}") not in problems]
        return [Fault(f"lack:{key}", "deficiency_problem") for key in noted]

    def too_long(self) -> Iterator[tuple[Field, Fault]]:
        """The words that are longer than their field lets anybody type; not those of a decision that isn't chosen."""
        for field in self:
            most = (field.render_kw or {}).get("maxlength")
            shown = not field.name.startswith("words_") or field.name.startswith(f"words_{self.choice}")
            if shown and most and len(field.data or "") > most:
                yield field, Fault(field.name, "words_long", {"most": most, "length": len(field.data)})

    def suggest(self, name: str, chosen: str, standard: Mapping[str, str]) -> None:
        """Put the standard words of the chosen reason there, unless somebody wrote their own."""
        field = self[name]
        if chosen in standard and _plain(field.data or "") in {"", *map(_plain, standard.values())}:
            field.data = standard[chosen]

    def mark(self, faults: Iterable[Fault], field_of: Callable[[str], str], currency: str = "") -> bool:
        """Put each fault beside its field, and say whether there is none; `field_of` names the field of a place."""
        found = [*self.too_long(), *((self[field_of(fault.place)], fault) for fault in faults)]
        for field, fault in found:
            said = text.filled({**fault.params, "currency": currency}) | {"label": field.label.text}
            field.errors = [text.word(fault.code, "verdict.fault") % said]
        return not self.wrong


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 10 else 0


def _plain(said: str) -> str:
    return " ".join(said.split())
