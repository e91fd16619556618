"""The fields of a verdict's form, which each case has its own of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, SelectField, StringField, TextAreaField

from portal import text
from portal.evidence.models import EvidenceItem
from portal.review.forms import VerdictForm, words_field
from portal.review.lifecycle import EVIDENCE_VERDICTS

TEXT_TO = {"merchant": _l("Text to the merchant"), "buyer": _l("Text to the buyer")}
NOTE = {"maxlength": 500}
WORDS = {"rows": 4, "maxlength": 4000}
Form = TypeVar("Form", bound=VerdictForm)


class Fields(dict[str, Field]):
    """The fields of one case, from which its form is made."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[str, list[tuple[str, Any]]] = {}

    def form(self, kind: type[Form], typed: Mapping[str, str] | None, version: int | None) -> Form:
        """A form of this kind with these fields, filled with what was typed: `None` means what the request brought."""
        whole = type("CaseVerdictForm", (kind,), dict(self))
        form: Form = whole() if typed is None else whole(formdata=MultiDict(typed))
        for name, options in self.offered.items():
            form[name].choices = options
        if version is not None:
            form.version.data = str(version)
        return form

    def select(self, name: str, label: Any, options: Iterable[tuple[str, Any]], usual: str = "") -> None:
        """A choice of codes; whether the one chosen is among them is the verdict's to say."""
        self[name] = SelectField(label, validate_choice=False, default=usual)
        self.offered[name] = list(options)

    def reason(self, choice: str, reasons: Sequence[Any]) -> None:
        """The reasons of one choice; where there is but one, it is chosen already."""
        blank = [("", _l("Choose a reason"))] if len(reasons) > 1 else []
        named = ((one.code, f"{one.code} {text.localised(one, 'name')}") for one in reasons)
        self.select(f"reason_{choice}", _l("Reason code"), [*blank, *named])

    def words(self, choice: str, party: str, said: str = "") -> None:
        """What this party is told with this choice."""
        self[words_field(choice, party)] = TextAreaField(TEXT_TO[party], default=said, render_kw=WORDS)

    def findings(self) -> None:
        """What was established, for the record."""
        self["findings"] = TextAreaField(_l("Findings, for the record"), render_kw=WORDS)

    def noted(self, name: str, label: str, options: Iterable[tuple[str, Any]]) -> None:
        """A choice, and a note beside it."""
        self.select(name, label, options)
        self[f"note_{name}"] = StringField(_l("Note"), render_kw=NOTE)

    def exhibits(self, items: Iterable[EvidenceItem]) -> None:
        """What one makes of each exhibit."""
        options = [("", _l("Choose")), *((code, text.word(code, "evidence.verdict")) for code in EVIDENCE_VERDICTS)]
        for item in items:
            self.noted(f"exhibit_{item.ref}", f"{item.exhibit_label} {item.title}", options)

    def lines(self, lines: Mapping[str, str], problems: Iterable[Any]) -> None:
        """What is lacking, per line by its name; `problems` are what a line can suffer from."""
        options = [("", ""), *((problem.code, text.localised(problem, "name")) for problem in problems)]
        for key, name in lines.items():
            self.noted(f"lack_{key}", name, options)
