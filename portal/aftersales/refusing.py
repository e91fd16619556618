"""What is said when a rule of an after-sales case says no."""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "refusal",
    {
        "ruled_already": _l(
            "The platform has ruled on this case; only its ruling, or what both agree on, ends it now."
        ),
        "no_such_order": _l("There is no order %(order_no)s."),
        "order_of_another_shop": _l("The order %(order_no)s belongs to another shop."),
        "after_sale_differs": _l("The case %(ref)s is there under this number and says something else."),
        "reason_not_for_kind": _l("This reason does not go with this kind of request."),
        "other_currency": _l("This order was paid in %(currency)s; the request must be in the same currency."),
        "statement_too_long": _l("%(most)s characters at most; there are %(length)s."),
        "no_such_item": _l("The order has no item %(sku)s."),
        "item_twice": _l("Each item can stand in a request once."),
        "item_claimed": _l(
            "Of item %(sku)s, %(count)s can still be claimed; the rest is in another case or was settled already."
        ),
        "nothing_left": _l("Everything in this order is in another case or was settled already."),
        "too_much": _l("Of this order %(left_minor)s can still be asked for: what was paid, less what was asked for."),
        "above_items": _l(
            "At most %(left_minor)s can be asked for these items; name the other items too to ask for more."
        ),
        "no_amount": _l("The amount must be more than nothing."),
        "refusal_needs_evidence": _l("This reason needs evidence: add at least one file."),
        "report_needs_evidence": _l(
            "Add at least one file that shows it: a photo of what came back, or the carrier's trace."
        ),
        "no_such_finding": _l("Say what is wrong: damaged, empty, missing or different."),
        "no_such_offer": _l("There is no such kind of offer."),
        "offer_amount_missing": _l("Say how much you offer."),
        "offer_without_amount": _l("This kind of offer has no amount."),
        "refuse_instead": _l(
            "To give nothing, refuse the request and say why; the buyer can then call in the platform."
        ),
        "offer_above_request": _l("An offer can't be more than the %(requested_minor)s asked for."),
        "parcel_incomplete": _l("Give the carrier and the tracking number."),
        "parcel_unchanged": _l("These are the carrier and the number that stand there already."),
        "other_amount_paid": _l("What was agreed is %(agreed_minor)s; any other amount is not this refund."),
        "message_empty": _l("Write something first."),
        "sent_with_other_words": _l(
            "This form was sent before, with other words; those stay. Press the button again to send these words too."
        ),
    },
)
