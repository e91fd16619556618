"""What either side types in an arbitration."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from portal.aftersales import AnswerForm

GROUNDS = {"new_fact": _l("There is a new fact or new evidence"), "error": _l("The ruling has an error")}


class SubmissionForm(AnswerForm):
    """What this side has to say, beside its files."""

    body = TextAreaField(_l("What happened, as you see it"))


class AgainForm(AnswerForm):
    """Why the ruling should be looked at once more."""

    ground = RadioField(
        _l("Why should it be looked at again?"),
        [InputRequired(_l("Choose a new fact or an error of the ruling."))],
    )
    body = TextAreaField(_l("Which fact, or which error"))

    def offer_choices(self, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        """The grounds there are, beside what there is to choose from in general."""
        grounds = [(code, str(words)) for code, words in GROUNDS.items()]
        super().offer_choices({**choices, "ground": grounds})
