"""What either side types in an arbitration."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from portal.aftersales import AnswerForm


class SubmissionForm(AnswerForm):
    """What this side has to say, beside its files."""

    body = TextAreaField(_l("What happened, as you see it"))


class AgainForm(AnswerForm):
    """Why the ruling should be looked at once more."""

    ground = RadioField(
        _l("Why should it be looked at again?"),
        [InputRequired(_l("Choose a new fact or an error of the ruling."))],
        choices=[("new_fact", _l("There is a new fact or new evidence")), ("error", _l("The ruling has an error"))],
    )
    body = TextAreaField(_l("Which fact, or which error"))
