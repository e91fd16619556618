"""The form a ruling is written in: one for all choices, of which the chosen one counts.

Each ruling has shares and texts of its own, filled in with what is usual, so that nothing has to be recomputed.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from portal import text
from portal.arbitration.lifecycle import LIABLE, MAY_BEAR, Ruling
from portal.arbitration.panel import ASKED, CHOICES, LIABLE_FOR, Dispute
from portal.incoming import BadCellError, typed_amount
from portal.policies import RULINGS
from portal.review import Fault, Fields, Verdict, VerdictForm, text_faults, words_field


class RulingForm(VerdictForm):
    """The form of a dispute."""

    known = CHOICES


def ruling_form(dispute: Dispute, typed: Mapping[str, str] | None = None, *, version: int | None = None) -> RulingForm:
    """The form for this case, filled with what was typed: `None` means what the request brought."""
    fields = Fields()
    for choice in CHOICES:
        fields.reason(choice, dispute.reasons(choice))
        if choice in ASKED:
            fields.lines(dispute.lines(ASKED[choice]), dispute.policy.catalogue.problems.values())
        else:
            _shares(fields, dispute, choice)
        for party in dispute.told(choice):
            fields.words(choice, party, _standing(dispute, choice, party))
    fields.exhibits(dispute.exhibits)
    fields.findings()
    form = fields.form(RulingForm, typed, version)
    form.outcome.choices = [(choice, text.word(choice, "ruling")) for choice in dispute.choices]
    return form


def _shares(fields: Fields, dispute: Dispute, kind: str) -> None:
    """Who is liable and who bears how much."""
    usual = Ruling.usual(kind, dispute.arbitration.amount_minor)
    named = [(code, text.word(code, "liability")) for code in LIABLE_FOR.get(kind, LIABLE)]
    fields.select(f"liability_{kind}", _l("Who is liable"), [("", _l("Choose")), *named], usual.liability)
    for bearer, name in dispute.shares(kind).items():
        minor = usual.amounts.get(bearer, 0)
        fields[name] = StringField(
            text.word(bearer, "bearer"),
            default=f"{minor // 100}.{minor % 100:02}",
            render_kw={"inputmode": "decimal", "maxlength": 14},
        )
    if dispute.may_penalise and kind != "claim_rejected":
        fields[f"penalty_{kind}"] = BooleanField(_l("Issue the penalty that the rules have for this"))


def _standing(dispute: Dispute, choice: str, party: str) -> str:
    """The words of the only reason; with several, one has to be chosen first."""
    reasons = dispute.reasons(choice)
    return dispute.words(reasons[0], party) if len(reasons) == 1 else ""


def suggest(form: RulingForm, dispute: Dispute, choice: str) -> None:
    """Put the standard words of the chosen reason into the texts, unless somebody wrote their own."""
    for party in dispute.told(choice):
        standard = {reason.code: dispute.words(reason, party) for reason in dispute.reasons(choice)}
        form.suggest(words_field(choice, party), form.said(f"reason_{choice}"), standard)


def reason_of(form: RulingForm) -> str:
    """The reason chosen for the chosen decision."""
    return form.said(f"reason_{form.choice}")


def ruling_of(form: RulingForm, dispute: Dispute) -> Ruling:
    """The ruling that was chosen, with its shares; what can't be read counts as nothing."""
    kind, disputed = form.choice, dispute.arbitration.amount_minor
    shares = {bearer: minor_of(form.said(name)) or 0 for bearer, name in dispute.shares(kind).items()}
    penalty = f"penalty_{kind}" in form and bool(form[f"penalty_{kind}"].data)
    return Ruling(kind, form.said(f"liability_{kind}"), shares or {MAY_BEAR[kind][0]: disputed}, penalty)


def minor_of(typed: str) -> int | None:
    """An amount as people write it, in minor units; None for what is none, 0 where nothing stands."""
    plain = typed.strip()
    try:
        below = plain.startswith(("-", "−"))
        return (-1 if below else 1) * typed_amount(plain[below:]) if plain else 0
    except BadCellError:
        return None


def verdict_of(form: RulingForm, dispute: Dispute) -> Verdict:
    """What was typed, as a verdict."""
    return Verdict(
        outcome=form.choice,
        reason_code=reason_of(form),
        findings=form.said("findings"),
        text_to_party=form.told("merchant"),
        texts={"buyer": form.told("buyer")},
        evidence_verdicts=form.verdicts(dispute.exhibits),
        terms=ruling_of(form, dispute).to_dict(),
    )


def deficiencies_of(form: RulingForm, dispute: Dispute) -> list[dict[str, str]]:
    """What the chosen side is asked for, line by line."""
    return form.deficiencies(dispute.lines(ASKED[form.choice]), dispute.policy.catalogue.problems)


def check(form: RulingForm, dispute: Dispute) -> bool:
    """Whether the ruling can stand; what is wrong is put beside its field."""
    currency = dispute.arbitration.currency
    return form.mark(_faults(form, dispute), lambda place: _field(place, form.choice), currency)


def _faults(form: RulingForm, dispute: Dispute) -> list[Fault]:
    if form.choice not in dispute.choices:
        return [Fault("outcome", "outcome_missing")]
    reasons = {reason.code for reason in dispute.reasons(form.choice)}
    if form.choice in RULINGS:
        said = verdict_of(form, dispute).check(
            reasons=reasons, exhibits=[item.ref for item in dispute.exhibits], measures={}, outcomes=RULINGS
        )
        return [*said, *_money_faults(form, dispute)]
    found = [] if reason_of(form) in reasons else [Fault("reason_code", "reason_missing")]
    party = ASKED[form.choice]
    lines = dispute.lines(party)
    if not deficiencies_of(form, dispute):
        found.append(Fault(f"lack:{next(iter(lines))}", "deficiency_missing"))
    found += form.astray(lines, dispute.policy.catalogue.problems)
    return found + text_faults(form.told(party), f"text_to_{party}")


def _money_faults(form: RulingForm, dispute: Dispute) -> list[Fault]:
    """What is wrong with the shares: first whatever is no amount, then what they come to."""
    kind = form.choice
    typed = {bearer: minor_of(form.said(name)) for bearer, name in dispute.shares(kind).items()}
    unread = [Fault(f"bears:{bearer}", "amount_unreadable") for bearer, minor in typed.items() if minor is None]
    below = [Fault(f"bears:{bearer}", "amount_negative") for bearer, minor in typed.items() if minor and minor < 0]
    faults = ruling_of(form, dispute).faults(dispute.arbitration.amount_minor)
    rest = [Fault(*fault) for fault in faults if fault[0] != "amounts" or not unread + below]
    return [*unread, *below, *rest]


def _field(place: str, choice: str) -> str:
    """The field of the form that a fault belongs to; one about all shares stands at the first."""
    name, _, which = place.partition(":")
    if name == "amounts":
        return f"bears_{choice}_{MAY_BEAR[choice][0]}"
    known = {
        "reason_code": f"reason_{choice}",
        "text_to_party": words_field(choice, "merchant"),
        "text_to_merchant": words_field(choice, "merchant"),
        "text_to_buyer": words_field(choice, "buyer"),
        "liability": f"liability_{choice}",
        "penalty": f"penalty_{choice}",
        "bears": f"bears_{choice}_{which}",
    }
    return known.get(name, place.replace(":", "_", 1))
