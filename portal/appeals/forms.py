"""What is typed into an appeal."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from portal import text
from portal.appeals.lifecycle import Missing
from portal.appeals.subjects import Subject

DECLARES = "declare-"
LONGEST_NAME = 32
"""Of a window: what the database takes."""


class DraftForm(FlaskForm):
    """The guided form: saved as it is, judged only when the merchant goes on to check it."""

    ground = RadioField(_l("Why do you appeal?"), validate_choice=False)
    statement = TextAreaField(_l("Your statement"))
    rev = IntegerField(default=0)
    window = HiddenField()

    def typed(self) -> dict[str, Any]:
        """What the verb wants of it."""
        return {"ground": self.ground.data, **_typed(self)}


class SupplementForm(FlaskForm):
    """Words beside the evidence that was asked for."""

    statement = TextAreaField(_l("Explanation"))
    rev = IntegerField(default=0)
    window = HiddenField()

    def typed(self) -> dict[str, Any]:
        """What the verb wants of it."""
        return _typed(self)


class ConfirmForm(FlaskForm):
    """The two ticks, the one-time key, and what the check page showed."""

    accurate = BooleanField(
        _l("I have checked everything above; the material is true and complete"),
        [InputRequired(_l("Confirm that the material is true and complete."))],
    )
    once = BooleanField(
        "",
        [InputRequired(_l("Tick the box to confirm."))],
    )
    """Its label says what cannot be done over: see `says`."""
    key = HiddenField(validators=[DataRequired(), Length(max=64)])
    seen = HiddenField(validators=[DataRequired()])

    def says(self, subject: Subject, chance: str) -> Self:
        """Put in what this subject is, and whether another appeal may follow."""
        self.once.label.text = subject.says("once", chance)
        return self

    def proof(self) -> dict[str, str]:
        """What the verb wants of it: the one-time key, and the fingerprint of what was shown."""
        return {"key": self.key.data or "", "seen": self.seen.data or ""}


class SupplementConfirmForm(ConfirmForm):
    """The same for a supplement, which can be handed in once per request, whatever the subject."""

    once = BooleanField(
        _l("I know that this evidence can be sent only once"),
        [InputRequired(_l("Confirm that you know it is the only time."))],
    )


class WithdrawForm(FlaskForm):
    """The explicit word that the chance is used up by withdrawing."""

    sure = BooleanField(
        "",
        [InputRequired(_l("Tick the box to confirm."))],
    )
    """Its label says what stands then: see `says`."""

    def says(self, subject: Subject, chance: str) -> Self:
        """Put in what this subject is, and which chances are gone."""
        self.sure.label.text = subject.says("sure", chance)
        return self


def _typed(form: "DraftForm | SupplementForm") -> dict[str, Any]:
    return {
        "statement": form.statement.data or "",
        "declarations": declarations(),
        "rev": form.rev.data or 0,
        "window": (form.window.data or "")[:LONGEST_NAME],
    }


def declarations() -> dict[str, str]:
    """What was typed as "I don't have this", by requirement."""
    return {name.removeprefix(DECLARES): said for name, said in request.form.items() if name.startswith(DECLARES)}


def anchor(missing: Missing) -> str:
    """Where on the form the missing thing belongs."""
    return {"ground": "#ground-0", "statement": "#statement"}.get(missing.place, f"#slot-{missing.place}")


def words(missing: Missing, names: Mapping[str, str]) -> str:
    """What is missing, in a sentence; requirements by the name that the checklist gives them."""
    params = dict(missing.params)
    if "requirement" in params:
        params["requirement"] = names.get(str(params["requirement"]), params["requirement"])
    return str(text.word(missing.code, "missing")) % params


def mark(form: FlaskForm, found: Iterable[Missing], names: Mapping[str, str]) -> None:
    """Say beside each field of the form what is missing in it."""
    for missing in found:
        if missing.place in form:
            form[missing.place].errors = [words(missing, names)]


def listed(found: Iterable[Missing], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is missing as links for the error summary."""
    return [(anchor(missing), words(missing, names)) for missing in found]
