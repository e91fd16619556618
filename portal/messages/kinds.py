"""The kinds of notice there are, and how their words are filled: each slice registers its own."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeAlias

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from portal import accounts, text
from portal.messages.queries import Recipient

Words: TypeAlias = text.Words | Callable[..., str]
Make: TypeAlias = Callable[[Mapping[str, Any], Mapping[str, object]], str]
Case: TypeAlias = tuple[str, str]

OPEN = _l("Open")
KINDS: dict[str, "NoticeKind"] = {}
ENDPOINTS: dict[str, tuple[str, str]] = {}
FOR_GUESTS: dict[str, str] = {}
PLACE = re.compile(r"%\((\w+)\)")


class Filling(dict[str, object]):
    """The values for the words of a notice; one that an old notice lacks leaves a gap, not an error."""

    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True)
class NoticeKind:
    """What one kind of notice says: words with %(name)s for its params, or a function that takes them, for plurals.

    `action` is the label of the link to the case. `mark` is the status whose icon stands beside it (default: that of
    the category). A param `x_code` is shown by the words of kind `x`, unless `words` names another.
    `made` are further values, each made of the params: as they are kept, and as people read them.
    """

    code: str
    category: str
    title: Words
    body: Words
    action: Words = OPEN
    mark: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, Make] = field(default_factory=dict)

    @cached_property
    def wants(self) -> frozenset[str]:
        """The names of the params that the words mention; those of a function, or of what is made, are not known."""
        with force_locale("en"):
            said = [str(words) for words in (self.title, self.body, self.action) if not callable(words)]
        return frozenset(PLACE.findall(" ".join(said))) - self.made.keys()

    def filled(self, words: Words, params: Mapping[str, Any]) -> str:
        """Some of its words with the params as people read them, in the language and zone of the reader."""
        filling = Filling(self._shown(params))
        filling.update({name: make(params, filling) for name, make in self.made.items()})
        return words(**filling) if callable(words) else str(words) % filling

    def lacks(self, params: Mapping[str, Any]) -> frozenset[str]:
        """The params its words mention that are not there."""
        if self.wants <= params.keys():
            return frozenset()
        return self.wants - {name.removesuffix("_zh") for name in params} - params.keys()

    def _shown(self, params: Mapping[str, Any]) -> Mapping[str, object]:
        shown = {name: self._one(name, value, params) for name, value in params.items()}
        both = {name.removesuffix("_zh") for name in params if name.endswith("_zh")}
        return shown | {name: text.localised(params, name) for name in both}

    def _one(self, name: str, value: Any, params: Mapping[str, Any]) -> object:
        if value is None:
            return ""
        if name.endswith("due_at"):
            return text.due(datetime.fromisoformat(value))
        if name.endswith("_at"):
            return text.local(datetime.fromisoformat(value))
        if name.endswith("_minor"):
            return text.money(value, params.get("currency") or "CNY")
        if name.endswith("_code"):
            return text.word(value, self.words.get(name, name.removesuffix("_code")))
        return value


def register(*kinds: NoticeKind) -> None:
    """Make the kinds known; a slice does so for those of its `notices.py` when the app is made."""
    KINDS.update({kind.code: kind for kind in kinds})


def register_case(case_type: str, endpoint: str = "", *, staff: str | None = None, guest: str = "") -> None:
    """Notices about such a case lead to `endpoint` with its `ref`; those of the staff to `staff`, if it is another.

    Those of guests lead to `guest` with the `token` of their link. An empty endpoint leads nowhere: the case is known
    and has no page for them.
    """
    ENDPOINTS[case_type] = (endpoint, endpoint if staff is None else staff)
    FOR_GUESTS[case_type] = guest


def kind_of(code: str, category: str) -> NoticeKind:
    """The kind; for a code that no slice knows any more, one that says only where it belongs."""
    return KINDS.get(code) or NoticeKind(code, category, lambda **_: text.word(category, "notice.category"), "")


def endpoint_of(case_type: str | None, to: Recipient) -> str | None:
    """Where a notice about such a case leads; None if nowhere, or where its reader is not let in."""
    of_shops, of_staff = ENDPOINTS.get(case_type or "", ("", ""))
    if to.is_shop:
        return of_shops or None
    return of_staff if of_staff and accounts.is_open_to(of_staff, to.id) else None
