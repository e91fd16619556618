"""What an appeal is against: a penalty, or a ruling that the shop lost. Each kind answers the same questions.

The verbs, pages and lists of an appeal ask a `Subject` and never what kind it is.
"""

from collections.abc import Collection

from sqlalchemy import select

from portal.appeals.models import Appeal
from portal.appeals.subjects.checklist import Checklist
from portal.appeals.subjects.penalty import PenaltySubject
from portal.appeals.subjects.ruling import RulingSubject
from portal.appeals.subjects.subject import Subject
from portal.arbitration.models import Arbitration
from portal.db import session
from portal.penalties.models import Penalty
from portal.refusals import Overtaken

__all__ = [
    "Checklist",
    "Key",
    "PenaltySubject",
    "RulingSubject",
    "Subject",
    "against",
    "checklist_of",
    "held",
    "locked",
    "of",
]

Key = tuple[str, int]
"""Type and id of a subject."""
KINDS: tuple[type[Subject], ...] = (PenaltySubject, RulingSubject)
"""In the order in which every verb locks them."""
BY_TYPE = {kind.type: kind for kind in KINDS}


def of(appeal: Appeal) -> Subject:
    """What this appeal is against."""
    return BY_TYPE[appeal.subject_type].found(appeal.subject_id)


def held(appeal: Appeal) -> Subject:
    """What this appeal is against: both locked in the order of every verb, and the appeal read anew.

    Whoever waited for the lock sees what the one before made of it. Raises `Overtaken` if the appeal is gone.
    """
    subject = of(appeal)
    subject.hold()
    ask = select(Appeal).where(Appeal.id == appeal.id).with_for_update()
    if session().scalar(ask.execution_options(populate_existing=True)) is None:
        raise Overtaken
    return subject


def against(thing: Penalty | Arbitration) -> Subject:
    """The same for what an appeal may be begun against."""
    return PenaltySubject(thing) if isinstance(thing, Penalty) else RulingSubject(thing)


def locked(keys: Collection[Key], *, sweeping: bool = False) -> dict[Key, Subject]:
    """These subjects, in one statement or two for all of a kind, locked where the database can.

    `sweeping`: to be closed by the sweep, which reads thousands.
    """
    found: dict[Key, Subject] = {}
    for kind in KINDS:
        ids = [subject_id for subject_type, subject_id in keys if subject_type == kind.type]
        if ids:
            subjects = kind.swept(ids) if sweeping else kind.locked(ids)
            found |= {(kind.type, subject_id): subject for subject_id, subject in subjects.items()}
    return found


def checklist_of(appeal: Appeal) -> Checklist:
    """What this appeal may rest on and what proves it, as the frozen policy version words it."""
    return BY_TYPE[appeal.subject_type].checklist(appeal.policy_version_id, appeal.rule_code)
