"""What the record calls people and clocks, and why there is no case file."""

from flask_babel import lazy_gettext as _l

from portal import text
from portal.accounts.models import MERCHANT_ROLES, STAFF_ROLES

text.learn("party", {"merchant": _l("Shop"), "buyer": _l("Buyer"), "platform": _l("Platform")})
text.learn(
    "acting",
    {
        **dict.fromkeys(MERCHANT_ROLES, _l("Shop")),
        **dict.fromkeys(STAFF_ROLES, _l("Platform")),
        "buyer": _l("Buyer"),
        "system": _l("System"),
        "api_client": _l("Marketplace"),
    },
)
text.learn(
    "clock.state",
    {
        "running": _l("runs"),
        "paused": _l("paused"),
        "met": _l("kept"),
        "expired": _l("ran out"),
        "cancelled": _l("no longer needed"),
    },
)
text.learn(
    "clock.moved",
    {
        "outage": _l("an outage"),
        "undelivered": _l("a notice that was not delivered"),
        "reviewer": _l("extended by a reviewer"),
        "force_majeure": _l("force majeure"),
        "policy": _l("the policy"),
        "pause": _l("a pause"),
        "calendar": _l("the holidays of that year were published"),
    },
)
text.learn(
    "refusal",
    {
        "no_such_case": _l("There is no case %(ref)s."),
        "no_file_for_party": _l("This case has no case file for this party."),
        "nothing_handed_in": _l("Nothing has been handed in yet, so there is no case file."),
        "original_damaged": _l(
            "Exhibit %(label)s can't be read as it was handed in, so there is no case file at the moment. Tell us."
        ),
    },
)
