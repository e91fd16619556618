"""What the codes of an arbitration are called on screen."""

from flask_babel import lazy_gettext as _l

from portal import text

text.learn(
    "arbitration.status",
    {
        "collecting": _l("Collecting evidence"),
        "rebuttal": _l("Answering each other"),
        "under_decision": _l("Under decision"),
        "more_evidence": _l("More evidence asked for"),
        "decided": _l("Ruled, not final yet"),
        "second_instance": _l("In second review"),
        "final": _l("Final"),
        "settled": _l("Settled by both sides"),
        "withdrawn": _l("Called off by the buyer"),
    },
)
text.learn(
    "ruling",
    {
        "refund_full": _l("For the buyer: full refund"),
        "refund_partial": _l("Partial refund"),
        "return_then_refund": _l("Return, then refund"),
        "exchange_or_reship": _l("Exchange or reship"),
        "claim_rejected": _l("For the merchant: claim rejected"),
        "platform_compensates": _l("The platform bears the cost"),
    },
)
text.learn(
    "ruling",
    {
        "ask_merchant": _l("Ask the merchant for more"),
        "ask_buyer": _l("Ask the buyer for more"),
    },
)
text.learn(
    "ruling.gives",
    {
        "refund_full": _l("the buyer is paid %(paid)s"),
        "refund_partial": _l("the buyer is paid %(paid)s"),
        "return_then_refund": _l("the buyer is paid %(paid)s once the goods are back"),
        "exchange_or_reship": _l("the buyer gets goods instead of money"),
        "exchange_or_reship:goods_first": _l("the buyer gets other goods once theirs are back"),
        "claim_rejected": _l("nothing is paid to the buyer"),
        "platform_compensates": _l("the buyer is paid %(paid)s"),
    },
)
text.learn("review.case", {"arbitration": _l("Arbitration"), "re_review": _l("Re-review")})
text.learn("party", {"system": _l("Nobody; the shop did not answer in time")})
text.learn(
    "submission.kind",
    {
        "initial": _l("Words with the evidence"),
        "rebuttal": _l("Answer to the other side"),
        "supplement": _l("Added when asked"),
    },
)
text.learn(
    "liability",
    {
        "merchant": _l("The merchant is liable"),
        "buyer": _l("The buyer is liable"),
        "shared": _l("Both are liable"),
        "platform": _l("The platform is liable"),
        "carrier": _l("The carrier is liable"),
        "creator": _l("The creator is liable"),
        "none": _l("Nobody is liable"),
    },
)
text.learn(
    "bearer",
    {
        "merchant": _l("Merchant"),
        "buyer": _l("Buyer"),
        "platform": _l("Platform"),
        "carrier": _l("Carrier"),
        "creator": _l("Creator"),
    },
)
text.learn(
    "hearing.clock",
    {
        "evidence": _l("Hand in your evidence by"),
        "rebuttal": _l("Answer the other side by"),
        "supplement": _l("Add what was asked for by"),
        "re_review": _l("You can ask for a re-review until"),
        "file_appeal": _l("You can appeal this ruling until"),
    },
)
text.learn(
    "hearing.default",
    {
        "evidence": _l("If nothing has come by then, the platform rules on what it has."),
        "rebuttal": _l("You need not answer. If you don't, the platform rules on what it has."),
        "supplement": _l("If nothing has come by then, the platform rules on what it has."),
        "re_review": _l("If you do nothing by then, the ruling becomes final and is carried out."),
        "file_appeal": _l("If you do nothing by then, the ruling becomes final and is carried out."),
    },
)
text.learn(
    "hearing.waiting",
    {
        "collecting": _l("The other side can still hand in evidence"),
        "rebuttal": _l("The other side can answer"),
        "under_decision": _l("The platform rules by"),
        "more_evidence": _l("The other side was asked for more"),
        "decided": _l("The other side can go on until"),
        "second_instance": _l("The ruling is reviewed again"),
    },
)
text.learn(
    "bears",
    {
        "merchant": _l("The merchant bears"),
        "buyer": _l("The buyer bears"),
        "platform": _l("The platform bears"),
        "carrier": _l("The carrier bears"),
        "creator": _l("The creator bears"),
    },
)
text.learn("again.ground", {"new_fact": _l("A new fact"), "error": _l("An error of the ruling")})
text.learn(
    "event",
    {
        "arbitration.opened": _l("The platform hears both sides"),
        "arbitration.submitted": _l("Evidence was handed in"),
        "arbitration.submitted:merchant": _l("The merchant handed in evidence"),
        "arbitration.submitted:buyer": _l("The buyer handed in evidence"),
        "arbitration.finished": _l("One side has nothing more to hand in"),
        "arbitration.finished:merchant": _l("The merchant has nothing more to hand in"),
        "arbitration.finished:buyer": _l("The buyer has nothing more to hand in"),
        "arbitration.silent": _l("One side handed in nothing in time"),
        "arbitration.silent:merchant": _l("The merchant handed in nothing in time"),
        "arbitration.silent:buyer": _l("The buyer handed in nothing in time"),
        "arbitration.disclosed": _l("Each side can see and answer what the other handed in"),
        "arbitration.heard": _l("Both sides were heard; the platform decides"),
        "arbitration.evidence_requested": _l("One side was asked for more"),
        "arbitration.evidence_requested:merchant": _l("The merchant was asked for more"),
        "arbitration.evidence_requested:buyer": _l("The buyer was asked for more"),
        "arbitration.recommended": _l("A first reviewer gave a recommendation"),
        "arbitration.more_time": _l("More time: the holidays of that year are known now"),
        "arbitration.overdue": _l("The ruling is late"),
        "arbitration.ruled": _l("The platform ruled"),
        "arbitration.second_instance": _l("The ruling is reviewed again"),
        "arbitration.re_review_opened": _l("A re-review was asked for"),
        "arbitration.appeal_given_up": _l("The appeal ended undecided; the buyer can still go on"),
        "arbitration.accepted_by_silence": _l("One side did not go on in time"),
        "arbitration.accepted_by_silence:merchant": _l("The merchant did not go on in time"),
        "arbitration.accepted_by_silence:buyer": _l("The buyer did not go on in time"),
        "arbitration.upheld": _l("The ruling stands"),
        "arbitration.replaced": _l("The ruling was replaced"),
        "arbitration.final": _l("The ruling is final"),
        "arbitration.settled": _l("Both sides settled"),
        "arbitration.withdrawn": _l("The buyer called it off"),
    },
)
text.learn(
    "clock",
    {
        "evidence": _l("Time to hand in evidence"),
        "rebuttal": _l("Time to answer the other side"),
        "decision": _l("Time for the platform to rule"),
        "re_review": _l("Time to ask for a re-review"),
    },
)

text.learn(
    "verdict.fault",
    {
        "liability_missing": _l("Say who is liable."),
        "liable_bears_nothing": _l("Whoever is liable must bear something."),
        "amount_negative": _l("Nobody can bear less than nothing."),
        "amounts_dont_sum": _l("Together they bear %(total_minor)s; it must be the %(disputed_minor)s in dispute."),
        "amount_unreadable": _l("Write an amount such as 80 or 80.50, with two decimals at most."),
        "penalty_without_liability": _l("Only a merchant who is liable can be penalised."),
        "refund_full_amounts": _l("With a full refund the buyer bears nothing."),
        "refund_partial_amounts": _l("With a partial refund the buyer bears a part."),
        "return_then_refund_amounts": _l("The buyer must get something back for the goods."),
        "exchange_or_reship_amounts": _l("With goods instead the buyer can't bear all of it."),
        "claim_rejected_amounts": _l("If the claim is rejected, the buyer bears all of it."),
        "platform_compensates_amounts": _l("The platform must bear something, and the buyer not all of it."),
    },
)
