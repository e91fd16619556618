"""The part of the form in which a ruling is given in place of the one appealed, once for each choice that gives one."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal import policies, text
from portal.appeals.subjects.ruling import REPLACED
from portal.arbitration import BEARERS, LIABLE, MERCHANT_LIABLE, Ruling, minor_of
from portal.arbitration import ruling_of as ruling_given
from portal.arbitration.models import Arbitration
from portal.review import Fault, Fields, VerdictForm

LONGEST = 16


def add(fields: Fields) -> None:
    """Put the fields of both choices in."""
    kinds = [("", _l("Choose")), *((kind, text.word(kind, "ruling")) for kind in policies.RULINGS)]
    liable = [("", _l("Choose")), *((who, text.word(who, "liability")) for who in LIABLE)]
    for choice in REPLACED:
        fields.select(f"kind_{choice}", _l("What is ruled"), kinds)
        fields.select(f"liability_{choice}", _l("Liability"), liable)
        for bearer in BEARERS:
            fields[f"amount_{bearer}_{choice}"] = StringField(
                text.word(bearer, "bearer"), render_kw={"maxlength": LONGEST}
            )


def ruling_of(form: VerdictForm, first: Arbitration) -> Ruling | None:
    """What was typed, as a ruling; None where the chosen decision gives none. An amount that is none counts as 0.

    The penalty that the first ruling asked for goes with it while the shop is liable still, and with its liability.
    """
    if form.choice not in REPLACED:
        return None
    amounts = {bearer: minor_of(form.said(f"amount_{bearer}_{form.choice}")) or 0 for bearer in BEARERS}
    liability = form.said(f"liability_{form.choice}")
    penalty = ruling_given(first).penalty and liability in MERCHANT_LIABLE
    return Ruling(form.said(f"kind_{form.choice}"), liability, amounts, penalty=penalty)


def unreadable(form: VerdictForm) -> Iterator[Fault]:
    """The amounts that are none."""
    for bearer in BEARERS:
        if minor_of(form.said(f"amount_{bearer}_{form.choice}")) is None:
            yield Fault(f"amount_{bearer}", "amount_unreadable")


def place(form: VerdictForm, where: str) -> str:
    """The field of the form for a fault there; one about all amounts stands at the first."""
    return f"amount_{BEARERS[0]}_{form.choice}" if where == "amounts" else f"{where}_{form.choice}"
