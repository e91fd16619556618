"""The form a verdict is written in: one for all five choices, of which the chosen one counts."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal import text
from portal.appeals.panel import CHOICES, Matter
from portal.penalties.models import Measure
from portal.review import EVIDENCE_VERDICTS, MEASURE_RESULTS, Fault, Verdict, text_faults

NOTE = {"maxlength": 500}
MINOR = "amount_minor"

text.learn(
    "ruling",
    {
        "upheld": _l("Uphold"),
        "partially_upheld": _l("Uphold in part"),
        "rejected": _l("Reject"),
        "inadmissible": _l("Inadmissible"),
        "needs_evidence": _l("Ask for evidence"),
    },
)


class RulingForm(FlaskForm):
    """What every case has; `ruling_form` adds a field for each of its exhibits, measures and requirements."""

    version = HiddenField()
    outcome = RadioField(_l("Decision"), validate_choice=False)

    @property
    def choice(self) -> str:
        """The decision chosen, if it is one there is."""
        chosen = self.outcome.data or ""
        return chosen if chosen in CHOICES else ""

    @property
    def seen(self) -> int:
        """The version of the seat that the form was made from."""
        typed = self.version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else 0

    @property
    def wrong(self) -> bool:
        """Whether something was found wrong with it."""
        return any(field.errors for field in self)


def ruling_form(matter: Matter, typed: Mapping[str, str] | None = None, *, version: int | None = None) -> RulingForm:
    """The form for this case, filled with what was typed: `None` means what the request brought."""
    fields: dict[str, Field] = {f"reason_{choice}": _select(_l("Reason code")) for choice in CHOICES}
    for measure in matter.measures:
        fields |= _asked(f"measure_{measure.id}", text.word(measure.kind, "measure"))
    for requirement in matter.requirements:
        fields |= _asked(f"lack_{requirement.key}", text.localised(requirement, "label"))
    fields |= {f"words_{choice}": _words(matter, choice) for choice in CHOICES}
    for item in matter.exhibits:
        fields |= _asked(f"exhibit_{item.ref}", f"{item.exhibit_label} {item.title}")
    fields["findings"] = TextAreaField(_l("Findings, for the record"), render_kw={"rows": 4, "maxlength": 4000})
    made = type("CaseRulingForm", (RulingForm,), fields)
    form: RulingForm = made() if typed is None else made(formdata=MultiDict(typed))
    _offer(form, matter)
    if version is not None:
        form.version.data = str(version)
    return form


def _asked(name: str, label: str) -> dict[str, Field]:
    return {name: _select(label), f"note_{name}": StringField(_l("Note"), render_kw=NOTE)}


def _select(label: Any) -> Field:
    return SelectField(label, validate_choice=False)


def _words(matter: Matter, choice: str) -> Field:
    reasons = matter.reasons(choice)
    said = matter.words(reasons[0]) if len(reasons) == 1 else ""
    return TextAreaField(_l("Text to the merchant"), default=said, render_kw={"rows": 4, "maxlength": 4000})


def _offer(form: RulingForm, matter: Matter) -> None:
    """Put in what can be chosen."""
    problems = matter.policy.catalogue.problems.values()
    offered: dict[str, list[tuple[str, Any]]] = {
        "measure": [("", _l("Choose")), *((code, text.word(code, "measure.result")) for code in MEASURE_RESULTS)],
        "lack": [("", ""), *((problem.code, text.localised(problem, "name")) for problem in problems)],
        "exhibit": [("", _l("Choose")), *((code, text.word(code, "evidence.verdict")) for code in EVIDENCE_VERDICTS)],
    }
    for field in form:
        if isinstance(field, SelectField) and field.name.partition("_")[0] in offered:
            field.choices = offered[field.name.partition("_")[0]]
    for choice in CHOICES:
        reasons = matter.reasons(choice)
        blank = [("", _l("Choose a reason"))] if len(reasons) > 1 else []
        options = [(reason.code, f"{reason.code} {text.localised(reason, 'name')}") for reason in reasons]
        form[f"reason_{choice}"].choices = [*blank, *options]
    form.outcome.choices = [(choice, text.word(choice, "ruling")) for choice in matter.choices]


def suggest(form: RulingForm, matter: Matter, choice: str) -> None:
    """Put the standard words of the chosen reason into the text to the shop, unless somebody wrote their own."""
    standard = {reason.code: matter.words(reason) for reason in matter.reasons(choice)}
    words, chosen = form[f"words_{choice}"], form[f"reason_{choice}"].data
    written = " ".join((words.data or "").split())
    if chosen in standard and written in {"", *(" ".join(said.split()) for said in standard.values())}:
        words.data = standard[chosen]


def verdict_of(form: RulingForm, matter: Matter) -> Verdict:
    """What was typed, as a verdict; `faults` says what is wrong with it."""
    choice = form.choice
    partial = choice == "partially_upheld"
    return Verdict(
        outcome=choice,
        reason_code=reason_of(form),
        findings=(form["findings"].data or "").strip(),
        text_to_party=text_of(form),
        evidence_verdicts=tuple(
            {
                "evidence": item.ref,
                "label": item.exhibit_label or "",
                "verdict": form[f"exhibit_{item.ref}"].data or "",
                "note": (form[f"note_exhibit_{item.ref}"].data or "").strip(),
            }
            for item in matter.exhibits
        ),
        measures_result=tuple(_result(form, measure) for measure in matter.measures) if partial else (),
    )


def reason_of(form: RulingForm) -> str:
    """The reason chosen for the chosen decision."""
    return str(form[f"reason_{form.choice}"].data or "") if form.choice else ""


def text_of(form: RulingForm) -> str:
    """What the merchant is told with the chosen decision."""
    return str(form[f"words_{form.choice}"].data or "").strip() if form.choice else ""


def _result(form: RulingForm, measure: Measure) -> dict[str, Any]:
    result = form[f"measure_{measure.id}"].data or ""
    params = {}
    if result == "reduce" and measure.figure is not None:
        name, _now = measure.figure
        params = {name: _figure(form[f"note_measure_{measure.id}"].data or "", name)}
    return {"measure_id": measure.id, "kind": measure.kind, "result": result, "params": params}


def _figure(typed: str, name: str) -> int:
    """The new figure in whole units, an amount in minor ones; 0, which is never allowed, for what is no figure."""
    try:
        value = Decimal(typed.replace(",", "").replace("，", "").replace("¥", "").strip())
        scaled = value * 100 if name == MINOR else value
        return int(scaled) if scaled == int(scaled) else 0
    except (InvalidOperation, OverflowError, ValueError):
        return 0


def deficiencies_of(form: RulingForm, matter: Matter) -> list[dict[str, str]]:
    """What the merchant is asked for, per line of the checklist."""
    return [
        {
            "requirement_code": requirement.key,
            "problem": form[f"lack_{requirement.key}"].data,
            "note": (form[f"note_lack_{requirement.key}"].data or "").strip(),
        }
        for requirement in matter.requirements
        if form[f"lack_{requirement.key}"].data in matter.policy.catalogue.problems
    ]


def check(form: RulingForm, matter: Matter) -> bool:
    """Whether the ruling can stand; what is wrong is put beside its field."""
    for fault in _faults(form, matter):
        field = form[_field(fault.place, form.choice)]
        field.errors = [text.word(fault.code, "verdict.fault") % {**fault.params, "label": field.label.text}]
    return not form.wrong


def _faults(form: RulingForm, matter: Matter) -> list[Fault]:
    if form.choice not in matter.choices:
        return [Fault("outcome", "outcome_missing")]
    reasons = {reason.code for reason in matter.reasons(form.choice)}
    if form.choice != "needs_evidence":
        return verdict_of(form, matter).check(
            reasons=reasons,
            exhibits=[item.ref for item in matter.exhibits],
            measures={measure.id: measure.figure[1] if measure.figure else None for measure in matter.measures},
        )
    found = [] if reason_of(form) in reasons else [Fault("reason_code", "reason_missing")]
    if not deficiencies_of(form, matter):
        found.append(Fault(f"lack:{matter.requirements[0].key}", "deficiency_missing"))
    return found + text_faults(text_of(form))


def _field(place: str, choice: str) -> str:
    """The field of the form that a fault belongs to; one about all measures stands at the first."""
    known = {"reason_code": f"reason_{choice}", "text_to_party": f"words_{choice}"}
    return known.get(place, place.replace(":", "_", 1))
