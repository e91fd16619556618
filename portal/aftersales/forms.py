"""What either side types to answer a case."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from portal import text
from portal.aftersales import lifecycle
from portal.aftersales.models import AfterSale
from portal.aftersales.words import terms
from portal.incoming import BadCellError, typed_amount

LONGEST_ADDRESS = 300


def tidied(address: str | None) -> str:
    """The lines of an address, without blanks around them and without empty ones."""
    return "\n".join(line.strip() for line in (address or "").splitlines() if line.strip())


class AnswerForm(FlaskForm):
    """One answer. `version` is the case as the page showed it, `key` makes sending it twice one sending.

    The form token stands on its own, because many of these forms share a page.
    """

    class Meta:
        """The token is checked before any form is read."""

        csrf = False

    version = HiddenField()
    key = HiddenField(validators=[Length(max=64)])

    def offer_choices(self, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        """What there is to choose from, by field."""
        for name, options in choices.items():
            if name in self:
                self[name].choices = options

    def complain(self, name: str, why: str) -> None:
        """Put what a rule said to the field it is about."""
        field: Any = self[name]
        field.errors = [*field.errors, why]


class RefusalForm(AnswerForm):
    """No, and why."""

    reason = RadioField(_l("Why do you refuse?"), [InputRequired(_l("Choose the reason."))])
    note = TextAreaField(_l("Explanation for the buyer"))


class OfferForm(AnswerForm):
    """Something else than what is on the table."""

    kind = RadioField(_l("What do you offer?"), [InputRequired(_l("Choose what you offer."))])
    amount = StringField(_l("How much"))
    note = TextAreaField(_l("A word about it"))

    amount_minor = 0

    def validate_amount(self, field: Field) -> None:
        """An amount as people write it: 80, 80.5, ¥1,280.00."""
        if self.kind.data in lifecycle.WITHOUT_AMOUNT:
            return
        try:
            self.amount_minor = typed_amount(field.data or "")
        except BadCellError as why:
            raise ValidationError(_l("Write an amount such as 80 or 80.50, with two decimals at most.")) from why


class MessageForm(AnswerForm):
    """Words to the other side."""

    body = TextAreaField(_l("Your message"), [InputRequired(_l("Write something first."))])


class EscalationForm(AnswerForm):
    """Why the platform should decide."""

    note = TextAreaField(_l("What the platform should know"))


class ReportForm(AnswerForm):
    """What is wrong with what came back."""

    finding = RadioField(
        _l("What is wrong with what came back?"),
        [InputRequired(_l("Say what is wrong: damaged, empty, missing or different."))],
    )
    note = TextAreaField(_l("What you found"))


class ParcelForm(AnswerForm):
    """With which carrier, under which number."""

    carrier = StringField(_l("Carrier"), [InputRequired(_l("Give the carrier."))])
    number = StringField(_l("Tracking number"), [InputRequired(_l("Give the tracking number."))])


class AddressForm(FlaskForm):
    """Where a shop's goods go back to. `version` is the shop as the page showed it."""

    version = HiddenField()
    address = TextAreaField(
        _l("Return address"),
        [Length(max=LONGEST_ADDRESS, message=_l("%(max)d characters at most; there are %(length)d."))],
        filters=[tidied],
    )


def findings() -> list[tuple[str, str]]:
    """What can be wrong with what came back."""
    return [(code, text.word(code, "aftersale.inspection")) for code in lifecycle.FINDINGS]


def kinds(case: AfterSale, party: str) -> list[tuple[str, str]]:
    """What this side can propose."""
    never = (
        "no_refund" if party == "buyer" or case.status == "awaiting_merchant" else ""
    )  # a shop refuses, with reasons
    kinds = [code for code in lifecycle.OFFERS if code != never]
    return [(code, terms(code, 0, case.currency, goods_first=case.goods_first(code))) for code in kinds]
