"""Rows that every kind of case has, as the record tells them: exhibits, submissions, decisions, deadlines, events."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import format_date, gettext

from portal import audit, deadlines, evidence, review, text
from portal.bundles.casefile import Clock, Exhibit, Facts, Happening, Part
from portal.deadlines.models import Deadline, DeadlineExtension
from portal.evidence.models import EvidenceItem, Submission
from portal.review.models import Decision, EvidenceRequest

MORE = ("more", "…")


def exhibit(item: EvidenceItem, what: str = "", *, by_name: Callable[[str], str] = str) -> Exhibit:
    """A sealed exhibit; `what` is the line of the checklist it was handed in for, `by_name` how its name is shown."""
    file, label = item.file, item.exhibit_label or ""
    ending = evidence.EXTENSIONS[file.media_type][0]
    return Exhibit(
        label=label,
        ref=item.ref,
        owner=item.owner_party,
        party=text.word(item.owner_party, "party"),
        name=by_name(file.name),
        what=what or by_name(item.title),
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        received=text.local(file.received_at),
        path=f"evidence/{label}-{item.ref}{ending}",
    )


def submission(
    handed_in: Submission,
    title: str,
    exhibits: Iterable[Exhibit],
    names: Mapping[str, str],
    ground: str = "",
    words: str | None = None,
) -> Part:
    """What a party handed in at one time, with those of its exhibits that are shown.

    `names` are the lines of the checklist in the reader's language. `words` is its statement where the reader is of
    another side: then they read no more of it than that.
    """
    listed = {entry["ref"] for entry in handed_in.manifest}
    facts = [
        (gettext("Handed in"), text.local(handed_in.sealed_at)),
        (gettext("By"), text.word(handed_in.party, "party")),
        (gettext("Ground"), ground),
        (gettext("Exhibits"), gettext(", ").join(one.label for one in exhibits if one.ref in listed)),
    ]
    facts += [
        (names.get(key, key), gettext("Not available: %(why)s", why=said))
        for key, said in sorted(handed_in.declarations.items())
        if words is None
    ]
    facts.append((gettext("SHA-256 of the list"), handed_in.manifest_sha256))
    return Part(
        title, filled(facts), filled([(gettext("The statement"), handed_in.statement if words is None else words)])
    )


def request(asked: EvidenceRequest, names: Mapping[str, str], by_words: Callable[[str], str] = str) -> Part:
    """What a party was asked for, in words as `by_words` shows them."""
    facts = [
        (gettext("Asked"), text.local(asked.at)),
        (gettext("Ground"), f"{asked.reason_code} {text.word(asked.reason_code, 'reason')}"),
    ]
    facts += [
        (names.get(lack["requirement_code"], lack["requirement_code"]), _lack(lack, by_words))
        for lack in asked.deficiencies
    ]
    return Part("", filled(facts), ((gettext("What was said"), by_words(asked.text_to_party)),))


def _lack(lack: Mapping[str, str], by_words: Callable[[str], str]) -> str:
    return ": ".join(filter(None, (text.word(lack["problem"], "problem"), by_words(lack.get("note", "")))))


def decision(
    decided: Decision,
    outcome: str,
    exhibits: Iterable[Exhibit],
    more: Facts = (),
    redress: str = "",
    *,
    title: str = "",
    answer: str | None = None,
    by_words: Callable[[str], str] = str,
) -> Part:
    """What was decided and why, exhibit by exhibit; `more` is what follows from it in this kind of case.

    `answer` is what was said to whoever the file is for, if not what stands in the decision; `by_words` how words are
    shown to them.
    """
    labels = {one.ref: one.label for one in exhibits}
    facts: list[tuple[str, str]] = [
        (gettext("Outcome"), outcome),
        (gettext("Decided at"), text.local(decided.decided_at)),
        (gettext("Ground"), f"{decided.reason_code} {text.word(decided.reason_code, 'reason')}"),
        (gettext("How"), _how(decided)),
        *more,
    ]
    facts += [
        (gettext("Exhibit %(label)s", label=labels[one["evidence"]]), _verdict(one, by_words))
        for one in decided.evidence_verdicts
        if one["evidence"] in labels
    ]
    facts.append((gettext("SHA-256 of the decision"), decided.sha256))
    texts = [
        (gettext("What was found"), by_words(decided.findings)),
        (gettext("The answer to the party"), by_words(decided.text_to_party) if answer is None else answer),
        (gettext("Other ways that are open"), redress),
    ]
    return Part(title, filled(facts), filled(texts))


def _how(decided: Decision) -> str:
    if decided.automated == "full":
        return str(gettext("By a system, without a person"))
    return str(gettext("Two reviewers agreed") if decided.second_by else gettext("By a reviewer"))


def _verdict(one: Mapping[str, str], by_words: Callable[[str], str]) -> str:
    return ": ".join(filter(None, (text.word(one["verdict"], "evidence.verdict"), by_words(one.get("note", "")))))


def clocks(subject_type: str, subject_id: int) -> tuple[Clock, ...]:
    """Every deadline there was, oldest first."""
    return tuple(_clock(one) for one in deadlines.all_of(subject_type, subject_id))


def _clock(deadline: Deadline) -> Clock:
    facts = [
        (gettext("Who"), text.word(deadline.party, "party")),
        (gettext("Began"), text.local(deadline.starts_at)),
        (gettext("Due"), text.due(deadline.due_at)),
        (gettext("What became of it"), text.word(deadline.state, "clock.state")),
    ]
    facts += [(gettext("Moved"), _moved(one)) for one in deadlines.extensions(deadline)]
    if deadline.provisional:
        facts.append((gettext("Provisional"), gettext("The holidays of that year were not published yet.")))
    days = tuple(
        (MORE[1] if day.kind == MORE[0] else str(format_date(day.on, "full")), deadlines.day_words(day))
        for day in deadlines.explanation(deadline)
    )
    return Clock(text.word(deadline.kind, "clock"), filled(facts), days)


def _moved(one: DeadlineExtension) -> str:
    why = text.word(one.cause, "clock.moved")
    return str(
        gettext("from %(old)s to %(new)s: %(why)s", old=text.due(one.old_due), new=text.due(one.new_due), why=why)
    )


def timeline(chains: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[Happening, ...]:
    """What happened, oldest first, as far as each chain's audiences may see it."""
    events = [(n, event) for n, (name, audiences) in enumerate(chains) for event in audit.timeline(name, audiences)]
    events.sort(key=lambda entry: (entry[1].at, entry[0], entry[1].seq))
    return tuple(
        Happening(text.local(event.at), _what(event.action), text.word(event.actor_role, "acting"))
        for _number, event in events
    )


def _what(action: str) -> str:
    """The step as a third person tells it, where the pages say "you"."""
    told = text.word(action, "event.told")
    return text.word(action, "event") if told == action else told


def last_moment(chains: Sequence[tuple[str, tuple[str, ...]]]) -> datetime:
    """When the last thing happened that stands in these chains, whoever may see it."""
    return max(link.at for name, _audiences in chains for link in audit.links(name, ()))


def filled(facts: Iterable[tuple[str, str]]) -> Facts:
    """Those of them that say something."""
    return tuple((str(name), str(said)) for name, said in facts if said)


def requests(
    case_type: str, case_id: int, party: str, names: Mapping[str, str], *, by_words: Callable[[str], str] = str
) -> tuple[Part, ...]:
    """What this party was asked for, oldest first, in words as `by_words` shows them."""
    asked = [one for one in review.requests_of(case_type, case_id) if one.party == party]
    return tuple(request(one, names, by_words) for one in reversed(asked))
