"""What parties file, and what the platform answers."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal import text
from portal.incoming import BadCellError, typed_amount
from portal.penalties.models import Measure
from portal.redress.lifecycle import AUTHORITIES, FOUND, SHOWN
from portal.review import MEASURE_RESULTS

MINOR = "amount_minor"


class FiledForm(FlaskForm):
    """Something a party writes; `key` makes sending it twice one sending."""

    key = HiddenField(validators=[Length(max=64)])
    body = TextAreaField()

    def complain(self, why: str) -> None:
        """Put what a rule said beside the text."""
        field: Any = self.body
        field.errors = [*field.errors, why]


class ComplaintForm(FiledForm):
    """What went wrong in the handling."""

    body = TextAreaField(
        _l("What went wrong in the handling of the case?"), [InputRequired(_l("Write something first."))]
    )


class DisclosureForm(FiledForm):
    """What a party wants to be shown."""

    body = TextAreaField(_l("What do you want to be shown?"), [InputRequired(_l("Write something first."))])


class HumanReviewForm(FlaskForm):
    """The wish for a person, and that it is the one there is."""

    once = BooleanField(
        _l("I know that this is possible once, and that no new evidence can be added"),
        [InputRequired(_l("Tick the box to confirm."))],
    )


def fresh(form: type[FiledForm]) -> FiledForm:
    """The form, blank, with a key of its own."""
    return form(formdata=None, key=secrets.token_urlsafe(24))


class AnswerForm(FlaskForm):
    """An answer of the platform: what was found, and why. The page has many of them, so the token stands apart."""

    class Meta:
        """The token is checked before any form is read."""

        csrf = False

    outcome = RadioField(_l("What do you find?"), [InputRequired(_l("Choose one of the answers."))])
    words = TextAreaField(_l("Answer, as the party reads it"), [InputRequired(_l("Write something first."))])

    def complain(self, name: str, why: str) -> None:
        """Put what a rule said beside its field."""
        field: Any = self[name]
        field.errors = [*field.errors, why]


class ComplaintAnswerForm(AnswerForm):
    """The answer to a complaint."""


class DisclosureAnswerForm(AnswerForm):
    """The answer to a request, with the exhibits that are shown."""

    exhibits = SelectMultipleField(
        _l("Exhibits that the decision relied on"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )


def answer_to_complaint(ref: str, *, blank: bool) -> ComplaintAnswerForm:
    """The form below this complaint: blank, or as it was sent."""
    form = ComplaintAnswerForm(prefix=ref, **({"formdata": None} if blank else {}))
    form.outcome.choices = [(code, text.word(code, "complaint.outcome")) for code in FOUND]
    return form


def answer_to_request(
    ref: str, exhibits: Sequence[tuple[str, str]], *, blank: bool, relied_on: Sequence[str] = (), words: str = ""
) -> DisclosureAnswerForm:
    """The form below this request: with what the decision relied on filled in, or as it was sent."""
    given: dict[str, Any] = {"formdata": None, "exhibits": list(relied_on), "words": words} if blank else {}
    form = DisclosureAnswerForm(prefix=ref, **given)
    form.outcome.choices = [(code, text.word(code, "disclosure.status")) for code in SHOWN]
    form.exhibits.choices = list(exhibits)
    return form


class OverrideForm(FlaskForm):
    """What somebody above the platform decided; `override_form` adds a field for each measure of a penalty."""

    authority = RadioField(_l("Who decided it?"), [InputRequired(_l("Choose one of the answers."))])
    reference = StringField(_l("Its file number and date"), [InputRequired(_l("Write something first."))])
    effect = TextAreaField(_l("What it says and what follows, as the party reads it"))
    change = RadioField(_l("What becomes of the penalty?"), [InputRequired(_l("Choose one of the answers."))])
    document = FileField(_l("The document"))

    def complain(self, name: str, why: str) -> None:
        """Put what a rule said beside its field."""
        field: Any = self[name]
        field.errors = [*field.errors, why]

    def results(self, measures: Sequence[Measure]) -> list[dict[str, Any]]:
        """What becomes of each measure, as `penalties.reduce` takes it."""
        return [_result(self, measure) for measure in measures]


def override_form(changes: Sequence[str], measures: Sequence[Measure], *, blank: bool) -> OverrideForm:
    """The form for a case: blank, or as it was sent."""
    fields: dict[str, Field] = {}
    results = [(code, text.word(code, "measure.result")) for code in MEASURE_RESULTS]
    for measure in measures if "reduce" in changes else ():
        name = text.word(measure.kind, "measure")
        fields[f"measure_{measure.id}"] = SelectField(name, default="keep", validate_choice=False)
        if measure.figure is not None:
            fields[f"figure_{measure.id}"] = StringField(_l("New figure"))
    made = type("CaseOverrideForm", (OverrideForm,), fields)
    form: OverrideForm = made(formdata=None) if blank else made()
    for name in fields:
        if name.startswith("measure_"):
            form[name].choices = results
    form.authority.choices = [(code, text.word(code, "authority")) for code in AUTHORITIES]
    form.change.choices = [(code, text.word(code, "override.change")) for code in changes]
    if blank and len(changes) == 1:
        form.change.data = changes[0]
    return form


def _result(form: OverrideForm, measure: Measure) -> dict[str, Any]:
    result = form[f"measure_{measure.id}"].data if f"measure_{measure.id}" in form else "keep"
    params = {}
    if result == "reduce" and measure.figure is not None:
        name = measure.figure[0]
        params = {name: _figure(form[f"figure_{measure.id}"].data or "", name)}
    return {"measure_id": measure.id, "kind": measure.kind, "result": result, "params": params}


def _figure(typed: str, name: str) -> int:
    """The new figure, an amount in minor units; 0, which is never allowed, for what is no figure."""
    try:
        return typed_amount(typed) if name == MINOR else int(typed)
    except (BadCellError, ValueError):
        return 0
