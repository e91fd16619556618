"""What the codes of a review are called on screen, and what people are told when they can't have a seat."""

from flask_babel import lazy_gettext as _l

from portal import text
from portal.review.lifecycle import BLANK

text.learn(
    "review.view",
    {
        "all": _l("All"),
        "mine": _l("Mine"),
        "free": _l("Unclaimed"),
        "second": _l("Second opinions"),
        "today": _l("Due today"),
        "overdue": _l("Overdue"),
    },
)
text.learn(
    "review.may",
    {
        "claim": _l("Claim"),
        "work": _l("Yours"),
        "wait": _l("%(who)s is on it"),
        "not_independent": _l("Not for you: you are involved"),
        "seat_for_senior": _l("For a senior reviewer"),
        "verdict_given": _l("You gave a verdict already"),
        "no_decision_right": _l("Unclaimed"),
        "concluded": _l("Done"),
        "cancelled": _l("Left review"),
    },
)
text.learn(
    "review.seat",
    {
        "primary": _l("First look"),
        "second": _l("Second opinion"),
        "tiebreak": _l("Deciding opinion"),
        "blind": _l("Quality check"),
    },
)
text.learn(
    "evidence.verdict",
    {
        "accepted": _l("Accepted"),
        "partly": _l("Accepted in part"),
        "rejected": _l("Not accepted"),
        "not_considered": _l("Not considered"),
    },
)
text.learn(
    "measure.result",
    {
        "lift": _l("Lifted"),
        "reduce": _l("Reduced"),
        "keep": _l("Kept"),
    },
)
text.learn(
    "event",
    {
        "review.claimed": _l("A reviewer took the case"),
        "review.concluded": _l("A reviewer was done with the case"),
    },
)
text.learn(
    "refusal",
    {
        "already_decided": _l("%(who)s dealt with this case at %(when_at)s, before you."),
        "left_review": _l("This case left review at %(when_at)s; there is nothing to decide any more."),
        "claimed_by_other": _l("%(who)s is working on this case until %(until)s."),
        "not_claimed": _l("You don't hold this case any more. Claim it again; what you typed is kept."),
        "claimed_anew": _l("You took this case anew since this page was opened. Look at it again before you decide."),
        "written_anew": _l(
            "What is written on this case was changed in another window since this page was opened. Look at it again "
            "before you decide."
        ),
        "ruling_elsewhere": _l(
            "What is written on this case was changed in another window. Nothing was overwritten; reload to see it."
        ),
        "not_independent": _l("You are involved in this case, so somebody else decides it."),
        "seat_for_senior": _l("This case needs the opinion of a senior reviewer."),
        "verdict_given": _l("You gave a verdict in this case already; another person has to look at it now."),
        "no_decision_right": _l("Your role can read the queue, but not decide."),
    },
)
text.learn(
    "verdict.fault",
    {
        "outcome_missing": _l("Choose a decision"),
        "reason_missing": _l("Choose the reason code"),
        "findings_short": _l("Write at least %(min)s characters of findings; there are %(length)s"),
        "text_missing": _l("%(label)s: nothing is written there yet"),
        "text_blank": _l("%(label)s: replace %(blank)s"),
        "exhibit_unjudged": _l("Say what you make of %(label)s"),
        "measure_undecided": _l("Say what becomes of this measure: %(label)s"),
        "measure_irreducible": _l("This measure has no figure to reduce; lift or keep it"),
        "measure_not_less": _l("Write a new figure, above 0 and below the present one"),
        "measures_all_alike": _l(
            "All measures lifted is an appeal upheld, all kept one not upheld; in part means a difference"
        ),
        "deficiency_missing": _l("Name at least one item that is lacking"),
        "deficiency_problem": _l("Choose what is wrong with it, or clear the note"),
        "words_long": _l("%(label)s: %(most)s characters at most; there are %(length)s"),
        "figure_idle": _l("A new figure belongs to a measure that is reduced; choose that, or clear it"),
        "deficiency_note": _l("Say what is wrong with it"),
    },
)
text.learn(
    "blank",
    {
        "kept_items": _l("kept_items"),
        "returned_items": _l("returned_items"),
        "issue": _l("issue"),
        "item": _l("item"),
        "finding": _l("finding"),
        "missing": _l("missing"),
        "detail": _l("detail"),
        "expected": _l("expected"),
    },
)


def open_blanks(said: str) -> str:
    """The words of a template with its blanks named in the reader's language, for a reviewer to fill in."""
    return BLANK.sub(lambda blank: f"{{{text.word(blank[0][1:-1], 'blank')}}}", said)
