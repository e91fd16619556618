"""What is found when every byte is checked, and what is cleared away."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import Portal, evidence
from portal.db import unit_of_work
from portal.evidence import places
from portal.evidence.models import EvidenceItem, Submission
from tests.make import NOON
from tests.portal.evidence.making import a_file, a_picture, a_side, a_submission, an_item


def spoil(item: EvidenceItem, kind: str) -> None:
    path = places.store().path(item.file.sha256)
    path.chmod(0o600)
    content = path.read_bytes()
    if kind == "missing":
        path.unlink()
    else:
        path.write_bytes(content[:-1] if kind == "cut" else bytes([content[0] ^ 1]) + content[1:])


@pytest.mark.parametrize(
    ("kind", "says"), [("missing", "is missing"), ("cut", "is not as long as it was"), ("flipped", "was changed")]
)
def test_a_spoilt_file_is_named_by_its_exhibit(sqlite_app: Portal, kind: str, says: str):
    side = a_side()
    item, _other = an_item(side, a_picture(1)), an_item(side, a_picture(2))
    assert list(evidence.faults()) == []
    spoil(item, kind)
    assert list(evidence.faults()) == [f"evidence {item.ref}: its file {item.file.sha256[:12]} {says}"]
    a_picture(1)


def test_a_manifest_that_does_not_fit_its_exhibits_is_named(sqlite_app: Portal):
    side = a_side()
    an_item(side)
    with unit_of_work() as current:
        listed = evidence.manifest(evidence.items_of("appeal", 1))
        fields = {"case_type": "appeal", "case_id": 1, "party": "merchant", "kind": "initial", "statement": "",
                  "declarations": {}, "sealed_at": NOON}  # fmt: skip
        current.add(Submission(**fields, seq=1, key="1", manifest=listed, manifest_sha256="0" * 64))
        current.add(Submission(**fields, seq=2, key="2", manifest=listed, manifest_sha256=evidence.fingerprint(listed)))
    assert list(evidence.faults()) == [
        "submission 1 of appeal 1: its manifest was changed",
        "submission 2 of appeal 1: its exhibits are not those of its manifest",
    ]


def test_what_was_handed_in_and_left_alone_has_no_fault(app: Portal):
    side = a_side()
    for shade in range(3):
        an_item(side, a_picture(shade))
    a_submission(side)
    assert list(evidence.faults()) == []


def test_only_files_older_than_a_day_that_no_row_names_are_swept(app: Portal):
    named, young, old = an_item(a_side(), a_picture(1)).file, a_picture(2), a_picture(3)
    for file in (named, old):
        _age(places.store().path(file.sha256), timedelta(hours=25))
    assert evidence.sweep_orphans(at=datetime.now(UTC)) >= 1
    kept = set(places.store().kept())
    assert {named.sha256, young.sha256} <= kept
    assert old.sha256 not in kept
    assert not places.previews().has(old.sha256)


def test_an_orphan_that_is_uploaded_again_stays(sqlite_app: Portal):
    orphan = a_picture(4)
    _age(places.store().path(orphan.sha256), timedelta(hours=25))
    a_picture(4)
    evidence.sweep_orphans(at=datetime.now(UTC))
    assert places.store().path(orphan.sha256).exists()


def test_sweeping_needs_no_exhibit_at_all(sqlite_app: Portal):
    _age(places.store().path(a_file().sha256), timedelta(days=2))
    assert evidence.sweep_orphans(at=datetime.now(UTC)) >= 1


def _age(path: Path, by: timedelta) -> None:
    then = (datetime.now(UTC) - by).timestamp()
    os.utime(path, (then, then))
