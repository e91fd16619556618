"""The names of the catalogue's codes, and what is said when a policy doesn't know what it is asked for."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from portal import text
from portal.policies.aftersales import Cause, Refusal
from portal.policies.arbitration import RulingReason
from portal.policies.catalogue import Catalogue, Named, Reason, Rule
from portal.policies.reading import Text

text.learn(
    "refusal",
    {
        "no_such_policy": _l("There is no policy %(name)s."),
        "no_such_rule": _l("The policy knows no rule %(name)s."),
        "no_aftersales": _l("The policy in force says nothing about after-sales yet."),
        "no_such_reason": _l("The policy knows no reason %(name)s."),
    },
)


def learn(catalogue: Catalogue) -> None:
    """Make the names of this catalogue's codes known; a code that only an older version had is shown as it is."""
    grounds = {ground.code: ground for rule in catalogue.rules.values() for ground in rule.grounds}
    known: Mapping[str, Mapping[str, Named | Rule | Reason | Cause | Refusal | RulingReason]] = {
        "rule": catalogue.rules,
        "reason": {**catalogue.reasons, **catalogue.ruling_reasons},
        "measure": catalogue.measures,
        "problem": catalogue.problems,
        "ground": {**grounds, **catalogue.ruling_grounds},
        "aftersale.reason": catalogue.causes,
        "aftersale.refusal": catalogue.refusals,
    }
    for kind, things in known.items():
        text.learn(kind, {code: LazyString(_said, thing.name) for code, thing in things.items()})


def _said(name: Text) -> str:
    return name.say(text.language())
