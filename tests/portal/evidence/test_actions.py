"""Exhibits: added, taken back, handed in for good."""

import hashlib
import json

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

from portal import Portal, evidence
from portal.audit import SYSTEM
from portal.db import session, unit_of_work
from portal.evidence import Said
from portal.evidence.models import EvidenceItem, StoredFile, Submission
from portal.refusals import Overtaken, Refused
from tests.make import NOON
from tests.portal.evidence.making import a_file, a_picture, a_side, a_submission, an_item, read_again

pytestmark = pytest.mark.usefixtures("app")


def test_a_file_becomes_a_staged_exhibit_under_its_own_name():
    side = a_side()
    item = read_again(an_item(side))
    assert (item.state, item.title, item.file.name, item.requirement_code) == (
        "staged",
        "运单.jpg",
        "运单.jpg",
        "waybill",
    )
    assert (item.file.width, item.file.height, item.file.media_type) == (1200, 900, "image/jpeg")
    assert [found.id for found in evidence.items_of("appeal", 1)] == [item.id]


def test_the_same_file_twice_for_one_requirement_is_refused_and_for_another_is_fine():
    side = a_side()
    an_item(side)
    with pytest.raises(Refused) as refusal:
        an_item(side)
    assert (refusal.value.code, refusal.value.params["name"]) == ("same_file_twice", "运单.jpg")
    an_item(side, requirement="packing")
    an_item(side, requirement=None)


def test_one_file_more_than_allowed_is_refused():
    side = a_side()
    for shade in range(3):
        an_item(side, a_picture(shade), most=3)
    with pytest.raises(Refused) as refusal:
        an_item(side, a_picture(9), most=3)
    assert (refusal.value.code, refusal.value.params["limit"]) == ("too_many_files", 3)
    an_item(a_side(party="buyer"), a_picture(9), most=3)


def test_what_was_handed_in_leaves_room_for_what_is_asked_for_next():
    side = a_side()
    for shade in range(3):
        an_item(side, a_picture(shade), most=3)
    a_submission(side)
    for shade in range(3, 6):
        an_item(side, a_picture(shade), most=3)
    with pytest.raises(Refused, match="too_many_files"):
        an_item(side, a_picture(9), most=3)


def test_a_staged_exhibit_can_be_taken_back_and_its_file_stays():
    side = a_side()
    item = an_item(side)
    with unit_of_work():
        evidence.detach(read_again(item))
    assert evidence.items_of("appeal", 1) == []
    assert list(evidence.faults()) == []
    an_item(side)


def test_handing_in_labels_the_exhibits_and_freezes_them():
    side = a_side()
    for shade in range(3):
        an_item(side, a_picture(shade))
    a_submission(side)
    an_item(side, a_picture(3))
    a_submission(side, "key-2", "supplement")
    items = evidence.items_of("appeal", 1, state="sealed")
    assert [item.exhibit_label for item in items] == ["A1", "A2", "A3", "A4"]
    first, second = evidence.submissions_of("appeal", 1)
    assert [(s.seq, s.kind, len(s.manifest)) for s in (first, second)] == [(1, "initial", 3), (2, "supplement", 1)]
    assert {item.submission_id for item in items} == {first.id, second.id}


def test_each_party_has_labels_of_its_own():
    merchant, buyer = a_side(), a_side(party="buyer")
    an_item(merchant), an_item(buyer)
    a_submission(merchant), a_submission(buyer, "key-2")
    assert [item.exhibit_label for item in evidence.items_of("appeal", 1)] == ["A1", "B1"]


def test_the_manifest_names_every_file_by_its_hash_and_has_one_itself():
    side = a_side()
    item = an_item(side)
    a_submission(side)
    submission = evidence.submission_by_key("key-1")
    assert submission is not None
    assert submission.manifest == [
        {"label": "A1", "ref": item.ref, "requirement": "waybill", "title": "运单.jpg", "name": "运单.jpg",
         "media_type": "image/jpeg", "size": a_file().size, "sha256": a_file().sha256}
    ]  # fmt: skip
    canonical = json.dumps(submission.manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert submission.manifest_sha256 == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_submission_may_have_no_exhibits():
    a_submission(a_side())
    assert evidence.submissions_of("appeal", 1)[0].manifest == []


def test_a_one_time_key_hands_in_only_once():
    side = a_side()
    a_submission(side)
    with pytest.raises(Overtaken):
        a_submission(side)


def test_a_sealed_exhibit_cannot_be_taken_back():
    side = a_side()
    item = an_item(side)
    a_submission(side)
    with pytest.raises(Refused) as refusal, unit_of_work():
        evidence.detach(read_again(item))
    assert refusal.value.code == "evidence_sealed"


@pytest.mark.parametrize(
    "change",
    [
        update(EvidenceItem).values(exhibit_label="A9"), update(EvidenceItem).values(title="别的"),
        update(EvidenceItem).values(state="staged", sealed_at=None), delete(EvidenceItem),
        update(StoredFile).values(sha256="0" * 64), delete(StoredFile),
        update(Submission).values(statement="别的"), delete(Submission),
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_to_change_what_was_handed_in(change):
    side = a_side()
    an_item(side)
    a_submission(side)
    with pytest.raises(DatabaseError, match="immutable"), unit_of_work() as current:
        current.execute(change)


def test_two_exhibits_of_one_file_are_two_rows_and_one_file(app: Portal):
    for case_id in (1, 2):
        an_item(a_side(case_id))
    assert len({item.file_id for item in session().scalars(select(EvidenceItem))}) == 2
    assert len(set(session().scalars(select(StoredFile.sha256)))) == 1


def test_an_exhibit_is_found_only_in_its_own_case():
    item = an_item(a_side(1))
    assert evidence.item_of("appeal", 1, item.ref) is not None
    assert evidence.item_of("appeal", 2, item.ref) is None
    assert evidence.item_of("arbitration", 1, item.ref) is None


def test_nothing_of_a_rolled_back_upload_stays_in_the_database():
    side, file = a_side(), a_file()
    with pytest.raises(ZeroDivisionError), unit_of_work():
        evidence.attach(side, file, requirement=None, max_files=20, by=SYSTEM, at=NOON)
        evidence.seal(side, Said("initial", "key"), by=SYSTEM, at=NOON)
        raise ZeroDivisionError
    for table in ("evidence_item", "stored_file", "submission"):
        assert session().scalar(text(f"SELECT count(*) FROM {table}")) == 0
