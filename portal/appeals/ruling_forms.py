"""The form a verdict is written in: one for all five choices, of which the chosen one counts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal import text
from portal.appeals import new_rulings
from portal.appeals.panel import CHOICES, Matter
from portal.arbitration import minor_of
from portal.penalties.models import Measure
from portal.review import MEASURE_RESULTS, Fault, Fields, Verdict, VerdictForm, text_faults, words_field

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


class RulingForm(VerdictForm):
    """The form of an appeal."""

    known = CHOICES


def ruling_form(matter: Matter, typed: Mapping[str, str] | None = None, *, version: int | None = None) -> RulingForm:
    """The form for this case, filled with what was typed: `None` means what the request brought."""
    fields = Fields()
    for choice in CHOICES:
        reasons = matter.reasons(choice)
        fields.reason(choice, reasons)
        for party in matter.told(choice):
            said = matter.words(reasons[0], party) if len(reasons) == 1 else ""
            fields.words(choice, party, said)
    results = [("", _l("Choose")), *((code, text.word(code, "measure.result")) for code in MEASURE_RESULTS)]
    for measure in matter.measures:
        fields.noted(f"measure_{measure.id}", text.word(measure.kind, "measure"), results)
    if matter.ruled:
        new_rulings.add(fields)
    fields.lines(_lines(matter), matter.policy.catalogue.problems.values())
    fields.exhibits(matter.exhibits)
    fields.findings()
    form = fields.form(RulingForm, typed, version)
    form.outcome.choices = [(choice, text.word(choice, "ruling")) for choice in matter.choices]
    return form


def _lines(matter: Matter) -> dict[str, str]:
    return {requirement.key: text.localised(requirement, "label") for requirement in matter.requirements}


def suggest(form: RulingForm, matter: Matter, choice: str) -> None:
    """Put the standard words of the chosen reason into the texts, unless somebody wrote their own."""
    for party in matter.told(choice):
        standard = {reason.code: matter.words(reason, party) for reason in matter.reasons(choice)}
        form.suggest(words_field(choice, party), form.said(f"reason_{choice}"), standard)


def verdict_of(form: RulingForm, matter: Matter) -> Verdict:
    """What was typed, as a verdict; `faults` says what is wrong with it."""
    choice = form.choice
    partial = choice == "partially_upheld"
    ruling = new_rulings.ruling_of(form, matter.ruled) if matter.ruled else None
    others = {party: form.told(party) for party in matter.subject.also_told()}
    return Verdict(
        outcome=choice,
        reason_code=reason_of(form),
        findings=form.said("findings"),
        text_to_party=form.told("merchant"),
        evidence_verdicts=form.verdicts(matter.exhibits),
        measures_result=tuple(_result(form, measure) for measure in matter.measures) if partial else (),
        terms=ruling.to_dict() if ruling else None,
        texts=others or None,
    )


def reason_of(form: RulingForm) -> str:
    """The reason chosen for the chosen decision."""
    return form.said(f"reason_{form.choice}") if form.choice else ""


def _result(form: RulingForm, measure: Measure) -> dict[str, Any]:
    result = form[f"measure_{measure.id}"].data or ""
    params = {}
    if result == "reduce" and measure.figure is not None:
        name, _now = measure.figure
        params = {name: _figure(form.said(f"note_measure_{measure.id}"), name)}
    return {"measure_id": measure.id, "kind": measure.kind, "result": result, "params": params}


def _figure(typed: str, name: str) -> int:
    """The new figure in whole units, an amount in minor ones; 0, which is never allowed, for what is no figure."""
    found = minor_of(typed) or 0
    return found if name == MINOR else found // 100 if found % 100 == 0 else 0


def deficiencies_of(form: RulingForm, matter: Matter) -> list[dict[str, str]]:
    """What the merchant is asked for, per line of the checklist."""
    return form.deficiencies(_lines(matter), matter.policy.catalogue.problems)


def check(form: RulingForm, matter: Matter) -> bool:
    """Whether the ruling can stand; what is wrong is put beside its field."""
    return form.mark(_faults(form, matter), lambda place: _field(form, place), matter.appeal.currency)


def _faults(form: RulingForm, matter: Matter) -> list[Fault]:
    if form.choice not in matter.choices:
        return [Fault("outcome", "outcome_missing")]
    reasons = {reason.code for reason in matter.reasons(form.choice)}
    if form.choice != "needs_evidence":
        verdict = verdict_of(form, matter)
        return [
            *verdict.check(
                reasons=reasons,
                exhibits=[item.ref for item in matter.exhibits],
                measures={measure.id: measure.figure[1] if measure.figure else None for measure in matter.measures},
            ),
            *_idle_figures(form, verdict),
            *_ruling_faults(form, matter, verdict),
        ]
    found = [] if reason_of(form) in reasons else [Fault("reason_code", "reason_missing")]
    if not deficiencies_of(form, matter):
        found.append(Fault(f"lack:{matter.requirements[0].key}", "deficiency_missing"))
    found += form.astray(_lines(matter), matter.policy.catalogue.problems)
    return found + text_faults(form.told("merchant"))


def _idle_figures(form: RulingForm, verdict: Verdict) -> list[Fault]:
    """The new figures typed beside measures that are kept or lifted, which would come to nothing."""
    settled = [entry["measure_id"] for entry in verdict.measures_result if entry["result"] in ("lift", "keep")]
    return [Fault(f"measure:{key}", "figure_idle") for key in settled if form.said(f"note_measure_{key}")]


def _ruling_faults(form: RulingForm, matter: Matter, verdict: Verdict) -> list[Fault]:
    if verdict.terms is None:
        return []
    return list(new_rulings.unreadable(form)) or matter.subject.faults(verdict)


def _field(form: RulingForm, place: str) -> str:
    """The field of the form that a fault belongs to; one about all measures stands at the first."""
    known = {
        "reason_code": f"reason_{form.choice}",
        "text_to_party": words_field(form.choice, "merchant"),
        "text_to_buyer": words_field(form.choice, "buyer"),
    }
    if place in known:
        return known[place]
    if place.startswith(("kind", "liability", "amount")):
        return new_rulings.place(form, place)
    return place.replace(":", "_", 1)
