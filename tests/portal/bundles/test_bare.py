"""What one side hands in reaches the other without its metadata, on the page and in the case file, and says so."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from portal import Portal, accounts, bundles, evidence
from portal.accounts.models import Person
from portal.aftersales import actions as case_actions
from portal.arbitration import actions
from portal.arbitration.models import Arbitration
from portal.audit import Actor
from portal.db import session, unit_of_work
from portal.evidence import bring
from portal.evidence.models import EvidenceItem
from tests import arbitration as make
from tests.conftest import Clock
from tests.make import NOON
from tests.portal.arbitration.conftest import Court, a_court
from tests.portal.bundles.conftest import files_of, listed, text_of, zipped
from tests.portal.evidence.marked import MADE, says
from tests.reading import Visitor

HOUR = timedelta(hours=1)


def heard() -> tuple[Court, Arbitration]:
    """A hearing in which both sides have finished; the buyer has handed in a marked file of each kind."""
    with unit_of_work():
        court = a_court()
        found = make.an_arbitration(court.shop, court.merchant)
        buyer = make.buyer_of(found)
        for kind, made in MADE.items():
            file = bring(io.BytesIO(made()), f"凭证{evidence.EXTENSIONS[kind][0]}")
            case_actions.attach(found.after_sale, file, by=buyer, at=NOON)
        for by in (court.merchant, buyer):
            make.hand_in(found, by, NOON)
        for by in (court.merchant, buyer, court.merchant, buyer):
            actions.finish(found, by=by, at=NOON)
    return court, found


def items(found: Arbitration) -> list[EvidenceItem]:
    """What the buyer handed in."""
    return evidence.items_of("aftersale", found.after_sale_id, party="buyer", state="sealed")


def fetched(app: Portal, person: Actor | None, place: str, found: Arbitration) -> dict[str, bytes]:
    """Every file of the buyer as whoever asks gets it, by its kind."""
    visitor = Visitor(app, session().get_one(Person, person.person_id) if person else None)
    wanted = {item.file.media_type: item.ref for item in items(found)}
    given = {}
    for kind, ref in wanted.items():
        with visitor.client.get(f"{place}/evidence/{ref}") as answer:
            assert answer.status_code == 200, (place, kind)
            given[kind] = answer.get_data()
    return given


def test_the_shop_gets_the_buyers_files_bare_and_the_buyer_and_reviewers_as_they_are(
    sqlite_app: Portal, now: Clock
) -> None:
    court, found = heard()
    with unit_of_work():
        link = accounts.links.issue("aftersale", found.after_sale.ref, "buyer", at=NOON)
    made = {kind: make() for kind, make in MADE.items()}
    seen = fetched(sqlite_app, court.merchant, f"/after-sales/{found.after_sale.ref}", found)
    assert seen.keys() == made.keys()
    assert [kind for kind, content in seen.items() if says(content)] == []
    assert fetched(sqlite_app, None, f"/case/{link}", found) == made
    assert fetched(sqlite_app, court.reviewer, f"/review/arbitrations/{found.ref}", found) == made


def test_the_shops_case_file_has_bare_copies_and_names_both_hashes(sqlite_app: Portal, tmp_path: Path) -> None:
    _court, found = heard()
    whole, own = zipped(found.after_sale.ref), zipped(found.after_sale.ref, "buyer")
    files = files_of(whole)
    assert not says(whole)
    assert [path for path, content in files.items() if says(content)] == []
    for item in items(found):
        path = next(path for path in files if item.ref in path)
        line = listed(whole)[path]
        assert line["sha256"] == hashlib.sha256(files[path]).hexdigest() != item.file.sha256
        assert line["without_metadata_of"] == item.file.sha256
        assert files_of(own)[path] == evidence.original(item.file.sha256).read_bytes()
        assert "without_metadata_of" not in listed(own)[path]
        assert item.file.sha256 in text_of(whole).replace("\u200b", "")
    assert "副本" in text_of(whole)
    assert "without_metadata_of" in files["README.txt"].decode()
    assert whole == zipped(found.after_sale.ref)
    path = tmp_path / "case.zip"
    path.write_bytes(whole)
    assert bundles.check(path, bundles.signing_key(bundles.key_path()).public_key()).faults == ()


def test_the_readme_s_list_for_sha256sum_still_finds_every_line(sqlite_app: Portal) -> None:
    _court, found = heard()
    with zipfile.ZipFile(io.BytesIO(zipped(found.after_sale.ref))) as archive:
        lines = archive.read("manifest.json").decode().splitlines()[1:-1]
    assert len(lines) == len(json.loads("[" + "".join(lines) + "]"))
    assert all(line.startswith('{"path":"') and '","sha256":"' in line for line in lines)
    assert any("without_metadata_of" in line for line in lines)


@pytest.mark.parametrize("damage", [b"", b"not what was made"])
def test_a_kept_copy_that_the_disk_has_damaged_does_not_get_into_a_case_file(sqlite_app: Portal, damage: bytes) -> None:
    _court, found = heard()
    whole = zipped(found.after_sale.ref)
    for item in items(found):
        evidence.bare_copies().path(item.file.sha256).write_bytes(damage)
    assert zipped(found.after_sale.ref) == whole
