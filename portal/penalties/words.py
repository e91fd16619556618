"""What the codes of a penalty are called on screen."""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "penalty.status",
    {
        "notified": _l("Announced"),
        "active": _l("In force"),
        "held": _l("Suspended"),
        "reduced": _l("Reduced"),
        "overturned": _l("Overturned"),
        "revoked": _l("Taken back"),
        "served": _l("Expired"),
    },
)
text.learn(
    "measure.effect",
    {
        "active": _l("applies"),
        "held": _l("suspended"),
        "lifted": _l("lifted"),
        "reduced": _l("reduced"),
    },
)
text.learn(
    "measure.execution",
    {
        "pending": _l("being carried out"),
        "acknowledged": _l("carried out"),
        "failed": _l("not carried out yet"),
    },
)
text.learn(
    "penalty.automated",
    {
        "none": _l("Found and decided by people."),
        "assisted": _l("Found by a system and checked by a person."),
        "full": _l("Found and decided by a system, without a person."),
    },
)
text.learn("jurisdiction", {"CN": _l("Mainland China"), "EU": _l("European Union")})
text.learn(
    "event",
    {
        "penalty.issued": _l("Penalty issued"),
        "penalty.evidence_added": _l("The platform added its evidence"),
        "penalty.in_force": _l("Penalty in force"),
        "penalty.held": _l("Measures suspended"),
        "penalty.resumed": _l("Measures resumed"),
        "penalty.reduced": _l("Penalty reduced"),
        "penalty.overturned": _l("Penalty overturned"),
        "penalty.revoked": _l("Penalty taken back"),
        "penalty.reinstated": _l("Penalty in force again"),
        "penalty.window_put_off": _l("No further appeal can be filed while somebody looks at it"),
        "penalty.window_over": _l("Time to appeal over"),
        "penalty.window_again": _l("Can be appealed again"),
        "penalty.more_time": _l("More time to appeal: the holidays of that year are known now"),
        "penalty.executed": _l("The marketplace carried it out"),
        "penalty.not_executed": _l("The marketplace could not carry it out"),
        "penalty.execution_late": _l("Not carried out in time; the platform's leads were told"),
    },
)
text.learn(
    "refusal",
    {
        "no_such_penalty": _l("There is no penalty %(external_id)s."),
        "penalty_differs": _l("Penalty %(ref)s is there under the same number and says something else."),
        "nothing_to_execute": _l("Nothing of %(ref)s waits to be carried out."),
        "measure_unknown": _l("This measure is not one of this penalty."),
        "measure_not_less": _l("A reduced measure must be smaller than before, and more than nothing."),
        "nothing_reduced": _l("Change at least one measure, or choose another outcome."),
    },
)
text.learn(
    "sheet",
    {
        "too_many_at_once": _l(
            "This page takes %(most)s rows at once. Split the file, or ask the operator to run portal import."
        ),
        "no_file": _l("Choose a file first."),
        "gone": _l("This file has been used, or it has waited too long. Choose it again."),
    },
)
text.learn(
    "cell",
    {
        "bad_points": _l("a whole number from 0 to %(most)s"),
        "bad_days": _l("a number of days from 1 to %(most)s"),
        "days_without_end": _l("no number of days: a %(kind)s has none"),
        "bad_automated": _l("one of: %(allowed)s"),
        "bad_measures": _l("measures such as fine; points; traffic_limit:7, each once. They are: %(allowed)s"),
        "unknown_rule": _l("one of: %(allowed)s"),
        "unknown_issuer": _l("the e-mail address of a member of the platform's staff"),
        "differs": _l("penalty %(ref)s is there under this external_id and says something else; it stays as it is"),
        "measures_none": _l("name at least one measure; the rule %(rule)s has none that applies"),
        "amount_missing": _l("a fine needs an amount"),
        "amount_without_measure": _l("an amount needs the measure fine or withhold_funds"),
        "points_missing": _l("the measure points needs a number"),
        "points_without_measure": _l("points need the measure points"),
    },
)


text.learn(
    "column",
    {
        "external_id": _l("Number of the penalty in the system it comes from"),
        "shop_external_id": _l("Number of the shop on the marketplace"),
        "rule_code": _l("Code of the rule, such as LATE_SHIPMENT"),
        "facts": _l("What was found, as the shop will read it; up to 5,000 characters"),
        "order_no": _l("Number of the order"),
        "concerns": _l("What it concerns, such as 12 orders"),
        "amount": _l("Amount in currency units, two decimals at most; default none"),
        "currency": _l("Currency of the amount; default CNY"),
        "points": _l("Violation points; default those of the rule"),
        "measures": _l("Measures, such as fine; traffic_limit:7; default those of the rule"),
        "notified_at": _l("When the shop was told; default the moment of the import"),
        "effective_at": _l("From when it applies; default when the shop was told"),
        "automated": _l("Whether a machine found or decided it: none, assisted or full; default none"),
        "issuer": _l("E-mail address of whoever issued it; they will not decide an appeal against it"),
        "source": _l("Name of the system it comes from; default import"),
    },
)
